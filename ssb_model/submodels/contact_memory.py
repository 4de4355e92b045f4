"""Contact that remembers: what pressing formed, what has held since, what friction holds back."""

from __future__ import annotations

import pybamm

from ssb_model.laws import pressing
from ssb_model.submodels.breathing import breathing_rate
from ssb_model.submodels.pressing import BasePressing

STATES = (  # in the order of ``laws.pressing.History``
    "highest pressure [Pa]",
    "effective pressure [Pa]",
    "lowest pressure of bonds [Pa]",
    "bonded share",
)
SETTLING = 1.0  # s in which contact follows pressure: at once beside any discharge
SLOWEST = 1e-3  # relative lag behind a rising pressure above which bonds are made at full speed


class MemoryContact(BasePressing):
    """Highest and effective pressure of a place, and the bonded share through its thickness.

    .. math::
        \\theta / \\theta_{max} = (1 - e^{-P_{max}/H}) [s + (1 - s) (P_e / P_{max})^{2/3}]

    The states follow ``laws.pressing.after`` within a second; breathing breaks bonds besides.
    """

    def _names(self):
        return [f"{self.place} {name}" for name in STATES]

    def _history(self, variables):
        return pressing.History(*(variables[name] for name in self._names()))

    def _constants(self):
        return pressing.Constants(
            hardness=self._parameter("contact hardness [Pa]"),
            bonded_share=self._parameter("bonded share after pressing"),
            hold_pressure=self._parameter("hold pressure [Pa]"),
            release_exponent=self._parameter("release exponent"),
            friction=self._parameter("contact friction"),
        )

    def get_fundamental_variables(self):
        # pressures are the same everywhere in a layer, yet each point has its own copy: a number
        # that every point hangs on makes the solver's Jacobian ten times dearer
        domains = {}
        if self.field:
            domains = {
                "domain": self.field,
                "auxiliary_domains": {"secondary": "current collector"},
            }
        return {
            name: pybamm.Variable(name, scale=1e6 if "[Pa]" in name else 1, **domains)
            for name in self._names()
        }

    def _relative_contact(self, variables):
        history = self._history(variables)
        hardness = self._constants().hardness
        whole = pressing.contact(history, hardness)
        formed = pressing.formed(history.highest, hardness)
        share = f"{self.place} bonded part of relative contact"
        variables[share] = formed * history.bonded
        variables[f"{self.place} pressed part of relative contact"] = whole - variables[share]
        return whole

    def set_rhs(self, variables):
        history, constants = self._history(variables), self._constants()
        highest, effective, lowest, bonded = history
        stack = self._stack_pressure(variables)
        pressure = self._pressure(variables)
        least = pybamm.minimum(pressing.reloading(pressure, highest, constants.friction), pressure)
        fall = pybamm.minimum(pressure - effective, 0) / SETTLING
        rise = pybamm.maximum(least - effective, 0) / SETTLING
        # only while the effective pressure rises, if ever so slowly, are bonds made
        rising = pybamm.minimum(rise * SETTLING / (SLOWEST * effective), 1)
        made = constants.bonded_share * pressing.regained(pressure, highest, constants.friction)
        gain = rising * pybamm.maximum(made - bonded, 0) / SETTLING
        renewed = rising * pressing.renews(made, bonded)
        renewal = renewed * pybamm.maximum(pressure - lowest, 0) / SETTLING
        lowering = pybamm.minimum(pressure - lowest, 0) / SETTLING
        below = lowest < constants.hold_pressure
        release = constants.release_exponent * bonded * below * lowering / lowest
        self.rhs = {
            highest: pybamm.maximum(pressure - highest, 0) / SETTLING,
            effective: fall + rise,
            lowest: lowering + renewal,
            bonded: release + gain + self._breathing_loss(bonded, stack, constants, variables),
        }

    def _breathing_loss(self, bonded, stack, constants, variables):
        if self.domain == "separator":
            return 0  # its grains do not breathe
        return pressing.breathing_loss(
            bonded,
            breathing_rate(self.domain, self.options, self.param, variables),
            stack,
            self._parameter("breathing sensitivity"),
            constants.hold_pressure,
        )

    def set_initial_conditions(self, variables):
        made = pressing.History(*(self._parameter(f"initial {name}") for name in STATES))
        held = variables["Stack pressure at the start [Pa]"]
        start = pressing.after(made, held, self._constants())
        self.initial_conditions = dict(zip(self._history(variables), start, strict=True))
