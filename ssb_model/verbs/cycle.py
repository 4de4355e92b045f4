"""Cycle a cell many times; a run that is cut off goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at, pressures_of
from ssb_model.cell.identity import cell_identity
from ssb_model.cell.state import State
from ssb_model.engine.bench import Bench
from ssb_model.engine.outcome import Cycle
from ssb_model.engine.small_signal import SmallSignalBench
from ssb_model.errors import InputError, SolveError
from ssb_model.experiments.cycling import cycles
from ssb_model.quantities.checks import check_positive, check_several, check_whole
from ssb_model.results.cycling import CyclingResult, cycle_row, spectrum_rows
from ssb_model.results.cycling_set import CyclingSet
from ssb_model.system.cycle_journal import Journal, Stored
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs.discharge import bench_for
from ssb_model.verbs.impedance import FREQUENCIES, PER_DECADE, between

REST = 600.0  # s between the end of a charge and its spectrum


def cycle(
    cell: Cell | str | Path,
    count: int = 100,
    c_rate: float = 0.2,
    charge_rate: float | None = None,
    cv_until: float | None = 0.05,
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | None = None,
    impedance_every: int | None = None,
    impedance_frequencies: Sequence[float] | None = None,
    journal: str | Path | None = None,
    fresh: bool = False,
) -> CyclingResult | CyclingSet:
    """Charge and discharge a cell ``count`` times under a stack pressure [Pa], or under several.

    Charges run at ``charge_rate``, by default the discharges' ``c_rate``, to the upper cut-off
    and stay there until the C-rate ``cv_until`` (none: constant current alone). The first starts
    from rest at 0 %, or from where an earlier run left the cell. At cycle 1, every
    ``impedance_every`` cycles and at the last, a copy of the charged cell rests ten minutes and
    gives a spectrum (Hz, by default as ``impedance``); the cycling goes on unmarked by it.

    With ``journal``, the path of a file, each cycle is kept there as soon as it is whole: the
    same call goes on where the last one ended, for whatever reason, and beyond it with a higher
    ``count``. ``fresh`` empties the journal first. The mesh is the coarse one unless the cell's
    option says otherwise. The result's ``cell_after`` is the cell as the last whole cycle left it.

    Several pressures give a set of results, one fresh cell and one journal each ("run.sqlite"
    becomes "run_5MPa.sqlite").
    """
    if stack_pressure is not None and np.ndim(stack_pressure):
        how = {"temperature": temperature, "impedance_every": impedance_every, "fresh": fresh}
        how["impedance_frequencies"] = impedance_frequencies
        rates = (count, c_rate, charge_rate, cv_until)
        return _under_each(cell, rates, stack_pressure, journal, how)
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    if cell.window is None:
        raise InputError("a symmetric cell has no cut-offs to cycle between; take the full cell.")
    check_whole("the number of cycles", count)
    if fresh and journal is None:
        raise InputError("there is no journal to start anew: give one (--out FOLDER keeps it).")
    charge_rate = c_rate if charge_rate is None else charge_rate
    held = held_at(cell, stack_pressure, temperature)
    how: dict[str, Any] = {
        "c_rate": check_positive("the C-rate", c_rate),
        "charge_c_rate": check_positive("the charge rate", charge_rate),
        "cv_until": None if cv_until is None else check_positive("cv_until", cv_until),
        "stack_pressure_MPa": held[0] / 1e6,
        "temperature_C": held[1] - 273.15,
        "impedance_every": impedance_every,
        "impedance_frequencies_Hz": [],
    }
    if impedance_every is not None:
        check_whole("the number of cycles between spectra", impedance_every)
        how["impedance_frequencies_Hz"] = _checked(impedance_frequencies)
    cell = cell.on_mesh("coarse")
    identity = {"cell": cell.name, **how, **cell_identity(cell)}
    with Journal(journal, identity, fresh) as log:
        bench = bench_for(cell)
        failed, stopped = _go_on(cell, bench, count, how, held, log)
        after = replace(cell, state=bench.restored(*log.state)) if log.state else cell
        rows = [*log.rows, *failed]
        return CyclingResult.build(cell, rows, log.spectra, how, stopped, log.path, after)


def _under_each(cell, rates, pressures, journal, how) -> CyclingSet:
    """One run a pressure; a hand that stops one stops those after it."""
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    pressures = pressures_of(cell, pressures, how["temperature"])
    names = {f"{pressure / 1e6:g}" for pressure in pressures}
    if journal is not None and len(names) < len(pressures):
        raise InputError("pressures so near to one another share a journal: run each by itself.")
    results: list[CyclingResult] = []
    for pressure in pressures:
        path = journal and Path(journal)
        if path is not None:
            path = path.with_stem(f"{path.stem}_{pressure / 1e6:g}MPa")
        results.append(cycle(cell, *rates, float(pressure), journal=path, **how))
        if results[-1].stopped == BY_HAND:
            break
    return CyclingSet(results)


def _go_on(
    cell: Cell,
    bench: Bench,
    count: int,
    how: dict[str, Any],
    held: tuple[float, float],
    log: Journal,
) -> tuple[list[dict[str, Any]], str]:
    """The cycles the journal has not yet; gives the row of one that failed, and why it ended."""
    done = log.rows
    if len(done) > count:
        raise InputError(
            f"{log.path} holds {len(done)} cycles of this run already: ask for as many, or more."
        )
    state = bench.restored(*log.state) if done else cell.state
    spectra = Spectra(cell, bench, held, how["impedance_frequencies_Hz"])
    one_c = cell.design.nominal_capacity / 3600
    until = None if how["cv_until"] is None else how["cv_until"] * one_c
    runs = cycles(
        bench,
        state,
        count - len(done),
        how["c_rate"] * one_c,
        held,
        until,
        charging=how["charge_c_rate"] * one_c,
        first=len(done) + 1,
    )
    first = done[0] if done else None
    try:
        for cycle in progress(runs, count - len(done), "cycling"):
            row = cycle_row(cycle, cell, how, first)
            if cycle.failed:
                return [row], f"cycle {cycle.number}: {cycle.failed}"
            first = first or row
            due = _due(cycle.number, how["impedance_every"], count)
            log.add(row, spectra.after_charge(cycle) if due else [], _numbers(cycle.state))
    except KeyboardInterrupt:
        return [], BY_HAND
    return [], ""


class Spectra:
    """Spectra of charged cells, on copies of their states."""

    def __init__(self, cell: Cell, bench: Bench, held: tuple[float, float], frequencies):
        self.cell, self.bench, self.held = cell, bench, held
        self.frequencies = np.array(frequencies)

    @cached_property
    def small_signal(self) -> SmallSignalBench:
        """On the mesh made for it, to which states are carried."""
        return SmallSignalBench(self.cell, "graded")

    def after_charge(self, cycle: Cycle) -> list[dict[str, Any]]:
        """One row a frequency."""
        charged = self.bench.state(cycle.charge)
        rested = self.bench.run(0.0, *self.held, after=charged, longest=REST)
        if rested.solution is None:
            raise SolveError(
                f"no spectrum at cycle {cycle.number} ({rested.stopped_by}; {rested.detail}): "
                "cycle without impedance; another journal, or a fresh one, takes that run."
            )
        settled = self.small_signal.settled(self.bench.state(rested), 0.0, self.held)
        Z = self.small_signal.linearised(settled).impedance(self.frequencies)
        return spectrum_rows(cycle.number, self.frequencies, Z)


def _due(number: int, every: int | None, count: int) -> bool:
    """Whether a cycle gets a spectrum."""
    return every is not None and (number in (1, count) or number % every == 0)


def _numbers(state: State) -> Stored:
    solution = state.solution
    inputs = {name: float(np.ravel(value)[0]) for name, value in solution.all_inputs[-1].items()}
    return Stored(np.ravel(solution.y[:, -1]), float(solution.t[-1]), inputs)


def _checked(frequencies: Sequence[float] | None) -> list[float]:
    """From high to low [Hz]."""
    if frequencies is None:
        return between(FREQUENCIES, PER_DECADE).tolist()
    given = check_several("frequencies of the impedance", frequencies)
    return sorted((check_positive("a frequency of the impedance", f) for f in given), reverse=True)
