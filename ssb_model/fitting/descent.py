"""Least squares from one start to a minimum, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssb_model.errors import SolveError
from ssb_model.fitting.problem import Problem

Watch = Callable[[float, np.ndarray], None]
ENOUGH = 0.1  # of the misfit: what a step must be worth, a third of a deviation at most
LOOSE = (1e-2, 1e-4, 1e-4, 1e-4)  # of the misfit, the same; a search for each
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


@dataclass(frozen=True)
class Minimum:
    """Where a search ended."""

    start: np.ndarray
    x: np.ndarray
    chi2: float
    residuals: np.ndarray
    jacobian: np.ndarray
    message: str
    finished: bool
    factor: np.ndarray  # of each data set's noise

    def unlikeliness(self, problem: Problem) -> float:
        """Twice the negative logarithm of the likelihood, but for what all minima share."""
        return self.chi2 + 2 * float(problem.sizes @ np.log(self.factor))


def descend(problem: Problem, start: np.ndarray, watch: Watch | None = None) -> Minimum:
    """From a start down, noise that is not given and finer meshes taken anew on the way.

    A point that cannot be solved shortens the step; a start that cannot is refused.
    """
    start = x = problem.inside(start)
    problem.forget()
    for loose in LOOSE:
        x, message, finished = _search(problem, x, loose, watch)
        steady = set_noise(problem, x)
        near = near_the_last(problem, x)
        if not near:
            problem.renew(x)
        if not finished or (steady and near and loose == LOOSE[-1]):
            break
    r, J = problem.carefully(x)
    if np.isfinite(r).all():
        there = np.clip(x + gauss_newton(r, J), problem.lower, problem.upper)
        (nearer,) = problem.residuals_of([there])
        if float(nearer @ nearer) < float(r @ r):
            x, r = there, nearer
    return Minimum(start, x, float(r @ r), r, J, message, finished, problem.factor.copy())


def near_the_last(problem: Problem, x: np.ndarray) -> bool:
    """Whether the meshes were compared near enough by."""
    if problem.renewed_at is None:
        return False
    moved = problem.both(x)[1] @ (x - problem.renewed_at)
    return float(moved @ moved) < NEAR


class _Found(Exception):
    """A search has come where a further step is worth nothing."""


def _search(
    problem: Problem, start: np.ndarray, loose: float, watch: Watch | None
) -> tuple[np.ndarray, str, bool]:
    from scipy.optimize import least_squares

    looked = 0

    def residuals(x):
        nonlocal looked
        r, J = problem.both(x)
        if not np.isfinite(r).all():
            return r
        looked += 1
        if watch is not None:
            watch(float(r @ r), x)
        enough = ENOUGH + (loose * float(r @ r) if looked > 1 else 0.0)
        if to_gain(problem, x, r, J) < enough:
            raise _Found
        return r

    if not np.isfinite(problem.both(start)[0]).all():
        values, why = problem.failures[-1]
        at = ", ".join(f"{name} = {value:.4g}" for name, value in values.items())
        raise SolveError(f"no solution at the start ({at}): {why}. Give another start.")
    try:
        found = least_squares(
            residuals,
            start,
            jac=lambda x: problem.both(x)[1],
            bounds=(problem.lower, problem.upper),
            x_scale="jac",
            ftol=TOLERANCE,
            xtol=TOLERANCE,
            gtol=1e-12,
            max_nfev=MOST,
        )
    except _Found:
        return last_step(problem, problem.best[1]), SETTLED_THERE, True
    return found.x, ENDED[found.status], found.status > 0


def last_step(problem: Problem, x: np.ndarray) -> np.ndarray:
    """A straight step to where the misfit is least, from where it is nearly so."""
    r, J = problem.both(x)
    there = np.clip(x + gauss_newton(r, J), problem.lower, problem.upper)
    nearer = problem.residuals(there)
    return there if float(nearer @ nearer) < float(r @ r) + ENOUGH else x


def to_gain(problem: Problem, x: np.ndarray, r: np.ndarray, J: np.ndarray) -> float:
    """Fall of the misfit that one more step promises, bounds kept to."""
    pushed = J.T @ r  # against which way a parameter goes
    bound = at_bound(problem, x)
    free = ~((bound < 0) & (pushed > 0) | (bound > 0) & (pushed < 0))
    fall = J[:, free] @ gauss_newton(r, J[:, free])
    return float(fall @ fall)


def set_noise(problem: Problem, x: np.ndarray) -> bool:
    """Noise that was not given, out of the residuals; whether it stayed what it was."""
    r, _ = problem.both(x)
    before = problem.factor.copy()
    share = 1 - len(x) / max(sum(problem.sizes), len(x) + 1)
    for number, data in enumerate(problem.data):
        rows = r[problem.rows(number)]
        if problem.estimates_noise(number):
            square = np.sum(rows**2) / data.weight / (len(rows) * share)
            problem.factor[number] = max(problem.factor[number] * np.sqrt(square), LEAST_NOISE)
    problem.forget()
    return np.allclose(np.log(problem.factor / before), 0.0, atol=STEADY)


def gauss_newton(r: np.ndarray, J: np.ndarray) -> np.ndarray:
    """The step to where the residuals would be least if they were straight."""
    return -np.linalg.lstsq(J, r, rcond=1e-10)[0]


def at_bound(problem: Problem, x: np.ndarray, near: float = 2e-3) -> np.ndarray:
    """-1 at a lower bound, 1 at an upper, 0 between."""
    room = near * (problem.upper - problem.lower)
    return np.where(x - problem.lower < room, -1, np.where(problem.upper - x < room, 1, 0))
