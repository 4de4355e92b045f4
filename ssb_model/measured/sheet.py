"""The text of a measured file, the table in it, and numbers with the line of the first bad one."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured.headings import (
    OTHERS,
    Found,
    Measurand,
    canonical,
    find,
    missing,
    translated,
)
from ssb_model.system.user_files import read_bytes

BINARY = {".mat", ".zip"}
MOST_LINES = 1_000_000
LONGEST_LINE = 100_000  # letters
UTF16 = (b"\xff\xfe", b"\xfe\xff")

SEPARATORS = ("\t", ";", ",")
BLANKS = " "  # runs of them part columns where nothing else does
PREAMBLE = 100  # lines searched for the headings
NAMED = 3  # lines named of many
RANGES = {  # SI: (lowest, highest, what a person reads)
    "Stack pressure": (0.0, 2e9, "between 0 and 2000 MPa"),
    "Temperature": (200.0, 450.0, "between -73 and 177 degC"),
}
DATED = r"^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?[ T]+\d{1,2}:\d{2}"
CLOCK = (
    r"^(?:(?P<d>\d+)(?:\s*days?,?\s*|\s*d\s*|[-.\s]\s*))?"
    r"(?P<h>\d+):(?P<m>\d{1,2}):(?P<s>\d{1,2}(?:[.,]\d+)?)$"
)


@dataclass(frozen=True)
class Sheet:
    """Rows of text under headings; ``places`` are their lines in the file.

    ``words`` are headings only their maker uses, in small letters, and what they mean with us.
    """

    source: str
    headings: list[str]
    rows: list[list[str]]
    places: list[int]
    decimal_comma: bool = False
    place: str = "line"
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The headings as they are to be read."""
        return [translated(heading, self.words) for heading in self.headings]

    def find(
        self, measurand: Measurand, clock: Sequence[int] = (), without: Collection[int] = ()
    ) -> Found | None:
        """The column of a measurand, none where no heading names it; some columns may not be it."""
        names = ["" if index in without else name for index, name in enumerate(self.names)]
        return find(self.source, self.headings, measurand, clock, names)

    def needed(self, measurand: Measurand, clock: Sequence[int] = ()) -> Found:
        """The column of a measurand, refused where there is none."""
        column = self.find(measurand, clock)
        if column is None:
            raise missing(self.source, measurand, self.headings)
        return column

    def of_any(self, headings: Sequence[str]) -> list[int]:
        """The columns under one of these headings, however they are written."""
        known = {canonical(heading) for heading in headings}
        return [
            at
            for at, names in enumerate(zip(self.headings, self.names, strict=True))
            if known & set(map(canonical, names))
        ]

    def column(self, index: int) -> pd.Series:
        """The text of a column, blank where a row is short."""
        cells = [row[index].strip() if index < len(row) else "" for row in self.rows]
        return pd.Series(cells, dtype=object)

    def numbers(self, found: Found, needed: bool = True) -> np.ndarray:
        """A column as numbers in the unit written; a needed one has them in every row."""
        text = self.column(found.index)
        bare = text.str.replace(",", ".", regex=False) if self.decimal_comma else text
        values = pd.to_numeric(bare, errors="coerce").to_numpy(float, copy=True)
        if needed:
            self._refuse(text, found.heading, ~np.isfinite(values), "no number")
        return values

    def si(self, found: Found, measurand: Measurand, needed: bool = True) -> np.ndarray:
        """A column as numbers in the unit kept."""
        _, factor, offset = measurand.units[found.unit]
        return self.numbers(found, needed) * factor + offset

    def clocks(self) -> list[int]:
        """The columns whose first entry reads as h:mm:ss."""
        if not self.rows:
            return []
        first = pd.Series([cell.strip() for cell in self.rows[0]], dtype=object)
        return [int(index) for index in np.flatnonzero(first.str.match(CLOCK))]

    def seconds(self, found: Found) -> np.ndarray:
        """A column of h:mm:ss, with days before and a fraction behind where there are any."""
        text = self.column(found.index)
        parts = text.str.extract(CLOCK)
        days = pd.to_numeric(parts["d"]).fillna(0).to_numpy(float)
        hours, minutes = (pd.to_numeric(parts[key]).to_numpy(float) for key in "hm")
        seconds = pd.to_numeric(parts["s"].str.replace(",", ".", regex=False)).to_numpy(float)
        values = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        self._refuse(text, found.heading, np.isnan(values), "no time as h:mm:ss")
        return values

    def dates(self) -> list[int]:
        """The columns whose first entry reads as a date with a time of day."""
        if not self.rows:
            return []
        first = pd.Series([cell.strip() for cell in self.rows[0]], dtype=object)
        return [int(index) for index in np.flatnonzero(first.str.match(DATED))]

    def since_first(self, found: Found) -> np.ndarray:
        """Seconds since the first of a column of dates; where day and month could be swapped,
        the order in which time rises, or spans less."""
        text = self.column(found.index).str.replace(",", ".", regex=False)
        ways = []
        for day_first in (False, True):
            read = pd.to_datetime(text, dayfirst=day_first, errors="coerce", format="mixed")
            seconds = (read - read.iloc[0]).dt.total_seconds().to_numpy(float)
            if not np.isnan(seconds).any():
                ways.append(((np.diff(seconds) < 0).any(), np.ptp(seconds), seconds))
        if not ways:
            read = pd.to_datetime(text, errors="coerce", format="mixed")
            self._refuse(text, found.heading, read.isna().to_numpy(), "no date with a time")
        return min(ways, key=lambda way: way[:2])[2]

    def without(self, drop: np.ndarray) -> Sheet:
        """The sheet without some of its rows."""
        kept = np.flatnonzero(~drop)
        rows, places = ([values[i] for i in kept] for values in (self.rows, self.places))
        return replace(self, rows=rows, places=places)

    def held(self, notes: list[str]) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Stack pressure [Pa] and temperature [K] of each row, None where the file has none."""
        columns: list[np.ndarray | None] = []
        for key, (low, high, words) in RANGES.items():
            measurand = OTHERS[key]
            column = self.find(measurand)
            if column is not None and np.isnan(self.numbers(column, needed=False)).all():
                notes.append(f"left out: column '{column.heading}' has no numbers")
                column = None
            if column is None:
                columns.append(None)
                continue
            values = self.si(column, measurand)
            wrong = (values < low) | (values > high)
            told = f"a {measurand.word} lies {words}"
            self.refuse(column.heading, wrong, told, "mind the unit in the heading")
            columns.append(values)
        return columns[0], columns[1]

    def refuse(
        self, heading: str, bad: np.ndarray, wrong: str, cure: str, first: bool = False
    ) -> None:
        """Refuse the ``bad`` rows of a column by their lines, or by that of the first."""
        if bad.any():
            places = np.array(self.places)[bad]
            where = at_lines(places[:1] if first else places, self.place)
            raise InputError(f"{self.source}: {where}, column '{heading}': {wrong}; {cure}.")

    def _refuse(self, text: pd.Series, heading: str, bad: np.ndarray, what: str) -> None:
        if bad.any():
            first = text[int(np.argmax(bad))]
            wrong = f"'{first}' is {what}" if first else "blank"
            others = f" (and {bad.sum() - 1} more such rows)" if bad.sum() > 1 else ""
            self.refuse(heading, bad, wrong + others, "fill or remove the row", first=True)


def at_lines(numbers: Sequence[int], place: str = "line") -> str:
    """ "line 4", "lines 4 and 7", "lines 4, 7, 9 and 12 more"."""
    shown = [str(number) for number in numbers[:NAMED]]
    if len(numbers) > NAMED:
        shown.append(f"{len(numbers) - NAMED} more")
    *first, last = shown
    return f"{place}s {', '.join(first)} and {last}" if first else f"{place} {last}"


def separator_of(line: str) -> str:
    """Tab, semicolon or comma, the first of them a line has; else blanks."""
    blanks = BLANKS if re.search(r"\S\s+\S", line) else ","
    return next((mark for mark in SEPARATORS if mark in line), blanks)


def split(lines: Sequence[tuple[int, str]], separator: str) -> tuple[list[list[str]], list[int]]:
    """Cells of numbered lines, and the line each row stands on."""
    if separator == BLANKS:
        return _by_blanks(lines)
    reader = csv.reader((line for _, line in lines), delimiter=separator)
    rows, places = [], []
    try:
        for row in reader:
            rows.append(row)
            places.append(lines[reader.line_num - 1][0])
    except csv.Error:
        opened = places[-1] + 1 if places else lines[0][0]
        raise InputError(f"a quotation mark is opened at line {opened} and never closed.") from None
    return rows, places


def _by_blanks(lines: Sequence[tuple[int, str]]) -> tuple[list[list[str]], list[int]]:
    """Cells with blanks between; a heading holds single ones where its row would not fit else."""
    rows = [line.split() for _, line in lines]
    if len(rows) > 1 and len(rows[0]) != len(rows[1]):
        rows[0] = re.split(r"\s{2,}", lines[0][1].strip())
    return rows, [number for number, _ in lines]


def under_headings(source: str, lines: Sequence[tuple[int, str]], separator: str) -> Sheet:
    """A sheet out of lines of which the first holds the headings."""
    (headings, *rows), (_, *places) = split(lines, separator)
    headings = [heading.strip() for heading in headings]
    named = max((at + 1 for at, heading in enumerate(headings) if heading), default=0)
    for row, place in zip(rows, places, strict=True):
        if len(row) > named and any(cell.strip() for cell in row[named:]):
            comma = separator == ","
            raise InputError(
                f"{source}: line {place} holds {len(row)} values under {named} headings; "
                + (
                    "numbers with a decimal comma are separated by semicolons or tabs."
                    if comma
                    else "a heading is missing or moved, so columns may be others: name each."
                )
            )
    if not rows:
        raise InputError(f"{source}: no rows under the headings.")
    return Sheet(source, headings, rows, places, separator != ",")


def read_lines(path: str | Path) -> list[tuple[int, str]]:
    """Lines that are not blank, each with its number in the file, counted from 1."""
    written = _text(Path(path)).splitlines()
    if len(written) > MOST_LINES:
        raise InputError(f"{path}: more than {MOST_LINES} lines: thin it out or cut it up.")
    for number, line in enumerate(written, start=1):
        if len(line) > LONGEST_LINE:
            raise InputError(f"{path}: line {number} is too long for a table: write rows as lines.")
    lines = [(number, line) for number, line in enumerate(written, start=1) if line.strip()]
    if not lines:
        raise InputError(f"{path}: the file is empty.")
    return lines


def _text(path: Path) -> str:
    data = read_bytes(path)
    if data.startswith(UTF16):
        return data.decode("utf-16", errors="replace")
    if path.suffix.lower() in BINARY or b"\0" in data[:4096]:
        raise InputError(
            f"{path}: a binary file; export it as text (.mpt from EC-Lab, .csv from BTSDA or a "
            "spreadsheet)."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _chinese(data) or data.decode("latin-1")


def _chinese(data: bytes) -> str:
    """A text in GBK, told by words of the headings; "" where it is none."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return text if any(word in text[:20_000] for word in ("电压", "电流", "时间", "阻抗")) else ""


def json_sheet(path: str, text: str, wanted: str) -> Sheet:
    """The rows of a table in JSON, a list or under 'rows'; ``wanted`` says what it should be."""
    try:
        rows = json.loads(text)
        rows = rows["rows"] if isinstance(rows, dict) else rows
        headings = list(dict.fromkeys(name for row in rows for name in row))
        cells = [["" if row.get(h) is None else str(row[h]) for h in headings] for row in rows]
        if not cells:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path}: {wanted}.") from None
    return Sheet(path, headings, cells, list(range(1, len(cells) + 1)), place="row")
