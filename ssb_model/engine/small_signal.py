"""A cell's model, its double layers included, linearised at a solved state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import casadi
import numpy as np
import pybamm
from scipy.sparse import csc_matrix

from ssb_model.cell.cell import Cell
from ssb_model.cell.numbers import State, StateVector
from ssb_model.engine.engine import INPUTS, STATE_OF_CHARGE, Engine, Step
from ssb_model.engine.linearised import Interface, Linearised
from ssb_model.engine.reading import reader
from ssb_model.errors import InputError, SolveError
from ssb_model.numerics.chain import chained_jacobian
from ssb_model.numerics.solver import MOST_STATES, SolidStateSolver

ELECTRODES = ("cell", "positive", "negative")
SETTLE = 1.0  # s, in which double layers take up the state of a model without them
OUTPUTS = (
    "Voltage [V]",
    "Positive electrode 3E potential [V]",
    "Reference electrode potential [V]",
)


class SmallSignal:
    """The model of a cell with double layers; states of the same cell are linearised on it.

    With ``differing`` it takes cells as well that differ in the numbers of those parameters, at
    any state of charge. Isothermal, at the temperature the cell is held at: heat is of second
    order in a signal.
    """

    def __init__(
        self, cell: Cell, differing: Collection[str] | None = None, mesh: str | None = None
    ):
        self.cell = checked_form(cell, mesh)
        names = () if differing is None else (*differing, *STATE_OF_CHARGE)
        self.engine = Engine(self.cell, names, reference_electrode=True)
        self.electrodes = ELECTRODES[:1] if self.engine.open_sizes else ELECTRODES

    def settled(self, step: Step) -> State:
        """Where a step starts, with the double layers charged at its current."""
        if step.start is None and not step.current:
            return self.engine.at_rest(step)
        if step.start is not None:
            step = replace(step, start=self.engine.carried(step.start, step.temperature))
        (segment,) = self.engine.run([replace(step, longest=SETTLE)])
        if segment.solution is None:
            raise SolveError(f"no impedance here: {segment.stopped_by}; {segment.detail}.")
        return segment.state

    @cached_property
    def _slopes(self) -> Slopes:
        form = self.engine.current_form
        return slopes(form.resting, form.inputs, OUTPUTS[: len(self.electrodes)])

    def linearised(self, state: State, cell: Cell | None = None) -> Linearised:
        """The model about a settled state, of one of the cells that differ if it is given."""
        solution, made = state.solution, self._slopes
        p = np.array([state.inputs[name] for name in made.inputs])
        y = np.array(solution.y[:, -1])
        return made.linearised(cell or self.cell, float(solution.t[-1]), y, p)

    def impedance(
        self, steps: Sequence[Step], frequencies: np.ndarray, electrode: str = "cell"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Of the first step's cell [Ohm m2], and to first order what the others have more."""
        if electrode not in self.electrodes:
            raise InputError(
                f"the spectrum of the {electrode} electrode alone cannot be had while thicknesses "
                "or particle sizes are varied: take the whole cell's."
            )
        first, *others = (self.linearised(self.settled(step), step.cell) for step in steps)
        return first.beside(others, frequencies, self.electrodes.index(electrode))


def checked_form(cell: Cell, mesh: str | None) -> Cell:
    """The cell with double layers and at one temperature, on a mesh of its own or this."""
    form = {"surface form": "differential", "thermal": "isothermal"}
    if mesh is not None:
        form["mesh"] = mesh
    cell = replace(cell, state=None).with_options(form)
    for side in ("negative", "positive"):
        electrode = f"{side.capitalize()} electrode"
        sizes = getattr(cell.model_options, side)["particle size"] == "distribution"
        if sizes and cell.evaluate(f"{electrode} film Q [S.m-2]"):
            raise InputError(
                f"a film with a capacity has one potential a place: set '{electrode} film "
                "capacity [F.m-2]' to 0, or 'particle size' to 'single'."
            )
    return cell


def slopes(
    model: pybamm.BaseModel, inputs: tuple[str, ...], names: Sequence[str] = OUTPUTS
) -> Slopes:
    """Derivatives of equations and outputs by states and current, made once."""
    if not hasattr(model, "rhs_algebraic_eval"):
        SolidStateSolver().set_up(model, inputs=dict.fromkeys(inputs, 1.0))
    t, y = casadi.MX.sym("t"), casadi.MX.sym("y", model.len_rhs_and_alg)
    p = casadi.MX.sym("p", len(inputs))
    by_name = dict(zip(inputs, casadi.vertsplit(p), strict=True))
    equations = model.rhs_algebraic_eval(t, y, p)
    outputs = casadi.vertcat(
        *(model.get_processed_variable(name).to_casadi(t, y, inputs=by_name) for name in names)
    )
    by_current = casadi.DM([float(name == INPUTS[0]) for name in inputs])
    parts = {
        "b": casadi.jtimes(equations, p, by_current),
        "c": casadi.jacobian(outputs, y),
        "d": casadi.jtimes(outputs, p, by_current),
    }
    made = {name: casadi.Function(name, [t, y, p], [part]) for name, part in parts.items()}
    J = model.jac_rhs_algebraic_eval
    if model.len_rhs_and_alg <= MOST_STATES:  # the solver's leaves out what Newton does without
        J = chained_jacobian(model.rhs_algebraic_eval) or J
    return Slopes(model, inputs, {"J": J, **made})


@dataclass(frozen=True)
class Slopes:
    """A built model ready to be linearised anywhere."""

    model: pybamm.BaseModel
    inputs: tuple[str, ...]
    functions: dict[str, casadi.Function]

    def linearised(self, cell: Cell, t: float, y: np.ndarray, p: np.ndarray) -> Linearised:
        """About a state of a cell, at the inputs ``p``."""
        J, b, c, d = (self.functions[name](t, y, p) for name in "Jbcd")
        return Linearised(
            csc_matrix(self.model.mass_matrix.entries),
            csc_matrix(J.sparse()),
            np.array(b).ravel(),
            csc_matrix(c.sparse()),
            np.array(d).ravel(),
            [self._interface(side, cell, t, y, p) for side in ("negative", "positive")],
            cell.design.area,
        )

    def _interface(self, side: str, cell: Cell, t: float, y: np.ndarray, p) -> Interface:
        """Where a double layer and a film stand among the states, and what they are."""
        electrode = f"{side.capitalize()} electrode"
        face = electrode if side in cell.model_options.porous else "Lithium metal interface"
        reaction = f"{electrode} reaction potential difference [V]"
        read = reader(self.model, (f"{electrode} film resistance [Ohm.m2]",), self.inputs)
        (film,) = (np.ravel(value) for value in read.call([t, y, p]))
        vector = StateVector(self.model, y)

        def number(name):
            return cell.evaluate(f"{electrode} {name}")

        return Interface(
            layer=vector.rows(f"{face} surface potential difference [V]"),
            reaction=vector.rows(reaction) if reaction in vector else None,
            film=film,
            capacity=number("double-layer capacity [F.m-2]"),
            layer_Q=number("double-layer Q [S.m-2]"),
            exponent=number("double-layer exponent"),
            film_Q=number("film Q [S.m-2]"),
            film_exponent=number("film exponent"),
        )
