"""Variables of a single state, many at once, and what a gauge would see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import casadi
import numpy as np
import pybamm
from scipy.interpolate import CubicHermiteSpline

from ssb_model.quantities.names import ELECTRODES, LAYERS
from ssb_model.quantities.registry import quantity
from ssb_model.quantities.units import convert
from ssb_model.submodels.particles import particles_crack
from ssb_model.submodels.stack import particles_leave

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.cell.numbers import State

CURRENT, HELD_VOLTAGE = "Current function [A]", "Voltage function [V]"
CAPACITY = "Discharge capacity [A.h]"
GAUGES = (  # what a small signal and a microscope would see of a state
    "Separator ionic resistance [Ohm.cm2]",
    "Positive electrode interface resistance [Ohm.cm2]",
    "Negative electrode interface resistance [Ohm.cm2]",
    "Positive electrode ionic resistance [Ohm.cm2]",
    "Positive electrode interface capacitance [uF.cm-2]",
    "Negative electrode interface capacitance [uF.cm-2]",
    "Positive electrode stoichiometry",
    "Positive electrode contact fraction",
    "Negative electrode contact fraction",
)
MEMORY = {  # by layer
    layer: (
        f"{LAYERS[layer]} loosened share",
        f"{LAYERS[layer]} effective pressure [MPa]",
        f"{LAYERS[layer]} lowest pressure of bonds [MPa]",
        f"{LAYERS[layer]} highest pressure [MPa]",
    )
    for layer in LAYERS
}

# PyBaMM compiles each variable anew for each solution; of one state that is most of the work
_MADE: WeakKeyDictionary[pybamm.BaseModel, dict] = WeakKeyDictionary()


def read_last(solution: pybamm.Solution, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Variables at the end of a solution, each as a flat array."""
    return read_at(solution, names, -1)


def read_at(solution: pybamm.Solution, names: Sequence[str], at: int) -> dict[str, np.ndarray]:
    """Variables at the first (0) or last (-1) instant of a solution."""
    inputs = solution.all_inputs[at]
    values = _lean(solution.all_models[at], tuple(names), tuple(inputs))(
        solution.all_ts[at][at], solution.all_ys[at][:, [at]], _numbers(inputs)
    )
    return {name: np.ravel(value) for name, value in zip(names, values, strict=True)}


def read_along(solution: pybamm.Solution, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Variables at every instant of a solution, over time; of several places, these first."""
    parts = zip(
        solution.all_ts, solution.all_ys, solution.all_models, solution.all_inputs, strict=True
    )
    found = [
        _lean(model, tuple(names), tuple(inputs))(t, y, _numbers(inputs))
        for t, y, model, inputs in parts
    ]
    whole = (np.concatenate(part, axis=1) for part in zip(*found, strict=True))
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in zip(names, whole, strict=True)
    }


def read_near_end(
    solution: pybamm.Solution, names: Sequence[str], places: Sequence[int]
) -> dict[str, np.ndarray]:
    """Variables at some instants of the last part of a solution, numbers of one place alone."""
    t, y, inputs = solution.all_ts[-1], solution.all_ys[-1], solution.all_inputs[-1]
    lean = _lean(solution.all_models[-1], tuple(names), tuple(inputs))
    values = lean(t[places], y[:, places], _numbers(inputs))
    return {name: np.ravel(value) for name, value in zip(names, values, strict=True)}


def _numbers(inputs: Mapping[str, Any]) -> np.ndarray:
    return np.array([float(np.ravel(value)[0]) for value in inputs.values()])


def gauge_row(state: State, cell: Cell) -> dict[str, Any]:
    """Resistances, capacitances and contact of a state, averaged through each layer."""
    names = list(GAUGES)
    for layer, remembered in MEMORY.items():
        if cell.model_options.contact_law(layer) == "memory":
            names += remembered
    for side in ELECTRODES:
        if particles_leave(side, cell.model_options):
            names.append(f"{LAYERS[side]} connected share")
        if particles_crack(side, cell.model_options):
            names.append(f"{LAYERS[side]} diffusion length ratio")
        if getattr(cell.model_options, side)["film"] not in ("constant", "none"):
            names.append(f"{LAYERS[side]} film resistance [Ohm.cm2]")
    known = {name: quantity(name).quantity for name in names}
    values = read_last(state.solution, [one.variable for one in known.values()])
    return {name: one.converted(float(values[one.variable].mean())) for name, one in known.items()}


def lowest(solution: pybamm.Solution, name: str) -> float:
    """The smallest value of a single number over a solution."""
    least = []
    for part in solution.sub_solutions:
        (values,) = read_along(part, (name,)).values()
        least.append(float(values.min()))
    return min(least)


def charge_passed(solution: pybamm.Solution) -> float:
    """Of one direction, positive [C]."""
    passed = 0.0
    for part in solution.sub_solutions:
        inputs = part.all_inputs[-1]
        if HELD_VOLTAGE in inputs:
            first, last = (read_at(part, [CAPACITY], at)[CAPACITY][0] for at in (0, -1))
            passed += convert(abs(float(last - first)), "A.h", "C")
        else:
            passed += abs(float(inputs[CURRENT][0])) * float(part.t[-1] - part.t[0])
    return passed


def reader(
    model: pybamm.BaseModel, names: tuple[str, ...], inputs: tuple[str, ...]
) -> casadi.Function:
    """Variables as a function of time, state vector and inputs; made once a model."""
    made = _MADE.setdefault(model, {})
    if (names, inputs) not in made:
        t, y = casadi.MX.sym("t"), casadi.MX.sym("y", model.len_rhs_and_alg)
        p = casadi.MX.sym("p", len(inputs))
        by_name = dict(zip(inputs, casadi.vertsplit(p), strict=True))
        values = [
            model.get_processed_variable(name).to_casadi(t, y, inputs=by_name) for name in names
        ]
        made[names, inputs] = casadi.Function("read", [t, y, p], values)
    return made[names, inputs]


class Lean:
    """Variables as functions of the few states and inputs that they hang on."""

    def __init__(self, model: pybamm.BaseModel, names: tuple[str, ...], inputs: tuple[str, ...]):
        whole, of = reader(model, names, inputs), casadi.SX
        try:
            whole = whole.expand()
        except RuntimeError as error:  # a table has no operations on numbers
            if "eval_sx" not in str(error):
                raise
            of = casadi.MX
        self.rows, self.places = (self._needed(whole, which) for which in (1, 2))
        t, y, p = (of.sym("t"), *(of.sym("n", len(n)) for n in (self.rows, self.places)))
        sizes = whole.size1_in(1), whole.size1_in(2)
        states, numbers = (
            casadi.mtimes(_placing(rows, size), values)
            for rows, size, values in zip((self.rows, self.places), sizes, (y, p), strict=True)
        )
        values = whole.call([t, states, numbers], True, False)
        self.function = casadi.Function("lean", [t, y, p], values)

    @staticmethod
    def _needed(whole: casadi.Function, which: int) -> np.ndarray:
        slopes = [whole.jac_sparsity(out, which) for out in range(whole.n_out())]
        columns = [np.array(each.get_col(), int) for each in slopes]
        return np.unique(np.concatenate(columns))

    def __call__(self, t: Any, y: np.ndarray, numbers: np.ndarray) -> list[np.ndarray]:
        """A column for each instant."""
        return self.of_needed(t, y[self.rows], numbers)

    def of_needed(self, t: Any, states: np.ndarray, numbers: np.ndarray) -> list[np.ndarray]:
        """The same of the states needed alone."""
        p = np.repeat(numbers[self.places][:, None], states.shape[1], axis=1)
        return [np.array(each) for each in self.function.call([np.atleast_2d(t), states, p])]


def _placing(rows: np.ndarray, size: int) -> casadi.DM:
    """The matrix that puts numbers in their rows of a column of zeros."""
    ones = casadi.DM.ones(len(rows))
    return casadi.DM.triplet(rows.tolist(), list(range(len(rows))), ones, size, len(rows))


def _lean(model: pybamm.BaseModel, names: tuple[str, ...], inputs: tuple[str, ...]) -> Lean:
    """Made once a model."""
    made = _MADE.setdefault(model, {})
    key = ("lean", names, inputs)
    if key not in made:
        made[key] = Lean(model, names, inputs)
    return made[key]


class Sampler(Lean):
    """A variable at any instant of a run."""

    def __init__(self, model: pybamm.BaseModel, name: str, inputs: tuple[str, ...]):
        super().__init__(model, (name,), inputs)

    def __call__(self, solution: pybamm.Solution, times: np.ndarray, numbers) -> np.ndarray:
        """At ``times`` [s] within the run; between the solver's steps as smooth as its own."""
        states, slopes = solution.y[self.rows], solution.yp[self.rows]
        if len(solution.t) > 1:
            states = CubicHermiteSpline(solution.t, states, slopes, axis=1)(times)
        else:
            states = np.repeat(states, len(times), axis=1)
        (values,) = self.of_needed(times, states, np.ravel(numbers))
        return np.ravel(values)
