"""The two kinds of electrode a recipe makes, and what follows from each."""

from __future__ import annotations

from dataclasses import dataclass

from ssb_model.errors import RecipeError
from ssb_model.laws import contact, recipe, transport
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters.cell_file import Section


@dataclass(frozen=True)
class Composite:
    """A pressed mixture of active material and electrolyte."""

    section: Section
    layer: recipe.Layer

    @property
    def active(self) -> float:
        """Volume fraction of active material, connected or not."""
        return self.layer.fractions[self.section.words["active_material"]]

    @property
    def electrolyte(self) -> float:
        return self.layer.fractions[self.section.words["electrolyte"]]

    @property
    def size_ratio(self) -> float:
        s = self.section
        return s["Electrolyte grain size [m]"] / s["Active material diameter [m]"]

    @property
    def surface_offered(self) -> float:
        """Electrolyte grain surface over active particle surface."""
        return contact.surface_ratio(self.electrolyte, self.active, 1.0, self.size_ratio)

    @property
    def ionic_threshold(self) -> float:
        """Volume fraction of electrolyte from which on it conducts through the layer."""
        se = self.section.electrolyte
        law = transport.percolation_threshold(
            self.size_ratio,
            se["Ionic percolation threshold at equal size"].value,
            se["Ionic percolation size exponent"].value,
        )
        return self.section.get("Ionic percolation threshold", law)

    @property
    def utilisation(self) -> float:
        if "Utilisation" in self.section:
            return self.section["Utilisation"]
        contacts = self.section.electrolyte["Contacts per surface"].value
        return contact.utilisation(self.surface_offered, contacts)

    @property
    def coverage_ceiling(self) -> float:
        if "Coverage ceiling" in self.section:
            return self.section["Coverage ceiling"]
        se = self.section.electrolyte
        return contact.coverage_ceiling(
            self.surface_offered,
            self.layer.porosity,
            se["Coverage factor"].value,
            se["Coverage surface exponent"].value,
            se["Coverage void limit"].value,
            se["Coverage void exponent"].value,
        )

    @property
    def particle_surface(self) -> float:
        """Surface of all active particles as spheres [m2 per m2 of electrode]."""
        active, diameter = self.section.words["active_material"], "Active material diameter [m]"
        per_volume = self.layer.surface_per_volume(active, self.section[diameter])
        return per_volume * self.layer.thickness

    @property
    def mass_of_active(self) -> float:
        """Mass of all active material per area [kg m-2]."""
        return self.active * self.layer.thickness * self.section["Density [kg.m-3]"]

    @property
    def theoretical_capacity(self) -> float:
        """Charge of all active material per area, F c_max eps L [C m-2]."""
        c_max = self.section["Maximum concentration [mol.m-3]"]
        return self.mass_of_active * recipe.specific_capacity(
            c_max, self.section["Density [kg.m-3]"]
        )

    @property
    def connected_capacity(self) -> float:
        """Charge of the active material that is connected [C m-2]."""
        return self.utilisation * self.theoretical_capacity

    def check_network(self) -> None:
        """A composite whose electrolyte reaches nothing cannot work; say which number it is."""
        section, porosity = self.section, self.layer.porosity
        limit = section.electrolyte["Coverage void limit"].value
        given = "Coverage ceiling" in section or "Contact fraction" in section
        if porosity >= limit and not given:
            raise RecipeError(
                f"no contact left at a porosity of {porosity:.3g}: coverage ends at {limit:g} "
                "('Coverage void limit'). Press harder, or give the 'Contact fraction'."
            )
        threshold = self.ionic_threshold
        if self.electrolyte <= threshold and "Ionic transport efficiency" not in section:
            raise RecipeError(
                f"the electrolyte, {100 * self.electrolyte:.3g} % of the volume, lies below its "
                f"percolation threshold of {100 * threshold:.3g} %: no lithium reaches the depth. "
                "Add electrolyte, take finer grains, or give the 'Ionic transport efficiency'."
            )


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
