"""Open-circuit potential of planar negative electrodes."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.open_circuit_potential.base_ocp import (
    BaseOpenCircuitPotential,
)

from ssb_model.laws import open_circuit


class PlanarOpenCircuitPotential(BaseOpenCircuitPotential):
    """One curve of the surface stoichiometry."""

    def __init__(self, param, options):
        super().__init__(param, "negative", "lithium metal plating", options)

    def _potential(self, sto, variables, branch=None):
        if self.options["negative electrode"] == "layer":
            T = variables["X-averaged cell temperature [K]"]
            return self.phase_param.U(sto, T, branch)
        # a foil is no host: its stoichiometry may pass 1
        inputs = {"Negative particle stoichiometry": sto}
        return pybamm.FunctionParameter("Negative electrode OCP [V]", inputs)

    def _surface_and_bulk(self, variables):
        surface = variables["Negative electrode surface stoichiometry"]
        bulk = variables["Negative electrode stoichiometry"]
        return self._potential(surface, variables), self._potential(bulk, variables)

    def get_coupled_variables(self, variables):
        surface, bulk = self._surface_and_bulk(variables)
        variables.update(self._get_standard_ocp_variables(surface, bulk, pybamm.Scalar(0)))
        return variables


class PlanarHysteresis(PlanarOpenCircuitPotential):
    """Between a lithiation and a delithiation branch, led by one state.

    .. math:: dh/dt = -\\gamma (\\dot x + |\\dot x| h)
    """

    def get_fundamental_variables(self):
        h = pybamm.Variable("Negative electrode hysteresis state", domain="current collector")
        return {"Negative electrode hysteresis state": h}

    def _surface_and_bulk(self, variables):
        h = variables["Negative electrode hysteresis state"]
        return tuple(
            open_circuit.between_branches(
                self._potential(sto, variables, "lithiation"),
                self._potential(sto, variables, "delithiation"),
                h,
            )
            for sto in (
                variables["Negative electrode surface stoichiometry"],
                variables["Negative electrode stoichiometry"],
            )
        )

    def set_rhs(self, variables):
        h = variables["Negative electrode hysteresis state"]
        i = variables["Current collector current density [A.m-2]"]
        c_max = pybamm.Parameter("Maximum concentration in negative electrode [mol.m-3]")
        decay = pybamm.Parameter("Negative electrode hysteresis decay")
        rate = -i / (self.param.F * c_max * self.domain_param.L)
        self.rhs = {h: open_circuit.hysteresis_rate(rate, h, decay)}

    def set_initial_conditions(self, variables):
        h = variables["Negative electrode hysteresis state"]
        self.initial_conditions = {h: pybamm.Parameter("Initial negative hysteresis state")}
