"""Interfacial capacitance, the gauge of how much of a surface is in contact."""

from __future__ import annotations

VACUUM_PERMITTIVITY = 8.8541878128e-12  # F m-1


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
