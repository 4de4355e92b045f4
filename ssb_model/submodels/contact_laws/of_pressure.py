"""Laws of contact that follow the pressure there is, and the highest there was."""

from __future__ import annotations

from ssb_model.laws import micro_contact
from ssb_model.quantities.declared import ELECTROLYTE
from ssb_model.submodels.contact_laws.law import Constant, PressureLaw

HARDNESS = Constant(
    "Contact hardness [Pa]",
    "hardness",
    "Pressure that forms contact.",
    through=("{place} contact fraction", "{pellet} reference relative contact"),
)


class Plastic(PressureLaw):
    """Contact as on first loading at the stack pressure, whatever came before."""

    name = "plastic"
    constants = (HARDNESS,)
    highest_counts = False

    def relative_contact(self, pressure, highest, constants):
        return micro_contact.formed(pressure, constants.hardness)


class Hertz(PressureLaw):
    """What the highest pressure formed at first, held elastically and without bonds."""

    name = "Hertz"
    constants = (HARDNESS,)

    def relative_contact(self, pressure, highest, constants):
        return micro_contact.hertz(pressure, highest, constants.hardness)


class Persson(PressureLaw):
    """Elastic contact of rough faces."""

    name = "Persson"
    constants = (
        Constant(
            "Contact modulus [Pa]",
            "modulus",
            "Young's modulus of the electrolyte's faces.",
            at=(ELECTROLYTE,),
        ),
        Constant(
            "Surface gradient",
            "slope",
            "Root mean square slope of the electrolyte's faces.",
            at=(ELECTROLYTE,),
        ),
    )
    highest_counts = False

    def relative_contact(self, pressure, highest, constants):
        return micro_contact.persson(pressure, constants.modulus, constants.slope)
