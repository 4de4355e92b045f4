"""Resistance and capacitance of an interface at several states of one cell, out of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured.headings import (
    COUNT,
    CYCLES,
    OHMS,
    SPECIFIC,
    Measurand,
    in_units,
    missing,
    named,
)
from ssb_model.measured.maker import opened
from ssb_model.measured.sheet import json_sheet

IN_JSON = (
    "no table in JSON, an object whose 'rows' each have 'Interface resistance [Ohm.cm2]' and what "
    "else was measured"
)
FARADS = in_units("F", "F", "F", "mF", "uF", "nF")
FARADS |= in_units("F.m-2", "F.m-2", "F.m-2", "F.cm-2", "mF.cm-2", "uF.cm-2", "nF.cm-2")
OF_INTERFACE = "interface, positive electrode interface, positive interface"
COLUMNS = {  # by the argument of the same numbers
    "resistance": Measurand(
        "resistance of the interface",
        "Interface resistance [Ohm.cm2]",
        (
            *(f"{name} resistance" for name in named(OF_INTERFACE)),
            *named(
                "charge transfer resistance, resistance, r int, rint, r ct, rct, r interface, r"
            ),
        ),
        OHMS,
    ),
    "capacitance": Measurand(
        "capacitance of the interface",
        "Interface capacitance [uF.cm-2]",
        (
            *(f"{name} capacitance" for name in named(OF_INTERFACE)),
            *named("double-layer capacitance, capacitance, c int, cint, c dl, cdl, c"),
        ),
        FARADS,
    ),
    "magnitude": Measurand(
        "magnitude of the constant-phase element",
        "CPE magnitude [uF.cm-2]",
        named("cpe magnitude, constant-phase magnitude, cpe, cpe q, q, q int, cpe int magnitude"),
        FARADS,
    ),
    "exponent": Measurand(
        "exponent of the constant-phase element",
        "CPE exponent",
        named("cpe exponent, constant-phase exponent, exponent, alpha, cpe int exponent, eta, n"),
        COUNT,
    ),
    "series": Measurand(
        "series resistance",
        "Series resistance [Ohm.cm2]",
        named("series resistance, ohmic resistance, r s, rs, r ohmic"),
        OHMS,
    ),
    "capacity": Measurand("slow capacity", "Slow capacity [mAh/g]", ("slow capacity",), SPECIFIC),
    "pressed": Measurand(
        "resistance after pressing again",
        "Pressed resistance [Ohm.cm2]",
        named("pressed resistance, resistance after pressing, r pressed"),
        OHMS,
    ),
    "cycles": Measurand("cycle", "Cycle", CYCLES, COUNT),
}
ALIKE = ("resistance", "capacitance", "magnitude", "series", "pressed")  # all per area or none


@dataclass(frozen=True)
class Interfaces:
    """Numbers of an interface in a file's order, by what they are; NaN where a cell is blank.

    ``resistance``, ``series`` and ``pressed`` in Ohm m2 and ``capacitance`` and ``magnitude`` in
    F m-2 (s to the exponent less 1), or in Ohm and F of the cell; ``capacity`` of a slow
    discharge in any one unit; ``cycles`` and ``stack_pressure`` [Pa].
    """

    source: str
    columns: Mapping[str, np.ndarray]
    notes: tuple[str, ...] = ()


def read_interfaces(path: str | Path) -> Interfaces:
    """An interface out of a CSV file, or JSON with ``rows``, of one row a state."""
    file = opened(path)
    if file.is_json:
        sheet = json_sheet(str(path), "\n".join(line for _, line in file.lines), IN_JSON)
    else:
        sheet, _ = file.table(tuple(COLUMNS.values()))
    if sheet.find(COLUMNS["resistance"]) is None:
        raise missing(str(path), COLUMNS["resistance"], sheet.headings)
    columns, kinds = {}, {}
    for name, measurand in COLUMNS.items():
        found = sheet.find(measurand)
        if found is None:
            continue
        values = sheet.si(found, measurand, needed=name == "resistance")
        wrong = values < 0 if name == "cycles" else values <= 0
        cure = "mend it or leave it blank"
        sheet.refuse(found.heading, wrong, f"the {measurand.word} is above zero", cure)
        columns[name], kinds[found.heading] = values, measurand.units[found.unit][0]
        if name not in ALIKE:
            del kinds[found.heading]
    _check_alike(str(path), kinds)
    notes: list[str] = []
    pressure, _ = sheet.held(notes)
    if pressure is not None:
        columns["stack_pressure"] = pressure
    return Interfaces(str(path), columns, tuple(notes))


def _check_alike(source: str, kinds: Mapping[str, str]) -> None:
    """Refuse some columns per area and others of the cell: a formula joins them."""
    areal = {heading: "m" in unit.partition(".")[2] for heading, unit in kinds.items()}
    if len(set(areal.values())) > 1:
        per_area, whole = (
            [h for h, is_so in areal.items() if is_so is way] for way in (True, False)
        )
        raise InputError(
            f"{source}: '{per_area[0]}' is per area and '{whole[0]}' of the cell; give them one "
            "kind of unit."
        )
