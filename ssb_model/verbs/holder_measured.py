"""What a measured pressure says of the holder and of how far the electrodes breathe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.analysis.breathing import Breathing, Estimate, Size, breathing_of, moved_by_cycle
from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import check_window
from ssb_model.laws import holder as law
from ssb_model.measured.record import current_column, read_record
from ssb_model.models.options import SIDES
from ssb_model.quantities.checks import check_pressure
from ssb_model.quantities.units import convert, in_columns, in_unit, said
from ssb_model.studies.holding import Growth, compliance, grown_by_charge
from ssb_model.verbs.result import Result, text_table

PRESSURES = ("Stack pressure [Pa]", "Applied pressure [Pa]")
CHANGE = "Volume change"
NOT_SAID = (0.95, 1.05)  # of a volume change whose material declares no range
FELT_ELSEWHERE = (0.25, 5.0)  # of the share of shrinking that is felt: 0.05 to 1 beside 0.2
FEWEST, MOST = 10, 1500  # rows of a record that are used
OFF_ZERO = 0.05  # of the highest pressure; what a gauge's zero may be off


@dataclass(frozen=True)
class Measured:
    """A record of pressure and charge [s, Pa, C m-2], thinned."""

    source: str
    time: np.ndarray
    pressure: np.ndarray
    passed: np.ndarray
    cycle: np.ndarray


def read_breathing(path: str | Path, area: float) -> Measured:
    """Pressure and the charge passed, from a record with time, current, voltage and pressure."""
    record = read_record(path)
    table = record.table
    column = next((name for name in PRESSURES if name in table), None)
    if column is None:
        raise InputError(f"{path}: no column of pressure: name one 'Stack pressure [MPa]'.")
    time = table["Time [s]"].to_numpy(float)
    current = table[current_column(table)].to_numpy(float) / (1 if record.per_area else area)
    steps = np.diff(time) * (current[1:] + current[:-1]) / 2
    passed = -np.append(0.0, np.cumsum(steps))
    pressure = table[column].to_numpy(float)
    good = np.isfinite(pressure) & np.isfinite(passed)
    if good.sum() < FEWEST or np.ptp(passed[good]) == 0:
        raise InputError(
            f"{path}: {int(good.sum())} rows with pressure and no charge between them: take a "
            f"record of {FEWEST} rows or more in which the cell is charged or discharged."
        )
    low, high = float(pressure[good].min()), float(pressure[good].max())
    check_pressure(f"{path}: the highest pressure", high)
    if low < -OFF_ZERO * high:
        raise InputError(f"{path}: a pressure of {said(low, 'MPa')}: mind the sign of the gauge.")
    if high == low:
        raise InputError(f"{path}: the pressure never moves, so that it says nothing of a holder.")
    starts = np.append(0, np.diff(np.sign(np.where(current > 0, 1, np.where(current < 0, -1, 0)))))
    counted = np.cumsum((starts < 0) | ((starts != 0) & (current < 0)))
    cycle = table["Cycle"].to_numpy() if "Cycle" in table else np.maximum(counted, 1)
    every = -(-int(good.sum()) // MOST)
    kept = np.flatnonzero(good)[::every]
    columns = (values[kept] for values in (time - time[0], pressure, passed, cycle))
    return Measured(str(path), *columns)


def holder_measured(cell: Cell, path: str | Path, share: float) -> MeasuredHolderResult:
    """Stiffness, creep and breathing that a measured pressure implies, each with an interval.

    The record begins with the cell discharged. What of a composite's shrinking the stack feels
    is less certain than its volume, and counts into how far it may breathe.
    """
    check_window(cell)
    measured = read_breathing(path, cell.design.area)
    growth = grown_by_charge(cell, measured.time, measured.passed, measured.cycle)
    shapes, sizes = [], []
    for side in SIDES:
        change = getattr(growth, side)
        composite = side in cell.model_options.porous
        felt = law.felt(change, share) if composite else change
        shapes.append(felt - felt[0])
        shrinks = composite and change.min() < 0 and -change.min() > change.max()
        sizes.append(_size(cell, side, shrinks))
    found = breathing_of(measured.time, measured.pressure, *shapes, tuple(sizes))
    return MeasuredHolderResult(cell, measured, growth, shapes, sizes, found, compliance(cell))


def _size(cell: Cell, side: str, shrinks: bool) -> Size:
    """How far an electrode may breathe beside what its material declares."""
    entry = getattr(cell.design.file, side).entry(CHANGE)
    low, high = NOT_SAID
    if isinstance(entry.value, (int, float)) and entry.value and entry.range is not None:
        low, high = sorted(end / entry.value for end in entry.range)
        low = max(low, 0.1)  # a range that crosses zero: hardly anything
    if shrinks:
        low, high = low * FELT_ELSEWHERE[0], high * FELT_ELSEWHERE[1]
    return Size(min(low, 1.0), max(high, 1.0))


@dataclass(frozen=True, repr=False)
class MeasuredHolderResult(Result):
    """One row a number that the pressure implies, with its interval; ``cycles`` by cycle."""

    kind = "holder-measured"
    told, tables = ("cycles", "words"), ("cycles", "curve")
    name = "holder_measured"

    cell: Cell
    measured_pressure: Measured
    growth: Growth
    shapes: list[np.ndarray]  # that move the stack as declared, negative and positive [m]
    sizes: list[Size]
    found: Breathing
    compliance: float

    def _swing(self, shape: np.ndarray, size: Estimate) -> Estimate:
        """What an electrode moves the stack by, from thinnest to thickest [m]."""
        moved = float(np.ptp(shape))
        return Estimate(moved * size.low, moved * size.median, moved * size.high)

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """By column, in SI."""
        negative, positive = self.shapes
        return {
            "Stiffness of holder and layers [MPa.um-1]": self.found.stiffness,
            "Creep per decade": self.found.creep,
            "Negative electrode moves [um]": self._swing(negative, self.found.negative),
            "Positive electrode moves [um]": self._swing(positive, self.found.positive),
            "Negative electrode breathing over declared": self.found.negative,
            "Positive electrode breathing over declared": self.found.positive,
        }

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row a number."""
        rows = []
        for name, value in self.estimates.items():
            base, _, unit = name.rstrip("]").partition(" [")
            ends = (in_unit(x, unit or "1") for x in (value.low, value.median, value.high))
            low, median, high = map(float, ends)
            row = {"Quantity": base, "Unit": unit or "1", "Value": median}
            rows.append(row | {"Lowest": low, "Highest": high})
        return rows

    @cached_property
    def cycles(self) -> list[dict[str, Any]]:
        """By cycle the swing, the charge passed, and the lithium the pressure shows to move."""
        record, (negative, positive) = self.measured_pressure, self.shapes
        shape = negative + self.found.ratio * positive
        given = (record.time, record.pressure, shape, record.cycle)
        shares = moved_by_cycle(self.found, *given)
        rows = []
        for number in np.unique(record.cycle):
            during = record.cycle == number
            passed = float(np.ptp(record.passed[during]))
            row = {"Pressure swing [MPa]": float(np.ptp(record.pressure[during]))}
            row["Charge passed [mA.h.cm-2]"] = passed
            if int(number) in shares:
                row["Lithium moved [mA.h.cm-2]"] = shares[int(number)] * passed
            rows.append({"Cycle": int(number), **in_columns(row)})
        return rows

    @property
    def words(self) -> list[str]:
        """What is known and what is not, in sentences."""
        stiff = [
            in_unit(1 / x - self.compliance, "um.MPa-1")
            for x in (self.found.stiffness.low, self.found.stiffness.high)
        ]
        words = []
        if min(stiff) > 0:
            low, high = sorted(1 / x for x in stiff)
            words.append(
                f"the holder by itself, without the layers, {low:.3g} to {high:.3g} MPa/um"
            )
        if not self.found.told_apart:
            words.append(
                "both electrodes move alike with charge, so that the pressure alone does not tell "
                "them apart: their intervals are those of the materials"
            )
        noise, swing = self.found.noise, np.ptp(self.measured_pressure.pressure)
        words.append(f"what is left unexplained is {100 * noise / swing:.2g} % of the swing")
        return words

    @property
    def data(self) -> xr.Dataset:
        """The pressure, measured and as explained."""
        return self.curve.to_xarray().assign_attrs(cell=self.cell.name)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Pressure over time, measured and as explained."""
        record = self.measured_pressure
        return pd.DataFrame(
            {
                "Time [h]": convert(record.time, "s", "h"),
                "Stack pressure [MPa]": convert(record.pressure, "Pa", "MPa"),
                "Explained pressure [MPa]": convert(self.found.fitted, "Pa", "MPa"),
            }
        )

    def plot(self):
        """Measured and explained pressure; returns the figure."""
        from ssb_model.figures.pressure import plot_measured

        return plot_measured(self.title, self.curve, self.rows[0])

    @property
    def text(self) -> str:
        """The numbers with their intervals, and the cycles."""
        lines = self.head(f"Record     {self.measured_pressure.source}")
        lines += [f"Mind       {words}" for words in self.words]
        numbers = [
            {
                "number": row["Quantity"],
                "unit": row["Unit"].replace(".", " "),
                "median": row["Value"],
                "lowest": row["Lowest"],
                "highest": row["Highest"],
            }
            for row in self.rows
        ]
        heads = {"cycle": "Cycle", "swing, MPa": "Pressure swing [MPa]"}
        heads |= {"passed, mAh/cm2": "Charge passed [mA.h.cm-2]"}
        heads |= {"lithium that moved": "Lithium moved [mA.h.cm-2]"}
        shown = self.cycles if len(self.cycles) < 8 else [*self.cycles[:4], *self.cycles[-3:]]
        return "\n".join([*lines, "", text_table(numbers), "", text_table(shown, heads)])
