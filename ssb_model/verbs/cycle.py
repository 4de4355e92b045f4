"""Cycle a cell many times; a run that is cut off goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from ssb_model.analysis.spectrum import OHM_CM2, spectrum_rows
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import State, held_at, held_row, pressures_of
from ssb_model.cell.points import on_points
from ssb_model.cell.saving import cell_identity
from ssb_model.engine.engine import Engine
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.errors import InputError, SolveError
from ssb_model.experiments.experiment import Cycle, Experiment, Held, cycles, stages, whole
from ssb_model.experiments.schedule import Schedule
from ssb_model.measured.of_a_cell import measured_curves
from ssb_model.quantities.checks import check_positive, check_rate, check_several, check_whole
from ssb_model.quantities.units import in_unit, said
from ssb_model.studies.bands import Course, Told, banded
from ssb_model.studies.runs import Settings
from ssb_model.system.journals import Journal, Stored
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import options as opt
from ssb_model.verbs.cycle_result import CyclingResult, CyclingSet, cycle_row
from ssb_model.verbs.discharge import engine_for, opened
from ssb_model.verbs.drawn import checked_conditions
from ssb_model.verbs.impedance import FREQUENCIES, PER_DECADE, between
from ssb_model.verbs.options import Option

REST = 600.0  # s between the end of a charge and its spectrum


def cycle(
    cell: Cell | str | Path,
    count: Annotated[int, Option("in all, {default}", ("--cycles",), metavar="N")] = 100,
    c_rate: Annotated[float, Option("of the discharges, {default}", unit="C")] = 0.2,
    charge_rate: Annotated[
        float | None, Option("C-rate of the charges; as the discharges if left out", unit="C")
    ] = None,
    cv_until: Annotated[
        float | None,
        Option(
            "hold the upper cut-off after each charge until this C-rate; {default} if left out",
            unit="C",
            metavar="C",
            without=("--no-cv", "charges of constant current alone"),
        ),
    ] = 0.05,
    stack_pressure: opt.StackPressures = None,
    temperature: opt.Temperature = None,
    impedance_every: Annotated[
        int | None,
        Option(
            "a spectrum of the charged cell at cycle 1, every K cycles and at the last", metavar="K"
        ),
    ] = None,
    impedance_frequencies: Sequence[float] | None = None,
    journal: str | Path | None = None,
    fresh: opt.Fresh = False,
    ageing: opt.Ageing = True,
    first_charge: opt.FirstCharge = False,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    measured: opt.Measured = None,
    formation_pressure: opt.FormationPressure = None,
    formation_cycles: opt.FormationCycles = None,
    repress_pressure: opt.RepressPressure = None,
    repress_every: opt.RepressEvery = None,
) -> CyclingResult | CyclingSet:
    """Charge and discharge a cell ``count`` times under a stack pressure [Pa], or under several.

    Charges run at ``charge_rate``, by default the discharges' ``c_rate``, to the upper cut-off
    and stay there until the C-rate ``cv_until`` (none: constant current alone). The first starts
    from rest at 0 %, or from where an earlier run left the cell. At cycle 1, every
    ``impedance_every`` cycles and at the last, a copy of the charged cell rests ten minutes and
    gives a spectrum (Hz, by default as ``impedance``); the cycling goes on unmarked by it.

    With ``journal``, the path of a file, each cycle is kept there as soon as it is whole: the
    same call goes on where the last one ended, for whatever reason, and beyond it with a higher
    ``count``. ``fresh`` empties the journal first. The mesh is what the cell asks for.
    The result's ``cell_after`` is the cell as the last whole cycle left it.

    The cell ages as its file declares under [ageing], unless ``ageing`` is false; options chosen
    by hand win. With ``first_charge`` cycle 1 is the first of the cell as it was put together.

    The first ``formation_cycles`` (3) run under ``formation_pressure`` [Pa] where one is given.
    After every ``repress_every`` cycles the resting cell is pressed to ``repress_pressure`` [Pa]
    for a moment and set back. Contact remembers both.

    Several pressures give a set of results, one fresh cell and one journal each ("run.sqlite"
    becomes "run_5MPa.sqlite"). ``samples``, ``seed`` and ``measured`` as in ``discharge``; draws
    are in no journal and give no spectra.
    """
    if stack_pressure is not None and np.ndim(stack_pressure):
        how = {"temperature": temperature, "impedance_every": impedance_every, "fresh": fresh}
        how |= {"first_charge": first_charge}
        how |= {"impedance_frequencies": impedance_frequencies, "ageing": ageing}
        how |= {"samples": samples, "seed": seed, "measured": measured}
        how |= {"formation_pressure": formation_pressure, "formation_cycles": formation_cycles}
        how |= {"repress_pressure": repress_pressure, "repress_every": repress_every}
        rates = (count, c_rate, charge_rate, cv_until)
        return _under_each(cell, rates, stack_pressure, journal, how)
    cell = load_cell(cell)
    if cell.window is None:
        raise InputError("a symmetric cell has no cut-offs to cycle between; take the full cell.")
    check_whole("the number of cycles", count)
    charge_rate = c_rate if charge_rate is None else charge_rate
    held = held_at(cell, stack_pressure, temperature)
    asked = (formation_pressure, formation_cycles, repress_pressure, repress_every)
    schedule = Schedule.of(cell, held[0], *asked)
    how: dict[str, Any] = {
        "C-rate": check_rate("the C-rate", c_rate),
        "Charge C-rate": check_rate("the charge rate", charge_rate),
        "CV until": None if cv_until is None else check_rate("cv_until", cv_until),
        **held_row(*held),
        "Impedance every": impedance_every,
        "Impedance frequencies [Hz]": [],
    }
    if impedance_every is not None:
        check_whole("the number of cycles between spectra", impedance_every)
        how["Impedance frequencies [Hz]"] = _checked(impedance_frequencies)
    if first_charge:
        how["First charge"] = True
    how |= {} if schedule is None else schedule.shown
    settings = Settings(charge_rate, cv_until=cv_until)
    conditions = checked_conditions(cell, samples, seed, measured, held, settings)
    as_drawn = cell.that_ages() if ageing else cell
    cell = on_points(as_drawn, max(c_rate, charge_rate), held[1])
    identity = {"cell": cell.name, **how, **cell_identity(cell)}
    with Journal(journal, identity, fresh) as log:
        engine = engine_for(cell, first_charge)
        failed, stopped = _go_on(cell, engine, count, how, held, log, schedule)
        after = replace(cell, state=engine.restored(*_last(engine, log))) if log.state else cell
        rows = [*log.rows, *failed]
        told = (how, stopped, log.path, after, schedule)
        nominal = CyclingResult.build(cell, rows, log.spectra, *told)
    if not samples or nominal.stopped == BY_HAND:
        return nominal

    def drawn(one: Cell) -> Experiment[list[Told]]:
        rates = (how["C-rate"], how["Charge C-rate"], how["CV until"])
        rows: list[dict[str, Any]] = []

        def told(cycle: Cycle) -> Told:
            rows.append(cycle_row(cycle, one, how, rows))
            return Told(rows[-1])

        runs = cycles(Held(one, *held), count, *rates, schedule=schedule, first_charge=first_charge)
        return whole(runs, told)

    course = Course(drawn, key=("Cycle",), opened=opened(first_charge))
    bands = banded(as_drawn, course, samples, seed, conditions)
    return replace(nominal, bands=bands, stopped=bands.stopped or nominal.stopped)


def _under_each(cell, rates, pressures, journal, how) -> CyclingSet:
    """One run a pressure; a hand that stops one stops those after it."""
    cell = load_cell(cell)
    pressures = pressures_of(cell, pressures, how["temperature"])
    names = {said(pressure, "MPa") for pressure in pressures}
    if journal is not None and len(names) < len(pressures):
        raise InputError("pressures so near to one another share a journal: run each by itself.")
    results: list[CyclingResult] = []
    for pressure in pressures:
        path = journal and Path(journal)
        if path is not None:
            path = path.with_stem(f"{path.stem}_{in_unit(pressure, 'MPa'):g}MPa")
        results.append(cycle(cell, *rates, float(pressure), journal=path, **how))
        if results[-1].stopped == BY_HAND:
            break
    return CyclingSet(results)


def _go_on(
    cell: Cell,
    engine: Engine,
    count: int,
    how: dict[str, Any],
    held: tuple[float, float],
    log: Journal,
    schedule: Schedule | None,
) -> tuple[list[dict[str, Any]], str]:
    """The cycles the journal has not yet; gives the row of one that failed, and why it ended."""
    done = log.rows
    if len(done) > count:
        raise InputError(
            f"{log.path} holds {len(done)} cycles of this run already: ask for as many, or more."
        )
    state = engine.restored(*_last(engine, log)) if done else cell.state
    spectra = Spectra(cell, engine, Held(cell, *held), how["Impedance frequencies [Hz]"])
    runs = cycles(
        Held(cell, *held),
        count - len(done),
        how["C-rate"],
        how["Charge C-rate"],
        how["CV until"],
        state,
        first=len(done) + 1,
        first_charge="First charge" in how,
        schedule=schedule,
    )
    before = [*done]
    try:
        for cycle in progress(stages(engine, runs), count - len(done), "cycling"):
            row = cycle_row(cycle, cell, how, before)
            if cycle.failed:
                return [row], f"cycle {cycle.number}: {cycle.failed}"
            before.append(row)
            due = _due(cycle.number, how["Impedance every"], count)
            log.add(row, spectra.after_charge(cycle) if due else [], _numbers(cycle.state))
    except KeyboardInterrupt:
        return [], BY_HAND
    return [], ""


def _last(engine: Engine, log: Journal) -> Stored:
    """The state a journal holds, if it is one of this engine's."""
    form = engine.current_form
    return log.restored(form.resting.len_rhs_and_alg, form.inputs)


class Spectra:
    """Spectra of charged cells, on copies of their states."""

    def __init__(self, cell: Cell, engine: Engine, held: Held, frequencies):
        self.cell, self.engine, self.held = cell, engine, held
        self.frequencies = np.array(frequencies)

    @cached_property
    def small_signal(self) -> SmallSignal:
        """On the mesh made for it, to which states are carried."""
        return SmallSignal(self.cell, mesh="graded")

    def after_charge(self, cycle: Cycle) -> list[dict[str, Any]]:
        """One row a frequency."""
        (rested,) = self.engine.run([self.held.step(start=cycle.charge.state, longest=REST)])
        if rested.solution is None:
            raise SolveError(
                f"no spectrum at cycle {cycle.number} ({rested.stopped_by}; {rested.detail}): "
                "cycle without impedance; another journal, or a fresh one, takes that run."
            )
        settled = self.small_signal.settled(self.held.step(start=rested.state))
        Z = self.small_signal.linearised(settled).impedance(self.frequencies)
        per_area = {part: OHM_CM2 * one for part, one in Z.items()}
        rows = spectrum_rows(self.frequencies, per_area)
        return [{"Cycle": cycle.number, **row} for row in rows]


def _due(number: int, every: int | None, count: int) -> bool:
    """Whether a cycle gets a spectrum."""
    return every is not None and (number in (1, count) or number % every == 0)


def _numbers(state: State) -> Stored:
    solution = state.solution
    return Stored(np.ravel(solution.y[:, -1]), float(solution.t[-1]), state.inputs)


def _checked(frequencies: Sequence[float] | None) -> list[float]:
    """From high to low [Hz]."""
    if frequencies is None:
        return between(FREQUENCIES, PER_DECADE).tolist()
    given = check_several("frequencies of the impedance", frequencies)
    return sorted((check_positive("a frequency of the impedance", f) for f in given), reverse=True)


def from_shell(
    cell: Cell,
    data: Annotated[
        list[Path], Option(opt.beside("a measured record of cycles"), metavar="FILE")
    ] = (),
    stack_pressure: opt.StackPressures = None,
    **arguments: Any,
) -> CyclingResult | CyclingSet:
    """Cycles under one pressure or several, measured ones beside them."""
    curves = [one for path in data for one in measured_curves(path, cell)]
    if stack_pressure is not None and len(stack_pressure) == 1:
        (stack_pressure,) = stack_pressure
    return cycle(cell, stack_pressure=stack_pressure, **arguments).beside(*curves)
