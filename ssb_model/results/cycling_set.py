"""One cell cycled under several stack pressures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ssb_model.results.cycling import CyclingResult
from ssb_model.system.saving import csv_bytes, figure_bytes, json_bytes, save_result

if TYPE_CHECKING:
    from ssb_model.results.measured import MeasuredCurve


@dataclass(frozen=True, repr=False)
class CyclingSet:
    """Runs of cycles, one fresh cell a stack pressure."""

    results: list[CyclingResult]
    measured: list[MeasuredCurve] = field(default_factory=list)  # discharges to draw beside

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a cycle, pressure after pressure."""
        return [row for result in self.results for row in result.rows]

    @property
    def table(self) -> pd.DataFrame:
        """One row a cycle, pressure after pressure."""
        return pd.DataFrame(self.rows)

    @property
    def stopped(self) -> str:
        """What stopped the last of them, if anything did."""
        return self.results[-1].stopped

    @property
    def failed(self) -> bool:
        """Whether a hand or the solver stopped one of them."""
        return any(result.failed for result in self.results)

    @property
    def payload(self) -> dict[str, Any]:
        """The results as plain data, for JSON."""
        return {
            "cell": self.results[0].cell,
            "kind": "cycling",
            "conditions": [result.conditions for result in self.results],
            "stopped": [result.stopped for result in self.results],
            "rows": self.rows,
            "spectra": [
                {"stack_pressure_MPa": result.conditions["stack_pressure_MPa"], **row}
                for result in self.results
                for row in result.spectra
            ],
        }

    def plot(self):
        """Capacity, retention and resistances by cycle, a colour a pressure; the figure."""
        from ssb_model.figures.cycling_set import plot_cycling_set

        return plot_cycling_set(self.results, self.measured)

    def save(self, folder: str | Path) -> list[Path]:
        """Each run in a folder of its own, all cycles together as CSV, JSON and figure."""
        files = {}
        for result in self.results:
            own = f"{result.conditions['stack_pressure_MPa']:g}MPa"
            files[f"{own}/cycle.json"] = json_bytes(result.payload)
            files |= {f"{own}/{name}": content for name, content in result.files.items()}
        if self.rows:
            files["cycle.csv"] = csv_bytes(self.table)
            files |= figure_bytes("cycle", self.plot())
        return save_result(folder, "cycle", self.payload, files)
