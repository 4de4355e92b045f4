"""Numbers from a user, checked where they come in."""

from __future__ import annotations

import math

from ssb_model.errors import InputError

SMALLEST_PRESSURE = 1e4  # Pa; less is a number in MPa
LARGEST_PRESSURE = 5e9


def check_pressure(name: str, pressure: float) -> float:
    """A pressure in Pa; a number that can only be MPa is refused with the cure."""
    if not pressure > 0 or math.isinf(pressure):
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
    if not 150 < temperature < 500:
        raise InputError(
            f"the temperature is {temperature:g} K; {temperature:g} degC is "
            f"{temperature + 273.15:g} K."
        )
    return temperature


def check_positive(name: str, value: float) -> float:
    """A rate, a size: positive and finite."""
    if not value > 0 or math.isinf(value):
        raise InputError(f"{name} must be a positive number, not {value:g}.")
    return value
