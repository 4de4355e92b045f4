"""Contact fraction: the share of an electrode's surface that touches electrolyte.

Fills PyBaMM's slot "interface utilisation", which multiplies the exchange current and leaves
the flux into the particles and the charge balance alone.
"""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.interface_utilisation.base_utilisation import BaseModel


class BaseContact(BaseModel):
    """Publishes a contact fraction under its own name and under PyBaMM's."""

    def _parameter(self, name):
        return pybamm.Parameter(f"{self.domain.capitalize()} electrode {name}")

    def _contact_fraction(self, variables):
        raise pybamm.ModelError("a contact law states its contact fraction")

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain} electrode"
        theta = self._contact_fraction(variables)
        if theta.domain == []:
            theta = pybamm.FullBroadcast(theta, electrode, "current collector")
        variables.update(self._get_standard_interface_utilisation_variables(theta))
        variables.update(self._with_average("contact fraction", theta))
        return variables

    def _with_average(self, name, symbol):
        electrode = f"{self.domain} electrode"
        return {
            f"{electrode.capitalize()} {name}": symbol,
            f"X-averaged {electrode} {name}": pybamm.x_average(symbol),
        }


class ConstantContact(BaseContact):
    """The contact fraction is a number, "Positive electrode contact fraction"."""

    def _contact_fraction(self, variables):
        return self._parameter("contact fraction")


class PressedContact(BaseContact):
    """The coverage ceiling times what pressure made of it."""

    def _contact_fraction(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        ceiling = self._parameter("coverage ceiling")
        theta = ceiling * variables[f"{electrode} relative contact"]
        for part in ("bonded", "pressed"):
            share = variables.get(f"{electrode} {part} part of relative contact")
            if share is not None:
                variables.update(self._with_average(f"{part} contact fraction", ceiling * share))
        return theta
