"""One built model of a cell and of others like it, run step by step to outcomes."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pybamm

from ssb_model.cell.cell import Cell
from ssb_model.cell.numbers import SET_PRESSURE, State, instant
from ssb_model.cell.saving import numbers
from ssb_model.engine.form import CARE, Asked, Form, Raw, Step
from ssb_model.engine.outcome import EVENTS, Segment, StoppedBy, at_once, ended, failure
from ssb_model.engine.reading import CURRENT, HELD_VOLTAGE, Sampler
from ssb_model.engine.remesh import translated
from ssb_model.engine.soundness import (
    FINER,
    NEAR_AN_END,
    OF_OTHERS,
    UNRESOLVED,
    against_the_current,
    doubted,
    doubts,
)
from ssb_model.numerics.mesh import scaled
from ssb_model.numerics.solver import ENDS_AS_IT_BEGINS, ListSolver, fault
from ssb_model.quantities.units import said
from ssb_model.system.signals import stop_is_heard

INPUTS = (CURRENT, SET_PRESSURE, "Ambient temperature [K]")
CUT_OFF = "Current cut-off [A]"
VOLTAGE_EVENTS = ("Minimum voltage [V]", "Maximum voltage [V]")
STATE_OF_CHARGE = (
    "Initial concentration in negative electrode [mol.m-3]",
    "Initial concentration in positive electrode [mol.m-3]",
    "Initial negative hysteresis state",
    "Initial positive hysteresis state",
)
SIZES = ("thickness [m]", "radius [m]")

TOLERANCE = 1e-4  # relative, of the solver
OF_STUDIES = 3e-4  # a share of capacity is then within 3e-4 (draft mesh)
LONGEST = 1.5  # times the theoretical capacity; a run that goes on longer is cut there
RAMP = tuple(np.geomspace(1e-4, 1, 21))  # shares of a current that cannot be put on at once
INSTANT = 1e-6  # s
MOST_FAULTS = 8  # of a list that is solved again without them


class Engine:
    """A cell, and others like it that differ in the numbers of the parameters ``differing``.

    Current or voltage, pressure and temperature stay inputs. What a step gives does not depend
    on what runs beside it, nor on the number of threads: to the last bit for a silicon layer
    with numbers of its own; where numbers differ between runs, and with graphite or lithium, the
    solver's start remembers the run before, mostly below 1e-7.
    """

    def __init__(
        self,
        cell: Cell,
        differing: Collection[str] = (),
        tolerance: float = TOLERANCE,
        threads: int | None = None,
        compiled: bool = False,
        options: dict[str, Any] | None = None,
        reference_electrode: bool = False,
    ):
        self.cell = cell
        known = numbers(cell) if differing else {}
        self.names = sorted(set(differing) & set(known) - {*INPUTS, "Initial temperature [K]"})
        self.open_sizes = any(name.endswith(SIZES) for name in self.names)
        self.threads = threads or os.cpu_count() or 1  # for steps of equal length
        self._options, self._reference_electrode = options or {}, reference_electrode
        self._tolerance, self._compiled = tolerance, compiled
        self._finer: Engine | None = None

    @property
    def finer(self) -> Engine | None:
        """The same on a finer mesh, none where this is the finest of polynomials."""
        mesh = FINER.get(self.cell.model_options["mesh"], "fine")
        if self._finer is None and mesh is not None and not self._reference_electrode:
            cell = replace(self.cell, options={**self.cell.options, "mesh": mesh})
            how = (self.names, self._tolerance, self.threads, self._compiled, self._options)
            self._finer = Engine(cell, *how)
        return self._finer

    def _goes_on_with(self, step: Step) -> Engine:
        """This engine, or the one of a finer mesh on which the run before a step ended."""
        engine: Engine | None = self
        while step.start is not None and engine is not None:
            if step.start.engine is engine:
                return engine
            engine = engine._finer
        return self

    @cached_property
    def current_form(self) -> Form:
        """The model under a current."""
        return self._built(self._model({}), ())

    @cached_property
    def voltage_form(self) -> Form:
        """The model under a voltage, held until the current has fallen."""
        model = self._model({"operating mode": "voltage"})
        model.events = [event for event in model.events if event.name not in VOLTAGE_EVENTS]
        least = abs(model.variables["Current [A]"]) - pybamm.Parameter(CUT_OFF)
        model.events.append(pybamm.Event("Current cut-off", least))
        return self._built(model, (HELD_VOLTAGE, CUT_OFF))

    def _model(self, mode: dict[str, str]) -> pybamm.BaseModel:
        model = self.cell.model({**self._options, **mode})
        if self._reference_electrode and not self.open_sizes:  # it has no place on an open mesh
            model.insert_reference_electrode()
        return model

    def _built(self, model: pybamm.BaseModel, more: tuple[str, ...]) -> Form:
        mesh = scaled(model.default_submesh_types) if self.open_sizes else None
        solver = ListSolver(self.threads, self._tolerance, compiled=self._compiled)
        return Form(self.cell, model, {*self.names, *INPUTS, *more}, solver, mesh)

    @stop_is_heard()
    def run(self, steps: Sequence[Step]) -> list[Segment]:
        """Every step to its end, side by side; in the order given, equal ones solved once.

        What once asked for more points goes on with them.
        """
        where = [self._goes_on_with(step) for step in steps]
        if any(engine is not self for engine in where):
            told: dict[int, Segment] = {}
            for engine in {id(engine): engine for engine in where}.values():
                mine = [k for k, each in enumerate(where) if each is engine]
                told |= zip(mine, engine.run([steps[k] for k in mine]), strict=True)
            return [told[k] for k in range(len(steps))]
        asked = [self._asked(step) for step in steps]
        distinct = {one.key: one for one in asked}
        alike: dict[tuple, list[Asked]] = {}
        for one in distinct.values():
            alike.setdefault((id(one.form), *one.stops), []).append(one)
        segments: dict[tuple, Segment] = {}
        for group in sorted(alike.values(), key=lambda group: group[0].stops[-1]):
            # a thread takes a stretch of the list: neighbours, equally long, to different ones
            order = [one for first in range(self.threads) for one in group[first :: self.threads]]
            told = zip(order, self._solved(order), strict=True)
            segments |= {one.key: segment for one, segment in told}
        return [segments[one.key] for one in asked]

    @stop_is_heard()
    def at_rest(self, step: Step) -> State:
        """The cell of a step before anything was done to it: nothing to solve."""
        inputs = self._inputs(step)
        return self.restored(self.current_form.at_rest(inputs), 0.0, inputs)

    def restored(self, y: np.ndarray, t: float, inputs: dict[str, float]) -> State:
        """A state this engine was in, of its numbers alone: nothing to solve."""
        if len(y) != self.current_form.resting.len_rhs_and_alg and self.finer is not None:
            return self.finer.restored(y, t, inputs)
        arrays = {name: np.array([value]) for name, value in inputs.items()}
        return State(instant(t, y, self.current_form.resting, arrays), self)

    def carried(self, state: State, temperature: float) -> State:
        """The same instant of another engine's cell; what only this one has keeps its start."""
        form, inputs = self.current_form, self._inputs(Step(state.set_pressure, temperature))
        meshes = (state.engine.current_form.mesh, form.mesh)
        y = translated(state, form.resting, form.at_rest(inputs), inputs, meshes)
        return self.restored(y, float(state.solution.t[-1]), inputs)

    def voltage(self, solution: pybamm.Solution, times: np.ndarray) -> np.ndarray:
        """The cell's, ``times`` [s] after a run at constant current began."""
        if solution.all_models[-1] is not self.current_form.resting and self._finer is not None:
            return self._finer.voltage(solution, times)
        inputs = solution.all_inputs[-1]
        values = [float(inputs[name][0]) for name in self.current_form.inputs]
        return self._sampler(solution, solution.t[0] + times, values)

    def stack_pressure(self, solution: pybamm.Solution, times: np.ndarray) -> np.ndarray:
        """Of the cell [Pa], ``times`` [s] after a run at constant current began."""
        if solution.all_models[-1] is not self.current_form.resting and self._finer is not None:
            return self._finer.stack_pressure(solution, times)
        inputs = solution.all_inputs[-1]
        values = [float(inputs[name][0]) for name in self.current_form.inputs]
        return self._pressure_sampler(solution, solution.t[0] + times, values)

    @cached_property
    def _pressure_sampler(self) -> Sampler:
        form = self.current_form
        return Sampler(form.resting, "Stack pressure [Pa]", form.inputs)

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self.current_form.resting, "Voltage [V]", self.current_form.inputs)

    def longest(self, cell: Cell, current: float) -> float:
        """Seconds at a current [A] that no charge takes."""
        most = LONGEST * cell.design.positive.theoretical_capacity * cell.design.area / abs(current)
        return 2.0 ** math.ceil(math.log2(most)) if self.names else most  # few, to run side by side

    def _inputs(self, step: Step) -> dict[str, float]:
        """By name, sorted as PyBaMM hands them to a model."""
        cell = self.cell if step.cell is None else step.cell
        values = {name: float(cell.entries[name].value) for name in self.names}
        values |= {name: step.numbers[name] for name in self.names if name in step.numbers}
        held = (step.current, step.stack_pressure, step.temperature)
        values |= dict(zip(INPUTS, held, strict=True))
        if step.voltage is not None:
            values |= {HELD_VOLTAGE: step.voltage, CUT_OFF: step.until}
        return dict(sorted(values.items()))

    def _asked(self, step: Step) -> Asked:
        cell = self.cell if step.cell is None else step.cell
        form = self.current_form if step.voltage is None else self.voltage_form
        inputs, state = self._inputs(step), step.start
        if state is not None and state.set_pressure != step.stack_pressure:
            state = state.press(step.stack_pressure, cell.contact_laws)
        other = None if state is None or state.engine in (None, self) else state.engine
        meshes = None if other is None else (other.current_form.mesh, form.mesh)
        longest = step.longest or self.longest(cell, step.current or step.until)
        begun_at = 0.0 if state is None else float(state.solution.t[-1])
        turns = np.array(self.cell.pressure_knots)
        origin = 0.0 if self.names and not turns.size else begun_at  # equal, to run side by side
        inside = turns - begun_at
        if step.early is not None:
            inside = np.sort(np.append(inside, step.early))
        inside = inside[(inside > 0) & (inside < longest)]
        stops = origin + np.array([0, *inside, longest])
        if origin:  # never the last instant of the run before
            stops[0] = np.nextafter(origin, np.inf)
        return Asked(
            form, inputs, tuple(stops), begun_at - origin, state, id(step.start), step, meshes
        )

    def _solved(self, group: list[Asked], faults: int = 0) -> list[Segment]:
        """Steps of one form that may run equally long, of which some have been left out."""
        form, times = group[0].form, np.array(group[0].stops)
        try:
            begun = [one.begun for one in group]
            solutions = form.solver.solved(form.model, times, begun)
        except pybamm.SolverError as error:  # one has no consistent state: each says for itself
            if len(group) > 1:
                return self._apart(group, fault(error), faults)
            told = failure(str(error))
            if ENDS_AS_IT_BEGINS in str(error) and not against_the_current(told, group[0].current):
                return [told]
            return self._resolved(group, [self._retried(group[0])])
        told = zip(group, solutions, strict=True)
        return self._resolved(group, [self._judged(one, solution) for one, solution in told])

    def _apart(self, group: list[Asked], which: int | None, faults: int) -> list[Segment]:
        """The one that a list failed for by itself, the others as a list; each alone of many."""
        if which is None or which >= len(group) or faults == MOST_FAULTS:
            return [self._solved([one])[0] for one in group]
        told = self._solved(group[:which] + group[which + 1 :], faults + 1)
        return told[:which] + self._solved([group[which]]) + told[which:]

    def _ended(self, one: Asked, solution: Raw) -> Segment:
        if refused := one.form.solver.refused_at_once(one.form.model, solution):
            return failure(refused)
        event = solution.termination.removeprefix("event: ")
        if len(solution.t) == 1 and event in EVENTS:
            return at_once(event)
        whole = one.form.solution(solution, one.inputs, one.ahead)
        return replace(ended(self.cell, whole), engine=self)

    def _judged(self, one: Asked, solution: Raw) -> Segment:
        """A run as it ended, solved again where it came so near an end that it may be wrong."""
        if solution.termination == "failure" or not np.isfinite(solution.y[:, -1]).all():
            return self._retried(one)
        told = self._ended(one, solution)
        guard = one.form.guard
        near = guard.beyond(solution, one.inputs) > NEAR_AN_END
        if near or guard.jump(solution, one.inputs) or against_the_current(told, one.current):
            return self._retried(one)
        return self._doubted(told, one, -math.inf)

    def _resolved(self, group: list[Asked], told: list[Segment]) -> list[Segment]:
        """Runs, those on more points whose mesh leaves more out than it may."""
        most = UNRESOLVED.get(self.cell.model_options["mesh"], OF_OTHERS)
        if not np.isfinite(most):
            return told
        left_out = {
            k: group[k].form.guard.unresolved(each.solution, group[k].inputs)
            for k, each in enumerate(told)
            if each.solution is not None and group[k].current
        }
        poor = [k for k in left_out if left_out[k] >= most]
        finer = self.finer if poor else None
        closer = [None] * len(poor) if finer is None else finer.run([group[k].step for k in poor])
        for k, one in zip(poor, closer, strict=True):
            words = f"its mesh leaves out {said(left_out[k], 'mV', '.1g')}"
            steep = one is None or not one.sound  # and may not carry over to more points
            told[k] = doubted(told[k], words) if steep else one
        return told

    def _doubted(self, told: Segment, one: Asked, beyond: float) -> Segment:
        """A run with what cannot be in it said; what never began from rest says it itself."""
        if told.solution is None and one.state is None:
            return told
        cell = one.step.cell or self.cell
        return doubted(told, doubts(cell, one.form.guard, told, one.inputs, beyond))

    def _retried(self, one: Asked) -> Segment:
        """The few that fail once more, one by one, at last with their current put on in steps."""
        told = self._alone(one)
        if told.stopped_by is not StoppedBy.SOLVER or HELD_VOLTAGE in one.inputs:
            return told
        start = one
        for share in RAMP:
            part = replace(
                start,
                inputs={**one.inputs, CURRENT: share * one.current},
                stops=(one.stops[0], one.stops[0] + INSTANT),
            )
            ramped = self._alone(part)
            if ramped.solution is None:  # part of the current already ends the run
                return told if ramped.stopped_by is StoppedBy.SOLVER else ramped
            start = replace(one, state=ramped.state)
        return self._alone(start)

    def _alone(self, one: Asked) -> Segment:
        """With more care, and with more still while it fails or strays."""
        told = None
        for level in range(len(CARE)):
            try:
                solution = one.form.solved_with_care(np.array(one.stops), one.begun, level)
            except pybamm.SolverError as error:
                told = told or failure(str(error))
                if ENDS_AS_IT_BEGINS in str(error):
                    break
                continue
            told = self._ended(one, solution)
            beyond = one.form.guard.beyond(solution, one.inputs)
            told = self._doubted(told, one, beyond)
            if not told.doubt and not told.failed:
                break
        return told


def side_by_side(cell: Cell, differing: Collection[str] = (), **how: Any) -> Engine:
    """An engine of many cells, their states of charge among what differs, that counts energy."""
    names = (*differing, *STATE_OF_CHARGE)
    energy = {"calculate discharge energy": "true"}
    return Engine(cell, names, options=energy, **{"tolerance": OF_STUDIES, **how})
