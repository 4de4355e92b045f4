"""Cells of one structure side by side: one built model, every number that differs an input."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

import casadi
import numpy as np
import pybamm

from ssb_model.cell.cell import Cell
from ssb_model.cell.identity import numbers
from ssb_model.engine.bench import INPUTS, INSTANT, RAMP, careful, simulation
from ssb_model.engine.endings import ended, failure
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.engine.reading import Sampler, reader
from ssb_model.numerics.scaled_mesh import scaled
from ssb_model.numerics.solver import ListSolver

START = "State at the start"
STATE_OF_CHARGE = (
    "Initial concentration in negative electrode [mol.m-3]",
    "Initial concentration in positive electrode [mol.m-3]",
    "Initial negative hysteresis state",
)
TOLERANCE = 3e-4  # relative, of the solver; a share of capacity is then within 3e-4 (draft mesh)


class Slot(NamedTuple):
    """What one cell of a rack is asked: its numbers, how it is held, where it starts."""

    numbers: dict[str, float]  # as Rack.place gives them
    current: float  # A, positive on discharge
    stack_pressure: float
    temperature: float
    longest: float  # s
    start: np.ndarray | None = None  # at rest if left out

    @property
    def inputs(self) -> dict[str, float]:
        """By name, sorted as PyBaMM hands them to a model."""
        held = (self.current, self.stack_pressure, self.temperature)
        return dict(sorted((self.numbers | dict(zip(INPUTS, held, strict=True))).items()))

    @property
    def begun(self) -> dict:
        """The inputs, and the state they begin from."""
        return {**self.inputs, START: self.start}


class Rack:
    """A cell and others like it that differ in the numbers of the parameters ``differing``.

    What a slot gives does not depend on what runs beside it, nor on the number of threads: to
    the last bit for a silicon layer; with graphite or lithium the solver's start remembers the
    run before, mostly below 1e-7.
    """

    def __init__(
        self,
        cell: Cell,
        differing: Collection[str] = (),
        threads: int | None = None,
        compiled: bool = False,
        tolerance: float = TOLERANCE,
    ):
        self.cell = cell
        self.tolerance = tolerance
        self.threads = threads or os.cpu_count() or 1
        here = {name for name in STATE_OF_CHARGE if name in cell.entries}
        known = {*differing, *here} & set(numbers(cell))
        self.names = sorted(known - {*INPUTS, "Initial temperature [K]"})
        inputs = tuple(sorted({*self.names, *INPUTS}))
        model = cell.model({"calculate discharge energy": "true"})
        mesh = scaled(model.default_submesh_types)
        solver = ListSolver(self.threads, tolerance, compiled)
        built = simulation(cell, model, inputs, solver, mesh)
        built.build(inputs=dict.fromkeys(inputs, 1.0))
        self.solver, self.resting, self.inputs = built.solver, built.built_model, inputs

    @cached_property
    def model(self) -> pybamm.BaseModel:
        """The built model, its initial state an input."""
        return started(self.resting)

    @cached_property
    def _rest(self) -> casadi.Function:
        """The state at rest as a function of the inputs."""
        p = casadi.MX.sym("p", len(self.inputs))
        by_name = dict(zip(self.inputs, casadi.vertsplit(p), strict=True))
        symbol = self.resting.concatenated_initial_conditions
        return casadi.Function("rest", [p], [symbol.to_casadi(inputs=by_name)])

    @cached_property
    def voltage(self) -> Sampler:
        """The cell's, at any instant of a run."""
        return Sampler(self.resting, "Voltage [V]", self.inputs)

    def place(self, cell: Cell) -> dict[str, float]:
        """The numbers of a cell in this rack."""
        return {name: float(cell.entries[name].value) for name in self.names}

    def at_rest(self, slot: Slot) -> np.ndarray:
        """The state of a cell before anything was done to it."""
        return np.ravel(self._rest(list(slot.inputs.values())))

    def read(self, slot: Slot, t: float, y: np.ndarray, names: Sequence[str]) -> list[np.ndarray]:
        """Variables of a slot's cell at one instant."""
        function = reader(self.resting, tuple(names), self.inputs)
        return [np.ravel(v) for v in function.call([t, y, list(slot.inputs.values())])]

    def run(self, slots: Sequence[Slot]) -> list[Segment]:
        """Every slot to its end, side by side; in the order given."""
        slots = [s if s.start is not None else s._replace(start=self.at_rest(s)) for s in slots]
        segments: list[Segment | None] = [None] * len(slots)
        for longest in sorted({slot.longest for slot in slots}):
            alike = [k for k, slot in enumerate(slots) if slot.longest == longest]
            # a thread takes a stretch of the list: neighbours, equally long, to different ones
            which = [k for first in range(self.threads) for k in alike[first :: self.threads]]
            for k, segment in zip(which, self._run([slots[k] for k in which]), strict=True):
                segments[k] = segment
        return segments

    def _run(self, slots: Sequence[Slot]) -> list[Segment]:
        """Slots that may run equally long."""
        times = np.array([0.0, slots[0].longest])
        try:
            solutions = self.solver.solved(self.model, times, [slot.begun for slot in slots])
        except pybamm.SolverError:  # one of them has no consistent state: each says for itself
            if len(slots) > 1:
                return [self._run([slot])[0] for slot in slots]
            return [self._with_care(slots[0])]
        return [
            self._ended(solution) if _sound(solution) else self._with_care(slot)
            for solution, slot in zip(solutions, slots, strict=True)
        ]

    def _ended(self, solution: pybamm.Solution) -> Segment:
        if refused := self.solver.refused_at_once(self.model, solution):
            return failure(refused)
        return ended(self.cell, solution)

    @cached_property
    def _careful(self) -> tuple[pybamm.IDAKLUSolver, pybamm.BaseModel]:
        """Another solver, on a model of its own."""
        return careful(), started(self.resting)

    def _with_care(self, slot: Slot) -> Segment:
        """The few that fail once more, one by one, at last with their current put on in steps."""
        told = self._alone(slot)
        if told.stopped_by is not StoppedBy.SOLVER:
            return told
        start = slot.start
        for share in RAMP:
            part = {"current": share * slot.current, "longest": INSTANT, "start": start}
            ramped = self._alone(slot._replace(**part))
            if ramped.solution is None:
                return told if ramped.stopped_by is StoppedBy.SOLVER else ramped
            start = np.ravel(ramped.solution.y[:, -1])
        return self._alone(slot._replace(start=start))

    def _alone(self, slot: Slot) -> Segment:
        solver, model = self._careful
        try:
            solution = solver.solve(model, np.array([0.0, slot.longest]), inputs=slot.begun)
        except pybamm.SolverError as error:
            return failure(str(error))
        return ended(self.cell, solution)


def started(model: pybamm.BaseModel) -> pybamm.BaseModel:
    """A copy of a built model whose initial state is an input."""
    model = model.new_copy()
    start = pybamm.InputParameter(START, expected_size=model.len_rhs_and_alg)
    model.initial_conditions = {
        variable: pybamm.Index(start, where[0]) for variable, where in model.y_slices.items()
    }
    model.concatenated_initial_conditions = start
    return model


def _sound(solution: pybamm.Solution) -> bool:
    """Whether a run came to an end of its own."""
    return solution.termination != "failure" and bool(np.isfinite(solution.y[:, -1]).all())
