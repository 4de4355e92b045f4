"""What porous and planar electrodes share, and the planar ones whole."""

from __future__ import annotations

from functools import partial

from pybamm import Parameter as P

from ssb_model.parameters import functions, schema
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.collect import Values
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.layers import Planar
from ssb_model.parameters.potentials import named_function
from ssb_model.parameters.pressed import add_contact_fraction, add_history

SMALL_SIGNAL = (
    (
        "Double-layer exponent",
        1.0,
        "a capacitance; arcs of these cells are fitted with 0.8 to 0.96",
    ),
    ("Film exponent", 1.0, "a capacitance; arcs of these cells are fitted with 0.8 to 0.96"),
    ("Film capacity [F.m-2]", 0.0, "no arc of its own; 0.027 is 10 nm of permittivity 30"),
)


def add_electrode(values: Values, Domain: str, section: Section) -> str:
    """What porous and planar electrodes share."""
    electrode = f"{Domain} electrode"
    elsewhere = {
        *schema.RECIPE_AND_WINDOW,
        "Lithiation potential [V]",
        "Delithiation potential [V]",
        "Volume change",
    }
    for key in (*schema.ACTIVE_MATERIAL, "Roughness"):
        if key in section and key not in elsewhere:
            # PyBaMM's own word for where lithium diffuses is "particle"
            place = f"{Domain} particle" if "iffusivity" in key else electrode
            values.take(f"{place} {key[0].lower()}{key[1:]}", section.entry(key))
    pristine = section.entry("Pristine stoichiometry")
    values.take(f"{electrode} pristine stoichiometry", pristine)
    _add_volume(values, electrode, section.entry("Volume change"))
    values.take(f"{electrode} Young's modulus [Pa]", section.entry("Layer modulus [Pa]"))
    values.set(f"{electrode} initial interphase resistance [Ohm.m2]", 0.0, "beside the film")
    for key, value, source in SMALL_SIGNAL:
        if key in section:
            values.take(f"{electrode} {key[0].lower()}{key[1:]}", section.entry(key))
        else:
            values.set(f"{electrode} {key[0].lower()}{key[1:]}", value, source)
    face = f"{electrode} face resistance [Ohm.m2]"
    if "Face resistance [Ohm.m2]" in section:
        values.take(face, section.entry("Face resistance [Ohm.m2]"))
    else:
        values.default(face, 0.0, "assumed", "not reported; faces pressed together")
    entropy = section.entry("Entropic change [V.K-1]")
    values.take(f"{electrode} OCP entropic change [V.K-1]", entropy)
    values.set(f"{Domain} current collector thickness [m]", 10e-6, "foil; heat only")
    values.set(f"{Domain} current collector conductivity [S.m-1]", 5e7, "metal foil")
    values.set(f"{Domain} current collector density [kg.m-3]", 8000.0, "metal foil; heat only")
    values.set(
        f"{Domain} current collector specific heat capacity [J.kg-1.K-1]", 450.0, "metal foil"
    )
    values.set(f"{Domain} current collector thermal conductivity [W.m-1.K-1]", 200.0, "metal foil")
    return electrode


def _seen_before(section: Section):
    """Highest pressure of a planar face: a layer is pressed with the cell, a foil put on later."""
    if section.words["form"] == "layer":
        return P("Fabrication pressure [Pa]")
    if "Assembly pressure [Pa]" in section:
        return section.entry("Assembly pressure [Pa]")
    return P("Stack pressure [Pa]")


def _add_volume(values: Values, electrode: str, entry: Entry) -> None:
    """Relative volume of the host against stoichiometry: a number is its whole range."""
    name = f"{electrode} volume change"
    if isinstance(entry.value, dict):
        values.take(name, entry, named_function(entry))
        return
    values.take(f"{electrode} whole volume change", entry)
    values.set(name, partial(functions.linear_volume, electrode), "linear in lithium")


def add_planar(values: Values, planar: Planar) -> None:
    section = planar.section
    electrode = add_electrode(values, "Negative", section)
    values.derive(f"{electrode} thickness [m]", planar.thickness)
    values.derive("Maximum concentration in negative electrode [mol.m-3]", planar.c_max)
    values.default(f"{electrode} roughness", 1.0, "assumed", "flat face")
    ceiling = "Coverage ceiling"
    if ceiling in section:
        values.take(f"{electrode} coverage ceiling", section.entry(ceiling))
    else:
        values.default(f"{electrode} coverage ceiling", 1.0, "assumed", "a face can touch all over")
    solid = 1 - section.get("Porosity", 0.0)
    values.derive(f"{electrode} active material volume fraction", solid)
    add_history(values, electrode, _seen_before(section))
    add_contact_fraction(values, "Negative", section)
    values.take(
        f"{electrode} conductivity [S.m-1]", section.entry("Active material conductivity [S.m-1]")
    )
    law = partial(functions.planar_exchange_current, electrode)
    values.set(f"{electrode} exchange-current density [A.m-2]", law, "Arrhenius")
    if section.words["form"] == "layer":
        law = partial(functions.host_diffusivity, "Negative particle")
        values.set("Negative particle diffusivity [m2.s-1]", law, "functions.host_diffusivity")
    values.take(f"{electrode} density [kg.m-3]", section.entry("Density [kg.m-3]"))
