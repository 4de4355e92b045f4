"""One built model of a cell, run segment by segment to outcomes: always a reason."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pybamm

from ssb_model.cell.cell import Cell
from ssb_model.cell.state import SET_PRESSURE, State
from ssb_model.engine.endings import ended, failure
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.errors import SolveError
from ssb_model.numerics.solver import SolidStateSolver
from ssb_model.system.signals import stop_is_heard

INPUTS = ("Current function [A]", SET_PRESSURE, "Ambient temperature [K]")
LONGEST = 1.5  # times the theoretical capacity; a run that goes on longer is cut there

CAREFUL = {"rtol": 1e-5, "atol": 1e-7}  # where the solver's usual tolerances fail
RAMP = tuple(np.geomspace(0.01, 1, 11))  # shares of a current that cannot be put on at once
INSTANT = 1e-6  # s

HELD_VOLTAGE, CUT_OFF = "Voltage function [V]", "Current cut-off [A]"
VOLTAGE_EVENTS = ("Minimum voltage [V]", "Maximum voltage [V]")


class Bench:
    """One built model of a cell; current, pressure and temperature stay inputs."""

    def __init__(self, cell: Cell, reference_electrode: bool = False):
        self.cell = cell
        model = cell.model()
        if reference_electrode:
            model.insert_reference_electrode()
        self.simulation = simulation(cell, model, INPUTS)

    @cached_property
    def holding(self) -> pybamm.Simulation:
        """The same cell with its voltage held until the current has fallen."""
        model = self.cell.model({"operating mode": "voltage"})
        model.events = [event for event in model.events if event.name not in VOLTAGE_EVENTS]
        least = abs(model.variables["Current [A]"]) - pybamm.Parameter(CUT_OFF)
        model.events.append(pybamm.Event("Current cut-off", least))
        return simulation(self.cell, model, (*INPUTS, HELD_VOLTAGE, CUT_OFF))

    def run(
        self,
        current_density: float,
        stack_pressure: float,
        temperature: float,
        after: State | None = None,
        longest: float | None = None,
        early: float | None = None,
    ) -> Segment:
        """Constant current (A m-2, positive on discharge), from rest or from a state.

        Where ``stack_pressure`` is not what the state was held at, the stack is set to it
        first. At most ``longest`` seconds, by default more than any charge takes; with a point
        ``early`` seconds after the beginning.
        """
        design = self.cell.design
        inputs = dict(
            zip(INPUTS, (current_density * design.area, stack_pressure, temperature), strict=True)
        )
        if longest is None:
            longest = LONGEST * design.positive.theoretical_capacity / abs(current_density)
        told = self._segment(self.simulation, after, longest, inputs, early)
        if told.stopped_by is not StoppedBy.SOLVER:
            return told
        ramped = self._ramped(after, inputs)
        if ramped.solution is None:  # part of the current already ends the run
            return told if ramped.stopped_by is StoppedBy.SOLVER else ramped
        return self._segment(self.simulation, self.state(ramped), longest, inputs, early)

    @stop_is_heard()
    def runs(self, conditions: Sequence[tuple[float, float, float]]) -> list[Segment]:
        """``run`` from rest for every (current density, pressure, temperature), in parallel."""
        design = self.cell.design
        inputs = [
            dict(zip(INPUTS, (i * design.area, *held), strict=True)) for i, *held in conditions
        ]
        slowest = min(abs(i) for i, *_ in conditions)
        longest = LONGEST * design.positive.theoretical_capacity / slowest
        try:
            solutions = self.simulation.solve(self._stops(0, longest), inputs=inputs)
        except pybamm.SolverError:  # one of them cannot begin: each says for itself
            return [self.run(*condition) for condition in conditions]
        solutions = solutions if isinstance(solutions, list) else [solutions]
        return [ended(self.cell, solution) for solution in solutions]

    @stop_is_heard()
    def at_rest(self, stack_pressure: float, temperature: float) -> State:
        """The cell before anything was done to it: nothing to solve."""
        held = zip(INPUTS, (0.0, stack_pressure, temperature), strict=True)
        inputs = dict(sorted(held))  # as PyBaMM hands them to the model
        self.simulation.build(inputs=inputs)
        model, solver = self.simulation.built_model, self.simulation.solver
        if not hasattr(model, "jac_rhs_algebraic_eval"):
            solver.set_up(model, inputs=inputs)
        y = model.concatenated_initial_conditions.evaluate(0, inputs=inputs)
        return self.restored(y, 0.0, inputs)

    def restored(self, y: np.ndarray, t: float, inputs: dict[str, float]) -> State:
        """A state this bench was in, of its numbers alone: nothing to solve."""
        self.simulation.build(inputs=inputs)
        model = self.simulation.built_model
        arrays = {name: np.array([value]) for name, value in inputs.items()}
        column = np.reshape(y, (-1, 1))
        return State(
            pybamm.Solution(np.array([t]), column, model, arrays, termination="final time"), self
        )

    def charge(
        self,
        current_density: float,
        stack_pressure: float,
        temperature: float,
        after: State | None = None,
        cv_until: float | None = None,
    ) -> Segment:
        """Charge to the upper cut-off and hold it there until ``cv_until``; A m-2, positive."""
        held = (stack_pressure, temperature)
        constant = self.run(-current_density, *held, after=after)
        reached = (StoppedBy.UPPER_CUTOFF, StoppedBy.UPPER_CUTOFF_AT_ONCE)
        if cv_until is None or constant.stopped_by not in reached:
            return constant
        if constant.solution is not None:
            after = self.state(constant)
        inputs = dict(zip(INPUTS, (0.0, *held), strict=True))
        inputs[HELD_VOLTAGE] = self.cell.evaluate("Upper voltage cut-off [V]")
        inputs[CUT_OFF] = cv_until * self.cell.design.area
        longest = LONGEST * self.cell.design.positive.theoretical_capacity / cv_until
        held = self._segment(self.holding, after, longest, inputs)
        if held.solution is None:
            already_that_small = held.stopped_by is StoppedBy.CURRENT_CUTOFF
            return constant if already_that_small else held
        if constant.solution is not None:
            held = replace(held, solution=constant.solution + held.solution)
        return held

    @stop_is_heard()
    def _segment(self, simulation: pybamm.Simulation, *how) -> Segment:
        """As ``_solve``, with its reason; where the solver gives up, once more with care."""
        try:
            return ended(self.cell, self._solve(simulation, *how))
        except pybamm.SolverError as error:
            told = failure(str(error))
        if told.stopped_by is not StoppedBy.SOLVER:
            return told
        try:
            return ended(self.cell, self._solve(simulation, *how, solver=careful()))
        except pybamm.SolverError:
            return told

    def _ramped(self, after: State | None, inputs: dict[str, float]) -> Segment:
        """A current put on within microseconds, each potential the start for the next."""
        for share in RAMP:
            part = {**inputs, INPUTS[0]: share * inputs[INPUTS[0]]}
            told = self._segment(self.simulation, after, INSTANT, part)
            if told.solution is None:
                break
            after = self.state(told)
        return told

    def _solve(
        self,
        simulation: pybamm.Simulation,
        after: State | None,
        longest: float,
        inputs: dict[str, float],
        early: float | None = None,
        solver: SolidStateSolver | None = None,
    ) -> pybamm.Solution:
        """On from a state, the stack first set to the pressure among ``inputs``, or from rest."""
        if after is None:
            stops = self._stops(0, longest, early)
            return simulation.solve(stops, inputs=inputs, solver=solver)
        if after.set_pressure != inputs[SET_PRESSURE]:
            after = after.press(inputs[SET_PRESSURE], self.cell.contact_laws)
        start = after.solution.last_state
        start.termination = "final time"
        stops = self._stops(start.t[-1], longest, early)
        return simulation.step(
            longest,
            t_eval=stops,
            starting_solution=start,
            save=False,
            inputs=inputs,
            solver=solver,
        )

    def _stops(self, begun: float, longest: float, early: float | None = None) -> np.ndarray:
        """Times since ``begun`` the solver may not step over: ends, and turns of a profile."""
        turns = np.array(self.cell.pressure_knots) - begun
        if early is not None:
            turns = np.sort(np.append(turns, early))
        return np.array([0, *turns[(turns > 0) & (turns < longest)], longest])

    def rested(
        self, state: State | None, duration: float, stack_pressure: float, temperature: float
    ) -> State:
        """A state after ``duration`` seconds without current."""
        rest = self.run(0.0, stack_pressure, temperature, after=state, longest=duration)
        if rest.solution is None:
            raise SolveError(f"no rest from this state: {rest.stopped_by}; {rest.detail}.")
        return self.state(rest)

    def state(self, segment: Segment) -> State:
        """Where a segment ended, to go on from."""
        return State(segment.solution.last_state, self)


def simulation(
    cell: Cell,
    model: pybamm.BaseModel,
    inputs: Iterable[str],
    solver: pybamm.IDAKLUSolver | None = None,
    submesh_types: dict | None = None,
) -> pybamm.Simulation:
    """A model with a cell's parameters, ``inputs`` left open."""
    values = cell.parameter_values.copy()
    values.update(dict.fromkeys(inputs, "[input]"), check_already_exists=False)
    values["Initial temperature [K]"] = pybamm.InputParameter("Ambient temperature [K]")
    if solver is None:
        threads = os.cpu_count() or 1  # for lists of inputs
        options = {"silence_sundials_errors": True, "num_threads": threads}
        solver = SolidStateSolver(options=options)
    return pybamm.Simulation(
        model, parameter_values=values, solver=solver, submesh_types=submesh_types
    )


def careful() -> SolidStateSolver:
    """One for each try: PyBaMM lets a solver work on one model only."""
    return SolidStateSolver(**CAREFUL, options={"silence_sundials_errors": True})
