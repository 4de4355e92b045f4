"""Circuit elements of the angular frequency omega [rad s-1], Z = R - i/(omega C).

Capacitances read off them gauge how much of a surface is in contact.
"""

from __future__ import annotations

import numpy as np

VACUUM_PERMITTIVITY = 8.8541878128e-12  # F m-1


def coth(z):
    """Hyperbolic cotangent of complex numbers with Re(z) >= 0, however large."""
    return (1 + np.exp(-2 * z)) / -np.expm1(-2 * z)


def tanh(z):
    """Hyperbolic tangent of complex numbers with Re(z) >= 0, however large."""
    return -np.expm1(-2 * z) / (1 + np.exp(-2 * z))


def constant_phase(omega, Q, alpha):
    """1 / (Q (i omega)**alpha), Q in F s**(alpha-1); a capacitor at alpha = 1.

    At alpha = 1/2 the Warburg impedance of diffusion without end, (1/Q) (i omega)**(-1/2).
    """
    return 1 / (Q * (1j * omega) ** alpha)


def phase_element(capacitance, reference_frequency, alpha):
    """Q [F s**(alpha-1)] of a surface whose capacitance is that of a capacitor at one frequency.

    Q = C (2 pi f_0)**(1-alpha), so that |Z| is that of the capacitor C at f_0 [Hz], whatever
    alpha; C itself at alpha = 1. C and f_0 belong to the surface. Brug's and Hsu-Mansfeld's
    formulas read C with a resistance beside or before it in place of 1/(2 pi f_0 C): a Q made
    of these would change with the exchange current although the surface did not.
    """
    return capacitance * (2 * np.pi * reference_frequency) ** (1 - alpha)


def parallel(a, b):
    """Two impedances side by side, a b / (a + b)."""
    return a * b / (a + b)


def arc(omega, R, Q, alpha):
    """Resistance beside a constant-phase element, R / (1 + R Q (i omega)**alpha)."""
    return R / (1 + R * Q * (1j * omega) ** alpha)


def arc_of_time(omega, R, tau, alpha):
    """The same of its time constant tau = (R Q)**(1/alpha) [s]: R / (1 + (i omega tau)**alpha).

    -Im(Z) is largest at omega = 1/tau whatever alpha (Cole & Cole, J. Chem. Phys. 9 (1941) 341).
    """
    return R / (1 + (1j * omega * tau) ** alpha)


def finite_space_warburg(omega, R, tau):
    """Diffusion up to a wall, R coth(s)/s with s = sqrt(i omega tau) and tau = L**2/D [s].

    R/3 + R/(i omega tau) at low frequency: a capacitor tau/R.
    """
    s = np.sqrt(1j * omega * tau)
    return R * coth(s) / s


def finite_length_warburg(omega, R, tau):
    """Diffusion up to a held concentration, R tanh(s)/s with s = sqrt(i omega tau).

    R at low frequency; tau = L**2/D [s].
    """
    s = np.sqrt(1j * omega * tau)
    return R * tanh(s) / s


def transmission_line(ionic_resistance, local_impedance):
    """Pores filled with electrolyte, sqrt(R_ion Z_loc) coth sqrt(R_ion/Z_loc).

    ``ionic_resistance`` of the whole depth and ``local_impedance`` of all the surface in it,
    both of the same area; electrons move freely and no ions leave at the collector. R_ion/3 +
    Z_loc where Z_loc is large (de Levie, Electrochim. Acta 8 (1963) 751; Bisquert, PCCP 2
    (2000) 4185).
    """
    local = np.asarray(local_impedance, complex)
    return np.sqrt(ionic_resistance * local) * coth(np.sqrt(ionic_resistance / local))


def plate_capacitance(permittivity, separation):
    """eps_0 eps_r / d per area in contact [F m-2]."""
    return VACUUM_PERMITTIVITY * permittivity / separation


def brug(Q, alpha, series_resistance, transfer_resistance):
    """Capacitance of a constant-phase element whose time constants spread along the surface.

    Q**(1/a) (1/R_s + 1/R_ct)**((a-1)/a); Brug et al., J. Electroanal. Chem. 176 (1984) 275.
    """
    conductance = 1 / series_resistance + 1 / transfer_resistance
    return Q ** (1 / alpha) * conductance ** ((alpha - 1) / alpha)


def hsu_mansfeld(Q, alpha, transfer_resistance):
    """Capacitance at the top of the arc, Q**(1/a) R_ct**((1-a)/a).

    Hsu & Mansfeld, Corrosion 57 (2001) 747: time constants spread through a film's depth.
    """
    return Q ** (1 / alpha) * transfer_resistance ** ((1 - alpha) / alpha)


def contact_share(capacitance, surface, permittivity, separation, other=0.0):
    """theta = (C - C_other) / (C_plate S): share of a surface in contact; above 1 stays so.

    ``capacitance`` of an electrode, ``surface`` of its particles, ``other`` the capacitance of
    carbon and collectors, all of the same electrode or per the same area.
    """
    return (capacitance - other) / (plate_capacitance(permittivity, separation) * surface)


def capacitance_at(omega, Q, alpha):
    """Capacitance of a constant-phase element at one angular frequency, Q omega**(alpha-1).

    Read at the same ``omega`` of two elements of one alpha it goes as Q, which is to say as the
    area both share, whatever resistance lies beside them.
    """
    return Q * omega ** (alpha - 1)


def top_of_arc(R, Q, alpha):
    """Angular frequency at which -Im(Z) of R beside a constant-phase element is largest."""
    return (R * Q) ** (-1 / alpha)
