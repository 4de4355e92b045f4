"""What a reader should know of a fit before trusting it."""

from __future__ import annotations

import numpy as np

from ssb_model.fitting.descent import Minimum, at_bound
from ssb_model.fitting.directions import deviations
from ssb_model.fitting.engines import SAME, Search
from ssb_model.fitting.problem import Problem

UNFELT = 1.0  # change of the residuals over the whole width between the bounds: none
ALONE = 3.0  # scaled deviation from which on a parameter is not known by itself
STILL = 1e-6  # of the width between the bounds
FEWEST = 10  # residuals whose neighbours can be compared
CARRIED = 1.5  # factor on deviations from which on residuals are not noise
SMALL = 20  # residuals, fewer than which tell a noise badly
TOO_FAR = {"voltage": 0.03, "capacity": 0.1, "spectrum": 0.1, "gitt": 0.25, "number": 0.25}
FAR = 2.0  # residuals over their noise, root mean square, that a given noise does not explain


def remarks(problem: Problem, minimum: Minimum) -> list[str]:
    """Of each parameter, what is not as it should be."""
    unsure = deviations(minimum.jacobian)
    seen = minimum.jacobian[: problem.sizes.sum()]  # by data, not by priors
    bound = at_bound(problem, minimum.x)
    room = np.minimum(minimum.x - problem.lower, problem.upper - minimum.x)
    told = []
    for k, _ in enumerate(problem.free):
        width = (problem.upper - problem.lower)[k]
        moved = abs(minimum.x[k] - minimum.start[k]) > STILL * width
        if np.linalg.norm(seen[:, k]) * width < UNFELT:
            told.append("the data do not feel it")
        elif bound[k] and room[k] <= max(unsure[k], STILL * width):
            side = "upper" if bound[k] > 0 else "lower"
            told.append(f"at its {side} bound")
        elif unsure[k] > ALONE:
            told.append("not known by itself")
        else:
            told.append("" if moved else "did not move")
    return told


def notes(problem: Problem, found: Search) -> list[str]:
    """Of the whole fit."""
    best = found.best
    said = list(found.notes)
    if not best.finished and not found.stopped:
        said.append(best.message)
    if problem.failures:
        values, why = problem.failures[-1]
        at = ", ".join(f"{name} = {value:.3g}" for name, value in values.items())
        said.append(
            f"{len(problem.failures)} points on the way had no solution, the last at {at}: {why}"
        )
    for one in found.others:
        apart = np.max(np.abs(one.x - best.x) / (problem.upper - problem.lower))
        higher = one.unlikeliness(problem) - best.unlikeliness(problem)
        if higher < SAME and apart > 0.01:
            values = ", ".join(f"{n} = {v:.3g}" for n, v in problem.values(one.x).items())
            said.append(f"another start found as good a fit elsewhere: {values}")
        elif higher >= SAME:
            said.append(
                f"another start ended where the data are less likely (-2 log L {higher:.4g} higher)"
            )
    for number in range(len(problem.data)):
        said += _of_a_set(problem, number, best.residuals[problem.rows(number)])
    return said


def _of_a_set(problem: Problem, number: int, whitened: np.ndarray) -> list[str]:
    data = problem.data[number]
    residuals = whitened / np.sqrt(data.weight)
    spread = float(np.sqrt(np.mean(residuals**2)))
    missed = spread * problem.factor[number] * data.deviation
    said = []
    if missed > TOO_FAR[data.kind]:
        words = f"{1e3 * missed:.3g} mV" if data.kind == "voltage" else f"{100 * missed:.3g} %"
        said.append(
            f"{data.name}: the model misses by {words}, so it does not describe these data: mind "
            "units, area, sign, state of charge, or whether it is this cell; no interval holds"
        )
    elif spread > FAR:
        whose = "given" if data.noise is not None else "usual for its kind"
        said.append(
            f"{data.name}: the model misses by {spread:.2g} times the noise {whose}; the intervals "
            "are too narrow by at least that"
        )
    factor = carried(residuals)
    if factor > CARRIED and missed > data.usual_noise:
        said.append(
            f"{data.name}: neighbouring residuals miss alike, so this is the model's error and not "
            f"noise; what this set alone would tell is {factor:.2g} times less sure"
        )
    if problem.estimates_noise(number) and len(residuals) < SMALL:
        said.append(
            f"{data.name}: its noise is estimated from {len(residuals)} numbers; intervals that "
            "rest on it are somewhat too narrow"
        )
    return said


def carried(residuals: np.ndarray) -> float:
    """Factor on deviations by which neighbours that miss alike tell less."""
    if len(residuals) < FEWEST or not np.any(residuals):
        return 1.0
    alike = float(residuals[1:] @ residuals[:-1] / (residuals @ residuals))
    alike = min(max(alike, 0.0), 1 - 2 / len(residuals))
    return float(np.sqrt((1 + alike) / (1 - alike)))
