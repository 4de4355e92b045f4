"""What every reading of an impedance spectrum checks first, and the Kramers-Kronig test of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ssb_model.errors import InputError

FEWEST = 6  # points of a spectrum that has relaxation times, a check and circuits
BEYOND = 3  # factor from the ends of the measured range to the outermost time constants
DENSEST = 6  # elements a decade


LARGEST = 1e15  # Ohm cm2, Hz: more is no measurement, and its square no number


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
    if not np.all((np.abs(Z) < LARGEST) & (f < LARGEST)):
        raise InputError(f"Impedances and frequencies lie below {LARGEST:g}: mind the unit.")
    if np.all(Z.imag > 0):
        raise InputError("Im(Z) is positive everywhere: give Z = Z' + 1j Z'', not with -Z''.")
    order = np.argsort(-f, kind="stable")
    return f[order], Z[order].astype(complex)


def relative_parts(Z: np.ndarray, modulus: np.ndarray) -> np.ndarray:
    """Real parts, then imaginary parts, as shares of ``modulus``; along the first axis."""
    shares = (Z.T / modulus).T
    return np.concatenate([shares.real, shares.imag])


@dataclass(frozen=True)
class KramersKronig:
    """How far a spectrum lies from the nearest one that is causal, linear and steady."""

    frequency: np.ndarray
    impedance: np.ndarray
    fitted: np.ndarray
    elements: int
    unknowns: int
    limit: float

    @property
    def residual(self) -> np.ndarray:
        """(Z - fit)/|Z|, complex: its parts are the residuals of the real and imaginary part."""
        return (self.impedance - self.fitted) / np.abs(self.impedance)

    @property
    def worst(self) -> float:
        """Largest residual of either part."""
        return float(np.max(np.abs(relative_parts(self.residual, 1.0))))

    @property
    def noise(self) -> float:
        """Scatter of one part relative to |Z|, corrected for the unknowns fitted."""
        parts = relative_parts(self.residual, 1.0)
        return float(np.sqrt(np.sum(parts**2) / max(len(parts) - self.unknowns, 1)))

    @property
    def most_noise(self) -> float:
        """The noise two standard errors above what so many numbers tell of it."""
        freedom = max(2 * len(self.frequency) - self.unknowns, 1)
        return self.noise * (1 + 2 / np.sqrt(2 * freedom))

    @property
    def exceeding(self) -> np.ndarray:
        """Frequencies [Hz] whose residual of either part is above the limit."""
        above = np.maximum(np.abs(self.residual.real), np.abs(self.residual.imag)) > self.limit
        return self.frequency[above]

    @property
    def passed(self) -> bool:
        """Whether no residual is above the limit."""
        return len(self.exceeding) == 0

    @property
    def table(self) -> pd.DataFrame:
        """One row a frequency, from high to low."""
        return pd.DataFrame(
            {
                "Frequency [Hz]": self.frequency,
                "residual_real": self.residual.real,
                "residual_imaginary": self.residual.imag,
                "exceeds": np.isin(self.frequency, self.exceeding),
            }
        )


def kramers_kronig(
    frequency,
    impedance,
    limit: float = 0.01,
    capacitance: bool = True,
    inductance: bool = True,
) -> KramersKronig:
    """Fit R + i w L + 1/(i w C) + sum of R_k/(1 + i w tau_k), each of which obeys Kramers-Kronig.

    The tau_k are fixed, evenly spaced in ln(tau) over the measured range with one more a factor
    3 beyond each end; the R_k of either sign follow from linear least squares of both parts
    relative to |Z| (Boukamp, J. Electrochem. Soc. 142 (1995) 1885). The number of elements is
    the one of least Bayesian information criterion n ln(sum of squares) + p ln(n) among 1 to 6
    a decade with at most half as many unknowns p as numbers measured n: it stops where the rest
    is noise. (The count of signs of Schoenleber et al., Electrochim. Acta 131 (2014) 20, stops
    too early at arcs without spread, whose best fit alternates in sign.)

    ``limit`` of the residuals, share of |Z|. A resistance that drifts by a share per decade of
    frequency shows at about 0.7 of that share, and less near the ends of the range.
    """
    f, Z = checked_spectrum(frequency, impedance, least=FEWEST)
    modulus = np.abs(Z)
    measured = relative_parts(Z, modulus)
    n = len(measured)
    tried = []
    for density in range(1, DENSEST + 1):
        columns = elements(f, density, capacitance, inductance)
        if columns.shape[1] > len(f):
            break
        scaled = relative_parts(columns, modulus)
        size = np.linalg.norm(scaled, axis=0)
        x, _, rank, _ = np.linalg.lstsq(scaled / size, measured, rcond=1e-9)
        squares = np.sum((measured - scaled / size @ x) ** 2)
        criterion = n * np.log(max(squares, n * 1e-16)) + rank * np.log(n)
        count = columns.shape[1] - 1 - capacitance - inductance
        tried.append((criterion, count, int(rank), columns @ (x / size)))
    if not tried:
        raise InputError(
            f"{len(f)} points are too few for {np.log10(f[0] / f[-1]):.1f} decades of frequency: "
            f"measure at least {columns.shape[1]}."
        )
    _, count, rank, fitted = min(tried, key=lambda trial: trial[0])
    return KramersKronig(f, Z, fitted, count, rank, limit)


def elements(f: np.ndarray, density: int, capacitance: bool, inductance: bool) -> np.ndarray:
    """Impedance of each element at 1 Ohm, 1 F and 1 H, a column each."""
    omega = 2 * np.pi * f[:, None]
    shortest, longest = 1 / omega.max(), 1 / omega.min()
    count = int(np.ceil(density * np.log10(longest / shortest))) + 1
    tau = np.geomspace(shortest, longest, count)
    tau = np.concatenate([[shortest / BEYOND], tau, [longest * BEYOND]])
    columns = [np.ones_like(omega, complex), 1 / (1 + 1j * omega * tau)]
    if capacitance:
        columns.append(1 / (1j * omega))
    if inductance:
        columns.append(1j * omega)
    return np.concatenate(columns, axis=1)


def time_constants(frequency, impedance) -> tuple[float, float]:
    """(t1, t2) [s]: t1 = 1 / (2 pi f) at the highest frequency, t2 at the valley of -Z''.

    What is faster than the spectrum is ohmic; the valley is the local minimum of -Z'' at the
    lowest frequency, between the last arc and the diffusion that follows it. The spectrum is
    smoothed by its Kramers-Kronig fit.
    """
    f, Z = checked_spectrum(frequency, impedance, least=FEWEST)
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
