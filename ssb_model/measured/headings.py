"""What a heading such as "Current (mA)", "Ecell/V" or "time [s]" names, and in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ssb_model.errors import InputError

LONGEST_HEADING = 200  # letters
Units = dict[str, tuple[str, float, float]]  # unit written: (unit kept, factor, offset)


def _linear(kept: str, **factors: float) -> Units:
    return {unit: (kept, factor, 0.0) for unit, factor in factors.items()}


@dataclass(frozen=True)
class Quantity:
    """A quantity by the names people give it, best first, and the units it may come in."""

    word: str
    example: str
    names: tuple[str, ...]
    units: Units


@dataclass(frozen=True)
class Found:
    """A column that holds a quantity: its place, heading, plain name and unit as written."""

    index: int
    heading: str
    name: str
    unit: str


SECONDS = _linear("s", s=1.0, sec=1.0, ms=1e-3, min=60.0, h=3600.0, hr=3600.0, d=86400.0)
SECONDS |= _linear("s", seconds=1.0, minutes=60.0, hours=3600.0, days=86400.0)
VOLTS = _linear("V", V=1.0, mV=1e-3)
AMPERES = _linear("A", A=1.0, mA=1e-3, uA=1e-6, nA=1e-9) | {
    "A.m-2": ("A_m2", 1.0, 0.0),
    "A.cm-2": ("A_m2", 1e4, 0.0),
    "mA.cm-2": ("A_m2", 10.0, 0.0),
    "uA.cm-2": ("A_m2", 1e-2, 0.0),
}
PASCALS = _linear("Pa", Pa=1.0, kPa=1e3, MPa=1e6, GPa=1e9, bar=1e5)
KELVINS = {"K": ("K", 1.0, 0.0)} | {unit: ("K", 1.0, 273.15) for unit in ("degC", "°C", "C")}
AMPERE_HOURS = _linear("Ah", Ah=1.0, mAh=1e-3, uAh=1e-6) | {
    "A.h": ("Ah", 1.0, 0.0),
    "mA.h": ("Ah", 1e-3, 0.0),
    "mAh.cm-2": ("Ah_m2", 10.0, 0.0),
}
UNIT_BEHIND = (r"(.+?)\s*\[([^\[\]]*)\]", r"(.+?)\s*\(([^()]*)\)", r"([^/]+?)\s*/\s*(.+)")
COUNT = {"": ("", 1.0, 0.0), "1": ("", 1.0, 0.0)}


def canonical(name: str) -> str:
    """A name without case, angle brackets, underscores and doubled blanks."""
    bare = unicodedata.normalize("NFKC", name).replace("−", "-").casefold()
    return re.sub(r"[\s_<>]+", " ", bare).strip().rstrip(".")


def unit_text(unit: str) -> str:
    """One spelling of a unit: "mA.cm-2" from "mA/cm²", "mA cm^-2" or "(mA·cm⁻²)"."""
    plain = unicodedata.normalize("NFKC", unit).replace("−", "-").replace("^", "").strip(" ()[]")
    plain = plain.replace("μ", "u").replace("Ω", "Ohm").replace("ohm", "Ohm")
    plain = re.sub(r"\s*[·⋅*.\s]\s*", ".", plain)
    return re.sub(r"/(c?m)2$", r".\g<1>-2", re.sub(r"\.?/\.?", "/", plain))


def matches(heading: str, quantity: Quantity) -> tuple[str, str] | None:
    """Plain name and unit of a heading that names the quantity; no unit is ""."""
    if len(heading) > LONGEST_HEADING:
        return None
    for name, unit in _splits(heading.strip(), quantity.units):
        if canonical(name) in quantity.names:
            return canonical(name), unit_text(unit)
    return None


def find(
    source: str, headings: Sequence[str], quantity: Quantity, clock: Sequence[int] = ()
) -> Found | None:
    """The column that holds a quantity, None where no heading names it.

    A unit that is missing or unknown is an error, except in columns of clock times (``clock``).
    """
    named = [
        Found(index, heading, *match)
        for index, heading in enumerate(headings)
        if (match := matches(heading, quantity))
    ]
    usable = [column for column in named if column.unit in quantity.units or column.index in clock]
    if usable:
        spelled = [*quantity.units]
        return min(
            usable,
            key=lambda column: (
                quantity.names.index(column.name),
                spelled.index(column.unit) if column.unit in spelled else 0,
            ),
        )
    if not named:
        return None
    wrong = f"unknown unit '{named[0].unit}'" if named[0].unit else "no unit"
    raise InputError(
        f"{source}: column '{named[0].heading}' has {wrong}: name it as '{quantity.example}'. "
        f"Known: {', '.join(filter(None, quantity.units))}."
    )


def missing(source: str, quantity: Quantity, headings: Sequence[str]) -> InputError:
    """The error of a column that is not there, saying what is."""
    found = ", ".join(f"'{heading}'" for heading in headings if heading.strip())
    return InputError(
        f"{source}: no column of {quantity.word}, named as '{quantity.example}'. Found: {found}."
    )


def _splits(heading: str, units: Units) -> list[tuple[str, str]]:
    """Ways of reading a heading as a name and a unit, the whole as a name first."""
    tried = (re.fullmatch(pattern, heading) for pattern in UNIT_BEHIND)
    ways = [(heading, ""), *((match[1], match[2]) for match in tried if match)]
    for unit in units:
        suffix = "_" + unit.replace(".", "_").replace("-", "")
        if unit and heading.casefold().endswith(suffix.casefold()):
            ways.append((heading[: -len(suffix)], unit))
    return ways
