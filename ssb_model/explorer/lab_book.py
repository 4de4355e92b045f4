"""A cell from the page of a lab book: what was weighed and pressed, as the file of a cell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssb_model.errors import InputError
from ssb_model.parameters.materials import (
    BINDER,
    CARBON,
    ELECTROLYTE,
    POSITIVE_ELECTRODE,
    materials_of,
)
from ssb_model.parameters.new_cell import ASSUMED, Known, cell_text

PARTS = {  # of a cathode: what a visitor reads, and which materials can be it
    "active": ("Active material", POSITIVE_ELECTRODE),
    "electrolyte": ("Electrolyte", ELECTROLYTE),
    "carbon": ("Carbon", CARBON),
    "binder": ("Binder", BINDER),
}
NONE = ""  # of a part that is left out
CELL, LITHIUM, INDIUM = "cell", "Li", "Li-In"  # what cut-offs are against
SOURCE = "lab book"


@dataclass(frozen=True)
class Line:
    """A number of the lab book, in the unit in which people write it down."""

    words: str
    hint: str = ""  # what is assumed where nothing is written


LINES = {
    "diameter": Line("Die diameter, mm", "10 assumed"),
    "cathode": Line("Cathode mixture, mg"),
    "separator": Line("Separator, mg", f"{ASSUMED['separator']:g} per cm² assumed"),
    "pressed": Line("Pressed with, MPa", f"{ASSUMED['fabrication_pressure']:g} assumed"),
    "held": Line("Held at, MPa", f"{ASSUMED['stack_pressure']:g} assumed"),
    "temperature": Line("Temperature, °C", f"{ASSUMED['temperature']:g} assumed"),
    "lower": Line("Lower cut-off, V", "usual one"),
    "upper": Line("Upper cut-off, V", "usual one"),
    "one_c": Line("1C, mA per g active", "usual one"),
}
DIE = 10.0  # mm
MOST_OFF = 0.5  # wt%, of a mixture that is to sum to 100


def known_parts() -> dict[str, list[str]]:
    """The packaged materials by the part of a cathode they can be."""
    return {part: materials_of(kind) for part, (_, kind) in PARTS.items()}


def file_of(
    mixture: Mapping[str, tuple[str, float | None]],
    numbers: Mapping[str, float | None],
    anode: str,
    against: str | None,
    title: str,
) -> str:
    """The TOML file of a cell; ``mixture`` has the material and weight percent of each part.

    Weights [mg] are of the whole disc; the file has them per area, as A = π d²/4.
    """
    shares = _mixture(mixture)
    given = {name: _positive(name, value) for name, value in numbers.items() if value is not None}
    area = math.pi / 4 * (given.get("diameter", DIE) / 10) ** 2  # cm2
    per_area = {name: given[name] / area for name in ("cathode", "separator") if name in given}
    known: dict[str, Any] = {
        "composition": ",".join(f"{name}={share:g}" for name, share in shares.items()),
        "loading": per_area.get("cathode"),
        "separator": per_area.get("separator"),
        "anode": anode,
        "area": area if "diameter" in given else None,
        "fabrication_pressure": given.get("pressed"),
        "stack_pressure": given.get("held"),
        "temperature": given.get("temperature"),
        "lower": given.get("lower"),
        "upper": given.get("upper"),
        "against": against if "lower" in given or "upper" in given else None,
    }
    if ("lower" in given) != ("upper" in given):
        raise InputError("write both cut-offs, or leave both out.")
    if "cathode" not in given:
        raise InputError("write how many mg of cathode mixture lie on the die.")
    if "one_c" in given:
        active = mixture["active"][0]
        grams = per_area["cathode"] * shares[active] / sum(shares.values()) / 1e3  # g cm-2
        known["one_c"] = given["one_c"] * grams
    return cell_text(Known(**known), title.strip() or "my cell", SOURCE)


def _mixture(parts: Mapping[str, tuple[str, float | None]]) -> dict[str, float]:
    """Weight percents by material; what there is none of is left out."""
    shares = {}
    for part, (name, share) in parts.items():
        words = PARTS[part][0].lower()
        if name == NONE and not share:
            continue
        if name == NONE:
            raise InputError(f"{share:g} wt% of {words}: choose which one.")
        if not share or not share > 0:
            raise InputError(f"write how many wt% of {name} there are, or choose no {words}.")
        shares[name] = share
    if abs(sum(shares.values()) - 100) > MOST_OFF:
        raise InputError(f"the cathode sums to {sum(shares.values()):.4g} wt%: make that 100.")
    return shares


def _positive(name: str, value: float) -> float:
    words = LINES[name].words
    if name != "temperature" and not value > 0:
        raise InputError(f"{words}: write a number above 0, or leave it out.")
    return value
