"""What people type for a number: in the unit they use, a rate as C/10, several with commas."""

from __future__ import annotations

import math
import re
from typing import Any

from ssb_model.errors import InputError
from ssb_model.quantities.units import to_si

RATE = "C"  # the unit of a C-rate
MOST_VALUES = 10_000  # of a range
CONDITIONS = {  # of a run: the unit people give it in
    "stack_pressure": "MPa",
    "temperature": "degC",
    "grain_size": "um",
    "c_rate": RATE,
    "soc": "1",
    "formation_pressure": "MPa",
    "formation_cycles": "1",
    "repress_pressure": "MPa",
    "repress_every": "1",
}
_SHORT = {"pressure": "stack_pressure"}
_PART_OF_C = re.compile(r"c\s*/\s*(?P<hours>\S+)", re.IGNORECASE)


def number(text: str, unit: str = "1") -> float:
    """In SI; a ValueError where it is none."""
    return _to_si(_as_typed(text, unit), unit)


def numbers(text: str, unit: str = "1") -> list[float]:
    """ "5,1,500" in SI; a ValueError where one of them is none."""
    return [number(part, unit) for part in text.split(",")]


def values(text: str, unit: str = "1") -> list[float]:
    """ "0.5,1,2", or 8 values of "1:20:8" or "1:20:8:log", in SI; a ValueError says what is wrong.

    The two ends of "1:20" alone are the limits of what is drawn.
    """
    if ":" not in text:
        try:
            return numbers(text, unit)
        except ValueError:
            raise ValueError(f"'{text}' are no numbers.") from None
    low, high, *rest = text.split(":")
    try:
        if len(rest) > 2 or rest[1:] not in ([], ["log"]):
            raise ValueError
        ends = _as_typed(low, unit), _as_typed(high, unit)
        count = int(rest[0]) if rest else 2
        finite = all(map(math.isfinite, ends))
        if not finite or not 2 <= count <= MOST_VALUES or (rest[1:] and min(ends) <= 0):
            raise ValueError
    except ValueError:
        raise ValueError(
            "write a range as 1:20:8, or 1:20:8:log between numbers above 0, of at most "
            f"{MOST_VALUES} values."
        ) from None
    import numpy as np

    between = np.geomspace if rest[1:] else np.linspace
    return [_to_si(value, unit) for value in between(*ends, count).tolist()]


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """By name; a name that comes twice is refused, as one of its values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"'{twice}' is given twice: give one value.")
    return found


def by_name(given: Any, option: str) -> dict[str, float]:
    """{"Pouch seal [mm]": 3.0} from texts as "Pouch seal [mm]=3", or such a table as it is."""
    if given is None or hasattr(given, "items"):
        return dict(given or {})
    pairs = []
    for text in given if isinstance(given, list | tuple) else [given]:
        name, _, value = str(text).rpartition("=")
        try:
            pairs.append((name.strip(), float(value)))
        except ValueError:
            name = ""
        if not name:
            raise InputError(f"--{option} '{text}': write it as NAME=VALUE, a number.")
    return each_once(pairs)


def condition(name: str) -> str | None:
    """ "stack_pressure" for "pressure" or "Stack-Pressure"; none where it is no condition."""
    name = name.strip().replace("-", "_").replace(" ", "_").casefold()
    name = _SHORT.get(name, name)
    return name if name in CONDITIONS else None


def word(condition: str) -> str:
    """ "pressure" for "stack_pressure": what people type for a condition."""
    short = {name: typed for typed, name in _SHORT.items()}
    return short.get(condition, condition).replace("_", "-")


def _as_typed(text: str, unit: str) -> float:
    """A number in the unit it was typed in."""
    return _rate(text) if unit == RATE else float(text)


def _to_si(value: float, unit: str) -> float:
    return value if unit == RATE else to_si(value, unit)


def _rate(text: str) -> float:
    """0.1 for "0.1", "0.1C" and "C/10"."""
    part = _PART_OF_C.fullmatch(text.strip())
    if part is None:
        return float(text.strip().removesuffix("C"))
    hours = float(part["hours"])
    if not hours > 0:
        raise ValueError(text)
    return 1 / hours
