"""Text written by BioLogic's EC-Lab and BT-Lab (.mpt)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import Found, canonical
from ssb_model.measured.sheet import Sheet, under_headings

MAGIC = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
OWN = {"ox/red", "ns changes", "counter inc", "control/v/ma", "half cycle"}
DATA = re.compile(r"(time/s|freq/Hz)(\t|$)")


def is_mpt(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether the file opens as EC-Lab's text does."""
    return lines[0][1].startswith(MAGIC)


def is_table(headings: Sequence[str]) -> bool:
    """Whether bare headings are EC-Lab's, exported without what stands above them."""
    return any(canonical(heading) in OWN for heading in headings)


def mpt(source: str, lines: Sequence[tuple[int, str]]) -> Sheet:
    """The table of an .mpt file, below as many header lines as it says."""
    count = re.match(r"Nb header lines\s*:\s*(\d{1,9})", lines[1][1]) if len(lines) > 1 else None
    if count:
        body = [(number, line) for number, line in lines if number >= int(count[1])]
    else:
        start = next((at for at, (_, line) in enumerate(lines) if DATA.search(line)), len(lines))
        body = list(lines[start:])
    if not body or "\t" not in body[0][1]:
        raise InputError(f"{source}: no table below the header; export the file from EC-Lab again.")
    return under_headings(source, [(n, line.replace('"', "")) for n, line in body], "\t")


def without_impedance(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """The rows recorded in time, without those of impedance between them."""
    index = _frequency(sheet)
    if index is None:
        return sheet, []
    swept = sheet.numbers(Found(index, sheet.headings[index], "freq", "Hz"), needed=False) > 0
    if swept.all() or not swept.any():
        return sheet, []
    return sheet.without(swept), [f"{swept.sum()} rows of impedance left out"]


def only_impedance(sheet: Sheet) -> Sheet:
    """The rows of impedance, without those recorded in time between them."""
    index = _frequency(sheet)
    if index is None:
        return sheet
    return sheet.without(
        sheet.numbers(Found(index, sheet.headings[index], "freq", "Hz"), needed=False) == 0
    )


def _frequency(sheet: Sheet) -> int | None:
    return next((i for i, name in enumerate(sheet.headings) if name == "freq/Hz"), None)
