"""Film between particle and electrolyte: coating and interphase, in series with the reaction."""

from __future__ import annotations

import pybamm

from ssb_model.laws.transport import arrhenius


class NoFilm(pybamm.BaseSubModel):
    """Bare contact."""

    def get_coupled_variables(self, variables):
        Domain = self.domain.capitalize()
        variables[f"{Domain} electrode film resistance [Ohm.m2]"] = pybamm.Scalar(0)
        return variables


class ConstantFilm(pybamm.BaseSubModel):
    """Resistance per contacted area, thermally activated."""

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        if self.options.electrode_types[self.domain] == "planar":
            T = variables["X-averaged cell temperature [K]"]
        else:
            T = variables[f"{electrode} temperature [K]"]
        resistance = pybamm.Parameter(f"{electrode} film resistance [Ohm.m2]")
        energy = pybamm.Parameter(f"{electrode} film activation energy [J.mol-1]")
        variables[f"{electrode} film resistance [Ohm.m2]"] = resistance / arrhenius(
            T, energy, self.param.T_ref
        )
        return variables
