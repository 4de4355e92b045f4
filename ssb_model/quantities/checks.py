"""Numbers from a user, checked where they come in."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from numbers import Integral, Real

import numpy as np

from ssb_model.errors import InputError
from ssb_model.quantities.units import in_unit, said

SMALLEST_PRESSURE = 1e4  # Pa; less is a number in MPa
LARGEST_PRESSURE = 5e9
MOST = 1_000_000  # of anything that is counted
RATES = (1e-6, 1e4)  # C: a century, a third of a second


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
            f"{name} is {said(pressure, 'MPa')}, more than any press gives: mind the unit."
        )
    return pressure


def check_temperature(temperature: float) -> float:
    """A temperature in K; degrees Celsius are refused with the cure."""
    check_number("the temperature", temperature)
    if not 150 < temperature < 500:
        degrees = in_unit(temperature, "degC")
        raise InputError(
            f"the temperature is {temperature:g} K ({degrees:g} degC), outside 150 to 500 K: mind "
            "the unit, 25 degC is 298.15 K."
        )
    return temperature


def check_positive(name: str, value: float) -> float:
    """A rate, a size: positive and finite, and one that a computer keeps all digits of."""
    if not check_number(name, value) >= sys.float_info.min:
        raise InputError(f"{name} must be a positive number, not {value:g}.")
    return value


def check_rate(name: str, value: float) -> float:
    """A C-rate that some cell could be run at; slower ones end at nothing, or never."""
    low, high = RATES
    if check_number(name, value) > 0 and not low <= value <= high:
        raise InputError(f"{name} is {value:g}C, outside {low:g}C to {high:g}C: mind the unit.")
    return check_positive(name, value)


def check_rates(values) -> list[float]:
    """C-rates of runs one after the other."""
    return [check_rate("a C-rate", rate) for rate in check_several("C-rates", values)]


def check_share(name: str, value: float) -> float:
    """A part that is lost of something that stays."""
    if not 0 <= check_number(name, value) < 1:
        raise InputError(f"{name} is a share, from 0 to below 1, not {value:g}.")
    return value


def check_choice(name: str, value, known: Iterable[str]) -> str:
    """One of the words that are known."""
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name} is one of {', '.join(known)}, not '{value}'.")
    return value
