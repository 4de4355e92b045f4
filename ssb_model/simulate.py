"""A cell and a current, run to an outcome: always a reason, never a bare solver code."""

from __future__ import annotations

from pathlib import Path

import pybamm

from ssb_model.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.outcome import Segment, StoppedBy
from ssb_model.parameters.checks import check_positive, check_pressure, check_temperature
from ssb_model.results import DischargeResult

INPUTS = ("Current function [A]", "Stack pressure [Pa]", "Ambient temperature [K]")
LONGEST = 1.5  # times the theoretical capacity; a run that goes on longer is cut there

EVENTS = {
    "Minimum voltage [V]": StoppedBy.LOWER_CUTOFF,
    "Maximum voltage [V]": StoppedBy.UPPER_CUTOFF,
    "Negative reservoir empty": StoppedBy.RESERVOIR_EMPTY,
}
AT_ONCE = {
    StoppedBy.LOWER_CUTOFF: StoppedBy.LOWER_CUTOFF_AT_ONCE,
    StoppedBy.UPPER_CUTOFF: StoppedBy.UPPER_CUTOFF_AT_ONCE,
    StoppedBy.RESERVOIR_EMPTY: StoppedBy.RESERVOIR_EMPTY,
}


class Bench:
    """One built model of a cell; current, pressure and temperature stay inputs."""

    def __init__(self, cell: Cell):
        self.cell = cell
        values = cell.parameter_values.copy()
        values.update(dict.fromkeys(INPUTS, "[input]"))
        values["Initial temperature [K]"] = pybamm.InputParameter("Ambient temperature [K]")
        quiet = pybamm.IDAKLUSolver(options={"silence_sundials_errors": True})
        self.simulation = pybamm.Simulation(cell.model(), parameter_values=values, solver=quiet)

    def run(
        self,
        current_density: float,
        stack_pressure: float,
        temperature: float,
        after: Segment | None = None,
    ) -> Segment:
        """Constant current (A m-2, positive on discharge), from rest or after a segment."""
        design = self.cell.design
        inputs = dict(
            zip(INPUTS, (current_density * design.area, stack_pressure, temperature), strict=True)
        )
        longest = LONGEST * design.positive.theoretical_capacity / abs(current_density)
        try:
            if after is None:
                solution = self.simulation.solve([0, longest], inputs=inputs)
            else:
                start = after.solution.last_state
                start.termination = "final time"
                solution = self.simulation.step(
                    longest, starting_solution=start, save=False, inputs=inputs
                )
        except pybamm.SolverError as error:
            return _failure(str(error))
        reason = solution.termination.removeprefix("event: ")
        return Segment(solution, EVENTS.get(reason, StoppedBy.TIME))


def _failure(message: str) -> Segment:
    """What PyBaMM says when a run cannot begin or go on, as an outcome."""
    for name, reason in EVENTS.items():
        if "non-positive at initial conditions" in message and name in message:
            return Segment(None, AT_ONCE[reason], "the overpotential alone leaves the window")
    detail = f"no solution from this state; the solver says: {message.strip().splitlines()[0]}"
    return Segment(None, StoppedBy.SOLVER, detail)


def discharge(
    cell: Cell | str | Path,
    c_rate: float,
    stack_pressure: float | None = None,
    temperature: float | None = None,
    charge_rate: float | None = None,
    from_full: bool = False,
) -> DischargeResult:
    """Discharge a cell at constant current after a charge at constant current.

    The charge starts from rest at 0 % and runs to the upper cut-off at ``charge_rate``, by
    default the discharge's own; ``from_full`` starts from rest at 100 % instead. Pressure in
    Pa, temperature in K, by default the cell's own.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    if cell.window is None:
        raise InputError("a symmetric cell has no discharge; solve its model with PyBaMM.")
    check_positive("the C-rate", c_rate)
    if stack_pressure is None:
        stack_pressure = cell.entries["Stack pressure [Pa]"].value
    if temperature is None:
        temperature = cell.entries["Ambient temperature [K]"].value
    held = check_pressure("the stack pressure", stack_pressure), check_temperature(temperature)
    one_c = cell.design.nominal_capacity / 3600
    if from_full:
        charge_rate, charge = None, None
        run = Bench(cell.at_soc(1)).run(c_rate * one_c, *held)
    else:
        charge_rate = c_rate if charge_rate is None else charge_rate
        bench = Bench(cell.at_soc(0))
        charge = bench.run(-check_positive("the charge rate", charge_rate) * one_c, *held)
        run = charge
        if charge.solution is not None:
            run = bench.run(c_rate * one_c, *held, after=charge)
    return DischargeResult.build(cell, run, charge, c_rate, charge_rate, *held)
