"""Particles that crack as they breathe: lithium takes longer ways in them.

Form of this package, on the diffusion lengths of Conforto et al., J. Electrochem. Soc. 168 (2021)
070546: from 1.6 to 5.6 and 4.8 um over 40 cycles of polycrystals of NCM811, from 1.3 to 2.1 and
2.6 um of single crystals.
"""

from __future__ import annotations


def diffusion_length_ratio(strain, growth):
    """L/L_0 = 1 + k strain, of the volume ``strain`` summed up either way and its ``growth`` k."""
    return 1 + growth * strain


def cracked_diffusivity(diffusivity, length_ratio):
    """D (L_0/L)**2 [m2 s-1]: a length that grew is a diffusivity that fell, the radius the same."""
    return diffusivity / length_ratio**2
