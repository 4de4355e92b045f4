"""Contact fraction: the share of an electrode's surface that touches electrolyte.

Fills PyBaMM's slot "interface utilisation", which multiplies the exchange current and leaves
the flux into the particles and the charge balance alone. A law with states overrides
``get_fundamental_variables`` and ``set_rhs``; a law without needs ``_contact_fraction`` only.
"""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.interface_utilisation.base_utilisation import BaseModel

from ssb_model.laws import contact


class BaseContact(BaseModel):
    """Publishes a contact fraction under its own name and under PyBaMM's."""

    def _parameter(self, name):
        return pybamm.Parameter(f"{self.domain.capitalize()} electrode {name}")

    def _contact_fraction(self, variables):
        raise pybamm.ModelError("a contact law states its contact fraction")

    def get_coupled_variables(self, variables):
        Domain = self.domain.capitalize()
        theta = self._contact_fraction(variables)
        if theta.domain == []:
            theta = pybamm.FullBroadcast(theta, f"{self.domain} electrode", "current collector")
        variables.update(self._get_standard_interface_utilisation_variables(theta))
        variables.update(
            {
                f"{Domain} electrode contact fraction": theta,
                f"X-averaged {self.domain} electrode contact fraction": pybamm.x_average(theta),
            }
        )
        return variables


class ConstantContact(BaseContact):
    """The contact fraction is a number, "Positive electrode contact fraction"."""

    def _contact_fraction(self, variables):
        return self._parameter("contact fraction")


class BondedAndPressedContact(BaseContact):
    """A bonded share keeps what fabrication formed, the rest follows the stack pressure.

    .. math:: \\theta = \\theta_{max} (1 - e^{-P_{fab}/H}) [s + (1 - s) (P/P_{fab})^{2/3}]
    """

    def _contact_fraction(self, variables):
        return contact.contact_fraction(
            variables["Stack pressure [Pa]"],
            pybamm.Parameter("Fabrication pressure [Pa]"),
            self._parameter("coverage ceiling"),
            self._parameter("contact hardness [Pa]"),
            self._parameter("bonded share"),
        )
