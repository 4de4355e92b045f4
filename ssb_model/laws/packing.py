"""What a stack of cells weighs and takes up, with the holder its pressure asks for.

Layers lie on one another between foils that are coated on both sides but for the outermost; a
holder is two plates that bend between bolts, or a sphere that gas fills. SI throughout.
"""

from __future__ import annotations

import numpy as np

from ssb_model.laws.holder import STRESSED
from ssb_model.laws.transport import GAS_CONSTANT


def sheets(layers):
    """Foils of ``layers`` cells in parallel: n // 2 + n % 2 positive ones, n // 2 + 1 negative.

    Neighbours share a foil, the outermost are negative where n is even: two cathodes on one foil
    make a bilayer.
    """
    return (layers + 1) // 2, layers // 2 + 1


def plate_thickness(pressure, span, modulus, stress, sag):
    """Thickness of a plate under an even pressure p between bolts a span L apart [m].

    max(L sqrt(3 p / (4 s)), L (5 p / (32 E f))^(1/3)): a beam on two supports whose stress
    M c / I = (3/4) p (L/t)^2 stays below ``stress`` s, and whose deflection in the middle,
    5 p L^4 / (32 E t^3), below the share ``sag`` f of the span (Euler and Bernoulli).
    """
    by_stress = np.sqrt(3 * pressure / (4 * stress))
    by_sag = np.cbrt(5 * pressure / (32 * modulus * sag))
    return span * np.maximum(by_stress, by_sag)


def bolt_diameter(force, number, stress):
    """sqrt(4 F / (0.8 pi n s)): nominal diameter of n bolts that carry a force F at a stress s.

    0.8 of the nominal section carries (metric coarse threads, ISO 898-1).
    """
    return np.sqrt(4 * force / (STRESSED * np.pi * number * stress))


def vessel_mass(pressure, volume, density, stress):
    """(3/2) rho p V / s: wall of a thin sphere of a volume V that gas fills at p [kg].

    From s = p R / (2 t) and m = 4 pi R^2 t rho; thin as long as p is far below s.
    """
    return 1.5 * density * pressure * volume / stress


def gas_mass(pressure, volume, temperature, molar_mass):
    """M p V / (R T): of an ideal gas [kg]."""
    return molar_mass * pressure * volume / (GAS_CONSTANT * temperature)
