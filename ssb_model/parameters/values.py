"""From a design to the parameter values PyBaMM takes, each with class and source."""

from __future__ import annotations

import math

from pybamm import Parameter as P

from ssb_model.laws import pressing, recipe
from ssb_model.parameters import functions, schema
from ssb_model.parameters.collect import Values
from ssb_model.parameters.composite import add_composite
from ssb_model.parameters.design import Design
from ssb_model.parameters.electrode import add_planar
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.file_changes import of_the_model
from ssb_model.parameters.ionic import add_ionic_transport
from ssb_model.parameters.layers import Composite
from ssb_model.parameters.potentials import add_window
from ssb_model.parameters.pressed import add_history

STIFFNESS = (
    (
        "Spring stiffness [Pa.m-1]",
        1e11,
        "0.1 MPa per um; breathing of some um then stays below an MPa",
    ),
    (
        "Frame stiffness [Pa.m-1]",
        2.5e11,
        "0.25 MPa per um: a Li electrode of about 6 um per cycle gave +1.5 MPa; Koerver2018",
    ),
)


def build(design: Design) -> tuple[dict[str, Entry], recipe.Window]:
    """Every parameter of the cell, and the stoichiometry window they hold for."""
    values = Values()
    _cell(values, design)
    _electrolyte(values, design)
    _separator(values, design)
    add_composite(values, "Positive", design.positive)
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
    capacity = design.nominal_capacity * design.area / 3600
    values.derive("Nominal cell capacity [A.h]", capacity, note="1C")
    values.derive("Current function [A]", capacity, note="1C discharge")
    values.set("Number of electrodes connected in parallel to make a cell", 1, "single layer")
    values.set("Number of cells connected in series to make a battery", 1, "single cell")
    energy = "Face resistance activation energy [J.mol-1]"
    if energy in cell:
        values.take(energy, cell.entry(energy))
    else:
        values.default(energy, 38.4e3, "derived", "Kawaguchi2026, R_s of symmetric cells")
    values.set("Contact resistance [Ohm]", functions.face_resistance, "both layer faces in series")
    thickness = design.positive.layer.thickness + design.separator.thickness
    values.set("Stack pressure function [Pa]", functions.held_pressure, "constant in time")
    for key, value, span in STIFFNESS:
        if key in cell:
            values.take(key, cell.entry(key))
        else:
            values.default(key, value, "assumed", span)
    values.set("Cell volume [m3]", 2 * thickness * design.area, "layers and as much again")
    values.set("Cell cooling surface area [m2]", 2 * design.area, "both faces")
    values.set("Total heat transfer coefficient [W.m-2.K-1]", 10.0, "still air")


def _electrolyte(values: Values, design: Design) -> None:
    se = design.file.separator.electrolyte
    for key in (
        "Reference conductivity [S.m-1]",
        "Conductivity activation energy [J.mol-1]",
        "Reference grain size [m]",
        "Grain boundary length [m]",
        "Reference fabrication pressure [Pa]",
        "Contact modulus [Pa]",
        "Surface gradient",
    ):
        values.take(f"Electrolyte {key[0].lower()}{key[1:]}", se[key])
    reference = pressing.formed(
        P("Electrolyte reference fabrication pressure [Pa]"), P("Separator contact hardness [Pa]")
    )
    values.derive("Electrolyte reference relative contact", reference, source="pressing.formed")
    values.set("Electrolyte conductivity [S.m-1]", functions.electrolyte_conductivity, "Arrhenius")
    concentration = se["Lithium concentration [mol.m-3]"]
    values.take("Initial concentration in electrolyte [mol.m-3]", concentration)
    values.set("Cation transference number", 1.0, "single-ion conductor")
    values.set("Thermodynamic factor", 1.0, "single-ion conductor")
    values.set("Electrolyte diffusivity [m2.s-1]", 1e-12, "without effect: no salt")


def _separator(values: Values, design: Design) -> None:
    section, layer = design.file.separator, design.separator
    phi = layer.fractions[section.words["electrolyte"]]
    values.derive("Separator thickness [m]", layer.thickness)
    values.derive("Separator porosity", phi, note="volume fraction of electrolyte")
    values.derive("Separator void fraction", layer.porosity)
    grain = section.entry("Electrolyte grain size [m]")
    values.take("Separator solid electrolyte grain size [m]", grain)
    for key in schema.CONTACT:
        values.take(f"Separator {key[0].lower()}{key[1:]}", section.electrolyte[key])
    values.take("Separator Young's modulus [Pa]", section.electrolyte["Layer modulus [Pa]"])
    add_history(values, "Separator", P("Fabrication pressure [Pa]"))
    add_ionic_transport(values, "Separator", section, 1.0)
    density = section.electrolyte["Density [kg.m-3]"].value * (1 - layer.porosity)
    values.derive("Separator density [kg.m-3]", density)
    for key in ("Specific heat capacity [J.kg-1.K-1]", "Thermal conductivity [W.m-1.K-1]"):
        values.take(f"Separator {key[0].lower()}{key[1:]}", section.electrolyte[key])
