"""What limits a cell: the voltage lost in a discharge, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at, pressures_of
from ssb_model.quantities.checks import check_positive, check_several
from ssb_model.results.limits import LimitsResult, Losses
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND, stop_is_heard
from ssb_model.verbs.discharge import (
    Drive,
    bench_for,
    bench_full,
    check_no_charge,
    discharged_from_full,
)


def limits(
    cell: Cell | str | Path,
    c_rates: float | Sequence[float] = 0.5,
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | None = None,
    charge_rate: float | None = None,
    from_full: bool = False,
    cv_until: float | None = None,
) -> LimitsResult:
    """Split the overpotential of a discharge over separator, ions, electrons, reaction, ...

    A charge and a discharge at each C-rate and stack pressure [Pa], each from where the cell
    is (a fresh one from rest at 0 %); the charge as in ``discharge``. The loss is the
    difference to rest at the same lithium contents, and its parts sum to it; what hysteresis
    costs is in none of them.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    rates = [check_positive("a C-rate", rate) for rate in check_several("C-rates", c_rates)]
    pressures = pressures_of(cell, stack_pressure, temperature)
    if from_full:
        check_no_charge(charge_rate, cv_until)
    Drive(rates[0], charge_rate, cv_until)  # checked before the first run
    steps = [(pressure, rate) for pressure in pressures for rate in rates]
    bench = bench_full(cell) if from_full else bench_for(cell)
    runs: list[Losses] = []
    stopped = ""
    try:
        for pressure, rate in progress(steps, len(steps), "limits"):
            held = held_at(cell, pressure, temperature)
            with stop_is_heard():
                if from_full:
                    segment, discharge = discharged_from_full(cell, bench, rate, held)
                else:
                    segment, discharge = Drive(rate, charge_rate, cv_until).on(cell, bench, held)
                run = Losses.build(cell, segment, discharge)
            runs.append(run)
    except KeyboardInterrupt:
        stopped = BY_HAND
    return LimitsResult(cell.name, cell.title, runs, stopped)
