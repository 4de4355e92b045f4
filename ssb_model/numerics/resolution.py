"""How many nodes a polynomial needs, worked out before anything is solved.

A flux put on at an instant is what asks most of a particle: its front is thinner than the
distance between nodes at first. What the polynomial of so many nodes then has at the surface is
known exactly, as is what it should have.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ssb_model.numerics.polynomials import points

EXACT = 32  # nodes
LAST = 1.0  # of diffusion times: the profile is steady, and any polynomial has it
TIMES = 40


@lru_cache(maxsize=64)
def _modes(count: int, coordinates: str) -> tuple[np.ndarray, np.ndarray]:
    """Rates at which modes of a particle decay, and how much of each is seen at its surface."""
    inside = points(count, coordinates)
    rates, modes = np.linalg.eig(inside.divergence[:, :-1] @ inside.gradient[:-1])
    seen = inside.to_edges[-1] @ modes
    return rates, seen * np.linalg.solve(modes, inside.divergence[:, -1])


def surface(count: int, coordinates: str, share: np.ndarray) -> np.ndarray:
    """Value at the surface, after shares of R^2/D, of what had none before a unit slope there."""
    rates, seen = _modes(count, coordinates)
    steady = np.abs(rates) < 1e-9 * np.abs(rates).max()
    rates = np.where(steady, 1, rates)
    at = np.asarray(share, float)[..., None]
    return (np.where(steady, at, np.expm1(rates * at) / rates) @ seen).real


def error_at_surface(count: int, coordinates: str, share: float) -> float:
    """Largest from an instant on, a share of R^2/D after a unit slope was put on."""
    if share >= LAST:
        return 0.0
    at = np.geomspace(share, LAST, TIMES)
    exact, here = (surface(n, coordinates, at) for n in (EXACT, count))
    return float(np.abs(here - exact).max())
