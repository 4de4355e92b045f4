"""What an engine is asked to solve: a step, and the same made ready for a form of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.cell.state import State
from ssb_model.engine.form import START, Form
from ssb_model.engine.reading import CURRENT, HELD_VOLTAGE
from ssb_model.engine.remesh import translated

ALIKE = 4.0  # times as long


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
    def whole(self) -> bool:
        """Whether it runs from a zero of time of its own to an end that nobody asked for."""
        return self.step.longest is None and self.stops[0] == 0 and len(self.stops) == 2

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


def as_long(asked: list[Asked]) -> list[Asked]:
    """The same, those of like length cut off where the longest is: to run in one list.

    Only what goes on for ever ends there; the solver's steps do not hang on it.
    """
    ends = sorted({one.stops[-1] for one in asked if one.whole})
    longest = {end: max(e for e in ends if e <= ALIKE * end) for end in ends}
    return [
        replace(one, stops=(one.stops[0], longest[one.stops[-1]])) if one.whole else one
        for one in asked
    ]
