"""Units people write, and what they are in SI."""

from __future__ import annotations

import re

# unit written: (SI unit, factor, offset)
UNITS: dict[str, tuple[str, float, float]] = {
    "%": ("1", 1e-2, 0.0),
    "wt%": ("1", 1e-2, 0.0),
    "um": ("m", 1e-6, 0.0),
    "µm": ("m", 1e-6, 0.0),  # micro sign
    "μm": ("m", 1e-6, 0.0),  # Greek mu
    "nm": ("m", 1e-9, 0.0),
    "mm": ("m", 1e-3, 0.0),
    "cm": ("m", 1e-2, 0.0),
    "mm2": ("m2", 1e-6, 0.0),
    "cm2": ("m2", 1e-4, 0.0),
    "mg": ("kg", 1e-6, 0.0),
    "mg.cm-2": ("kg.m-2", 1e-2, 0.0),
    "g.cm-2": ("kg.m-2", 10.0, 0.0),
    "g.m-2": ("kg.m-2", 1e-3, 0.0),
    "mV": ("V", 1e-3, 0.0),
    "g.cm-3": ("kg.m-3", 1e3, 0.0),
    "MPa": ("Pa", 1e6, 0.0),
    "GPa": ("Pa", 1e9, 0.0),
    "MPa.um-1": ("Pa.m-1", 1e12, 0.0),
    "Ohm2.cm4.h-1": ("Ohm2.m4.s-1", 1e-8 / 3600, 0.0),
    "degC": ("K", 1.0, 273.15),
    "°C": ("K", 1.0, 273.15),
    "mS.cm-1": ("S.m-1", 0.1, 0.0),
    "S.cm-1": ("S.m-1", 100.0, 0.0),
    "Ohm.cm2": ("Ohm.m2", 1e-4, 0.0),
    "uF.cm-2": ("F.m-2", 1e-2, 0.0),
    "mA.cm-2": ("A.m-2", 10.0, 0.0),
    "mAh.cm-2": ("C.m-2", 3.6e4, 0.0),
    "mAh.g-1": ("C.kg-1", 3.6e3, 0.0),
    "cm2.s-1": ("m2.s-1", 1e-4, 0.0),
    "kJ.mol-1": ("J.mol-1", 1e3, 0.0),
    "eV": ("J.mol-1", 96485.33212, 0.0),
    "cm3.mol-1": ("m3.mol-1", 1e-6, 0.0),
}
_NAME = re.compile(r"^(?P<base>.*?)\s*(?:\[(?P<unit>[^\[\]]+)\])?$")


def split(name: str) -> tuple[str, str]:
    """("Thickness", "um") from "Thickness [um]"; no unit is "1"."""
    match = _NAME.match(name)
    return match["base"], match["unit"] or "1"


def si_unit(unit: str) -> str:
    """The SI unit a written unit stands for."""
    return UNITS[unit][0] if unit in UNITS else unit


def to_si(value, unit: str):
    """A number, or a list or table of them, in SI."""
    if isinstance(value, dict):
        return {key: to_si(item, unit) for key, item in value.items()}
    if isinstance(value, list):
        return [to_si(item, unit) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or unit not in UNITS:
        return value
    _, factor, offset = UNITS[unit]
    return value * factor + offset


def named(base: str, unit: str) -> str:
    """ "Thickness [m]" from its parts; nothing is appended to a pure number."""
    return base if unit == "1" else f"{base} [{unit}]"
