"""A cell from the page of a lab book: what was weighed and pressed, as the file of a cell."""

from __future__ import annotations

import math
import tomllib
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
from ssb_model.parameters.new_cell import ANODES, ASSUMED, Known, cell_text
from ssb_model.parameters.new_cell import HOLDERS as STIFFNESS
from ssb_model.quantities.units import convert, to_si

PARTS = {  # of a cathode: what a visitor reads, and which materials can be it
    "active": ("Active material", POSITIVE_ELECTRODE),
    "electrolyte": ("Electrolyte", ELECTROLYTE),
    "carbon": ("Carbon", CARBON),
    "binder": ("Binder", BINDER),
}
NONE = ""  # of a part that is left out
CELL, LITHIUM, INDIUM = "cell", "Li", "Li-In"  # what cut-offs are against
AGAINST = {CELL: "of the cell itself", LITHIUM: "against Li", INDIUM: "against Li-In"}
SOURCE = "lab book"


@dataclass(frozen=True)
class Line:
    """A number of the lab book, in the unit in which people write it down."""

    words: str
    hint: str = ""  # what is assumed where nothing is written


LINES = {
    "diameter": Line("Die diameter, mm", "10 assumed"),
    "cathode": Line("Cathode mixture, mg"),
    "separator": Line("Separator, mg", f"{ASSUMED['separator']:g} / cm²"),
    "pressed": Line("Pressed with, MPa", f"{ASSUMED['fabrication_pressure']:g} assumed"),
    "held": Line("Held at, MPa", f"{ASSUMED['stack_pressure']:g} assumed"),
    "stiffness": Line("Stiffness, N/mm", "of spring or frame"),
    "particle": Line("Particle diameter D50, µm", f"{ASSUMED['diameter']:g} assumed"),
    "grain": Line("Electrolyte grains in it, µm", f"{ASSUMED['grain']:g} assumed"),
    "separator-grain": Line("Separator grains, µm", f"{ASSUMED['separator_grain']:g} assumed"),
    "temperature": Line("Temperature, °C", f"{ASSUMED['temperature']:g} assumed"),
    "lower": Line("Lower cut-off, V", "usual one"),
    "upper": Line("Upper cut-off, V", "usual one"),
    "one_c": Line("1C, mA per g active", "usual one"),
}
HOLDERS = {
    "isostatic": "at a constant pressure",
    "spring": "by a spring",
    "rigid": "in a rigid frame",
}
DIE = 10.0  # mm
PER_AREA = to_si(1, "N.mm-1") / convert(1, "cm2", "m2") / to_si(1, "MPa.um-1")  # of 1 cm2
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
    holder: str = "isostatic",
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
        "held": holder,
        "stiffness": given.get("stiffness") and given["stiffness"] * PER_AREA / area,
        "diameter": given.get("particle"),
        "grain": given.get("grain"),
        "separator_grain": given.get("separator-grain"),
        "temperature": given.get("temperature"),
        "lower": given.get("lower"),
        "upper": given.get("upper"),
        "against": against if "lower" in given or "upper" in given else None,
    }
    if "stiffness" in given and holder == "isostatic":
        raise InputError("a stiffness is of a spring or a frame: say what holds the cell.")
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


@dataclass(frozen=True)
class Written:
    """What was written on the page of a lab book, as ``file_of`` takes it."""

    mixture: dict[str, tuple[str, float | None]]
    numbers: dict[str, float]
    anode: str
    against: str
    title: str
    holder: str


def written_in(text: str) -> Written | None:
    """What a file that ``file_of`` made was made of; none of any other file."""
    try:
        file = tomllib.loads(text)
        return _written(file) if file["source"] == SOURCE else None
    except (ArithmeticError, AttributeError, LookupError, StopIteration, TypeError, ValueError):
        return None  # changed by hand


def _written(file: dict[str, Any]) -> Written:
    cell, positive, separator = (file[name] for name in ("cell", "positive", "separator"))

    def said(section: dict[str, Any], key: str) -> float | None:
        one = section.get(key)
        return one["value"] if one and one["source"] == SOURCE else None

    shares = positive["Composition [%]"]["value"]
    known = known_parts()
    mixture = {}
    for part, names in known.items():
        name = next((name for name in shares if name in names), NONE)
        mixture[part] = (name, shares.get(name))
    said_area = said(cell, "Electrode area [cm2]")
    area = math.pi / 4 * (DIE / 10) ** 2 if said_area is None else said_area
    loading = positive["Composite loading [mg.cm-2]"]["value"]
    grams = loading * mixture["active"][1] / sum(shares.values()) / 1e3
    stiffness = said(cell, f"{STIFFNESS.get(file['held'], '')} [MPa.um-1]")
    between, one_c = (
        said(separator, "Loading [mg.cm-2]"),
        said(cell, "Nominal areal capacity [mAh.cm-2]"),
    )
    numbers = {
        "diameter": said_area and 20 * math.sqrt(said_area / math.pi),
        "cathode": loading * area,
        "separator": between and between * area,
        "pressed": said(cell, "Fabrication pressure [MPa]"),
        "held": said(cell, "Stack pressure [MPa]"),
        "stiffness": stiffness and stiffness * area / PER_AREA,
        "particle": said(positive, "Active material diameter [um]"),
        "grain": said(positive, "Electrolyte grain size [um]"),
        "separator-grain": said(separator, "Electrolyte grain size [um]"),
        "temperature": said(cell, "Temperature [degC]"),
        "lower": said(cell, "Lower voltage cut-off [V]"),
        "upper": said(cell, "Upper voltage cut-off [V]"),
        "one_c": one_c and one_c / grams,
    }
    material, against = file["negative"]["active_material"], cell.get("against", CELL)
    if file["held"] not in HOLDERS or against not in AGAINST:
        raise ValueError("no choice of the page")
    return Written(
        mixture,
        {name: float(f"{value:.5g}") for name, value in numbers.items() if value is not None},
        next(name for name, (one, *_) in ANODES.items() if one == material),
        against if said(cell, "Lower voltage cut-off [V]") else CELL,
        file["title"],
        file["held"],
    )
