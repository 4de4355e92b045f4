"""What a small signal and a microscope would see of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ssb_model.cell import Cell
    from ssb_model.state import State

RESISTANCE = 1e4  # Ohm cm2 per Ohm m2
GAUGES = {  # our name: (PyBaMM's name, factor to the unit)
    "separator_resistance_Ohm_cm2": ("Separator ionic resistance [Ohm.m2]", RESISTANCE),
    "positive_interface_Ohm_cm2": ("Positive electrode interface resistance [Ohm.m2]", RESISTANCE),
    "negative_interface_Ohm_cm2": ("Negative electrode interface resistance [Ohm.m2]", RESISTANCE),
    "positive_ionic_Ohm_cm2": ("Positive electrode ionic resistance [Ohm.m2]", RESISTANCE),
    "positive_capacitance_uF_cm2": ("Positive electrode interface capacitance [F.m-2]", 100.0),
    "negative_capacitance_uF_cm2": ("Negative electrode interface capacitance [F.m-2]", 100.0),
    "positive_stoichiometry": ("Positive electrode stoichiometry", 1.0),
    "positive_contact_fraction": ("X-averaged positive electrode contact fraction", 1.0),
    "negative_contact_fraction": ("X-averaged negative electrode contact fraction", 1.0),
}
MEMORY = {
    "bonded_share": ("bonded share", 1.0),
    "effective_pressure_MPa": ("effective pressure [Pa]", 1e-6),
    "lowest_pressure_of_bonds_MPa": ("lowest pressure of bonds [Pa]", 1e-6),
    "highest_pressure_MPa": ("highest pressure [Pa]", 1e-6),
}
PLACES = {
    "separator": "Separator",
    "positive": "Positive electrode",
    "negative": "Negative electrode",
}


def gauge_row(state: State, cell: Cell) -> dict[str, Any]:
    """Resistances, capacitances and contact of a state, averaged through each layer."""

    def read(name):
        values = np.asarray(state.solution[name].entries)
        return float(values[..., -1].mean()) if values.ndim else float(values)

    row = {name: factor * read(variable) for name, (variable, factor) in GAUGES.items()}
    for short, place in PLACES.items():
        if cell.model_options.contact_law(short) == "memory":
            for name, (variable, factor) in MEMORY.items():
                row[f"{short}_{name}"] = factor * read(f"{place} {variable}")
    return row
