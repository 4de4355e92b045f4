"""The lowest pressure at which a requirement is met, in few runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ssb_model.errors import InputError

LEAST_RUNS = 3  # to refine an edge, even beyond the most runs
GOLDEN = (3 - math.sqrt(5)) / 2

Asking = Generator[list[float], Sequence[float], None]


class Status(StrEnum):
    FOUND = "found"
    MET_AT_LOWEST = "already met at the lowest pressure tried"
    NEVER = "not met even at the highest pressure tried"
    BETWEEN = "met only between"


@dataclass(frozen=True)
class Edge:
    """Where a requirement begins or ceases to be met, and the nearest run on either side."""

    pressure: float
    not_met: float
    met: float


@dataclass(frozen=True)
class Window:
    """A stretch of pressure that meets; None for an edge beyond the pressures tried."""

    lower: Edge | None
    upper: Edge | None


@dataclass(frozen=True)
class Found:
    """Where a requirement is met; ``tried`` has (pressure, margin) in order of pressure."""

    status: Status
    pressure: float | None
    windows: list[Window]
    tried: list[tuple[float, float]]

    @property
    def best(self) -> tuple[float, float]:
        """(pressure, margin) of the largest finite margin; NaN if every run failed."""
        finite = [pair for pair in self.tried if math.isfinite(pair[1])]
        return max(finite, key=lambda pair: pair[1], default=(math.nan, math.nan))


def find_all(
    measure: Callable[[list[tuple[int, float]]], Sequence[float]],
    searches: Iterable[Generator[list[float], Sequence[float], Found]],
) -> list[Found]:
    """Many searches in rounds: ``measure`` turns (index of search, pressure) into margins."""
    searches = list(searches)
    answers: dict[int, list[float] | None] = dict.fromkeys(range(len(searches)))
    found: dict[int, Found] = {}
    while answers:
        asked = []
        for index, answer in answers.items():
            try:
                asked += [(index, pressure) for pressure in searches[index].send(answer)]
            except StopIteration as done:
                found[index] = done.value
        answers = {index: [] for index, _ in asked}
        if asked:
            for (index, _), margin in zip(asked, measure(asked), strict=True):
                answers[index].append(margin)
    return [found[index] for index in range(len(searches))]


def search(
    low: float,
    high: float,
    tolerance: float = 0.01,
    most_runs: int = 12,
    scan: int = 5,
    known: Mapping[float, float] | None = None,
) -> Generator[list[float], Sequence[float], Found]:
    """Yields pressures to run, is sent their margins, returns what it found.

    A margin from 0 up meets the requirement; NaN is a run that failed and does not. ``scan``
    pressures from ``low`` to ``high`` come first, at equal ratios; then every edge between two
    of them is refined, from the lowest up, until it is known to ``tolerance`` of itself. If
    none meets and the best is not an end, the rest of ``most_runs`` looks around it for a
    window. Each edge gets at least 3 runs: only a second one, or a window the scan missed, goes
    beyond ``most_runs``. Margins in ``known`` cost no run; those outside the range are left
    out. Whatever lies between two runs that both meet is not seen.
    """
    if not 0 < low < high < math.inf:
        raise InputError(f"no range from {low:g} to {high:g} Pa: give one above 0, lowest first.")
    if scan < 2 or most_runs < scan + LEAST_RUNS:
        raise InputError(
            f"most_runs {most_runs} with scan {scan}: give a scan from 2 and most_runs from "
            f"scan + {LEAST_RUNS}."
        )
    if not 1e-6 <= tolerance < 1:
        raise InputError(f"a tolerance of {tolerance:g}: give a fraction from 1e-6, say 0.01.")
    tolerance = math.log1p(tolerance)  # from here on in log(p)
    tried = {float(p): float(margin) for p, margin in (known or {}).items() if low <= p <= high}
    most = len(tried) + most_runs
    grid = np.geomspace(low, high, scan).tolist()
    if grid := [p for p in grid if not any(math.isclose(p, other) for other in tried)]:
        yield from run(tried, grid)
    yield from look(tried, most - len(tried), tolerance)
    pressures, _, y = in_order(tried)
    edges = [(pressures[i], pressures[i + 1]) for i in changes(y)]
    for number, edge in enumerate(edges):
        share = len(edges) - number if number else 1
        yield from refine(tried, edge, max((most - len(tried)) // share, LEAST_RUNS), tolerance)
    return found_in(tried, tolerance)


def run(tried: dict[float, float], pressures: list[float]) -> Asking:
    """Ask for these pressures and note the margins."""
    margins = yield pressures
    tried.update(zip(pressures, map(float, margins), strict=True))


def in_order(tried: dict[float, float]) -> tuple[list[float], list[float], list[float]]:
    """Pressures in order, their logarithms and their margins."""
    pressures = sorted(tried)
    return pressures, [math.log(p) for p in pressures], [tried[p] for p in pressures]


def changes(y: list[float]) -> list[int]:
    """Each i where one of the runs i and i + 1 meets and the other does not."""
    return [i for i in range(len(y) - 1) if (y[i] >= 0) != (y[i + 1] >= 0)]


def refine(
    tried: dict[float, float], edge: tuple[float, float], budget: int, tolerance: float
) -> Asking:
    """Close in by ITP (Oliveira & Takahashi 2020): at worst one run more than by bisection."""
    below, above = edge
    start = math.log(above / below)
    halvings = math.log2(start / 2 / tolerance)
    if halvings > budget:
        halvings = budget - 1
    reach = start / 2 / 2**halvings
    for left in range(min(budget, math.ceil(halvings) + 1), 0, -1):
        pressures, x, y = in_order(tried)
        i = pressures.index(below)
        middle, half = (x[i] + x[i + 1]) / 2, (x[i + 1] - x[i]) / 2
        if close(x, i, tolerance) or certain(x, y, i, tolerance):
            return
        root = crossing(x, y, i)
        root = root if math.isfinite(root) else middle
        shift = min(max(0.8 * half**2 / start, tolerance / 2), abs(middle - root))
        root += math.copysign(shift, middle - root)
        slack = max(reach * 2**left - half, 0)
        pressure = math.exp(min(max(root, middle - slack), middle + slack))
        yield from run(tried, [pressure])
        if (tried[pressure] >= 0) == (y[i] >= 0):
            below = pressure


def crossing(x: list[float], y: list[float], i: int) -> float:
    """Where the line through the runs i and i + 1 is zero; NaN without such a line."""
    if not 0 <= i < len(x) - 1 or not math.isfinite(y[i + 1] - y[i]) or y[i + 1] == y[i]:
        return math.nan
    return x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i])


def close(x: list[float], i: int, tolerance: float) -> bool:
    """Whether the middle of the runs i and i + 1 is within the tolerance of both."""
    return (x[i + 1] - x[i]) / 2 <= tolerance * (1 + 1e-9)


def certain(x: list[float], y: list[float], i: int, tolerance: float) -> bool:
    """Whether the edge lies next to a run, by the lines through it and both its neighbours.

    Not if it lies on that run, where any line through a margin of zero would have it.
    """
    for end, outer in ((i, i - 1), (i + 1, i + 1)):
        way, outer_way = crossing(x, y, i) - x[end], crossing(x, y, outer) - x[end]
        agree = way * outer_way > 0 and abs(outer_way - way) <= tolerance / 2
        if agree and tolerance / 1000 < abs(way) <= tolerance:
            return True
    return False


def look(tried: dict[float, float], budget: int, tolerance: float) -> Asking:
    """Where no run meets, climb to the summit between the ends until one does."""
    for number in range(budget):
        _, x, y = in_order(tried)
        y = [margin if math.isfinite(margin) or margin > 0 else -math.inf for margin in y]
        i, top = y.index(max(y)), max(y)
        if top >= 0 or top in (y[0], y[-1]):
            return
        left, right, rise, fall = x[i] - x[i - 1], x[i + 1] - x[i], top - y[i - 1], top - y[i + 1]
        hopeless = number >= LEAST_RUNS and max(rise, fall) < -top / 10
        if hopeless or max(left, right) <= 2 * tolerance:
            return
        yield from run(tried, [math.exp(x[i] + ahead(left, right, rise, fall))])


def ahead(left: float, right: float, rise: float, fall: float) -> float:
    """The way from the best run to the summit, from how far and how much lower others are."""
    longer = max(left, right)
    into = math.copysign(longer, right - left)
    if longer > 4 * min(left, right) or not math.isfinite(rise + fall):
        return GOLDEN * into
    parabola = (rise * right**2 - fall * left**2) / (rise * right + fall * left) / 2
    return parabola if abs(parabola) > longer / 10 else into / 5


def found_in(tried: dict[float, float], tolerance: float) -> Found:
    """What the runs so far say."""
    pressures, x, y = in_order(tried)
    edges = []
    for i in changes(y):
        nearest = pressures[i], pressures[i + 1]
        pressure = min(max(math.exp(estimate(x, y, i, tolerance)), nearest[0]), nearest[1])
        edges.append(Edge(pressure, *(nearest[::-1] if y[i] >= 0 else nearest)))
    ends = [None] * (y[0] >= 0) + edges + [None] * (y[-1] >= 0)
    windows = [Window(*pair) for pair in zip(ends[::2], ends[1::2], strict=True)]
    runs = list(zip(pressures, y, strict=True))
    if not windows:
        return Found(Status.NEVER, None, windows, runs)
    lowest = windows[0].lower.pressure if windows[0].lower else pressures[0]
    if not edges:
        return Found(Status.MET_AT_LOWEST, lowest, windows, runs)
    rises_once = len(edges) == 1 and y[-1] >= 0
    return Found(Status.FOUND if rises_once else Status.BETWEEN, lowest, windows, runs)


def estimate(x: list[float], y: list[float], i: int, tolerance: float) -> float:
    """The edge between the runs i and i + 1, by the line through both.

    Unless others bear that line out, no further from either than the tolerance, or than three
    quarters of the way where they are too far apart for it: the law may jump.
    """
    root, width = crossing(x, y, i), x[i + 1] - x[i]
    if certain(x, y, i, tolerance):
        return root
    reach = tolerance if close(x, i, tolerance) else 0.75 * width
    root = root if math.isfinite(root) else (x[i] + x[i + 1]) / 2
    return min(max(root, x[i + 1] - reach), x[i] + reach)
