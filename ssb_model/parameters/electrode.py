"""Parameters of an electrode: of any, of a porous composite, of a layer or a foil."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from pybamm import Parameter as P

from ssb_model.laws import circuit, cover, size_classes, transport
from ssb_model.parameters import functions
from ssb_model.parameters.blend import SPREAD
from ssb_model.parameters.catalogue import everything
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.contact_and_paths import (
    add_contact_fraction,
    add_electrolyte,
    add_history,
    add_ionic_transport,
)
from ssb_model.parameters.design import Composite
from ssb_model.parameters.entry import Entry, Values
from ssb_model.parameters.kinds import add_classes, add_kinds, cover_of_kinds, length_of_kinds
from ssb_model.parameters.networks import ELECTRONIC, IONIC, Networks
from ssb_model.parameters.planar import Planar, Plate
from ssb_model.parameters.potentials import named_function
from ssb_model.parameters.records import ACTIVE, COMPOSITE, FIBRE, SOLID
from ssb_model.quantities.declared import ELECTRODE, PARTICLE
from ssb_model.submodels.anodes import anode
from ssb_model.submodels.transport_efficiency import active_network, fibre_conductivity


def add_electrode(values: Values, Domain: str, section: Section) -> str:
    """What porous and planar electrodes share."""
    electrode = f"{Domain} electrode"
    ours = ["Roughness", "Face resistance [Ohm.m2]"]
    ours += [one.name for one in anode(section.words["form"]).constants]
    others = {(COMPOSITE,)} - {(section.words["form"],)}  # forms whose own numbers are not read
    for one in everything():
        if one.needed in others:
            continue
        if ACTIVE not in one.of and one.name not in ours:
            continue
        if ELECTRODE in one.at and one.name != "Volume change":
            values.take_all(electrode, [one], section.entries)
        elif PARTICLE in one.at:  # PyBaMM's own word for where lithium diffuses
            values.take_all(f"{Domain} particle", [one], section.entries)
    for kind in ("double-layer", "film"):
        key = f"{kind.capitalize()} Q [S.m-2]"
        names = ("capacity [F.m-2]", "reference frequency [Hz]", "exponent")
        law = circuit.phase_element(*(P(f"{electrode} {kind} {name}") for name in names))
        name = f"{electrode} {kind} Q [S.m-2]"
        values.take_or_derive(name, key, section.entries, law, "circuit.phase_element")
    _add_volume(values, electrode, section.entry("Volume change"))
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
    if anode(section.words["form"]).pressed_with_cell:
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
    if anode(section.words["form"]).resolved:
        law = partial(functions.host_diffusivity, "Negative particle")
        values.set("Negative particle diffusivity [m2.s-1]", law, "functions.host_diffusivity")
    values.take(f"{electrode} density [kg.m-3]", section.entry("Density [kg.m-3]"))


IONS_AT_ONCE = 1e4  # over the separator's conductivity: no ions cross a dense layer
ELECTRONS_AT_ONCE = 1e6  # S m-1; what a layer resists is in series with it


def add_plate(values: Values, plate: Plate) -> None:
    """A dense layer as positive electrode: one plate as thick as the electrode.

    Its face touches over a share of its rough surface, counted per volume of the layer.
    """
    section = plate.section
    electrode = add_electrode(values, "Positive", section)
    values.derive(f"{electrode} thickness [m]", plate.thickness)
    values.derive("Positive particle radius [m]", plate.thickness, note="one plate")
    host = section.entry("Maximum concentration [mol.m-3]")
    values.take("Maximum concentration in positive electrode [mol.m-3]", host)
    solid = 1 - plate.porosity
    for name in ("active material volume fraction", "total active material volume fraction"):
        values.derive(f"{electrode} {name}", solid)
    values.derive(f"{electrode} porosity", 1.0, note="ions reach the layer's face at once")
    ceiling = section.get("Coverage ceiling", 1.0) * P(f"{electrode} roughness") / solid
    values.derive(f"{electrode} coverage ceiling", ceiling, note="rough surface over flat")
    add_history(values, electrode, _seen_before(section))
    add_contact_fraction(values, "Positive", section)
    values.set(f"{electrode} ionic transport efficiency", IONS_AT_ONCE, "no ions cross a layer")
    values.set(f"{electrode} effective conductivity [S.m-1]", ELECTRONS_AT_ONCE, "in series")
    for of in ("electrolyte", "electrode"):
        values.set(f"{electrode} Bruggeman coefficient ({of})", 1.5, "without effect")
    values.set("Contact resistance [Ohm]", functions.face_and_layer_resistance, "faces, layer")
    for place, name, law in (
        ("Positive particle", "diffusivity [m2.s-1]", functions.host_diffusivity),
        (electrode, "exchange-current density [A.m-2]", functions.plate_exchange_current),
        (electrode, "conductivity [S.m-1]", functions.plate_conductivity),
    ):
        values.set(f"{place} {name}", partial(law, place), f"functions.{law.__name__}")
    key = "Active material conductivity [S.m-1]"
    values.take(f"{electrode} active material conductivity [S.m-1]", section.entry(key))
    values.take(f"{electrode} density [kg.m-3]", section.entry("Density [kg.m-3]"))


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
    if SPREAD in section:
        _sizes(values, Domain, section.entry(SPREAD))
    if composite.kinds:
        add_kinds(values, Domain, composite)
    grain = section.entry("Electrolyte grain size [m]")
    values.take(f"{electrode} solid electrolyte grain size [m]", grain)
    c_max = section.entry("Maximum concentration [mol.m-3]")
    values.take(f"Maximum concentration in {domain} electrode [mol.m-3]", c_max)
    size_ratio = P(f"{electrode} solid electrolyte grain size [m]") / (
        2 * P(f"{Domain} particle radius [m]")
    )
    _additives(values, electrode, composite)
    if composite.own_electrolyte:
        add_electrolyte(values, f"{electrode} electrolyte", section.electrolyte)
    networks = _networks(Domain, size_ratio)
    threshold = networks.threshold(IONIC)
    add_ionic_transport(values, electrode, section, threshold, composite.own_electrolyte)
    key = "Electronic percolation threshold"
    name = f"{electrode} electronic percolation threshold"
    law = "transport.percolation_threshold"
    values.take_or_derive(name, key, section.entries, networks.threshold(ELECTRONIC), law)
    _contact(values, Domain, composite, networks)
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


def _sizes(values: Values, Domain: str, spread: Entry) -> None:
    """Particles in classes of size, spread about the one whose surface and volume they have."""
    particle = f"{Domain} particle"
    values.take(f"{particle} size spread", spread)
    radii = size_classes.class_sizes(P(f"{particle} size spread"))
    add_classes(values, Domain, radii, size_classes.class_shares()[1])


def _networks(Domain: str, size_ratio) -> Networks:
    """Of an electrode, in parameters."""
    electrode = f"{Domain} electrode"
    names = ("porosity", "total active material volume fraction", "void fraction")
    fibre = (f"{electrode} fibre {name}" for name in ("volume fraction", "percolation threshold"))
    return Networks(
        lambda name: P(f"{electrode} {name}"),
        *(P(f"{electrode} {name}") for name in names),
        size_ratio,
        cover.connected_by_fibre(*map(P, fibre)),
        P(f"{electrode} bare share"),
    )


def _contact(values: Values, Domain: str, composite: Composite, networks: Networks) -> None:
    """Coverage ceiling and utilisation as laws of the recipe, each replaceable by a number."""
    section, electrode = composite.section, f"{Domain} electrode"
    of_electrolyte = [one for one in everything() if one.of == (SOLID,) and ELECTRODE in one.at]
    values.take_all(electrode, of_electrolyte, section.electrolyte)
    values.take_or_derive(
        f"{electrode} coverage ceiling",
        "Coverage ceiling",
        section.entries,
        cover_of_kinds(values, Domain, composite, networks.ceiling)
        if composite.kinds
        else networks.ceiling(),
        "cover.coverage_ceiling",
    )
    values.take_or_derive(
        f"{electrode} utilisation",
        "Utilisation",
        section.entries,
        networks.utilisation,
        "cover.connected_share",
    )
    length = f"{Domain} particle diffusion length"
    ratio = networks.clusters()
    if "Diffusion length [m]" in section:
        values.take(f"{length} [m]", section.entry("Diffusion length [m]"))
        whole = P(f"{length} [m]") / P(f"{Domain} particle radius [m]")
        ratio = ratio * np.minimum(whole, 1)
    note = "diffusivity over its square"
    values.derive(f"{length} ratio", ratio, "cover.cluster_ratio", note)
    if composite.kinds:
        length_of_kinds(values, Domain, composite, networks.clusters)
    values.derive(
        f"{electrode} active material volume fraction",
        P(f"{electrode} total active material volume fraction") * P(f"{electrode} utilisation"),
        note="connected share only",
    )
    add_history(values, electrode, P("Fabrication pressure [Pa]"))
    add_contact_fraction(values, Domain, section)


def _additives(values: Values, electrode: str, composite: Composite) -> None:
    """What binder and carbon take, and the conductive fibre among them, if any."""
    values.derive(f"{electrode} additive volume fraction", composite.additives)
    note = "of all surfaces, without a film of binder"
    values.derive(f"{electrode} bare share", composite.bare, "cover.bare_share", note)
    fraction, entries = composite.fibre
    values.derive(f"{electrode} fibre volume fraction", fraction)
    if entries:
        values.take_all(electrode, FIBRE, entries)
        return
    for one, value in zip(FIBRE, (0.0, 0.01, 1.5), strict=True):
        values.set(one.of_model(electrode), value, "no fibre in this recipe")


def _effective_conductivity(values: Values, electrode: str, section: Section) -> None:
    """Electronic conductivity of the composite, half full of lithium unless it was measured."""
    name = f"{electrode} effective conductivity [S.m-1]"
    active = P(f"{electrode} active material conductivity [S.m-1]") * transport.electronic_fall(
        0.5,
        P(f"{electrode} conductivity slope"),
        P(f"{electrode} conductivity fall when full"),
        P(f"{electrode} conductivity fall exponent"),
    )
    network = active * active_network(electrode) + fibre_conductivity(electrode)
    key = "Effective conductivity [S.m-1]"
    values.take_or_derive(
        name, key, section.entries, network, "transport.percolation", "half full of Li"
    )
    values.derive(
        f"{electrode} Bruggeman coefficient (electrode)",
        np.log(P(name) / active) / np.log(1 - P(f"{electrode} porosity")),
        note="repeats the effective conductivity, half full of lithium",
    )
