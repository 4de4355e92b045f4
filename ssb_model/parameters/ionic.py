"""Paths of lithium ions through a layer."""

from __future__ import annotations

import math

import pybamm

from ssb_model.laws import transport
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.collect import Values


def add_ionic_percolation(values: Values, domain: str, section: Section, size_ratio) -> None:
    """Threshold and exponent of a layer's electrolyte network."""
    se = section.electrolyte
    for key in ("exponent", "size exponent", "threshold at equal size"):
        values.take(f"{domain} ionic percolation {key}", se[f"Ionic percolation {key}"])
    name = f"{domain} ionic percolation threshold"
    if "Ionic percolation threshold" in section:
        values.take(name, section.entry("Ionic percolation threshold"))
        return
    threshold = transport.percolation_threshold(
        size_ratio,
        pybamm.Parameter(f"{name} at equal size"),
        pybamm.Parameter(f"{domain} ionic percolation size exponent"),
    )
    values.derive(name, threshold, source="transport.percolation_threshold")


def add_equivalent_bruggeman(
    values: Values, domain: str, phi: float, size_ratio: float, section: Section
) -> None:
    """Exponent with which phi**b repeats percolation and grain boundaries of this recipe."""
    se = section.electrolyte
    if "Ionic percolation threshold" in section:
        threshold = section["Ionic percolation threshold"]
    else:
        threshold = transport.percolation_threshold(
            size_ratio,
            se["Ionic percolation threshold at equal size"].value,
            se["Ionic percolation size exponent"].value,
        )
    share = transport.percolation(phi, threshold, se["Ionic percolation exponent"].value)
    share *= transport.grain_conductivity_factor(
        section["Electrolyte grain size [m]"],
        se["Reference grain size [m]"].value,
        se["Grain boundary length [m]"].value,
    )
    b = math.log(share) / math.log(phi) if phi < 1 else 1.5
    values.derive(
        f"{domain} Bruggeman coefficient (electrolyte)",
        b,
        note="repeats percolation and grain boundaries of this recipe",
    )
