"""A table of text under headings, and numbers out of it with the line of the first bad one."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured.headings import Found, Quantity, matches

SEPARATORS = ("\t", ";", ",")
PREAMBLE = 100  # lines searched for the headings
NAMED = 3  # lines named of many
CLOCK = (
    r"^(?:(?P<d>\d+)(?:\s*days?,?\s*|\s*d\s*|[-.\s]\s*))?"
    r"(?P<h>\d+):(?P<m>\d{1,2}):(?P<s>\d{1,2}(?:[.,]\d+)?)$"
)


@dataclass(frozen=True)
class Sheet:
    """Rows of text under headings; ``places`` are their lines in the file."""

    source: str
    headings: list[str]
    rows: list[list[str]]
    places: list[int]
    decimal_comma: bool = False
    place: str = "line"

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

    def si(self, found: Found, quantity: Quantity, needed: bool = True) -> np.ndarray:
        """A column as numbers in the unit kept."""
        _, factor, offset = quantity.units[found.unit]
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

    def without(self, drop: np.ndarray) -> Sheet:
        """The sheet without some of its rows."""
        kept = np.flatnonzero(~drop)
        rows, places = ([values[i] for i in kept] for values in (self.rows, self.places))
        return Sheet(self.source, self.headings, rows, places, self.decimal_comma, self.place)

    def refuse(self, heading: str, bad: np.ndarray, wrong: str, cure: str) -> None:
        """Refuse the rows that are ``bad`` of a column, by their lines; nothing if none is."""
        if bad.any():
            where = at_lines(np.array(self.places)[bad], self.place)
            raise InputError(f"{self.source}: {where}, column '{heading}': {wrong}; {cure}.")

    def _refuse(self, text: pd.Series, heading: str, bad: np.ndarray, what: str) -> None:
        if not bad.any():
            return
        first = int(np.argmax(bad))
        wrong = f"'{text[first]}' is {what}" if text[first] else "blank"
        others = f" (and {bad.sum() - 1} more such rows)" if bad.sum() > 1 else ""
        raise InputError(
            f"{self.source}: {self.place} {self.places[first]}, column '{heading}': "
            f"{wrong}{others}; fill or remove the row."
        )


def at_lines(numbers: Sequence[int], place: str = "line") -> str:
    """ "line 4", "lines 4 and 7", "lines 4, 7, 9 and 12 more"."""
    shown = [str(number) for number in numbers[:NAMED]]
    if len(numbers) > NAMED:
        shown.append(f"{len(numbers) - NAMED} more")
    *first, last = shown
    return f"{place}s {', '.join(first)} and {last}" if first else f"{place} {last}"


def separator_of(line: str) -> str:
    """Tab, semicolon or comma, the first of them a line has."""
    return next((mark for mark in SEPARATORS if mark in line), ",")


def split(lines: Sequence[tuple[int, str]], separator: str) -> tuple[list[list[str]], list[int]]:
    """Cells of numbered lines, and the line each row stands on."""
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


def under_headings(source: str, lines: Sequence[tuple[int, str]], separator: str) -> Sheet:
    """A sheet out of lines of which the first holds the headings."""
    (headings, *rows), (_, *places) = split(lines, separator)
    headings = [heading.strip() for heading in headings]
    for row, place in zip(rows, places, strict=True):
        if len(row) > len(headings) and any(cell.strip() for cell in row[len(headings) :]):
            raise InputError(
                f"{source}: line {place} holds {len(row)} values under {len(headings)} headings; "
                "numbers with a decimal comma are separated by semicolons or tabs."
            )
    if not rows:
        raise InputError(f"{source}: no rows under the headings.")
    return Sheet(source, headings, rows, places, separator != ",")


def delimited(
    source: str, lines: Sequence[tuple[int, str]], quantities: Sequence[Quantity]
) -> Sheet:
    """A sheet out of text with a line of headings, after comments and a preamble."""
    lines = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    if not lines:
        raise InputError(f"{source}: nothing but comments.")
    named = (at for at, (_, line) in enumerate(lines[:PREAMBLE]) if _names(line, quantities) > 1)
    start = next(named, 0)
    first = lines[start][1]
    if not any(letter.isalpha() for letter in first.replace("E", "").replace("e", "")):
        examples = ", ".join(f"'{quantity.example}'" for quantity in quantities)
        raise InputError(f"{source}: the first line names the columns, as {examples}.")
    return under_headings(source, lines[start:], separator_of(first))


def _names(line: str, quantities: Sequence[Quantity]) -> int:
    """How many of the quantities a line names."""
    cells = next(csv.reader([line], delimiter=separator_of(line)))
    return sum(any(matches(cell, quantity) for cell in cells) for quantity in quantities)
