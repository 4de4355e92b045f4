"""What a cell gave cycle by cycle."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.holding import held_words
from ssb_model.engine.gauges import gauge_row
from ssb_model.parameters.changes import written
from ssb_model.results.curves import areal_charge, charge_words, mean_voltage, polarisation
from ssb_model.results.impedance import OHM_CM2, PARTS
from ssb_model.system.saving import csv_bytes, figure_bytes, netcdf_bytes, save_result
from ssb_model.system.signals import BY_HAND

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Cycle
    from ssb_model.results.measured import MeasuredCurve

UNITS = {  # how names end: unit
    "_mAh_g": "mAh g-1",
    "_mAh_cm2": "mAh cm-2",
    "_mWh_cm2": "mWh cm-2",
    "_ohm_cm2": "Ohm cm2",
    "_uf_cm2": "uF cm-2",
    "_MPa": "MPa",
    "_V": "V",
    "_Hz": "Hz",
    "c_rate": "h-1",
}


@dataclass(frozen=True, repr=False)
class CyclingResult:
    """One row a cycle, one row a frequency of each spectrum; units in the names."""

    cell: str
    title: str
    rows: list[dict[str, Any]]
    spectra: list[dict[str, Any]]
    conditions: dict[str, Any]
    stopped: str
    journal: Path | None  # where the run goes on from
    cell_after: Cell  # as the last whole cycle left it
    measured: list[MeasuredCurve] = field(default_factory=list)  # discharges to draw beside

    @classmethod
    def build(cls, cell, rows, spectra, how, stopped, journal, cell_after) -> CyclingResult:
        conditions = {
            **{name: value for name, value in how.items() if name != "impedance_frequencies_Hz"},
            "charge": charge_words(how["cv_until"]),
            "held": held_words(cell, how["stack_pressure_MPa"] * 1e6),
            "mesh": cell.model_options["mesh"],
            "film": cell.model_options["film"],
            "gauges_read_at": "end of each discharge, under current",
            "spectra_read_at": "end of charge, rested 10 min, on the graded mesh"
            if spectra
            else None,
            "changes": written(cell.changes),
        }
        title = cell.title
        return cls(cell.name, title, rows, spectra, conditions, stopped, journal, cell_after)

    @property
    def table(self) -> pd.DataFrame:
        """One row a cycle."""
        return pd.DataFrame(self.rows)

    @property
    def data(self) -> xr.Dataset:
        """Numbers by cycle, spectra by the cycle they were read at and frequency."""
        table = self.table.set_index("cycle").apply(pd.to_numeric, errors="coerce")
        numbers = table.dropna(axis="columns", how="all")
        columns = {name: (("cycle",), numbers[name].to_numpy(float)) for name in numbers}
        coords: dict[str, Any] = {"cycle": numbers.index.to_numpy()}
        if self.spectra:
            spectra = pd.DataFrame(self.spectra).set_index(["cycle", "frequency_Hz"])
            for name in spectra:
                by_cycle = spectra[name].unstack("frequency_Hz")
                columns[name] = (("spectrum_cycle", "frequency_Hz"), by_cycle.to_numpy())
            coords["spectrum_cycle"] = by_cycle.index.to_numpy()
            coords["frequency_Hz"] = by_cycle.columns.to_numpy()
        data = xr.Dataset(columns, coords)
        for name in data.variables:
            data[name].attrs["units"] = unit(name)
        conditions = json.dumps(self.conditions)
        return data.assign_attrs(cell=self.cell, conditions=conditions, stopped=self.stopped)

    def plot(self):
        """Capacity, efficiency, voltages and resistances by cycle; spectra; the figure."""
        from ssb_model.figures.cycling import plot_cycling

        return plot_cycling(self.title, self.rows, self.spectra, self.conditions, self.measured)

    @property
    def failed(self) -> bool:
        """Whether a hand stopped it, or the solver, which no outcome of the cell explains."""
        return self.stopped == BY_HAND or "solver failed" in self.stopped

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell,
            "kind": "cycling",
            "conditions": self.conditions,
            "stopped": self.stopped,
            "rows": self.rows,
            "spectra": self.spectra,
        }

    def save(self, folder: str | Path) -> list[Path]:
        """Cycles and spectra as CSV and netCDF, all of it as JSON, the figure as PNG and SVG."""
        return save_result(folder, "cycle", self.payload, self.files)

    @property
    def files(self) -> dict[str, bytes]:
        """What is saved beside the JSON, by name."""
        files = {}
        for name, rows in (("cycle.csv", self.rows), ("cycle.spectra.csv", self.spectra)):
            if rows:
                files[name] = csv_bytes(pd.DataFrame(rows))
        if self.rows:
            files["cycle.nc"] = netcdf_bytes(self.data)
            files |= figure_bytes("cycle", self.plot())
        return files


def unit(name: str) -> str:
    """Of a column, by how its name ends."""
    return next((unit for end, unit in UNITS.items() if name.lower().endswith(end.lower())), "1")


def cycle_row(
    cycle: Cycle, cell: Cell, how: dict[str, Any], first: dict[str, Any] | None
) -> dict[str, Any]:
    """What one cycle gave; ``first`` is the row retention refers to, none in the first cycle."""
    charge, discharge = cycle.charge, cycle.discharge
    began = discharge is not None and discharge.solution is not None
    last = discharge if discharge is not None else charge
    charged = float(areal_charge(charge, cell.design)[-1])
    gave = float(areal_charge(discharge, cell.design)[-1])
    on_charge, mean = mean_voltage(charge, cell), mean_voltage(discharge, cell)
    grams = cell.design.positive.mass_of_active * 0.1  # g cm-2
    at_first = gave if first is None else first["discharge_capacity_mAh_cm2"]
    return {
        "cycle": cycle.number,
        "stack_pressure_MPa": how["stack_pressure_MPa"],
        "c_rate": how["c_rate"],
        "charge_c_rate": how["charge_c_rate"],
        "charge_before": charge_words(how["cv_until"]),
        "charge_capacity_mAh_g": charged / grams,
        "discharge_capacity_mAh_g": gave / grams,
        "discharge_capacity_mAh_cm2": gave,
        "energy_mWh_cm2": mean * gave if mean else 0.0,
        "mean_charge_voltage_V": on_charge,
        "mean_voltage_V": mean,
        "polarisation_V": polarisation(charge, discharge, cell),
        "coulombic_efficiency": gave / charged if charged else None,
        "retention": gave / at_first if at_first else None,
        "charge_stopped_by": str(charge.stopped_by),
        "stopped_by": str(last.stopped_by) if began else f"never began: {last.stopped_by}",
        "detail": last.detail,
        **(gauge_row(cycle.state, cell) if began else {}),
    }


def spectrum_rows(number: int, frequencies: np.ndarray, impedance) -> list[dict[str, Any]]:
    """The spectrum of a cycle [Ohm m2], one row a frequency [Hz]."""
    return [
        {
            "cycle": number,
            "frequency_Hz": float(f),
            **{
                f"Z_{name}{ending}_ohm_cm2": float(getattr(OHM_CM2 * impedance[part][k], attribute))
                for part, ending in PARTS.items()
                for name, attribute in (("re", "real"), ("im", "imag"))
            },
        }
        for k, f in enumerate(frequencies)
    ]
