"""What share of the possible contact a history of pressure makes and keeps.

Four numbers carry the history of a place where two solids meet: the highest pressure it has
seen; its effective pressure, which is the stack pressure less what friction holds back; the share
of bonds that have held since they were made, and the lowest pressure they have come through. All
shares here are relative to the coverage ceiling.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf

LIGHTEST = 1e3  # Pa, what a place under no load counts as
HERTZ_AREA = 2 / 3  # exponent of an elastic contact's area in pressure (Hertz 1882)


class Constants(NamedTuple):
    """How one kind of place answers pressure; numbers or symbols."""

    hardness: Any  # Pa, pressure that forms contact
    bonded_share: Any  # of the contact formed, right after pressing
    hold_pressure: Any  # Pa, below it bonds break
    release_exponent: Any
    friction: Any  # ratio of pressures, >= 1


class History(NamedTuple):
    """What pressure has done to a place; numbers, arrays or symbols."""

    highest: Any  # Pa
    effective: Any  # Pa
    lowest: Any  # Pa, since the bonds were made
    bonded: Any  # share of the contact formed


# contact made by pressure alone


def formed(pressure, hardness):
    """A = 1 - exp(-P/H): plastic contact P/H that saturates (Bowden & Tabor 1950)."""
    return 1 - np.exp(-pressure / hardness)


def hertz(pressure, highest, hardness):
    """A(P_max) (P/P_max)**(2/3): what pressing formed, held elastically and without bonds."""
    return formed(highest, hardness) * (pressure / highest) ** HERTZ_AREA


def persson(pressure, modulus, slope):
    """erf(sqrt(2) P / (E* h')): elastic contact of rough faces of root-mean-square slope h'.

    Persson, J. Chem. Phys. 115 (2001) 3840, full contact reached only in the limit.
    """
    return erf(2**0.5 * pressure / (modulus * slope))


# contact with memory


def pressed(history: History):
    """(P_e/P_max)**(2/3), what the effective pressure keeps of contact that is not bonded."""
    return (history.effective / history.highest) ** HERTZ_AREA


def contact(history: History, hardness):
    """theta/theta_max = A(P_max) [s + (1 - s) (P_e/P_max)**(2/3)].

    The bonded share s keeps what pressing formed, the rest follows the effective pressure
    elastically. On first loading P_e = P_max and all that is formed is in contact.
    """
    kept = history.bonded + (1 - history.bonded) * pressed(history)
    return formed(history.highest, hardness) * kept


def reloading(pressure, highest, friction):
    """Least effective pressure under ``pressure``: P max(1/chi, P/P_max).

    Friction holds back all but 1/chi of a pressure put on again, until near the highest
    pressure seen, from P_max/chi on, it gives way and the virgin curve is reached without a
    jump. Unloading leaves the effective pressure equal to the stack's: a play between the two.
    """
    return pressure * np.maximum(1 / friction, pressure / highest)


def regained(pressure, highest, friction):
    """Share of the bonds that pressing makes again, from 0 at P_max/chi to 1 at P_max."""
    sharp = 1e-9  # without friction all of it happens at P_max
    ratio = (friction * pressure / highest - 1 + sharp) / (friction - 1 + sharp)
    return np.minimum(np.maximum(ratio, 0), 1)


def renews(made, bonded):
    """Whether pressing made all bonds there are, to a thousandth (1), or some held before (0)."""
    return made >= 0.999 * bonded


def after(history: History, pressure, constants: Constants) -> History:
    """The history once the stack pressure has gone straight to ``pressure``.

    Below the hold pressure P_h bonds break as s (P/P_h)**m, those that have come through a
    pressure not a second time. Only a rise of the effective pressure makes bonds.
    """
    pressure = np.maximum(pressure, LIGHTEST)
    highest = np.maximum(history.highest, pressure)
    least = reloading(pressure, highest, constants.friction)
    effective = np.minimum(np.maximum(history.effective, least), pressure)
    made = constants.bonded_share * regained(pressure, highest, constants.friction)
    anew = (pressure > history.effective) * renews(made, history.bonded)
    held_before = np.minimum(history.lowest, constants.hold_pressure)
    fall = np.minimum(pressure, held_before) / held_before
    kept = history.bonded * fall**constants.release_exponent
    return History(
        highest,
        effective,
        lowest=anew * pressure + (1 - anew) * np.minimum(history.lowest, pressure),
        bonded=np.maximum(anew * made, kept),
    )


def just_pressed(pressure, bonded_share) -> History:
    """A place just pressed, still under that pressure."""
    return History(pressure, pressure, pressure, bonded_share)


def breathing_loss(bonded, strain_rate, pressure, sensitivity, hold_pressure):
    """ds/dt = -k s |strain rate| P_h/P: bonds torn by breathing, fewer the harder it is held.

    Form of this package: the strain that tears is that which the stress holding the bond does
    not make up for.
    """
    held = np.maximum(pressure, LIGHTEST)
    return -sensitivity * bonded * strain_rate * hold_pressure / held


def grain_conductance(contact_share, reference_share=1.0):
    """sqrt(theta/theta_ref): necks between grains conduct as their radius.

    Constriction of a disc, Holm 1967; with area going as P**(2/3) conductance goes as P**(1/3).
    """
    return (contact_share / reference_share) ** 0.5
