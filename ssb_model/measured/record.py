"""A cycler's record: time, current, voltage and what else was measured, in SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured import direction
from ssb_model.measured.headings import (
    COUNT,
    CURRENT,
    OTHERS,
    STAMP,
    TIME,
    VOLTAGE,
    Found,
    Kind,
    Measurand,
    canonical,
    matches,
    missing,
)
from ssb_model.measured.maker import Maker, MeasuredFile, opened
from ssb_model.measured.sheet import Sheet
from ssb_model.quantities.units import convert, named

VOLTAGES = (-1.0, 6.0)  # V, of one cell
LARGEST = {"A": 100.0, "A.m-2": 1e4}  # of a laboratory cell
LIKE_MILLI = 300.0  # median beyond which numbers under V are mV
FEWEST = 3
MOMENT = 1e-6  # s, between the two rows of a switched current
TOTALS = ("total time", "test time")  # times that do not start anew
SENSED = ("Stack pressure", "Applied pressure", "Temperature")  # 0 throughout: nothing connected
TIME_UNITS = ("s", "min", "h", "ms")  # that dates beside a time without a unit may tell
RESOLVED = 60.0  # s, from which on dates to the second tell a unit
AGREES = 0.05  # share by which dates and times may differ
KINDS = {1.0: "discharge", -1.0: "charge", 0.0: "rest"}


@dataclass(frozen=True)
class Stretch:
    """Rows of a record with current one way: "charge", "discharge" or "rest"."""

    kind: str
    table: pd.DataFrame

    @property
    def curve(self) -> pd.DataFrame:
        """Voltage over the charge passed since the first row, positive either way.

        Columns ``Voltage [V]`` and ``Capacity [A.h]``; ``Capacity [A.h.m-2]`` of current per area.
        """
        time = self.table["Time [s]"].to_numpy()
        current = self.table[current_column(self.table)].to_numpy()
        steps = np.diff(time) * (current[1:] + current[:-1]) / 2
        passed = convert(np.abs(np.append(0.0, np.cumsum(steps))), "s", "h")
        heading = current_column(self.table).replace("Current [A", "Capacity [A.h")
        return pd.DataFrame({heading: passed, "Voltage [V]": self.table["Voltage [V]"].to_numpy()})


@dataclass(frozen=True)
class Record:
    """What a cycler wrote, in SI, current positive on discharge.

    ``table`` has ``Time [s]``, ``Voltage [V]`` and either ``Current [A]`` or, where the file gives
    it per area, ``Current [A.m-2]``; also ``Stack pressure [Pa]``, ``Temperature [K]``, ``cycle``,
    ``step`` and ``Capacity [A.h]`` (or ``Capacity [A.h.m-2]``, as the file counts it) where the
    file has them.
    ``kind`` is "CSV" or the maker's name, as "Neware"; ``sign_note`` says how the sign was known;
    ``lines`` are the file's lines the rows stand on.
    """

    source: str
    kind: str
    table: pd.DataFrame
    sign_note: str
    notes: tuple[str, ...] = ()
    lines: np.ndarray = field(default_factory=lambda: np.array([], int))
    headings: Mapping[str, str] = field(default_factory=dict)  # of the file, by column

    @property
    def per_area(self) -> bool:
        """Whether the current is per area [A m-2]."""
        return current_column(self.table) == "Current [A.m-2]"

    def stretches(self) -> tuple[Stretch, ...]:
        """The record cut where the current changes its way or the cycle its number."""
        ways = direction.ways(self.table[current_column(self.table)].to_numpy())
        label = pd.Series(ways)
        if "Cycle" in self.table:
            label = label + 10.0 * pd.factorize(self.table["Cycle"])[0]
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
    """ "Current [A]" or "Current [A.m-2]", whichever a table has."""
    return "Current [A]" if "Current [A]" in table else "Current [A.m-2]"


def read_record(path: str | Path | MeasuredFile, current_sign: str = "auto") -> Record:
    """A record out of a CSV file, a Neware text export or a BioLogic .mpt file.

    ``current_sign`` is "charge positive" or "discharge positive" as the file counts; "auto" goes
    by the cycler's step types or convention, and in a CSV file by what the voltage does.
    """
    sheet, maker = opened(path).table((TIME, VOLTAGE, CURRENT))
    sheet, notes = _in_time(sheet, maker)
    time, seconds = _time(sheet, notes)
    current, voltage = sheet.needed(CURRENT), sheet.needed(VOLTAGE)
    if maker.anew_with:
        seconds, added = _added_up(sheet, time, seconds, maker)
        notes += added
    amperes, volts = sheet.si(current, CURRENT), sheet.si(voltage, VOLTAGE)
    counter = [at for at, name in enumerate(sheet.headings) if canonical(name) == "ece/v"]
    if voltage.name == "ewe" and counter:
        volts = volts - sheet.numbers(Found(counter[0], sheet.headings[counter[0]], "ece", "V"))
        notes.append(
            f"the cell's voltage is '{voltage.heading}' less '{sheet.headings[counter[0]]}'"
        )
    _check_voltage(sheet, voltage, volts)
    _check_current(sheet, current, amperes, CURRENT.units[current.unit][0])
    sign_note = ""
    if current_sign == "auto":
        amperes, sign_note = direction.by_step_type(sheet, amperes, maker)
    heading = _kept("Current", CURRENT, current)
    others, left, found = _others(sheet, (time, current, voltage))
    found = {"Time [s]": time.heading, heading: current.heading, "Voltage [V]": voltage.heading} | (
        found
    )
    table = pd.DataFrame({"Time [s]": seconds, heading: amperes, "Voltage [V]": volts} | others)
    table, dropped = _ordered(sheet, time, table.assign(line=sheet.places))
    lines = table.pop("line").to_numpy()
    if not sign_note:
        table[heading], sign_note = direction.discharge_positive(
            str(path),
            table[heading].to_numpy(),
            table["Voltage [V]"].to_numpy(),
            current_sign,
            maker,
        )
    notes = [*notes, *left, *dropped]
    return Record(str(path), maker.name, table, sign_note, tuple(notes), lines, found)


NEEDED = (TIME, STAMP), (VOLTAGE,), (CURRENT,)
KIND = Kind("record", NEEDED, "Time [s], Voltage [V], Current [mA]", read_record)


def _time(sheet: Sheet, notes: list[str]) -> tuple[Found, np.ndarray]:
    """The column that tells the time, and the time of each row [s].

    Dates with a time of day tell it where no other column does.
    """
    clocks, dates = sheet.clocks(), sheet.dates()
    try:
        time = sheet.find(TIME, [*clocks, *dates])
    except InputError as error:
        time, note = _by_dates(sheet, dates, str(error))
        notes.append(note)
    if time is None:
        stamp = sheet.find(STAMP, dates)
        if stamp is None or stamp.index not in dates:
            raise missing(sheet.source, TIME, sheet.headings)
        notes.append(f"no column of time: taken from '{stamp.heading}', to its resolution")
        return stamp, sheet.since_first(stamp)
    if time.index in dates:
        return time, sheet.since_first(time)
    return time, sheet.seconds(time) if time.index in clocks else sheet.si(time, TIME)


def _by_dates(sheet: Sheet, dates: list[int], error: str) -> tuple[Found, str]:
    """A column of time whose heading lacks a unit, and the unit that dates beside it say it has."""
    stamp = sheet.find(STAMP, dates)
    bare = next(
        (
            Found(at, head, *match)
            for at, (head, name) in enumerate(zip(sheet.headings, sheet.names, strict=True))
            if (match := matches(name, TIME)) and not match[1]
        ),
        None,
    )
    if bare is None or stamp is None or stamp.index not in dates:
        raise InputError(error)
    passed, counted = sheet.since_first(stamp), sheet.numbers(bare)
    forward = (counted > counted[0]) & (passed > RESOLVED)
    ratio = (
        float(np.median(passed[forward] / (counted - counted[0])[forward], axis=0))
        if (forward.any())
        else 0.0
    )
    for unit in TIME_UNITS:
        if abs(ratio / TIME.units[unit][1] - 1) < AGREES:
            note = f"'{bare.heading}' names no unit: taken as {unit}, as '{stamp.heading}' counts"
            return replace(bare, unit=unit), note
    raise InputError(error)


def _in_time(sheet: Sheet, maker: type[Maker]) -> tuple[Sheet, list[str]]:
    """The rows recorded in time, without those of impedance between them."""
    hertz = maker.frequency(sheet)
    swept = np.array([]) if hertz is None else hertz > 0
    if swept.any() and not swept.all():
        return sheet.without(swept), [f"{swept.sum()} rows of impedance left out"]
    return sheet, []


def _added_up(
    sheet: Sheet, found: Found, time: np.ndarray, maker: type[Maker]
) -> tuple[np.ndarray, list[str]]:
    """Time since the test began [s], added up where the file's starts anew with every step."""
    if found.name in TOTALS or not (np.diff(time) < 0).any():
        return time, []
    anew = np.append(False, np.diff(time) < 0) & (time == 0)
    for index in sheet.of_any(maker.anew_with):
        text = sheet.column(index)
        anew |= (text != text.shift(fill_value=text[0])).to_numpy()
    before = np.append(0.0, np.where(anew[1:], time[:-1], 0.0))
    note = f"'{found.heading}' starts anew with every step and was added up"
    return time + np.cumsum(before), [note]


def _others(
    sheet: Sheet, taken: tuple[Found, ...]
) -> tuple[dict[str, np.ndarray], list[str], dict[str, str]]:
    """What else the file has, by column; notes of what could not be used; headings by column."""
    columns, notes, headings = {}, [], {}
    used = {column.index for column in taken}
    for key, measurand in OTHERS.items():
        try:
            column = sheet.find(measurand, without=used)
        except InputError as error:
            notes.append("left out: " + str(error).removeprefix(f"{sheet.source}: "))
            continue
        if column is None:
            continue
        values = sheet.si(column, measurand, needed=False)
        raw = sheet.numbers(column, needed=False)
        if np.isnan(values).all():
            notes.append(f"left out: column '{column.heading}' has no numbers")
        elif key in SENSED and not np.nan_to_num(raw).any():
            notes.append(f"left out: column '{column.heading}' is 0 throughout, as of no sensor")
        else:
            columns[_kept(key, measurand, column)] = _whole(values, measurand)
            headings[_kept(key, measurand, column)] = column.heading
            used.add(column.index)
    return columns, notes, headings


def _kept(key: str, measurand: Measurand, column: Found) -> str:
    """Name of the column kept, with its unit behind."""
    unit = measurand.units[column.unit][0]
    return named(key, unit)


def _check_voltage(sheet: Sheet, found: Found, volts: np.ndarray) -> None:
    """Refuse voltages [V] no single cell has."""
    low, high = VOLTAGES
    outside = (volts < low) | (volts > high)
    if outside.any() and np.median(np.abs(volts)) > LIKE_MILLI:
        raise InputError(
            f"{sheet.source}: column '{found.heading}' reaches {np.abs(volts).max():g} V, which "
            f"looks like mV; write [mV] in the heading, or ssb read --unit '{found.heading}=mV'."
        )
    wrong = f"{volts[np.argmax(outside)]:g} V is outside the {low:g} to {high:g} V of one cell"
    sheet.refuse(found.heading, outside, wrong, "mend the unit or remove the row", first=True)


def _check_current(sheet: Sheet, found: Found, current: np.ndarray, unit: str) -> None:
    """Refuse currents [A or A m-2] no laboratory cell sees."""
    beyond = np.abs(current) > LARGEST[unit]
    much = f"{current[np.argmax(beyond)]:g} {unit.replace('_m2', ' m-2')}"
    wrong, cure = "is too much for a laboratory cell", "mend the unit in the heading (mA, uA?)"
    sheet.refuse(found.heading, beyond, f"{much} {wrong}", cure, first=True)


def _ordered(sheet: Sheet, found: Found, table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The table with times that rise, and notes of what that took.

    A row at the time of the one before is dropped if the current flows the same way; if it was
    switched there, both count, a moment apart.
    """
    time = table["Time [s]"].to_numpy()
    falls = np.append(False, np.diff(time) < 0)
    fall = int(np.argmax(falls))
    wrong = f"time falls from {time[fall - 1]:g} to {time[fall]:g} s"
    cure = "give one test a file, or a column 'Total time [s]'"
    sheet.refuse(found.heading, falls, wrong, cure, first=True)
    again = np.append(False, np.diff(time) == 0)
    way = direction.ways(table.filter(regex="^Current ").to_numpy()[:, 0])
    repeated = again & np.append(False, np.diff(way) == 0)
    notes = []
    if repeated.any():
        notes.append(
            f"{repeated.sum()} rows at the time of the row before dropped, the first at "
            f"{sheet.place} {sheet.places[int(np.argmax(repeated))]}"
        )
    table = table[~repeated].reset_index(drop=True)
    if len(table) < FEWEST:
        raise InputError(
            f"{sheet.source}: {len(table)} points in time; a record has {FEWEST} or more."
        )
    time = table["Time [s]"].to_numpy(copy=True)
    switched = np.flatnonzero(np.diff(time) == 0) + 1
    for row in switched:
        time[row] = time[row - 1] + MOMENT
    if len(switched):
        notes.append(f"{len(switched)} rows where the current was switched set {MOMENT:g} s later")
    return table.assign(**{"Time [s]": time}), notes


def _whole(values: np.ndarray, measurand: Measurand) -> np.ndarray:
    """Counts as integers where all of them are."""
    counts = measurand.units is COUNT and np.isfinite(values).all()
    return values.astype(int) if counts and (values == np.round(values)).all() else values
