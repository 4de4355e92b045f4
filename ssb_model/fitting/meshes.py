"""What a finer mesh would have made of a fit."""

from __future__ import annotations

from ssb_model.fitting.data_set import RunData, Unsolved
from ssb_model.fitting.descent import Minimum, gauss_newton
from ssb_model.fitting.directions import deviations
from ssb_model.fitting.problem import Problem

FINE = "fine"
MATTERS = 0.5  # standard deviations


def mesh_notes(problem: Problem, best: Minimum) -> list[str]:
    """Parameters that the finest mesh would move, if any."""
    if "mesh" in problem.cell.options:
        return []
    asked = [
        (best.x, number) for number, data in enumerate(problem.data) if isinstance(data, RunData)
    ]
    if not asked:
        return []
    finer = problem.predictor.runs(asked, FINE)
    r = best.residuals.copy()
    for (_, number), there in zip(asked, finer, strict=True):
        if isinstance(there, Unsolved):
            return []
        measured = problem.data[number].measured(problem.cell)
        r[problem.rows(number)] = problem.whitened(number, there - measured)
    moved = gauss_newton(r - best.residuals, best.jacobian) / deviations(best.jacobian)
    said = [
        f"'{one.label}' by {abs(by):.2g}"
        for one, by in zip(problem.free, moved, strict=True)
        if abs(by) > MATTERS
    ]
    if not said:
        return []
    return [
        "the mesh is that of a rate test (coarse); a fine one would move "
        f"{', '.join(said)} standard errors: take the option mesh=fine if that matters"
    ]
