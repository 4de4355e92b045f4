"""Times that part ohmic resistance, charge transfer and diffusion, read off a spectrum."""

from __future__ import annotations

import numpy as np

from ssb_model.analysis.spectra import checked_spectrum
from ssb_model.analysis.spectrum_check import kramers_kronig
from ssb_model.errors import InputError


def time_constants(frequency, impedance) -> tuple[float, float]:
    """(t1, t2) [s]: t1 = 1 / (2 pi f) at the highest frequency, t2 at the valley of -Z''.

    What is faster than the spectrum is ohmic; the valley is the local minimum of -Z'' at the
    lowest frequency, between the last arc and the diffusion that follows it. The spectrum is
    smoothed by its Kramers-Kronig fit.
    """
    f, Z = checked_spectrum(frequency, impedance, least=6)
    height = -kramers_kronig(f, Z).fitted.imag
    inner = height[1:-1]
    valleys = np.flatnonzero((inner < height[:-2]) & (inner <= height[2:])) + 1
    arcs = [at for at in valleys if np.any(height[:at] > 1.1 * height[at])]
    if not arcs:
        raise InputError(
            "no valley between an arc and diffusion in the spectrum: give t1 and t2 in s, or a "
            "spectrum to lower frequencies."
        )
    return float(1 / (2 * np.pi * f[0])), float(1 / (2 * np.pi * f[arcs[-1]]))
