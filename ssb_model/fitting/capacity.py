"""Capacity against rate."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.bench import LONGEST
from ssb_model.engine.outcome import StoppedBy
from ssb_model.engine.rack import Rack, Slot
from ssb_model.errors import InputError
from ssb_model.fitting.data_set import Run, RunData, Unsolved, array, held_in, sound
from ssb_model.measured.capacities import read_capacities
from ssb_model.quantities.checks import check_positive

UNITS = ("mAh_g", "mAh_cm2", "Ah")
AT_ONCE = (
    StoppedBy.LOWER_CUTOFF_AT_ONCE,
    StoppedBy.UPPER_CUTOFF_AT_ONCE,
    StoppedBy.SPOTS_EMPTY,
    StoppedBy.SPOTS_FULL,
)


@dataclass(frozen=True, kw_only=True)
class CapacityData(RunData):
    """Capacities of discharges at C-rates, in "mAh_g", "mAh_cm2" or "Ah"; noise is a share of them.

    One cell goes through the rates in order, a charge at the same rate (or at ``charge_rate``)
    before each discharge, as in a rate test; ``from_full`` discharges a fresh cell from rest at
    100 % at each instead.
    """

    c_rate: np.ndarray
    capacity: np.ndarray
    unit: str = "mAh_g"
    charge_rate: float | None = None
    from_full: bool = False

    kind = "capacity"
    usual_noise = 0.01

    def __post_init__(self):
        super().__post_init__()
        for name in ("c_rate", "capacity"):
            object.__setattr__(self, name, array(f"{self.name}: {name}", getattr(self, name)))
        if len(self.c_rate) != len(self.capacity):
            raise InputError(f"{self.name}: rates and capacities are not equally many.")
        if (self.c_rate <= 0).any() or (self.capacity <= 0).any():
            raise InputError(f"{self.name}: rates and capacities are positive.")
        if self.unit not in UNITS:
            raise InputError(f"{self.name}: the unit is one of {', '.join(UNITS)}.")
        if self.charge_rate is not None:
            check_positive(f"{self.name}: the charge rate", self.charge_rate)

    @classmethod
    def read(cls, path: str | Path, **conditions) -> CapacityData:
        """Out of a table of rates and capacities."""
        table = read_capacities(path)
        conditions = conditions | held_in(path, table, conditions)
        given = {"label": Path(path).name, **conditions}
        return cls(c_rate=table.c_rate, capacity=table.capacity, unit=table.unit, **given)

    def _per_unit(self, cell: Cell) -> float:
        """mAh g-1 of active material in one of the unit."""
        grams = cell.design.positive.mass_of_active * 0.1  # cm-2
        area = cell.design.area * 1e4
        return {"mAh_g": 1.0, "mAh_cm2": 1 / grams, "Ah": 1e3 / (grams * area)}[self.unit]

    def measured(self, cell: Cell) -> np.ndarray:
        return self.capacity * self._per_unit(cell)

    def sigma(self, cell: Cell) -> np.ndarray:
        return self.deviation * self.measured(cell)

    def runs(self, rack: Rack, cell: Cell) -> list[Run]:
        if self.from_full:
            return [self._discharges(rack, cell, [rate], 1.0) for rate in self.c_rate]
        return [self._discharges(rack, cell, self.c_rate, 0.0)]

    def _discharges(self, rack: Rack, cell: Cell, rates, soc: float) -> Run:
        """One cell through its rates in order; a charge before each, unless it starts full."""
        design = cell.design
        numbers = rack.place(cell.at_soc(soc))
        one_c = design.nominal_capacity / 3600
        per_gram = 1 / (3.6 * design.positive.mass_of_active * 1e3)
        state, capacities = None, []
        for rate in rates:
            charge = rate if self.charge_rate is None else self.charge_rate
            ways = [rate] if soc else [-charge, rate]
            for way in ways:
                longest = LONGEST * design.positive.theoretical_capacity / (abs(way) * one_c)
                longest = 2.0 ** math.ceil(math.log2(longest))  # few lengths, run side by side
                current = way * one_c * design.area
                slot = Slot(numbers, current, *self.held(cell), longest, state)
                segment = yield slot
                if segment.solution is None and segment.stopped_by in AT_ONCE:
                    passed = 0.0
                    continue
                if not sound(segment):
                    raise Unsolved(f"{self.name}, {abs(way):g}C: {segment.detail}")
                state = segment.solution.y[:, -1]
                passed = abs(way) * one_c * float(segment.solution.t[-1])
            capacities.append(passed * per_gram)
        return np.array(capacities)

    def seen(self, predicted: np.ndarray) -> CapacityData:
        """The same with other numbers, which are per gram."""
        return replace(self, capacity=predicted, unit="mAh_g")

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        columns = (self.c_rate, self.measured(cell), predicted, sigma)
        names = ("c_rate", "capacity_mAh_g", "model_mAh_g", "sigma_mAh_g")
        return pd.DataFrame(dict(zip(names, columns, strict=True)))
