"""Age a cell, then step its stack pressure and see what each step does to its contacts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at
from ssb_model.cell.state import State
from ssb_model.engine.bench import Bench
from ssb_model.engine.gauges import gauge_row
from ssb_model.engine.outcome import StoppedBy
from ssb_model.errors import InputError
from ssb_model.experiments.cycling import cycles
from ssb_model.quantities.checks import (
    check_positive,
    check_pressure,
    check_several,
    check_whole,
)
from ssb_model.results.pressure_steps import PressureStepsResult, cycle_row, discharge_row
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND

READING_RATE = 0.05  # C-rate of the charge to half, so slow that aged cells get there
REST = 3600.0  # s at half charge before the first reading


def pressure_steps(
    cell: Cell | str | Path,
    steps: float | Sequence[float],
    cycles_before: int = 0,
    cycle_rate: float = 0.2,
    discharge_rate: float = 0.1,
    cycle_pressure: float | None = None,
    temperature: float | None = None,
    cycle_cv_until: float | None = 0.05,
) -> PressureStepsResult:
    """Resistances, capacitances, contact and capacity along a sequence of stack pressures [Pa].

    The cell is cycled ``cycles_before`` times at ``cycle_rate`` under ``cycle_pressure`` (by
    default the first step's; charges go on at constant voltage to the C-rate
    ``cycle_cv_until``, none for constant current alone), charged to half and rested. At each
    step the stack is set to the pressure; what a small signal would see is read from the state
    itself. A charge and a discharge at ``discharge_rate`` under that pressure follow on a copy,
    so that the capacity of one step leaves no mark on the next.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    pressures = [
        check_pressure("a pressure step", step) for step in check_several("pressure steps", steps)
    ]
    cell.check_no_profile()
    if cell.window is None or cell.state is not None:
        raise InputError("pressure steps start from a fresh, full cell: load it by its name.")
    check_whole("the number of cycles before", cycles_before, least=0)
    one_c = cell.design.nominal_capacity / 3600
    cycling = check_positive("the cycle rate", cycle_rate) * one_c
    discharging = check_positive("the discharge rate", discharge_rate) * one_c
    aged_at = pressures[0] if cycle_pressure is None else cycle_pressure
    held = held_at(cell, aged_at, temperature)
    until = None
    if cycle_cv_until is not None:
        until = check_positive("cycle_cv_until", cycle_cv_until) * one_c

    bench = Bench(cell.at_soc(0))
    state: State | None = None
    aged: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    stopped = read_at = ""
    try:
        ageing = cycles(bench, None, cycles_before, cycling, held, until)
        for cycle in progress(ageing, cycles_before, "cycling"):
            if cycle.failed:
                stopped = f"cycle {cycle.number}: {cycle.failed}"
                break
            state = cycle.state
            aged.append(cycle_row(cycle, cell))
        state, read_at = _half_charged(bench, state, READING_RATE * one_c, held)
        for number, pressure in enumerate(progress(pressures, len(pressures), "pressure steps"), 1):
            state = state.press(pressure, cell.contact_laws)
            row = {"step": number, "stack_pressure_MPa": pressure / 1e6}
            row |= gauge_row(state, cell)
            branch = next(cycles(bench, state, 1, discharging, (pressure, held[1])))
            rows.append(row | discharge_row(branch, cell, discharge_rate))
    except KeyboardInterrupt:
        stopped = BY_HAND
    return PressureStepsResult.build(
        cell, rows, aged, (cycle_rate, cycle_cv_until), held, read_at, stopped
    )


def _half_charged(bench: Bench, state: State | None, current: float, held) -> tuple[State, str]:
    """At rest half way between the window's lithium contents; says how far it came."""
    cell = bench.cell
    sto, half = cell.window.positive_empty, cell.window.at(0.5)[1]
    if state is not None:
        sto = float(np.ravel(state.solution["Positive electrode stoichiometry"].entries)[-1])
    room = cell.design.positive.connected_capacity * (sto - half)
    if room <= 0:  # faded so far that it never falls below half
        return bench.rested(state, REST, *held), "end of the last discharge, rested"
    charged = bench.run(-current, *held, after=state, longest=room / current)
    if charged.solution is None:
        raise InputError(
            f"the cell cannot be charged for the readings ({charged.stopped_by}): fewer cycles, a "
            "lower cycle rate or a higher cycle pressure may let it."
        )
    full = charged.stopped_by == StoppedBy.UPPER_CUTOFF
    read_at = "upper cut-off short of half charge, rested" if full else "half charge, rested"
    return bench.rested(bench.state(charged), REST, *held), read_at
