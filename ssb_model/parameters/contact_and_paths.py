"""What every place has: what pressing did to it, the contact that leaves, its paths of ions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial

import numpy as np
import pybamm
from pybamm import Parameter as P

from ssb_model.parameters import functions
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.entry import Entry, Values
from ssb_model.parameters.records import OF_A_PELLET
from ssb_model.quantities.declared import SEPARATOR
from ssb_model.submodels.contact_laws.law import (
    HIGHEST,
    MemoryLaw,
    PlacedLaw,
    contact_law,
    contact_laws,
)
from ssb_model.submodels.contact_laws.memory import MEMORY
from ssb_model.submodels.transport_efficiency import (
    electrolyte_of,
    grain_boundaries,
    ionic_network,
    left_by_mixing,
)

PLACES = ("Negative electrode", "Separator", "Positive electrode")


def add_history(values: Values, place: str, highest) -> None:
    """State of contact just after the pressing ``highest``: a parameter, or an entry of a file."""
    name = f"{place} initial {HIGHEST}"
    if isinstance(highest, Entry):
        values.take(name, highest)
    else:
        values.derive(name, highest, note="held at what the run sets from then on")
    for law in contact_laws().values():
        if isinstance(law, MemoryLaw):
            start = _just_pressed(law, place)
            for state, value in zip(law.states, start, strict=True):
                if state != HIGHEST:
                    values.derive(f"{place} initial {state}", value, note="just pressed")


@lru_cache(maxsize=64)
def _just_pressed(law: MemoryLaw, place: str) -> tuple:
    """The history of a place as pressed, in parameters: of all cells alike."""
    return law.just_pressed(P(f"{place} initial {HIGHEST}"), law.constants_at(place, P))


@cache
def _fresh(electrode: str):
    """The relative contact of a fresh electrode at its stack pressure, in parameters."""
    law = at_place(electrode)
    held = law.after(tuple(map(P, history(electrode, MEMORY))), P("Stack pressure [Pa]"))
    return law.relative_contact(held)


def placed_laws(laws: Mapping[str, str], number: Callable[[str], float]) -> dict[str, PlacedLaw]:
    """Laws with memory and their constants by place; ``laws`` names the law of each."""
    known = {place: contact_law(name) for place, name in laws.items() if name != "constant"}
    return {
        place: PlacedLaw(law, law.constants_at(place, number))
        for place, law in known.items()
        if isinstance(law, MemoryLaw)
    }


def at_place(place: str) -> PlacedLaw:
    """The default law of contact with its constants at a place, as parameters."""
    return PlacedLaw(MEMORY, MEMORY.constants_at(place, P))


def history(place: str, law: MemoryLaw) -> list[str]:
    """Parameters that say what a place starts from."""
    return [f"{place} initial {state}" for state in law.states]


def pressed_values(
    values: pybamm.ParameterValues, laws: Mapping[str, PlacedLaw], pressure: float
) -> dict[str, float]:
    """The initial histories of places pressed once more, by parameter name."""
    values = values.copy()
    # a foil of a fresh cell has seen no more than what it is pressed with now
    values["Stack pressure [Pa]"] = pressure
    new = {}
    for place, placed in laws.items():
        names = history(place, placed.law)
        before = tuple(values.evaluate(P(name)) for name in names)
        new.update(zip(names, map(float, placed.after(before, pressure)), strict=True))
    return new


def add_contact_fraction(values: Values, Domain: str, section: Section) -> None:
    """Contact fraction for the option 'constant', and PyBaMM's own name for it."""
    electrode = f"{Domain} electrode"
    name = f"{electrode} contact fraction"
    values.take_or_derive(
        name,
        "Contact fraction",
        section.entries,
        P(f"{electrode} coverage ceiling") * _fresh(electrode),
        "micro_contact.contact",
        "fresh, at the stack pressure",
    )
    values.derive(f"Initial {Domain.lower()} electrode interface utilisation", P(name))


def add_reference_contact(values: Values, electrolyte: str) -> None:
    """Contact of the grains in the pellet whose conductivity is the reference.

    Grains of every electrolyte are taken to touch as those of the separator do.
    """
    name = f"{electrolyte} reference relative contact"
    values.derive(name, _reference(electrolyte), "micro_contact.contact")


@cache
def _reference(electrolyte: str):
    """The relative contact of a reference pellet still under its pressing, in parameters."""
    grains = at_place(SEPARATOR)
    pressure = P(f"{electrolyte} reference fabrication pressure [Pa]")
    return grains.relative_contact(grains.just_pressed(pressure))


def add_electrolyte(values: Values, electrolyte: str, entries: Mapping[str, Entry]) -> None:
    """The pellet and the conductivity of an electrolyte that one composite has to itself."""
    values.take_all(electrolyte, OF_A_PELLET, entries)
    add_reference_contact(values, electrolyte)
    law = partial(functions.own_electrolyte_conductivity, electrolyte)
    values.set(f"{electrolyte} conductivity [S.m-1]", law, "Arrhenius")


DENSE_BRUGGEMAN = 1.5  # of a layer that is all electrolyte, where any exponent gives 1


def add_ionic_transport(
    values: Values, domain: str, section: Section, threshold=None, own: bool = False
) -> None:
    """Percolation constants, efficiency at this recipe, and the Bruggeman exponent equal to it.

    ``threshold`` is that of a composite by the law; it may have an electrolyte of its ``own``.
    """
    electrolyte = electrolyte_of(domain, own)
    phi = P(f"{domain} porosity")
    efficiency = ionic_network(domain, phi, electrolyte) * grain_boundaries(domain, electrolyte)
    if threshold is None:  # a separator
        threshold = P(f"{domain} ionic percolation threshold at equal size")
    else:
        efficiency = efficiency * left_by_mixing(domain)
    for key, law in (
        ("Ionic percolation threshold", threshold),
        ("Ionic transport efficiency", efficiency),
    ):
        name = f"{domain} {key[0].lower()}{key[1:]}"
        values.take_or_derive(name, key, section.entries, law, f"transport, {key.lower()}")
    exponent = np.log(P(f"{domain} ionic transport efficiency")) / np.log(phi)
    dense = values.entries[f"{domain} porosity"].value == 1
    values.derive(
        f"{domain} Bruggeman coefficient (electrolyte)",
        DENSE_BRUGGEMAN if dense else exponent,
        note="repeats the ionic transport efficiency",
    )
