"""Least squares from one start to a minimum, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssb_model.errors import SolveError
from ssb_model.fitting.counted import alike, missed
from ssb_model.fitting.problem import Problem
from ssb_model.system.signals import BY_HAND

Watch = Callable[[float, np.ndarray], None]
ENOUGH = 0.1  # of the misfit: what a step must be worth, a third of a deviation at most
LOOSE = (1e-2, 1e-4, 1e-4, 1e-4, 1e-4)  # of the misfit, the same; a search for each
TOLERANCE = 1e-8  # relative, of misfit and step, where that never comes
MOST = 60  # points a search may look at
NEAR = 250.0  # of the misfit, moved since the meshes were compared: their difference holds
LEAST_NOISE = 1e-3  # of the usual one: data without any noise still weigh something
STEADY = 0.03  # relative change of a noise that calls for another round
SETTLED_THERE = "a further step would gain nothing"
ENDED = {
    0: f"not finished after {MOST} points: give it a nearer start, or fewer parameters",
    1: "the slope is nought",
    2: "the misfit no longer falls",
    3: "the parameters no longer move",
    4: "the misfit no longer falls",
}


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a search stands: a point with its residuals and slopes, and the problem by now."""

    problem: Problem
    x: np.ndarray
    residuals: np.ndarray
    jacobian: np.ndarray

    @classmethod
    def at(cls, problem: Problem, x: np.ndarray) -> Standing:
        """At a point, which steps further on suit."""
        r, J = problem.both(x)
        return cls(problem.stepping(J) if np.isfinite(r).all() else problem, x.copy(), r, J)

    def moved(self, x: np.ndarray) -> Standing:
        """At another point of the same search."""
        return self if np.array_equal(x, self.x) else Standing.at(self.problem, x)

    @property
    def chi2(self) -> float:
        return float(self.residuals @ self.residuals)

    @property
    def solved(self) -> bool:
        return bool(np.isfinite(self.residuals).all())

    @property
    def all(self) -> tuple[Problem, np.ndarray, np.ndarray, np.ndarray]:
        """Problem, point, residuals and slopes."""
        return self.problem, self.x, self.residuals, self.jacobian


@dataclass(frozen=True, eq=False)
class Minimum(Standing):
    """Where a search ended, with the noise, the meshes and the slopes of intervals."""

    start: np.ndarray
    message: str
    finished: bool

    @property
    def misfit(self) -> float:
        """Of the data alone over their noise, priors left aside."""
        problem = self.problem
        missed = (problem.over_noise(k, self.residuals) for k in range(len(problem.data)))
        weights = (data.weight for data in problem.data)
        return sum(float(r @ r) * w for r, w in zip(missed, weights, strict=True))

    @property
    def stopped(self) -> bool:
        return self.message == BY_HAND

    @property
    def unlikeliness(self) -> float:
        """Twice the negative logarithm of the likelihood, but for what all minima share."""
        priors = float(np.sum(self.residuals[self.problem.points :] ** 2))
        noise = 2 * float(self.problem.sizes @ np.log(self.problem.factor))
        return self.misfit + priors + noise


def descend(problem: Problem, start: np.ndarray, watch: Watch | None = None) -> Minimum:
    """From a start down, noise that is not given and finer meshes taken anew on the way.

    A point that cannot be solved shortens the step; a start that cannot is refused. Ctrl-C ends
    the search at the best point so far.
    """
    start = x = problem.inside(start)
    try:
        here = Standing.at(problem, x)
        for left, loose in zip(reversed(range(len(LOOSE))), LOOSE, strict=True):
            here, message, finished = _search(here, loose, watch)
            problem, x = here.problem, here.x
            if message == BY_HAND:
                return left_at(problem, start, x)
            factor, counts = noise_of(here)
            change = np.log(np.append(factor / problem.factor, counts / problem.counts))
            steady = np.allclose(change, 0.0, atol=STEADY)
            settled = problem.settled(here.residuals) if left else problem
            steady = steady and settled is problem
            problem = settled.with_noise(factor, counts)
            near = False
            if problem.renewed_at is not None:
                here = Standing.at(problem, x)
                problem, near = here.problem, near_the_last(here)
            if not near:
                here = Standing.at(problem.renewed(x), x)
                problem = here.problem
            if not finished or (steady and near and loose == LOOSE[-1]):
                break
        r, J = here.residuals, problem.slopes_either_way(x)
        if here.solved:
            there = np.clip(x + gauss_newton(r, J), problem.lower, problem.upper)
            (nearer,) = problem.residuals_of([there])
            if float(nearer @ nearer) < float(r @ r):
                x, r = there, nearer
    except KeyboardInterrupt:
        return left_at(problem, start, x)
    return Minimum(problem, x, r, J, start, message, finished)


def left_at(problem: Problem, start: np.ndarray, x: np.ndarray) -> Minimum:
    """A search given up at a point."""
    problem = problem.renewed(x)
    return Minimum(problem, x, *problem.both(x), start, BY_HAND, False)


def near_the_last(here: Standing) -> bool:
    """Whether the meshes were compared near enough by."""
    moved = here.jacobian @ (here.x - here.problem.renewed_at)
    return float(moved @ moved) < NEAR


class _Found(Exception):
    """A search has come where a further step is worth nothing."""


def _search(here: Standing, loose: float, watch: Watch | None) -> tuple[Standing, str, bool]:
    """Down as the noise and the meshes are; where to, why no further, whether that is the end."""
    from scipy.optimize import least_squares

    if not here.solved:
        last = here.problem.failures
        at = ", ".join(f"{name} = {value:.4g}" for name, value in last.values.items())
        raise SolveError(f"no solution at the start ({at}): {last.why}. Give another start.")
    best, looked = here, 0

    def residuals(x):
        nonlocal here, best, looked
        here = here.moved(x)
        if not here.solved:
            return here.residuals
        looked += 1
        if here.chi2 < best.chi2:
            best = here
        if watch is not None:
            watch(here.chi2, x)
        if to_gain(here) < ENOUGH + (loose * here.chi2 if looked > 1 else 0.0):
            raise _Found
        return here.residuals

    def slopes(x):
        nonlocal here
        here = here.moved(x)
        return here.jacobian

    try:
        found = least_squares(
            residuals,
            here.x,
            jac=slopes,
            bounds=(here.problem.lower, here.problem.upper),
            x_scale="jac",
            ftol=TOLERANCE,
            xtol=TOLERANCE,
            gtol=1e-12,
            max_nfev=MOST,
        )
        return here.moved(found.x), ENDED[found.status], found.status > 0
    except _Found:
        return last_step(here.moved(best.x)), SETTLED_THERE, True
    except KeyboardInterrupt:
        return best, BY_HAND, False


def last_step(here: Standing) -> Standing:
    """A straight step to where the misfit is least, from where it is nearly so."""
    problem = here.problem
    there = here.x + gauss_newton(here.residuals, here.jacobian)
    there = np.clip(there, problem.lower, problem.upper)
    if np.array_equal(there, here.x):
        return here
    nearer = problem.residuals(there)
    return here.moved(there) if float(nearer @ nearer) < here.chi2 + ENOUGH else here


def to_gain(here: Standing) -> float:
    """Fall of the misfit that one more step promises, bounds kept to."""
    r, J = here.residuals, here.jacobian
    pushed = J.T @ r  # against which way a parameter goes
    bound = at_bound(here.problem, here.x)
    free = ~((bound < 0) & (pushed > 0) | (bound > 0) & (pushed < 0))
    fall = J[:, free] @ gauss_newton(r, J[:, free])
    return float(fall @ fall)


def noise_of(here: Standing) -> tuple[np.ndarray, np.ndarray]:
    """Factors on the noise of each data set, and what each of its numbers counts as.

    Noise that is not given comes out of the residuals. Residuals that miss alike count as fewer
    numbers (``counted.alike``), and those that miss by more than a noise that was given as less.
    """
    problem = here.problem
    factor, counts = problem.factor.copy(), np.ones(len(problem.data))
    share = 1 - len(here.x) / max(problem.points, len(here.x) + 1)
    for number in range(len(problem.data)):
        missing = problem.over_noise(number, here.residuals)
        slopes = here.jacobian[problem.rows(number)]
        places = problem.data[number].neighbours(problem.cell)
        counts[number] = 1 / alike([missing[at] for at in places], [slopes[at] for at in places])
        square = float(np.mean(missing**2)) / share
        if problem.estimates_noise(number):
            factor[number] = max(factor[number] * np.sqrt(square), LEAST_NOISE)
        else:
            size = problem.sizes[number] * counts[number]
            counts[number] /= missed(square, size)
    return factor, counts


def gauss_newton(r: np.ndarray, J: np.ndarray) -> np.ndarray:
    """The step to where the residuals would be least if they were straight."""
    return -np.linalg.lstsq(J, r, rcond=1e-10)[0]


def at_bound(problem: Problem, x: np.ndarray, near: float = 2e-3) -> np.ndarray:
    """-1 at a lower bound, 1 at an upper, 0 between."""
    room = near * (problem.upper - problem.lower)
    return np.where(x - problem.lower < room, -1, np.where(problem.upper - x < room, 1, 0))
