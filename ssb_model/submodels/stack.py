"""Stack pressure: how the cell is held, and how thick its layers are under it."""

from __future__ import annotations

import pybamm

from ssb_model.laws import mechanics
from ssb_model.submodels import breathing

STIFFNESS = {"spring": "Spring stiffness [Pa.m-1]", "rigid": "Frame stiffness [Pa.m-1]"}
LAYERS = ("Negative electrode", "Separator", "Positive electrode")


def set_pressure(time):
    """What the user sets [Pa]: a number, or a profile in time."""
    return pybamm.FunctionParameter("Stack pressure function [Pa]", {"Time [s]": time})


def layer_compliance(layer):
    thickness = pybamm.Parameter(f"{layer} thickness [m]")
    return mechanics.compliance(thickness, pybamm.Parameter(f"{layer} Young's modulus [Pa]"))


def place(domain):
    return "separator" if domain == "separator" else f"{domain} electrode"


class BaseStack(pybamm.BaseSubModel):
    """Publishes pressure, gap and the thickness changes that go with them."""

    def get_fundamental_variables(self):
        return {"Stack pressure at the start [Pa]": set_pressure(pybamm.Scalar(0))}

    def _pressure(self, domain, variables):
        """Stack pressure as points of ``domain`` know it: the same everywhere."""
        raise pybamm.ModelError("a stack states its pressure")

    def _gap(self, variables):
        return pybamm.Scalar(0)

    def get_coupled_variables(self, variables):
        for domain in ("negative", "separator", "positive"):
            name = f"Stack pressure on {place(domain)} [Pa]"
            variables[name] = self._pressure(domain, variables)
        pressure = variables["Stack pressure on separator [Pa]"]
        variables["Stack pressure [Pa]"] = pressure
        variables["Stack gap [m]"] = self._gap(variables)
        cell = 0
        for layer in LAYERS:
            breathes = layer != "Separator"
            free = variables[f"{layer} free thickness change [m]"] if breathes else 0
            change = free - layer_compliance(layer) * pressure
            variables[f"{layer} thickness change [m]"] = change
            cell += change
        variables["Cell thickness change [m]"] = cell
        return variables


class IsostaticStack(BaseStack):
    """A fluid holds the cell: the pressure is what the user sets, whatever the cell does."""

    def _pressure(self, domain, variables):
        return set_pressure(pybamm.t)


class ElasticStack(BaseStack):
    """A spring or a frame holds the cell in series with the stack's own compliance.

    .. math::
        P = \\max(0, P_0 + k \\, (h - h_0)), \\quad 1/k = 1/k_{holder} + \\sum L_i / E_i

    Contact pushes and never pulls: once everything has shrunk away a gap opens. The free
    thickness h follows from the charge passed; h_0, when the pressure was set, is a state that
    never changes by itself, so that it goes along with the cell. Each point of a layer counts
    for itself: a number every point hangs on would make the solver's Jacobian several times
    dearer.
    """

    COUNTED = ("negative", "positive")

    def _names(self, domain):
        counted = [
            f"{e.capitalize()} stoichiometry counted in {place(domain)}" for e in self.COUNTED
        ]
        return [*counted, f"Free thickness change when held, known in {place(domain)} [m]"]

    def get_fundamental_variables(self):
        variables = super().get_fundamental_variables()
        for domain in ("negative", "separator", "positive"):
            domains = {}
            if domain in self.options.porous:
                domains = {
                    "domain": place(domain),
                    "auxiliary_domains": {"secondary": "current collector"},
                }
            for name in self._names(domain):
                scale = 1e-6 if "[m]" in name else 1
                variables[name] = pybamm.Variable(name, scale=scale, **domains)
        return variables

    def _stiffness(self):
        holder = pybamm.Parameter(STIFFNESS[self.options["stack"]])
        soft = sum(layer_compliance(layer) for layer in LAYERS)
        return mechanics.series_stiffness(holder, soft)

    def _load(self, domain, variables):
        *counted, held = (variables[name] for name in self._names(domain))
        free = sum(
            breathing.free_thickness_change(electrode, self.param, sto)
            for electrode, sto in zip(self.COUNTED, counted, strict=True)
        )
        return mechanics.held_load(set_pressure(pybamm.t), self._stiffness(), free - held)

    def _pressure(self, domain, variables):
        return mechanics.unilateral(self._load(domain, variables), self._stiffness())[0]

    def _gap(self, variables):
        return mechanics.unilateral(self._load("separator", variables), self._stiffness())[1]

    def _each(self, variables):
        for domain in ("negative", "separator", "positive"):
            *counted, held = (variables[name] for name in self._names(domain))
            yield dict(zip(self.COUNTED, counted, strict=True)), held

    def set_rhs(self, variables):
        i = pybamm.yz_average(variables["Current collector current density [A.m-2]"])
        for counted, held in self._each(variables):
            for electrode, sto in counted.items():
                rate = breathing.filling_rate(electrode, self.options, self.param, i)
                self.rhs[sto] = rate * pybamm.ones_like(sto)
            self.rhs[held] = pybamm.zeros_like(held)

    def set_initial_conditions(self, variables):
        free = sum(
            breathing.free_thickness_change(e, self.param, breathing.start(e)) for e in self.COUNTED
        )
        for counted, held in self._each(variables):
            for electrode, sto in counted.items():
                self.initial_conditions[sto] = breathing.start(electrode)
            self.initial_conditions[held] = free
