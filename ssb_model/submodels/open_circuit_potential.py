"""Open-circuit potentials: of composites at their contact spots, of planar negative electrodes."""

from __future__ import annotations

import pybamm
from pybamm import open_circuit_potential as stock
from pybamm.models.submodels.interface.open_circuit_potential.base_ocp import (
    BaseOpenCircuitPotential,
)

from ssb_model.laws import open_circuit
from ssb_model.submodels.anodes import anode


class _AtContact:
    """Evaluates the potential where the reaction happens, below the contact spots."""

    def _get_stoichiometry_and_temperature(self, variables):
        sto_surf, sto_bulk, T, T_bulk = super()._get_stoichiometry_and_temperature(variables)
        if not self.size_distribution:
            Domain = self.domain.capitalize()
            sto_surf = variables[f"{Domain} particle contact stoichiometry"]
        return sto_surf, sto_bulk, T, T_bulk


class Single(_AtContact, stock.SingleOpenCircuitPotential):
    """One curve for charge and discharge."""


class CurrentSigmoid(_AtContact, stock.CurrentSigmoidOpenCircuitPotential):
    """Switches between two branches with the sign of the current."""


class OneStateHysteresis(_AtContact, stock.BaseHysteresisOpenCircuitPotential):
    """Moves between two branches with the charge passed, by the law of layers, at every depth."""

    def get_fundamental_variables(self):
        return self._get_hysteresis_state_variables()

    def get_coupled_variables(self, variables):
        pybamm.citations.register("Axen2022")
        return self._get_coupled_variables(variables)

    def set_rhs(self, variables):
        Domain = self.domain.capitalize()
        h = variables[f"{Domain} electrode hysteresis state"]
        taken = variables[f"{Domain} electrode volumetric interfacial current density [A.m-3]"]
        decay = pybamm.Parameter(f"{Domain} electrode hysteresis decay")
        rate = -taken / (self.param.F * self.phase_param.c_max * self.phase_param.epsilon_s)
        self.rhs = {h: open_circuit.hysteresis_rate(rate, h, decay)}

    def set_initial_conditions(self, variables):
        h = variables[f"{self.domain.capitalize()} electrode hysteresis state"]
        start = pybamm.Parameter(f"Initial {self.domain} hysteresis state")
        self.initial_conditions = {h: pybamm.PrimaryBroadcast(start, f"{self.domain} electrode")}


class PlanarOpenCircuitPotential(BaseOpenCircuitPotential):
    """One curve of the surface stoichiometry."""

    def __init__(self, param, options):
        super().__init__(param, "negative", "lithium metal plating", options)

    def _branch(self, sto, T, branch=None):
        if anode(self.options["negative electrode"]).host:
            return self.phase_param.U(sto, T, branch)
        # a foil is no host: its stoichiometry may pass 1
        inputs = {"Negative particle stoichiometry": sto}
        return pybamm.FunctionParameter("Negative electrode OCP [V]", inputs)

    def _potential(self, sto, T, variables):
        return self._branch(sto, T)

    def _initial_potential(self, sto, T):
        return self._branch(sto, T)

    def get_coupled_variables(self, variables):
        T = variables["X-averaged cell temperature [K]"]
        surface, bulk = (
            self._potential(variables[f"Negative electrode {name}stoichiometry"], T, variables)
            for name in ("surface ", "")
        )
        variables.update(self._get_standard_ocp_variables(surface, bulk, pybamm.Scalar(0)))
        start = pybamm.Parameter("Initial concentration in negative electrode [mol.m-3]")
        c_max = pybamm.Parameter("Maximum concentration in negative electrode [mol.m-3]")
        variables["Initial negative electrode open-circuit potential [V]"] = (
            self._initial_potential(start / c_max, self.param.T_init)
        )
        return variables


class PlanarHysteresis(PlanarOpenCircuitPotential):
    """Between a lithiation and a delithiation branch, led by one state.

    .. math:: dh/dt = -\\gamma (\\dot x + |\\dot x| h)
    """

    def get_fundamental_variables(self):
        h = pybamm.Variable("Negative electrode hysteresis state", domain="current collector")
        return {"Negative electrode hysteresis state": h}

    def _mixed(self, sto, T, h):
        branches = (self._branch(sto, T, name) for name in ("lithiation", "delithiation"))
        return open_circuit.between_branches(*branches, h)

    def _potential(self, sto, T, variables):
        return self._mixed(sto, T, variables["Negative electrode hysteresis state"])

    def _initial_potential(self, sto, T):
        return self._mixed(sto, T, pybamm.Parameter("Initial negative hysteresis state"))

    def set_rhs(self, variables):
        h = variables["Negative electrode hysteresis state"]
        j = variables["Lithium metal plating current density [A.m-2]"]
        c_max = pybamm.Parameter("Maximum concentration in negative electrode [mol.m-3]")
        decay = pybamm.Parameter("Negative electrode hysteresis decay")
        rate = -j / (self.param.F * c_max * self.domain_param.L)
        self.rhs = {h: open_circuit.hysteresis_rate(rate, h, decay)}

    def set_initial_conditions(self, variables):
        h = variables["Negative electrode hysteresis state"]
        self.initial_conditions = {h: pybamm.Parameter("Initial negative hysteresis state")}
