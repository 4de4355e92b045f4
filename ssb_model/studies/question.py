"""What "still does its job" means, put to cells at the pressures their searches ask for.

A criterion says which run, which number of it and how much of that is enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import REFUSED, gave_up
from ssb_model.errors import InputError, nearest
from ssb_model.quantities.checks import (
    SMALLEST_PRESSURE,
    check_number,
    check_positive,
    check_pressure,
    check_several,
)
from ssb_model.quantities.units import in_columns, in_unit, said
from ssb_model.studies.search import Edge, Found, Status, find_all, search
from ssb_model.system.signals import BY_HAND

PRESSURE, MINIMUM = "Stack pressure [MPa]", "Minimum stack pressure [MPa]"
MOST_RUNS = 12
LOWEST = 1e5  # Pa, tried unless another is given
TOLERANCE = 0.01  # of the pressure
FAILED, NOTHING = "failed or refused", "nothing at the reference"
NOT_AS_MEASURED = "not as measured"
Row = dict[str, Any]
Measure = Callable[[list[tuple[int, float]]], list[Row]]


@dataclass(frozen=True)
class Criterion:
    """A number of a run and the ``target`` it must reach, from below or from above.

    Where it is ``relative`` the target is a share of what the reference pressure gives.
    """

    name: str
    run: str
    output: str
    target: float | None = None
    relative: bool = False
    better: str = "higher"

    def value(self, row: dict[str, Any]) -> float | None:
        """The number of a run; the worst there is where the cell never began, none if it failed."""
        value, stopped = row.get(self.output), row.get("Stopped by", "")
        if value is None and stopped != REFUSED and not gave_up(stopped):
            return -math.inf if self.better == "higher" else math.inf
        return value

    def margin(self, value: float | None, at_reference: float | None) -> float:
        """How far a value is on the right side of the target, NaN where there is none."""
        value = self.share(value, at_reference)
        return value - self.target if self.better == "higher" else self.target - value

    def share(self, value: float | None, at_reference: float | None) -> float:
        """The value as the target is meant."""
        if value is None:
            return float("nan")
        if not self.relative:
            return value
        return value / at_reference if at_reference else float("nan")


CRITERIA = {
    criterion.name: criterion
    for criterion in (
        Criterion("capacity", "discharge", "Capacity [mA.h.g-1]", relative=True),
        Criterion("energy", "discharge", "Energy [mW.h.cm-2]", relative=True),
        Criterion("retention", "cycles", "Retention"),
        Criterion("plating margin", "charge", "Plating margin [mV]", target=0.0),
        Criterion("resistance", "pulse", "Resistance [Ohm.cm2]", better="lower"),
    )
}


def criterion_of(
    name: str | Callable[[float], float],
    cell: Cell,
    keep: float,
    limit: float | None,
    from_full: bool = False,
) -> Criterion:
    """A criterion by name; its target is ``limit``, in the output's unit, or the share ``keep``.

    A function of the user's is held against a limit, or a share of what it gives at the reference.
    """
    if callable(name):
        return Criterion("own", "own", "value", keep if limit is None else limit, limit is None)
    if not isinstance(name, str) or name not in CRITERIA:
        raise InputError(f"no criterion '{name}'. {nearest(str(name), CRITERIA)}")
    known = CRITERIA[name]
    if name == "plating margin" and "negative" not in cell.model_options.porous:
        form = cell.options["negative electrode"]
        raise InputError(
            f"{cell.name} has a {form} for a negative electrode, which has no margin against "
            "plating: take a cell with graphite, or another criterion."
        )
    if from_full and known.run != "discharge":
        raise InputError(f"'{name}' is no matter of a discharge from full: leave out from_full.")
    run = "from full" if from_full else known.run
    if limit is not None:
        check_number("the limit", limit)
        if name != "plating margin":
            check_positive("the limit", limit)
        if name == "retention" and limit > 1:
            raise InputError(f"a retention is a share, at most 1, not {limit:g}.")
        return Criterion(name, run, known.output, limit, False, known.better)
    if known.target is not None:
        return known
    if known.better == "lower":
        raise InputError(f"give a limit for '{name}', in Ohm cm2.")
    if not 0 < check_positive("keep", keep) < 1:
        raise InputError(
            f"keep is a share, above 0 and below 1, not {keep:g}: only the reference gives all."
        )
    return Criterion(name, run, known.output, keep, known.relative, known.better)


@dataclass(frozen=True)
class Answer:
    """What was found for one cell, and all it was run for; pressures in MPa.

    ``aside`` says why a cell has no answer: nothing was searched, or no run gave a number.
    """

    found: Found | None
    at_reference: float | None
    runs: list[Row]
    aside: str = ""

    @property
    def status(self) -> str:
        if self.aside == BY_HAND:
            return BY_HAND
        return str(self.found.status) if self.found else str(Status.NEVER)

    @property
    def row(self) -> Row:
        """What was found, as results hold it."""
        return {
            MINIMUM: self.lowest,
            "status": self.status,
            "windows": self.windows,
            "at_reference": self.at_reference,
            "runs": self.runs,
        }

    @property
    def minimum(self) -> float:
        """-inf if met at the lowest pressure tried, inf if never, NaN if set aside."""
        if self.aside:
            return math.nan
        if self.found.status is Status.NEVER:
            return math.inf
        return self.lowest if self.found.windows[0].lower else -math.inf

    @property
    def lowest(self) -> float | None:
        """The lowest that meets, be it the lowest tried."""
        return self.found and self.found.pressure and in_unit(self.found.pressure, "MPa")

    @property
    def windows(self) -> list[Row]:
        """Stretches of pressure that meet, each end with the nearest runs on either side."""
        return [
            {side: _edge(getattr(window, side)) for side in ("lower", "upper")}
            for window in (self.found.windows if self.found else ())
        ]


def by_function(value: Callable[[float], float]) -> Measure:
    """Rows of a user's own function of the pressure."""

    def measured(asked: list[tuple[int, float]]) -> list[Row]:
        return [{"value": value(pressure), "Stopped by": ""} for _, pressure in asked]

    return measured


def _tried(pressure: float, value: float | None) -> Row:
    """A pressure [Pa] and the value there, as tables show them."""
    return in_columns({PRESSURE: pressure, "value": value})


def _edge(edge: Edge | None) -> Row | None:
    return edge and in_columns(
        {
            f"{name.replace('_', ' ').capitalize()} [MPa]": value
            for name, value in asdict(edge).items()
        }
    )


@dataclass(frozen=True)
class Question:
    """A criterion, the pressures between which it is asked, the one it compares with [Pa].

    A cell that gives nothing at the reference, or not what was ``measured`` there, is not asked.
    """

    criterion: Criterion
    reference: float
    low: float
    high: float
    measured: tuple[float, float] | None = None

    @classmethod
    def of(
        cls,
        criterion: Criterion,
        cell: Cell,
        reference: float | None,
        between: tuple[float, float] | None,
    ) -> Question:
        """A criterion put to a cell; pressures that are not given follow from its file."""
        own = cell.entries["Stack pressure [Pa]"]
        reference = own.value if reference is None else reference
        check_pressure("the reference pressure", reference)
        if between is None:
            declared = own.range[1] if own.range else reference
            high = reference if criterion.relative else max(reference, declared)
            between = (min(LOWEST, max(high / 10, SMALLEST_PRESSURE)), high)
        tried = check_several("pressures to try", between)
        if len(tried) != 2:
            raise InputError(f"pressures are tried between two, not {len(tried)}: give (1e5, 5e6).")
        low, high = (check_pressure("a pressure to try", p) for p in tried)
        if not low < high:
            raise InputError(
                f"nothing between {said(low, 'MPa')} and {said(high, 'MPa')}: give the lower one "
                "first."
            )
        return cls(criterion, reference, low, high)

    def with_measured(self, limits: tuple[float, float] | None) -> Question:
        """The same question to cells that give a value between ``limits`` at the reference."""
        if limits is None:
            return self
        if not self.criterion.relative:
            raise InputError(
                f"nothing is run at a reference for '{self.criterion.name}' against a limit: leave "
                "out what was measured there."
            )
        given = check_several("what was measured", limits)
        if len(given) != 2:
            raise InputError(f"what was measured lies between two limits, not {len(given)}.")
        low, high = (check_number("what was measured", limit) for limit in given)
        if not low < high:
            raise InputError(
                f"what was measured lies between two limits, not {low:g} and {high:g}."
            )
        return replace(self, measured=(low, high))

    def asked(self, how: Row) -> Row:
        """What was asked and how it was run, as results hold it."""
        return {
            **asdict(self.criterion),
            **how,
            **in_columns(
                {
                    "Reference pressure [MPa]": self.reference,
                    "Lowest tried [MPa]": self.low,
                    "Highest tried [MPa]": self.high,
                }
            ),
        }

    def answer(self, measure: Measure) -> tuple[Answer, str]:
        """The answer of one cell and what stopped it; then the runs that were done are in it."""
        runs: list[Row] = []

        def kept(asked: list[tuple[int, float]]) -> list[Row]:
            rows = measure(asked)
            for (_, pressure), row in zip(asked, rows, strict=True):
                runs.append(row | _tried(pressure, self.criterion.value(row)))
            return rows

        try:
            return self.answers(1, kept, TOLERANCE)[0], ""
        except KeyboardInterrupt:
            if not runs:
                raise
            first = runs[0]["value"] if self.criterion.relative else None
            return Answer(None, first, runs, BY_HAND), BY_HAND

    def answers(self, count: int, measure: Measure, tolerance: float, scan=5) -> list[Answer]:
        """Of ``count`` cells; ``measure`` turns (number of the cell, pressure) into rows."""
        runs: list[list[Row]] = [[] for _ in range(count)]

        def values(asked: list[tuple[int, float]]) -> list[float | None]:
            found = []
            for (number, pressure), row in zip(asked, measure(asked), strict=True):
                found.append(self.criterion.value(row))
                runs[number].append(row | _tried(pressure, found[-1]))
            return found

        compared: list[float | None] = [None] * count
        if self.criterion.relative:
            compared = values([(number, self.reference) for number in range(count)])
        aside = [self._aside(value) for value in compared]
        left = [number for number in range(count) if not aside[number]]

        def margins(asked: list[tuple[int, float]]) -> list[float]:
            asked = [(left[index], pressure) for index, pressure in asked]
            return [
                self.criterion.margin(value, compared[number])
                for (number, _), value in zip(asked, values(asked), strict=True)
            ]

        searches = [self._search(compared[number], tolerance, scan) for number in left]
        found = dict(zip(left, find_all(margins, searches), strict=True))
        for number, each in found.items():
            if math.isnan(each.best[1]) and all(math.isnan(m) for _, m in each.tried):
                aside[number] = FAILED
        return [
            Answer(found.get(number), compared[number], runs[number], aside[number])
            for number in range(count)
        ]

    def _aside(self, at_reference: float | None) -> str:
        """Why a cell is not asked, if it is not."""
        if not self.criterion.relative:
            return ""
        if at_reference is None or math.isnan(at_reference):
            return FAILED
        if at_reference == 0:
            return NOTHING
        if at_reference < 0:
            raise InputError(
                f"{at_reference:g} at the reference pressure has no share to keep: give a limit."
            )
        low, high = self.measured or (0.0, math.inf)
        return "" if low <= at_reference <= high else NOT_AS_MEASURED

    def _search(self, at_reference: float | None, tolerance: float, scan: int):
        known = {}
        if self.criterion.relative:
            known[self.reference] = self.criterion.margin(at_reference, at_reference)
        most = MOST_RUNS - len(known)
        return search(self.low, self.high, tolerance, most, scan, known)
