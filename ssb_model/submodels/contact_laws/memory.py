"""Contact that remembers: what pressing formed, what has held since, what friction holds back."""

from __future__ import annotations

import numpy as np

from ssb_model.laws import pressing
from ssb_model.quantities.declared import AT_LEAST_1, FROM_0_TO_1, NOT_NEGATIVE
from ssb_model.submodels.contact_laws.law import (
    ELECTRODE,
    HIGHEST,
    Constant,
    MemoryLaw,
    Surroundings,
)
from ssb_model.submodels.contact_laws.of_pressure import HARDNESS

SETTLING = 1.0  # s in which contact follows pressure: at once beside any discharge
SLOWEST = 1e-3  # relative lag behind a rising pressure above which bonds are made at full speed
FRACTION = ("{place} contact fraction",)


class Memory(MemoryLaw):
    """Highest and effective pressure of a place, and the bonded share through its thickness.

    .. math::
        \\theta / \\theta_{max} = (1 - e^{-P_{max}/H}) [s + (1 - s) (P_e / P_{max})^{2/3}]

    The states follow ``laws.pressing.after`` within a second; breathing breaks bonds besides.
    """

    name = "memory"
    constants = (
        HARDNESS,
        Constant(
            "Bonded share after pressing",
            "bonded_share",
            "Share of the contact formed that is bonded right after pressing.",
            FROM_0_TO_1,
            through=FRACTION,
        ),
        Constant(
            "Hold pressure [Pa]",
            "hold_pressure",
            "Pressure below which bonds break.",
            through=FRACTION,
        ),
        Constant(
            "Release exponent",
            "release_exponent",
            "How steeply bonds break below the hold pressure.",
            through=FRACTION,
        ),
        Constant(
            "Contact friction",
            "friction",
            "Ratio of pressures by which friction holds contact back as load comes on again.",
            AT_LEAST_1,
            through=FRACTION,
        ),
        Constant(
            "Breathing sensitivity",
            "breathing_sensitivity",
            "Share of bonds torn per volume strain of the active material, at the hold pressure.",
            NOT_NEGATIVE,
            at=(ELECTRODE,),  # the grains of a separator do not breathe
        ),
    )
    states = (  # in the order of ``laws.pressing.History``
        HIGHEST,
        "effective pressure [Pa]",
        "lowest pressure of bonds [Pa]",
        "bonded share",
    )

    def just_pressed(self, pressure, constants) -> pressing.History:
        return pressing.just_pressed(pressure, constants.bonded_share)

    def after(self, history, pressure, constants) -> pressing.History:
        return pressing.after(pressing.History(*history), pressure, constants)

    def relative_contact(self, history, constants):
        return pressing.contact(pressing.History(*history), constants.hardness)

    def parts(self, history, constants):
        history = pressing.History(*history)
        whole = pressing.contact(history, constants.hardness)
        bonded = pressing.formed(history.highest, constants.hardness) * history.bonded
        return {"bonded": bonded, "pressed": whole - bonded}

    def rates(self, history, around: Surroundings, constants) -> pressing.History:
        highest, effective, lowest, bonded = history
        pressure = around.pressure
        least = np.minimum(pressing.reloading(pressure, highest, constants.friction), pressure)
        fall = np.minimum(pressure - effective, 0) / SETTLING
        rise = np.maximum(least - effective, 0) / SETTLING
        # only while the effective pressure rises, if ever so slowly, are bonds made
        rising = np.minimum(rise * SETTLING / (SLOWEST * effective), 1)
        made = constants.bonded_share * pressing.regained(pressure, highest, constants.friction)
        gain = rising * np.maximum(made - bonded, 0) / SETTLING
        renewed = rising * pressing.renews(made, bonded)
        renewal = renewed * np.maximum(pressure - lowest, 0) / SETTLING
        lowering = np.minimum(pressure - lowest, 0) / SETTLING
        below = lowest < constants.hold_pressure
        release = constants.release_exponent * bonded * below * lowering / lowest
        loss = pressing.breathing_loss(
            bonded,
            around.breathing,
            around.stack,
            constants.breathing_sensitivity,
            constants.hold_pressure,
        )
        return pressing.History(
            np.maximum(pressure - highest, 0) / SETTLING,
            fall + rise,
            lowering + renewal,
            release + gain + loss,
        )


MEMORY = Memory()
