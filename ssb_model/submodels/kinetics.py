"""Charge transfer at the contacted surface of particles."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.base_interface import BaseInterface

from ssb_model.laws import interface
from ssb_model.submodels.blend import blended, numbers_by_class

CURRENT = {
    "symmetric Butler-Volmer": interface.butler_volmer,
    "linear": interface.linear,
}


class ContactKinetics(BaseInterface):
    """Reaction on the share of the surface in contact, and a film in series with it.

    .. math::
        j = \\theta \\, j_c(\\Delta\\phi_{rxn} - U(c_{contact})), \\quad
        \\phi_s - \\phi_e = \\Delta\\phi_{rxn} + r_{film} \\, j / \\theta

    Without a film the potential difference across the reaction is that of the surface; with
    one it is a state of its own.
    """

    def __init__(self, param, domain, options):
        super().__init__(param, domain, "lithium-ion main", options)
        domain_options = getattr(options, domain)
        self.current = CURRENT[domain_options["intercalation kinetics"]]
        self.has_film = domain_options["film"] != "none"
        self.distribution = " distribution" if self.size_distribution else ""

    @property
    def _reaction_name(self):
        Domain = self.domain.capitalize()
        return f"{Domain} electrode reaction potential difference{self.distribution} [V]"

    def get_fundamental_variables(self):
        if not self.has_film:
            return {}
        domain = f"{self.domain} electrode"
        domains = {"primary": domain, "secondary": "current collector"}
        if self.size_distribution:
            domains = {
                "primary": f"{self.domain} particle size",
                "secondary": domain,
                "tertiary": "current collector",
            }
        reaction = pybamm.Variable(
            self._reaction_name, domains=domains, reference=self.phase_param.U_init
        )
        return {self._reaction_name: reaction}

    def _per_size(self, symbol):
        """Give an electrode variable the particle-size axis, where there is one."""
        if not self.size_distribution or symbol.domain == []:
            return symbol
        return pybamm.PrimaryBroadcast(symbol, [f"{self.domain} particle size"])

    def get_coupled_variables(self, variables):
        domain, Domain = self.domain_Domain
        electrode = f"{Domain} electrode"
        U = variables[f"{electrode} open-circuit potential{self.distribution} [V]"]
        delta_phi, T, c_e, theta, film = (
            self._per_size(variables[name])
            for name in (
                f"{electrode} surface potential difference [V]",
                f"{electrode} temperature [K]",
                f"{Domain} electrolyte concentration [mol.m-3]",
                f"{electrode} contact fraction",
                f"{electrode} film resistance [Ohm.m2]",
            )
        )
        if blended(domain, self.options):
            theta = theta * numbers_by_class(domain, "relative cover", U)
            film = film * numbers_by_class(domain, "relative film", U)
        c_contact = variables[f"{Domain} particle contact concentration [mol.m-3]"]
        j0 = self.phase_param.j0(c_e, c_contact, T)
        eta_transfer = variables.get(self._reaction_name, delta_phi) - U
        j_contact = self.current(eta_transfer, j0, T)
        eta_film = j_contact * film
        eta = delta_phi - U
        j = theta * j_contact
        variables[f"{electrode} film residual [V]"] = eta - eta_transfer - eta_film

        if self.size_distribution:
            slope = theta / (interface.linear_overpotential(1, j0, T) + film)
            variables[f"{electrode} contact conductance [S.m-2]"] = pybamm.size_average(slope)
            variables.update(self._get_standard_size_distribution_interfacial_current_variables(j))
            variables.update(self._get_standard_size_distribution_exchange_current_variables(j0))
            variables.update(self._get_standard_size_distribution_overpotential_variables(eta))
        variables.update(self._get_standard_interfacial_current_variables(j))
        variables.update(
            self._get_standard_total_interfacial_current_variables(
                *self._get_average_total_interfacial_current_density(variables)
            )
        )
        variables.update(self._get_standard_exchange_current_variables(j0))
        # heat counts the whole loss, so PyBaMM's "reaction overpotential" holds the film's too
        variables.update(self._get_standard_overpotential_variables(eta))
        variables.update(self._get_standard_sei_film_overpotential_variables(pybamm.Scalar(0)))
        variables.update(self._get_standard_volumetric_current_density_variables(variables))
        for name, part in (("charge-transfer", eta_transfer), ("film", eta_film)):
            part = pybamm.size_average(part) if self.size_distribution else part
            variables[f"{electrode} {name} overpotential [V]"] = part
            variables[f"X-averaged {domain} electrode {name} overpotential [V]"] = pybamm.x_average(
                part
            )
        return variables

    def set_algebraic(self, variables):
        if self.has_film:
            residual = variables[f"{self.domain.capitalize()} electrode film residual [V]"]
            self.algebraic = {variables[self._reaction_name]: residual}

    def set_initial_conditions(self, variables):
        if self.has_film:
            self.initial_conditions = {variables[self._reaction_name]: self.phase_param.U_init}
