"""Effective ionic conductivity of separator and composites, over that of the reference pellet."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.transport_efficiency.base_transport_efficiency import BaseModel

from ssb_model.laws import pressing, transport


class IonicTransport(BaseModel):
    """Tortuous paths and grain boundaries, by the laws the options name.

    .. math:: \\kappa_{eff} / \\kappa_{SE} = g(d_{SE}) \\, (\\epsilon_{SE} / \\tau^2)
        \\sqrt{\\theta / \\theta_{ref}}

    Necks between grains follow the contact of the separator's grains, in a composite that of
    its particles; theta_ref is that of the pellet whose conductivity is the reference.
    A measured efficiency holds the grain boundaries already, and so does the Bruggeman exponent
    of a parameter set, which repeats it; only the percolation law needs their factor.
    """

    def __init__(self, param, options):
        super().__init__(param, "Electrolyte", options)
        self.paths = {
            "percolation": self._percolation,
            "Bruggeman": self._bruggeman,
            "measured": self._measured,
        }[options["ionic transport"]]

    def get_coupled_variables(self, variables):
        tor = {}
        for domain in self.options.whole_cell_domains:
            paths = self.paths(domain, variables[f"{domain.capitalize()} porosity"])
            tor[domain] = paths * self._necks(domain, variables)
        variables.update(self._get_standard_transport_efficiency_variables(tor))
        return variables

    def _necks(self, domain, variables):
        if self.options.contact_law(domain.split()[0]) == "constant":
            return pybamm.Scalar(1)
        contact = variables[f"{domain.capitalize()} relative contact"]
        if contact.domain == []:
            contact = pybamm.FullBroadcast(contact, domain, "current collector")
        reference = pybamm.Parameter("Electrolyte reference relative contact")
        return pressing.grain_conductance(contact, reference)

    def _grain_boundaries(self, Domain):
        if self.options["grain boundaries"] == "none":
            return pybamm.Scalar(1)
        return transport.grain_conductivity_factor(
            pybamm.Parameter(f"{Domain} solid electrolyte grain size [m]"),
            pybamm.Parameter("Electrolyte reference grain size [m]"),
            pybamm.Parameter("Electrolyte grain boundary length [m]"),
        )

    def _percolation(self, domain, phi):
        Domain = domain.capitalize()
        threshold = pybamm.Parameter(f"{Domain} ionic percolation threshold")
        exponent = pybamm.Parameter(f"{Domain} ionic percolation exponent")
        return transport.percolation(phi, threshold, exponent) * self._grain_boundaries(Domain)

    def _bruggeman(self, domain, phi):
        exponent = self.param.domain_params[domain.split()[0]].b_e
        return transport.bruggeman(phi, exponent)

    def _measured(self, domain, phi):
        share = pybamm.Parameter(f"{domain.capitalize()} ionic transport efficiency")
        return pybamm.FullBroadcast(share, domain, "current collector")
