"""Data left out of a fit and predicted by it: what a fit is good for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError, nearest
from ssb_model.fitting.data.data_set import DataSet, rms
from ssb_model.fitting.descent import Minimum
from ssb_model.fitting.estimates import FittedSet, fitted_sets
from ssb_model.fitting.uncertainty import TWO_SIDED, Directions


def held_out(sets: Sequence[DataSet], names: Sequence[str]) -> list[DataSet]:
    """The data, with those of these names (a label, or a file without its folder) left out."""
    known = [one.name for one in sets]
    wanted = [Path(name).name if name not in known else name for name in names]
    for given, name in zip(names, wanted, strict=True):
        if name not in known:
            raise InputError(f"no data '{given}' to hold out. {nearest(given, known, len(known))}")
    return [replace(one, left_out=True) if one.name in wanted else one for one in sets]


def parted(sets: Sequence[DataSet]) -> tuple[list[DataSet], list[DataSet]]:
    """Data to fit, and data to predict."""
    kept = [one for one in sets if not one.left_out]
    if not kept:
        raise InputError("every data set is left out: leave at least one to fit.")
    return kept, [one for one in sets if one.left_out]


def predicted_sets(best: Minimum, left_out: Sequence[DataSet]) -> tuple[list[FittedSet], list[str]]:
    """Data that were left out beside what the best fit predicts, and how well, in words.

    What the fit allows them to be is what its covariance makes of them, to first order.
    """
    if not left_out:
        return [], []
    problem = best.problem.beside(left_out).renewed(best.x)
    r, J = problem.both(best.x)
    if not np.isfinite(r).all():
        why = problem.failures.why
        return [], [f"what was left out could not be predicted by the best fit: {why}"]
    there = Minimum(problem, best.x, r, J, best.start, best.message, best.finished)
    sets = [replace(one, noise_from="left out") for one in fitted_sets(there)]
    covariance = Directions.of(best.jacobian).covariance
    said = []
    for number, (data, one) in enumerate(zip(left_out, sets, strict=True)):
        rows = J[problem.rows(number)]
        spread = np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows)) * problem.noise(number)
        missed = np.abs(problem.missed(number, r))
        unit, unity = data.noise_unit
        scale = 1.0 if unit == "mV" else data.measured(problem.cell)
        words, over_noise, _ = one.misfit
        inside = np.mean(missed <= TWO_SIDED * np.hypot(spread, problem.noise(number)))
        said.append(
            f"{data.name}, left out: predicted to {words}, {over_noise:.2g} times its noise; the "
            f"fit allows for {TWO_SIDED * rms(spread / scale) / unity:.2g} {unit}, and "
            f"{100 * inside:.0f} % of the numbers lie within that and their noise (95 %)"
        )
    return sets, said
