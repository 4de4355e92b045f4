"""A criterion put to one cell or to many, each at the pressures its own search asks for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ssb_model.errors import InputError
from ssb_model.studies.criteria import Criterion
from ssb_model.studies.search import Edge, Found, Status, find_all, search
from ssb_model.system.signals import BY_HAND

MOST_RUNS = 12
FAILED, NOTHING = "failed or refused", "nothing at the reference"
NOT_AS_MEASURED = "not as measured"
Row = dict[str, Any]
Measure = Callable[[list[tuple[int, float]]], list[Row]]


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
        return self.found and self.found.pressure and self.found.pressure / 1e6

    @property
    def windows(self) -> list[Row]:
        """Stretches of pressure that meet, each end with the nearest runs on either side."""
        return [
            {side: _edge(getattr(window, side)) for side in ("lower", "upper")}
            for window in (self.found.windows if self.found else ())
        ]


def _edge(edge: Edge | None) -> Row | None:
    return edge and {f"{name}_MPa": value / 1e6 for name, value in asdict(edge).items()}


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

    def answers(self, count: int, measure: Measure, tolerance: float) -> list[Answer]:
        """Of ``count`` cells; ``measure`` turns (number of the cell, pressure) into rows."""
        runs: list[list[Row]] = [[] for _ in range(count)]

        def values(asked: list[tuple[int, float]]) -> list[float | None]:
            found = []
            for (number, pressure), row in zip(asked, measure(asked), strict=True):
                found.append(self.criterion.value(row))
                told = {"stack_pressure_MPa": pressure / 1e6, "value": found[-1]}
                runs[number].append(row | told)
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

        searches = [self._search(compared[number], tolerance) for number in left]
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

    def _search(self, at_reference: float | None, tolerance: float):
        known = {}
        if self.criterion.relative:
            known[self.reference] = self.criterion.margin(at_reference, at_reference)
        most = MOST_RUNS - len(known)
        return search(self.low, self.high, tolerance, most, known=known)
