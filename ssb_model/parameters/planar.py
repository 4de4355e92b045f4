"""Dense layers and foils: how thick they are and how much lithium they hold."""

from __future__ import annotations

from dataclasses import dataclass

from ssb_model.laws import recipe
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters.section import Section
from ssb_model.quantities.units import in_unit


@dataclass(frozen=True)
class Planar:
    """A dense layer or a foil."""

    section: Section
    thickness: float
    c_max: float  # per volume of layer, voids included

    @property
    def theoretical_capacity(self) -> float:
        return FARADAY * self.c_max * self.thickness

    connected_capacity = theoretical_capacity


@dataclass(frozen=True)
class Plate(Planar):
    """A dense layer as the positive electrode of a half cell."""

    utilisation = 1.0
    kinds = ()
    own_electrolyte = False

    @property
    def porosity(self) -> float:
        return self.section.get("Porosity", 0.0)

    @property
    def layer(self) -> recipe.Layer:
        return recipe.Layer(self.thickness, self.porosity, {})

    @property
    def mass_of_active(self) -> float:
        """Mass of all active material per area [kg m-2]."""
        return (1 - self.porosity) * self.thickness * self.section["Density [kg.m-3]"]

    @property
    def grams(self) -> float:
        """Mass of all active material per area [g cm-2]."""
        return in_unit(self.mass_of_active, "g.cm-2")
