"""Kinds of negative electrode: what each is made of, holds and remembers, in file and model.

A kind is a choice of the option "negative electrode" and a form of the section [negative]. One of
a user's own is a class derived from ``Layer`` or ``Foil`` and registered.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ssb_model.errors import InputError, RecipeError
from ssb_model.extensions import registered
from ssb_model.laws.interface import FARADAY
from ssb_model.quantities.declared import Declared
from ssb_model.submodels.planar import FoilReservoir, LayerDiffusion


class Anode:
    """Abstract: a kind of negative electrode by its name."""

    extension: ClassVar[str] = "negative electrode"
    name: ClassVar[str]
    form: ClassVar[str]  # whose keys its section may hold and cannot do without
    example: ClassVar[str]  # cell of the package that stands for it
    lithium: ClassVar[type | None] = None  # submodel of a planar one
    surface: ClassVar[str]  # variable of the lithium the reaction sees
    host: ClassVar[bool] = True  # lithium goes into it from empty to full; a metal has no end
    resolved: ClassVar[bool] = False  # lithium diffuses through its depth
    pressed_with_cell: ClassVar[bool] = True  # else put on later
    constants: ClassVar[tuple[Declared, ...]] = ()

    @property
    def planar(self) -> bool:
        return self.lithium is not None

    def check_extension(self) -> None:
        if self.name in OWN:
            raise InputError(f"a negative electrode '{self.name}' is there already.")
        if not self.planar or self.form not in OWN:
            raise InputError(
                f"negative electrode '{self.name}': derive it from Layer or Foil, which say how "
                "lithium lies in it."
            )


class Composite(Anode):
    """Particles pressed with electrolyte."""

    name = form = "composite"
    example = "NCM523_LPSCl_Graphite"
    surface = "Negative particle surface stoichiometry"


class Layer(Anode):
    """A dense layer, as of silicon, that lithium diffuses through."""

    name = form = "layer"
    example = "NCM811_LPSCl_Si"
    lithium = LayerDiffusion
    surface = "Negative layer stoichiometry"
    resolved = True

    def made(self, section: Any, nominal_capacity: float) -> tuple[float, float]:
        """Thickness [m], and lithium it holds per volume with its voids [mol m-3]."""
        c_max = section["Maximum concentration [mol.m-3]"]
        porosity = section.get("Porosity", 0.0)
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
            dense = ratio * nominal_capacity / (FARADAY * c_max)
        return dense / (1 - porosity), c_max * (1 - porosity)


class Foil(Anode):
    """A metal foil, Li or Li-In, whose lithium is counted and not resolved."""

    name = form = "foil"
    example = "NCM811_LPSCl_Li"
    lithium = FoilReservoir
    surface = "Negative electrode stoichiometry"
    host = False
    pressed_with_cell = False

    def made(self, section: Any, nominal_capacity: float) -> tuple[float, float]:
        """Thickness [m], and lithium it holds per volume [mol m-3]."""
        return section["Thickness [m]"], section["Maximum concentration [mol.m-3]"]


OWN = {anode.name: anode for anode in (Composite(), Layer(), Foil())}


def anodes() -> dict[str, Anode]:
    """Every kind by its name, the default first."""
    return {**OWN, **registered(Anode.extension)}


def anode(name: str) -> Anode:
    """A kind by its name."""
    known = anodes()
    if name not in known:
        raise InputError(f"no negative electrode '{name}' here: load the file that has it.")
    return known[name]
