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


def cluster_ratio(surface_offered, surface_exponent):
    """R_c/R = (1 + s**-4n)**(1/4): particles between coarse grains act as one larger particle.

    Where electrolyte offers less surface than the particles have, s < 1 (``surface_ratio``, times
    the share of the electrolyte that is connected where lithium is to come through it), the
    chord through active material between grains is 1/s of that through a particle, for spheres
    of one size. Pressed sulfide flows and powders hold fine grains beside coarse, so that less
    is seen, n < 1. Lithium passes from particle to particle inside a cluster; its outer surface is
    R/R_c of theirs. Chords by stereology; the exponent n and the smooth step are this package's.
    """
    return (1 + surface_offered ** (-4 * surface_exponent)) ** 0.25


def coverage_ceiling(
    surface_offered, void_fraction, coverage_factor, surface_exponent, void_limit, void_exponent
):
    """theta_max = [1 - exp(-k)] R/R_c [1 - (voids/voids_0)**n_v].

    Of particles that lie between coarse grains only the outer surface can be touched
    (``cluster_ratio``), of that the share 1 - exp(-k) where there are no voids; voids take the rest
    away. Form of this package; voids after Bielefeld et al. (2019), k and the exponent of grain
    size after coverages with as-bought and milled powder of Yanev et al. (2024) and tomograms of
    Minnmann et al. (2024).
    """
    covered = (1 - np.exp(-coverage_factor)) / cluster_ratio(surface_offered, surface_exponent)
    return covered * np.maximum(1 - (void_fraction / void_limit) ** void_exponent, 1e-3)


def bare_share(binder_fraction, surface, patch_thickness):
    """exp(-phi_b/(S h)) of all surfaces carry no film of binder.

    A binder that was dissolved in a slurry dries on particles and grains, their ``surface`` S per
    volume of the layer [m-1], in patches ``patch_thickness`` h thick [m] that fall on it at random;
    lithium does not pass them. h is an effective one: it was found with contact of two faces, of
    which either may carry a film. Fibrils drawn dry (PTFE) make none. Form of this package, after
    contact by titration with and without binder from a slurry, Nam et al., J. Power Sources 375
    (2018) 93.
    """
    return np.exp(-binder_fraction / (surface * patch_thickness))


def connected_share(conducting_share, scale, exponent):
    """1 - exp(-(u/u_0)**m) of a powder hangs on its network, u the network's share above threshold.

    Next to the threshold most of it is on islands; a little above it nearly all is in. One law for
    active material and electrons and for electrolyte and ions, the roles exchanged. Form of this
    package, after the share of NCM622 that never charged beside its conductivity, Strauss et al.,
    ACS Energy Lett. 3 (2018) 992.
    """
    return 1 - np.exp(-((conducting_share / scale) ** exponent))


def reached_by_ions(connected_electrolyte, patches):
    """1 - (1 - p)**N of the particles touch connected electrolyte by one of their N patches.

    The share p of the electrolyte is connected (``connected_share``); a particle is left out where
    all of its patches are with islands.
    """
    return 1 - (1 - connected_electrolyte) ** patches


def on_both_networks(by_ions, through_each_other, by_fibre):
    """Share of the particles that ions reach, and electrons through each other or a fibre."""
    return by_ions * (1 - (1 - through_each_other) * (1 - by_fibre))


def connected_by_fibre(fibre_fraction, threshold):
    """1 - exp(-phi_f/phi_fc) of the particles touch a network of fibre."""
    return 1 - np.exp(-fibre_fraction / threshold)


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


def mean_below_spot(diffusivity, c_surface, c_contact):
    """Mean of D(c) over the concentrations between a particle's surface and its spots.

    Steady diffusion with D(c) is Laplace's equation in the integral of D (Kirchhoff 1894), so that
    ``spot_excess`` with this mean is exact once it has settled, on spots of one concentration.
    Gauss's rule of three points.
    """
    end = 0.5 * (1 - 0.6**0.5)
    points = (c_surface + x * (c_contact - c_surface) for x in (end, 0.5, 1 - end))
    return sum(w * diffusivity(c) for w, c in zip((5 / 18, 8 / 18, 5 / 18), points, strict=True))


def radius_limit(particle_radius, contact_fraction):
    """Largest b with at least 10 spots on a sphere: 10 pi b**2 = theta 4 pi R**2 [m]."""
    return 2 * particle_radius * (contact_fraction / 10) ** 0.5


def spot_rate(radius, diffusivity):
    """1/tau = D/b**2: how fast the excess below a spot settles [s-1]."""
    return diffusivity / radius**2
