"""What a measured file holds, told by its headings."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured import biologic, neware
from ssb_model.measured.capacities import CAPACITY, RATE
from ssb_model.measured.headings import Found, Quantity, matches
from ssb_model.measured.quantities import CURRENT, TIME, VOLTAGE
from ssb_model.measured.resistances import RESISTANCES, SOC
from ssb_model.measured.sheet import PREAMBLE, Sheet, separator_of, under_headings
from ssb_model.measured.spectrum import FREQUENCY, IMAG, MODULUS, REAL
from ssb_model.measured.text import read_lines

Lines = Sequence[tuple[int, str]]
NEEDED: dict[str, tuple[tuple[Quantity, ...], ...]] = {  # of each group, one
    "resistances": ((SOC,), tuple(RESISTANCES.values())),
    "record": ((TIME,), (VOLTAGE,), (CURRENT,)),
    "spectrum": ((FREQUENCY,), (REAL, IMAG, MODULUS)),
    "capacities": ((RATE,), (CAPACITY,)),
}
EXAMPLES = {
    "record": "Time [s], Voltage [V], Current [mA]",
    "spectrum": "Frequency [Hz], Z_re [Ohm], Z_im [Ohm]",
    "capacities": "C-rate, Capacity [mAh/g]",
    "resistances": "SOC [%], R1 [Ohm cm2], R2 [Ohm cm2], R3 [Ohm cm2]",
}


def kind_of(path: str | Path) -> str:
    """ "record", "spectrum", "capacities" or "resistances", whichever the headings name."""
    lines = read_lines(path)
    if lines[0][1].lstrip().startswith(("{", "[")):
        return "spectrum"
    if neware.is_layered(lines):
        return "record"
    if biologic.is_mpt(lines):
        sheet = biologic.mpt(str(path), lines)
        kinds = _fitting(sheet.headings)
        return _one_of(kinds, sheet) if kinds else _refuse(path, [sheet.headings])
    lines = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    tried = []
    for at, (_, line) in enumerate(lines[:PREAMBLE]):
        headings = next(csv.reader([line], delimiter=separator_of(line)))
        tried.append(headings)
        kinds = _fitting(headings)
        if len(kinds) == 1:
            return kinds[0]
        if kinds:
            sheet = under_headings(str(path), lines[at:], separator_of(line))
            return _one_of(kinds, sheet)
    return _refuse(path, tried)


def _fitting(headings: Sequence[str]) -> list[str]:
    """The kinds whose quantities are all named, the most particular first."""
    return [kind for kind in NEEDED if not _lacking(kind, headings)]


def _lacking(kind: str, headings: Sequence[str]) -> list[str]:
    """What a kind of data has and the headings do not name."""
    return [
        group[0].word
        for group in NEEDED[kind]
        if not any(matches(heading, quantity) for heading in headings for quantity in group)
    ]


def _one_of(kinds: list[str], sheet: Sheet) -> str:
    """The first that fits; between record and spectrum, what most rows are."""
    if not {"record", "spectrum"} <= set(kinds) or kinds[0] == "resistances":
        return kinds[0]
    index, name = next(
        (index, heading)
        for index, heading in enumerate(sheet.headings)
        if matches(heading, FREQUENCY)
    )
    swept = sheet.numbers(Found(index, name, "frequency", "Hz"), needed=False) > 0
    return "spectrum" if np.mean(swept) > 0.5 else "record"


def _refuse(path: str | Path, tried: list[list[str]]) -> str:
    """Say which kinds there are, and what the nearest of them lacks."""
    near = [
        (len(NEEDED[kind]), f" Here '{kind}' lacks a column of {lacking[0]}.")
        for headings in tried
        for kind in NEEDED
        if len(lacking := _lacking(kind, headings)) == 1
    ]
    words = "; ".join(f"{kind}: '{example}'" for kind, example in EXAMPLES.items())
    hint = max(near, default=(0, ""))[1]
    raise InputError(f"{path}: the headings name no kind of data. Known are {words}.{hint}")
