"""Numbers from a user, checked where they come in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real

import numpy as np

from ssb_model.errors import InputError

SMALLEST_PRESSURE = 1e4  # Pa; less is a number in MPa
LARGEST_PRESSURE = 5e9
MOST = 1_000_000  # of anything that is counted

# how names end, in files and in PyBaMM alike, and what their numbers may be
ABOVE_0_TO_1 = (
    "coverage ceiling",
    "contact fraction",
    "utilisation",
    "transport efficiency",
    "double-layer exponent",
    "film exponent",
)
FROM_0_TO_1 = (
    "bonded share",
    "bonded share after pressing",
    "pristine stoichiometry",
)
FROM_MINUS_1_TO_1 = ("symmetry factor",)
FROM_0_BELOW_1 = ("porosity", "loss", "threshold", "threshold at equal size")
NOT_NEGATIVE = (
    "[ohm.m2]",
    "[j.mol-1]",
    "size exponent",
    "intercept",
    "fibre conductivity [s.m-1]",
    "[ohm2.m4.s-1]",
    "breathing sensitivity",
    "film capacity [f.m-2]",
)
AT_LEAST_1 = ("contact friction",)
DECADES = ("fall when full", "slope")
MOST_DECADES = 15
ANY_NUMBER = ("[v]", "[v.k-1]", "hysteresis state", "volume change")


def check_number(name: str, value) -> float:
    """A finite number; a text or a list is refused."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{name} must be a number, not {value!r}.")
    try:
        number = float(value)
    except OverflowError:  # a whole number of more than 308 digits
        number = math.inf
    if not math.isfinite(number):
        raise InputError(f"{name} must be a number, not {number!r}.")
    return number


def check_whole(name: str, value, least: int = 1, most: int = MOST) -> int:
    """A whole number from ``least`` on."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and value > most:
        raise InputError(f"{name} is at most {most}.")
    if not whole or value < least:
        raise InputError(f"{name} is {least}, {least + 1}, {least + 2}, ..., not {value!r}.")
    return int(value)


def check_several(name: str, values) -> list:
    """One or more numbers, or whatever else, given alone or one after the other."""
    if isinstance(values, (str, bytes, Mapping)):
        raise InputError(f"{name} must be a number or a list of numbers, not {values!r}.")
    found = list(values) if isinstance(values, Iterable) and np.ndim(values) else [values]
    if not found:
        raise InputError(f"give at least one of {name}.")
    return [one.item() if isinstance(one, np.generic) else one for one in found]


def check_value(name: str, value, written: str | None = None) -> float:
    """A parameter's number against what its name allows; ``written`` as its user typed it."""
    check_number(name, value)
    written = f"{value:g}" if written is None else written
    if name.lower().endswith("pressure [pa]"):
        return check_pressure(name.removesuffix(" [Pa]").lower(), value)
    if name.lower().endswith("temperature [k]"):
        return check_temperature(value)
    ending = name.lower().endswith
    if ending(ANY_NUMBER):
        return value
    if ending(ABOVE_0_TO_1):
        allowed, good = "above 0 and at most 1", 0 < value <= 1
    elif ending(FROM_0_TO_1):
        allowed, good = "between 0 and 1", 0 <= value <= 1
    elif ending(FROM_MINUS_1_TO_1):
        allowed, good = "between -1 and 1", -1 <= value <= 1
    elif ending(FROM_0_BELOW_1):
        allowed, good = "between 0 and 1", 0 <= value < 1
    elif ending(DECADES):
        allowed, good = f"between 0 and {MOST_DECADES} decades", 0 <= value <= MOST_DECADES
    elif ending(AT_LEAST_1):
        allowed, good = "at least 1", value >= 1
    elif ending(NOT_NEGATIVE):
        allowed, good = "zero or positive", value >= 0
    else:
        allowed, good = "positive", value > 0
    if not good:
        raise InputError(f"'{name}' must be {allowed}, not {written}.")
    return value


def check_pressure(name: str, pressure: float) -> float:
    """A pressure in Pa; a number that can only be MPa is refused with the cure."""
    check_number(name, pressure)
    if not pressure > 0:
        raise InputError(f"{name} must be a positive number, not {pressure:g} Pa.")
    if pressure < SMALLEST_PRESSURE:
        raise InputError(
            f"{name} is {pressure:g} Pa, less than a light touch; pressures are in Pa here, "
            f"and {pressure:g} MPa is {pressure:g}e6 Pa."
        )
    if pressure > LARGEST_PRESSURE:
        raise InputError(
            f"{name} is {pressure / 1e6:g} MPa, more than any press gives: mind the unit."
        )
    return pressure


def check_temperature(temperature: float) -> float:
    """A temperature in K; degrees Celsius are refused with the cure."""
    check_number("the temperature", temperature)
    if not 150 < temperature < 500:
        raise InputError(
            f"the temperature is {temperature:g} K ({temperature - 273.15:g} degC), outside 150 to "
            "500 K: mind the unit, 25 degC is 298.15 K."
        )
    return temperature


def check_positive(name: str, value: float) -> float:
    """A rate, a size: positive and finite."""
    if not check_number(name, value) > 0:
        raise InputError(f"{name} must be a positive number, not {value:g}.")
    return value
