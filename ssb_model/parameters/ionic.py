"""Paths of lithium ions through a layer."""

from __future__ import annotations

import numpy as np
from pybamm import Parameter

from ssb_model.laws import transport
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.collect import Values

DENSE_BRUGGEMAN = 1.5  # of a layer that is all electrolyte, where any exponent gives 1


def add_ionic_transport(values: Values, domain: str, section: Section, size_ratio) -> None:
    """Percolation constants, efficiency at this recipe, and the Bruggeman exponent equal to it."""
    se = section.electrolyte
    for key in ("exponent", "size exponent", "threshold at equal size"):
        values.take(f"{domain} ionic percolation {key}", se[f"Ionic percolation {key}"])
    threshold = transport.percolation_threshold(
        size_ratio,
        Parameter(f"{domain} ionic percolation threshold at equal size"),
        Parameter(f"{domain} ionic percolation size exponent"),
    )
    _given_or_law(values, domain, section, "Ionic percolation threshold", threshold)
    phi = Parameter(f"{domain} porosity")
    efficiency = transport.percolation(
        phi,
        Parameter(f"{domain} ionic percolation threshold"),
        Parameter(f"{domain} ionic percolation exponent"),
    ) * transport.grain_conductivity_factor(
        Parameter(f"{domain} solid electrolyte grain size [m]"),
        Parameter("Electrolyte reference grain size [m]"),
        Parameter("Electrolyte grain boundary length [m]"),
    )
    _given_or_law(values, domain, section, "Ionic transport efficiency", efficiency)
    exponent = np.log(Parameter(f"{domain} ionic transport efficiency")) / np.log(phi)
    dense = values.entries[f"{domain} porosity"].value == 1
    values.derive(
        f"{domain} Bruggeman coefficient (electrolyte)",
        DENSE_BRUGGEMAN if dense else exponent,
        note="repeats the ionic transport efficiency",
    )


def _given_or_law(values: Values, domain: str, section: Section, key: str, law) -> None:
    name = f"{domain} {key[0].lower()}{key[1:]}"
    if key in section:
        values.take(name, section.entry(key))
    else:
        values.derive(name, law, source=f"transport, {key.lower()}")
