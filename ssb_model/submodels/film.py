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


class GrowingFilm(ConstantFilm):
    """An interphase growing with the square root of time on top of the film there is.

    .. math:: r = r_0 + \\sqrt{z}, \\quad \\dot z = k^2 e^{E/R (1/T_{ref} - 1/T)} e^{\\beta F
        (\\phi_s - \\phi_e - U_{ref}) / RT}
    """

    @property
    def _squared(self):
        return f"{self.domain.capitalize()} electrode interphase resistance squared [Ohm2.m4]"

    def get_fundamental_variables(self):
        domains = each_point(self.domain, self.options)
        return {self._squared: pybamm.Variable(self._squared, scale=1e-2, **domains)}

    def _resistance(self, variables):
        return super()._resistance(variables) + interface.grown_resistance(variables[self._squared])

    def set_rhs(self, variables):
        Domain = self.domain.capitalize()
        if self.domain in self.options.porous:
            delta_phi = variables[f"{Domain} electrode surface potential difference [V]"]
        else:
            delta_phi = variables["Lithium metal interface surface potential difference [V]"]
        rate = interface.interphase_growth(
            delta_phi - self._parameter("interphase reference potential [V]"),
            self._parameter("interphase symmetry factor"),
            self._parameter("interphase growth constant [Ohm2.m4.s-1]"),
            self._parameter("interphase activation energy [J.mol-1]"),
            self._temperature(variables),
            self.param.T_ref,
        )
        if self.domain not in self.options.porous:
            rate = pybamm.yz_average(rate)
        self.rhs = {variables[self._squared]: rate}

    def set_initial_conditions(self, variables):
        grown = self._parameter("initial interphase resistance [Ohm.m2]")
        self.initial_conditions = {variables[self._squared]: grown**2}


FILMS = {"constant": ConstantFilm, "growing": GrowingFilm, "none": NoFilm}
