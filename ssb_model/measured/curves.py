"""Curves of a measured record as they lie beside a run of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssb_model.errors import InputError, plain
from ssb_model.measured.record import Record, current_column, read_record
from ssb_model.quantities.units import convert, in_unit

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell

CHARGES = (1 / 300, 20.0)  # of what a cell passes at 1C in an hour


@dataclass(frozen=True)
class MeasuredCurve:
    """Voltage [V] over capacity [mAh per g of active material, mAh cm-2] of one stretch."""

    label: str
    capacity: np.ndarray
    areal_capacity: np.ndarray
    voltage: np.ndarray
    c_rate: float | None = None  # by the cell's 1C


def measured_curves(
    measured: str | Path | MeasuredCurve, cell: Cell, direction: str = "discharge"
) -> list[MeasuredCurve]:
    """The discharges of a file, or its charges, by the cell's area and active material.

    A curve that was read before is handed on.
    """
    if isinstance(measured, MeasuredCurve):
        return [measured]
    record = read_record(measured)
    grams = cell.design.positive.grams
    curves = []
    found = (s for s in record.stretches() if s.kind == direction and len(s.table) > 1)
    for number, stretch in enumerate(found, start=1):
        curve, current = stretch.curve, stretch.table[current_column(record.table)]
        areal = areal_capacity(record, curve, cell)
        one_c = cell.design.one_c * (1.0 if record.per_area else cell.design.area)
        rate = float(np.median(np.abs(current))) / one_c
        label = plain(f"{Path(measured).name}, {direction} {number}, {rate:.2g}C")
        volts = curve["Voltage [V]"].to_numpy()
        curves.append(MeasuredCurve(label, areal / grams, areal, volts, rate))
    if not curves:
        raise InputError(f"{measured}: no {direction} in it; {record.sign_note}.")
    _check_charge(measured, curves, cell)
    return curves


def _check_charge(measured: str | Path, curves: list[MeasuredCurve], cell: Cell) -> None:
    """Refuse what a thousand in the unit of current would explain, and the cell would not."""
    most = max(float(curve.areal_capacity[-1]) for curve in curves)
    nominal = in_unit(cell.design.nominal_capacity, "mA.h.cm-2")
    low, high = CHARGES
    if not low * nominal < most < high * nominal:
        raise InputError(
            f"{measured}: {most:.3g} mAh cm-2 pass one way, of a cell with {nominal:.3g} mAh cm-2: "
            "mind the unit of current in the heading (A or mA, per area or not) and the cell's "
            "area."
        )


def areal_capacity(record: Record, curve, cell: Cell) -> np.ndarray:
    """Charge of a curve [mAh cm-2]."""
    if record.per_area:
        charge = curve["Capacity [A.h.m-2]"].to_numpy()
    else:
        charge = curve["Capacity [A.h]"].to_numpy() / cell.design.area
    return convert(charge, "A.h.m-2", "mA.h.cm-2")
