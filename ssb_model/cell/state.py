"""The solved state of a cell between runs, and what pressing does to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pybamm

from ssb_model.laws import pressing
from ssb_model.submodels.contact_memory import STATES

BREATHING = ("Negative electrode", "Positive electrode")
SET_PRESSURE = "Stack pressure [Pa]"


@dataclass(frozen=True)
class State:
    """The last instant of a run and the bench it ran on."""

    solution: pybamm.Solution
    bench: Any  # built for this state's model

    @property
    def set_pressure(self) -> float:
        """What the stack was set to [Pa]."""
        return float(np.ravel(self.solution.all_inputs[-1][SET_PRESSURE])[0])

    def press(self, pressure: float, laws: dict[str, pressing.Constants]) -> State:
        """The same instant with the stack set to ``pressure``: contact follows, nothing else.

        Lithium, potentials, films and temperature are left exactly as they are; a spring or a
        frame holds from here on, at the thickness the cell has now.
        """
        model = self.solution.all_models[-1]
        y = np.array(self.solution.y[:, -1])
        vector = StateVector(model, y)
        for place, law in laws.items():
            names = [f"{place} {name}" for name in STATES]
            if names[0] in vector:
                before = pressing.History(*(vector[name] for name in names))
                for name, value in zip(names, pressing.after(before, pressure, law), strict=True):
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
        pressed = pybamm.Solution(
            self.solution.t[-1:], vector.y[:, np.newaxis], model, inputs, termination="final time"
        )
        return State(pressed, self.bench)


class StateVector:
    """A model's state vector by the names of its variables, in their own units."""

    def __init__(self, model: pybamm.BaseModel, y: np.ndarray):
        self.y = y
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
        variable, where = self._where[name]
        return variable.reference.evaluate() + variable.scale.evaluate() * self.y[where]

    def __setitem__(self, name: str, value) -> None:
        variable, where = self._where[name]
        self.y[where] = (value - variable.reference.evaluate()) / variable.scale.evaluate()
