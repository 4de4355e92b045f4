"""Which parameters of a cell may be changed one at a time, and to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.quantities.checks import check_value

# ends and beginnings of names whose numbers hang together
OF_THE_RECIPE = (
    "thickness [m]",
    "width [m]",
    "height [m]",
    "porosity",
    "void fraction",
    "volume fraction",
    "utilisation",
    "cut-off [V]",
    "capacity [A.h]",
    "OCP [V]",
    "SOC [V]",
    "refill limit stoichiometry",
    "interface utilisation",
    "(electrode)",
    "(electrolyte)",
)
PROFILE = "Stack pressure function [Pa]"  # may be a function of time
OF_THE_SET_UP = ("Initial", "Maximum", "Number of", "Current function", "Reference temperature")


def check_change(name: str, value: Any, known: Iterable[str]) -> None:
    """Refuse, with the cure, what is not known, belongs to the recipe or cannot be."""
    if not isinstance(name, str) or name not in known:
        raise InputError(f"no parameter '{name}'. {nearest(name, known)}")
    if name.endswith(OF_THE_RECIPE) or name.startswith(OF_THE_SET_UP):
        raise InputError(
            f"'{name}' belongs to the recipe, and other numbers with it: change it in a copy of "
            "the cell file and load that."
        )
    if name == PROFILE and not callable(value):
        raise InputError(f"'{name}' is a profile in time: set 'Stack pressure [Pa]' to a number.")
    if name != PROFILE:
        check_value(name, value)


def written(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes as plain data; a profile by its points."""
    return {
        name: {"points": value.args} if hasattr(value, "args") else value
        for name, value in changes.items()
    }
