"""Fit a cell's parameters to measurements of any kind."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from ssb_model.analysis.gitt_split import two_sided
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError, SolidStateError
from ssb_model.fitting import fit_file, uncertainty
from ssb_model.fitting.data.data_set import DataSet
from ssb_model.fitting.data.reading import data_set, held_otherwise, read_data_set, text_keys
from ssb_model.fitting.descent import Minimum, Watch, descend
from ssb_model.fitting.estimates import (
    changes_of,
    estimates_of,
    fitted_cells,
    fitted_sets,
    held_out,
    log_likelihood,
    parted,
    predicted_sets,
)
from ssb_model.fitting.free import Spec, free_parameters
from ssb_model.fitting.notes import mesh_notes, notes, whole_notes
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.search import Shown, search
from ssb_model.fitting.separation import combinations, suggestions
from ssb_model.quantities.typed import each_once
from ssb_model.verbs.fit_result import FitResult
from ssb_model.verbs.options import Option, Temperature

KEPT = 8  # suggestions
SHORT = {"pressure": "Stack pressure [MPa]", "temperature": "Temperature [degC]"}
LOWER = 0.5  # of the misfit, found while following it: the search goes on from there


def fit(
    cell: Cell | str | Path,
    data: DataSet | str | Path | Sequence[DataSet | str | Path],
    vary: Iterable[str] | Mapping[str, Spec],
    engine: Annotated[
        str, Option("scipy, or pybop to look everywhere first", metavar="NAME")
    ] = "scipy",
    method: Annotated[str, Option("of PyBOP; {default} if left out", metavar="NAME")] = "CMAES",
    starts: Annotated[
        int, Option("places all over the bounds to start from, {default}", metavar="N")
    ] = 1,
    seed: Annotated[int, Option("of starts and draws, {default}", metavar="N")] = 0,
    profile: Annotated[
        bool,
        Option(
            "intervals from the slopes alone, which is quicker", ("--no-profile",), switch=False
        ),
    ] = True,
    suggest: Annotated[
        bool | None, Option("rank further measurements even where all is told apart", switch=True)
    ] = None,
    draws: Annotated[int, Option("draw the posterior through PyBOP", metavar="N")] = 0,
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
    cell = load_cell(cell)
    sets = _data_sets(data)
    said = _check(cell, sets)
    sets, left_out = parted(sets)
    samples = list(dict.fromkeys(one.sample for one in sets if one.sample is not None))
    free = free_parameters(cell, vary, samples)
    problem = Problem.of(cell, sets, free, threads)
    with Shown(free, watch) as shown, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "While solving .* extrapolation occurred")  # on the way
        found = search(problem, engine, method, starts, seed, shown)
        best, stopped = found.best, found.stopped
        followed, loose, more = None, [], []
        try:
            if not stopped:
                if profile:
                    shown.say("profiles")
                    followed = _followed(best)
                    if followed.fall > LOWER:
                        best = descend(best.problem, followed.lowest, shown)
                        found = replace(found, best=best)
                        followed = _followed(best)
                    shown.say("a finer mesh")
                    said += mesh_notes(best)
                loose = combinations(*best.all)
                if suggest or (suggest is None and loose):
                    shown.say("what would tell more")
                    directions = [one.vector(free) for one in loose]
                    tried = suggestions(best.problem, best.x, best.jacobian, directions)
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
                posterior = _draws(best, draws, seed)
        except KeyboardInterrupt:
            stopped = "stopped by hand after the best point was found, without draws"
    problem = best.problem
    beside, told = predicted_sets(best, left_out)
    said += told
    shown_sets = [*fitted_sets(best), *beside]
    for one, seen in zip([*sets, *left_out], shown_sets, strict=False):
        said += [f"{one.name}: {words}" for words in one.afterthoughts(seen.table)]
    estimates = estimates_of(best, followed)
    along = {} if followed is None else followed.tables
    cells = fitted_cells(problem, best.x)
    return FitResult(
        estimates=estimates,
        sets=shown_sets,
        correlation=uncertainty.correlation(uncertainty.Directions.of(best.jacobian).covariance),
        profiles=along,
        combinations=[one.sentence for one in loose],
        suggestions=[
            {"experiment": one.experiment, "times_better": one.better, "told": one.sentence}
            for one in more[:KEPT]
        ],
        notes=said + whole_notes(best, followed, estimates) + notes(found),
        chi2=best.misfit,
        points=problem.points,
        log_likelihood=log_likelihood(best),
        parameters=len(free) + sum(map(problem.estimates_noise, range(len(sets)))),
        given=cell,
        cells=cells,
        changes={
            sample: changes_of(problem, estimates, sample, best.finished and not stopped)
            for sample in cells
        },
        posterior=posterior,
        finished=best.finished and not stopped,
        stopped=stopped,
    )


def _followed(best: Minimum) -> uncertainty.Profiles:
    return uncertainty.profiles(*best.all, wanted=two_sided(best.problem.freedom) ** 2)


def from_shell(
    cell: str,
    change: Callable[[Cell], Cell],
    reserve: Callable[[], None],
    data: Annotated[
        list[str],
        Option(
            'a measured file and its conditions, as "eis.csv,pressure=5,soc=0.5,noise=1": MPa, '
            "degrees Celsius, noise in mV of a record and % of all else; or a number, as "
            '"quantity=Positive electrode interface capacitance [uF.cm-2],value=310"; may be '
            "repeated",
            metavar="FILE[,KEY=VALUE...]",
        ),
    ] = (),
    vary: Annotated[
        list[str],
        Option(
            "a parameter to fit, in SI, within the range its file declares or these bounds; may "
            "be repeated",
            metavar='"NAME [UNIT]"[=LOW..HIGH]',
        ),
    ] = (),
    hold_out: Annotated[
        list[str],
        Option(
            "data by file or label that are not fitted but predicted by the fit, which tells what "
            "it is good for; may be repeated",
            metavar="NAME",
        ),
    ] = (),
    stack_pressure: Annotated[
        float | None, Option("stack pressure of data that name none", ("--pressure",), unit="MPa")
    ] = None,
    temperature: Temperature = None,
    **choices: Any,
) -> FitResult:
    """What is typed, over what the fit file says that may stand in place of a cell."""
    file = (
        fit_file.read_fit_file(cell)
        if fit_file.is_fit_file(cell)
        else fit_file.FitRequest(load_cell(cell), [], {}, {})
    )
    fitted = change(file.cell)
    bounds = file.vary | each_once([_bounds(text) for text in vary])
    choices = fit_file.check_choices(file.choices | choices)
    if not data and not file.data:
        raise InputError('give at least one --data FILE, as --data "eis.csv,soc=0.5".')
    if not bounds:
        raise InputError("give at least one --vary \"NAME [UNIT]\"; 'ssb show' lists the names.")
    sets = [
        held_otherwise(one, stack_pressure, temperature)
        for one in [*file.data, *map(_data_set, data)]
    ]
    sets = held_out(sets, hold_out)
    fit_file.check_own(bounds, sets)
    reserve()
    return fit(fitted, sets, bounds, **choices)


def _data_set(text: str) -> DataSet:
    """Of "eis.csv,pressure=5,soc=0.5"."""
    first, *rest = text.split(",")
    if "=" in first and not Path(first).is_file():
        rest, given = [first, *rest], {}
    else:
        given = {"file": first.strip()}
    try:
        for part in rest:
            key, value = _pair(part)
            if key in given:
                raise InputError(f"{key} is given twice.")
            given[key] = value
        return data_set(given, Path())
    except SolidStateError as error:
        raise InputError(f"--data '{text}': {error}") from None


def _pair(part: str) -> tuple[str, Any]:
    """("Stack pressure [MPa]", 5.0) from "pressure=5"."""
    key, equals, value = (word.strip() for word in part.partition("="))
    if not equals:
        raise InputError(f"write '{part}' as key=value.")
    key = SHORT.get(key, key.replace("-", "_"))
    if key in text_keys():
        return key, value
    if value in ("true", "false"):
        return key, value == "true"
    for kind in (int, float):
        try:
            return key, kind(value)
        except ValueError:
            continue
    return key, value


def _bounds(text: str) -> tuple[str, tuple[float, float] | None]:
    """("Name [unit]", (0.01, 2.0)) from "Name [unit]=0.01..2", no bounds from the name alone."""
    name, equals, bounds = text.rpartition("=")
    if not equals:
        return text.strip(), None
    try:
        low, high = map(float, bounds.split(".."))
    except ValueError:
        raise InputError(
            f"--vary '{text}': write bounds as \"Name [unit]=0.01..2\", in SI."
        ) from None
    return name.strip(), (low, high)


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


def _draws(best: Minimum, draws: int, seed: int):
    """The posterior in SI."""
    from ssb_model.fitting.pybop_engine import sample

    covariance = uncertainty.Directions.of(best.jacobian).covariance
    drawn = sample(best.problem, best.x, covariance, draws=draws, seed=seed)
    for one in best.problem.free:
        drawn[one.label] = [one.value(x) for x in drawn[one.label]]
    return drawn
