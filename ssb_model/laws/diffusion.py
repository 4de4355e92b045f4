"""Diffusion in a sphere after its surface flux was switched on."""

from __future__ import annotations

import math

import numpy as np

EARLY = 0.05  # Fourier number below which the far side is not felt: error exp(-1/Fo) = 2e-9
ODD_FACTORIALS = np.cumprod(1.0 / np.arange(1, 17, 2))


def _eigenvalues(count: int) -> np.ndarray:
    """Positive roots of tan(x) = x by Newton on sin(x) - x cos(x)."""
    x = (np.arange(1, count + 1) + 0.5) * math.pi
    x = x - 1 / x
    for _ in range(4):
        x = x - (np.sin(x) - x * np.cos(x)) / (x * np.sin(x))
    return x


EIGENVALUES = _eigenvalues(8)  # the ninth adds below 1e-15 at Fo = EARLY
SLOWEST = float(EIGENVALUES[0] ** 2)  # 20.19, decay of the slowest mode per Fourier number


def sphere_surface_excess(fourier):
    """(c_surf - c_mean) D / (N R) at Fo = D t / R**2 after a flux N into a sphere is switched on.

    1/5 - 2 sum exp(-x_n**2 Fo) / x_n**2 with tan(x_n) = x_n (Crank, The Mathematics of Diffusion,
    1975, eq. 6.45, at the surface); below Fo = 0.05 the form of a sphere without far side,
    exp(Fo) (1 + erf sqrt(Fo)) - 1 - 3 Fo. From 2 sqrt(Fo/pi) - 2 Fo to 1/5.
    """
    fourier = np.asarray(fourier, dtype=float)
    early = np.clip(fourier, 0.0, EARLY)
    powers = early[..., None] ** np.arange(8) * 2.0 ** np.arange(8)
    scaled_erf = 2 * np.sqrt(early / math.pi) * (powers @ ODD_FACTORIALS)  # exp(Fo) erf(sqrt(Fo))
    short = np.expm1(early) + scaled_erf - 3 * early
    squares = EIGENVALUES**2
    late = np.maximum(fourier, EARLY)[..., None]
    long = 0.2 - 2 * np.sum(np.exp(-squares * late) / squares, axis=-1)
    return np.where(fourier < EARLY, short, long)


def sphere_surface_lead(fourier):
    """(c_surf - c_mean) / (c_mean - c_start) after a constant flux: excess(Fo) / (3 Fo).

    Falls from 2 / (3 sqrt(pi Fo)) to 1 / (15 Fo): the one function a GITT pulse is solved for.
    """
    return sphere_surface_excess(fourier) / (3 * np.asarray(fourier, dtype=float))


def weppner_huggins(particle_radius, duration, steady_change, transient_change):
    """D = 4/(pi t) (R/3)**2 (dE_s/dE_t)**2 [m2 s-1], for t well below R**2/D.

    Weppner & Huggins, J. Electrochem. Soc. 124 (1977) 1569, with V/A = R/3 of a sphere of radius
    ``particle_radius`` [m]; ``steady_change`` of the potential over pulse [s] and rest,
    ``transient_change`` within the pulse without ohmic drop and charge transfer [V].
    """
    ratio = steady_change / transient_change
    return 4 / (math.pi * duration) * (particle_radius / 3) ** 2 * ratio**2
