"""Electronic conduction in porous electrodes."""

from __future__ import annotations

import pybamm

from ssb_model.submodels.electrolyte_conductivity import POTENTIAL_SCALE


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
