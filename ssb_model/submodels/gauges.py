"""What a small signal would see: resistance of layers and interfaces, and capacitance."""

from __future__ import annotations

import pybamm

from ssb_model.laws import interface


class InterfaceGauge(pybamm.BaseSubModel):
    """Small-signal resistance of reaction and film, and double-layer capacitance.

    .. math:: 1/R = \\int \\frac{a \\theta}{RT / F j_0 + r_{film}} dx, \\quad
        C = \\int a \\theta C_{dl} \\, dx
    """

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        film = variables[f"{electrode} film resistance [Ohm.m2]"]
        if self.domain in self.options.porous:
            T = variables[f"{electrode} temperature [K]"]
            j0 = variables[f"{electrode} exchange current density [A.m-2]"]
            surface = variables[f"{electrode} surface area to volume ratio [m-1]"]
            contacted = surface * variables[f"{electrode} contact fraction"]
            depth = self.domain_param.L
        else:
            T = variables["X-averaged cell temperature [K]"]
            j0 = pybamm.yz_average(variables[f"{electrode} exchange current density [A.m-2]"])
            roughness = pybamm.Parameter(f"{electrode} roughness")
            contacted = roughness * variables["Lithium metal interface utilisation"]
            depth = 1
        specific = interface.linear_overpotential(1, j0, T) + film
        conductance = pybamm.x_average(contacted / specific) * depth
        capacity = pybamm.x_average(contacted * self.domain_param.C_dl(T)) * depth
        variables[f"{electrode} interface resistance [Ohm.m2]"] = 1 / conductance
        variables[f"{electrode} interface capacitance [F.m-2]"] = capacity
        return variables


class IonicGauge(pybamm.BaseSubModel):
    """Resistance to ions across each layer, L <1 / kappa_eff>."""

    def get_coupled_variables(self, variables):
        T = variables["X-averaged cell temperature [K]"]
        c_e = variables["X-averaged electrolyte concentration [mol.m-3]"]
        kappa = pybamm.yz_average(self.param.kappa_e(c_e, T))
        for domain in self.options.whole_cell_domains:
            place = domain.split()[0]
            tor = variables[f"{place.capitalize()} electrolyte transport efficiency"]
            depth = self.param.domain_params[place].L
            variables[f"{domain.capitalize()} ionic resistance [Ohm.m2]"] = (
                depth * pybamm.yz_average(pybamm.x_average(1 / tor)) / kappa
            )
        return variables
