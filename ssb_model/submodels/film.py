"""Film between particle and electrolyte: coating and interphase, in series with the reaction."""

from __future__ import annotations

import pybamm

from ssb_model.laws import interface
from ssb_model.laws.transport import arrhenius
from ssb_model.submodels.stack import each_point


class NoFilm(pybamm.BaseSubModel):
    """Bare contact."""

    def get_coupled_variables(self, variables):
        Domain = self.domain.capitalize()
        variables[f"{Domain} electrode film resistance [Ohm.m2]"] = pybamm.Scalar(0)
        return variables


class ConstantFilm(pybamm.BaseSubModel):
    """Resistance per contacted area, thermally activated."""

    def _parameter(self, name):
        return pybamm.Parameter(f"{self.domain.capitalize()} electrode {name}")

    def _temperature(self, variables):
        if self.options.electrode_types[self.domain] == "planar":
            return variables["X-averaged cell temperature [K]"]
        return variables[f"{self.domain.capitalize()} electrode temperature [K]"]

    def _resistance(self, variables):
        """At the reference temperature [Ohm.m2]."""
        return self._parameter("film resistance [Ohm.m2]")

    def get_coupled_variables(self, variables):
        T = self._temperature(variables)
        rate = arrhenius(T, self._parameter("film activation energy [J.mol-1]"), self.param.T_ref)
        name = f"{self.domain.capitalize()} electrode film resistance [Ohm.m2]"
        variables[name] = self._resistance(variables) / rate
        return variables


class BaseGrowingFilm(ConstantFilm):
    """An interphase that grows on top of the film there is, up to the largest that is measured.

    What drives it is the potential across the reaction: a film makes itself no faster by its own
    loss. Each kind has a state of its own, the resistance or a function of it.
    """

    state: str  # with its unit
    scale: float
    constant: str  # how fast the state grows, and its unit

    @property
    def _state(self):
        return f"{self.domain.capitalize()} electrode {self.state}"

    def _grown(self, state):
        """Resistance of the interphase [Ohm.m2] from its state."""
        raise pybamm.ModelError("an interphase states its resistance")

    def _started(self, resistance):
        """The state that has a resistance [Ohm.m2]."""
        raise pybamm.ModelError("an interphase states what it begins with")

    def _growth(self, rate, resistance, limit):
        """Rate of the state, of a ``rate`` without limit."""
        raise pybamm.ModelError("an interphase states how it grows")

    def get_fundamental_variables(self):
        domains = each_point(self.domain, self.options)
        return {self._state: pybamm.Variable(self._state, scale=self.scale, **domains)}

    def _resistance(self, variables):
        return super()._resistance(variables) + self._grown(variables[self._state])

    def set_rhs(self, variables):
        Domain = self.domain.capitalize()
        if self.domain in self.options.porous:
            delta_phi = variables[f"{Domain} electrode surface potential difference [V]"]
        else:
            delta_phi = variables["Lithium metal interface surface potential difference [V]"]
        at_reaction = delta_phi - variables[f"{Domain} electrode film overpotential [V]"]
        rate = interface.interphase_growth(
            at_reaction - self._parameter("interphase reference potential [V]"),
            self._parameter("interphase symmetry factor"),
            self._parameter(self.constant),
            self._parameter("interphase activation energy [J.mol-1]"),
            self._temperature(variables),
            self.param.T_ref,
        )
        if self.domain not in self.options.porous:
            rate = pybamm.yz_average(rate)
        limit = self._parameter("interphase resistance limit [Ohm.m2]")
        state = variables[self._state]
        self.rhs = {state: self._growth(rate, self._grown(state), limit)}

    def set_initial_conditions(self, variables):
        grown = self._parameter("initial interphase resistance [Ohm.m2]")
        self.initial_conditions = {variables[self._state]: self._started(grown)}


class GrowingFilm(BaseGrowingFilm):
    """Growth with the square root of time: transport through what is there limits it.

    .. math:: r = r_0 + \\sqrt{z}, \\quad \\dot z = K e^{E/R (1/T_{ref} - 1/T)} e^{\\beta F
        (\\phi_s - \\phi_e - r j_c - U_{ref}) / RT} (1 - \\sqrt{z} / r_{max})
    """

    state, scale = "interphase resistance squared [Ohm2.m4]", 1e-2
    constant = "interphase growth constant [Ohm2.m4.s-1]"

    def _grown(self, state):
        return interface.grown_resistance(state)

    def _started(self, resistance):
        return resistance**2

    def _growth(self, rate, resistance, limit):
        return interface.growth_by_transport(rate, resistance, limit)


class ReactingFilm(BaseGrowingFilm):
    """Growth in proportion to time: the reaction that makes the interphase limits it.

    .. math:: r = r_0 + r_g, \\quad \\dot r_g = k e^{E/R (1/T_{ref} - 1/T)} e^{\\beta F
        (\\phi_s - \\phi_e - r j_c - U_{ref}) / RT} (1 - r_g / r_{max})
    """

    state, scale = "interphase resistance [Ohm.m2]", 1e-2
    constant = "interphase reaction constant [Ohm.m2.s-1]"

    def _grown(self, state):
        return state

    def _started(self, resistance):
        return resistance

    def _growth(self, rate, resistance, limit):
        return interface.growth_by_reaction(rate, resistance, limit)


FILMS = {
    "constant": ConstantFilm,
    "growing": GrowingFilm,
    "growing by reaction": ReactingFilm,
    "none": NoFilm,
}
