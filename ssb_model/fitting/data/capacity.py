"""Capacity against rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import StoppedBy
from ssb_model.engine.reading import charge_passed
from ssb_model.errors import InputError
from ssb_model.experiments import experiment
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import Key, Run, RunData, Way, array, held_in, rms
from ssb_model.measured.capacities import read_capacities
from ssb_model.quantities import units

UNITS = ("mA.h.g-1", "mA.h.cm-2", "A.h")
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
    unit: str = "mA.h.g-1"
    charge_rate: float | None = None
    from_full: bool = False

    kind = "capacity"
    usual_noise = 0.01
    too_far = 0.1
    panel = "CAPACITIES"
    keys = (Key("Capacity [mA.h.g-1]", field="capacity"),)
    ways = (
        Way("capacities", ("file", "charge_rate", "from_full")),
        Way("capacity", ("Capacity [mA.h.g-1]", "c_rate", "charge_rate", "from_full"), ("c_rate",)),
    )

    def __post_init__(self):
        super().__post_init__()
        for name in ("c_rate", "capacity"):
            object.__setattr__(self, name, array(f"{self.name}: {name}", getattr(self, name)))
        if len(self.c_rate) != len(self.capacity):
            raise InputError(f"{self.name}: rates and capacities are not equally many.")
        if (self.c_rate <= 0).any() or (self.capacity <= 0).any():
            raise InputError(f"{self.name}: rates and capacities are positive.")
        of = str(self.unit)
        spelled = units.unit(of).file if units.known(of) else units.ending(f"capacity_{of}")[1]
        object.__setattr__(self, "unit", spelled)
        if self.unit not in UNITS:
            raise InputError(f"{self.name}: the unit is one of {', '.join(UNITS)}.")

    @classmethod
    def read(cls, path: str | Path, **conditions) -> CapacityData:
        """Out of a table of rates and capacities."""
        table = read_capacities(path)
        conditions = conditions | held_in(path, table, conditions)
        given = {"label": Path(path).name, **conditions}
        return cls(c_rate=table.c_rate, capacity=table.capacity, unit=table.unit, **given)

    @classmethod
    def of_keys(cls, **fields) -> CapacityData:
        """One capacity, called by its rate."""
        return cls(**{"label": f"{fields['c_rate']:g}C", **fields})

    def _per_unit(self, cell: Cell) -> float:
        """mAh g-1 of active material in one of the unit."""
        grams, area = cell.design.positive.grams, units.in_unit(cell.design.area, "cm2")
        per_cell = units.factor("A.h", "mA.h") / (grams * area)
        return {"mA.h.g-1": 1.0, "mA.h.cm-2": 1 / grams, "A.h": per_cell}[self.unit]

    def measured(self, cell: Cell) -> np.ndarray:
        return self.capacity * self._per_unit(cell)

    def runs(self, engine: Engine, cell: Cell) -> list[Run]:
        if self.from_full:
            return [self._discharges(cell, [rate], 1.0) for rate in self.c_rate]
        return [self._discharges(cell, self.c_rate, 0.0)]

    def _discharges(self, cell: Cell, rates, soc: float) -> Run:
        """One cell through its rates in order; a charge before each, unless it starts full."""
        held = self.at(cell, soc)
        mass = cell.design.positive.mass_of_active * cell.design.area  # kg
        state, capacities = None, []
        for rate in rates:
            before = self.charge_rate
            done = yield from experiment.pair(
                held, "discharge", rate, before, start=state, alone=bool(soc)
            )
            run = done.before if done.run is None else done.run
            if run.solution is None and run.stopped_by not in AT_ONCE:
                raise Unsolved(f"{self.name}, {rate:g}C: {run.detail}")
            began = done.run is not None and done.run.solution is not None
            charge = charge_passed(run.solution) if began else 0.0
            capacities.append(units.in_unit(charge / mass, "mA.h.g-1"))
            state = done.state
        return np.array(capacities)

    def seen(self, predicted: np.ndarray) -> CapacityData:
        """The same with other numbers, which are per gram."""
        return replace(self, capacity=predicted, unit="mA.h.g-1")

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        columns = (self.c_rate, self.measured(cell), predicted, sigma)
        names = ("C-rate", "Capacity [mA.h.g-1]", "Model [mA.h.g-1]", "Sigma [mA.h.g-1]")
        return pd.DataFrame(dict(zip(names, columns, strict=True)))

    @classmethod
    def misfit(cls, table: pd.DataFrame) -> tuple[str, float, int]:
        off = table["Capacity [mA.h.g-1]"] - table["Model [mA.h.g-1]"]
        return f"{rms(off):.3g} mAh/g", rms(off / table["Sigma [mA.h.g-1]"]), len(off)
