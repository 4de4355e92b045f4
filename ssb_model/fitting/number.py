"""A single number: a resistance, a capacitance, a contact fraction of a cell at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.gauges import GAUGES
from ssb_model.engine.rack import Rack, Slot
from ssb_model.errors import InputError, nearest
from ssb_model.fitting.data_set import Run, RunData
from ssb_model.quantities.checks import check_number

UNITS = {"Ohm_cm2": "Ohm.cm2", "uF_cm2": "uF.cm-2"}


@dataclass(frozen=True, kw_only=True)
class NumberData(RunData):
    """One of ``GAUGES`` at rest at a state of charge, in its own unit; noise is a share of it.

    "separator_resistance_Ohm_cm2", "positive_interface_Ohm_cm2", "positive_ionic_Ohm_cm2",
    "positive_capacitance_uF_cm2", "positive_contact_fraction" and the negative electrode's.
    """

    quantity: str
    value: float
    soc: float = 0.5

    kind = "number"
    usual_noise = 0.05

    def __post_init__(self):
        super().__post_init__()
        if self.quantity not in GAUGES:
            raise InputError(f"no quantity '{self.quantity}'. {nearest(self.quantity, GAUGES)}")
        if not check_number(f"{self.name}: the value", self.value) > 0:
            raise InputError(f"{self.name}: the value is positive, not {self.value:g}.")

    @property
    def name(self) -> str:
        return self.label or self.quantity

    def conditions(self, cell: Cell) -> dict[str, float]:
        return {**super().conditions(cell), "soc": self.soc}

    def measured(self, cell: Cell) -> np.ndarray:
        return np.array([float(self.value)])

    def sigma(self, cell: Cell) -> np.ndarray:
        return self.deviation * self.measured(cell)

    def runs(self, rack: Rack, cell: Cell) -> list[Run]:
        return [self._read(rack, cell)]

    def _read(self, rack: Rack, cell: Cell) -> Run:
        """At rest nothing is to be solved."""
        slot = Slot(rack.place(cell.at_soc(self.soc)), 0.0, *self.held(cell), 1.0)
        variable, factor = GAUGES[self.quantity]
        (values,) = rack.read(slot, 0.0, rack.at_rest(slot), [variable])
        return np.array([factor * values.mean()])
        yield

    def seen(self, predicted: np.ndarray) -> NumberData:
        """The same with another number."""
        return replace(self, value=float(predicted[0]))

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        unit = next((unit for ending, unit in UNITS.items() if self.quantity.endswith(ending)), "1")
        row = (self.name, unit, self.value, predicted[0], sigma[0])
        return pd.DataFrame([row], columns=["name", "unit", "value", "model", "sigma"])
