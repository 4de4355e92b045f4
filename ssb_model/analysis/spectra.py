"""What every reading of an impedance spectrum checks and sorts first."""

from __future__ import annotations

import numpy as np

from ssb_model.errors import InputError


def checked_spectrum(frequency, impedance, least: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies [Hz] from high to low and complex impedances in the same order.

    At least ``least`` points; Im(Z) of a capacitor is negative here.
    """
    f = np.asarray(frequency, float).ravel()
    Z = np.asarray(impedance).ravel()
    if len(f) != len(Z):
        raise InputError(f"{len(f)} frequencies but {len(Z)} impedances: give one of each a point.")
    if len(f) < least:
        raise InputError(f"{len(f)} points are too few: measure at least {least}.")
    if not np.iscomplexobj(Z):
        raise InputError("Impedances are real: give complex numbers, Z' + 1j Z''.")
    if not np.all(np.isfinite(f) & (f > 0)):
        raise InputError("Frequencies are positive numbers of Hz: drop the points that have none.")
    if not np.all(np.isfinite(Z) & (np.abs(Z) > 0)):
        raise InputError("Impedances are finite and not zero: drop the points that are not.")
    if np.all(Z.imag > 0):
        raise InputError("Im(Z) is positive everywhere: give Z = Z' + 1j Z'', not with -Z''.")
    order = np.argsort(-f, kind="stable")
    return f[order], Z[order].astype(complex)


def relative_parts(Z: np.ndarray, modulus: np.ndarray) -> np.ndarray:
    """Real parts, then imaginary parts, as shares of ``modulus``; along the first axis."""
    shares = (Z.T / modulus).T
    return np.concatenate([shares.real, shares.imag])
