"""What a discharge gave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.holding import held_words
from ssb_model.parameters.changes import written
from ssb_model.results.curves import (
    areal_charge,
    charge_words,
    held,
    labelled_frame,
    mean_voltage,
    plating,
    polarisation,
    series,
)
from ssb_model.system.saving import csv_bytes, figure_bytes, netcdf_bytes, save_result

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Segment
    from ssb_model.results.measured import MeasuredCurve


@dataclass(frozen=True)
class DischargeResult:
    """One discharge: ``row`` names every number with its unit, ``data`` holds the curves."""

    cell: str
    title: str
    row: dict[str, Any]
    data: xr.Dataset
    cell_after: Cell  # as the run left it, to press again or run on
    measured: list[MeasuredCurve] = field(default_factory=list)  # to draw beside

    @classmethod
    def build(
        cls,
        cell: Cell,
        run: Segment,
        before: Segment | None,
        c_rate: float,
        rate_before: float | None,
        cv_until: float | None,
        pressure: float,
        temperature: float,
        cell_after: Cell,
        direction: str = "discharge",
    ) -> DischargeResult:
        design = cell.design
        began = run is not before
        data = series(run if began else None, cell)
        capacity, voltage = data["capacity"].values, data["voltage"].values
        energy = float(np.trapezoid(voltage, capacity))  # mWh cm-2
        total = float(capacity[-1])
        other = "charge" if direction == "discharge" else "discharge"
        stood = cell.rest_charge / 3.6e4 if other == "charge" else 0.0  # mAh cm-2 at rest
        passed = stood if before is None else float(areal_charge(before, design)[-1])
        grams = design.positive.mass_of_active * 0.1  # g cm-2
        mean = mean_voltage(run, cell) if began else None
        how = _before(before, other, cv_until)
        mean_before = mean_voltage(before, cell)
        row = {
            "direction": direction,
            "c_rate": c_rate,
            "held": held_words(cell, pressure),
            "stack_pressure_MPa": pressure / 1e6,
            "temperature_C": temperature - 273.15,
            "before": how if rate_before is None else f"{other}d at {rate_before:g}C, {how}",
            f"{other}_before": how,
            f"{other}_c_rate": rate_before,
            f"{other}_capacity_mAh_cm2": passed,
            f"{other}_stopped_by": None if before is None else str(before.stopped_by),
            "capacity_mAh_g": total / grams,
            "capacity_mAh_cm2": total,
            "energy_mWh_cm2": energy,
            "mean_voltage_V": mean,
            f"mean_{other}_voltage_V": mean_before,
            "polarisation_V": polarisation(before, run, cell) if began else None,
            **held(data, before),
            **plating({other: before, direction: run if began else None}, cell),
            "stopped_by": str(run.stopped_by) if began else f"never began: {run.stopped_by}",
            "detail": run.detail,
            "mesh": cell.model_options["mesh"],
            "changes": written(cell.changes),
        }
        if direction == "charge":
            row["charged"] = charge_words(cv_until)
        data.attrs.update({k: v for k, v in row.items() if v is not None and k != "changes"})
        data.attrs.update(cell=cell.name, changes=json.dumps(written(cell.changes)))
        return cls(cell.name, design.file.words["title"], row, data, cell_after)

    @property
    def table(self) -> pd.DataFrame:
        """The row as a table."""
        return pd.DataFrame([self.row])

    def plot(self, axes=None):
        """Voltage against capacity; returns the figure."""
        from ssb_model.figures.discharge import plot_discharge

        return plot_discharge(self.title, self.row, self.data, axes, self.measured)

    @property
    def failed(self) -> bool:
        """Whether the solver gave up, which no outcome of the cell explains."""
        return "solver failed" in self.row["stopped_by"]

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {"cell": self.cell, "kind": "discharge", "rows": [self.row]}

    def save(self, folder: str | Path) -> list[Path]:
        """Curves as CSV and netCDF, the row as JSON, the figure as PNG and SVG."""
        files = {
            "discharge.csv": csv_bytes(labelled_frame(self.data)),
            "discharge.nc": netcdf_bytes(self.data),
            **figure_bytes("discharge", self.plot()),
        }
        return save_result(folder, "discharge", self.payload, files)


def _before(before: Segment | None, other: str, cv_until: float | None) -> str:
    """How the other half of the cycle ended, for a reader."""
    if before is None:
        return "from rest at 100 %" if other == "charge" else "from rest at 0 %"
    return charge_words(cv_until) if other == "charge" else "to the lower cut-off"
