"""What is known of a column by its name: the quantity it holds and the unit of its numbers.

A column is a base and a unit in PyBaMM's style, "Stack pressure [MPa]"; ``names`` lists them.
``quantity`` understands any spelling, also that of files of earlier versions
("stack_pressure_MPa").
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar, Literal, NamedTuple

from ssb_model.errors import InputError, nearest
from ssb_model.quantities.units import convert, known, named, split, unit

BAND = ("low", "median", "high")  # of draws
STEERING = ("status", "aside", "at_reference", "draw", "run")  # of a study's rows


@dataclass(frozen=True)
class Quantity:
    """What a column holds.

    ``units`` are those it comes in, one a kind, the usual first; ``variable`` is the PyBaMM
    variable it is read from; ``percent`` says that people read the share in per cent; ``log``
    that its axis is logarithmic by custom, and never with False; ``old`` are other bases it has
    or had.
    """

    base: str
    units: tuple[str, ...] = ("1",)
    words: str = ""  # for a reader, the base if none
    better: Literal["higher", "lower", ""] = ""
    log: bool | None = None
    percent: bool = False
    variable: str = ""
    old: tuple[str, ...] = ()

    extension: ClassVar[str] = "quantity"  # what ``ssb_model.register`` takes it as

    @property
    def unit(self) -> str:
        """The usual unit."""
        return self.units[0]

    @property
    def name(self) -> str:
        """The column it heads."""
        return named(self.base, self.unit)

    def converted(self, value):
        """A number of its variable, or an array of them, in the unit of the column."""
        return convert(value, split(self.variable)[1], self.unit)

    def check_extension(self) -> None:
        """Make it known to tables, figures and files."""
        register(self)


class Column(NamedTuple):
    """A quantity and the unit its numbers have in a column."""

    quantity: Quantity
    unit: str

    @property
    def name(self) -> str:
        return named(self.quantity.base, self.unit)


class Row(dict):
    """A row of a table by column; a name of an earlier version is understood, with a warning."""

    def __missing__(self, name: str):
        now = current(name)
        if now == name or now not in self:
            raise KeyError(name)
        warnings.warn(f"'{name}' is called '{now}' now", DeprecationWarning, stacklevel=2)
        return self[now]


_KNOWN: dict[str, Quantity] = {}  # by canonical base


def register(one: Quantity) -> Quantity:
    """Make a quantity known, under a name no other has."""
    for of in one.units:
        unit(of)
    if one.variable:
        one.converted(0.0)
    names = {_canonical(base) for base in (one.base, *one.old)}
    for name in names:
        if _KNOWN.get(name, one) != one:
            raise InputError(
                f"'{one.base}' cannot be registered: '{_KNOWN[name].base}' has that name already."
            )
    _KNOWN.update(dict.fromkeys(names, one))
    find.cache_clear()
    return one


def registered() -> list[Quantity]:
    """Every quantity once, in the order they were made known."""
    return list(dict.fromkeys(_KNOWN.values()))


@lru_cache(4096)
def find(name: str) -> Column | None:
    """The column a name means in any spelling, None where no quantity has it.

    The unit is that of the name, or the usual one where it names none.
    """
    for base, of in _readings(name):
        one = _KNOWN.get(_canonical(base))
        if one is None:
            continue
        if not of:
            return Column(one, one.unit)
        kinds = {unit(each).dimension for each in one.units}
        if unit(of).dimension in kinds:
            return Column(one, unit(of).file)
    return None


def quantity(name: str) -> Column:
    """The column a name means; one that nobody knows is refused with the nearest."""
    found = find(name)
    if found is None:
        raise InputError(
            f"no quantity '{name}'. {nearest(name, [one.name for one in registered()])}"
        )
    return found


def current(name: str) -> str:
    """What a column of an earlier version is called now; a name nobody knows stays."""
    found = find(name) if isinstance(name, str) else None
    if found is None or (found.unit != "1" and _bare(name)):
        return name
    return found.name


def renamed(row: dict[str, Any]) -> dict[str, Any]:
    """A row that an earlier version kept, under the names of now; what steers a study stays."""
    return {name if name in STEERING else current(name): value for name, value in row.items()}


def unit_of(name: str) -> str:
    """The unit of a column's numbers, "1" where it has none."""
    found = find(name)
    if found is not None:
        return found.unit
    return split(name)[1] if name.endswith("]") else ending(name)[1]


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


def argument(name: str) -> tuple[str, str]:
    """("stack_pressure", "MPa") of "Stack pressure [MPa]" or "stack_pressure_MPa": a keyword."""
    base, of = split(name) if name.endswith("]") else ending(name)
    return re.sub(r"[\s-]+", "_", base.strip().casefold()), of


def alike(name: str, known: Iterable[str]) -> str:
    """The one among known names that a name in another spelling means, or the name itself."""
    if name in known:
        return name
    now = current(name)
    return next((one for one in known if current(one) == now), name)


def mean_of(name: str) -> str:
    """ "Mean film loss [mV]" of "Film loss [mV]"."""
    return f"Mean {name[:1].lower()}{name[1:]}"


def band_of(name: str) -> tuple[str, str, str]:
    """ "Capacity low [V]", "... median [V]", "... high [V]": 5, 50 and 95 % of draws."""
    base, of = split(name) if name.endswith("]") else (name, "1")
    low, median, high = (named(f"{base} {end}", of) for end in BAND)
    return low, median, high


def _readings(name: str) -> list[tuple[str, str]]:
    """Bases and units a name can be read as; no unit is ""."""
    if name.endswith("]"):
        base, of = split(name)
        return [(base, of)] if known(of) else []
    base, of = ending(name)
    return [(name, ""), (base, of)] if base != name else [(name, "")]


def _mixed(parts: list[str]) -> bool:
    """Whether what looks like a unit at the end of an old name is words and a unit."""
    return "percent" in parts[:-1] or "ohm" in map(str.casefold, parts[1:])


def _is_symbol(part: str) -> bool:
    """Whether a part of an old name is one symbol of a unit, and no number."""
    return part[:1].isalpha() and known(part)


def _bare(name: str) -> bool:
    """Whether a name says no unit."""
    return not name.endswith("]") and ending(name)[0] == name


@cache
def _canonical(base: str) -> str:
    return re.sub(r"[\s_-]+", " ", base.casefold()).strip()
