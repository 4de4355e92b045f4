"""Distribution of relaxation times: an impedance spectrum as resistances over time constants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from ssb_model.analysis.spectrum_check import (
    FEWEST,
    checked_spectrum,
    kramers_kronig,
    relative_parts,
)
from ssb_model.errors import InputError

PER_DECADE = 20  # time constants
MARGIN = 10.0  # factor of time constants beyond the measured frequencies, at each end
STRENGTHS = np.logspace(-8, 1, 37)  # of the regularisation, tried when none is given
SMALLEST = 0.003  # of |Z| at its frequency: a lesser peak is no peak
LOBE = 0.1  # of a peak within two decades: a lesser one may be the ringing of that


@dataclass(frozen=True)
class RelaxationTimes:
    """gamma over ln(tau) and the peaks in it; resistances in the unit of the impedance."""

    tau: np.ndarray
    gamma: np.ndarray
    series_resistance: float
    inductance: float
    inverse_capacitance: float
    regularisation: float
    order: int
    rule: str
    misfit: float
    frequency: np.ndarray
    fitted: np.ndarray
    rows: list[dict[str, Any]]

    @property
    def table(self) -> pd.DataFrame:
        """One row a peak, from short to long time constants."""
        return pd.DataFrame(self.rows)

    @property
    def polarisation(self) -> float:
        """Resistance of the whole distribution, the area below gamma."""
        return float(np.sum(self.gamma) * step(self.tau))


def relaxation_times(
    frequency,
    impedance,
    regularisation: float | None = None,
    order: int = 1,
    inductance: bool | None = None,
    capacitance: bool = False,
) -> RelaxationTimes:
    """Z = R_s + integral of gamma(tau) / (1 + i w tau) d ln(tau), gamma nowhere negative.

    Least squares of both parts relative to |Z| plus ``regularisation`` times the squared
    derivative of that ``order`` (0, 1 or 2) over ln(tau) of gamma relative to |Z| at w = 1/tau
    (Tikhonov); solved by non-negative least squares (Lawson & Hanson 1974) with R_s, and
    ``inductance`` i w L (by default where the spectrum is inductive at its highest frequency) and
    ``capacitance`` 1/(i w C), if asked for, in series.

    Regularisation not given: the strongest whose misfit stays within the noise the linear
    Kramers-Kronig test finds, two of its standard errors more (discrepancy principle, Morozov
    1966), or within 5 % of the least misfit attainable where that is larger. (Generalised
    cross-validation, tried on arcs of known distribution with 0.01 to 1 % of noise, came as near
    to gamma at best, and split arcs in two.)

    A peak is a maximum of gamma; its resistance is the area between the minima at its sides,
    its time constant the mean of ln(tau) over that area. Its resolution is how many decades wide,
    at half its height, a single time constant of that resistance comes out there: two that
    lie less than about twice that apart may be one peak. Time constants reach a decade beyond
    the measured range. A spectrum that ends in a capacitor or in diffusion without end has
    resistance without limit there: it piles up at the longest time constants, in peaks marked
    "outside", whose resistances mean nothing. ``capacitance`` takes up a capacitor; diffusion
    before a wall is then a row of peaks at L**2/(D pi**2 k**2) for k = 1, 2, 3... Arcs of
    constant-phase elements ring: a small peak beside a large one is marked as a possible lobe.
    """
    if order not in (0, 1, 2):
        raise InputError(f"order of the regularisation is 0, 1 or 2, not {order}.")
    f, Z = checked_spectrum(frequency, impedance, least=FEWEST)
    modulus = np.abs(Z)
    inductance = is_inductive(Z) if inductance is None else inductance
    tau = grid(f)
    columns = kernel(f, tau, inductance, capacitance)
    matrix = relative_parts(columns, modulus)
    size = np.linalg.norm(matrix, axis=0)
    local = np.interp(-np.log(tau), np.log(2 * np.pi * f[::-1]), modulus[::-1])
    size[: len(tau)] = 1 / local
    measured = relative_parts(Z, modulus)
    penalty = np.zeros((len(tau) - order, matrix.shape[1]))
    penalty[:, : len(tau)] = np.diff(np.eye(len(tau)), order, axis=0) / step(tau) ** (order - 0.5)

    def solve(strength, measured=measured):
        rows = np.vstack([matrix / size, np.sqrt(strength) * penalty])
        x, _ = nnls(rows, np.concatenate([measured, np.zeros(len(penalty))]), maxiter=50 * len(tau))
        left = matrix / size @ x - measured
        return x / size, float(np.sqrt(np.mean(left**2)))

    if regularisation is None:
        noise = kramers_kronig(f, Z).most_noise
        regularisation = strongest(lambda strength: solve(strength)[1], noise)
        rule = f"misfit within the Kramers-Kronig noise, {100 * noise:.2g} % of |Z|"
    elif regularisation > 0:
        rule = "as given"
    else:
        raise InputError(f"regularisation is positive, not {regularisation:g}.")
    x, misfit = solve(regularisation)
    gamma, series = x[: len(tau)], x[len(tau) :]
    rows = peaks(tau, gamma, f, modulus)
    for row in rows:
        at = row["Time constant [s]"]
        alone = series[0] + row["resistance"] / (1 + 2j * np.pi * f * at)
        seen = solve(regularisation, relative_parts(alone, modulus))[0][: len(tau)]
        row["Resolution [decades]"] = width(tau, seen, at)
    return RelaxationTimes(
        tau=tau,
        gamma=gamma,
        series_resistance=float(series[0]),
        inductance=float(series[1]) if inductance else 0.0,
        inverse_capacitance=float(series[-1]) if capacitance else 0.0,
        regularisation=regularisation,
        order=order,
        rule=rule,
        misfit=misfit,
        frequency=f,
        fitted=columns @ x,
        rows=rows,
    )


def is_inductive(Z: np.ndarray) -> bool:
    """Whether a spectrum, from high to low frequencies, begins with a positive imaginary part."""
    return bool(Z[0].imag > 0)


def width(tau: np.ndarray, gamma: np.ndarray, at: float) -> float | None:
    """Decades over which the peak at a time constant is above half of its height."""
    top = int(np.argmin(np.abs(np.log(tau / at))))
    near = slice(max(top - PER_DECADE, 0), top + PER_DECADE)
    top = near.start + int(np.argmax(gamma[near]))
    low = gamma < 0.5 * gamma[top]
    before, after = np.flatnonzero(low[:top]), np.flatnonzero(low[top:])
    if gamma[top] <= 0 or before.size == 0 or after.size == 0:
        return None
    return float((after[0] + top - before[-1] - 1) / PER_DECADE)


def grid(f: np.ndarray) -> np.ndarray:
    """Time constants [s], evenly spaced in ln(tau)."""
    shortest, longest = 1 / (2 * np.pi * f.max() * MARGIN), MARGIN / (2 * np.pi * f.min())
    return np.geomspace(shortest, longest, int(PER_DECADE * np.log10(longest / shortest)) + 1)


def step(tau: np.ndarray) -> float:
    """Spacing in ln(tau)."""
    return float(np.log(tau[1] / tau[0]))


def kernel(f: np.ndarray, tau: np.ndarray, inductance: bool, capacitance: bool) -> np.ndarray:
    """Impedance of each gamma, of R_s, L and 1/C at one, a column each."""
    omega = 2 * np.pi * f[:, None]
    columns = [step(tau) / (1 + 1j * omega * tau), np.ones_like(omega, complex)]
    if inductance:
        columns.append(1j * omega)
    if capacitance:
        columns.append(1 / (1j * omega))
    return np.concatenate(columns, axis=1)


def strongest(misfit: Callable[[float], float], noise: float) -> float:
    """Largest of STRENGTHS whose misfit, which grows with it, is within the noise."""
    allowed = max(noise, 1.05 * misfit(STRENGTHS[0]))
    low, high = 0, len(STRENGTHS)
    while high - low > 1:
        middle = (low + high) // 2
        if misfit(STRENGTHS[middle]) <= allowed:
            low = middle
        else:
            high = middle
    return float(STRENGTHS[low])


def peaks(tau, gamma, f, modulus) -> list[dict[str, Any]]:
    """Maxima of gamma with the area between the minima at their sides."""
    padded = np.concatenate([[-1.0], gamma, [-1.0]])
    tops = np.flatnonzero((gamma > padded[:-2]) & (gamma >= padded[2:]) & (gamma > 0))
    cuts = [a + int(np.argmin(gamma[a:b])) for a, b in pairwise(tops)]
    area = gamma * step(tau)
    rows = []
    for start, end in zip([0, *cuts], [*cuts, len(tau)], strict=True):
        resistance = float(area[start:end].sum())
        time = float(np.exp(np.log(tau[start:end]) @ area[start:end] / resistance))
        at = 1 / (2 * np.pi * time)
        if resistance < SMALLEST * np.interp(at, f[::-1], modulus[::-1]):
            continue
        inside = f[-1] <= at <= f[0]
        rows.append(
            {
                "Time constant [s]": time,
                "Frequency [Hz]": at,
                "resistance": resistance,
                "share": float(resistance / area.sum()),
                "Flag": "" if inside else "outside the measured frequencies",
            }
        )
    for row in rows:
        near = [
            other["resistance"]
            for other in rows
            if 0.01 < other["Time constant [s]"] / row["Time constant [s]"] < 100
        ]
        if not row["Flag"] and row["resistance"] < LOBE * max(near):
            row["Flag"] = "small beside its neighbour: may be a lobe of it"
    return rows
