"""Variables of a single state, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import casadi
import numpy as np
import pybamm
from scipy.interpolate import CubicHermiteSpline

# PyBaMM compiles each variable anew for each solution; of one state that is most of the work
_MADE: WeakKeyDictionary[pybamm.BaseModel, dict] = WeakKeyDictionary()


def read_last(solution: pybamm.Solution, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Variables at the end of a solution, each as a flat array."""
    model, inputs = solution.all_models[-1], solution.all_inputs[-1]
    numbers = [float(np.ravel(value)[0]) for value in inputs.values()]
    function = reader(model, tuple(names), tuple(inputs))
    values = function.call([solution.t[-1], solution.y[:, -1], numbers])
    return {name: np.ravel(value) for name, value in zip(names, values, strict=True)}


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


class Sampler:
    """A variable at any instant of a run, out of the few states it hangs on."""

    def __init__(self, model: pybamm.BaseModel, name: str, inputs: tuple[str, ...]):
        whole = reader(model, (name,), inputs).expand()
        t, y, p = (casadi.SX.sym(letter, whole.size1_in(k)) for k, letter in enumerate("typ"))
        value = whole(t, y, p)
        self.rows = np.array(casadi.jacobian(value, y).sparsity().get_col(), int)
        needed = casadi.vertcat(*(y[int(row)] for row in self.rows))
        self.function = casadi.Function("sample", [t, needed, p], [value])

    def __call__(self, solution: pybamm.Solution, times: np.ndarray, numbers) -> np.ndarray:
        """At ``times`` [s] within the run; between the solver's steps as smooth as its own."""
        states, slopes = solution.y[self.rows], solution.yp[self.rows]
        if len(solution.t) > 1:
            states = CubicHermiteSpline(solution.t, states, slopes, axis=1)(times)
        else:
            states = np.repeat(states, len(times), axis=1)
        p = np.repeat(np.reshape(numbers, (-1, 1)), len(times), axis=1)
        return np.ravel(self.function(times[None, :], states, p))
