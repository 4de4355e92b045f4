"""What a reader should know of a fit before trusting it."""

from __future__ import annotations

import numpy as np

from ssb_model.fitting.data_set import DataSet
from ssb_model.fitting.descent import Minimum, at_bound
from ssb_model.fitting.engines import SAME, Search
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.uncertainty import deviations

UNFELT = 1.0  # change of the residuals over the whole width between the bounds: none
ALONE = 3.0  # scaled deviation from which on a parameter is not known by itself
STILL = 1e-6  # of the width between the bounds
FEWEST = 10  # residuals whose neighbours can be compared
CARRIED = 1.5  # factor on deviations from which on residuals are not noise
FAR = 2.0  # residuals over their noise, root mean square, that a given noise does not explain


def remarks(problem: Problem, minimum: Minimum) -> list[str]:
    """Of each parameter, what is not as it should be."""
    unsure = deviations(minimum.jacobian)
    bound = at_bound(problem, minimum.x)
    room = np.minimum(minimum.x - problem.lower, problem.upper - minimum.x)
    told = []
    for k, _ in enumerate(problem.free):
        width = (problem.upper - problem.lower)[k]
        moved = abs(minimum.x[k] - minimum.start[k]) > STILL * width
        if np.linalg.norm(minimum.jacobian[:, k]) * width < UNFELT:
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
        if one.chi2 - best.chi2 < SAME and apart > 0.01:
            values = ", ".join(f"{n} = {v:.3g}" for n, v in problem.values(one.x).items())
            said.append(f"another start found as good a fit elsewhere: {values}")
        elif one.chi2 - best.chi2 >= SAME:
            said.append(
                f"another start ended in a higher minimum, misfit {one.chi2:.4g} against "
                f"{best.chi2:.4g}"
            )
    for number, data in enumerate(problem.data):
        said += _of_a_set(data, best.residuals[problem.rows(number)] / np.sqrt(data.weight))
    return said


def _of_a_set(data: DataSet, residuals: np.ndarray) -> list[str]:
    said = []
    spread = float(np.sqrt(np.mean(residuals**2)))
    if spread > FAR:
        whose = "given" if data.noise is not None else "usual for its kind"
        said.append(
            f"{data.name}: the model misses by {spread:.2g} times the noise {whose}; the intervals "
            "are too narrow by at least that"
        )
    factor = carried(residuals)
    if factor > CARRIED:
        said.append(
            f"{data.name}: neighbouring residuals miss alike, so this is the model's error and not "
            f"noise; what this set alone would tell is {factor:.2g} times less sure"
        )
    return said


def carried(residuals: np.ndarray) -> float:
    """Factor on deviations by which neighbours that miss alike tell less."""
    if len(residuals) < FEWEST or not np.any(residuals):
        return 1.0
    alike = float(residuals[1:] @ residuals[:-1] / (residuals @ residuals))
    alike = min(max(alike, 0.0), 1 - 2 / len(residuals))
    return float(np.sqrt((1 + alike) / (1 - alike)))
