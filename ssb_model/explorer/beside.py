"""A measured file as the page draws it beside the model: curves, capacities or a spectrum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssb_model.analysis.spectrum import Spectrum
from ssb_model.errors import InputError
from ssb_model.fitting.data import CapacityData
from ssb_model.measured.capacities import read_capacities
from ssb_model.measured.curves import measured_curves
from ssb_model.measured.kinds import kind_of

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell

POINTS = 300  # of a curve that is drawn
MOST_CURVES = 12


def laid_beside(path: Path, cell: Cell) -> dict[str, Any]:
    """What a file holds, in the units of the page's pictures."""
    kind = kind_of(path)
    told: dict[str, Any] = {"kind": kind, "name": path.name, "notes": []}
    if kind == "record":
        curves = measured_curves(path, cell)
        if len(curves) > MOST_CURVES:
            told["notes"] = [f"the first {MOST_CURVES} of {len(curves)} discharges are drawn"]
        told["curves"] = [
            {"label": one.label, "points": _thinned(one.capacity, one.voltage)}
            for one in curves[:MOST_CURVES]
        ]
    elif kind == "spectrum":
        spectrum = Spectrum.measured(path, cell)
        Z = spectrum.impedance["cell"]
        told |= {"spectrum": _thinned(Z.real, -Z.imag), "notes": list(spectrum.notes)}
    elif kind == "capacities":
        told |= {"capacities": _capacities(path, cell)}
    else:
        raise InputError(
            f"{path.name} holds {kind}: the page lays records, spectra and capacities beside the "
            "model; 'ssb diagnose' reads resistances."
        )
    return told


def _capacities(path: Path, cell: Cell) -> list[list[float]]:
    """Pairs of C-rate and mAh per g of active material, at whichever pressure."""
    read = read_capacities(path)
    data = CapacityData(c_rate=read.c_rate, capacity=read.capacity, unit=read.unit)
    return np.column_stack([read.c_rate, data.measured(cell)]).tolist()


def _thinned(x: np.ndarray, y: np.ndarray) -> list[list[float]]:
    """Pairs, as many as a picture needs."""
    step = max(1, -(-len(x) // POINTS))
    return np.column_stack([x[::step], y[::step]]).tolist()
