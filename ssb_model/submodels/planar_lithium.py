"""Lithium inside a planar electrode: a layer it diffuses through, or a foil that just holds it."""

from __future__ import annotations

import pybamm


class BasePlanarLithium(pybamm.BaseSubModel):
    """Lithium per area of a planar negative electrode, in its unlithiated frame."""

    def __init__(self, param, options):
        super().__init__(param, "negative", options=options)
        self.c_max = pybamm.Parameter("Maximum concentration in negative electrode [mol.m-3]")
        self.c_init = pybamm.Parameter("Initial concentration in negative electrode [mol.m-3]")

    def _lithium_variables(self, mean, surface):
        lithium = mean * self.c_max * self.domain_param.L * self.param.A_cc
        return {
            "Negative electrode stoichiometry": mean,
            "Negative electrode surface stoichiometry": surface,
            "Total lithium in negative electrode [mol]": pybamm.yz_average(lithium),
        }

    def _flux_out(self, variables):
        # of the reaction: a double layer takes its share of the cell's current
        return variables["Lithium metal plating current density [A.m-2]"] / self.param.F


class LayerDiffusion(BasePlanarLithium):
    """A dense layer, lithium entering through the face at the separator.

    .. math:: \\partial_t c = \\partial_x (D(c, T) \\partial_x c)

    The layer takes PyBaMM's domain "negative particle" with a cartesian coordinate that runs
    from the current collector to the separator.
    """

    def get_fundamental_variables(self):
        c = pybamm.Variable(
            "Negative layer concentration [mol.m-3]",
            domain="negative particle",
            auxiliary_domains={"secondary": "current collector"},
            bounds=(0, self.c_max),
            scale=self.c_max,
        )
        sto = c / self.c_max
        return {
            "Negative layer concentration [mol.m-3]": c,
            "Negative layer stoichiometry": sto,
            **self._lithium_variables(
                pybamm.r_average(c) / self.c_max, pybamm.surf(c) / self.c_max
            ),
        }

    def _diffusivity(self, variables):
        sto = variables["Negative layer stoichiometry"]
        T = pybamm.PrimaryBroadcast(
            variables["X-averaged cell temperature [K]"], "negative particle"
        )
        inputs = {"Negative particle stoichiometry": sto, "Temperature [K]": T}
        return pybamm.FunctionParameter("Negative particle diffusivity [m2.s-1]", inputs)

    def set_rhs(self, variables):
        c = variables["Negative layer concentration [mol.m-3]"]
        self.rhs = {c: pybamm.div(self._diffusivity(variables) * pybamm.grad(c))}

    def set_boundary_conditions(self, variables):
        c = variables["Negative layer concentration [mol.m-3]"]
        gradient = -self._flux_out(variables) / pybamm.surf(self._diffusivity(variables))
        self.boundary_conditions = {
            c: {"left": (pybamm.Scalar(0), "Neumann"), "right": (gradient, "Neumann")}
        }

    def set_initial_conditions(self, variables):
        c = variables["Negative layer concentration [mol.m-3]"]
        self.initial_conditions = {c: self.c_init}


class FoilReservoir(BasePlanarLithium):
    """A metal foil whose lithium is counted, not resolved; empty is an event.

    .. math:: F c_{max} L \\, d x / d t = -i
    """

    def get_fundamental_variables(self):
        sto = pybamm.Variable("Negative electrode stoichiometry", domain="current collector")
        return self._lithium_variables(sto, sto)

    def set_rhs(self, variables):
        sto = variables["Negative electrode stoichiometry"]
        rate = -self._flux_out(variables) / (self.c_max * self.domain_param.L)
        self.rhs = {sto: rate}

    def set_initial_conditions(self, variables):
        sto = variables["Negative electrode stoichiometry"]
        self.initial_conditions = {sto: self.c_init / self.c_max}

    def add_events_from(self, variables):
        sto = variables["Negative electrode stoichiometry"]
        self.events = [pybamm.Event("Negative reservoir empty", pybamm.min(sto))]
