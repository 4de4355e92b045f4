"""What a cell gave at each rate."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from ssb_model.results.curves import labelled_frame
from ssb_model.results.discharge import DischargeResult
from ssb_model.results.files import save_figure, save_json

if TYPE_CHECKING:
    from ssb_model.results.measured import MeasuredCurve


@dataclass(frozen=True, repr=False)
class RateTestResult:
    """Discharges in the order they were run."""

    cell: str
    title: str
    runs: list[DischargeResult]
    stopped: str = ""
    measured: list[MeasuredCurve] = field(default_factory=list)  # to draw beside

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a discharge; units in the names."""
        return [run.row for run in self.runs]

    @property
    def table(self) -> pd.DataFrame:
        """One row a discharge."""
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

    def plot(self):
        """Curves at each pressure, and capacity against rate; returns the figure."""
        from ssb_model.plotting.rate_test import plot_rate_test

        return plot_rate_test(self.title, self.runs, self.measured)

    @property
    def failed(self) -> bool:
        """Whether the solver gave up somewhere, or a hand stopped the test."""
        return bool(self.stopped) or any(run.failed for run in self.runs)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell,
            "kind": "rate-test",
            "stopped": self.stopped,
            "rows": self.rows,
        }

    def save(self, folder: str | Path) -> list[Path]:
        """Rows and curves as CSV, curves as netCDF, rows as JSON, the figure as PNG and SVG."""
        folder = Path(folder)
        paths = [save_json(folder / "rate_test.json", self.payload)]
        if not self.runs:
            return paths
        paths += [folder / f"rate_test.{name}" for name in ("csv", "curves.csv", "curves.nc")]
        self.table.to_csv(paths[1], index=False, float_format="%.8g")
        data = self.data
        labelled_frame(data).to_csv(paths[2], index=False, float_format="%.8g")
        data.to_netcdf(paths[3])
        return [*paths, *save_figure(folder / "rate_test", self.plot())]
