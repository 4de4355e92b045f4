"""A data set out of keys and values, in the units people use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.fitting.capacity import CapacityData
from ssb_model.fitting.data_set import DataSet
from ssb_model.fitting.number import NumberData
from ssb_model.fitting.read import read_data_set
from ssb_model.measured.kinds import kind_of
from ssb_model.quantities.checks import check_number, check_positive, check_temperature

TEXTS = ("file", "label", "sample", "quantity", "electrode", "current_sign", "direction")
SWITCHES = ("from_full",)
NUMBERS = {  # key: (what a data set calls it, factor to SI)
    "stack_pressure_MPa": ("stack_pressure", 1e6),
    "temperature_C": ("temperature", 1.0),
    "noise": ("noise", 1e-2),
    "weight": ("weight", 1.0),
    "soc": ("soc", 1.0),
    "value": ("value", 1.0),
    "capacity_mAh_g": ("capacity", 1.0),
    "c_rate": ("c_rate", 1.0),
    "charge_rate": ("charge_rate", 1.0),
    "sweep": ("sweep", 1.0),
    "t1_s": ("t1", 1.0),
    "t2_s": ("t2", 1.0),
    "pulse_s": ("pulse", 1.0),
    "rest_s": ("rest", 1.0),
}
KNOWN = (*TEXTS, *SWITCHES, *NUMBERS)
WAYS = ("file", "quantity", "capacity_mAh_g")  # of each data set, one
COMMON = ("label", "sample", "stack_pressure_MPa", "temperature_C", "noise", "weight")
TAKEN = {  # by kind: what it takes besides
    "record": ("file", "soc", "charge_rate", "current_sign"),
    "spectrum": ("file", "soc", "electrode", "sweep"),
    "capacities": ("file", "charge_rate", "from_full"),
    "resistances": ("file", "c_rate", "t1_s", "t2_s", "pulse_s", "rest_s", "direction"),
    "number": ("quantity", "value", "soc"),
    "capacity": ("capacity_mAh_g", "c_rate", "charge_rate", "from_full"),
}
NEEDED = {
    "resistances": ("c_rate", "t1_s", "t2_s"),
    "number": ("value",),
    "capacity": ("c_rate",),
}
MILLIVOLTS = "record"  # the kind whose noise is no percentage


def data_set(given: Mapping[str, Any], folder: Path) -> DataSet:
    """A data set; a file is looked for in ``folder`` unless its path is whole."""
    for key in given:
        if key not in KNOWN:
            raise InputError(f"unknown key '{key}'. {nearest(key, KNOWN)}")
    ways = [way for way in WAYS if way in given]
    if len(ways) != 1:
        raise InputError(f"give one of {', '.join(WAYS)}, not {' and '.join(ways) or 'none'}.")
    fields = {key: _value(key, value) for key, value in given.items()}
    path = folder / Path(fields.pop("file", "")).expanduser()
    kind = _kind(ways[0], path)
    taken = (*TAKEN[kind], *COMMON)
    for key in given:
        if key not in taken:
            raise InputError(f"{kind}: no use for '{key}'. It takes {', '.join(taken)}.")
    missing = [key for key in NEEDED.get(kind, ()) if key not in given]
    if missing:
        raise InputError(f"{kind}: {' and '.join(missing)} must be given.")
    if "noise" in fields and kind == MILLIVOLTS:
        fields["noise"] *= 1e-3 / NUMBERS["noise"][1]
    named = {NUMBERS[key][0] if key in NUMBERS else key: value for key, value in fields.items()}
    if kind == "number":
        return NumberData(**named)
    if kind == "capacity":
        return CapacityData(**{"label": f"{named['c_rate']:g}C", **named})
    return read_data_set(path, **named)


def held_otherwise(
    data: DataSet, stack_pressure: float | None, temperature: float | None
) -> DataSet:
    """The same, at these [Pa, K] where it names none."""
    return replace(
        data,
        stack_pressure=stack_pressure if data.stack_pressure is None else data.stack_pressure,
        temperature=temperature if data.temperature is None else data.temperature,
    )


def _kind(way: str, path: Path) -> str:
    if way == "file":
        return kind_of(path)
    return {"quantity": "number", "capacity_mAh_g": "capacity"}[way]


def _value(key: str, value: Any) -> Any:
    """Of the type its key has, numbers in SI."""
    if key in TEXTS:
        if not isinstance(value, str) or not value:
            raise InputError(f"{key} must be words in quotes, not {value!r}.")
        return value
    if key in SWITCHES:
        if not isinstance(value, bool):
            raise InputError(f"{key} must be true or false, not {value!r}.")
        return value
    if key == "sweep":
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"sweep must be a whole number, not {value!r}.")
        return value
    number = check_number(key, value)
    if key == "temperature_C":
        return check_temperature(number + 273.15)
    if key == "soc" and not 0 <= number <= 1:
        raise InputError(f"soc must lie between 0 and 1, not {number:g}.")
    if key != "soc":
        check_positive(key, number)
    return number * NUMBERS[key][1]
