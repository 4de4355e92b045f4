"""Capacities measured at C-rates: a rate test as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured.headings import AMPERE_HOURS, Found, Quantity, canonical, find, missing
from ssb_model.measured.held import held_columns
from ssb_model.measured.sheet import Sheet, delimited
from ssb_model.measured.text import read_lines

PER_HOUR = {unit: ("", 1.0, 0.0) for unit in ("", "C", "1/h", "h-1", "1", "-")}
AMPERE_HOURS_PER = {
    **{
        unit: ("mAh_g", 1.0, 0.0)
        for unit in ("mAh/g", "mAh.g-1", "mAh.g", "mA.h/g", "mA.h.g-1", "Ah/kg", "Ah.kg-1")
    },
    **{unit: ("mAh_g", 1e3, 0.0) for unit in ("Ah/g", "Ah.g-1")},
    **{unit: ("mAh_cm2", 1.0, 0.0) for unit in ("mAh.cm-2", "mA.h.cm-2")},
    **{"uAh.cm-2": ("mAh_cm2", 1e-3, 0.0), "Ah.m-2": ("mAh_cm2", 0.1, 0.0)},
    **{unit: kept for unit, kept in AMPERE_HOURS.items() if kept[0] == "Ah"},
}
RATE = Quantity(
    "C-rate",
    "C-rate",
    ("c-rate", "c rate", "crate", "discharge c-rate", "discharge rate", "rate"),
    PER_HOUR,
)
CAPACITY = Quantity(
    "capacity",
    "Capacity [mAh/g]",
    (
        *("capacity", "specific capacity", "areal capacity", "gravimetric capacity"),
        *("discharge capacity", "specific discharge capacity", "areal discharge capacity"),
        *("charge capacity", "specific charge capacity", "areal charge capacity"),
    ),
    AMPERE_HOURS_PER,
)
ERROR_NAMES = ("error", "err", "sd", "std", "sigma", "standard deviation", "uncertainty")
MOST = {  # unit: (most, in words); of a laboratory cell
    "mAh_g": (400.0, "400 mAh/g of active material"),
    "mAh_cm2": (30.0, "30 mAh/cm2"),
    "Ah": (10.0, "10 Ah"),
}
FASTEST = 100.0  # C
LONGEST_RATE = 50  # letters
LEAST = 1.0  # mAh g-1, below which all of a file's capacities are odd
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
RATE_TEXT = re.compile(rf"(?P<over>{NUMBER})?(?P<c>c)?(?:/(?P<under>{NUMBER})c?)?")


@dataclass(frozen=True)
class Capacities:
    """Capacities by C-rate as they stand in a file's order.

    ``unit`` of ``capacity`` and ``error`` is "mAh_g" (per gram of active material), "mAh_cm2" or
    "Ah"; ``direction`` is "discharge" or "charge"; ``lines`` are the file's lines of the rows.
    """

    source: str
    c_rate: np.ndarray
    capacity: np.ndarray
    unit: str
    lines: np.ndarray
    direction: str = "discharge"
    stack_pressure_Pa: np.ndarray | None = None
    temperature_K: np.ndarray | None = None
    error: np.ndarray | None = None
    notes: tuple[str, ...] = ()


def read_capacities(path: str | Path) -> Capacities:
    """Capacities out of a CSV file, one's own or the table of a rate test."""
    sheet = delimited(str(path), read_lines(path), (RATE, CAPACITY))
    notes: list[str] = []
    sheet = _solved(sheet, notes)
    columns = [find(sheet.source, sheet.headings, quantity) for quantity in (RATE, CAPACITY)]
    for column, quantity in zip(columns, (RATE, CAPACITY), strict=True):
        if column is None:
            raise missing(sheet.source, quantity, sheet.headings)
    rate, found = columns
    c_rate = _rates(sheet, rate)
    capacity, unit = sheet.si(found, CAPACITY), CAPACITY.units[found.unit][0]
    most, words = MOST[unit]
    sheet.refuse(found.heading, capacity < 0, "a capacity below zero", "give it without its sign")
    sheet.refuse(
        found.heading, capacity > most, f"more than {words}", "mind the unit in the heading"
    )
    if unit == "mAh_g" and capacity.max() < LEAST:
        notes.append(f"every capacity is below {LEAST:g} mAh/g: mind the unit in the heading")
    pressure, temperature = held_columns(sheet, notes)
    return Capacities(
        sheet.source,
        c_rate,
        capacity,
        unit,
        np.array(sheet.places),
        _direction(sheet, found),
        pressure,
        temperature,
        _error(sheet, capacity, found, notes),
        tuple(notes),
    )


def _solved(sheet: Sheet, notes: list[str]) -> Sheet:
    """The sheet without runs of our own that a solver gave up."""
    if "stopped_by" not in sheet.headings:
        return sheet
    text = sheet.column(sheet.headings.index("stopped_by"))
    failed = text.str.contains("solver", regex=False).to_numpy(bool)
    if failed.all():
        raise InputError(f"{sheet.source}: the solver failed in every run; no capacity to read.")
    if failed.any():
        notes.append(f"{failed.sum()} rows left out where the solver failed")
    return sheet.without(failed)


def _rates(sheet: Sheet, column: Found) -> np.ndarray:
    """C-rates, of which a person may write a tenth as 0.1, 0.1C, C/10 or 1/10."""
    text = sheet.column(column.index)
    bare = text.str.replace(",", ".", regex=False) if sheet.decimal_comma else text
    values = np.array([_rate(cell) for cell in bare])
    unread = np.isnan(values)
    if unread.any():
        first = text[int(np.argmax(unread))]
        wrong = f"'{first}' is no C-rate" if first else "blank"
        sheet.refuse(column.heading, unread, wrong, "write it as 0.1, 0.1C or C/10")
    sheet.refuse(
        column.heading, values <= 0, "a C-rate is above zero", "give the rate without a sign"
    )
    sheet.refuse(
        column.heading,
        values > FASTEST,
        f"more than {FASTEST:g}C",
        "give C-rates, not currents or hours",
    )
    return values


def _rate(text: str) -> float:
    """One C-rate; NaN where it is none."""
    match = RATE_TEXT.fullmatch(re.sub(r"\s", "", text[:LONGEST_RATE]).casefold())
    if match is None or not (match["over"] or match["c"]):
        return np.nan
    under = float(match["under"] or 1.0)
    return float(match["over"] or 1.0) / under if under else np.nan


def _direction(sheet: Sheet, column: Found) -> str:
    """Which way the charge went, by the column's name or a column of our own."""
    if "direction" in sheet.headings:
        ways = sheet.column(sheet.headings.index("direction"))
        other = (ways != ways[0]).to_numpy()
        sheet.refuse("direction", other, f"not '{ways[0]}' as above", "give each way a file")
        return ways[0]
    return "charge" if "charge" in canonical(column.name).split() else "discharge"


def _error(sheet: Sheet, capacity: np.ndarray, found: Found, notes: list[str]) -> np.ndarray | None:
    """Standard deviations in the unit of the capacity, which a heading without a unit means."""
    written = CAPACITY.units[found.unit]
    units = {name: kept for name, kept in CAPACITY.units.items() if kept[0] == written[0]}
    units |= {"": written, "%": ("%", 0.01, 0.0)}
    names = (*ERROR_NAMES, *(f"capacity {name}" for name in ERROR_NAMES))
    example = f"Error [{next(iter(units))}]"
    quantity = Quantity("error", example, names, units)
    column = find(sheet.source, sheet.headings, quantity)
    if column is None:
        return None
    error = sheet.si(column, quantity)
    if not column.unit:
        notes.append(f"column '{column.heading}' names no unit: taken as the capacity's")
    if column.unit == "%":
        error = error * capacity
    sheet.refuse(
        column.heading,
        error <= 0,
        "an error is above zero",
        "give the standard deviation or leave out the column",
    )
    return error
