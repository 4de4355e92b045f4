"""Charge transfer at the contacted surface of particles."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.base_interface import BaseInterface

from ssb_model.laws import interface

OVERPOTENTIAL = {
    "symmetric Butler-Volmer": interface.butler_volmer_overpotential,
    "linear": interface.linear_overpotential,
}


class ContactKinetics(BaseInterface):
    """Reaction and film in series, on the share of the surface in contact.

    .. math:: \\phi_s - \\phi_e - U(c_{contact}) = \\eta(j/\\theta) + r_{film} j/\\theta

    The current density j, per particle surface, is the unknown, so that the equation is in
    volts and stays mild however large the overpotential.
    """

    def __init__(self, param, domain, options):
        super().__init__(param, domain, "lithium-ion main", options)
        self.overpotential = OVERPOTENTIAL[getattr(options, domain)["intercalation kinetics"]]

    def get_fundamental_variables(self):
        domain, Domain = self.domain_Domain
        if not self.size_distribution:
            j = pybamm.Variable(
                f"{Domain} electrode interfacial current density [A.m-2]",
                domain=f"{domain} electrode",
                auxiliary_domains={"secondary": "current collector"},
            )
            return self._get_standard_interfacial_current_variables(j)
        j = pybamm.Variable(
            f"{Domain} electrode interfacial current density distribution [A.m-2]",
            domain=f"{domain} particle size",
            auxiliary_domains={"secondary": f"{domain} electrode", "tertiary": "current collector"},
        )
        variables = self._get_standard_size_distribution_interfacial_current_variables(j)
        variables.update(self._get_standard_interfacial_current_variables(j))
        return variables

    def _per_size(self, symbol):
        """Give an electrode variable the particle-size axis, where there is one."""
        if not self.size_distribution:
            return symbol
        return pybamm.PrimaryBroadcast(symbol, [f"{self.domain} particle size"])

    def get_coupled_variables(self, variables):
        domain, Domain = self.domain_Domain
        distribution = " distribution" if self.size_distribution else ""
        j = variables[f"{Domain} electrode interfacial current density{distribution} [A.m-2]"]
        U = variables[f"{Domain} electrode open-circuit potential{distribution} [V]"]
        delta_phi = self._per_size(
            variables[f"{Domain} electrode surface potential difference [V]"]
        )
        T = self._per_size(variables[f"{Domain} electrode temperature [K]"])
        c_e = self._per_size(variables[f"{Domain} electrolyte concentration [mol.m-3]"])
        theta = self._per_size(variables[f"{Domain} electrode contact fraction"])
        film = variables[f"{Domain} electrode film resistance [Ohm.m2]"]
        if film.domain != []:
            film = self._per_size(film)

        j_contact = j / theta
        c_contact = variables[f"{Domain} particle contact concentration [mol.m-3]"]
        j0 = self.phase_param.j0(c_e, c_contact, T)
        eta_transfer = self.overpotential(j_contact, j0, T)
        eta_film = j_contact * film
        eta = delta_phi - U

        variables[f"{Domain} electrode kinetic residual [V]"] = eta - eta_transfer - eta_film
        if self.size_distribution:
            variables.update(self._get_standard_size_distribution_exchange_current_variables(j0))
            variables.update(self._get_standard_size_distribution_overpotential_variables(eta))
            j0, eta_transfer, eta_film = (
                pybamm.size_average(x) for x in (j0, eta_transfer, eta_film)
            )
        j_average, a_j_average = self._get_average_total_interfacial_current_density(variables)
        variables.update(
            self._get_standard_total_interfacial_current_variables(j_average, a_j_average)
        )
        variables.update(self._get_standard_exchange_current_variables(j0))
        # heat counts the whole loss, so PyBaMM's "reaction overpotential" holds the film's too
        variables.update(self._get_standard_overpotential_variables(eta))
        variables.update(self._get_standard_sei_film_overpotential_variables(pybamm.Scalar(0)))
        variables.update(self._get_standard_volumetric_current_density_variables(variables))
        for name, part in (("charge-transfer", eta_transfer), ("film", eta_film)):
            variables[f"{Domain} electrode {name} overpotential [V]"] = part
            variables[f"X-averaged {domain} electrode {name} overpotential [V]"] = (
                pybamm.x_average(part)
            )
        return variables

    def set_algebraic(self, variables):
        Domain = self.domain.capitalize()
        distribution = " distribution" if self.size_distribution else ""
        j = variables[f"{Domain} electrode interfacial current density{distribution} [A.m-2]"]
        self.algebraic = {j: variables[f"{Domain} electrode kinetic residual [V]"]}

    def set_initial_conditions(self, variables):
        Domain = self.domain.capitalize()
        distribution = " distribution" if self.size_distribution else ""
        j = variables[f"{Domain} electrode interfacial current density{distribution} [A.m-2]"]
        self.initial_conditions = {j: pybamm.Scalar(0)}
