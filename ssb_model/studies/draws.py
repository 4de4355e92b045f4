"""A question put to draws of what a cell's files declare, and what they answer together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.analysis.draws import (
    SHARES,
    censored_quantiles,
    first_order_indices,
    latin_hypercube,
    quantile_errors,
    rank_drivers,
)
from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import REFUSED
from ssb_model.errors import InputError, SolidStateError, nearest
from ssb_model.parameters.correlations import correlated
from ssb_model.parameters.declared import uncertain
from ssb_model.parameters.fitted_rows import fitted_rows
from ssb_model.quantities.checks import check_whole
from ssb_model.quantities.registry import current
from ssb_model.studies.axes import Recipe
from ssb_model.studies.plan import Plan, Row, Values, differing
from ssb_model.studies.question import (
    FAILED,
    MINIMUM,
    NOT_AS_MEASURED,
    NOTHING,
    PRESSURE,
    Answer,
    Measure,
    Question,
)
from ssb_model.studies.solve import solve
from ssb_model.system.journals import PointJournal, check_fresh
from ssb_model.system.progress import Bar
from ssb_model.system.signals import BY_HAND

TOLERANCE_OF_DRAWS = 0.06  # of the pressure; it comes out to 0.3 % on average, 3 % at most
SCAN_OF_DRAWS = 4  # pressures before that, ends included
GROUP = 32  # draws searched side by side
RUNS_OF_A_DRAW = 8
AT_ONCE = 32  # runs side by side, after which somebody who waits is told
MOST_SAMPLES = 100_000
MOST_DRIVERS = 8
LEAST_DRAWS = 20  # for an interval of 5 to 95 %
GRID = 41  # pressures of the band


def draws_of(
    cell: Cell, count: int, seed: int = 0, chosen: Iterable[str] | None = None
) -> dict[str, list[float]]:
    """The draws of a cell: ``count`` values, in SI, by the names ``Cell.with_recipe`` takes.

    The one place that says what a cell may be, for every verb and study that draws. The same
    cell, count and seed give the same numbers; ``chosen`` draws only these. What a cell was fitted
    to narrows its numbers together: rows that they gave as measured they still give.
    """
    known = uncertain(cell.design.file, set(cell.laws.values()) - {"constant"})
    chosen = [chosen] if isinstance(chosen, str) else chosen
    for name in chosen or ():
        if name not in known:
            raise InputError(f"'{name}' declares no range. {nearest(name, known)}")
    names = list(known if chosen is None else dict.fromkeys(chosen))
    if not names:
        raise InputError(
            f"nothing in {cell.name} declares a range: write range = [smallest, largest] beside "
            "what is not certain."
        )
    ranges = {name: (known[name].value, *known[name].range) for name in names}
    fitted = fitted_rows(cell.design.file, names)
    drawn = latin_hypercube(ranges, count, seed, correlated(names), fitted)
    return {name: values.tolist() for name, values in drawn.items()}


def check_samples(
    samples: int, own: bool, ranges: Any, measured: Any, journal: Any, fresh: bool
) -> None:
    """Refuse what draws cannot be, and what is for draws where there are none."""
    check_whole("the number of samples", samples, least=0, most=MOST_SAMPLES)
    if samples and own:
        raise InputError("a function of your own has no declared ranges: leave out the samples.")
    if not samples and (ranges is not None or measured is not None):
        raise InputError("ranges and what was measured are for draws: give a number of samples.")
    if journal is not None and not samples:
        raise InputError("without samples there is nothing to keep: leave out the journal.")
    check_fresh(journal, fresh)


def measured_by(plan: Plan, cells: list[Values]) -> Measure:
    """Rows of a plan's cells at pressures; the pressure is the last of its axes."""

    def measured(asked: list[tuple[int, float]]) -> list[Row]:
        points = {k: (*cells[number], pressure) for k, (number, pressure) in enumerate(asked)}
        rows = solve(plan, points)
        return [rows[k] for k in range(len(asked))]

    return measured


def answered(
    plan: Plan,
    question: Question,
    drawn: dict[str, list[float]],
    seed: int,
    journal: str | Path | None,
    fresh: bool,
) -> tuple[list[Row], str]:
    """What was found at each draw, in order; what stopped it, if anything did."""
    cells = list(zip(*drawn.values(), strict=True))
    plan = replace(
        plan, axes=(*(Recipe(name, name, following=False) for name in drawn), *plan.axes)
    )
    plan = replace(plan, differing=differing(plan.cell, _first(plan, cells)))
    identity = {
        "samples": len(cells),
        "seed": seed,
        **asdict(question.criterion),
        "measured": question.measured,
        "reference, lowest and highest pressure": [question.reference, question.low, question.high],
        "drawn": list(drawn),
        **plan.identity,
    }
    stopped = ""
    with PointJournal(journal, identity, fresh) as log:
        done = log.done()
        left = [number for number in range(len(cells)) if number not in done]
        plan = plan.for_many(RUNS_OF_A_DRAW * len(left))
        with Bar(len(cells), "draws", len(done)) as bar:
            try:
                for k in range(0, len(left), GROUP):
                    group = left[k : k + GROUP]
                    measure = measured_by(plan, [cells[number] for number in group])
                    answers = question.answers(
                        len(group),
                        _told(measure, len(group), bar),
                        TOLERANCE_OF_DRAWS,
                        SCAN_OF_DRAWS,
                    )
                    log.add(dict(zip(group, map(_kept, answers), strict=True)))
                    bar.advance(len(group))
            except KeyboardInterrupt:
                stopped = BY_HAND
        return [{"draw": number, **row} for number, row in log.rows()], stopped


def _told(measure: Measure, draws: int, bar: Bar) -> Measure:
    """The same in groups of runs; after each it is told about how many draws that is."""
    runs = 0

    def measured(asked: list[tuple[int, float]]) -> list[Row]:
        nonlocal runs
        rows: list[Row] = []
        for first in range(0, len(asked), AT_ONCE):
            rows += measure(asked[first : first + AT_ONCE])
            runs += len(asked[first : first + AT_ONCE])
            bar.under_way(min(runs / RUNS_OF_A_DRAW, 0.95 * draws))
        return rows

    return measured


def _first(plan: Plan, cells: list[Values], count: int = 2) -> Iterator[Cell]:
    """A few of the drawn cells; all that is drawn differs in any one."""
    made = (cell for values in cells if (cell := _made(plan, values)) is not None)
    return islice(made, count)


def _made(plan: Plan, values: Values) -> Cell | None:
    try:
        return plan.made((*values, None))
    except SolidStateError:  # refused where it is run
        return None


def _kept(answer: Answer) -> Row:
    """What the result needs of a draw."""
    refused = [row["Detail"] for row in answer.runs if row["Stopped by"] == REFUSED]
    return {
        MINIMUM: answer.minimum,
        "status": refused[0] if refused else answer.status,
        "aside": answer.aside,
        "at_reference": answer.at_reference,
        "runs": [[row[PRESSURE], row["value"]] for row in answer.runs],
    }


@dataclass(frozen=True, repr=False)
class Draws:
    """``drawn`` holds the numbers by name, ``outcomes`` a row a draw that was run."""

    drawn: dict[str, list[float]]
    outcomes: list[dict[str, Any]]
    seed: int
    asked: dict[str, Any]

    def __bool__(self) -> bool:
        return bool(self.outcomes)

    @cached_property
    def minima(self) -> np.ndarray:
        """In MPa: -inf if met at the lowest pressure tried, inf if never, NaN if set aside."""
        return np.array([row[MINIMUM] for row in self.outcomes], float)

    @property
    def known(self) -> np.ndarray:
        """Minima of the draws that have an answer."""
        return self.minima[~np.isnan(self.minima)]

    @property
    def counts(self) -> dict[str, int]:
        """How the draws ended."""
        minima = self.minima
        aside = [row["aside"] for row in self.outcomes]
        return {
            "asked": len(next(iter(self.drawn.values()), [])),
            "run": len(minima),
            "answered": len(self.known),
            "met_at_lowest": int(np.count_nonzero(minima == -np.inf)),
            "never_met": int(np.count_nonzero(minima == np.inf)),
            "nothing_at_reference": aside.count(NOTHING),
            "not_as_measured": aside.count(NOT_AS_MEASURED),
            "failed_or_refused": aside.count(FAILED),
        }

    @cached_property
    def quantiles(self) -> list[float] | None:
        """5, 50 and 95 % of the minima, infinite beyond the pressures tried; none of too few."""
        return None if len(self.known) < LEAST_DRAWS else censored_quantiles(self.known)

    @property
    def errors(self) -> list[tuple[float, float]] | None:
        """Within what each of these lies for so few draws, at 90 %."""
        return None if len(self.known) < LEAST_DRAWS else quantile_errors(self.known)

    @property
    def at_reference(self) -> list[float] | None:
        """5, 50 and 95 % of what the draws give at the reference pressure, dead ones included."""
        values = [row["at_reference"] for row in self.outcomes if row["at_reference"] is not None]
        return None if len(values) < LEAST_DRAWS else censored_quantiles(values)

    @cached_property
    def drivers(self) -> list[dict[str, Any]]:
        """What the minimum follows, the strongest first: only what stands out from chance."""
        if not self:
            return []
        parameters = self.parameters
        ranked = [row for row in rank_drivers(parameters, self.minima) if row["significant"]]
        ranked = ranked[:MOST_DRIVERS]
        told = {row["parameter"]: parameters[row["parameter"]] for row in ranked}
        shares = first_order_indices(told, self.minima, self.seed) or {}
        return [
            {
                **{name: row[name] for name in ("parameter", "rank_correlation", "p_value")},
                "first_order_index": shares.get(row["parameter"], (None,))[0],
            }
            for row in ranked
        ]

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The numbers of the draws that were run."""
        run = [row["draw"] for row in self.outcomes]
        return {name: np.array(values)[run] for name, values in self.drawn.items()}

    @property
    def table(self) -> pd.DataFrame:
        """Of each draw its minimum, how it ended and its numbers."""
        names = ("draw", MINIMUM, "status", "aside", "at_reference")
        kept = [{current(name): row[name] for name in names} for row in self.outcomes]
        return pd.DataFrame(kept).join(pd.DataFrame(self.parameters))

    @property
    def band(self) -> pd.DataFrame | None:
        """Of the draws that answered, 5, 50 and 95 % of the value against pressure."""
        answered = [row for row in self.outcomes if not row["aside"]]
        curves = [curve for row in answered if (curve := self._curve(row)) is not None]
        if len(curves) < LEAST_DRAWS:
            return None
        low, high = self.asked["Lowest tried [MPa]"], self.asked["Highest tried [MPa]"]
        grid = np.geomspace(low, high, GRID)
        values = [np.interp(np.log(grid), np.log(x), y) for x, y in curves]
        spread = np.quantile(values, SHARES, axis=0)
        names = ("low", "median", "high")
        return pd.DataFrame({PRESSURE: grid, **dict(zip(names, spread, strict=True))})

    def share_met(self, pressure: float | None) -> float | None:
        """Of the draws, how many meet it at a pressure [MPa]."""
        if pressure is None or len(self.known) < LEAST_DRAWS:
            return None
        return float(np.mean(self.known <= pressure))

    def _curve(self, row: dict[str, Any]) -> tuple[np.ndarray, np.ndarray] | None:
        """Pressures and values of a draw, where it gave any."""
        runs = np.array([run for run in row["runs"] if run[1] is not None], float).reshape(-1, 2)
        at, values = runs[np.unique(runs[:, 0], return_index=True)[1]].T
        if self.asked["relative"]:
            values = values / row["at_reference"]
        known = np.isfinite(values)
        return (at[known], values[known]) if known.any() else None
