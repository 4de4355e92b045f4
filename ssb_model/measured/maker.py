"""A maker of cyclers: how the files of one are known and read; and a file, read once."""

from __future__ import annotations

import csv
import importlib
import os
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import ClassVar

import numpy as np

from ssb_model.errors import InputError, nearest
from ssb_model.extensions import registered
from ssb_model.measured import makers as built_in
from ssb_model.measured.binary import is_workbook, workbook_lines
from ssb_model.measured.headings import (
    CURRENT,
    KNOWN,
    VOLTAGE,
    Found,
    Measurand,
    canonical,
    known,
    matches,
    translated,
)
from ssb_model.measured.sheet import PREAMBLE, Sheet, read_lines, separator_of, under_headings

Lines = Sequence[tuple[int, str]]  # each with its number in the file
WAYS = ("charge", "discharge", "")
RECORDS = 100  # headings that voltage and current under one line of headings are worth
LETTERS = set(ascii_lowercase)
SEVERAL = ("known_by", "opening", "step_types", "charging", "discharging", "anew_with")


class Maker:
    """How one maker's cyclers write text; a subclass says what differs and is never instantiated.

    A file is known by how it opens or by its headings. Headings are compared without case,
    underscores and angle brackets.
    """

    name: ClassVar[str]
    opening: ClassVar[tuple[str, ...]] = ()  # how a file's first line begins, any of these
    known_by: ClassVar[tuple[tuple[str, ...], ...]] = ()  # headings: of each group one
    holds: ClassVar[str] = ""  # the one kind of data in a file known by its opening
    columns: ClassVar[Mapping[str, str]] = {}  # {"Strom": "Current [mA]"}: its words, and ours
    positive_on: ClassVar[str] = ""  # "charge" or "discharge"; without it the voltage tells
    step_types: ClassVar[tuple[str, ...]] = ()  # headings of a column that says what a step does
    charging: ClassVar[tuple[str, ...]] = ()  # what it says: part of a word, or a single letter
    discharging: ClassVar[tuple[str, ...]] = ()  # looked for before ``charging``
    anew_with: ClassVar[tuple[str, ...]] = ()  # headings with whose changes time starts at zero
    swept: ClassVar[str] = "freq/Hz"  # heading of a frequency that is zero in rows of a record

    extension: ClassVar[str] = "maker of cyclers"
    of_objects: ClassVar[bool] = False

    @classmethod
    def check_extension(cls) -> None:
        """Refuse a declaration that would be silently of no use."""
        if cls.name in [one.name for one in (Csv, *_packaged())]:
            raise InputError(f"a {cls.extension} named '{cls.name}' is there already.")
        if cls.positive_on not in WAYS:
            raise InputError(f"{cls.name}: positive_on is 'charge' or 'discharge', or left out.")
        own = {name for base in cls.__mro__[: cls.__mro__.index(Maker)] for name in vars(base)}
        if not own & {"opening", "opens", "known_by", "knows"}:
            raise InputError(f"{cls.name}: say how its files are known (opening, known_by).")
        for name in SEVERAL:
            if any(isinstance(one, str) for one in (getattr(cls, name), *cls.known_by)):
                raise InputError(f"{cls.name}: {name} is a tuple, ('one', 'other') or ('one',).")
        for heading, ours in cls.columns.items():
            if not known(ours):
                raise InputError(
                    f"{cls.name}: '{ours}' ('{heading}') names no measurand in a unit of its own: "
                    "write it as 'Current [mA]'."
                )

    @classmethod
    def opens(cls, lines: Lines) -> bool:
        """Whether a file opens as this maker's do."""
        return bool(cls.opening) and lines[0][1].startswith(cls.opening)

    @classmethod
    def knows(cls, headings: Sequence[str]) -> bool:
        """Whether bare headings are this maker's."""
        names = {canonical(heading) for heading in (*headings, *cls.names(headings))}
        groups = [names & {canonical(name) for name in group} for group in cls.known_by]
        return bool(groups) and all(groups)

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The lines from the headings on, below comments and a preamble."""
        lines = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
        if not lines:
            raise InputError(f"{source}: nothing but comments.")
        start = cls._first(lines[:PREAMBLE], measurands)
        if not re.search(r"[^\W\d_eE]", lines[start][1]):
            examples = ", ".join(f"'{measurand.example}'" for measurand in measurands)
            raise InputError(f"{source}: the first line names the columns, as {examples}.")
        return lines[start:]

    @classmethod
    def table(cls, source: str, body: Lines) -> Sheet:
        """The table whose headings are the first of these lines."""
        return under_headings(source, body, separator_of(body[0][1]))

    @classmethod
    def words(cls) -> dict[str, str]:
        """``columns`` by the headings as they are compared."""
        return {canonical(heading): ours for heading, ours in cls.columns.items()}

    @classmethod
    def names(cls, headings: Sequence[str]) -> list[str]:
        """Headings as they are to be read."""
        words = cls.words()
        return [translated(heading, words) for heading in headings]

    @classmethod
    def frequency(cls, sheet: Sheet) -> np.ndarray | None:
        """The frequency [Hz] of each row where rows in time may stand beside those of impedance."""
        if cls.swept not in sheet.headings:
            return None
        column = Found(sheet.headings.index(cls.swept), cls.swept, "freq", "Hz")
        return sheet.numbers(column, needed=False)

    @classmethod
    def way(cls, step: str) -> float:
        """1 where a step of this type charges, -1 where it discharges, 0 at rest."""
        said = step.casefold()
        for way, words in ((-1.0, cls.discharging), (1.0, cls.charging)):
            if any(said == word if word in LETTERS else word in said for word in words):
                return way
        return 0.0

    @classmethod
    def _first(cls, lines: Lines, measurands: Sequence[Measurand]) -> int:
        """Which line holds two of the maker's words, names two measurands, or is some maker's."""
        words, heads = cls.words(), [cells(line) for _, line in lines]
        tests: tuple[Callable[[list[str]], bool], ...] = (
            lambda head: sum(translated(cell, words) != cell for cell in head) > 1,
            lambda head: sum(any(matches(c, one) for c in head) for one in measurands) > 1,
            lambda head: maker_of(head) is not Csv,
        )
        found = (at for test in tests for at, head in enumerate(heads) if test(head))
        return next(found, 0)


class Csv(Maker):
    """A table with a line of headings, of which no maker is known."""

    name = "CSV"


_WITHIN = f"{built_in.__name__}."


def makers() -> list[type[Maker]]:
    """One's own, the last registered first, and those of the package."""
    return [*reversed(registered(Maker.extension).values()), *_packaged()]


def maker_of(headings: Sequence[str]) -> type[Maker]:
    """Whose headings these are."""
    return next((maker for maker in makers() if maker.knows(headings)), Csv)


@cache
def _packaged() -> tuple[type[Maker], ...]:
    """Every maker in a file of ``measured/makers``, in the order of their names."""
    for one in pkgutil.iter_modules(built_in.__path__, _WITHIN):
        importlib.import_module(one.name)
    found = (one for one in Maker.__subclasses__() if one.__module__.startswith(_WITHIN))
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def cells(line: str) -> list[str]:
    """A line's cells, whatever parts them."""
    return next(csv.reader([line], delimiter=separator_of(line)))


class MeasuredFile(os.PathLike):
    """A measured file whose text is read, and its table parsed, once; as good as its path."""

    def __init__(self, path: str | Path, units: Mapping[str, str] | None = None):
        self.path = path
        self.units = dict(units or {})
        self.place = "line"
        if is_workbook(path):
            self.lines, self.place = workbook_lines(path, _worth), "row"
        else:
            self.lines = read_lines(path)
        self.opener = next((maker for maker in makers() if maker.opens(self.lines)), None)
        begins = self.lines[0][1].lstrip()
        self.is_json = self.opener is None and begins.startswith(("{", "["))
        self._tables: dict[int, tuple[Sheet, type[Maker]]] = {}

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __str__(self) -> str:
        return str(self.path)

    def table(self, measurands: Sequence[Measurand]) -> tuple[Sheet, type[Maker]]:
        """The table that holds some measurands, and whose it is."""
        return self.table_at(self.body(measurands))

    def body(self, measurands: Sequence[Measurand]) -> Lines:
        """The lines of the table that holds some measurands, its headings first."""
        return (self.opener or Csv).body(str(self), self.lines, measurands)

    def table_at(self, body: Lines) -> tuple[Sheet, type[Maker]]:
        """The table whose headings are the first of these lines, and whose it is."""
        first = body[0][0]
        if first not in self._tables:
            sheet = (self.opener or Csv).table(str(self), body)
            maker = self.opener or maker_of(sheet.headings)
            words = {**maker.words(), **self._typed(sheet.headings, maker)}
            self._tables[first] = replace(sheet, words=words, place=self.place), maker
        return self._tables[first]

    def names(self, headings: Sequence[str], maker: type[Maker]) -> list[str]:
        """Headings as they are to be read, with the units that somebody says."""
        names = (translated(one, maker.words()) for one in headings)
        typed = {canonical(name): unit for name, unit in self.units.items()}
        return [
            name if canonical(one) not in typed else f"{_bare(name)} [{typed[canonical(one)]}]"
            for one, name in zip(headings, names, strict=True)
        ]

    def _typed(self, headings: Sequence[str], maker: type[Maker]) -> dict[str, str]:
        """Headings with units that somebody says, and how they are to be read."""
        for name, unit in self.units.items():
            if canonical(name) not in map(canonical, headings):
                hint = nearest(name, [one for one in headings if one])
                raise InputError(f"{self}: no column '{name}' to be in {unit}. {hint}")
        pairs = zip(headings, self.names(headings, maker), strict=True)
        said = {canonical(name) for name in self.units}
        return {canonical(one): name for one, name in pairs if canonical(one) in said}


def opened(path: str | Path | MeasuredFile, units: Mapping[str, str] | None = None) -> MeasuredFile:
    """A measured file, opened unless it is already; ``units`` are those its headings lack."""
    return path if isinstance(path, MeasuredFile) else MeasuredFile(path, units)


def _bare(heading: str) -> str:
    """A heading in our words without its unit."""
    match = re.fullmatch(r"(.+?)\s*[\[(/].*", heading)
    return match[1] if match else heading


def _worth(line: str) -> int:
    """How many measurands a line of headings names, in the words of whoever made it."""
    heads = cells(line)
    names = maker_of(heads).names(heads)
    runs = all(any(matches(name, one) for name in names) for one in (VOLTAGE, CURRENT))
    bare = sum(any(matches(name, one) for one in KNOWN) for name in names)
    return 2 * sum(map(known, names)) + bare + RECORDS * runs
