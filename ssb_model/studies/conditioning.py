"""Draws weighed by what a user measured on the cell: "Capacity [mAh/g] at 0.1C = 155 +- 3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssb_model.analysis.draws import effective_number, systematic
from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError, nearest
from ssb_model.experiments.experiment import Experiment
from ssb_model.quantities import typed
from ssb_model.quantities.checks import check_pressure, check_rate
from ssb_model.quantities.registry import find
from ssb_model.quantities.units import convert, said, to_si
from ssb_model.studies.draws import draws_of
from ssb_model.studies.many_cells import ManyCells, made
from ssb_model.studies.runs import OUTPUTS, RUNS, Row, Settings, Stand
from ssb_model.system.progress import Bar
from ssb_model.system.signals import BY_HAND

MOST_TRIES = 10  # candidates of a draw that is kept
ENOUGH = 0.5  # of the draws asked, that the candidates must count as
NEAR = 3.0  # standard errors within which one candidate at least must come
PULSE = "Resistance [Ohm.cm2]"
KNOWN = (*(name for name in OUTPUTS["discharge"] if "contact" not in name), PULSE)
HALF = 0.5  # state of charge of a pulse
FORM = 'write it as "Capacity [mAh/g] at 0.1C = 155 +- 3", the error a standard one'
_NUMBER = r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?"
_READING = re.compile(
    rf"(?P<name>.+?)\s+at\s+(?P<rate>[^,=\s]+)(?:\s*,\s*(?P<pressure>{_NUMBER})\s*MPa)?\s*=\s*"
    rf"(?P<value>{_NUMBER})\s*(?:\+-|\+/-|±)\s*(?P<error>{_NUMBER})"
)


@dataclass(frozen=True)
class Condition:
    """A number measured on the cell, its standard error, and the run that gives it; SI."""

    column: str
    value: float  # in the unit of the column
    error: float
    c_rate: float
    stack_pressure: float
    temperature: float
    settings: Settings
    from_full: bool = False

    @classmethod
    def read(
        cls,
        text: str,
        held: tuple[float, float],
        settings: Settings,
        from_full: bool = False,
    ) -> Condition:
        """One as it is typed, under the pressure [Pa] and temperature [K] of a run."""
        found = _READING.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            raise InputError(f"measured '{text}' is not understood: {FORM}.")
        column, factor = _column(found["name"])
        try:
            rate = check_rate("the C-rate of what was measured", typed.number(found["rate"], "C"))
        except ValueError:
            raise InputError(
                f"measured '{text}': '{found['rate']}' is no C-rate: {FORM}."
            ) from None
        pressure, temperature = held
        if found["pressure"]:
            pressure = check_pressure(
                "the pressure of what was measured", to_si(float(found["pressure"]), "MPa")
            )
        value, error = factor * float(found["value"]), factor * float(found["error"])
        if not (0 < error < np.inf and abs(value) < np.inf):
            raise InputError(
                f"measured '{text}': its error is above zero, both have an end: {FORM}."
            )
        return cls(column, value, error, rate, pressure, temperature, settings, from_full)

    @property
    def run(self) -> tuple:
        """The name of its run and how that is driven; readings of one run are taken from it."""
        name = "from full" if self.from_full else "discharge"
        name = "pulse" if self.column == PULSE else name
        return name, self.c_rate, self.stack_pressure, self.temperature

    def experiment(self, cell: Cell) -> Experiment[Row]:
        """Its run on a cell."""
        name, *how = self.run
        return RUNS[name](Stand(cell, *how, soc=HALF), self.settings)

    @property
    def words(self) -> str:
        """As it was typed."""
        return (
            f"{self.column} at {self.c_rate:g}C, {said(self.stack_pressure, 'MPa')} = "
            f"{self.value:g} +- {self.error:g}"
        )


def _column(name: str) -> tuple[str, float]:
    """The column a name in any unit of its kind means, and the factor to its unit."""
    column = find(name)
    for known in KNOWN if column else ():
        own = find(known)
        if own.quantity is column.quantity:
            try:
                return known, float(convert(1.0, column.unit, own.unit))
            except (InputError, ValueError):
                continue  # the same quantity per gram and per area
    raise InputError(f"'{name}' is not what a cell can be measured by. {nearest(name, KNOWN)}")


@dataclass(frozen=True, repr=False)
class Weighed:
    """Draws that may be what was measured, how much each counts, and how they were found."""

    drawn: dict[str, list[float]]
    weights: list[float]
    words: list[str]
    stopped: str = ""


def weighed(many: ManyCells, conditions: Sequence[Condition], count: int, seed: int) -> Weighed:
    """``count`` draws, or fewer that count for more, of those the measured numbers leave likely.

    Candidates are drawn as ever and run as what was measured was; each counts by the normal
    likelihood of the numbers under their standard errors. They are tried until they count as
    half of ``count``, at most ten for each. Systematic resampling keeps those to go on with.
    """
    candidates = draws_of(many.cell, MOST_TRIES * count, seed)
    found: list[list[float]] = []
    stopped = ""
    total = MOST_TRIES * count
    with Bar(total, "draws against what was measured") as bar:
        try:
            while len(found) < total:
                first = len(found)
                part = {name: v[first : first + count] for name, v in candidates.items()}
                found += readings(many, conditions, made(many.cell, part))
                bar.advance(count)
                if effective_number(_likelihoods(found, conditions)) >= ENOUGH * count:
                    break
        except KeyboardInterrupt:
            stopped = BY_HAND
    weights = _likelihoods(found, conditions)
    told = "; ".join(one.words for one in conditions)
    if stopped:
        return Weighed({name: [] for name in candidates}, [], [f"measured {told}"], stopped)
    _check_near(found, conditions)
    times = systematic(weights, count, seed)
    kept = np.flatnonzero(times)
    words = [
        f"measured {told}: {len(found)} draws were tried and count as "
        f"{effective_number(weights):.0f}; {len(kept)} of them went on"
    ]
    drawn = {name: [values[k] for k in kept] for name, values in candidates.items()}
    return Weighed(drawn, times[kept].astype(float).tolist(), words)


def readings(
    many: ManyCells, conditions: Sequence[Condition], cells: list[Cell | str]
) -> list[list[float]]:
    """What each cell gives for each measured number; NaN where it has no answer."""
    runs = {one.run: one for one in conditions}
    could = [k for k, cell in enumerate(cells) if isinstance(cell, Cell)]
    rows: dict[tuple, list] = {}
    for run, one in runs.items():
        rows[run] = many.run([cells[k] for k in could], one.experiment)
    values = np.full((len(cells), len(conditions)), np.nan)
    for column, one in enumerate(conditions):
        for k, row in zip(could, rows[one.run], strict=True):
            given = None if isinstance(row, str) else row.get(one.column)
            values[k, column] = np.nan if given is None else given
    return values.tolist()


def misses(found: list[list[float]], conditions: Sequence[Condition]) -> np.ndarray:
    """In standard errors; infinite where there is no answer."""
    measured = np.array([[one.value, one.error] for one in conditions]).T
    off = (np.array(found, float).reshape(-1, len(conditions)) - measured[0]) / measured[1]
    return np.where(np.isnan(off), np.inf, off)


def _likelihoods(found: list[list[float]], conditions: Sequence[Condition]) -> np.ndarray:
    """Of each candidate against the likeliest."""
    log = -0.5 * (misses(found, conditions) ** 2).sum(axis=1)
    best = log.max(initial=-np.inf)
    return np.exp(log - best) if np.isfinite(best) else np.zeros(len(log))


def _check_near(found: list[list[float]], conditions: Sequence[Condition]) -> None:
    """Refuse a measurement that no draw of the cell gives."""
    off = np.abs(misses(found, conditions))
    if off.max(axis=1).min() <= NEAR:
        return
    worst = int(np.argmax(off[np.argmin(off.max(axis=1))]))
    one = conditions[worst]
    values = np.array(found, float)[:, worst]
    raise InputError(
        f"none of {len(found)} draws gives what was measured, {one.words}: they give "
        f"{np.nanmin(values):.3g} to {np.nanmax(values):.3g}. See to the number and its run, "
        "or widen the ranges of the cell's file."
    )
