"""Bands: what a verb runs, run on draws of its cell side by side; quantiles of what it gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.analysis.draws import effective_number, weighted_quantiles
from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import REFUSED, gave_up
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Experiment, Programme, whole
from ssb_model.quantities.checks import check_whole
from ssb_model.quantities.names import drawn as has_band
from ssb_model.quantities.registry import band_of, find
from ssb_model.studies.conditioning import Condition, Weighed, weighed
from ssb_model.studies.draws import MOST_SAMPLES, draws_of
from ssb_model.studies.many_cells import ManyCells, made
from ssb_model.system.progress import Bar
from ssb_model.system.signals import BY_HAND

GROUP = 32  # draws run side by side; those of groups that are done are kept
LEAST = 20  # draws of which 5 and 95 % are no mere extremes
FEWEST = 5  # that count, below which there is no band at all
NOT_TRUSTED = "not to be trusted"  # of a row's detail
ENDED = ("Stopped by", "Detail", "Direction")
Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What is kept of one run of one draw: its row, and a curve over an axis all draws share."""

    row: Row
    curve: np.ndarray | None = None

    @property
    def lean(self) -> Told:
        """The same without words that every draw has alike."""
        row = {name: value for name, value in self.row.items() if is_number(value)}
        words = {name: self.row[name] for name in ENDED if self.row.get(name)}
        return Told(row | words, self.curve)


@dataclass(frozen=True)
class Course:
    """What a verb runs on each draw of its cell, and what is kept of it."""

    runs: Callable[[Cell], Experiment[list[Told]]]
    axis: np.ndarray | None = None  # of the curves
    soc: float = 0.0  # where a drawn cell rests before the first run
    key: tuple[str, ...] = ()  # columns that tell rows apart; none: by the order they come in
    mesh: str = "draft"
    opened: tuple[str, ...] = ()  # numbers that the runs change on their way

    def experiment(self, cell: Cell) -> Experiment[list[Told]]:
        """All runs of one drawn cell."""
        told = yield from self.runs(cell.at_soc(self.soc))
        return [one.lean for one in told]

    def given(self, many: ManyCells, cells: list[Cell]) -> list[list[Told] | str]:
        """What each of several drawn cells gave, or why nothing."""
        return many.run(cells, self.experiment)


def each_of(
    runs: Callable[[Cell], Programme[Any]], told: Callable[[Any], Told]
) -> Callable[[Cell], Experiment[list[Told]]]:
    """The runs of a programme, each ``told`` as soon as it is done."""
    return lambda cell: whole(runs(cell), told)


@dataclass(frozen=True)
class Outcome:
    """What became of one draw: its runs, or why there are none."""

    told: list[Told]
    aside: str = ""


@dataclass(frozen=True, repr=False)
class Bands:
    """Draws of a cell and what each gave; ``drawn`` holds their numbers by name, SI."""

    drawn: dict[str, list[float]]
    outcomes: list[Outcome]  # of the draws that were run, in order
    weights: list[float]  # of all
    seed: int
    course: Course
    measured: Weighed | None = None
    stopped: str = ""
    _rows: dict[Any, Row] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return len(self.weights)

    @cached_property
    def _by_key(self) -> dict[Any, list[tuple[float, Told]]]:
        """Weights and runs by what tells rows apart; without those that cannot be trusted."""
        found: dict[Any, list[tuple[float, Told]]] = {}
        for weight, outcome in zip(self.weights, self.outcomes, strict=False):
            for number, told in enumerate(outcome.told):
                if sound(told.row):
                    found.setdefault(self._key(number, told.row), []).append((weight, told))
        return found

    def _key(self, number: int, row: Row) -> Any:
        return tuple(row[name] for name in self.course.key) if self.course.key else number

    def effective(self, key: Any) -> float:
        """How many equal draws tell as much of a row."""
        return effective_number([weight for weight, _ in self._by_key.get(key, [])])

    def of_row(self, number: int, row: Row) -> Row:
        """5, 50 and 95 % of the draws by the columns they go to, of one row of the result."""
        key = self._key(number, row)
        if key not in self._rows:
            self._rows[key] = self._quantiles(key, row)
        return self._rows[key]

    def _quantiles(self, key: Any, row: Row) -> Row:
        runs, found = self._by_key.get(key, []), {}
        for name in row:
            if not gets_a_band(name):
                continue
            values = [told.row.get(name) for _, told in runs]
            given = [(v, w) for v, (w, _) in zip(values, runs, strict=True) if is_number(v)]
            enough = effective_number([w for _, w in given]) >= FEWEST
            quantiles = weighted_quantiles(*zip(*given, strict=True)) if enough else [None] * 3
            found |= zip(band_of(name), quantiles, strict=True)
        return found

    def curve(self, number: int, row: Row) -> np.ndarray | None:
        """5, 50 and 95 % of the curves that belong to a row, over the course's axis."""
        key = self._key(number, row)
        runs = [(w, told.curve) for w, told in self._by_key.get(key, []) if told.curve is not None]
        weights = [w for w, _ in runs]
        if effective_number(weights) < FEWEST:
            return None
        columns = np.array([curve for _, curve in runs]).T
        return np.array([weighted_quantiles(column, weights) for column in columns]).T

    @property
    def counts(self) -> dict[str, int]:
        """How the draws ended."""
        refused = sum(one.aside.startswith(REFUSED) for one in self.outcomes)
        whole = sum(not one.aside and all(sound(t.row) for t in one.told) for one in self.outcomes)
        run = len(self.outcomes)
        rest = {"refused": refused, "failed or not to be trusted": run - refused - whole}
        return {"asked": self.asked, "run": run, "whole": whole, **rest}

    @property
    def words(self) -> list[str]:
        """How the band was found, in sentences."""
        counts = self.counts
        aside = [f"{counts[name]} {name}" for name in list(counts)[3:] if counts[name]]
        if counts["run"] < counts["asked"]:
            aside.append(f"{counts['asked'] - counts['run']} not run, {self.stopped}")
        lines = [
            f"{counts['whole']} of {counts['asked']} draws of {len(self.drawn)} numbers"
            + "".join(f", {one}" for one in aside)
            + f"; seed {self.seed}, {self.course.mesh} mesh; median [5 %, 95 %]"
        ]
        reasons = Counter(one.aside for one in self.outcomes if one.aside)
        lines += [f"{count} {_short(reason)}" for reason, count in reasons.most_common(1)]
        if self.measured is not None:
            lines += self.measured.words
        reached = [len(runs) for runs in self._by_key.values()]
        if reached and min(reached) < 0.9 * max(reached):
            lines.append(
                f"{max(reached)} draws have the first rows and {min(reached)} the last: those that "
                "ended sooner are in no later band"
            )
        least = max((self.effective(key) for key in self._by_key), default=0.0)
        if least < FEWEST:
            lines.append(f"fewer than {FEWEST} draws count: no band; draw more")
        elif least < LEAST:
            lines.append(f"they count as {least:.0f}: the ends of the band are rough; draw more")
        return lines

    @property
    def table(self) -> pd.DataFrame:
        """Every run of every draw, with the draw's numbers."""
        rows = []
        for draw, (weight, outcome) in enumerate(zip(self.weights, self.outcomes, strict=False)):
            head = {"Draw": draw + 1, "Weight": weight, "Aside": outcome.aside}
            numbers = {name: values[draw] for name, values in self.drawn.items()}
            for number, told in enumerate(outcome.told or [Told({})], start=1):
                rows.append({**head, "Run": number, **told.row, **numbers})
        return pd.DataFrame(rows)

    @property
    def curves(self) -> pd.DataFrame | None:
        """The bands of the curves over their axis; none where the verb has no curves."""
        if self.course.axis is None:
            return None
        parts = []
        for key in self._by_key:
            row = self._by_key[key][0][1].row
            band = self.curve(key if isinstance(key, int) else 0, row)
            if band is not None:
                names = ("low", "median", "high")
                columns = dict(zip(names, band, strict=True))
                parts.append(pd.DataFrame({"Run": str(key), "Axis": self.course.axis, **columns}))
        return pd.concat(parts) if parts else None

    @property
    def payload(self) -> Row:
        """The draws as plain data, for JSON."""
        draws = [
            {"weight": weight, "aside": outcome.aside, "rows": [told.row for told in outcome.told]}
            for weight, outcome in zip(self.weights, self.outcomes, strict=False)
        ]
        how = {"seed": self.seed, "mesh": self.course.mesh, **self.counts, "words": self.words}
        return {**how, "numbers": self.drawn, "draws": draws}


def banded(
    cell: Cell,
    course: Course,
    count: int,
    seed: int = 0,
    conditions: list[Condition] | None = None,
) -> Bands:
    """Draws of a cell through a course, side by side; weighed by what was measured if given."""
    cell = cell.on_mesh(course.mesh)
    many, measured = ManyCells(cell, course.opened), None
    if conditions:
        measured = weighed(many, conditions, count, seed)
        drawn, weights = measured.drawn, measured.weights
    else:
        drawn = draws_of(cell, count, seed)
        weights = [1.0] * count
    outcomes: list[Outcome] = []
    stopped = "" if measured is None else measured.stopped
    with Bar(len(weights), "draws") as bar:
        try:
            cells = [] if stopped else made(cell, drawn)
            for first in range(0, len(cells), GROUP):
                group = cells[first : first + GROUP]
                outcomes += _outcomes(many, group, course)
                bar.advance(len(group))
        except KeyboardInterrupt:
            stopped = BY_HAND
    return Bands(drawn, outcomes, weights, seed, course, measured, stopped)


def _outcomes(many: ManyCells, group: list[Cell | str], course: Course) -> list[Outcome]:
    """Of draws that could be made what they gave, of others why they could not."""
    these = [one for one in group if isinstance(one, Cell)]
    given = iter(course.given(many, these))
    told = [one if isinstance(one, str) else next(given) for one in group]
    return [Outcome([], one) if isinstance(one, str) else Outcome(one) for one in told]


def check_draws(cell: Cell, samples: int, measured: Any, seed: int = 0) -> None:
    """Refuse draws that give no band, and what is for draws where there are none."""
    check_whole("the number of samples", samples, least=0, most=MOST_SAMPLES)
    if not samples:
        if measured:
            raise InputError("what was measured weighs draws: give a number of samples with it.")
        return
    if samples < LEAST:
        raise InputError(f"{samples} draws give no 5 to 95 %: take {LEAST} or more, as 64.")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"a seed is 0, 1, 2, ..., not {seed!r}.")
    if cell.window is None:
        raise InputError(
            "a symmetric cell is made of another one: draw that, or leave out samples."
        )
    if cell.state is not None:
        raise InputError("draws start from a fresh cell: load it by its name.")


def sound(row: Row) -> bool:
    """Whether a run ended as the cell says and not as the solver does."""
    ended, detail = str(row.get("Stopped by", "")), str(row.get("Detail", ""))
    return not gave_up(ended) and NOT_TRUSTED not in detail


def is_number(value: Any) -> bool:
    """Whether a cell of a table holds a number."""
    return isinstance(value, Real) and not isinstance(value, bool) and value == value


def gets_a_band(name: str) -> bool:
    """Whether a column is one that draws of a cell spread."""
    column = find(name)
    return column is not None and has_band(column.quantity)


def _short(reason: str, most: int = 110) -> str:
    return reason if len(reason) <= most else f"{reason[: most - 3]}..."
