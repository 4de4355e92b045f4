"""Capacities measured at C-rates: a rate test as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured.headings import CAPACITY, ERRORS, RATE, Found, Kind, Measurand, canonical
from ssb_model.measured.maker import MeasuredFile, opened
from ssb_model.measured.sheet import Sheet
from ssb_model.quantities.registry import alike

MOST = {  # unit: (most, in words); of a laboratory cell
    "mA.h.g-1": (400.0, "400 mAh/g of active material"),
    "mA.h.cm-2": (30.0, "30 mAh/cm2"),
    "A.h": (10.0, "10 Ah"),
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


def read_capacities(path: str | Path | MeasuredFile) -> Capacities:
    """Capacities out of a CSV file, one's own or the table of a rate test."""
    sheet, _ = opened(path).table((RATE, CAPACITY))
    notes: list[str] = []
    sheet = _solved(sheet, notes)
    rate, found = sheet.needed(RATE), sheet.needed(CAPACITY)
    c_rate = _rates(sheet, rate)
    capacity, unit = sheet.si(found, CAPACITY), CAPACITY.units[found.unit][0]
    most, words = MOST[unit]
    refuse = partial(sheet.refuse, found.heading)
    refuse(capacity < 0, "a capacity below zero", "give it without its sign")
    refuse(capacity > most, f"more than {words}", "mind the unit in the heading")
    if unit == "mA.h.g-1" and capacity.max() < LEAST:
        notes.append(f"every capacity is below {LEAST:g} mAh/g: mind the unit in the heading")
    return Capacities(
        sheet.source,
        c_rate,
        capacity,
        unit,
        np.array(sheet.places),
        _direction(sheet, found),
        *sheet.held(notes),
        _error(sheet, capacity, found, notes),
        tuple(notes),
    )


KIND = Kind("capacities", ((RATE,), (CAPACITY,)), "C-rate, Capacity [mAh/g]", read_capacities)


def _solved(sheet: Sheet, notes: list[str]) -> Sheet:
    """The sheet without runs of our own that a solver gave up."""
    ended = alike("Stopped by", sheet.headings)
    if ended not in sheet.headings:
        return sheet
    text = sheet.column(sheet.headings.index(ended))
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
    refuse = partial(sheet.refuse, column.heading)
    refuse(values <= 0, "a C-rate is above zero", "give the rate without a sign")
    refuse(values > FASTEST, f"more than {FASTEST:g}C", "give C-rates, not currents or hours")
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
    way = alike("Direction", sheet.headings)
    if way in sheet.headings:
        ways = sheet.column(sheet.headings.index(way))
        other = (ways != ways[0]).to_numpy()
        sheet.refuse("direction", other, f"not '{ways[0]}' as above", "give each way a file")
        return ways[0]
    return "charge" if "charge" in canonical(column.name).split() else "discharge"


def _error(sheet: Sheet, capacity: np.ndarray, found: Found, notes: list[str]) -> np.ndarray | None:
    """Standard deviations in the unit of the capacity, which a heading without a unit means."""
    written = CAPACITY.units[found.unit]
    units = {name: kept for name, kept in CAPACITY.units.items() if kept[0] == written[0]}
    units |= {"": written, "%": ("%", 0.01, 0.0)}
    names = (*ERRORS, *(f"capacity {name}" for name in ERRORS))
    example = f"Error [{next(iter(units))}]"
    measurand = Measurand("error", example, names, units)
    column = sheet.find(measurand)
    if column is None:
        return None
    error = sheet.si(column, measurand)
    if not column.unit:
        notes.append(f"column '{column.heading}' names no unit: taken as the capacity's")
    if column.unit == "%":
        error = error * capacity
    cure = "give the standard deviation or leave out the column"
    sheet.refuse(column.heading, error <= 0, "an error is above zero", cure)
    return error
