"""Where charge goes: through the electrolyte, through electrodes, and into the double layer."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.electrolyte_conductivity import Full
from pybamm.models.submodels.electrolyte_conductivity.surface_potential_form import (
    FullDifferential,
)

# a solver asked for 1e-6 then resolves potentials to 10 uV; finer costs steps and shows nowhere
POTENTIAL_SCALE = 10.0  # V


class SingleIonOhm(Full):
    """Ohm's law and nothing else: no salt, no transference number, no diffusion potential.

    .. math:: i_e = -\\kappa_{eff} \\nabla \\phi_e, \\quad \\nabla \\cdot i_e = \\sum a j

    The flux is a product of a conductivity and one gradient, so that the discretisation takes
    the harmonic mean at layer faces, where the conductivity jumps by orders of magnitude.
    """

    def get_fundamental_variables(self):
        potentials = {}
        for domain in self.options.whole_cell_domains:
            potentials[domain] = pybamm.Variable(
                f"{domain.split()[0].capitalize()} electrolyte potential [V]",
                domain=domain,
                auxiliary_domains={"secondary": "current collector"},
                reference=-self.param.n.prim.U_init,
                scale=POTENTIAL_SCALE,
            )
        return self._get_standard_potential_variables(potentials)

    def get_coupled_variables(self, variables):
        T = variables["Cell temperature [K]"]
        c_e = variables["Electrolyte concentration [mol.m-3]"]
        tor = variables["Electrolyte transport efficiency"]
        phi_e = variables["Electrolyte potential [V]"]
        i_e = -(self.param.kappa_e(c_e, T) * tor) * pybamm.grad(phi_e)
        variables.update(self._get_standard_current_variables(i_e))
        if self.options.electrode_types["negative"] == "planar":
            phi_e_n = variables["Lithium metal interface electrolyte potential [V]"]
        else:
            phi_e_n = variables["Negative electrolyte potential [V]"]
        phi_e_p = variables["Positive electrolyte potential [V]"]
        ohmic = pybamm.x_average(phi_e_p) - pybamm.x_average(phi_e_n)
        variables.update(self._get_split_overpotential(pybamm.Scalar(0), ohmic))
        return variables


class ElectrodePotential(pybamm.electrode.ohm.Full):
    """Ohm's law for the departure of the potential from its value at rest.

    .. math::
        i_s = -\\sigma_{eff} \\nabla (\\phi_s - \\phi_0), \\quad \\nabla \\cdot i_s = -\\sum a j

    The gradient is taken of the departure alone: a conducting electrode at 4 V would else lose
    charge to the rounding of 4 V.
    """

    @property
    def _departure_name(self):
        return f"{self.domain.capitalize()} electrode potential departure [V]"

    def get_fundamental_variables(self):
        departure = pybamm.Variable(
            self._departure_name,
            domain=f"{self.domain} electrode",
            auxiliary_domains={"secondary": "current collector"},
            scale=POTENTIAL_SCALE,
        )
        at_rest = pybamm.Scalar(0) if self.domain == "negative" else self.param.ocv_init
        return {
            departure.name: departure,
            **self._get_standard_potential_variables(at_rest + departure),
        }

    def get_coupled_variables(self, variables):
        Domain = self.domain.capitalize()
        sto = self._get_electrode_stoichiometry(variables)
        T = variables[f"{Domain} electrode temperature [K]"]
        tor = variables[f"{Domain} electrode transport efficiency"]
        sigma_eff = self.domain_param.sigma(sto, T) * tor
        i_s = -sigma_eff * pybamm.grad(variables[self._departure_name])
        variables[f"{Domain} electrode effective conductivity"] = sigma_eff
        variables.update(self._get_standard_current_variables(i_s))
        if self.domain == "positive":
            variables.update(self._get_standard_whole_cell_variables(variables))
        return variables

    def set_algebraic(self, variables):
        Domain = self.domain.capitalize()
        i_s = variables[f"{Domain} electrode current density [A.m-2]"]
        sources = variables[
            f"Sum of {self.domain} electrode volumetric interfacial current densities [A.m-3]"
        ]
        departure = variables[self._departure_name]
        self.algebraic = {departure: self.param.L_x**2 * (pybamm.div(i_s) + sources)}

    def set_boundary_conditions(self, variables):
        Domain = self.domain.capitalize()
        insulated = (pybamm.Scalar(0), "Neumann")
        if self.domain == "negative":
            collector = variables["Negative current collector potential [V]"]
            sides = {"left": (collector, "Dirichlet"), "right": insulated}
        else:
            sigma_eff = variables[f"{Domain} electrode effective conductivity"]
            i = variables["Current collector current density [A.m-2]"]
            gradient = -i / pybamm.boundary_value(sigma_eff, "right")
            sides = {"left": insulated, "right": (gradient, "Neumann")}
        phi_s = variables[f"{Domain} electrode potential [V]"]
        self.boundary_conditions = {variables[self._departure_name]: sides, phi_s: sides}

    def set_initial_conditions(self, variables):
        self.initial_conditions = {variables[self._departure_name]: pybamm.Scalar(0)}


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
