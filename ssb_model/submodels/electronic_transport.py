"""Effective electronic conductivity of composites, over that of the active material."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.transport_efficiency.base_transport_efficiency import BaseModel

from ssb_model.laws import transport


class ElectronicTransport(BaseModel):
    """A network of active material and, beside it, one of conductive fibre.

    .. math:: \\sigma_{eff} = \\sigma_{AM}(x, T) p(\\phi_{AM}) + \\sigma_f p(\\phi_f)

    PyBaMM multiplies the conductivity of the active material by a transport efficiency, so
    the efficiency published here is the sum divided by that conductivity.
    """

    def __init__(self, param, options):
        super().__init__(param, "Electrode", options)
        self.paths = {
            "percolation": self._percolation,
            "Bruggeman": self._bruggeman,
            "measured": self._measured,
        }[options["electronic transport"]]

    def get_coupled_variables(self, variables):
        tor = {}
        for domain in self.options.whole_cell_domains:
            if domain == "separator":
                tor[domain] = pybamm.FullBroadcast(0, "separator", "current collector")
            else:
                tor[domain] = self.paths(domain, variables)
        variables.update(self._get_standard_transport_efficiency_variables(tor))
        return variables

    def _active_conductivity(self, domain, variables):
        Domain = domain.split()[0].capitalize()
        sto = variables[f"{Domain} particle surface stoichiometry"]
        T = variables[f"{domain.capitalize()} temperature [K]"]
        return self.param.domain_params[domain.split()[0]].sigma(sto, T)

    def _percolation(self, domain, variables):
        Domain = domain.capitalize()
        active = transport.percolation(
            pybamm.Parameter(f"{Domain} total active material volume fraction"),
            pybamm.Parameter(f"{Domain} electronic percolation threshold"),
            pybamm.Parameter(f"{Domain} electronic percolation exponent"),
        )
        fibre = pybamm.Parameter(f"{Domain} fibre conductivity [S.m-1]") * transport.percolation(
            pybamm.Parameter(f"{Domain} fibre volume fraction"),
            pybamm.Parameter(f"{Domain} fibre percolation threshold"),
            pybamm.Parameter(f"{Domain} fibre percolation exponent"),
        )
        return active + fibre / self._active_conductivity(domain, variables)

    def _bruggeman(self, domain, variables):
        solids = 1 - variables[f"{domain.capitalize()} porosity"]
        return transport.bruggeman(solids, self.param.domain_params[domain.split()[0]].b_s)

    def _measured(self, domain, variables):
        effective = pybamm.Parameter(f"{domain.capitalize()} effective conductivity [S.m-1]")
        return effective / self._active_conductivity(domain, variables)
