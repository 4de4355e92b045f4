"""Keys a cell or material file may hold, by their SI names."""

from __future__ import annotations

THERMAL = ["Specific heat capacity [J.kg-1.K-1]", "Thermal conductivity [W.m-1.K-1]"]

# what the recipe and the window of stoichiometries take from an active material
RECIPE_AND_WINDOW = [
    "Density [kg.m-3]",
    "Maximum concentration [mol.m-3]",
    "Pristine stoichiometry",
    "First-cycle loss",
    "Open-circuit potential [V]",
    "Entropic change [V.K-1]",
]
HYSTERESIS = ["Lithiation potential [V]", "Delithiation potential [V]", "Hysteresis decay"]
DIFFUSION = ["Reference diffusivity [m2.s-1]", "Diffusivity activation energy [J.mol-1]"]
OF_LAYERS = ["Diffusivity ratio lithiated to empty"]
OF_COMPOSITES = [
    "Diffusivity fall when full",
    "Conductivity slope",
    "Conductivity fall when full",
    "Conductivity fall exponent",
    "Electronic percolation threshold",
    "Electronic percolation exponent",
]
CONTACT = [
    "Contact hardness [Pa]",
    "Bonded share after pressing",
    "Hold pressure [Pa]",
    "Release exponent",
    "Contact friction",
]
BREATHING = ["Breathing sensitivity", "Volume change", "Layer modulus [Pa]"]
INTERFACE = [
    "Reference exchange-current density [A.m-2]",
    "Exchange-current activation energy [J.mol-1]",
    "Film resistance [Ohm.m2]",
    "Film activation energy [J.mol-1]",
    "Double-layer capacity [F.m-2]",
    "Active material conductivity [S.m-1]",
    *CONTACT,
    *BREATHING,
]
SMALL_SIGNAL = ["Double-layer exponent", "Film capacity [F.m-2]", "Film exponent"]
INTERPHASE = [
    "Interphase growth constant [Ohm2.m4.s-1]",
    "Interphase activation energy [J.mol-1]",
    "Interphase reference potential [V]",
    "Interphase symmetry factor",
]
ACTIVE_MATERIAL = [
    *RECIPE_AND_WINDOW,
    *HYSTERESIS,
    *DIFFUSION,
    *OF_LAYERS,
    *OF_COMPOSITES,
    *INTERFACE,
    *SMALL_SIGNAL,
    *INTERPHASE,
    *THERMAL,
]

ELECTROLYTE = [
    *CONTACT,
    "Reference fabrication pressure [Pa]",
    "Contact modulus [Pa]",
    "Surface gradient",
    "Layer modulus [Pa]",
    "Density [kg.m-3]",
    "Lithium concentration [mol.m-3]",
    "Reference conductivity [S.m-1]",
    "Conductivity activation energy [J.mol-1]",
    "Reference grain size [m]",
    "Grain boundary length [m]",
    "Ionic percolation threshold at equal size",
    "Ionic percolation exponent",
    "Ionic percolation size exponent",
    "Coverage factor",
    "Coverage surface exponent",
    "Coverage void limit",
    "Coverage void exponent",
    "Contacts per surface",
    "Heckel intercept",
    "Heckel slope [Pa-1]",
    *THERMAL,
]

ADDITIVE = [
    "Density [kg.m-3]",
    "Fibre conductivity [S.m-1]",
    "Fibre percolation threshold",
    "Fibre percolation exponent",
]

CELL = [
    "Electrode area [m2]",
    "Electrode width [m]",
    "Electrode height [m]",
    "Fabrication pressure [Pa]",
    "Stack pressure [Pa]",
    "Temperature [K]",
    "Lower voltage cut-off [V]",
    "Upper voltage cut-off [V]",
    "Nominal areal capacity [C.m-2]",
    "Face resistance activation energy [J.mol-1]",
    "Spring stiffness [Pa.m-1]",
    "Frame stiffness [Pa.m-1]",
]

# closures a recipe may replace by a number of its own
ELECTRODE_CLOSURES = [
    "Coverage ceiling",
    "Utilisation",
    "Contact fraction",
    "Ionic percolation threshold",
    "Ionic transport efficiency",
    "Effective conductivity [S.m-1]",
]

COMPOSITE = [
    "Composition",
    "Composite loading [kg.m-2]",
    "Active material loading [kg.m-2]",
    "Thickness [m]",
    "Porosity",
    "Active material diameter [m]",
    "Electrolyte grain size [m]",
    "Face resistance [Ohm.m2]",
    *ELECTRODE_CLOSURES,
    *ACTIVE_MATERIAL,
]

SEPARATOR = [
    "Composition",
    "Loading [kg.m-2]",
    "Thickness [m]",
    "Porosity",
    "Electrolyte grain size [m]",
    "Ionic percolation threshold",
    "Ionic transport efficiency",
]

_PLANAR = [
    "Thickness [m]",
    "Roughness",
    "Face resistance [Ohm.m2]",
    "Coverage ceiling",
    "Contact fraction",
    *ACTIVE_MATERIAL,
]
LAYER = ["N/P ratio", "Loading [kg.m-2]", "Porosity", *_PLANAR]
FOIL = ["Assembly pressure [Pa]", *_PLANAR]

NEGATIVE = {"composite": COMPOSITE, "layer": LAYER, "foil": FOIL}

HELD = ("isostatic", "spring", "rigid")
CELL_TABLES = ("options", "changes")  # a cell file may do without
CELL_WORDS = {"title", "chemistry", "source", "held"}
SECTION_WORDS = {"form", "active_material", "electrolyte"}

# what each form cannot do without; the cell file or the material's may say it
_EVERY_FORM = [*RECIPE_AND_WINDOW, *INTERFACE, *INTERPHASE, *THERMAL]
_GRAINS = ["Electrolyte grain size [m]"]
NEEDED = {
    "composite": [
        *_EVERY_FORM,
        *DIFFUSION,
        *OF_COMPOSITES,
        "Active material diameter [m]",
        *_GRAINS,
    ],
    "layer": [*_EVERY_FORM, *DIFFUSION, *OF_LAYERS],
    "foil": [*_EVERY_FORM, "Thickness [m]"],
    "separator": _GRAINS,
}
