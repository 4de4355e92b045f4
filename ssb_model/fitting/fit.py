"""Fit a cell's parameters to measurements of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.saving import cell_files
from ssb_model.errors import InputError, SolidStateError
from ssb_model.fitting.cells import changes_of, fitted_cells
from ssb_model.fitting.data_set import DataSet
from ssb_model.fitting.descent import Minimum, Watch, descend
from ssb_model.fitting.directions import Directions, correlation, deviations
from ssb_model.fitting.engines import search
from ssb_model.fitting.free import Spec, free_parameters
from ssb_model.fitting.meshes import mesh_notes
from ssb_model.fitting.notes import notes, remarks
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.read import read_data_set
from ssb_model.fitting.separation import combinations
from ssb_model.fitting.shown import Shown
from ssb_model.fitting.suggest import suggestions
from ssb_model.fitting.uncertainty import TWO_SIDED, profile_interval, profiles
from ssb_model.results.fit import FitResult
from ssb_model.results.fit_parts import Estimate, FittedSet

TOLD = 8  # suggestions
LOWER = 0.5  # of the misfit, found while following it: the search goes on from there


def fit(
    cell: Cell | str | Path,
    data: DataSet | str | Path | Sequence[DataSet | str | Path],
    vary: Iterable[str] | Mapping[str, Spec],
    engine: str = "scipy",
    method: str = "CMAES",
    starts: int = 1,
    seed: int = 0,
    profile: bool = True,
    suggest: bool | None = None,
    draws: int = 0,
    threads: int | None = None,
    watch: Watch | None = None,
) -> FitResult:
    """Estimates of the parameters ``vary`` names, from all of ``data`` together.

    Data sets are made by ``VoltageData``, ``CapacityData``, ``SpectrumData``, ``GittData`` and
    ``NumberData``, or are files. A parameter's bounds are the range its file declares, or (low,
    high), or a mapping with any of start, low, high, scale, prior and own. The search goes down
    from the cell's own values, or from ``starts`` places; ``engine="pybop"`` looks over all that
    the bounds leave with PyBOP's ``method`` first. ``profile`` follows the misfit to the ends of
    each interval, ``suggest`` ranks further measurements (by default where something is not told
    apart), ``draws`` samples the posterior through PyBOP. Ctrl-C keeps the best so far.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    sets = _data_sets(data)
    said = _check(cell, sets)
    samples = list(dict.fromkeys(one.sample for one in sets if one.sample is not None))
    free = free_parameters(cell, vary, samples)
    problem = Problem(cell, sets, free, threads)
    with Shown(free, watch) as shown:
        found = search(problem, engine, method, starts, seed, shown)
        best, stopped = found.best, found.stopped
        told, loose, more = {}, [], []
        try:
            if not stopped:
                if profile:
                    shown.say("profiles")
                    told = profiles(problem, best.x, best.residuals, best.jacobian)
                    if problem.best[0] < float(best.residuals @ best.residuals) - LOWER:
                        found.best = best = descend(problem, problem.best[1], shown)
                        told = profiles(problem, best.x, best.residuals, best.jacobian)
                    shown.say("a finer mesh")
                    said += mesh_notes(problem, best)
                loose = combinations(problem, best.x, best.residuals, best.jacobian)
                if suggest or (suggest is None and loose):
                    shown.say("what would tell more")
                    directions = [one.vector(free) for one in loose]
                    tried = suggestions(problem, best.x, best.jacobian, directions)
                    more = [one for one in tried if one.helps]
                    if tried and not more:
                        said.append("no single further measurement that was tried would tell more")
        except KeyboardInterrupt:
            stopped = "stopped by hand after the best point was found"
        except SolidStateError as error:
            said.append(f"what would tell more could not be worked out: {error}")
        posterior = None
        try:
            if draws and not stopped:
                posterior = _draws(problem, best, draws, seed)
        except KeyboardInterrupt:
            stopped = "stopped by hand after the best point was found, without draws"
    estimates = _estimates(problem, best, told)
    cells = fitted_cells(problem, best.x)
    return FitResult(
        cell_name=cell.name,
        title=cell.title,
        estimates=estimates,
        sets=_fitted_sets(problem, best),
        correlation=correlation(Directions.of(best.jacobian).covariance),
        profiles=told,
        combinations=[one.sentence for one in loose],
        suggestions=[
            {"experiment": one.experiment, "times_better": one.better, "told": one.sentence}
            for one in more[:TOLD]
        ],
        notes=said + notes(problem, found),
        chi2=float(sum(np.sum(best.residuals[problem.rows(k)] ** 2) for k in range(len(sets)))),
        points=int(problem.sizes.sum()),
        log_likelihood=_log_likelihood(problem, best),
        parameters=len(free) + sum(map(problem.estimates_noise, range(len(sets)))),
        cells=cells,
        changes={
            sample: changes_of(problem, estimates, sample, best.finished and not stopped)
            for sample in cells
        },
        cell_files=cell_files,
        posterior=posterior,
        finished=best.finished and not stopped,
        stopped=stopped,
    )


def _data_sets(data) -> list[DataSet]:
    given = [data] if isinstance(data, (DataSet, str, Path)) else list(data)
    if not given:
        raise InputError("give at least one data set to fit.")
    for one in given:
        if not isinstance(one, (DataSet, str, Path)):
            raise InputError(f"a data set is a file or made by VoltageData and its like: {one!r}.")
    return [one if isinstance(one, DataSet) else read_data_set(one) for one in given]


def _check(cell: Cell, sets: Sequence[DataSet]) -> list[str]:
    """Refuse what cannot be, before anything is solved; what is worth knowing of the data."""
    if cell.state is not None:
        raise InputError("a fit starts from a fresh cell: load it by its name.")
    said = []
    for one in sets:
        one.held(cell)
        said += [f"{one.name}: {note}" for note in one.check(cell)]
    return said


def _estimates(problem: Problem, best: Minimum, told: dict) -> list[Estimate]:
    unsure = deviations(best.jacobian)
    said = remarks(problem, best)
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


def _fitted_sets(problem: Problem, best: Minimum) -> list[FittedSet]:
    fitted = []
    for number, data in enumerate(problem.data):
        sigma = data.sigma(problem.cell) * problem.factor[number]
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


def _log_likelihood(problem: Problem, best: Minimum) -> float:
    """Of the data, their noise taken as normal."""
    total = 0.0
    for number, data in enumerate(problem.data):
        sigma = data.sigma(problem.cell) * problem.factor[number] / np.sqrt(data.weight)
        r = best.residuals[problem.rows(number)]
        total -= 0.5 * float(r @ r + np.sum(np.log(2 * np.pi * sigma**2)))
    return total


def _draws(problem: Problem, best: Minimum, draws: int, seed: int):
    """The posterior in SI."""
    from ssb_model.fitting.posterior import sample

    covariance = Directions.of(best.jacobian).covariance
    drawn = sample(problem, best.x, covariance, draws=draws, seed=seed)
    for one in problem.free:
        drawn[one.label] = [one.value(x) for x in drawn[one.label]]
    return drawn
