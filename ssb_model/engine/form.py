"""A cell's model built in one mode, current or voltage, and a step made ready for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import casadi
import numpy as np
import pybamm

from ssb_model.cell.cell import Cell
from ssb_model.cell.numbers import State
from ssb_model.engine.reading import CURRENT, HELD_VOLTAGE
from ssb_model.engine.remesh import translated
from ssb_model.engine.soundness import Guard
from ssb_model.numerics.solver import ListSolver, SolidStateSolver
from ssb_model.submodels.anodes import anode
from ssb_model.system.memory import give_back

START = "State at the start"
CARE = (  # where the solver's usual tolerances fail, one after the other
    {"rtol": 1e-5, "atol": 1e-7},
    {"rtol": 1e-6, "atol": 1e-8},
)

Raw = pybamm.Solution  # as the solver gives it: of the model below, from its own zero of time


class Form:
    """A built model whose initial state is an input, its solver, and others with more care."""

    def __init__(
        self,
        cell: Cell,
        model: pybamm.BaseModel,
        inputs: Iterable[str],
        solver: ListSolver,
        submesh_types: dict | None = None,
    ):
        give_back()  # what the models before held
        self.inputs = tuple(sorted(inputs))
        self.solver = solver
        built = simulation(cell, model, self.inputs, solver, submesh_types)
        built.build(inputs=dict.fromkeys(self.inputs, 1.0))
        self.resting, self.mesh = built.built_model, built.mesh
        self._host = anode(cell.model_options["negative electrode"]).host
        self._with_care: dict[int, tuple[ListSolver, pybamm.BaseModel]] = {}

    @cached_property
    def model(self) -> pybamm.BaseModel:
        """What is solved: the built model, its initial state an input."""
        return started(self.resting)

    @cached_property
    def _rest(self) -> casadi.Function:
        """The state at rest as a function of the inputs."""
        p = casadi.MX.sym("p", len(self.inputs))
        by_name = dict(zip(self.inputs, casadi.vertsplit(p), strict=True))
        start = self.resting.concatenated_initial_conditions.to_casadi(inputs=by_name)
        return casadi.Function("rest", [p], [start])

    def at_rest(self, inputs: Mapping[str, float]) -> np.ndarray:
        """The state vector of a cell before anything was done to it."""
        return np.ravel(self._rest([inputs[name] for name in self.inputs]))

    def _careful(self, level: int) -> tuple[ListSolver, pybamm.BaseModel]:
        """Another solver, on a model of its own: PyBaMM lets one work on one model only."""
        if level not in self._with_care:
            solver = ListSolver(1, **CARE[level], on_failure="error")
            self._with_care[level] = solver, started(self.resting)
        return self._with_care[level]

    def solved_with_care(self, times: np.ndarray, begun: dict, level: int = 0) -> Raw:
        """One solution at tight tolerances, perhaps of a single instant."""
        solver, model = self._careful(level)
        return solver.solved(model, times, [begun])[0]

    @cached_property
    def guard(self) -> Guard:
        """Watches what was solved."""
        return Guard(self.resting, self.mesh, self.inputs, self._host)

    def solution(self, raw: Raw, inputs: dict[str, float], ahead: float) -> pybamm.Solution:
        """What the solver gave as one of the built model; the cell's time may be ``ahead``."""
        times = [t + ahead for t in raw.all_ts]
        if ahead:  # never the last instant of the run before
            times[0][0] = np.nextafter(times[0][0], np.inf)
        count = len(times)
        one = {name: np.array([value]) for name, value in inputs.items()}
        t_event = None if raw.t_event is None else raw.t_event + ahead
        return pybamm.Solution(
            times,
            raw.all_ys,
            [self.resting] * count,
            [one] * count,
            t_event,
            raw.y_event,
            raw.termination,
            all_yps=raw.all_yps,
            check_solution=False,
            options=raw.user_options,
        )


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
    return pybamm.Simulation(
        model,
        parameter_values=values,
        solver=solver or SolidStateSolver(options={"silence_sundials_errors": True}),
        submesh_types=submesh_types,
    )


def started(model: pybamm.BaseModel) -> pybamm.BaseModel:
    """A copy of a built model whose initial state is an input."""
    model = model.new_copy()
    start = pybamm.InputParameter(START, expected_size=model.len_rhs_and_alg)
    model.initial_conditions = {
        variable: pybamm.Index(start, where[0]) for variable, where in model.y_slices.items()
    }
    model.concatenated_initial_conditions = start
    return model


@dataclass(frozen=True)
class Step:
    """What one cell is asked: constant current, rest, or a voltage held until the current falls."""

    stack_pressure: float
    temperature: float
    current: float = 0.0  # A, positive on discharge
    voltage: float | None = None  # V, held in place of the current
    until: float = 0.0  # A, at which a held voltage ends
    longest: float | None = None  # s; by default more than any charge takes
    early: float | None = None  # s after the beginning, an instant the solver stops at
    start: State | None = None  # at rest if none
    cell: Cell | None = None  # whose numbers; the engine's own if none
    numbers: Mapping[str, float] = field(default_factory=dict)  # in place of the cell's


@dataclass(frozen=True)
class Asked:
    """A step ready to be solved."""

    form: Form
    inputs: dict[str, float]
    stops: tuple[float, ...]  # s; ends, and instants the solver may not step over
    ahead: float  # s, by which the cell's time is ahead of the solver's
    state: State | None
    origin: int  # what tells the states that steps start from apart
    step: Step  # as it was asked
    meshes: tuple | None  # of the state and of the form, where these differ

    @property
    def current(self) -> float:
        """What flows [A]; none known where a voltage is held."""
        return 0.0 if HELD_VOLTAGE in self.inputs else self.inputs[CURRENT]

    @property
    def key(self) -> tuple:
        """Equal for steps that give the same."""
        return (id(self.form), self.origin, self.ahead, *self.stops, *self.inputs.values())

    @property
    def begun(self) -> dict[str, Any]:
        """The inputs, and the state they begin from."""
        if self.state is not None and self.state.solution.all_models[-1] is self.form.resting:
            return {**self.inputs, START: np.array(self.state.solution.y[:, -1])}
        y = self.form.at_rest(self.inputs)
        if self.state is not None:
            y = translated(self.state, self.form.resting, y, self.inputs, self.meshes)
        return {**self.inputs, START: y}
