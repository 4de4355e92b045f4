"""Cover: how much of a particle's surface electrolyte lies against, and the spots it touches at.

The contact fraction theta is a share of the particle's surface, the cover (0 to 1, what a
microscope sees) times the micro-contact inside it, of which ``micro_contact`` says how much a
history of pressure makes and keeps.
"""

from __future__ import annotations

import numpy as np


def surface_ratio(phi_electrolyte, phi_active, d_active, d_electrolyte):
    """Electrolyte grain surface over active particle surface, both as spheres."""
    return phi_electrolyte / phi_active * d_active / d_electrolyte


def coverage_ceiling(
    surface_offered, void_fraction, coverage_factor, surface_exponent, void_limit, void_exponent
):
    """theta_max = min{1 - exp(-k s**m), s} [1 - (voids/voids_0)**n].

    ``surface_offered`` s: electrolyte surface over particle surface (``surface_ratio``). Grains
    laid at random on a surface would cover 1 - exp(-k s) of it; pressed sulfides flow over it,
    and how fine they were matters less, m < 1. Contact never exceeds the electrolyte's own
    surface s; voids take the rest away. Form of this package; voids after Bielefeld et al. (2019),
    k and m after coverages with as-bought and milled powder of Yanev et al. (2024).
    """
    covered = np.minimum(
        1 - np.exp(-coverage_factor * surface_offered**surface_exponent), surface_offered
    )
    open_share = np.maximum(1 - (void_fraction / void_limit) ** void_exponent, 1e-3)
    return covered * open_share


def utilisation(surface_offered, contacts_per_surface):
    """zeta = 1 - exp(-z s): share of active particles touching any electrolyte at all.

    z s is the mean number of contacts, Poisson distributed over particles.
    """
    return 1 - np.exp(-contacts_per_surface * surface_offered)


def constriction(contact_fraction):
    """psi = (1 - sqrt(theta))**1.5, the relief neighbouring spots give each other."""
    return (1 - contact_fraction**0.5) ** 1.5


def spot_excess(flux_in, contact_fraction, radius, diffusivity):
    """Quasi-steady excess concentration below contact spots of radius b [mol m-3].

    N pi b psi / (4 D theta), N the flux into the particle averaged over its whole surface:
    the disc constriction of Cooper, Mikic & Yovanovich, Int. J. Heat Mass Transf. 12 (1969) 279.
    Many spots stand on a body that is deep beside them: it holds for b well below the particle's
    radius (``radius_limit``).
    """
    psi = constriction(contact_fraction)
    return flux_in * np.pi * radius * psi / (4 * diffusivity * contact_fraction)


def radius_limit(particle_radius, contact_fraction):
    """Largest b with at least 10 spots on a sphere: 10 pi b**2 = theta 4 pi R**2 [m]."""
    return 2 * particle_radius * (contact_fraction / 10) ** 0.5


def spot_rate(radius, diffusivity):
    """1/tau = D/b**2: how fast the excess below a spot settles [s-1]."""
    return diffusivity / radius**2
