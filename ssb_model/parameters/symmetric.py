"""Parameters of a symmetric cell: one composite on both sides of the separator."""

from __future__ import annotations

from dataclasses import replace

import pybamm

from ssb_model.errors import InputError
from ssb_model.parameters.entry import Entry

VOLTAGE_LIMIT = 2.0  # V either way; a symmetric cell rests at 0 V


def symmetric_entries(entries: dict[str, Entry], electrode: str) -> dict[str, Entry]:
    """Entries with both electrodes those of the ``electrode`` side."""
    if electrode not in ("positive", "negative"):
        raise InputError(f"electrode must be 'positive' or 'negative', not '{electrode}'.")
    kept, other = electrode, "negative" if electrode == "positive" else "positive"
    if f"{kept.capitalize()} particle radius [m]" not in entries:
        raise InputError(
            "only a porous composite makes a symmetric cell with an electrolyte in it."
        )
    mirrored = {
        name: entry
        for name, entry in entries.items()
        if other not in name.lower().split() and "hysteresis" not in name
    }
    for name, entry in entries.items():
        if kept in name.lower().split():
            twin = _other_side(name, kept, other)
            mirrored[twin] = replace(entry, name=twin, value=_renamed(entry.value, kept, other))
    for name, value in (
        ("Lower voltage cut-off [V]", -VOLTAGE_LIMIT),
        ("Upper voltage cut-off [V]", VOLTAGE_LIMIT),
        ("Open-circuit voltage at 0% SOC [V]", -VOLTAGE_LIMIT),
        ("Open-circuit voltage at 100% SOC [V]", VOLTAGE_LIMIT),
    ):
        mirrored[name] = Entry(name, value, "setting", "symmetric cell")
    return mirrored


def _other_side(text: str, kept: str, other: str) -> str:
    return text.replace(kept.capitalize(), other.capitalize()).replace(kept, other)


def _renamed(value, kept, other):
    """A value that reads the other electrode's parameters."""
    if isinstance(value, pybamm.Parameter):
        return pybamm.Parameter(_other_side(value.name, kept, other))
    if isinstance(value, pybamm.Symbol) and value.children:
        return value.create_copy([_renamed(child, kept, other) for child in value.children])
    if hasattr(value, "func"):  # functools.partial
        arguments = [_other_side(a, kept, other) if isinstance(a, str) else a for a in value.args]
        return type(value)(value.func, *arguments)
    return value
