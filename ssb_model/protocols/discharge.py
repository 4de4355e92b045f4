"""Charge a cell, discharge it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ssb_model.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.outcome import Segment
from ssb_model.parameters.checks import check_positive, check_pressure, check_temperature
from ssb_model.results.discharge import DischargeResult
from ssb_model.simulate import Bench


def bench_for(cell: Cell) -> Bench:
    """The bench a cell with a state ran on, else a new one from rest at 0 %."""
    if cell.state is not None:
        return cell.state.bench
    return Bench(cell.at_soc(0))


def discharge(
    cell: Cell | str | Path,
    c_rate: float = 0.1,
    stack_pressure: float | None = None,
    temperature: float | None = None,
    charge_rate: float | None = None,
    from_full: bool = False,
    cv_until: float | None = None,
) -> DischargeResult:
    """Discharge a cell at constant current after a charge at constant current.

    The charge starts from rest at 0 %, or from where an earlier run left the cell, and goes to
    the upper cut-off at ``charge_rate``, by default the discharge's own; ``from_full`` starts
    from rest at 100 % instead. With ``cv_until`` the charge goes on at the upper cut-off until
    the current has fallen to that C-rate. Pressure in Pa, temperature in K, by default the
    cell's own. The result's ``cell_after`` is the cell as the run left it: press it again, run
    it on.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    held = held_at(cell, stack_pressure, temperature)
    how = (c_rate, charge_rate, cv_until, from_full)
    _, result = charged_and_discharged(cell, held, *how)
    return result


def charged_and_discharged(
    cell: Cell,
    held: tuple[float, float],
    c_rate: float,
    charge_rate: float | None,
    cv_until: float | None,
    from_full: bool,
) -> tuple[Segment, DischargeResult]:
    """The discharge itself and what is told of it."""
    if cell.window is None:
        raise InputError("a symmetric cell has no discharge; solve its model with PyBaMM.")
    check_positive("the C-rate", c_rate)
    one_c = cell.design.nominal_capacity / 3600
    if from_full:
        if cell.state is not None:
            raise InputError("a cell that has run is not at rest at 100 %: leave out from_full.")
        charge_rate, charge = None, None
        bench = Bench(cell.at_soc(1))
        run = bench.run(c_rate * one_c, *held)
    else:
        charge_rate = c_rate if charge_rate is None else charge_rate
        check_positive("the charge rate", charge_rate)
        bench = bench_for(cell)
        until = None if cv_until is None else check_positive("cv_until", cv_until) * one_c
        charge = bench.charge(charge_rate * one_c, *held, after=cell.state, cv_until=until)
        run = charge
        if charge.solution is not None:
            run = bench.run(c_rate * one_c, *held, after=bench.state(charge))
    last = run if run.solution is not None else charge
    ran = last is not None and last.solution is not None
    cell_after = replace(cell, state=bench.state(last)) if ran else cell
    rates = (c_rate, charge_rate, cv_until)
    return run, DischargeResult.build(cell, run, charge, *rates, *held, cell_after)


def held_at(
    cell: Cell, stack_pressure: float | None, temperature: float | None
) -> tuple[float, float]:
    """Stack pressure and temperature of a run, checked; the cell's own where none is given."""
    if stack_pressure is not None:
        cell.check_no_profile()
    else:
        stack_pressure = cell.entries["Stack pressure [Pa]"].value
    if temperature is None:
        temperature = cell.entries["Ambient temperature [K]"].value
    return check_pressure("the stack pressure", stack_pressure), check_temperature(temperature)
