"""How stiff what holds a cell is, and the pressure it gives while the cell breathes and creeps.

Stiffness is pressure on the cell per length it grows [Pa m-1]; parts that carry the same force
one after the other are in series. Areas are those of the electrodes.
"""

from __future__ import annotations

import numpy as np

from ssb_model.laws.interface import FARADAY
from ssb_model.laws.mechanics import series_stiffness

STEEL = 200e9  # Pa, Young's modulus
STRESSED = 0.8  # share of a bolt's nominal section that carries, metric coarse threads; ISO 898-1
CREEP_BEGINS = 3600.0  # s after it was set from which a share of the pressure per decade is lost


def springs(each, number, area):
    """n k / A: springs side by side, k of each in N m-1."""
    return number * each / area


def bolts(diameter, length, number, area, modulus=STEEL):
    """n E A_s / (l A): bolts stretch over their free length l; A_s = 0.8 pi d^2 / 4."""
    return number * modulus * STRESSED * np.pi * diameter**2 / 4 / (length * area)


def plates(thickness, span, width, area, modulus=STEEL):
    """Two plates that bend between bolts a ``span`` apart, evenly loaded: k = 384 E I / (5 l^3).

    I = w t^3 / 12 (Euler and Bernoulli, simply supported); deflection in the middle; two in
    series.
    """
    inertia = width * thickness**3 / 12
    return 384 * modulus * inertia / (5 * span**3) / 2 / area


def rubber(modulus, thickness, width):
    """E (1 + 2 S^2) / t: a bonded pad of shape factor S = w / (4 t), square or round (Gent)."""
    shape = width / (4 * thickness)
    return modulus * (1 + 2 * shape**2) / thickness


def gas(pressure, volume, area):
    """p A / V: gas of a volume V that keeps its temperature (Boyle)."""
    return pressure * area / volume


def in_series(*parts):
    """1 / sum(1/k) of all that carries the same force."""
    return 1 / sum(1 / each for each in parts)


def felt(change, share):
    """What the stack feels of a composite's change of thickness since pristine [m].

    Swelling all of it; of shrinking the ``share`` that does not become gaps. Particles that swell
    push their layer, those that shrink leave gaps, which the grains around them bridge.
    """
    return np.maximum(change, 0) + share * np.minimum(change, 0)


def per_charge(volume_change, concentration):
    """dV / (F c_max): what an electrode grows per charge that fills it [m per C m-2].

    Its thickness and its share of active material cancel; ``volume_change`` is from empty to
    full, relative, and taken as linear.
    """
    return volume_change / (FARADAY * concentration)


def kept(time, per_decade):
    """Share of the pressure creep of the stack leaves after a time, 1 - c log10(1 + t/1 h)."""
    return 1 - per_decade * np.log10(1 + np.asarray(time) / CREEP_BEGINS)


def pressure(preload, time, growth, holder_stiffness, compliance, per_decade):
    """P(t) = max(0, P_0 (1 - c log10(1 + t/1 h)) + k dh(t)), 1/k = 1/k_holder + C [Pa].

    ``growth`` is what stack and holder have grown against each other since P_0 was set, free of
    load [m]; C is the compliance of the stack's own layers [m Pa-1].
    """
    stiffness = series_stiffness(holder_stiffness, compliance)
    return np.maximum(0, preload * kept(time, per_decade) + stiffness * growth)


def warmed(rise, expansion, length, bolt_expansion):
    """(a - a_b) l dT: what the parts between bolts of a length l outgrow them by [m]."""
    return (expansion - bolt_expansion) * length * rise


def preload_within(low, high, time, growth, holder_stiffness, compliance, per_decade):
    """The preloads [Pa] that keep a course of growth between two pressures: lowest, highest.

    Where the lowest is above the highest none does.
    """
    stiffness = series_stiffness(holder_stiffness, compliance)
    left = kept(time, per_decade)
    return np.max((low - stiffness * growth) / left), np.min((high - stiffness * growth) / left)


def stiffest_for(swing, growth, compliance):
    """The stiffest holder [Pa m-1] that keeps the pressure of a cell within a swing [Pa].

    It is also the stiffness a measured swing implies. Infinite where the stack's own layers are
    soft enough. ``growth`` is from thinnest to
    thickest [m].
    """
    softness = growth / swing - compliance
    return 1 / softness if softness > 0 else np.inf
