"""A cycler's record: time, current, voltage and what else was measured, in SI."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured import biologic, clean, direction, neware
from ssb_model.measured.headings import Found, Quantity, canonical, find, missing
from ssb_model.measured.quantities import CURRENT, OTHERS, TIME, VOLTAGE
from ssb_model.measured.sheet import Sheet, delimited
from ssb_model.measured.text import read_lines

MAKERS = ("Neware", "BioLogic")  # both count charge as positive
KINDS = {1.0: "discharge", -1.0: "charge", 0.0: "rest"}


@dataclass(frozen=True)
class Stretch:
    """Rows of a record with current one way: "charge", "discharge" or "rest"."""

    kind: str
    table: pd.DataFrame

    @property
    def curve(self) -> pd.DataFrame:
        """Voltage over the charge passed since the first row, positive either way.

        Columns ``voltage_V`` and ``capacity_Ah``, or ``capacity_Ah_m2`` for current per area.
        """
        time = self.table["time_s"].to_numpy()
        current = self.table[current_column(self.table)].to_numpy()
        steps = np.diff(time) * (current[1:] + current[:-1]) / 2
        passed = np.abs(np.append(0.0, np.cumsum(steps))) / 3600
        heading = current_column(self.table).replace("current_A", "capacity_Ah")
        return pd.DataFrame({heading: passed, "voltage_V": self.table["voltage_V"].to_numpy()})


@dataclass(frozen=True)
class Record:
    """What a cycler wrote, in SI, current positive on discharge.

    ``table`` has ``time_s``, ``voltage_V`` and either ``current_A`` or, where the file gives it
    per area, ``current_A_m2``; also ``stack_pressure_Pa``, ``temperature_K``, ``cycle``, ``step``
    and ``capacity_Ah`` (or ``capacity_Ah_m2``, as the file counts it) where the file has them.
    ``kind`` is "CSV", "Neware" or "BioLogic"; ``sign_note`` says how the sign was known; ``lines``
    are the file's lines the rows stand on.
    """

    source: str
    kind: str
    table: pd.DataFrame
    sign_note: str
    notes: tuple[str, ...] = ()
    lines: np.ndarray = field(default_factory=lambda: np.array([], int))

    @property
    def per_area(self) -> bool:
        """Whether the current is per area [A m-2]."""
        return current_column(self.table) == "current_A_m2"

    def stretches(self) -> tuple[Stretch, ...]:
        """The record cut where the current changes its way or the cycle its number."""
        ways = direction.ways(self.table[current_column(self.table)].to_numpy())
        label = pd.Series(ways)
        if "cycle" in self.table:
            label = label + 10.0 * pd.factorize(self.table["cycle"])[0]
        return tuple(
            Stretch(KINDS[float(ways[first])], self.table.iloc[first:end].reset_index(drop=True))
            for first, end in direction.stretches(label.to_numpy())
        )

    def discharges(self) -> tuple[pd.DataFrame, ...]:
        """Voltage over capacity of each discharge of two or more rows (``Stretch.curve``)."""
        return self._curves("discharge")

    def charges(self) -> tuple[pd.DataFrame, ...]:
        """Voltage over capacity of each charge of two or more rows (``Stretch.curve``)."""
        return self._curves("charge")

    def _curves(self, kind: str) -> tuple[pd.DataFrame, ...]:
        return tuple(
            stretch.curve
            for stretch in self.stretches()
            if stretch.kind == kind and len(stretch.table) > 1
        )


def current_column(table: pd.DataFrame) -> str:
    """ "current_A" or "current_A_m2", whichever a table has."""
    return "current_A" if "current_A" in table else "current_A_m2"


def read_record(path: str | Path, current_sign: str = "auto") -> Record:
    """A record out of a CSV file, a Neware text export or a BioLogic .mpt file.

    ``current_sign`` is "charge positive" or "discharge positive" as the file counts; "auto" goes
    by the cycler's step types or convention, and in a CSV file by what the voltage does.
    """
    kind, sheet = _sheet(path)
    notes: list[str] = []
    if kind == "BioLogic":
        sheet, notes = biologic.without_impedance(sheet)
    time, current, voltage = _needed(sheet)
    clock = time.index in sheet.clocks()
    seconds = sheet.seconds(time) if clock else sheet.si(time, TIME)
    if kind == "Neware":
        seconds, added = neware.total_time(sheet, time, seconds)
        notes += added
    amperes, volts = sheet.si(current, CURRENT), sheet.si(voltage, VOLTAGE)
    clean.check_voltage(sheet, voltage, volts)
    clean.check_current(sheet, current, amperes, CURRENT.units[current.unit][0])
    if voltage.name == "ewe" and any("ece" in canonical(name) for name in sheet.headings):
        notes.append(f"'{voltage.heading}' taken as the cell's voltage; Ecell/V would be surer")

    sign_note = ""
    if kind == "Neware" and current_sign == "auto":
        amperes, sign_note = neware.by_step_type(sheet, amperes)
    heading = _kept("current", CURRENT, current)
    others, left = _others(sheet, (time, current, voltage))
    table = pd.DataFrame({"time_s": seconds, heading: amperes, "voltage_V": volts} | others)
    table, dropped = clean.ordered(sheet, time, table.assign(line=sheet.places))
    lines = table.pop("line").to_numpy()
    if not sign_note:
        maker = kind if kind in MAKERS else ""
        table[heading], sign_note = direction.discharge_positive(
            str(path), table[heading].to_numpy(), table["voltage_V"].to_numpy(), current_sign, maker
        )
    return Record(str(path), kind, table, sign_note, (*notes, *left, *dropped), lines)


def _sheet(path: str | Path) -> tuple[str, Sheet]:
    lines = read_lines(path)
    if biologic.is_mpt(lines):
        return "BioLogic", biologic.mpt(str(path), lines)
    if neware.is_layered(lines):
        return "Neware", neware.layered(str(path), lines)
    sheet = delimited(str(path), lines, (TIME, VOLTAGE, CURRENT))
    if neware.is_flat(sheet.headings):
        return "Neware", sheet
    return "BioLogic" if biologic.is_table(sheet.headings) else "CSV", sheet


def _needed(sheet: Sheet) -> list[Found]:
    """The columns of time, current and voltage."""
    columns = []
    for quantity in (TIME, CURRENT, VOLTAGE):
        clock = sheet.clocks() if quantity is TIME else ()
        column = find(sheet.source, sheet.headings, quantity, clock)
        if column is None:
            raise missing(sheet.source, quantity, sheet.headings)
        columns.append(column)
    return columns


def _others(sheet: Sheet, taken: tuple[Found, ...]) -> tuple[dict[str, np.ndarray], list[str]]:
    """What else the file has, by column, and notes of what could not be used."""
    columns, notes = {}, []
    used = {column.index for column in taken}
    free = ["" if index in used else name for index, name in enumerate(sheet.headings)]
    for key, quantity in OTHERS.items():
        try:
            column = find(sheet.source, free, quantity)
        except InputError as error:
            notes.append("left out: " + str(error).removeprefix(f"{sheet.source}: "))
            continue
        if column is None:
            continue
        values = sheet.si(column, quantity, needed=False)
        if np.isnan(values).all():
            notes.append(f"left out: column '{column.heading}' has no numbers")
        else:
            columns[_kept(key, quantity, column)] = clean.whole(values, quantity)
    return columns, notes


def _kept(key: str, quantity: Quantity, column: Found) -> str:
    """Name of the column kept, with its unit behind."""
    unit = quantity.units[column.unit][0]
    return f"{key}_{unit}" if unit else key
