"""What a fit found: estimates, data beside the model, cells, data left out and predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ssb_model.analysis.gitt_split import two_sided
from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError, nearest
from ssb_model.fitting.data.data_set import DataSet, kind_named, rms
from ssb_model.fitting.descent import Minimum, at_bound
from ssb_model.fitting.free import Free
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.uncertainty import (
    TWO_SIDED,
    Directions,
    Profiles,
    deviations,
    profile_interval,
    stated_interval,
)
from ssb_model.parameters.declared import checked
from ssb_model.parameters.entry import Entry
from ssb_model.studies.axes import Recipe

UNFELT = 1.0  # change of the residuals over the whole width between the bounds: none
ALONE = 3.0  # scaled deviation from which on a parameter is not known by itself
STILL = 1e-6  # of the width between the bounds


@dataclass(frozen=True)
class Estimate:
    """One free parameter after the fit.

    ``standard_error`` is that of the scaled parameter: relative where it is ``logarithmic``.
    Both intervals hold 95 %; an end of the profile's is not finite where the data leave it open.
    ``stated`` is what counts of them; ``apart`` says that they contradict each other.
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
    jumps: tuple[bool, bool] = (False, False)  # of the misfit, at the profile's ends

    @property
    def stated(self) -> tuple[float, float]:
        """The interval that counts."""
        return self._both[0]

    @property
    def apart(self) -> bool:
        """Whether profile and slopes differ by more than a factor of three."""
        return self._both[1]

    @property
    def _both(self) -> tuple[tuple[float, float], bool]:
        return stated_interval(
            self.value, self.interval, self.profile_interval, self.jumps, self.logarithmic
        )

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
    noise_from: Literal["given", "estimated", "usual", "left out"] = "given"

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


def estimates_of(best: Minimum, followed: Profiles | None) -> list[Estimate]:
    """Every parameter at a minimum, with profiles where they were followed."""
    problem, unsure, said = best.problem, deviations(best.jacobian), remarks(best)
    sides = two_sided(problem.freedom)
    told = {} if followed is None else followed.tables
    estimates = []
    for k, one in enumerate(problem.free):
        x, error = float(best.x[k]), float(unsure[k])
        value = one.value(x)
        low, high = (one.spread(x, way * sides * error) for way in (-1, 1))
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
                profile_interval=(
                    None if along is None else profile_interval(along, value, sides**2)
                ),
                remark=said[k],
                jumps=(False, False) if along is None else followed.jumps[one.label],
            )
        )
    return estimates


def fitted_sets(best: Minimum) -> list[FittedSet]:
    """Every data set with what the model gives at a minimum."""
    problem, fitted = best.problem, []
    for number, data in enumerate(problem.data):
        sigma = problem.noise(number)
        missed = problem.missed(number, best.residuals)
        shared = data.shared(problem.cell) @ problem.common(number, best.residuals)
        predicted = data.measured(problem.cell) + missed + shared
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
        r = problem.over_noise(number, best.residuals) * np.sqrt(data.weight)
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
        if not one.is_of(sample):
            continue
        ends = found.stated if np.isfinite(found.stated).all() else found.interval
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
