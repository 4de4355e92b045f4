"""How well the data know each parameter: from the slopes, and from the misfit itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import lsq_linear

from ssb_model.fitting.problem import Problem

RISE = 3.841  # of the misfit, at the ends of an interval that holds 95 %
TWO_SIDED = 1.96  # standard deviations of the same
NEAR_ENOUGH = 0.15  # of the rise, by which an end may miss it
NARROW = 0.05  # of an end's distance from the best: it is known well enough
STEEP = 10.0  # standard deviations: a misfit that rises so much turned a corner
MOST_ROUNDS = 12
MOST_STEPS = 6  # of the others after one that is held
WORTH = 0.05  # of the misfit, for which they take another
ROOM = 1e-9  # of a scaled parameter, between bounds that meet
LONGEST_LEAP = 3.0  # times a distance, by which an end is moved in one go
SMALLEST = 1e-10  # singular value over the largest, below which a direction is not felt
UNFELT = 1e-130  # of the largest singular value where nothing is felt: its square is a number yet


@dataclass(frozen=True)
class Directions:
    """Independent directions of the parameters, the least known first, and their deviations."""

    vectors: np.ndarray  # a row each, of length one
    deviations: np.ndarray

    @classmethod
    def of(cls, J: np.ndarray) -> Directions:
        lacking = max(J.shape[1] - J.shape[0], 0)  # rows of numbers that were not measured
        _, s, V = np.linalg.svd(np.pad(J, ((0, lacking), (0, 0))), full_matrices=False)
        s = np.maximum(s, SMALLEST * max(s.max(initial=0.0), UNFELT))
        return cls(V[::-1], 1 / s[::-1])

    @property
    def covariance(self) -> np.ndarray:
        """Of the parameters."""
        return (self.vectors.T * self.deviations**2) @ self.vectors

    def deviation(self, weights: np.ndarray) -> float:
        """Of a sum of parameters, each with its weight."""
        return float(np.sqrt(np.sum((self.vectors @ weights * self.deviations) ** 2)))


def deviations(J: np.ndarray) -> np.ndarray:
    """Standard deviations of the parameters by the slopes of the residuals."""
    return np.sqrt(np.diag(Directions.of(J).covariance))


def correlation(covariance: np.ndarray) -> np.ndarray:
    """Of each pair."""
    deviations = np.sqrt(np.diag(covariance))
    return covariance / np.outer(deviations, deviations)


@dataclass
class _End:
    """One end of an interval, on its way: brackets it from within and from beyond."""

    k: int
    best: float
    at: float
    point: np.ndarray
    bound: float
    within: float = 0.0  # farthest from the best with too small a rise
    beyond: float = np.inf  # nearest with too large a one
    rises: tuple[float, float] = (0.0, np.inf)
    done: bool = False

    def look(self, rise: float) -> None:
        """Take what the misfit does here, and choose where to look next."""
        away = self.at - self.best
        rise = np.inf if np.isnan(rise) else rise  # without an answer
        if rise < RISE:
            self.within, self.rises = away, (rise, self.rises[1])
        else:
            self.beyond, self.rises = away, (self.rises[0], rise)
        inside, outside = abs(self.within), abs(self.beyond)
        self.done = (
            abs(rise - RISE) < NEAR_ENOUGH * RISE
            or (self.at == self.bound and rise < RISE)
            or outside - inside < NARROW * outside
        )
        if np.isinf(outside):
            leap = LONGEST_LEAP if rise <= 0 else np.sqrt(RISE / rise)
            next_one = inside * min(leap * 1.02, LONGEST_LEAP)
        else:
            low, high = np.sqrt(np.maximum(self.rises, 0.0))
            share = (np.sqrt(RISE) - low) / (high - low) if np.isfinite(high) else 0.5
            least = 0.15 if high < STEEP else 0.4  # beyond a corner halving is faster
            next_one = inside + (outside - inside) * np.clip(share, least, 1 - least)
        self.at = self.best + np.sign(away) * next_one
        if (self.at - self.bound) * np.sign(away) > 0:
            self.at = self.bound


@dataclass(frozen=True, eq=False)
class Profiles:
    """Rise of the misfit over each parameter by label, and the lowest point met on the way."""

    tables: dict[str, pd.DataFrame]
    fall: float  # of the misfit, there
    lowest: np.ndarray


def profiles(problem: Problem, x: np.ndarray, r: np.ndarray, J: np.ndarray) -> Profiles:
    """Rise of the misfit where each parameter is held away from its best, the others free.

    Where it reaches ``RISE`` the interval of 95 % ends; where it does not before a bound the data
    leave that side open. The others follow by steps with the slopes of the best point, all ends
    side by side.
    """
    unsure = deviations(J)
    least = float(r @ r)
    points = {k: [(float(x[k]), 0.0)] for k in range(len(x))}
    fall, there = 0.0, x
    ends = []
    for k in range(len(x)):
        for way, bound in ((-1.0, problem.lower[k]), (1.0, problem.upper[k])):
            at = float(np.clip(x[k] + way * TWO_SIDED * unsure[k], *sorted((x[k], bound))))
            if at != x[k]:
                ends.append(_End(k, float(x[k]), at, x.copy(), float(bound)))
    for _ in range(MOST_ROUNDS):
        left = [end for end in ends if not end.done]
        if not left:
            break
        for end in left:
            end.point = x.copy()
            end.point[end.k] = end.at
            end.point = _eased(problem, end.k, end.point, J[:, end.k] * (end.at - end.best), J)
        for end, lowest in zip(left, _lowest(problem, left, J), strict=True):
            points[end.k].append((end.at, lowest - least))
            if least - lowest > fall:
                fall, there = least - lowest, end.point
            end.look(lowest - least)
    tables = {
        one.label: pd.DataFrame(
            sorted((one.value(at), max(rise, 0.0)) for at, rise in points[k]),
            columns=["value", "rise"],
        )
        for k, one in enumerate(problem.free)
    }
    return Profiles(tables, fall, there)


def _lowest(problem: Problem, ends: list[_End], J: np.ndarray) -> list[float]:
    """The misfit at each end, the others moved until it falls no more; NaN without a solution.

    Slopes are those of the best point, mended by what each step does (Broyden).
    """
    slopes = [J.copy() for _ in ends]
    residuals = problem.residuals_of([end.point for end in ends])
    lowest = [float(r @ r) for r in residuals]
    going = [k for k, misfit in enumerate(lowest) if np.isfinite(misfit)]
    for _ in range(MOST_STEPS):
        tried = {
            k: _eased(problem, ends[k].k, ends[k].point, residuals[k], slopes[k]) for k in going
        }
        going = []
        for (k, there), r in zip(
            tried.items(), problem.residuals_of(list(tried.values())), strict=True
        ):
            step = there - ends[k].point
            misfit = float(r @ r)
            if not np.isfinite(misfit) or not np.any(step):
                continue
            known = slopes[k] @ step
            slopes[k] += np.outer(r - residuals[k] - known, step) / (step @ step)
            gain = lowest[k] - misfit
            if gain > 0:
                ends[k].point, residuals[k], lowest[k] = there, r, misfit
            if abs(gain) > WORTH:
                going.append(k)
        if not going:
            break
    return lowest


def _eased(problem: Problem, k: int, point: np.ndarray, r: np.ndarray, J: np.ndarray) -> np.ndarray:
    """The others moved to where the misfit is least within the bounds, were it straight."""
    others = np.delete(np.arange(len(point)), k)
    there = point.copy()
    if others.size and np.isfinite(r).all():
        q, slopes = np.linalg.qr(J[:, others])
        low, high = problem.lower[others] - there[others], problem.upper[others] - there[others]
        room = (np.minimum(low, -ROOM), np.maximum(high, ROOM))
        there[others] += lsq_linear(slopes, -(q.T @ r), bounds=room, method="bvls").x
    return np.clip(there, problem.lower, problem.upper)


def profile_interval(profile: pd.DataFrame, value: float) -> tuple[float, float]:
    """Where the rise crosses ``RISE`` either way of the best; endless where it does not.

    Where the misfit ends for want of a solution, so does the interval.
    """
    ends = []
    for way in (-1, 1):
        side = profile[way * (profile["value"] - value) > 0]
        side = side.sort_values("value", ascending=way > 0)
        rise = np.append(0.0, side["rise"].fillna(np.inf).to_numpy(float))
        at = np.append(value, side["value"].to_numpy(float))
        above = np.flatnonzero(rise >= RISE * (1 - NEAR_ENOUGH))
        if not above.size:
            ends.append(way * np.inf)
            continue
        j = int(above[0])
        low, high = np.sqrt(rise[j - 1 : j + 1])
        share = (np.sqrt(RISE) - low) / (high - low) if np.isfinite(high) else 1.0
        ends.append(float(at[j - 1] + share * (at[j] - at[j - 1])))
    return ends[0], ends[1]
