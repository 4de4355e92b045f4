"""A cell as a study runs it, and one stretch at constant current of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.engine.bench import LONGEST
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.engine.rack import Rack, Slot


@dataclass(frozen=True)
class Stand:
    """A cell, its C-rate and how it is held [Pa, K]."""

    cell: Cell
    c_rate: float
    stack_pressure: float
    temperature: float
    soc: float = 0.5  # where a pulse starts

    def slot(
        self,
        rack: Rack,
        c_rate: float,
        soc: float = 0.0,
        start: np.ndarray | None = None,
        longest: float | None = None,
    ) -> Slot:
        """A run at a C-rate, positive on discharge, from rest or from a state."""
        design = self.cell.design
        density = c_rate * design.nominal_capacity / 3600
        if longest is None:  # few values, so that many run side by side
            most = LONGEST * design.positive.theoretical_capacity / abs(density)
            longest = 2.0 ** math.ceil(math.log2(most))
        numbers = rack.place(self.cell.at_soc(soc))
        held = (self.stack_pressure, self.temperature)
        return Slot(numbers, density * design.area, *held, longest, start)


@dataclass(frozen=True)
class Stretch:
    """A slot and what became of it; empty where it never began."""

    rack: Rack
    slot: Slot
    segment: Segment

    @property
    def began(self) -> bool:
        return self.segment.solution is not None

    @property
    def failed(self) -> bool:
        """Whether the solver gave up."""
        return self.segment.stopped_by is StoppedBy.SOLVER

    @property
    def sound(self) -> bool:
        """Whether it ended somewhere to go on from."""
        return self.began and not self.failed

    @property
    def state(self) -> np.ndarray:
        return self.segment.solution.y[:, -1]

    @property
    def charge(self) -> float:
        """Passed either way [C]."""
        return abs(self.slot.current) * float(self.segment.solution.t[-1]) if self.began else 0.0

    @cached_property
    def energy_before(self) -> float:
        """Delivered by the cell before [W.h], none by one at rest."""
        if self.slot.start is None:
            return 0.0
        return float(self.rack.read(self.slot, 0.0, self.slot.start, [ENERGY])[0][0])

    def after(self, names: Sequence[str]) -> list[float]:
        """Variables at the end."""
        values = self.rack.read(self.slot, self.segment.solution.t[-1], self.state, names)
        return [float(value[0]) for value in values]

    def least(self, name: str) -> float:
        """The smallest value of a variable."""
        solution = self.segment.solution
        return min(
            float(self.rack.read(self.slot, t, y, [name])[0][0])
            for t, y in zip(solution.t, solution.y.T, strict=True)
        )


ENERGY = "Discharge energy [W.h]"


def stretches(rack: Rack, slots: list[Slot]) -> list[Stretch]:
    """Slots run side by side."""
    segments = rack.run(slots)
    return [Stretch(rack, slot, segment) for slot, segment in zip(slots, segments, strict=True)]
