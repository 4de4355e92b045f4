"""Share of the possible contact that pressure has made, at one place, by laws without memory.

A place is an electrode's surface against electrolyte, or the grains of the separator against
each other. ``contact_memory`` holds the law with memory.
"""

from __future__ import annotations

import pybamm

from ssb_model.laws import pressing
from ssb_model.submodels.stack import place


class BasePressing(pybamm.BaseSubModel):
    """Publishes the relative contact theta/theta_max of a place."""

    def __init__(self, param, domain, options):
        super().__init__(param, domain, options=options)
        self.field = place(domain) if domain in options.porous else None
        self.place = place(domain).capitalize()

    def _parameter(self, name):
        return pybamm.Parameter(f"{self.place} {name}")

    def _stack_pressure(self, variables):
        return variables[f"Stack pressure on {place(self.domain)} [Pa]"]

    def _pressure(self, variables):
        return pybamm.maximum(self._stack_pressure(variables), pressing.LIGHTEST)

    def _relative_contact(self, variables):
        raise pybamm.ModelError("a contact law states its relative contact")

    def get_coupled_variables(self, variables):
        share = self._relative_contact(variables)
        if self.field and share.domain == []:
            share = pybamm.FullBroadcast(share, self.field, "current collector")
        variables[f"{self.place} relative contact"] = share
        return variables


class PlasticContact(BasePressing):
    """Contact as on first loading at the stack pressure, whatever came before."""

    def _relative_contact(self, variables):
        hardness = self._parameter("contact hardness [Pa]")
        return pressing.formed(self._pressure(variables), hardness)


class HertzContact(BasePressing):
    """What the highest pressure formed at first, held elastically and without bonds."""

    def _relative_contact(self, variables):
        P = self._pressure(variables)
        highest = pybamm.maximum(self._parameter("initial highest pressure [Pa]"), P)
        return pressing.hertz(P, highest, self._parameter("contact hardness [Pa]"))


class PerssonContact(BasePressing):
    """Elastic contact of rough faces."""

    def _relative_contact(self, variables):
        return pressing.persson(
            self._pressure(variables),
            pybamm.Parameter("Electrolyte contact modulus [Pa]"),
            pybamm.Parameter("Electrolyte surface gradient"),
        )
