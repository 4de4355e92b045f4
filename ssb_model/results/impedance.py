"""Impedance spectra of a cell."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.analysis.circuit_fit import CircuitFit, fit_circuit
from ssb_model.analysis.relaxation_times import RelaxationTimes, relaxation_times
from ssb_model.analysis.spectrum_check import KramersKronig, kramers_kronig
from ssb_model.cell.holding import held_words
from ssb_model.engine.gauges import gauge_row
from ssb_model.errors import InputError
from ssb_model.parameters.changes import written
from ssb_model.system.saving import csv_bytes, figure_bytes, netcdf_bytes, save_result

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.cell.state import State
    from ssb_model.results.measured import MeasuredSpectrum

PARTS = {"cell": "", "positive": "_positive", "negative": "_negative"}  # and how columns end
REGULARISATION = 1e-3  # what 0.3 % of noise would allow; an exact spectrum would give needles
OHM_CM2 = 1e4  # per Ohm m2


@dataclass(frozen=True)
class Spectrum:
    """Impedance [Ohm cm2] at one state, from high frequency [Hz] to low."""

    conditions: dict[str, Any]
    gauges: dict[str, Any]
    frequency: np.ndarray
    impedance: dict[str, np.ndarray]  # of the cell and of each electrode

    @classmethod
    def build(cls, cell: Cell, soc, held, drift, frequency, impedance, state: State) -> Spectrum:
        conditions = {
            "soc": soc,
            "held": held_words(cell, held[0]),
            "stack_pressure_MPa": held[0] / 1e6,
            "temperature_C": held[1] - 273.15,
            "drift_mV_h": 3.6e6 * drift,
            "voltage_V": float(np.ravel(state.solution["Voltage [V]"].entries)[-1]),
        }
        per_area = {part: OHM_CM2 * Z for part, Z in impedance.items()}
        return cls(conditions, gauge_row(state, cell), frequency, per_area)

    @property
    def label(self) -> str:
        """For a legend."""
        soc = self.conditions["soc"]
        where = "at rest" if soc is None else f"SOC {100 * soc:g} %"
        return f"{where}, {self.conditions['held']}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a frequency."""
        return [
            {
                **self.conditions,
                "frequency_Hz": float(f),
                **{
                    f"Z_{name}{ending}_ohm_cm2": float(getattr(self.impedance[part][k], attribute))
                    for part, ending in PARTS.items()
                    for name, attribute in (("re", "real"), ("im", "imag"))
                },
            }
            for k, f in enumerate(self.frequency)
        ]

    def check(self) -> KramersKronig:
        """Whether the spectrum is that of a linear, steady system."""
        return kramers_kronig(self.frequency, self.impedance["cell"])

    def relaxation_times(self, **choices) -> RelaxationTimes:
        """Distribution of relaxation times of the cell, as sharp as a measured one."""
        choices = {"regularisation": REGULARISATION, **choices}
        return relaxation_times(self.frequency, self.impedance["cell"], **choices)

    def fit(self, arcs: int = 2, **choices) -> CircuitFit:
        """A series resistance and arcs fitted to the cell's spectrum."""
        return fit_circuit(self.frequency, self.impedance["cell"], arcs, **choices)


@dataclass(frozen=True, repr=False)
class ImpedanceResult:
    """Spectra in the order they were made."""

    cell: str
    title: str
    spectra: list[Spectrum]
    conditions: dict[str, Any]
    stopped: str = ""
    measured: list[MeasuredSpectrum] = field(default_factory=list)
    circuits: dict[str, CircuitFit] = field(default_factory=dict)

    @classmethod
    def build(cls, cell: Cell, spectra: list[Spectrum], stopped: str) -> ImpedanceResult:
        conditions = {
            "mesh": cell.model_options["mesh"],
            "area_cm2": cell.design.area * 1e4,
            "changes": written(cell.changes),
        }
        return cls(cell.name, cell.title, spectra, conditions, stopped)

    def beside(
        self, measured: list[MeasuredSpectrum], arcs: int | None = None, tail: str = "none"
    ) -> ImpedanceResult:
        """With measured spectra to draw and, of all of them, a circuit of so many ``arcs``."""
        circuits = {}
        if arcs is not None:
            readings = [*self.spectra, *measured]
            for each in readings:
                try:
                    circuits[each.label] = each.fit(arcs, tail=tail)
                except InputError as error:
                    raise InputError(f"{each.label}: {error}") from None
        return replace(self, measured=measured, circuits=circuits)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a frequency of each spectrum."""
        return [row for spectrum in self.spectra for row in spectrum.rows]

    @property
    def table(self) -> pd.DataFrame:
        """One row a frequency of each spectrum."""
        return pd.DataFrame(self.rows)

    @property
    def data(self) -> xr.Dataset:
        """Spectra by number, complex numbers as two variables."""
        if not self.spectra:
            return xr.Dataset()
        columns = {
            f"Z_{name}{ending}": (
                ("spectrum", "frequency"),
                np.array([getattr(s.impedance[part], attribute) for s in self.spectra]),
                {"units": "Ohm cm2"},
            )
            for part, ending in PARTS.items()
            for name, attribute in (("re", "real"), ("im", "imag"))
        }
        for key, unit in (("stack_pressure_MPa", "MPa"), ("temperature_C", "degC"), ("soc", "1")):
            values = [s.conditions[key] for s in self.spectra]
            floats = np.array([np.nan if value is None else value for value in values])
            columns[key] = (("spectrum",), floats, {"units": unit})
        data = xr.Dataset(columns, coords={"frequency": self.spectra[0].frequency})
        data["frequency"].attrs["units"] = "Hz"
        return data.assign_attrs(cell=self.cell, changes=json.dumps(self.conditions["changes"]))

    @property
    def summaries(self) -> list[dict[str, Any]]:
        """What a reader takes from each spectrum: its state, resistances and how sound it is."""
        return [
            {
                **s.conditions,
                "Z_re_highest_ohm_cm2": float(s.impedance["cell"][0].real),
                "Z_re_lowest_ohm_cm2": float(s.impedance["cell"][-1].real),
                **s.gauges,
                "kramers_kronig_worst": _residual(s),
            }
            for s in self.spectra
        ]

    @property
    def failed(self) -> bool:
        """Whether a hand stopped it."""
        return bool(self.stopped)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell,
            "kind": "impedance",
            "conditions": self.conditions,
            "stopped": self.stopped,
            "spectra": self.summaries,
            "circuits": {label: fit.rows for label, fit in self.circuits.items()},
            "rows": self.rows,
        }

    def plot(self):
        """Nyquist, Bode and relaxation times; returns the figure."""
        from ssb_model.figures.impedance import plot_impedance

        return plot_impedance(self.title, self.spectra, self.measured, self.circuits)

    def save(self, folder: str | Path) -> list[Path]:
        """Spectra as CSV and netCDF, all of it as JSON, the figure as PNG and SVG."""
        files = {}
        if self.spectra:
            files["impedance.csv"] = csv_bytes(self.table)
            files["impedance.nc"] = netcdf_bytes(self.data)
            files |= figure_bytes("impedance", self.plot())
        return save_result(folder, "impedance", self.payload, files)


def _residual(spectrum: Spectrum) -> float | None:
    """Of the Kramers-Kronig check, nothing where there are too few frequencies for one."""
    try:
        return spectrum.check().worst
    except InputError:
        return None
