"""Numbers of what lies around the layers of a cell, each with its class, source and range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ssb_model.errors import InputError, nearest
from ssb_model.laws.holder import STEEL
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import convert, known, same, si_unit, split

USUAL = "usual of lithium-ion cells"
_LISTED = (  # name, value in SI, class, source, range
    ("Positive foil thickness [m]", 12e-6, "assumed", f"aluminium, {USUAL}", (8e-6, 20e-6)),
    ("Positive foil density [kg.m-3]", 2700.0, "literature", "aluminium", None),
    ("Negative foil thickness [m]", 10e-6, "assumed", "copper, as of Chen2024", (4e-6, 15e-6)),
    ("Negative foil density [kg.m-3]", 8960.0, "literature", "copper", None),
    ("Negative overhang [m]", 1e-3, "assumed", "over the positive, each edge", (0.5e-3, 2e-3)),
    ("Separator overhang [m]", 2e-3, "assumed", "over the positive, each edge", (0.5e-3, 5e-3)),
    ("Tab width share", 0.3, "assumed", "of the electrode's width", (0.1, 0.5)),
    ("Tab length [m]", 20e-3, "assumed", "through the seal and out", (10e-3, 40e-3)),
    ("Tab thickness [m]", 0.1e-3, "assumed", USUAL, (0.05e-3, 0.4e-3)),
    ("Positive tab density [kg.m-3]", 2700.0, "literature", "aluminium", None),
    ("Negative tab density [kg.m-3]", 8900.0, "literature", "nickel", None),
    ("Pouch thickness [m]", 113e-6, "assumed", f"laminate, {USUAL}", (80e-6, 160e-6)),
    (
        "Pouch areal mass [kg.m-2]",
        0.18,
        "derived",
        "nylon 25, aluminium 40, polypropylene 40 um with adhesive between",
        (0.12, 0.25),
    ),
    ("Pouch seal [m]", 5e-3, "assumed", "width of it, each edge", (3e-3, 10e-3)),
    ("Plate modulus [Pa]", STEEL, "literature", "steel", None),
    ("Plate density [kg.m-3]", 7850.0, "literature", "steel", None),
    (
        "Plate stress [Pa]",
        140e6,
        "derived",
        "yield strength of 235 MPa of S235 (EN 10025-2) over 1.67",
        (100e6, 250e6),
    ),
    ("Plate sag", 1e-3, "assumed", "share of the span it may bend by", (2e-4, 5e-3)),
    (
        "Bolt stress [Pa]",
        290e6,
        "derived",
        "half the proof strength of 580 MPa of class 8.8 (ISO 898-1)",
        (200e6, 400e6),
    ),
    ("Bolt density [kg.m-3]", 7850.0, "literature", "steel", None),
    (
        "Bolt ends",
        4.0,
        "assumed",
        "head, nut and thread left over, as so many diameters of length",
        (2.0, 6.0),
    ),
    (
        "Vessel stress [Pa]",
        237e6,
        "derived",
        "yield strength of 355 MPa of P355 (EN 10028-3) over 1.5",
        (150e6, 400e6),
    ),
    ("Vessel density [kg.m-3]", 7850.0, "literature", "steel", None),
    (
        "Vessel share filled",
        0.37,
        "derived",
        "a cube in a sphere, 2/(pi sqrt(3)); less for one flat cell, which piles to a cube",
        (0.1, 0.6),
    ),
    ("Gas molar mass [kg.mol-1]", 0.028, "literature", "nitrogen", None),
)
NUMBERS = {one[0]: Entry(*one) for one in _LISTED}
MAY_BE_ZERO = ("overhang", "seal", "ends", "length", "molar mass", "thickness", "areal mass")


def with_own(given: Mapping[str, float]) -> dict[str, Entry]:
    """All of them in SI, a user's own in their place: {"Pouch seal [mm]": 3}."""
    found = dict(NUMBERS)
    by_base = {split(name)[0].casefold(): name for name in NUMBERS}
    for written, value in given.items():
        base, of = split(written)
        name = by_base.get(base.strip().casefold())
        if name is None:
            raise InputError(f"a stack has no '{base}'. {nearest(base, NUMBERS)}")
        si = split(name)[1]
        if not (same(of, si) or (known(of) and same(si_unit(of), si))):
            raise InputError(f"'{base}' needs its unit: write it as '{name}' or in one like it.")
        number = convert(check_number(f"'{base}'", value), of, si)
        least = 0.0 if base.casefold().endswith(MAY_BE_ZERO) else 1e-300
        if number < least:
            raise InputError(f"'{base}' must be above 0, not {value:g}.")
        found[name] = replace(
            NUMBERS[name], value=number, kind="setting", source="set by the user", given=True
        )
    if found["Vessel share filled"].value > 1:
        raise InputError("'Vessel share filled' is a share, at most 1.")
    return found
