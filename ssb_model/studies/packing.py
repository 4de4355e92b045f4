"""A cell as a product: its layers with foils, tabs, pouch and holder, what they weigh and fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, pi, sqrt
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError
from ssb_model.laws import holder as held
from ssb_model.laws import packing as law
from ssb_model.parameters.design import Composite, Design, weights_and_densities
from ssb_model.quantities.checks import check_positive, check_whole
from ssb_model.quantities.units import convert, in_columns, in_unit, said
from ssb_model.studies.holding import grown_by_charge
from ssb_model.studies.packing_numbers import with_own

NONE, PLATES, GAS = HOLDERS = ("none", "plates", "gas")
THINNEST = 0.2  # pressure over allowed stress up to which a sphere's wall is thin
SPECIFIC, DENSITY = "Specific energy [W.h.kg-1]", "Energy density [W.h.L-1]"
OF_THE_CELL = {one: one.replace(" [", " of the bare cell [") for one in (SPECIFIC, DENSITY)}


@dataclass(frozen=True)
class Part:
    """What something of the product is made of and weighs [kg]."""

    name: str
    material: str
    mass: float
    of_holder: bool = False


@dataclass(frozen=True)
class Packing:
    """How cells are packed: layers in a pouch, what holds it, sizes; ``own`` replaces numbers."""

    layers: int = 10
    holder: str = NONE
    area: float | None = None  # of a positive electrode [m2], the cell's own if none
    own: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self):
        check_whole("the number of layers", self.layers, most=10_000)
        if self.holder not in HOLDERS:
            raise InputError(f"no holder '{self.holder}': take {', '.join(HOLDERS)}.")
        if self.area is not None:
            check_positive("the area", self.area)
        object.__setattr__(self, "entries", with_own(self.own))

    def __getitem__(self, name: str) -> float:
        return self.entries[name].value

    def size(self, design: Design) -> tuple[float, float]:
        """Width and height of a positive electrode [m]: in the cell's proportions."""
        cell = design.file.cell
        width = height = sqrt(design.area)
        if "Electrode area [m2]" not in cell:
            width, height = cell["Electrode width [m]"], cell["Electrode height [m]"]
        scale = 1.0 if self.area is None else sqrt(self.area / design.area)
        return scale * width, scale * height

    def of(self, cell: Cell, pressure: float, temperature: float) -> Packed:
        """The product made of a cell, under a stack pressure [Pa]."""
        return Packed(self, cell, pressure, temperature)

    def row(self, cell: Cell, pressure: float, temperature: float, energy: float | None) -> dict:
        """What a product gives whose cell gives so much energy [mW.h.cm-2], as columns."""
        return self.of(cell, pressure, temperature).row(energy)


def masses(design: Design) -> list[tuple[str, str, float]]:
    """Layer, material and mass per area of that layer [kg m-2]."""
    found = []
    layers = (("Positive electrode", design.positive), ("Separator", design.separator))
    for name, layer in (*layers, ("Negative electrode", design.negative)):
        if name != "Separator" and not isinstance(layer, Composite):
            section = layer.section
            solid = layer.thickness * (1 - section.get("Porosity", 0.0))
            material = section.words["active_material"]
            found.append((name, material, solid * section["Density [kg.m-3]"]))
            continue
        mixed = layer if name == "Separator" else layer.layer
        section = design.file.separator if name == "Separator" else layer.section
        _, densities = weights_and_densities(section)
        found += [
            (name, material, mixed.thickness * share * densities[material])
            for material, share in mixed.fractions.items()
        ]
    return found


def swelling(cell: Cell) -> float:
    """What a cell is thicker than as it was put together, empty or full, whichever is more [m].

    Composites that shrink leave gaps: they are not thinner.
    """
    ends = np.array([0.0, cell.window.charge])
    growth = grown_by_charge(cell, ends, ends, np.zeros(2))
    whole = np.zeros(2)
    for side in ("positive", "negative"):
        change = getattr(growth, side)
        whole += held.felt(change, 0.0) if side in cell.model_options.porous else change
    return float(whole.max())


@dataclass(frozen=True)
class Packed:
    """A cell packed as a product under a pressure [Pa]; masses in kg, lengths in m."""

    how: Packing
    cell: Cell
    pressure: float
    temperature: float

    @cached_property
    def size(self) -> tuple[float, float]:
        return self.how.size(self.cell.design)

    def _area(self, overhang: float) -> float:
        return (self.size[0] + 2 * overhang) * (self.size[1] + 2 * overhang)

    @cached_property
    def footprint(self) -> tuple[float, float]:
        """Of the pouch with its seal."""
        how = self.how
        over = max(0.0, how["Negative overhang [m]"], how["Separator overhang [m]"])
        edge = over + how["Pouch seal [m]"]
        return self.size[0] + 2 * edge, self.size[1] + 2 * edge

    @cached_property
    def thickness(self) -> float:
        """Of the pouch where it is thickest."""
        how, design = self.how, self.cell.design
        positive, negative = law.sheets(how.layers)
        layers = (design.positive.layer, design.separator)
        each = sum(layer.thickness for layer in layers) + swelling(self.cell)
        other = design.negative
        each += other.layer.thickness if isinstance(other, Composite) else other.thickness
        foils = positive * how["Positive foil thickness [m]"]
        foils += negative * how["Negative foil thickness [m]"]
        return how.layers * each + foils + 2 * how["Pouch thickness [m]"]

    @cached_property
    def bare_volume(self) -> float:
        """Of the cell without its holder, its tabs left out [m3]."""
        return self.footprint[0] * self.footprint[1] * self.thickness

    @cached_property
    def bare(self) -> list[Part]:
        """Layers, foils, tabs and pouch."""
        how = self.how
        overhangs = {
            "Positive electrode": 0.0,
            "Separator": how["Separator overhang [m]"],
            "Negative electrode": how["Negative overhang [m]"],
        }
        parts = [
            Part(layer, material, how.layers * self._area(overhangs[layer]) * mass)
            for layer, material, mass in masses(self.cell.design)
        ]
        for side, count, metal, tab in zip(
            ("Positive", "Negative"),
            law.sheets(how.layers),
            ("aluminium", "copper"),
            ("aluminium", "nickel"),
            strict=True,
        ):
            area = self._area(overhangs[f"{side} electrode"])
            sheet = how[f"{side} foil thickness [m]"] * how[f"{side} foil density [kg.m-3]"]
            parts.append(Part(f"{side} foils", metal, count * area * sheet))
            strip = how["Tab width share"] * self.size[0] * how["Tab length [m]"]
            strip *= how["Tab thickness [m]"] * how[f"{side} tab density [kg.m-3]"]
            parts.append(Part("Tabs", tab, strip))
        pouch = 2 * self.footprint[0] * self.footprint[1] * how["Pouch areal mass [kg.m-2]"]
        return [*parts, Part("Pouch", "laminate", pouch)]

    @cached_property
    def holder(self) -> tuple[list[Part], float]:
        """What holds it, and the volume of both together [m3]."""
        if self.how.holder == NONE or not self.pressure:
            return [], self.bare_volume
        return self._plates() if self.how.holder == PLATES else self._vessel()

    def _plates(self) -> tuple[list[Part], float]:
        """Two plates and bolts around the pouch, no farther from each other than its short side."""
        how = self.how
        short, long = sorted(self.footprint)
        bolts = 2 * (1 + ceil(long / short - 1e-9))
        force = self.pressure * self._area(0.0)
        diameter = law.bolt_diameter(force, bolts, how["Bolt stress [Pa]"])
        limits = (how["Plate modulus [Pa]"], how["Plate stress [Pa]"], how["Plate sag"])
        plate = law.plate_thickness(self.pressure, short + diameter, *limits)
        area = (short + 4 * diameter) * (long + 4 * diameter)  # 1.5 diameters outside their axes
        height = self.thickness + 2 * plate
        length = height + how["Bolt ends"] * diameter
        steel = bolts * pi * diameter**2 / 4 * length * how["Bolt density [kg.m-3]"]
        parts = [
            Part("Plates", "steel", 2 * plate * area * how["Plate density [kg.m-3]"], True),
            Part("Bolts", "steel", steel, True),
        ]
        return parts, area * height

    def _vessel(self) -> tuple[list[Part], float]:
        """A sphere that gas fills around the pouch."""
        how, stress = self.how, self.how["Vessel stress [Pa]"]
        if self.pressure > THINNEST * stress:
            raise InputError(
                f"no thin wall holds {said(self.pressure, 'MPa')} at 'Vessel stress [MPa]' "
                f"{in_unit(stress, 'MPa'):g}: take plates."
            )
        volume = self.bare_volume / how["Vessel share filled"]
        density = how["Vessel density [kg.m-3]"]
        wall = law.vessel_mass(self.pressure, volume, density, stress)
        free = volume - self.bare_volume
        gas = law.gas_mass(self.pressure, free, self.temperature, how["Gas molar mass [kg.mol-1]"])
        parts = [Part("Vessel", "steel", wall, True), Part("Gas", "gas", gas, True)]
        return parts, volume + wall / density

    @property
    def parts(self) -> list[Part]:
        return [*self.bare, *self.holder[0]]

    def row(self, energy: float | None) -> dict[str, Any]:
        """What it gives where the cell gives so much energy [mW.h.cm-2]; columns."""
        bare = sum(part.mass for part in self.bare)
        whole = sum(part.mass for part in self.parts)
        joule = None
        if energy is not None:
            joule = convert(energy, "mW.h.cm-2", "J.m-2") * self.how.layers * self._area(0.0)
        per = {
            SPECIFIC: whole,
            DENSITY: self.holder[1],
            OF_THE_CELL[SPECIFIC]: bare,
            OF_THE_CELL[DENSITY]: self.bare_volume,
        }
        row = {name: None if joule is None else joule / amount for name, amount in per.items()}
        row |= {"Delivered energy [W.h]": joule, "Mass [g]": whole, "Holder mass [g]": whole - bare}
        row |= {"Cell thickness [mm]": self.thickness, "Volume [cm3]": self.holder[1]}
        return in_columns(row)
