"""A cell's model built in one mode, current or voltage: what is solved, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import casadi
import numpy as np
import pybamm

from ssb_model.cell.cell import Cell
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
