"""From a design to the parameter values PyBaMM takes, each with class and source."""

from __future__ import annotations

import math
from dataclasses import replace

import pybamm
from pybamm import Parameter as P

from ssb_model.errors import InputError
from ssb_model.laws import recipe
from ssb_model.parameters import functions
from ssb_model.parameters.blend import of_both_grains
from ssb_model.parameters.catalogue import everything
from ssb_model.parameters.contact_and_paths import (
    add_history,
    add_ionic_transport,
    add_reference_contact,
)
from ssb_model.parameters.declared import of_the_model
from ssb_model.parameters.design import Composite, Design
from ssb_model.parameters.electrode import add_composite, add_planar, add_plate
from ssb_model.parameters.entry import Entry, Values
from ssb_model.parameters.potentials import add_window
from ssb_model.parameters.records import SOLID
from ssb_model.quantities.declared import ELECTROLYTE, SEPARATOR
from ssb_model.quantities.units import in_unit

FACES_AND_HOLDERS = (
    "Face resistance activation energy [J.mol-1]",
    "Spring stiffness [Pa.m-1]",
    "Frame stiffness [Pa.m-1]",
)


def build(design: Design) -> tuple[dict[str, Entry], recipe.Window]:
    """Every parameter of the cell, and the stoichiometry window they hold for."""
    values = Values()
    _cell(values, design)
    _electrolyte(values, design)
    _separator(values, design)
    if isinstance(design.positive, Composite):
        add_composite(values, "Positive", design.positive)
    else:
        add_plate(values, design.positive)
    if isinstance(design.negative, Composite):
        add_composite(values, "Negative", design.negative)
    else:
        add_planar(values, design.negative)
    window = add_window(values, design)
    return {**values.entries, **of_the_model(design.file, values.entries)}, window


def _cell(values: Values, design: Design) -> None:
    cell = design.file.cell
    width = cell.entries.get("Electrode width [m]")
    if width is not None and "Electrode height [m]" in cell:
        values.take("Electrode width [m]", width)
        values.take("Electrode height [m]", cell.entry("Electrode height [m]"))
    else:
        side = math.sqrt(design.area)
        for name in ("Electrode width [m]", "Electrode height [m]"):
            values.derive(name, side, note="side of a square of the electrode's area")
    for key in ("Fabrication pressure [Pa]", "Stack pressure [Pa]"):
        values.take(key, cell.entry(key))
    for key in ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]"):
        values.take(key, cell.entry(key))
    for key in ("Ambient temperature [K]", "Initial temperature [K]"):
        values.take(key, cell.entry("Temperature [K]"))
    values.set("Reference temperature [K]", 298.15, "temperature the constants are given at")
    capacity = in_unit(design.nominal_capacity * design.area, "A.h")
    values.derive("Nominal cell capacity [A.h]", capacity, note="1C")
    values.derive("Current function [A]", capacity, note="1C discharge")
    values.set("Number of electrodes connected in parallel to make a cell", 1, "single layer")
    values.set("Number of cells connected in series to make a battery", 1, "single cell")
    for key in FACES_AND_HOLDERS:
        values.take(key, cell.entry(key))
    values.set("Contact resistance [Ohm]", functions.face_resistance, "both layer faces in series")
    thickness = design.positive.layer.thickness + design.separator.thickness
    values.set("Stack pressure function [Pa]", functions.held_pressure, "constant in time")
    values.set("Cell volume [m3]", 2 * thickness * design.area, "layers and as much again")
    values.set("Cell cooling surface area [m2]", 2 * design.area, "both faces")
    values.set("Total heat transfer coefficient [W.m-2.K-1]", 10.0, "still air")


def _electrolyte(values: Values, design: Design) -> None:
    se = design.file.separator.electrolyte
    of_electrolyte = [one for one in everything() if ELECTROLYTE in one.at]
    values.take_all("Electrolyte", of_electrolyte, se)
    add_reference_contact(values, "Electrolyte")
    values.set("Electrolyte conductivity [S.m-1]", functions.electrolyte_conductivity, "Arrhenius")
    concentration = se["Lithium concentration [mol.m-3]"]
    values.take("Initial concentration in electrolyte [mol.m-3]", concentration)
    values.set("Cation transference number", 1.0, "single-ion conductor")
    values.set("Thermodynamic factor", 1.0, "single-ion conductor")
    values.set("Electrolyte diffusivity [m2.s-1]", 1e-12, "without effect: no salt")


def _separator(values: Values, design: Design) -> None:
    section, layer = design.file.separator, design.separator
    with section.naming():
        section = of_both_grains(section)
    phi = layer.fractions[section.words["electrolyte"]]
    values.derive("Separator thickness [m]", layer.thickness)
    values.derive("Separator porosity", phi, note="volume fraction of electrolyte")
    values.derive("Separator void fraction", layer.porosity)
    grain = section.entry("Electrolyte grain size [m]")
    values.take("Separator solid electrolyte grain size [m]", grain)
    of_separator = [one for one in everything() if SOLID in one.of and SEPARATOR in one.at]
    values.take_all("Separator", of_separator, section.electrolyte)
    add_history(values, "Separator", P("Fabrication pressure [Pa]"))
    add_ionic_transport(values, "Separator", section)
    density = section.electrolyte["Density [kg.m-3]"].value * (1 - layer.porosity)
    values.derive("Separator density [kg.m-3]", density)


VOLTAGE_LIMIT = 2.0  # V either way; a symmetric cell rests at 0 V


def symmetric_entries(entries: dict[str, Entry], electrode: str) -> dict[str, Entry]:
    """Entries with both electrodes those of the ``electrode`` side."""
    if electrode not in ("positive", "negative"):
        raise InputError(f"electrode must be 'positive' or 'negative', not '{electrode}'.")
    kept, other = electrode, "negative" if electrode == "positive" else "positive"
    if f"{kept.capitalize()} electrode void fraction" not in entries:
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
