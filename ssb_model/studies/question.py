"""A criterion put to one cell or to many, each at the pressures its own search asks for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ssb_model.studies.criteria import Criterion
from ssb_model.studies.search import Edge, Found, Status, find_all, search

MOST_RUNS = 12
Row = dict[str, Any]
Measure = Callable[[list[tuple[int, float]]], list[Row]]


@dataclass(frozen=True)
class Answer:
    """What was found for one cell, and all it was run for; pressures in MPa."""

    found: Found
    at_reference: float | None
    runs: list[Row]

    @property
    def minimum(self) -> float:
        """-inf if met at the lowest pressure tried, inf if never, NaN if runs failed."""
        if self.found.status is Status.NEVER:
            failed = self.at_reference != 0 and math.isnan(self.found.best[1])
            return math.nan if failed else math.inf
        return self.lowest if self.found.windows[0].lower else -math.inf

    @property
    def lowest(self) -> float | None:
        """The lowest that meets, be it the lowest tried."""
        return self.found.pressure and self.found.pressure / 1e6

    @property
    def windows(self) -> list[Row]:
        """Stretches of pressure that meet, each end with the nearest runs on either side."""
        return [
            {side: _edge(getattr(window, side)) for side in ("lower", "upper")}
            for window in self.found.windows
        ]


def _edge(edge: Edge | None) -> Row | None:
    return edge and {f"{name}_MPa": value / 1e6 for name, value in asdict(edge).items()}


@dataclass(frozen=True)
class Question:
    """A criterion, the pressures between which it is asked, the one it compares with [Pa]."""

    criterion: Criterion
    reference: float
    low: float
    high: float

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

        def margins(asked: list[tuple[int, float]]) -> list[float]:
            return [
                self.criterion.margin(value, compared[number])
                for (number, _), value in zip(asked, values(asked), strict=True)
            ]

        compared: list[float | None] = [None] * count
        if self.criterion.relative:
            compared = values([(number, self.reference) for number in range(count)])
        searches = [self._search(at_reference, tolerance) for at_reference in compared]
        found = find_all(margins, searches)
        return [Answer(*each) for each in zip(found, compared, runs, strict=True)]

    def _search(self, at_reference: float | None, tolerance: float):
        known = {}
        if self.criterion.relative:
            known[self.reference] = self.criterion.margin(at_reference, at_reference)
        most = MOST_RUNS - len(known)
        return search(self.low, self.high, tolerance, most, known=known)
