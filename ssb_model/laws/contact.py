"""How much of a particle electrolyte can touch, and through what spots it does.

The contact fraction theta is a share of the particle's surface, 0 < theta <= theta_max <= 1;
``pressing`` says how much of the ceiling theta_max a pressure makes and keeps.
"""

from __future__ import annotations

import numpy as np


def surface_ratio(phi_electrolyte, phi_active, d_active, d_electrolyte):
    """Electrolyte grain surface over active particle surface, both as spheres."""
    return phi_electrolyte / phi_active * d_active / d_electrolyte


def coverage_ceiling(surface_offered, void_fraction, coverage_factor, void_limit, void_exponent):
    """theta_max = [1 - exp(-k s)] [1 - (voids/voids_0)**m], k <= 1.

    ``surface_offered`` s: electrolyte surface over particle surface (``surface_ratio``).
    1 - exp(-k s) <= k s <= s, so contact never exceeds the electrolyte's own surface. Grains
    thrown at random on a surface cover 1 - exp(-k s) of it; voids take the rest away. Form of
    this package; k, voids_0 and m follow the coverages of Bielefeld et al. (2019).
    """
    open_share = np.maximum(1 - (void_fraction / void_limit) ** void_exponent, 1e-3)
    return (1 - np.exp(-coverage_factor * surface_offered)) * open_share


def utilisation(surface_offered, contacts_per_surface):
    """zeta = 1 - exp(-z s): share of active particles touching any electrolyte at all.

    z s is the mean number of contacts, Poisson distributed over particles.
    """
    return 1 - np.exp(-contacts_per_surface * surface_offered)


def spot_radius(electrolyte_grain_size, contact_fraction):
    """b = d_SE sqrt(theta) / 2 [m]."""
    return 0.5 * electrolyte_grain_size * contact_fraction**0.5


def constriction(contact_fraction):
    """psi = (1 - sqrt(theta))**1.5, the relief neighbouring spots give each other."""
    return (1 - contact_fraction**0.5) ** 1.5


def spot_excess(flux_in, contact_fraction, electrolyte_grain_size, diffusivity):
    """Quasi-steady excess concentration below a contact spot [mol m-3].

    N pi b psi / (4 D theta), N the flux into the particle averaged over its whole surface:
    the disc constriction of Cooper, Mikic & Yovanovich, Int. J. Heat Mass Transf. 12 (1969) 279.
    """
    b = spot_radius(electrolyte_grain_size, contact_fraction)
    return (
        flux_in * np.pi * b * constriction(contact_fraction) / (4 * diffusivity * contact_fraction)
    )


def spot_rate(contact_fraction, electrolyte_grain_size, diffusivity):
    """1/tau = D/b**2: how fast the excess below a spot settles [s-1]."""
    return diffusivity / spot_radius(electrolyte_grain_size, contact_fraction) ** 2
