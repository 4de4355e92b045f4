"""Which parameters the data do not tell apart, and which further measurement would."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import Candidate, DataSet, kinds
from ssb_model.fitting.free import Free
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.uncertainty import TWO_SIDED, Directions

LOOSE = 0.3  # deviation, relative, from which on a direction counts as unknown
TAKES_PART = 0.08  # of the largest share in a direction
WHOLE = 0.04  # by which a power may miss 1 and be called a product or a ratio
ENDLESS = 1e4  # factor beyond which one is not told
PROBED = math.log(2.0)  # how far a loose direction is tried
OTHER_PRESSURES = (0.25, 4.0)  # times the one the data have
UNKNOWN = 1.5  # relative deviation: still a factor 20 either way
HARDLY, MUCH = 1.1, 1e3  # times better: not worth it, and more than a number says


@dataclass(frozen=True)
class Combination:
    """A direction in which parameters may go together and the data hardly see it."""

    shares: dict[str, float]  # relative change of each, the largest 1
    deviation: float  # relative, of the largest
    known: dict[str, float]  # powers whose product the data do know, for a pair
    sentence: str

    def vector(self, free: Sequence[Free]) -> np.ndarray:
        """Its shares in the order of the parameters."""
        return np.array([self.shares.get(one.label, 0.0) for one in free])


def combinations(
    problem: Problem, x: np.ndarray, r: np.ndarray, J: np.ndarray
) -> list[Combination]:
    """Loose directions at the best point, each as few parameters as may be."""
    scale = np.array([relative(one, at) for one, at in zip(problem.free, x, strict=True)])
    directions = Directions.of(J * scale)
    loose = directions.deviations > LOOSE
    return [_told(problem, x, r, v, directions) for v in fewest(directions.vectors[loose])]


def relative(one: Free, x: float) -> float:
    """Change of the scaled parameter for a relative change of its value."""
    if one.logarithmic:
        return 1.0
    share = abs(x)  # value over width
    return share if share > 0.02 else 1.0


def along(directions: Directions, v: np.ndarray) -> float:
    """Standard deviation along a direction whose largest share is 1, nothing else moved."""
    information = 1 / directions.deviations**2
    return float(1 / np.sqrt(np.sum((directions.vectors @ v) ** 2 * information)))


def fewest(vectors: np.ndarray) -> list[np.ndarray]:
    """The same space by vectors of as few parameters as elimination gives, largest share 1."""
    rows = np.array(vectors, float)
    done: list[int] = []
    for row in range(len(rows)):
        left = np.abs(rows[row]).copy()
        left[done] = 0.0
        pivot = int(np.argmax(left))
        if left[pivot] < 1e-9:
            continue
        rows[row] /= rows[row, pivot]
        for other in range(len(rows)):
            if other != row:
                rows[other] -= rows[other, pivot] * rows[row]
        done.append(pivot)
    return [row / row[np.argmax(np.abs(row))] for row in rows if np.any(row)]


def _told(
    problem: Problem,
    x: np.ndarray,
    r: np.ndarray,
    v: np.ndarray,
    directions: Directions,
) -> Combination:
    taking = np.flatnonzero(np.abs(v) >= TAKES_PART)
    taking = taking[np.argsort(-np.abs(v[taking]), kind="stable")]
    names = [problem.free[k].label for k in taking]
    alone = directions.deviation(np.eye(len(v))[taking[0]])
    deviation = max(along(directions, v), alone)
    known, sure = {}, None
    if len(taking) == 2:
        weights = np.zeros(len(v))
        weights[taking] = [1.0, -v[taking[0]] / v[taking[1]]]
        known = dict(zip(names, weights[taking].tolist(), strict=True))
        sure = directions.deviation(weights)
        if sure > LOOSE:  # others stand in its way
            known, sure = {}, None
    rise = tried(problem, x, r, v)
    return Combination(
        dict(zip(names, v[taking].tolist(), strict=True)),
        deviation,
        known,
        sentence(names, v[taking], deviation, known, sure, rise),
    )


def tried(problem: Problem, x: np.ndarray, r: np.ndarray, v: np.ndarray) -> float | None:
    """Rise of the misfit after a step along a direction, either way; the smaller."""
    scale = np.array([relative(one, at) for one, at in zip(problem.free, x, strict=True)])
    points = [x + way * PROBED * v * scale for way in (1, -1)]
    points = [at for at in points if np.all((at >= problem.lower) & (at <= problem.upper))]
    rises = [float(there @ there) - float(r @ r) for there in problem.residuals_of(points)]
    rises = [rise for rise in rises if math.isfinite(rise)]
    return max(min(rises), 0.0) if rises else None


def sentence(
    names: Sequence[str],
    shares: np.ndarray,
    deviation: float,
    known: dict[str, float],
    sure: float | None,
    rise: float | None,
) -> str:
    """What a reader should know of a loose direction."""
    if len(names) == 1:
        how = within(deviation)
        how = f"({how})" if how.startswith("only") else "at all"
        return f"These data do not determine '{names[0]}' {how}."
    seen = "" if rise is None else f" (tried by a factor 2: the misfit rises by {rise:.2g})"
    if sure is not None:
        power = known[names[1]]
        pair = f"'{names[0]}' and '{names[1]}'"
        if abs(power - 1) < WHOLE:
            what = "their product"
        elif abs(power + 1) < WHOLE:
            what = "their ratio"
        else:
            what = f"'{names[0]}' times '{names[1]}' to the power {power:.2f}"
        return (
            f"These data do not tell {pair} apart: {what} is known to {percent(sure)}, each alone "
            f"{within(deviation)}{seen}."
        )
    moves = ", ".join(
        f"'{name}' {math.exp(PROBED * share):.2f}"
        for name, share in zip(names, shares, strict=True)
    )
    return (
        f"These data do not tell {len(names)} parameters apart: multiplied together by {moves}, "
        f"they fit nearly as well{seen}; the first by itself is known {within(deviation)}."
    )


def within(deviation: float) -> str:
    """95 % of a relative deviation, as a factor."""
    exponent = TWO_SIDED * deviation
    if exponent > math.log(ENDLESS):
        return "not at all"
    return f"only within a factor {math.exp(exponent):.2g} either way (95 %)"


def percent(deviation: float) -> str:
    """95 % of a relative deviation."""
    share = TWO_SIDED * deviation
    return f"{100 * share:.2g} %" if share < 0.5 else f"a factor {math.exp(min(share, 99)):.2g}"


@dataclass(frozen=True)
class Suggestion:
    """A measurement that could be made, and what it would leave unknown."""

    experiment: str
    noise: str
    now: float  # relative deviation of what is known least
    after: float  # the same with this measurement besides

    @property
    def better(self) -> float:
        """Times it would be known better."""
        return self.now / self.after

    @property
    def helps(self) -> bool:
        """Whether it is worth a thought."""
        return self.better >= HARDLY and self.after <= UNKNOWN

    @property
    def sentence(self) -> str:
        """For a reader."""
        then = f"known to {percent(self.after)} then"
        if self.better < MUCH:
            then += f", {self.better:.2g} times better"
        return f"{self.experiment} ({self.noise}): {then}."


def suggestions(
    problem: Problem, x: np.ndarray, J: np.ndarray, loose: Sequence[np.ndarray]
) -> list[Suggestion]:
    """Candidates, the best of each kind, the one that helps the loose directions most first.

    Each is taken at the best fit, with the noise such a measurement usually has. ``loose`` are
    directions of relative change; without any, what counts is the least known one.
    """
    if problem.cell.window is None:
        return []  # a symmetric cell has one state and no discharge
    made = _candidates(problem, x)
    slopes = problem.beside([one for _, one in made]).slopes(x)
    scale = np.array([relative(one, here) for one, here in zip(problem.free, x, strict=True)])
    before = Directions.of(J * scale)
    aims = list(loose) or [before.vectors[0]]
    now = max(along(before, v) for v in aims)
    found = []
    for (experiment, one), rows in zip(made, slopes, strict=True):
        if rows is None:
            continue
        after = Directions.of(np.vstack([J, rows]) * scale)
        left = max(along(after, v) for v in aims)
        unit, unity = one.noise_unit
        found.append(Suggestion(experiment, f"with {one.deviation / unity:g} {unit}", now, left))
    found.sort(key=lambda one: one.after)
    kinds = [one.experiment.split(" at ")[0].split(",")[0] for one in found]
    return [one for k, one in enumerate(found) if kinds[k] not in kinds[:k]]


def _candidates(problem: Problem, x: np.ndarray) -> list[tuple[str, DataSet]]:
    """What could be measured on this cell, as the model would see it."""
    first = problem.data[0]
    pressure, temperature = first.held(problem.cell)
    pressed = problem.cell.entries["Fabrication pressure [Pa]"].value
    pressures = [pressure, *(min(pressed, factor * pressure) for factor in OTHER_PRESSURES)]
    found: list[tuple[str, DataSet]] = []
    for kind in kinds().values():
        for P in pressures:
            held = {"stack_pressure": P, "temperature": temperature, "sample": first.sample}
            found += _seen(problem, x, kind.suggested(problem.cell, held, pressure == P))
    return found


def _seen(
    problem: Problem, x: np.ndarray, candidates: Sequence[Candidate]
) -> list[tuple[str, DataSet]]:
    """Those the model has an answer for, made of the numbers it gives."""
    shells = [one.shell for one in candidates if one.shell is not None]
    told = iter(problem.beside(shells).predictions([x])[0] if shells else ())
    found = []
    for words, made, shell in candidates:
        if shell is None:
            found.append((words, made(None)))
            continue
        values = next(told)
        if not isinstance(values, Unsolved) and np.all(values[: len(values) // 2 or None]):
            found.append((words, made(shell.seen(values))))
    return found
