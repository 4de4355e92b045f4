"""Units: read as people write them, composed, converted, told apart, parted from names.

A unit is a product of powers of symbols with prefixes; its number in SI follows from its parts
("mAh cm⁻²", "[mA.h.cm-2]", "mAh/cm2"): nothing is listed twice.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from ssb_model.errors import InputError

# symbol: powers of kg, m, s, A, K and mol
SI = {
    "kg": (1, 0, 0, 0, 0, 0),
    "m": (0, 1, 0, 0, 0, 0),
    "s": (0, 0, 1, 0, 0, 0),
    "A": (0, 0, 0, 1, 0, 0),
    "K": (0, 0, 0, 0, 1, 0),
    "mol": (0, 0, 0, 0, 0, 1),
    "Hz": (0, 0, -1, 0, 0, 0),
    "N": (1, 1, -2, 0, 0, 0),
    "Pa": (1, -1, -2, 0, 0, 0),
    "J": (1, 2, -2, 0, 0, 0),
    "W": (1, 2, -3, 0, 0, 0),
    "C": (0, 0, 1, 1, 0, 0),
    "V": (1, 2, -3, -1, 0, 0),
    "Ohm": (1, 2, -3, -2, 0, 0),
    "S": (-1, -2, 3, 2, 0, 0),
    "F": (-1, -2, 4, 2, 0, 0),
    "rad": (0, 0, 0, 0, 0, 0),
}
# symbol: (number of the SI units, those units and their powers)
OTHERS: dict[str, tuple[str, tuple[tuple[str, int], ...]]] = {
    "g": ("1e-3", (("kg", 1),)),
    "min": ("60", (("s", 1),)),
    "h": ("3600", (("s", 1),)),
    "d": ("86400", (("s", 1),)),
    "L": ("1e-3", (("m", 3),)),
    "bar": ("1e5", (("Pa", 1),)),
    "eV": ("96485.33212", (("J", 1), ("mol", -1))),  # of each of a mole
    "degC": ("1", (("K", 1),)),
    "deg": ("0.017453292519943295", (("rad", 1),)),
    "%": ("1e-2", ()),
    "wt%": ("1e-2", ()),
}
CELSIUS = 273.15  # K
PREFIXES = {"G": 9, "M": 6, "k": 3, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12}
PREFIXED = {*SI, "g", "bar", "eV"} - {"kg", "rad"}
SPELLED = {  # otherwise: symbol
    **dict.fromkeys(("ohm", "Ω", "ohms", "Ohms"), "Ohm"),
    **dict.fromkeys(("°C", "oC", "Celsius"), "degC"),
    **dict.fromkeys(("sec", "second", "seconds"), "s"),
    **dict.fromkeys(("minute", "minutes"), "min"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("percent", "per cent"), "%"),
    "°": "deg",
}
JOINED = {"A.s": "C", "W.s": "J"}  # powers alike of both: one symbol
_FACTOR = re.compile(r"(wt%|%|1|[^\W\d_]+|°[A-Za-z]?)(-?\d+)?")
Powers = tuple[tuple[str, int], ...]
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


@dataclass(frozen=True)
class Unit:
    """Symbols with their powers, as written and in one spelling of each."""

    parts: Powers

    @property
    def dimension(self) -> tuple[int, ...]:
        """Powers of kg, m, s, A, K and mol: what two units that convert have alike."""
        total = [0] * 6
        for symbol, power in self._in_si:
            total = [one + power * more for one, more in zip(total, SI[symbol], strict=True)]
        return tuple(total)

    @cached_property
    def exact(self) -> Fraction:
        """How many SI units it is, of a temperature without the zero of its scale."""
        number = Fraction(1)
        for symbol, power in self.parts:
            number *= _exact(symbol) ** power
        return number

    @cached_property
    def factor(self) -> float:
        """How many SI units it is."""
        return float(self.exact)

    @property
    def offset(self) -> float:
        """Where the zero of its scale lies in SI."""
        return CELSIUS if self.parts == (("degC", 1),) else 0.0

    @property
    def si(self) -> str:
        """The SI unit it stands for; one that is in SI already is left as written."""
        if self.exact == 1 and not self.offset and all(symbol in SI for symbol, _ in self.parts):
            return self.file
        return _written(self._in_si)

    @property
    def file(self) -> str:
        """As PyBaMM writes it: "mA.h.cm-2", "Ohm.cm2", "degC"."""
        return _written(self.parts)

    @property
    def words(self) -> str:
        """As plain text has it: "mAh/cm2", "Ohm cm2", "m2/s", "°C"."""
        parts = _joined(self.parts)
        below = [(symbol, power) for symbol, power in parts if power < 0]
        if len(below) == 1 and len(parts) > 1:
            above = " ".join(f"{s}{p if p != 1 else ''}" for s, p in parts if p > 0)
            symbol, power = below[0]
            text = f"{above}/{symbol}{-power if power != -1 else ''}"
        else:
            text = " ".join(f"{s}{p if p != 1 else ''}" for s, p in parts)
        return text.replace("degC", "°C")

    @property
    def figure(self) -> str:
        """As a figure prints it, in mathtext: "mAh cm$^{-2}$"."""
        return " ".join(
            _symbol(symbol) + (f"$^{{{power}}}$" if power != 1 else "")
            for symbol, power in _joined(self.parts)
        )

    @property
    def _in_si(self) -> Powers:
        powers: dict[str, int] = {}
        for symbol, power in self.parts:
            for base, times in _of_si(symbol):
                powers[base] = powers.get(base, 0) + power * times
        for pair, one in JOINED.items():
            first, second = pair.split(".")
            if one not in powers and powers.get(first, 0) == powers.get(second):
                powers = {one if k == first else k: v for k, v in powers.items() if k != second}
        return tuple((symbol, power) for symbol, power in powers.items() if power)


@cache
def read(text: str) -> Unit | None:
    """A unit out of its text, None where it is none; "" and "1" are pure numbers."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("^", "").strip(" ()[]")
    plain = plain.replace("μ", "u").replace("µ", "u")
    plain = re.sub(r"\s*/\s*", "/", re.sub(r"[·⋅*\s]+", ".", plain)).replace("./", "/")
    if plain in ("", "1", "-"):
        return Unit(())
    parts: list[tuple[str, int]] = []
    for piece in re.findall(r"[./]?[^./]+|[./]", plain):
        sign, written = (-1 if piece[0] == "/" else 1), piece.lstrip("./")
        match = _FACTOR.fullmatch(written)
        if match is None or (match[1] == "1" and match[2]):
            return None
        if match[1] == "1":
            continue
        symbols = _symbols(match[1])
        power = sign * int(match[2] or 1)
        if symbols is None or not power or (len(symbols) > 1 and match[2]):
            return None
        parts += [(symbol, power) for symbol in symbols]
    return Unit(tuple(parts))


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
    ratio = first.exact / second.exact
    scaled = value / float(ratio.denominator) if ratio.numerator == 1 else value * float(ratio)
    return scaled + moved if moved else scaled


def in_unit(value, of: str):
    """A number in SI, or an array of them, in a unit that people read; none stays none."""
    si = si_unit(of)
    return value if value is None or of in ("1", si) else convert(value, si, of)


def said(value: float, of: str, style: str = "g") -> str:
    """ "30 MPa": a number in SI with a unit, for a reader."""
    return f"{in_unit(value, of):{style}} {unit(of).words}"


def in_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, or a part of it, whose numbers are in SI, in the units that its columns name."""
    return {name: in_unit(value, split(name)[1]) for name, value in row.items()}


def split(name: str) -> tuple[str, str]:
    """("Thickness", "um") from "Thickness [um]"; no unit is "1"."""
    match = _NAME.match(name)
    return match["base"], match["unit"] or "1"


def named(base: str, of: str) -> str:
    """ "Thickness [m]" from its parts; nothing is appended to a pure number."""
    return base if of in ("", "1") else f"{base} [{of}]"


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


def customary(si: str) -> str:
    """The unit people read a number in that is stored in SI, or that itself."""
    if not known(si):
        return si
    kind = unit(si).dimension
    return next((one for one in PEOPLES if unit(one).dimension == kind), si)


def _symbols(written: str) -> tuple[str, ...] | None:
    """("mA", "h") of "mAh": a symbol in its one spelling, or two of charge and energy."""
    symbol = SPELLED.get(written, written)
    if symbol in SI or symbol in OTHERS:
        return (symbol,)
    if symbol[:1] in PREFIXES:
        rest = SPELLED.get(symbol[1:], symbol[1:])
        if rest in PREFIXED:
            return (symbol[0] + rest,)
    if symbol.endswith(("Ah", "Wh")) and _symbols(symbol[:-1]):
        return (symbol[:-1], "h")
    return None


def _bare(symbol: str) -> tuple[str, int]:
    """A symbol without its prefix, and the power of ten of that."""
    if symbol in SI or symbol in OTHERS:
        return symbol, 0
    return symbol[1:], PREFIXES[symbol[0]]


def _exact(symbol: str) -> Fraction:
    bare, power = _bare(symbol)
    number = Fraction(OTHERS[bare][0]) if bare in OTHERS else Fraction(1)
    return number * Fraction(10) ** power


def _of_si(symbol: str) -> Powers:
    bare, _ = _bare(symbol)
    return OTHERS[bare][1] if bare in OTHERS else ((bare, 1),)


def _written(parts: Powers) -> str:
    return ".".join(f"{s}{p if p != 1 else ''}" for s, p in parts) or "1"


def _joined(parts: Powers) -> Powers:
    """With "mA", "h" as "mAh"."""
    joined: list[tuple[str, int]] = []
    for symbol, power in parts:
        before = joined[-1] if joined else ("", 0)
        if symbol == "h" and power == before[1] == 1 and before[0][-1:] in ("A", "W"):
            joined[-1] = (before[0] + "h", 1)
        else:
            joined.append((symbol, power))
    return tuple(joined)


def _symbol(symbol: str) -> str:
    """Of a figure: Greek where it is."""
    if symbol in ("degC", "deg"):
        return symbol.replace("deg", "°")
    return re.sub("^u(?=[A-Za-z])", "µ", symbol.replace("Ohm", "$\\Omega$"))


@cache
def _alike(of: str, to: str) -> tuple[Unit, Unit]:
    first, second = unit(of), unit(to)
    if first.dimension != second.dimension:
        raise InputError(f"'{of}' is no unit of what is in '{to}'.")
    return first, second
