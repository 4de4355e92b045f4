"""The one place where a recipe becomes layers and capacities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ssb_model.errors import CellFileError, RecipeError
from ssb_model.laws import recipe
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters.cell_file import CellFile, Section
from ssb_model.parameters.layers import Composite, Planar


@dataclass(frozen=True)
class Design:
    """Layers and capacities that follow from a cell file, before any potential is known."""

    file: CellFile

    @cached_property
    def positive(self) -> Composite:
        return self._composite(self.file.positive)

    @cached_property
    def negative(self) -> Composite | Planar:
        section = self.file.negative
        if section.words["form"] == "composite":
            return self._composite(section)
        c_max = section["Maximum concentration [mol.m-3]"]
        if section.words["form"] == "foil":
            return Planar(section, section["Thickness [m]"], c_max)
        return self._layer(section, c_max)

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
            fractions, _ = recipe.solid_volume_fractions(*_weights(section))
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

    def _composite(self, section: Section) -> Composite:
        with section.naming():
            weights, _ = _weights(section)
            composite = "Composite loading [kg.m-2]"
            active = "Active material loading [kg.m-2]"
            if (composite in section) == (active in section):
                raise RecipeError(
                    "give the loading of the composite or of its active material, one of the two."
                )
            if composite in section:
                loading = section[composite]
            else:
                share = weights[section.words["active_material"]] / sum(weights.values())
                loading = section[active] / share
        porosity = section.get("Porosity")
        if porosity is None and "Thickness [m]" not in section:
            porosity = self._heckel(section)
        composite = Composite(section, self._pressed(section, loading, porosity))
        with section.naming():
            composite.check_network()
        return composite

    def _heckel(self, section: Section) -> float:
        se = section.electrolyte
        return recipe.heckel_porosity(
            self.file.cell["Fabrication pressure [Pa]"],
            se["Heckel intercept"].value,
            se["Heckel slope [Pa-1]"].value,
        )

    def _pressed(self, section: Section, loading: float, porosity: float | None) -> recipe.Layer:
        thickness = section.get("Thickness [m]")
        with section.naming():
            return recipe.pressed_layer(
                *_weights(section), loading, thickness=thickness, porosity=porosity
            )

    def _layer(self, section: Section, c_max: float) -> Planar:
        porosity = section.get("Porosity", 0.0)
        with section.naming():
            if not 0 <= porosity < 1:
                raise RecipeError(f"porosity must lie between 0 and 1, not {porosity:g}.")
            ways = [k for k in ("N/P ratio", "Loading [kg.m-2]", "Thickness [m]") if k in section]
            if len(ways) != 1:
                raise RecipeError("give one of 'N/P ratio', 'Loading' and 'Thickness'.")
            if ways[0] == "Thickness [m]":
                dense = section["Thickness [m]"] * (1 - porosity)
            elif ways[0] == "Loading [kg.m-2]":
                dense = section["Loading [kg.m-2]"] / section["Density [kg.m-3]"]
            else:
                ratio = section["N/P ratio"]
                if not ratio > 0:
                    raise RecipeError(f"the N/P ratio must be positive, not {ratio:g}.")
                dense = ratio * self.nominal_capacity / (FARADAY * c_max)
        return Planar(section, dense / (1 - porosity), c_max * (1 - porosity))


def _weights(section: Section) -> tuple[dict[str, float], dict[str, float]]:
    """Weight percents and densities of a section's mixture."""
    weights = {name: 100 * share for name, share in section["Composition"].items()}
    densities = {}
    for name in weights:
        if name == section.words.get("active_material"):
            densities[name] = section["Density [kg.m-3]"]
        elif name == section.words["electrolyte"]:
            densities[name] = section.electrolyte["Density [kg.m-3]"].value
        elif "Density [kg.m-3]" in section.additives[name]:
            densities[name] = section.additives[name]["Density [kg.m-3]"].value
        else:
            raise CellFileError(f"{name}.toml: 'Density [kg.m-3]' is missing.")
    return weights, densities
