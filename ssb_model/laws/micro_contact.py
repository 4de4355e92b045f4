"""Micro-contact: what share of the cover a history of pressure and breathing makes touch.

Two solids that a microscope shows side by side touch at asperities only. Pressure forms such
contact plastically; under less pressure than formed it, part stays elastically, a bonded share
stays by itself; breathing loosens contact. All shares here are relative to the cover.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf

LIGHTEST = 1e3  # Pa, what a place under no load counts as, in laws without adhesion
HERTZ_AREA = 2 / 3  # exponent of an elastic contact's area in pressure (Hertz 1882)
SPREAD_OF_FRICTION = (2 / 3, 1.0, 4 / 3)  # exponents of the three classes of friction
REFERENCE_GRAIN = 3e-6  # m, size of the grains the loosening per strain is given for
SIZE_EXPONENT = 1 / 3  # of the loosening in grain size
LOOSENING_PRESSURE = 1e6  # Pa, at which the loosening per strain of powder is given
IN_POWDER = 1 / 8  # exponent of the loosening in pressure, of powder pressed in a die
ALIKE_PRESSURE = 17e6  # Pa, at which sheets are taken to loosen as powder does


class Constants(NamedTuple):
    """How one kind of place answers pressure; numbers or symbols."""

    hardness: Any  # Pa, harmonic mean of the pressures that form contact
    exponent: Any  # of what a falling pressure leaves, 0 to 1
    bonded_share: Any  # of the contact formed
    release_pressure: Any  # Pa, half of the bonds have opened below it
    release_spread: Any  # of its logarithm
    friction: Any  # ratio of pressures, >= 1, by which contact lags a rising pressure
    renewal: Any  # ratio of pressures, >= 1: a bond forms again at so many times what broke it
    adhesion: Any  # Pa, what holds without any load
    flow_pressure: Any  # Pa, at which half of the loosened contact flows together again
    loosening: Any = 0.0  # per strain, beside grains of REFERENCE_GRAIN at LOOSENING_PRESSURE
    loosening_exponent: Any = IN_POWDER  # of the loosening in pressure


class History(NamedTuple):
    """What pressure and breathing have done to a place; numbers, arrays or symbols."""

    highest: Any  # Pa, with adhesion, like all pressures here
    lowest: Any  # Pa, that bonds have come through, or that has made them
    light: Any  # Pa, effective pressure where friction is light
    middle: Any
    heavy: Any
    loosened: Any  # share of the contact that breathing has loosened
    made: Any  # relative contact before loosening


NEVER_PRESSED = History(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


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


# a population of asperities


def shape(exponent):
    """k = 3 - n of the gamma distribution of 1/H: a relative spread of 1/sqrt(k), about 0.65."""
    return 3 - exponent


def _yielded(pressure, hardness, exponent):
    """T = 1 / (1 + k H / P), from 0 to 1."""
    return 1 / (1 + shape(exponent) * hardness / pressure)


def formed_by_spread(pressure, hardness, exponent):
    """F = 1 - (1 + P/kH)**-k: ``formed`` with 1/H spread by a gamma distribution of mean 1/H.

    P/H for small pressures. Asperities, grains and their orientations differ: contact saturates
    over decades of pressure and nowhere has a kink.
    """
    return 1 - (1 - _yielded(pressure, hardness, exponent)) ** shape(exponent)


def held_integral(pressure, hardness, exponent):
    """K(P) = int_0^P F'(q) q**-n dq [Pa**-n], in closed form because k is 3 - n.

    k (kH)**-n T**(1-n) [1/(1-n) - 2T/(2-n) + T**2/(3-n)].
    """
    n, k = exponent, shape(exponent)
    T = _yielded(pressure, hardness, n)
    series = 1 / (1 - n) + T * (T / (3 - n) - 2 / (2 - n))
    return k * (k * hardness) ** -n * T ** (1 - n) * series


def _standard_normal(x):
    """Share below ``x`` standard deviations."""
    return 0.5 * (1 + erf(x / 2**0.5))


def still_bonded(history: History, constants: Constants):
    """Share of all bonds that have held: Phi(ln(b/P_b) / sigma), b the lowest pressure."""
    margin = np.log(history.lowest / constants.release_pressure)
    return _standard_normal(margin / constants.release_spread)


def parts(history: History, pressure, constants: Constants):
    """Contact that bonds hold and contact that pressure holds, before loosening.

    A = F(P) + s Phi [F(M) - F(P)] + (1 - s)(1 - n) <e**n> [K(M) - K(P)]

    F(P) the pressure there is would form by itself. Of what a higher pressure M formed beyond,
    a share s is bonded until the bonds open; each other piece, formed at q, reopens at a spread
    fraction of q, and (1 - n)(e/q)**n of it is left under the effective pressure e, the mean of
    three classes of friction. Form of this package; exponents 0.5 to 0.67 as measured on
    unloading (elastic asperities: Hertz 1882; Greenwood & Williamson 1966).
    """
    H, n, s = constants.hardness, constants.exponent, constants.bonded_share
    P = pressure + constants.adhesion
    M = np.maximum(history.highest, P)
    beyond = formed_by_spread(M, H, n) - formed_by_spread(P, H, n)
    held = (history.light**n + history.middle**n + history.heavy**n) / 3
    elastic = (1 - n) * held * (held_integral(M, H, n) - held_integral(P, H, n))
    bonded = s * still_bonded(history, constants) * beyond
    return bonded, formed_by_spread(P, H, n) + (1 - s) * elastic


def contact(history: History):
    """theta/cover, 0 to 1: contact that pressure made and holds, less what breathing loosened."""
    return (1 - history.loosened) * history.made


def after(history: History, pressure, constants: Constants) -> History:
    """The history once the stack pressure has gone straight to ``pressure``.

    Each pressure kept is a play: it follows a falling one at once and a rising one by a ratio
    later, so that raising any pressure of a history never lowers what comes after.
    """
    P = pressure + constants.adhesion

    def play(state, ratio):
        return np.minimum(np.maximum(state, P / ratio), P)

    effective = (
        play(state, constants.friction**power)
        for state, power in zip(
            (history.light, history.middle, history.heavy), SPREAD_OF_FRICTION, strict=True
        )
    )
    new = History(
        np.maximum(history.highest, P),
        play(history.lowest, constants.renewal),
        *effective,
        loosened=np.minimum(history.loosened, still_loose(pressure, constants)),
        made=history.made,
    )
    return new._replace(made=sum(parts(new, pressure, constants)))


def still_loose(pressure, constants: Constants):
    """2**(-P/P_flow): most that can be loose under a pressure; the rest has flowed together.

    Loosened gaps carry no load and close only where the electrolyte flows: 300 MPa brought back
    two thirds of the capacity (Shi et al., J. Mater. Chem. A 8 (2020) 17399). Form of this package.
    """
    return np.exp(-np.log(2) * pressure / constants.flow_pressure)


def loosening_rate(loosened, strain_rate, grain_size, pressure, constants: Constants):
    """dw/dt = k |strain rate| (1 - w) (d/d_0)**(1/3) (P_0/P_1)**(1/8) (P_1/P)**p [s-1].

    What still touches gets less in proportion to how far its faces move past each other; coarse
    grains d, which bridge longer ways, loosen somewhat sooner. Pressure P hardly slows it in
    powder that stays in its die, whose walls hold the particles: p is 1/8, so that k, given at
    P_0 = 1 MPa, is alike in cells held at 250, 30 and 10 MPa (Kang et al. 2023, Zhou et al. 2025);
    1/4 meets what was fitted as well. A sheet has no walls. The stack alone holds it, and its p
    is the exponent by which pressure holds contact elastically. At P_1 = 17 MPa, in the middle of
    what the powders were held at, both are taken to loosen alike: by the k of the powders a sheet
    at 5 MPa keeps 84 % over 100 cycles where 78 are printed (Chen et al. 2024). Form of this
    package; p of sheets was chosen with cells at 2 MPa in sight. Pressure besides says what
    contact there is to lose, and the floor (``still_loose``).
    """
    size = (grain_size / REFERENCE_GRAIN) ** SIZE_EXPONENT
    given = (LOOSENING_PRESSURE / ALIKE_PRESSURE) ** IN_POWDER
    held = (ALIKE_PRESSURE / (pressure + constants.adhesion)) ** constants.loosening_exponent
    return constants.loosening * size * given * held * strain_rate * (1 - loosened)


def grain_conductance(contact_share, reference_share=1.0):
    """sqrt(theta/theta_ref): necks between grains conduct as their radius.

    Constriction of a disc, Holm 1967; with area going as P**(2/3) conductance goes as P**(1/3).
    """
    return (contact_share / reference_share) ** 0.5
