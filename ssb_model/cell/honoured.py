"""What PyBaMM's options would need of a cell, and the few that its runs set themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ssb_model.errors import InputError
from ssb_model.models.options import SIDES, choice

SET_ELSEWHERE = {
    "operating mode": "runs set the current and hold voltages; a power or a resistance is solved "
    "with PyBaMM itself, from SolidStateDFN and its parameters",
    "size classes": "the cell's file says how sizes are spread, or what is blended",
    "electrolyte": "the layers of the cell's file name theirs",
    "working electrode": "it follows from the negative electrode, which the cell's file names",
}
NEEDED = {  # choices, and a parameter they read that a cell may not have
    "open-circuit potential": (
        ("current sigmoid", "one-state hysteresis"),
        "{Side} electrode delithiation OCP [V]",
    ),
    "particle size": (
        ("distribution",),
        "{Side} area-weighted particle-size distribution [m-1]",
    ),
    "voids": (("creep",), "Negative electrode void height [m]"),
    "surface temperature": (("lumped",), "Environment thermal resistance [K.W-1]"),
    "use lumped thermal capacity": (("true",), "Cell heat capacity [J.K-1.m-3]"),
}


def check_honoured(options: Mapping[str, Any], entries: Iterable[str]) -> None:
    """Refuse a choice by name that no run of this cell can honour, and say why."""
    for name, reason in SET_ELSEWHERE.items():
        if name in options:
            raise InputError(f"'{name}' is not an option of a cell: {reason}.")
    for name, (choices, parameter) in NEEDED.items():
        for side in SIDES if name in options else ():
            chosen, needed = choice(options, name, side), parameter.format(Side=side.capitalize())
            if chosen in choices and needed not in entries:
                of_one = f", for the {side} electrode" if "{" in parameter else ""
                raise InputError(
                    f"'{name}': '{chosen}'{of_one} needs the parameter '{needed}', which this cell "
                    "has not; leave it out, or give a pair [negative, positive] of choices."
                )
