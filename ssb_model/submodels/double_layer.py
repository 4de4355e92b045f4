"""Double layer of the contacted surface."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.electrolyte_conductivity.surface_potential_form import (
    FullDifferential,
)


class ContactDoubleLayer(FullDifferential):
    """Capacitance C_dl theta per particle surface: what does not touch stores no charge.

    .. math::
        \\theta a C_{dl} \\partial_t \\Delta\\phi = \\nabla \\cdot i_e - \\sum a j, \\quad
        i_e = \\frac{\\kappa \\sigma \\nabla \\Delta\\phi + \\kappa i}{\\kappa + \\sigma}

    PyBaMM's own form adds the gradient and i/sigma before it averages, which divides by zero at
    rest where sigma depends on the lithium content.
    """

    def get_coupled_variables(self, variables):
        if self.domain == "separator":
            return super().get_coupled_variables(variables)
        domain, Domain = self.domain_Domain
        i = variables["Current collector current density [A.m-2]"]
        delta_phi = variables[f"{Domain} electrode surface potential difference [V]"]
        series, sigma = self._get_conductivities(variables)
        i_e = series * pybamm.grad(delta_phi) + series / sigma * i
        variables[f"{Domain} electrolyte current density [A.m-2]"] = i_e
        variables[f"{Domain} electrolyte potential [V]"] = (
            variables[f"{Domain} electrode potential [V]"] - delta_phi
        )
        if domain == "positive":
            self._join_domains(variables)
        # all current electronic at the collector, all ionic at the separator
        collector, separator = ("left", "right") if domain == "negative" else ("right", "left")
        at_collector = -i * pybamm.boundary_value(1 / sigma, collector)
        at_separator = i / pybamm.boundary_value(series, separator) - i * pybamm.boundary_value(
            1 / sigma, separator
        )
        variables[f"{domain} grad(delta_phi) {collector}"] = at_collector
        variables[f"{domain} grad(delta_phi) {separator}"] = at_separator
        variables[f"{domain} grad(c_e) internal"] = pybamm.Scalar(0)
        return variables

    def _join_domains(self, variables):
        """Potential and current of the electrolyte over the whole cell."""
        potentials, currents = (
            {
                domain: variables[f"{domain.split()[0].capitalize()} electrolyte {name}"]
                for domain in self.options.whole_cell_domains
            }
            for name in ("potential [V]", "current density [A.m-2]")
        )
        variables.update(self._get_standard_potential_variables(potentials))
        i_e = pybamm.concatenation(*currents.values())
        variables.update(self._get_standard_current_variables(i_e))
        variables.update(self._get_electrolyte_overpotentials(variables))

    def set_rhs(self, variables):
        super().set_rhs(variables)
        if self.domain == "separator":
            return
        Domain = self.domain.capitalize()
        delta_phi = variables[f"{Domain} electrode surface potential difference [V]"]
        self.rhs[delta_phi] /= variables[f"{Domain} electrode contact fraction"]
