"""Heat that a pile of layers makes and gives off through its two faces, layer after layer."""

from __future__ import annotations

import numpy as np


def series_resistance(thicknesses, conductivities):
    """sum(L / k): of layers that heat crosses one after the other [m2 K W-1]."""
    return sum(L / k for L, k in zip(thicknesses, conductivities, strict=True))


def areal_capacity(thicknesses, densities, specific):
    """sum(rho c L): of a cell's layers per area [J m-2 K-1]."""
    return sum(rho * c * L for L, rho, c in zip(thicknesses, densities, specific, strict=True))


def made(current_density, open_circuit, voltage):
    """q = i (U - V): what a layer's losses turn into heat [W m-2]; that of entropy is left out."""
    return current_density * (open_circuit - voltage)


def step(rise, source, length, capacity, resistance, transfer):
    """Rises over the ambient [K] of n layers after a step of time dt (implicit Euler).

    C dT_i/dt = (T_{i-1} - 2 T_i + T_{i+1}) / R + q_i, with R/2 + 1/h between an outermost layer
    and the ambient; C [J m-2 K-1], R [m2 K W-1], h ``transfer`` [W m-2 K-1], q [W m-2].
    """
    return np.linalg.solve(*_system(rise, source, length, capacity, resistance, transfer))


def _system(rise, source, length, capacity, resistance, transfer):
    n = len(rise)
    out = 1 / (resistance / 2 + 1 / transfer)
    between = np.full(n - 1, 1 / resistance)
    leaving = np.zeros(n)
    leaving[:-1] += between
    leaving[1:] += between
    leaving[0] += out
    leaving[-1] += out
    matrix = np.diag(capacity / length + leaving) - np.diag(between, 1) - np.diag(between, -1)
    return matrix, capacity / length * np.asarray(rise) + source
