"""A record and the cell it is of: whether it can be one of it, and its curves beside a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssb_model.errors import InputError, plain
from ssb_model.measured.direction import STEADY, ways
from ssb_model.measured.record import Record, current_column, read_record
from ssb_model.measured.sheet import at_lines
from ssb_model.quantities.units import convert, in_unit, said

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


BEYOND = 0.3  # V past a cut-off that a cell may show
FASTEST, SLOWEST = 50.0, 1 / 2000  # C
FEWEST = 5  # rows, below which a stretch is a pulse
JUMP = 0.1  # change of current from row to row that counts as another step, share of it
WRONG = 0.05  # V the wrong way over a step
MOST_CHARGE = 2.0  # of what 1C passes in an hour
GAP = 10.0  # times the usual step in time and the one before


def check_record(
    record: Record, *, area: float, one_c: float, lower: float, upper: float
) -> list[str]:
    """Refuse a record that cannot be of a cell; what is odd about it otherwise.

    The cell has an ``area`` [m2], passes ``one_c`` [C m-2] in an hour at 1C and is run between the
    cut-offs ``lower`` and ``upper`` [V].
    """
    return _Check(record, area, one_c).notes(lower, upper)


class _Check:
    """Final: the columns of a record beside those of its cell."""

    def __init__(self, record: Record, area: float, one_c: float):
        table = record.table
        self.source = record.source
        self.numbered = len(record.lines) == len(table)
        self.lines = record.lines if self.numbered else np.arange(1, len(table) + 1)
        self.time = table["Time [s]"].to_numpy()
        self.voltage = table["Voltage [V]"].to_numpy()
        self.current = table[current_column(table)].to_numpy() / (1 if record.per_area else area)
        self.ways = ways(self.current)
        self.density = in_unit(one_c, "A.h.m-2")  # A m-2
        self.one_c = f"1C of this cell of {said(area, 'cm2', '.4g')} is " + (
            said(self.density, "mA.cm-2", ".3g")
            if record.per_area
            else said(area * self.density, "mA", ".3g")
        )
        sizes = [len(stretch.table) for stretch in record.stretches()]
        ends = np.cumsum(sizes)
        self.stretches = [
            slice(int(end - size), int(end))
            for end, size in zip(ends, sizes, strict=True)
            if self.ways[end - 1]
        ]

    def notes(self, lower: float, upper: float) -> list[str]:
        """Refuse, or return what is odd."""
        if not self.stretches:
            return ["no current flows"]
        self._rates()
        self._voltages(lower, upper)
        self._charges()
        self._directions()
        return [*self._resting_voltages(lower, upper), *self._gaps()]

    def _refuse(self, where: str, wrong: str, cure: str) -> None:
        raise InputError(f"{self.source}: {where}: {wrong}; {cure}.")

    def _at(self, rows: np.ndarray) -> str:
        return at_lines(self.lines[rows], "line" if self.numbered else "row")

    def _span(self, rows: slice) -> str:
        first, last = self.lines[rows.start], self.lines[rows.stop - 1]
        return f"{'lines' if self.numbered else 'rows'} {first} to {last}"

    def _rates(self) -> None:
        rates = np.abs(self.current) / self.density
        fast = rates > FASTEST
        cure = f"mind the unit of current (mA or A, per area or not) and the area: {self.one_c}"
        if fast.any():
            self._refuse(
                self._at(fast), f"current of up to {rates.max():.3g}C, above {FASTEST:g}C", cure
            )
        fastest = max(np.median(rates[rows]) for rows in self.stretches)
        if fastest < SLOWEST:
            span = slice(self.stretches[0].start, self.stretches[-1].stop)
            wrong = f"the current is nowhere above {fastest:.2g}C, below C/{1 / SLOWEST:g}"
            self._refuse(self._span(span), wrong, cure)

    def _voltages(self, lower: float, upper: float) -> None:
        low, high = lower - BEYOND, upper + BEYOND
        flowing = self.ways != 0
        outside = flowing & ((self.voltage < low) | (self.voltage > high))
        if not outside.any():
            return
        worst = self.voltage[outside][np.argmax(np.abs(self.voltage[outside] - (low + high) / 2))]
        wrong = f"{worst:.4g} V while current flows, of a cell run from {lower:g} to {upper:g} V"
        cure = "mind the unit (mV?), take the cell this is, or remove the rows"
        if low < in_unit(np.median(self.voltage[flowing]), "mV") < high:
            cure = "the numbers look like V under a heading of mV; mend the heading"
        self._refuse(self._at(outside), wrong, cure)

    def _charges(self) -> None:
        for rows in self.stretches:
            current, steps = np.abs(self.current[rows]), np.diff(self.time[rows])
            lasting = np.sum(steps * (current[1:] + current[:-1])) / 2 / self.density
            hours = in_unit(lasting, "h")
            if hours > MOST_CHARGE:
                self._refuse(
                    self._span(rows),
                    f"{hours:.3g} times the charge that 1C passes in an hour go one way",
                    f"mind the unit of current or time and the area: {self.one_c}",
                )

    def _directions(self) -> None:
        for rows in self._steady():
            volts = self.voltage[rows]
            tenth = max(len(rows) // 10, 1)
            change = float(np.median(volts[-tenth:]) - np.median(volts[:tenth]))
            way = self.ways[rows[0]]
            if way * change > WRONG:
                word, moved = ("discharge", "rises") if way > 0 else ("charge", "falls")
                self._refuse(
                    self._span(slice(rows[0], rows[-1] + 1)),
                    f"the voltage {moved} by {said(abs(change), 'mV', '.0f')} over a {word}",
                    "the current's sign or the columns do not belong together; give current_sign="
                    "'charge positive' or 'discharge positive', or mend the columns",
                )

    def _steady(self) -> Iterator[np.ndarray]:
        """Rows of each step of steady current, without those that follow a larger current."""
        for rows in self.stretches:
            current = np.abs(self.current[rows])
            jumps = np.abs(np.diff(current)) > JUMP * np.maximum(current[1:], current[:-1])
            edges = [0, *(np.flatnonzero(jumps) + 1), len(current)]
            before = 0.0
            for first, end in pairwise(edges):
                level = np.quantile(current[first:end], 0.9)
                kept = np.flatnonzero(current[first:end] >= (1 - STEADY) * level) + first
                if level > before and len(kept) >= FEWEST:
                    yield kept + rows.start
                before = level

    def _resting_voltages(self, lower: float, upper: float) -> list[str]:
        low, high = lower - BEYOND, upper + BEYOND
        outside = (self.ways == 0) & ((self.voltage < low) | (self.voltage > high))
        if not outside.any():
            return []
        return [f"{self._at(outside)}: at rest outside {lower:g} to {upper:g} V"]

    def _gaps(self) -> list[str]:
        """Where time passed unseen while current flowed."""
        inside = np.zeros(len(self.time), bool)
        for rows in self.stretches:
            inside[rows.start + 1 : rows.stop] = True
        steps = np.diff(self.time, prepend=self.time[0])
        if not inside.any():
            return []
        usual = np.median(steps[inside])
        wide = inside & (steps > GAP * usual) & (steps > GAP * np.append(0.0, steps[:-1]))
        if not wide.any():
            return []
        return [
            f"{self._at(wide)}: up to {steps[wide].max():.3g} s since the row before while current "
            f"flows, {usual:.3g} s as a rule"
        ]
