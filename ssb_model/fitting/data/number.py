"""A single number: a resistance, a capacitance, a contact fraction of a cell at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.engine.reading import GAUGES, read_last
from ssb_model.errors import InputError, nearest
from ssb_model.fitting.data.data_set import Candidate, Key, Run, RunData, Way
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.registry import alike, quantity, unit_of

WORTH_MEASURING = {
    f"{side} electrode interface capacitance [uF.cm-2]": (
        f"capacitance of the {side.lower()} electrode's contact"
    )
    for side in ("Positive", "Negative")
} | {
    "Separator ionic resistance [Ohm.cm2]": "resistance of the separator",
}


@dataclass(frozen=True, kw_only=True)
class NumberData(RunData):
    """One of ``GAUGES`` at rest at a state of charge, in its own unit; noise is a share of it.

    "Separator ionic resistance [Ohm.cm2]", "Positive electrode interface resistance [Ohm.cm2]",
    "... ionic resistance [Ohm.cm2]", "... interface capacitance [uF.cm-2]", "... contact
    fraction" and the negative electrode's.
    """

    quantity: str
    value: float
    soc: float = 0.5

    kind = "number"
    keys = (Key("quantity", str), Key("value"))
    ways = (Way("number", ("quantity", "value", "soc"), needed=("value",)),)

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "quantity", alike(self.quantity, GAUGES))
        if self.quantity not in GAUGES:
            raise InputError(f"no quantity '{self.quantity}'. {nearest(self.quantity, GAUGES)}")
        if not check_number(f"{self.name}: the value", self.value) > 0:
            raise InputError(f"{self.name}: the value is positive, not {self.value:g}.")

    @property
    def name(self) -> str:
        return self.label or self.quantity

    @property
    def unit(self) -> str:
        return unit_of(self.quantity)

    def conditions(self, cell: Cell) -> dict[str, float]:
        return {**super().conditions(cell), "State of charge": self.soc}

    def measured(self, cell: Cell) -> np.ndarray:
        return np.array([float(self.value)])

    def runs(self, engine: Engine, cell: Cell) -> list[Run]:
        return [self._read(engine, cell)]

    def _read(self, engine: Engine, cell: Cell) -> Run:
        """At rest nothing is to be solved."""
        state = engine.at_rest(self.at(cell, self.soc).step())
        one = quantity(self.quantity).quantity
        values = read_last(state.solution, [one.variable])[one.variable]
        return np.array([one.converted(values.mean())])
        yield

    def seen(self, predicted: np.ndarray) -> NumberData:
        """The same with another number."""
        return replace(self, value=float(predicted[0]))

    @classmethod
    def suggested(cls, cell: Cell, held: dict[str, Any], own: bool) -> list[Candidate]:
        return [
            Candidate(words, lambda seen: seen, cls(quantity=quantity, value=1.0, **held))
            for quantity, words in WORTH_MEASURING.items()
            if own
        ]
