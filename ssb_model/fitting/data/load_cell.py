"""Stack pressure over time, under the current that was measured with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.fitting.data.data_set import Candidate, array, rms
from ssb_model.fitting.data.voltage import VoltageData
from ssb_model.quantities.units import factor, in_unit, said, to_si


@dataclass(frozen=True, kw_only=True)
class PressureData(VoltageData):
    """What a load cell read [Pa] beside a record: ``pressure``, as long as its ``time``.

    The cell is held by a spring or in a rigid frame, and set to ``stack_pressure``, by default
    the mean of what was read before current flowed; from then on its pressure follows from the
    current. A pressure that is held by a fluid is no answer of a cell and is refused.
    """

    pressure: np.ndarray | None = None

    kind = "stack pressure"
    usual_noise = 1e4
    noise_unit = ("kPa", factor("kPa", "Pa"))
    too_far = 2e6
    panel = "PRESSURES"
    keys = ()
    ways = ()

    def __post_init__(self):
        if self.pressure is None:
            raise InputError(f"{self.name}: no column of the stack pressure to compare with.")
        object.__setattr__(self, "pressure", array(f"{self.name}: pressure", self.pressure))
        if len(self.pressure) != len(self.time):
            raise InputError(f"{self.name}: time and pressure are not equally long.")
        if self.stack_pressure is None:
            flowing = np.flatnonzero(np.asarray(self.current))
            before = self.pressure[: max(flowing[0] if flowing.size else 0, 1)]
            object.__setattr__(self, "stack_pressure", float(np.mean(before)))
        super().__post_init__()

    def check(self, cell: Cell) -> list[str]:
        if cell.options["stack"] == "isostatic":
            raise InputError(
                f"{self.name}: the cell is held isostatically, where pressure does not answer: "
                "take --stack spring with a --stiffness, or rigid."
            )
        return super().check(cell)

    def shared(self, cell: Cell) -> np.ndarray:
        return np.zeros((len(self.chosen), 0))

    def measured(self, cell: Cell) -> np.ndarray:
        return self.pressure[self.chosen]

    def sigma(self, cell: Cell) -> np.ndarray:
        return np.full(len(self.chosen), self.deviation)

    def answer(self, engine: Engine, solution: Any, times: np.ndarray) -> np.ndarray:
        return engine.stack_pressure(solution, times)

    def after_end(self, late: np.ndarray, current: float) -> np.ndarray:
        return 0.0 * late

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        table = super().table(cell, predicted, sigma).drop(columns=["Voltage [V]"])
        table = table.rename(columns={"Model [V]": "Model [MPa]", "Sigma [V]": "Sigma [MPa]"})
        for name in ("Model [MPa]", "Sigma [MPa]"):
            table[name] = in_unit(table[name].to_numpy(), "MPa")
        kept = np.concatenate([np.arange(s.rows.start, s.rows.stop) for s in self.steps])
        table.insert(4, "Stack pressure [MPa]", in_unit(self.pressure[np.unique(kept)], "MPa"))
        return table

    def afterthoughts(self, table: pd.DataFrame) -> list[str]:
        return []

    @classmethod
    def misfit(cls, table: pd.DataFrame) -> tuple[str, float, int]:
        table = table[table["compared"]]
        off = (table["Stack pressure [MPa]"] - table["Model [MPa]"]).to_numpy()
        words = said(to_si(rms(off), "MPa"), "kPa", ".3g")
        return words, rms(off / table["Sigma [MPa]"].to_numpy()), len(off)

    @classmethod
    def suggested(cls, cell: Cell, held: dict[str, Any], own: bool) -> list[Candidate]:
        return []
