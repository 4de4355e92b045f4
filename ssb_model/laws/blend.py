"""Two kinds of active material in one electrode: what both have in common, and who takes what.

A kind k fills the volume v_k with particles of diameter d_k that hold c_k. Both see one potential
of electrons and one of ions; each has its own curve, diffusivity, reaction and cover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LEAST_STEP = 1e-9  # of lithium between two points of a curve
LEAST_SLOPE = 1e-9  # V that a curve falls at least from point to point, so that it can be inverted
DEEPEST = 4.0  # V below the highest: no cell is run as far down
FULL = 0.998
POINTS = 400  # of a curve of the blend


def mean(shares: Sequence[float], values: Sequence[float]) -> float:
    """The mean of what kinds have, by shares that may be of any sum."""
    return sum(w * x for w, x in zip(shares, values, strict=True)) / sum(shares)


def mean_by_decades(shares: Sequence[float], values: Sequence[float]) -> float:
    """The mean of logarithms: a conductivity of a mixture lies between in series and in parallel.

    Lichtenecker, Phys. Z. 27 (1926) 115.
    """
    return float(np.exp(mean(shares, [float(np.log(x)) for x in values])))


def mean_diameter(volumes: Sequence[float], diameters: Sequence[float]) -> float:
    """d = sum v_k / sum (v_k / d_k): particles of one size with the surface of both kinds.

    A straight line meets as many boundaries in them, one every 2 d / 3 of solid (the chord of a
    solid is four times its volume over its surface).
    """
    return sum(volumes) / sum(v / d for v, d in zip(volumes, diameters, strict=True))


def surface_shares(volumes: Sequence[float], diameters: Sequence[float]) -> list[float]:
    """v_k / d_k of each kind over the sum of both."""
    surfaces = [v / d for v, d in zip(volumes, diameters, strict=True)]
    return [one / sum(surfaces) for one in surfaces]


def capacity_radius(radius_ratio: float, concentration_ratio: float) -> float:
    """R'_k / R = (R_k / R) (c_k / c): a particle of the mean host that holds as much per surface.

    With the diffusivity D_k (c_k / c)**2 it fills as the particle itself does: R'**2 / D' is
    R_k**2 / D_k, and so is the slope at the surface of the share that is filled. Surfaces and
    lithium of an electrode of such particles are those of the blend.
    """
    return radius_ratio * concentration_ratio


def curve_of_both(
    lithium: np.ndarray, potentials: Sequence[np.ndarray], capacities: Sequence[float]
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Potential at rest and lithium of each kind against the mean lithium content of a blend.

    ``potentials`` of each kind, falling with its own ``lithium``, are at rest alike: x is
    sum q_k x_k(U) / sum q_k with the charge q_k a kind can hold.
    """
    falling = [
        np.minimum.accumulate(U) - LEAST_SLOPE * np.arange(len(U))
        for U in map(np.ravel, potentials)
    ]
    U = np.unique(np.concatenate(falling))[::-1]
    each = [np.interp(-U, -one, lithium) for one in falling]
    x = np.asarray(mean(capacities, each))
    kept = [0]
    least = max(LEAST_STEP, (x[-1] - x[0]) / POINTS)
    for place in range(1, len(x)):
        far = x[place] - x[kept[-1]] >= least or U[kept[-1]] - U[place] >= 0.05
        if far and x[place] - x[kept[-1]] >= LEAST_STEP:
            kept.append(place)
    kept = [place for place in kept if U[place] > U[0] - DEEPEST and x[place] < FULL]
    x, U, each = x[kept], U[kept], [one[kept] for one in each]
    last = 1.0, 2 * U[-1] - U[-2]  # full kinds are full, as both are before a first charge
    return np.append(x, last[0]), np.append(U, last[1]), [np.append(one, 1.0) for one in each]
