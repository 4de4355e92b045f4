"""Measured files in the units of results, to lay beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssb_model.analysis.circuit_fit import CircuitFit, fit_circuit
from ssb_model.analysis.relaxation_times import RelaxationTimes, relaxation_times
from ssb_model.analysis.spectrum_check import KramersKronig, kramers_kronig
from ssb_model.errors import InputError
from ssb_model.measured.record import Record, read_record
from ssb_model.measured.spectrum import read_spectrum

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell


@dataclass(frozen=True)
class MeasuredSpectrum:
    """A measured impedance [Ohm cm2] over frequency [Hz], from high to low."""

    label: str
    frequency: np.ndarray
    impedance: np.ndarray
    notes: tuple[str, ...]

    def check(self) -> KramersKronig:
        """Whether the spectrum is that of a linear, steady system."""
        return kramers_kronig(self.frequency, self.impedance)

    def relaxation_times(self, **choices) -> RelaxationTimes:
        """Distribution of relaxation times."""
        return relaxation_times(self.frequency, self.impedance, **choices)

    def fit(self, arcs: int = 2, **choices) -> CircuitFit:
        """A series resistance and arcs fitted to it."""
        return fit_circuit(self.frequency, self.impedance, arcs, **choices)


def measured_spectrum(path: str | Path, cell: Cell) -> MeasuredSpectrum:
    """A file's spectrum per area; of the cell's area where the file gives Ohm."""
    spectrum = read_spectrum(path)
    if spectrum.per_area:
        impedance, notes = spectrum.impedance_Ohm_m2 * 1e4, spectrum.notes
    else:
        area = cell.design.area * 1e4
        impedance = spectrum.impedance_Ohm * area
        notes = (*spectrum.notes, f"Ohm times the cell's {area:g} cm2")
    order = np.argsort(-spectrum.frequency_Hz, kind="stable")
    name = Path(path).name
    reading = MeasuredSpectrum(name, spectrum.frequency_Hz[order], impedance[order], notes)
    if len(order) < 6:
        return reading
    check = reading.check()
    worst = f"Kramers-Kronig residual {100 * check.worst:.2g} % of |Z| at most"
    if not check.passed:
        worst += f", above {100 * check.limit:g} % at {len(check.exceeding)} frequencies"
    return MeasuredSpectrum(name, reading.frequency, reading.impedance, (*notes, worst))


@dataclass(frozen=True)
class MeasuredCurve:
    """Voltage [V] over capacity [mAh per g of active material, mAh cm-2] of one stretch."""

    label: str
    capacity: np.ndarray
    areal_capacity: np.ndarray
    voltage: np.ndarray


def measured_curves(
    path: str | Path, cell: Cell, direction: str = "discharge"
) -> list[MeasuredCurve]:
    """The discharges of a file, or its charges, by the cell's area and active material."""
    record = read_record(path)
    grams = cell.design.positive.mass_of_active * 0.1  # g cm-2
    curves = []
    found = record.discharges() if direction == "discharge" else record.charges()
    for number, curve in enumerate(found, start=1):
        areal = areal_capacity(record, curve, cell)
        label = f"{Path(path).name}, {direction} {number}"
        curves.append(MeasuredCurve(label, areal / grams, areal, curve["voltage_V"].to_numpy()))
    if not curves:
        raise InputError(f"{path}: no {direction} in it; {record.sign_note}.")
    return curves


def areal_capacity(record: Record, curve, cell: Cell) -> np.ndarray:
    """Charge of a curve [mAh cm-2]."""
    if record.per_area:
        return curve["capacity_Ah_m2"].to_numpy() / 10
    return curve["capacity_Ah"].to_numpy() / cell.design.area / 10
