"""Several runs in the order they were made: rows and curves of all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
import xarray as xr

from ssb_model.results.curves import labelled_frame
from ssb_model.system.saving import csv_bytes, figure_bytes, netcdf_bytes, save_result

if TYPE_CHECKING:
    from ssb_model.results.measured import MeasuredCurve


@dataclass(frozen=True, repr=False)
class RunsResult(ABC):
    """Abstract: runs that have a ``row`` and curves in ``data`` each."""

    kind: ClassVar[str]

    cell: str
    title: str
    runs: list[Any]
    stopped: str = ""
    measured: list[MeasuredCurve] = field(default_factory=list)  # to draw beside

    @abstractmethod
    def plot(self):
        """The figure."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a run; units in the names."""
        return [run.row for run in self.runs]

    @property
    def table(self) -> pd.DataFrame:
        """One row a run."""
        return pd.DataFrame(self.rows)

    @property
    def data(self) -> xr.Dataset:
        """All curves, one after the other, with the number of the run they belong to."""
        parts = [
            run.data.drop_attrs(deep=False).assign(
                run=("point", [number] * run.data.sizes["point"], {"units": "1"})
            )
            for number, run in enumerate(self.runs, start=1)
        ]
        return xr.concat(parts, "point").assign_attrs(cell=self.cell)

    @property
    def failed(self) -> bool:
        """Whether the solver gave up somewhere, or a hand stopped it."""
        return bool(self.stopped) or any("solver" in row["stopped_by"] for row in self.rows)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {"cell": self.cell, "kind": self.kind, "stopped": self.stopped, "rows": self.rows}

    def save(self, folder: str | Path) -> list[Path]:
        """Rows and curves as CSV, curves as netCDF, rows as JSON, the figure as PNG and SVG."""
        name, files = self.kind.replace("-", "_"), {}
        if self.runs:
            data = self.data
            files[f"{name}.csv"] = csv_bytes(self.table)
            files[f"{name}.curves.csv"] = csv_bytes(labelled_frame(data))
            files[f"{name}.curves.nc"] = netcdf_bytes(data)
            files |= figure_bytes(name, self.plot())
        return save_result(folder, name, self.payload, files)
