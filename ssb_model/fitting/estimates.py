"""What a fit found: estimates, data sets beside the model, cells, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import RunData, kind_named
from ssb_model.fitting.descent import Minimum, at_bound, gauss_newton
from ssb_model.fitting.free import Free
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.search import Search
from ssb_model.fitting.uncertainty import TWO_SIDED, deviations, profile_interval
from ssb_model.parameters.declared import checked
from ssb_model.parameters.entry import Entry
from ssb_model.studies.axes import Recipe

UNFELT = 1.0  # change of the residuals over the whole width between the bounds: none
ALONE = 3.0  # scaled deviation from which on a parameter is not known by itself
STILL = 1e-6  # of the width between the bounds
FEWEST = 10  # residuals whose neighbours can be compared
CARRIED = 1.5  # factor on deviations from which on residuals are not noise
SMALL = 20  # residuals, fewer than which tell a noise badly
FAR = 2.0  # residuals over their noise, root mean square, that a given noise does not explain
SAME = 1.0  # of the misfit: two minima this near are taken for one
FINE = "fine"  # mesh
MESH_MATTERS = 0.5  # standard deviations that a finer mesh moves a parameter by


@dataclass(frozen=True)
class Estimate:
    """One free parameter after the fit.

    ``standard_error`` is that of the scaled parameter: relative where it is ``logarithmic``.
    Both intervals hold 95 %; an end of the profile's is not finite where the data leave it open.
    """

    label: str
    unit: str
    value: float
    start: float
    low: float
    high: float
    logarithmic: bool
    standard_error: float
    interval: tuple[float, float]
    profile_interval: tuple[float, float] | None = None
    remark: str = ""

    @property
    def width(self) -> float:
        """Change of the value for one of the scaled parameter."""
        return self.value if self.logarithmic else self.high - self.low


@dataclass(frozen=True, eq=False, repr=False)
class FittedSet:
    """One data set with the model of the best fit and the noise beside each measured value.

    Columns of ``table`` are those that the class of its ``kind`` makes; so are words and panel.
    """

    label: str
    kind: str
    conditions: dict[str, float]
    table: pd.DataFrame
    weight: float = 1.0
    noise_from: Literal["given", "estimated", "usual"] = "given"

    @property
    def misfit(self) -> tuple[str, float, int]:
        """By what the model misses, in words; over the noise; how many numbers are compared."""
        return kind_named(self.kind).misfit(self.table)

    @property
    def panel(self):
        """How a figure shows it."""
        from ssb_model.figures import fit_panels

        panel = kind_named(self.kind).panel
        return getattr(fit_panels, panel) if isinstance(panel, str) else panel


def estimates_of(best: Minimum, told: Mapping[str, pd.DataFrame]) -> list[Estimate]:
    """Every parameter at a minimum; ``told`` are profiles by label, where there are any."""
    problem, unsure, said = best.problem, deviations(best.jacobian), remarks(best)
    estimates = []
    for k, one in enumerate(problem.free):
        x, error = float(best.x[k]), float(unsure[k])
        value = one.value(x)
        low, high = (one.spread(x, way * TWO_SIDED * error) for way in (-1, 1))
        interval = (max(low, one.low), min(high, one.high))
        along = told.get(one.label)
        estimates.append(
            Estimate(
                label=one.label,
                unit=one.unit,
                value=value,
                start=one.start,
                low=one.low,
                high=one.high,
                logarithmic=one.logarithmic,
                standard_error=error,
                interval=interval,
                profile_interval=None if along is None else profile_interval(along, value),
                remark=said[k],
            )
        )
    return estimates


def fitted_sets(best: Minimum) -> list[FittedSet]:
    """Every data set with what the model gives at a minimum."""
    problem, fitted = best.problem, []
    for number, data in enumerate(problem.data):
        sigma = problem.noise(number)
        residuals = best.residuals[problem.rows(number)] / np.sqrt(data.weight)
        predicted = data.measured(problem.cell) + residuals * sigma
        fitted.append(
            FittedSet(
                label=data.name,
                kind=data.kind,
                conditions=data.conditions(problem.cell),
                table=data.table(problem.cell, predicted, sigma),
                weight=data.weight,
                noise_from=_noise_from(problem, number),
            )
        )
    return fitted


def _noise_from(problem: Problem, number: int) -> str:
    if problem.data[number].noise is not None:
        return "given"
    return "estimated" if problem.estimates_noise(number) else "usual"


def log_likelihood(best: Minimum) -> float:
    """Of the data, their noise taken as normal."""
    problem, total = best.problem, 0.0
    for number, data in enumerate(problem.data):
        sigma = problem.noise(number) / np.sqrt(data.weight)
        r = best.residuals[problem.rows(number)]
        total -= 0.5 * float(r @ r + np.sum(np.log(2 * np.pi * sigma**2)))
    return total


def fitted_cells(problem: Problem, x: np.ndarray) -> dict[str, Cell]:
    """The fitted cell of each sample; one under "" where nothing is a sample's own."""
    owners = list(dict.fromkeys(one.sample for one in problem.free if one.sample is not None))
    return {sample or "": problem.fitted_cell(x, sample) for sample in owners or [None]}


def changes_of(
    problem: Problem, estimates: list[Estimate], sample: str, finished: bool
) -> dict[str, Entry]:
    """What a cell's file says of each estimate, in SI."""
    ended = "" if finished else "the search did not finish"
    source = "fitted to " + ", ".join(data.name for data in problem.data)
    said: dict[str, Entry] = {}
    for one, found in zip(problem.free, estimates, strict=True):
        if one.sample is not None and one.sample != sample:
            continue
        ends = found.interval
        if found.profile_interval is not None and np.isfinite(found.profile_interval).all():
            ends = found.profile_interval
        note = "; ".join(filter(None, ["range: 95 % interval", found.remark, ended]))
        for name, value, limits in _in_si(problem.cell, one, found.value, ends):
            said[name] = Entry(name, value, "fitted", source, limits, note)
    return said


def _in_si(cell: Cell, one: Free, value: float, ends: tuple[float, float]):
    """Names and numbers as a cell file has them."""
    for name in one.axis.names(cell):
        if isinstance(one.axis, Recipe):
            file = cell.design.file
            ((full, number),) = checked(file, {name: value}).items()
            limits = tuple(checked(file, {name: end})[full] for end in ends)
            yield full, number, limits
        else:
            yield name, value, tuple(map(float, ends))


def remarks(minimum: Minimum) -> list[str]:
    """Of each parameter, what is not as it should be."""
    problem, unsure = minimum.problem, deviations(minimum.jacobian)
    seen = minimum.jacobian[: problem.points]  # by data, not by priors
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
    residuals = best.residuals[problem.rows(number)] / np.sqrt(data.weight)
    spread = float(np.sqrt(np.mean(residuals**2)))
    missed = spread * problem.factor[number] * data.deviation
    said = []
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
        "the mesh is that of a rate test (coarse); a fine one would move "
        f"{', '.join(said)} standard errors: take the option mesh=fine if that matters"
    ]
