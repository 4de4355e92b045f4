"""Parameters of a porous composite electrode."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from pybamm import Parameter as P

from ssb_model.laws import contact, transport
from ssb_model.parameters import functions
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.collect import Values
from ssb_model.parameters.electrode import add_electrode
from ssb_model.parameters.ionic import add_ionic_transport
from ssb_model.parameters.layers import Composite
from ssb_model.parameters.pressed import add_contact_fraction, add_history


def add_composite(values: Values, Domain: str, composite: Composite) -> None:
    section, layer = composite.section, composite.layer
    domain = Domain.lower()
    electrode = add_electrode(values, Domain, section)
    values.derive(f"{electrode} thickness [m]", layer.thickness)
    values.derive(
        f"{electrode} porosity", composite.electrolyte, note="volume fraction of electrolyte"
    )
    values.derive(f"{electrode} void fraction", layer.porosity)
    values.derive(f"{electrode} total active material volume fraction", composite.active)
    diameter = section.entry("Active material diameter [m]")
    values.take(
        f"{Domain} particle radius [m]",
        replace(diameter, range=diameter.range and tuple(d / 2 for d in diameter.range)),
        diameter.value / 2,
    )
    grain = section.entry("Electrolyte grain size [m]")
    values.take(f"{electrode} solid electrolyte grain size [m]", grain)
    c_max = section.entry("Maximum concentration [mol.m-3]")
    values.take(f"Maximum concentration in {domain} electrode [mol.m-3]", c_max)
    _contact(values, Domain, composite)
    size_ratio = P(f"{electrode} solid electrolyte grain size [m]") / (
        2 * P(f"{Domain} particle radius [m]")
    )
    add_ionic_transport(values, electrode, section, size_ratio)
    _fibre(values, electrode, composite)
    _effective_conductivity(values, electrode, section)
    for place, name, law in (
        (f"{Domain} particle", "diffusivity [m2.s-1]", functions.oxide_diffusivity),
        (electrode, "exchange-current density [A.m-2]", functions.particle_exchange_current),
        (electrode, "conductivity [S.m-1]", functions.electronic_conductivity),
    ):
        values.set(f"{place} {name}", partial(law, place), f"functions.{law.__name__}")
    density = composite.mass_of_active / layer.thickness + composite.electrolyte * (
        section.electrolyte["Density [kg.m-3]"].value
    )
    values.derive(f"{electrode} density [kg.m-3]", density)


def _contact(values: Values, Domain: str, composite: Composite) -> None:
    """Coverage ceiling and utilisation as laws of the recipe, each replaceable by a number."""
    section, electrode = composite.section, f"{Domain} electrode"
    for key in (
        "Coverage factor",
        "Coverage surface exponent",
        "Coverage void limit",
        "Coverage void exponent",
    ):
        values.take(f"{electrode} {key.lower()}", section.electrolyte[key])
    contacts = section.electrolyte["Contacts per surface"]
    values.take(f"{electrode} contacts per surface", contacts)
    offered = contact.surface_ratio(
        P(f"{electrode} porosity"),
        P(f"{electrode} total active material volume fraction"),
        2 * P(f"{Domain} particle radius [m]"),
        P(f"{electrode} solid electrolyte grain size [m]"),
    )
    ceiling = contact.coverage_ceiling(
        offered,
        P(f"{electrode} void fraction"),
        P(f"{electrode} coverage factor"),
        P(f"{electrode} coverage surface exponent"),
        P(f"{electrode} coverage void limit"),
        P(f"{electrode} coverage void exponent"),
    )
    connected = contact.utilisation(offered, P(f"{electrode} contacts per surface"))
    for key, law in (("Coverage ceiling", ceiling), ("Utilisation", connected)):
        name = f"{electrode} {key.lower()}"
        if key in section:
            values.take(name, section.entry(key))
        else:
            source = "contact." + key.lower().replace(" ", "_")
            values.derive(name, law, source=source)
    values.derive(
        f"{electrode} active material volume fraction",
        P(f"{electrode} total active material volume fraction") * P(f"{electrode} utilisation"),
        note="connected share only",
    )
    add_history(values, electrode, P("Fabrication pressure [Pa]"))
    add_contact_fraction(values, Domain, section)


def _fibre(values: Values, electrode: str, composite: Composite) -> None:
    """Conductive fibre among the additives, if any."""
    keys = (
        "Fibre conductivity [S.m-1]",
        "Fibre percolation threshold",
        "Fibre percolation exponent",
    )
    for name, entries in composite.section.additives.items():
        if keys[0] in entries:
            values.derive(f"{electrode} fibre volume fraction", composite.layer.fractions[name])
            for key in keys:
                values.take(f"{electrode} {key[0].lower()}{key[1:]}", entries[key])
            return
    values.derive(f"{electrode} fibre volume fraction", 0.0)
    for key, value in zip(keys, (0.0, 0.01, 1.5), strict=True):
        values.set(f"{electrode} {key[0].lower()}{key[1:]}", value, "no fibre in this recipe")


def _effective_conductivity(values: Values, electrode: str, section: Section) -> None:
    """Electronic conductivity of the composite, half full of lithium unless it was measured."""
    name = f"{electrode} effective conductivity [S.m-1]"
    active = P(f"{electrode} active material conductivity [S.m-1]") * transport.electronic_fall(
        0.5,
        P(f"{electrode} conductivity slope"),
        P(f"{electrode} conductivity fall when full"),
        P(f"{electrode} conductivity fall exponent"),
    )
    network = active * transport.percolation(
        P(f"{electrode} total active material volume fraction"),
        P(f"{electrode} electronic percolation threshold"),
        P(f"{electrode} electronic percolation exponent"),
    )
    fibre = P(f"{electrode} fibre conductivity [S.m-1]") * transport.percolation(
        P(f"{electrode} fibre volume fraction"),
        P(f"{electrode} fibre percolation threshold"),
        P(f"{electrode} fibre percolation exponent"),
    )
    if "Effective conductivity [S.m-1]" in section:
        values.take(name, section.entry("Effective conductivity [S.m-1]"))
    else:
        values.derive(name, network + fibre, source="transport.percolation", note="half full of Li")
    values.derive(
        f"{electrode} Bruggeman coefficient (electrode)",
        np.log(P(name) / active) / np.log(1 - P(f"{electrode} porosity")),
        note="repeats the effective conductivity, half full of lithium",
    )
