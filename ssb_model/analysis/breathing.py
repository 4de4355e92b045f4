"""From a pressure measured while a cell breathes: how stiff what holds it is, and how far it does.

Two electrodes of known shape but uncertain size move a spring of unknown stiffness. Pressure alone
tells the stiffness times what moves; how much moves is as uncertain as the materials are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ssb_model.analysis.draws import between
from ssb_model.laws.holder import CREEP_BEGINS

SURE = 2.58  # standard deviations of noise that an interval holds: 99 %
ALLOWED = SURE**2  # of the squares left over those of the best, in variances of the noise
EXACT = 1e-6  # of the swing, noise that is taken at least
TOLD_APART = 0.1  # how much less likely some sizes must be than others
SIZES = 101  # of each electrode's size that are tried
RATIOS = 241  # of the two sizes, between which misfits are interpolated


class Size(NamedTuple):
    """How large something may be beside what was declared: median 1, between two ends."""

    low: float
    high: float

    @property
    def values(self) -> np.ndarray:
        """Evenly likely sizes."""
        shares = np.linspace(0, 1, SIZES)
        lower = between(1.0, self.low, 1 - 2 * shares)
        upper = between(1.0, self.high, 2 * shares - 1)
        return np.where(shares < 0.5, lower, upper)


@dataclass(frozen=True)
class Estimate:
    """A median, and the lowest and highest that the record and the ranges allow together."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values, weights, allowed, error=0.0) -> Estimate:
        """Of values as likely as ``weights``; noise may carry them an ``error`` either way."""
        values, error = np.broadcast_arrays(values, error)
        order = np.argsort(values, axis=None)
        below = np.cumsum(weights.ravel()[order]) - weights.ravel()[order] / 2
        median = float(np.interp(0.5, below / weights.sum(), values.ravel()[order]))
        low, high = (values - error)[allowed].min(), (values + error)[allowed].max()
        return cls(float(low), median, float(high))

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Breathing:
    """What a measured pressure implies, in SI; sizes beside what the materials declare."""

    stiffness: Estimate  # of holder and layers together, as the pressure sees it
    negative: Estimate
    positive: Estimate
    creep: Estimate  # share of the first pressure lost per decade of time
    preload: float
    fitted: np.ndarray  # pressure at the times measured [Pa]
    noise: float  # standard deviation of what is left [Pa]
    ratio: float  # size of the positive electrode over that of the negative, most likely
    scale: float  # stiffness times the size of the negative electrode, there
    told_apart: bool  # whether the two sizes are known better together than from the materials


def breathing_of(
    time: np.ndarray,
    pressure: np.ndarray,
    negative: np.ndarray,
    positive: np.ndarray,
    sizes: tuple[Size, Size],
) -> Breathing:
    """P = P_0 - C log10(1 + t/1 h) + k (s_n h_n + s_p h_p), found from a measured pressure; SI.

    ``negative`` and ``positive`` are what each electrode moves the stack by, as declared, since
    the start [m]. P_0, C and k s_n follow by least squares for every ratio r = s_p / s_n. Of all
    pairs of sizes within their ranges, ``sizes``, those count whose ratio the record allows: an
    interval is from the lowest to the highest of them, whatever is likely within the ranges.
    """
    known_n, known_p = sizes
    s_n, s_p = (size.values for size in sizes)
    base = np.column_stack([np.ones_like(time), -np.log10(1 + time / CREEP_BEGINS)])
    ratios = np.geomspace(known_p.low / known_n.high, known_p.high / known_n.low, RATIOS)
    fits = [_fit(base, negative + ratio * positive, pressure) for ratio in ratios]
    left = np.array([fit[2] for fit in fits])
    freedom = max(len(time) - base.shape[1] - 2, 1)
    noise = max(float(np.sqrt(left.min() / freedom)), EXACT * float(np.ptp(pressure)))
    grid_n, grid_p = np.meshgrid(s_n, s_p, indexing="ij")
    ratio = grid_p / grid_n
    misfit = (np.interp(np.log(ratio), np.log(ratios), left) - left.min()) / noise**2
    weights = np.exp(-(misfit - misfit.min()) / 2)
    scale = np.interp(np.log(ratio), np.log(ratios), [fit[0][2] for fit in fits])
    spread = np.interp(np.log(ratio), np.log(ratios), [noise * fit[1] for fit in fits])
    best = int(left.argmin())
    (preload, lost, best_scale), _, _ = fits[best]
    creep = np.interp(np.log(ratio), np.log(ratios), [f[0][1] / f[0][0] for f in fits])
    error = noise * _error(base, negative + ratios[best] * positive, 1) / preload
    known = (weights, misfit - misfit.min() < ALLOWED)
    return Breathing(
        Estimate.of(scale / grid_n, *known, SURE * spread / grid_n),
        Estimate.of(grid_n, *known),
        Estimate.of(grid_p, *known),
        Estimate.of(creep, *known, SURE * error),
        float(preload),
        base @ (preload, lost) + best_scale * (negative + ratios[best] * positive),
        noise,
        float(ratios[best]),
        float(best_scale),
        bool(weights.min() < TOLD_APART),
    )


def _fit(base: np.ndarray, shape: np.ndarray, pressure: np.ndarray):
    """Least squares: coefficients, error of the last per noise, and the squares left."""
    columns = np.column_stack([base, shape])
    weight = np.abs(columns).max(axis=0)
    weight[weight == 0] = 1.0
    found, *_ = np.linalg.lstsq(columns / weight, pressure, rcond=None)
    left = float(((columns @ (found / weight) - pressure) ** 2).sum())
    return found / weight, _error(base, shape, 2), left


def _error(base: np.ndarray, shape: np.ndarray, which: int) -> float:
    """Standard error of a coefficient per standard deviation of the noise."""
    columns = np.column_stack([base, shape])
    weight = np.abs(columns).max(axis=0)
    weight[weight == 0] = 1.0
    covariance = np.linalg.pinv((columns / weight).T @ (columns / weight))
    return float(np.sqrt(covariance[which, which]) / weight[which])


def moved_by_cycle(
    found: Breathing,
    time: np.ndarray,
    pressure: np.ndarray,
    moved: np.ndarray,
    cycle: np.ndarray,
) -> dict[int, float]:
    """By cycle, what of the breathing ``moved`` the pressure shows, 1 where all of it is there.

    ``moved`` is s_n h_n + s_p h_p at the sizes found [m]; a share that falls is lithium that is no
    longer passed between the electrodes, or a gauge that slips.
    """
    shares = {}
    for number in np.unique(cycle):
        during = cycle == number
        shape = found.scale * moved[during]
        if during.sum() < 4 or np.ptp(shape) <= 3 * found.noise / np.sqrt(during.sum()):
            continue
        columns = np.column_stack([np.ones(during.sum()), time[during] - time[during][0]])
        rest = pressure[during]
        coefficients, _, _ = _fit(columns, shape, rest)
        shares[int(number)] = float(coefficients[2])
    return shares
