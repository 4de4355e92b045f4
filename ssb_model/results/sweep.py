"""What a sweep gave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from ssb_model.analysis.crossing import crossing
from ssb_model.errors import InputError, nearest
from ssb_model.system.saving import csv_bytes, figure_bytes, finite, netcdf_bytes, save_result

WORDS = ("stopped_by", "detail")
KEEP = 0.95
PRESSURE = "stack_pressure_MPa"
MORE_IS_BETTER = ("capacity_mAh_g", "capacity_mAh_cm2", "energy_mWh_cm2", "retention")
CONDITIONS = ("stack_pressure_MPa", "c_rate", "temperature_C", "soc")
GRAINS = "grain_size_um"
RUN_WORDS = {
    "discharge": "discharge after a charge at constant current from rest at 0 %",
    "from full": "discharge from rest at 100 %",
    "charge": "charge from rest at 0 %",
    "pulse": "pulse from rest",
    "cycles": "cycles at constant current",
}
HELD = {
    "c_rate": "{:g}C",
    "charge_rate": "charged at {:g}C",
    "stack_pressure_MPa": "{:g} MPa",
    "temperature_C": "{:g} °C",
    "soc": "at {:.0%} of charge",
}


@dataclass(frozen=True, repr=False)
class SweepResult:
    """A row a point; ``axes`` names the columns that were varied."""

    cell: str
    title: str
    axes: list[str]
    how: dict[str, Any]  # run, conditions and settings that hold at every point
    rows: list[dict[str, Any]]
    size: int  # points asked for
    sampled: bool
    output: str | None  # what a figure shows unless told
    stopped: str = ""

    @property
    def table(self) -> pd.DataFrame:
        """One row a point; units in the names."""
        return pd.DataFrame(self.rows)

    @property
    def outputs(self) -> list[str]:
        """Columns of numbers that were not set."""
        table = self.table.drop(columns=[*self.axes, *WORDS, *CONDITIONS], errors="ignore")
        return [name for name in table if pd.api.types.is_numeric_dtype(table[name])]

    @property
    def data(self) -> xr.Dataset:
        """Outputs on the grid of the axes, or, drawn, along the points."""
        table = self.table
        reasons = sorted(set(table["stopped_by"]))
        table["stopped_by"] = [reasons.index(reason) for reason in table["stopped_by"]]
        names = {name: _plain(name) for name in [*self.axes, *self.outputs, "stopped_by"]}
        kept = table[list(names)].rename(columns=names)
        if self.sampled:
            data = kept.rename_axis("point").to_xarray()
        else:
            data = kept.set_index([names[axis] for axis in self.axes]).to_xarray()
        for name, plain in names.items():
            data[plain].attrs["long_name"] = name
        data["stopped_by"].attrs["meanings"] = "; ".join(
            f"{number}: {reason}" for number, reason in enumerate(reasons)
        )
        return data.assign_attrs(cell=self.cell, title=self.title, run=self.words)

    @property
    def words(self) -> str:
        """What one point is, for a reader."""
        return run_words(self.how)

    def minimum_pressures(
        self, output: str | None = None, keep: float = KEEP
    ) -> pd.DataFrame | None:
        """Lowest pressure that keeps a share of what the highest gives, along the other axes.

        Read between the runs below and above it, so no better than the grid; none without
        several pressures, or where less is better.
        """
        output = output or self.output
        if PRESSURE not in self.axes or self.sampled or output not in MORE_IS_BETTER:
            return None
        if self.table[PRESSURE].nunique() < 2:
            return None
        if output not in self.outputs:  # no point gave any
            return None
        others = [axis for axis in self.axes if axis != PRESSURE]
        table = self.table
        groups = table.groupby(others, sort=False) if others else [((), table)]
        rows = []
        for place, group in groups:
            found = crossing(group[PRESSURE], group[output].astype(float), keep)
            row = dict(zip(others, place, strict=True))
            known = group.loc[group[output].notna(), PRESSURE]
            row[f"pressure_for_{100 * keep:g}_percent_MPa"] = found.pressure
            row["of_that_at_MPa"] = known.max()
            row["run_below_MPa"] = known[known < found.pressure].max()
            row["run_above_MPa"] = known[known >= found.pressure].min()
            rows.append(row)
        return pd.DataFrame(rows)

    def plot(self, output: str | None = None, keep: float | None = KEEP):
        """Curve, map or points of one output; with the pressure that keeps that share of it."""
        from ssb_model.figures.sweep import plot_sweep

        return plot_sweep(self.title, self.table, self.axes, self._output(output), keep, self.words)

    def plot_best(self, of: str, output: str | None = None):
        """Which value of one axis is best against each of the others."""
        from ssb_model.figures.best import plot_best

        output = self._output(output)
        against = [axis for axis in self.axes if axis != of]
        lowest = output.startswith("resistance")
        return plot_best(self.title, self.table, of, against, output, lowest)

    @property
    def failed(self) -> bool:
        """Whether points are missing, or the solver gave up on some."""
        return bool(self.stopped) or any("failed" in row["stopped_by"] for row in self.rows)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        kept = ("cell", "title", "axes", "how", "size", "sampled", "stopped")
        told = {name: getattr(self, name) for name in kept}
        return finite({"kind": "sweep", **told, "rows": self.rows})

    def save(self, folder: str | Path) -> list[Path]:
        """Rows as CSV and JSON, the grid as netCDF, figures as PNG and SVG."""
        return save_result(folder, "sweep", self.payload, self._files() if self.rows else {})

    def _files(self) -> dict[str, bytes]:
        """What is saved beside the JSON, by name."""
        files = {"sweep.csv": csv_bytes(self.table), "sweep.nc": netcdf_bytes(self.data)}
        least = self.minimum_pressures()
        if least is not None:
            files["sweep.minimum_pressure.csv"] = csv_bytes(least)
        if self.output not in self.outputs and (self.output or not self.outputs):
            return files
        files |= figure_bytes("sweep", self.plot())
        if GRAINS in self.axes and len(self.axes) > 1 and not self.sampled:
            files |= figure_bytes("best_grain_size", self.plot_best(GRAINS))
        return files

    def _output(self, name: str | None) -> str:
        known = self.outputs
        name = name or self.output or next(iter(known), "")
        if name not in known:
            raise InputError(f"no output '{name}' in this sweep. {nearest(name, known)}")
        return name


def run_words(how: dict[str, Any]) -> str:
    """What was run and under what, for a reader."""
    told = [RUN_WORDS.get(how["run"], how["run"])]
    told += [form.format(how[name]) for name, form in HELD.items() if how.get(name) is not None]
    if how["run"] == "cycles":
        told.append(f"{how['cycles']} cycles")
    if how["run"] == "pulse":
        told.append(f"{how['seconds']:g} s")
    return ", ".join(told)


def _plain(name: str) -> str:
    """A name that a netCDF variable may have."""
    return re.sub(r"\W+", "_", name).strip("_")
