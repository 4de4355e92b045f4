"""The one place where a recipe becomes layers and capacities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ssb_model.errors import CellFileError, RecipeError
from ssb_model.laws import blend, cover, recipe
from ssb_model.parameters.blend import (
    DIAMETER,
    Kind,
    in_common,
    kinds_of,
    of_both_grains,
    weights_of,
)
from ssb_model.parameters.cell_file import CellFile, Section
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.networks import ELECTRONIC, IONIC, Networks
from ssb_model.parameters.planar import Planar, Plate
from ssb_model.parameters.records import FIBRE, FILM
from ssb_model.quantities.units import in_unit
from ssb_model.submodels.anodes import anode

HECKEL = ("Heckel intercept", "Heckel slope [Pa-1]")
NEAR = 0.03  # of the volume, above a threshold


@dataclass(frozen=True)
class Composite:
    """A pressed mixture of active material and electrolyte."""

    section: Section
    layer: recipe.Layer
    own_electrolyte: bool = False  # another than the separator's
    kinds: tuple[Kind, ...] = ()  # of a blend; the section holds what they have in common

    @property
    def active(self) -> float:
        """Volume fraction of active material, connected or not."""
        if self.kinds:
            return sum(kind.volume for kind in self.kinds)
        return self.layer.fractions[self.section.words["active_material"]]

    @property
    def electrolyte(self) -> float:
        return self.layer.fractions[self.section.words["electrolyte"]]

    @property
    def size_ratio(self) -> float:
        s = self.section
        return s["Electrolyte grain size [m]"] / s["Active material diameter [m]"]

    @property
    def networks(self) -> Networks:
        """What follows from the recipe of what is connected and covered."""
        fibre, of_fibre = self.fibre
        entries = {**self.section.electrolyte, **self.section.entries}
        thresholds = {
            "ionic percolation threshold": lambda: self.ionic_threshold,
            "electronic percolation threshold": lambda: self.electronic_threshold,
        }

        def number(name: str) -> float:
            key = f"{name[0].upper()}{name[1:]}"
            if name in thresholds:
                return thresholds[name]()
            return entries[key].value if key in entries else self.section[key]

        by_fibre = 0.0
        if of_fibre:
            by_fibre = cover.connected_by_fibre(fibre, of_fibre[FIBRE[1].name].value)
        sizes = self.electrolyte, self.active, self.layer.porosity, self.size_ratio
        return Networks(number, *sizes, by_fibre, self.bare)

    @property
    def surface_offered(self) -> float:
        """Electrolyte grain surface over active particle surface."""
        return self.networks.surface_offered

    @property
    def additives(self) -> float:
        """Volume fraction of binder and carbon."""
        return sum(self.layer.fractions[name] for name in self.section.additives)

    @property
    def fibre(self) -> tuple[float, dict[str, Entry]]:
        """Volume fraction of conductive fibre and its entries, if any."""
        for name, entries in self.section.additives.items():
            if FIBRE[0].name in entries:
                return self.layer.fractions[name], entries
        return 0.0, {}

    @property
    def bare(self) -> float:
        """Share of all surfaces without a film of binder that was dissolved in a slurry."""
        section, free = self.section, 1.0
        surface = recipe.surface_of_spheres(self.active, section["Active material diameter [m]"])
        surface += recipe.surface_of_spheres(
            self.electrolyte, section["Electrolyte grain size [m]"]
        )
        for name, entries in section.additives.items():
            if FILM in entries:
                patch = entries[FILM].value
                free *= cover.bare_share(self.layer.fractions[name], surface, patch)
        return free

    @property
    def ionic_threshold(self) -> float:
        """Volume fraction of electrolyte from which on it conducts through the layer."""
        return self.section.get("Ionic percolation threshold", self.networks.threshold(IONIC))

    @property
    def electronic_threshold(self) -> float:
        """Volume fraction of active material from which on it conducts through the layer."""
        key = "Electronic percolation threshold"
        return self.section.get(key, self.networks.threshold(ELECTRONIC))

    @property
    def cautions(self) -> list[str]:
        """What of the mixture lies next to a threshold, where layers of one recipe differ most."""
        networks = (
            ("electrolyte", "ions", self.electrolyte, self.ionic_threshold),
            ("active material", "electrons", self.active, self.electronic_threshold),
        )
        return [
            f"the {what} of the {self.section.name} electrode, {100 * share:.3g} % of its volume, "
            f"is {'below' if share < threshold else 'close to'} its percolation threshold of "
            f"{100 * threshold:.3g} %: {who} find few paths, layers of one recipe differ most here"
            for what, who, share, threshold in networks
            if share < threshold + NEAR and not (who == "electrons" and self.fibre[1])
        ]

    @property
    def utilisation(self) -> float:
        """Share of the active material on both networks, of ions and of electrons."""
        if "Utilisation" in self.section:
            return self.section["Utilisation"]
        return self.networks.utilisation

    @property
    def coverage_ceiling(self) -> float:
        """The highest cover there can be; of a blend the mean by surface."""
        if "Coverage ceiling" in self.section:
            return self.section["Coverage ceiling"]
        if not self.kinds:
            return self.networks.ceiling()
        sizes = [kind.diameter / self.section[DIAMETER] for kind in self.kinds]
        return blend.mean(self.surface_shares, [self.networks.ceiling(size) for size in sizes])

    @property
    def surface_shares(self) -> list[float]:
        """Of both kinds of a blend."""
        if not self.kinds:
            return []
        volumes = [kind.volume for kind in self.kinds]
        return blend.surface_shares(volumes, [kind.diameter for kind in self.kinds])

    @property
    def particle_surface(self) -> float:
        """Surface of all active particles as spheres [m2 per m2 of electrode]."""
        per_volume = recipe.surface_of_spheres(
            self.active, self.section["Active material diameter [m]"]
        )
        return per_volume * self.layer.thickness

    @property
    def mass_of_active(self) -> float:
        """Mass of all active material per area [kg m-2]."""
        return self.active * self.layer.thickness * self.section["Density [kg.m-3]"]

    @property
    def grams(self) -> float:
        """Mass of all active material per area [g cm-2]."""
        return in_unit(self.mass_of_active, "g.cm-2")

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


@dataclass(frozen=True)
class Design:
    """Layers and capacities that follow from a cell file, before any potential is known."""

    file: CellFile

    @cached_property
    def positive(self) -> Composite | Plate:
        section = self.file.positive
        if section.words["form"] == "composite":
            return self._composite(section)
        with section.naming():
            return Plate(section, *anode("layer").made(section, self.nominal_capacity))

    @cached_property
    def negative(self) -> Composite | Planar:
        section = self.file.negative
        kind = anode(section.words["form"])
        if not kind.planar:
            return self._composite(section)
        with section.naming():
            return Planar(section, *kind.made(section, self.nominal_capacity))

    @cached_property
    def separator(self) -> recipe.Layer:
        section = self.file.separator
        porosity = section.get("Porosity")
        if "Loading [kg.m-2]" in section and "Thickness [m]" in section:
            return self._pressed(section, section["Loading [kg.m-2]"], porosity)
        porosity = self._heckel(section) if porosity is None else porosity
        if "Loading [kg.m-2]" in section:
            return self._pressed(section, section["Loading [kg.m-2]"], porosity)
        with section.naming():
            fractions, _ = recipe.solid_volume_fractions(*weights_and_densities(section))
            if not 0 <= porosity < 1:
                raise RecipeError(f"porosity must lie between 0 and 1, not {porosity:g}.")
        solid = {name: share * (1 - porosity) for name, share in fractions.items()}
        return recipe.Layer(section["Thickness [m]"], porosity, solid)

    @property
    def area(self) -> float:
        cell = self.file.cell
        if "Electrode area [m2]" in cell:
            return cell["Electrode area [m2]"]
        return cell["Electrode width [m]"] * cell["Electrode height [m]"]

    @property
    def np_ratio(self) -> float:
        """Theoretical charge of the negative over the nominal charge of the positive electrode."""
        return self.negative.theoretical_capacity / self.nominal_capacity

    @property
    def nominal_capacity(self) -> float:
        """Charge per area 1C refers to [C m-2]."""
        cell = self.file.cell
        if "Nominal areal capacity [C.m-2]" in cell:
            return cell["Nominal areal capacity [C.m-2]"]
        return self.positive.theoretical_capacity

    @property
    def one_c(self) -> float:
        """Current per area of 1C [A m-2], which passes the nominal capacity in an hour."""
        return in_unit(self.nominal_capacity, "A.h.m-2")

    def _composite(self, section: Section) -> Composite:
        with section.naming():
            weights, _ = weights_and_densities(section)
            composite = "Composite loading [kg.m-2]"
            active = "Active material loading [kg.m-2]"
            if (composite in section) == (active in section):
                raise RecipeError(
                    "give the loading of the composite or of its active material, one of the two."
                )
            if composite in section:
                loading = section[composite]
            else:
                share = 100 * sum(weights_of(section).values()) / sum(weights.values())
                loading = section[active] / share
        porosity = section.get("Porosity")
        if porosity is None and "Thickness [m]" not in section:
            porosity = self._heckel(section)
        elif given := sorted({*HECKEL} & {*section.entries}):
            raise RecipeError(
                f"{section.where}: porosity or thickness is given, '{given[0]}' would say nothing: "
                "leave out one of both."
            )
        layer = self._pressed(section, loading, porosity)
        with section.naming():
            kinds = kinds_of(section, layer.fractions)
            common = of_both_grains(in_common(section, kinds))
        composite = Composite(common, layer, self.file.has_own_electrolyte(section), kinds)
        with section.naming():
            composite.check_network()
        return composite

    def _heckel(self, section: Section) -> float:
        """Of the layer's own constants, or of its electrolyte's pressed alone."""
        constants = {**section.electrolyte, **section.entries}
        pressure = self.file.cell["Fabrication pressure [Pa]"]
        return recipe.heckel_porosity(pressure, *(constants[name].value for name in HECKEL))

    def _pressed(self, section: Section, loading: float, porosity: float | None) -> recipe.Layer:
        thickness = section.get("Thickness [m]")
        with section.naming():
            return recipe.pressed_layer(
                *weights_and_densities(section), loading, thickness=thickness, porosity=porosity
            )


def weights_and_densities(section: Section) -> tuple[dict[str, float], dict[str, float]]:
    """Weight percents and densities of a section's mixture."""
    weights = {name: 100 * share for name, share in section["Composition"].items()}
    densities = {}
    for name in weights:
        if name == section.words.get("active_material"):
            densities[name] = section["Density [kg.m-3]"]
        elif section.second and name == section.second.words["active_material"]:
            densities[name] = section.second["Density [kg.m-3]"]
        elif name == section.words["electrolyte"]:
            densities[name] = section.electrolyte["Density [kg.m-3]"].value
        elif "Density [kg.m-3]" in section.additives[name]:
            densities[name] = section.additives[name]["Density [kg.m-3]"].value
        else:
            raise CellFileError(f"{name}.toml: 'Density [kg.m-3]' is missing.")
    return weights, densities
