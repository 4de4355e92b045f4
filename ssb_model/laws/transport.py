"""Conduction through grains, composites and particles."""

from __future__ import annotations

import numpy as np

GAS_CONSTANT = 8.314462618  # J mol-1 K-1
LN10 = float(np.log(10))
SMALLEST_CONNECTED_SHARE = 1e-3  # far below percolation: a trickle, so that a cell still solves


def arrhenius(T, activation_energy, T_ref):
    """Factor exp[E/R (1/T_ref - 1/T)] on a rate known at ``T_ref`` [K]; E in J mol-1."""
    return np.exp(activation_energy / GAS_CONSTANT * (1 / T_ref - 1 / T))


def bruggeman(volume_fraction, exponent):
    """Conducting share of a layer, phi**b (Bruggeman 1935)."""
    return volume_fraction**exponent


def percolation(volume_fraction, threshold, exponent, least=SMALLEST_CONNECTED_SHARE):
    """Conducting share of a layer, ((phi - phi_c) / (1 - phi_c))**t.

    Kirkpatrick, Rev. Mod. Phys. 45 (1973) 574. It falls steeply near the threshold, which is
    what composites poor in electrolyte do and no single Bruggeman exponent follows.
    """
    share = (volume_fraction - threshold) / (1 - threshold)
    return np.maximum(share, least) ** exponent


def uneven_percolation(volume_fraction, threshold, exponent, tail):
    """Conducting share of a layer, [w ln(1 + exp(u/w))]**t with u = (phi - phi_c)/(1 - phi_c).

    ``percolation`` well above the threshold. A layer is some tens of grains thick and mixed
    unevenly, so that its threshold is spread over a ``tail`` w: below it a little still conducts.
    Form of this package.
    """
    share = (volume_fraction - threshold) / (1 - threshold)
    above = tail * np.log(1 + np.exp(share / tail))
    return np.maximum(above, SMALLEST_CONNECTED_SHARE) ** exponent


def percolation_threshold(size_ratio, at_equal_size, halfway):
    """Threshold phi_c = phi_1 (1 + h) r / (r + h) of a powder, r its size over the other's.

    Fine grains line coarse ones and connect at little volume; coarse grains among fine ones are
    kept apart, up to (1 + h) times the threshold ``at_equal_size``, half of that at r = h. One law
    for ions through electrolyte and electrons through active material, the roles exchanged;
    sulfide flows when pressed and oxide does not, so that their constants differ. Rigid spheres
    whose Z = 6 contacts are shared by surface (Chen et al., J. Power Sources 191 (2009) 240) and
    connect from 1.764 among themselves on (Kuo & Gupta, Acta Metall. Mater. 43 (1995) 397) have
    this form with h = Z/1.764 - 1 and phi_1 = 1/(1 + h) of the solids.
    """
    return at_equal_size * (1 + halfway) * size_ratio / (size_ratio + halfway)


def free_necks(additive_fraction, electrolyte_fraction, blocking):
    """Share exp(-k phi_add/phi_SE) of the necks between grains that no binder or carbon sits in.

    Additives fall on necks at random, ``blocking`` k to a volume of them as large as that of the
    electrolyte.
    """
    return np.exp(-blocking * additive_fraction / electrolyte_fraction)


def grain_conductivity_factor(grain_size, reference_grain_size, boundary_length):
    """Conductivity of a pellet of grains d over that of grains d_ref.

    Brick layer: resistance per length 1 + l_gb/d, with l_gb the length of grain as
    resistive as one boundary (van Dijk & Burggraaf, Phys. Status Solidi A 63 (1981) 229).
    """
    return (1 + boundary_length / reference_grain_size) / (1 + boundary_length / grain_size)


def diffusivity_fall_when_full(stoichiometry, decades):
    """Factor 10**(-decades * sto**4) on a diffusivity: layered oxides block when full of Li."""
    return np.exp(-LN10 * decades * (stoichiometry**2) ** 2)


def diffusivity_rise_on_lithiation(stoichiometry, ratio):
    """Factor ratio**(sto - 1) on the diffusivity of the lithiated host: poor until lithiated."""
    return ratio ** (stoichiometry - 1)


def electronic_fall(stoichiometry, slope, decades, exponent):
    """Factor 10**(-a x - b x**n) on the electronic conductivity of an oxide filled with Li.

    Four decades between empty and full NMC, two of them lost in the last tenth (Amin &
    Chiang, J. Electrochem. Soc. 163 (2016) A1512).
    """
    return np.exp(-LN10 * (slope * stoichiometry + decades * stoichiometry**exponent))
