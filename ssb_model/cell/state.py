"""The solved state of a cell between runs, and what pressing does to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pybamm

from ssb_model.submodels.contact_laws.law import PlacedLaw

BREATHING = ("Negative electrode", "Positive electrode")
SET_PRESSURE = "Stack pressure [Pa]"


@dataclass(frozen=True)
class State:
    """The last instant of a run and the engine it ran on."""

    solution: pybamm.Solution
    engine: Any  # built for this state's model

    @property
    def set_pressure(self) -> float:
        """What the stack was set to [Pa]."""
        return self.inputs[SET_PRESSURE]

    @property
    def inputs(self) -> dict[str, float]:
        """The numbers it was solved with, by name."""
        inputs = self.solution.all_inputs[-1]
        return {name: float(np.ravel(value)[0]) for name, value in inputs.items()}

    def press(self, pressure: float, laws: dict[str, PlacedLaw]) -> State:
        """The same instant with the stack set to ``pressure``: contact follows, nothing else.

        Lithium, potentials, films and temperature are left exactly as they are, but for particles
        that leave or come back with theirs; a spring or a frame holds from here on, at the
        thickness the cell has now.
        """
        model = self.solution.all_models[-1]
        y = np.array(self.solution.y[:, -1])
        vector = StateVector(model, y, self.inputs)
        for place, law in laws.items():
            names = [f"{place} {name}" for name in law.law.states]
            if names[0] in vector:
                before = tuple(vector[name] for name in names)
                for name, value in zip(names, law.after(before, pressure), strict=True):
                    vector[name] = value
        held = [name for name in vector.names if name.startswith("Free thickness change when held")]
        if held:
            now = sum(
                self.solution[f"{electrode} free thickness change [m]"].entries[-1]
                for electrode in BREATHING
            )
            for name in held:
                vector[name] = now
        inputs = {**self.solution.all_inputs[-1], SET_PRESSURE: np.array([pressure])}
        for electrode in BREATHING:
            if f"{electrode} connected share" in vector:
                _reconnect(vector, electrode, model, self.solution.t[-1], inputs)
        return State(instant(self.solution.t[-1], vector.y, model, inputs), self.engine)


def _reconnect(
    vector: StateVector, electrode: str, model: pybamm.BaseModel, t: float, inputs: dict
) -> None:
    """Let the particles of an electrode follow their contacts, and mix those that come back."""

    def read(name: str) -> np.ndarray:
        variable = model.get_processed_variable(f"{electrode} {name}")
        return np.ravel(variable.evaluate(t, vector.y.reshape(-1, 1), inputs=inputs))

    before = vector[f"{electrode} connected share"]
    now, off = read("connected share when settled"), read("cut-off concentration [mol.m-3]")
    stayed = np.minimum(before / now, 1)  # share of the particles connected now
    side = electrode.split()[0]
    for name in (
        f"{side} particle concentration [mol.m-3]",
        f"R-averaged {side.lower()} particle concentration [mol.m-3]",
        f"{side} particle surface concentration [mol.m-3]",
    ):
        if name in vector:
            c = vector[name]
            each = len(c) // len(off)  # points of a particle, which run fastest
            old, share = np.repeat(off, each), np.repeat(stayed, each)
            vector[name] = old + (c - old) * share
    slope = f"R-averaged {side.lower()} particle concentration gradient [mol.m-4]"
    if slope in vector:
        vector[slope] = vector[slope] * stayed
    vector[f"{electrode} connected share"] = now


def instant(
    t: float, y: np.ndarray, model: pybamm.BaseModel, inputs: dict[str, np.ndarray]
) -> pybamm.Solution:
    """A solution of one instant; holds nothing of the run it may come from."""
    column = np.array(y).reshape(-1, 1)
    told = {"termination": "final time", "check_solution": False}  # PyBaMM logs of large numbers
    return pybamm.Solution(np.array([t]), column, model, inputs, **told)


class StateVector:
    """A model's state vector by the names of its variables, in their own units."""

    def __init__(
        self, model: pybamm.BaseModel, y: np.ndarray, inputs: dict[str, float] | None = None
    ):
        self.y = y
        self._inputs = inputs or {}  # what scales may hang on
        self._where = {variable.name: (variable, s[0]) for variable, s in model.y_slices.items()}

    @property
    def names(self) -> list[str]:
        return list(self._where)

    def rows(self, name: str) -> np.ndarray:
        """Places of a variable in the vector."""
        return np.arange(*self._where[name][1].indices(len(self.y)))

    def __contains__(self, name: str) -> bool:
        return name in self._where

    def __getitem__(self, name: str) -> np.ndarray:
        reference, scale, where = self._scaled(name)
        return reference + scale * self.y[where]

    def __setitem__(self, name: str, value) -> None:
        reference, scale, where = self._scaled(name)
        self.y[where] = (value - reference) / scale

    def _scaled(self, name: str) -> tuple[np.ndarray, np.ndarray, slice]:
        variable, where = self._where[name]
        both = (variable.reference, variable.scale)
        reference, scale = (np.squeeze(one.evaluate(inputs=self._inputs)) for one in both)
        return reference, scale, where
