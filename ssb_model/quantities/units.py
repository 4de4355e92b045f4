"""Units by their texts: converted, told apart, parted from names."""

from __future__ import annotations

import difflib
import re
from functools import cache

from ssb_model.errors import InputError
from ssb_model.quantities.unit import OTHERS, SI, Unit, read

CUSTOMARY = (  # in messages, of those that fit
    *("%", "wt%", "nm", "um", "mm", "cm", "mm2", "cm2", "mg", "g", "g.m-2", "mg.cm-2", "g.cm-2"),
    *("g.cm-3", "mV", "kPa", "MPa", "GPa", "bar", "MPa.um-1", "degC", "mS.cm-1", "S.cm-1"),
    *("Ohm.cm2", "Ohm2.cm4.h-1", "uF.cm-2", "mA.cm-2", "mAh.cm-2", "mAh.g-1", "cm2.s-1"),
    *("kJ.mol-1", "eV", "cm3.mol-1", "min", "h", "mA", "mAh"),
)
PEOPLES = (  # of numbers that are stored in SI
    *("um", "mg.cm-2", "MPa", "mS.cm-1", "Ohm.cm2", "uF.cm-2", "mA.cm-2", "mAh.cm-2"),
    "kJ.mol-1",
)
_NAME = re.compile(r"^(?P<base>.*?)\s*(?:\[(?P<unit>[^\[\]]+)\])?$")


@cache
def unit(text: str) -> Unit:
    """A unit out of its text; "" and "1" are pure numbers."""
    found = read(text)
    if found is None:
        known = sorted({*SI, *OTHERS, *CUSTOMARY})
        near = difflib.get_close_matches(text.strip(" []")[:100], known, 3, cutoff=0.3)
        raise InputError(
            f"unknown unit '{text}'. "
            + (f"Nearest: {', '.join(near)}." if near else "Write it as MPa, um or mAh.cm-2.")
        )
    return found


def known(text: str) -> bool:
    """Whether this is a unit."""
    return read(text) is not None


def same(of: str, other: str) -> bool:
    """Whether two texts are one unit."""
    first, second = read(of), read(other)
    return None not in (first, second) and (
        (first.dimension, first.exact, first.offset)
        == (second.dimension, second.exact, second.offset)
    )


def factor(of: str, to: str) -> float:
    """How many of one unit are one of another, "m" and "um": 1e6."""
    first, second = _alike(of, to)
    return float(first.exact / second.exact)


def convert(value, of: str, to: str):
    """A number, or an array of them, from one unit to another."""
    first, second = _alike(of, to)
    moved = (first.offset - second.offset) / second.factor
    scaled = value * float(first.exact / second.exact)
    return scaled + moved if moved else scaled


def split(name: str) -> tuple[str, str]:
    """("Thickness", "um") from "Thickness [um]"; no unit is "1"."""
    match = _NAME.match(name)
    return match["base"], match["unit"] or "1"


def named(base: str, of: str) -> str:
    """ "Thickness [m]" from its parts; nothing is appended to a pure number."""
    return base if of in ("", "1") else f"{base} [{of}]"


def ending(name: str) -> tuple[str, str]:
    """("stack_pressure", "MPa") from "stack_pressure_MPa", as names had it before; else "1"."""
    parts = name.split("_")
    for first in range(1, len(parts)):
        base, rest = "_".join(parts[:first]), parts[first:]
        if len(base) < 2 or not all(map(_is_symbol, rest)) or _mixed(rest):
            continue
        if rest == ["C"]:  # degrees: no column holds a charge in coulombs
            return base, "degC"
        sign = "" if rest[0].casefold() == "ohm" else "-"
        below = [re.sub(r"(\d*)$", rf"{sign}\g<1>", part, count=1) for part in rest[1:]]
        below = [f"{part}1" if part.endswith("-") else part for part in below]
        return base, unit(".".join([rest[0], *below])).file
    return name, "1"


def si_unit(text: str) -> str:
    """The SI unit a written unit stands for; a text that is none stays as it is."""
    found = read(text)
    return text if found is None else found.si


def to_si(value, text: str):
    """A number, or a list or table of them, in SI."""
    if isinstance(value, dict):
        return {key: to_si(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [to_si(item, text) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not known(text):
        return value
    found = unit(text)
    return value if found.exact == 1 and not found.offset else value * found.factor + found.offset


def alike(si: str) -> list[str]:
    """Units people use of a kind, its SI unit first."""
    of = unit(si)
    return [si, *(one for one in CUSTOMARY if one != si and unit(one).dimension == of.dimension)]


def _mixed(parts: list[str]) -> bool:
    """Whether what looks like a unit at the end of an old name is words and a unit."""
    return "percent" in parts[:-1] or "ohm" in map(str.casefold, parts[1:])


def _is_symbol(part: str) -> bool:
    """Whether a part of an old name is one symbol of a unit, and no number."""
    return part[:1].isalpha() and known(part)


def customary(si: str) -> str:
    """The unit people read a number in that is stored in SI, or that itself."""
    if not known(si):
        return si
    kind = unit(si).dimension
    return next((one for one in PEOPLES if unit(one).dimension == kind), si)


def _alike(of: str, to: str) -> tuple[Unit, Unit]:
    first, second = unit(of), unit(to)
    if first.dimension != second.dimension:
        raise InputError(f"'{of}' is no unit of what is in '{to}'.")
    return first, second
