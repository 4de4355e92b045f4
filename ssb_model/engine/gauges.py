"""What a small signal and a microscope would see of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssb_model.engine.reading import read_last

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.cell.state import State

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

    wanted = dict(GAUGES)
    for short, place in PLACES.items():
        if cell.model_options.contact_law(short) == "memory":
            for name, (variable, factor) in MEMORY.items():
                wanted[f"{short}_{name}"] = (f"{place} {variable}", factor)
    values = read_last(state.solution, [variable for variable, _ in wanted.values()])
    return {
        name: factor * float(values[variable].mean()) for name, (variable, factor) in wanted.items()
    }
