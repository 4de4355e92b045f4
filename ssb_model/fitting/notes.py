"""What speaks against a fit: its intervals, each data set, the search, the mesh."""

from __future__ import annotations

import numpy as np

from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import RunData
from ssb_model.fitting.descent import Minimum, gauss_newton
from ssb_model.fitting.estimates import Estimate
from ssb_model.fitting.search import Search
from ssb_model.fitting.uncertainty import Profiles, deviations

FAR = 2.0  # residuals over their noise, root mean square, that a given noise does not explain
CARRIED = 0.5  # of the numbers: fewer that count are said
LEAST = 0.02  # of the usual noise: a miss below it is the mesh's
LEFT = 1.0  # independent numbers more than parameters, at least
SMALL = 20  # degrees of freedom, fewer than which tell a noise badly
SAME = 1.0  # of the misfit: two minima this near are taken for one
FINE = "fine"  # mesh
MESH_MATTERS = 0.5  # standard deviations that a finer mesh moves a parameter by


def notes(found: Search) -> list[str]:
    """What is not as it should be with the fit as a whole, and with each data set."""
    best, problem = found.best, found.best.problem
    said = list(found.notes)
    if not best.finished and not found.stopped:
        said.append(best.message)
    if problem.failures.count:
        last = problem.failures
        at = ", ".join(f"{name} = {value:.3g}" for name, value in last.values.items())
        said.append(f"{last.count} points on the way had no solution, the last at {at}: {last.why}")
    for one in found.others:
        apart = np.max(np.abs(one.x - best.x) / (problem.upper - problem.lower))
        higher = one.unlikeliness - best.unlikeliness
        if higher < SAME and apart > 0.01:
            values = ", ".join(f"{n} = {v:.3g}" for n, v in problem.values(one.x).items())
            said.append(f"another start found as good a fit elsewhere: {values}")
        elif higher >= SAME:
            said.append(
                f"another start ended where the data are less likely (-2 log L {higher:.4g} higher)"
            )
    for number in range(len(problem.data)):
        said += _of_a_set(best, number)
    return said


def _of_a_set(best: Minimum, number: int) -> list[str]:
    problem, data = best.problem, best.problem.data[number]
    residuals = problem.over_noise(number, best.residuals)
    spread = float(np.sqrt(np.mean(residuals**2)))
    missed = spread * problem.factor[number] * data.deviation
    size, counts = len(residuals), float(problem.counts[number])
    said = []
    shared = data.sharing(problem.common(number, best.residuals))
    if shared:
        said.append(f"{data.name}: {shared} fitted besides, and taken into the model shown")
    if missed > data.too_far:
        unit, one = data.noise_unit
        said.append(
            f"{data.name}: the model misses by {missed / one:.3g} {unit}, so it does not describe "
            "these data: mind units, area, sign, state of charge, or whether it is this cell; no "
            "interval holds"
        )
    elif spread > FAR:
        whose = "given" if data.noise is not None else "usual for its kind"
        said.append(
            f"{data.name}: the model misses by {spread:.2g} times the noise {whose}; the intervals "
            "are widened by at least that"
        )
    likeness = counts * (spread**2 if data.noise is not None and spread > 1 else 1.0)
    if likeness < CARRIED and missed > LEAST * data.usual_noise:
        said.append(
            f"{data.name}: neighbouring residuals miss alike, so this is the model's error and not "
            f"noise; its {size} numbers count as {_few(size * counts)}, and what it tells is "
            f"{counts**-0.5:.2g} times less sure"
        )
    return said


def _few(count: float) -> str:
    return f"{count:.2g}" if count < 10 else f"{count:.0f}"


def whole_notes(best: Minimum, followed: Profiles | None, estimates: list[Estimate]) -> list[str]:
    """What speaks against the intervals."""
    problem, said = best.problem, []
    if problem.independent - len(problem.free) < LEFT and (problem.counts < 1).any():
        said.append(
            f"the data are worth {_few(problem.independent)} independent numbers for "
            f"{len(problem.free)} parameters: whether the intervals hold cannot be told from them"
        )
    elif problem.freedom < SMALL:
        said.append(
            f"the noise is estimated from {problem.points} numbers: the intervals are as wide as "
            "that asks"
        )
    for one in estimates if followed is not None else ():
        for side, jump in zip(("lower", "upper"), one.jumps, strict=True):
            if jump:
                said.append(
                    f"'{one.label}': the misfit jumps at its {side} end, which was not found; the "
                    "wider of the jump and the slopes counts"
                )
        if one.apart:
            ends = (
                "{:.4g} to {:.4g}".format(*each) for each in (one.profile_interval, one.interval)
            )
            profile, slopes = (
                words.replace("-inf", "open").replace("inf", "open") for words in ends
            )
            said.append(
                f"'{one.label}': profile ({profile}) and slopes ({slopes}) differ by more than a "
                "factor 3, in SI; the wider counts"
            )
    return said


def mesh_notes(best: Minimum) -> list[str]:
    """Parameters that the finest mesh would move, if any."""
    problem = best.problem
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
        if abs(by) > MESH_MATTERS
    ]
    if not said:
        return []
    return [
        "the mesh is the coarse one; a fine one would move "
        f"{', '.join(said)} standard errors: take the option mesh=fine if that matters"
    ]
