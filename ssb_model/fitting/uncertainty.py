"""How well the data know each parameter: from the slopes, and from the misfit itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ssb_model.fitting.problem import Problem

RISE = 3.841  # of the misfit, at the ends of an interval that holds 95 %
TWO_SIDED = 1.96  # standard deviations of the same
NEAR_ENOUGH = 0.15  # of the rise, by which an end may miss it
MOST_ROUNDS = 5
LONGEST_LEAP = 3.0  # times a distance, by which an end is moved in one go
SMALLEST = 1e-10  # singular value over the largest, below which a direction is not felt


@dataclass(frozen=True)
class Directions:
    """Independent directions of the parameters, the least known first, and their deviations."""

    vectors: np.ndarray  # a row each, of length one
    deviations: np.ndarray

    @classmethod
    def of(cls, J: np.ndarray) -> Directions:
        _, s, V = np.linalg.svd(J, full_matrices=False)
        s = np.maximum(s, SMALLEST * max(s.max(initial=0.0), 1e-300))
        return cls(V[::-1], 1 / s[::-1])

    @property
    def covariance(self) -> np.ndarray:
        return (self.vectors.T * self.deviations**2) @ self.vectors

    def deviation(self, weights: np.ndarray) -> float:
        """Of a sum of parameters, each with its weight."""
        return float(np.sqrt(np.sum((self.vectors @ weights * self.deviations) ** 2)))


def correlation(covariance: np.ndarray) -> np.ndarray:
    """Of each pair."""
    deviations = np.sqrt(np.diag(covariance))
    return covariance / np.outer(deviations, deviations)


@dataclass
class _End:
    """One end of an interval, on its way."""

    k: int
    way: float
    at: float
    others: np.ndarray
    rise: float = np.nan
    done: bool = False


def profiles(
    problem: Problem, x: np.ndarray, r: np.ndarray, J: np.ndarray
) -> dict[str, pd.DataFrame]:
    """Rise of the misfit where each parameter is held away from its best, the others free.

    Where it reaches ``RISE`` the interval of 95 % ends; where it does not before a bound the data
    leave that side open. The others follow by steps with the slopes of the best point, all ends
    side by side.
    """
    unsure = np.sqrt(np.diag(Directions.of(J).covariance))
    least = float(r @ r)
    points = {k: [(float(x[k]), 0.0)] for k in range(len(x))}
    ends = [
        _End(k, way, _clipped(problem, k, x[k] + way * TWO_SIDED * unsure[k]), x)
        for k in range(len(x))
        for way in (-1.0, 1.0)
    ]
    ends = [end for end in ends if end.at != x[end.k]]
    for end in ends:
        end.others = _carried(problem, x, J, end.k, end.at - x[end.k])
    for _ in range(MOST_ROUNDS):
        left = [end for end in ends if not end.done]
        if not left:
            break
        found = problem.residuals_of([end.others for end in left])
        eased = [_eased(problem, end, there, J) for end, there in zip(left, found, strict=True)]
        for end, there, again in zip(left, found, problem.residuals_of(eased), strict=True):
            rises = [float(each @ each) - least for each in (there, again)]
            end.rise = float(np.nanmin(rises)) if np.isfinite(rises).any() else np.nan
            if rises[1] == end.rise:
                end.others = eased[left.index(end)]
            points[end.k].append((end.at, end.rise))
            _move(problem, x, end)
    return {
        one.label: pd.DataFrame(
            sorted((one.value(at), max(rise, 0.0)) for at, rise in points[k]),
            columns=["value", "rise"],
        )
        for k, one in enumerate(problem.free)
    }


def _clipped(problem: Problem, k: int, at: float) -> float:
    return float(np.clip(at, problem.lower[k], problem.upper[k]))


def _carried(problem: Problem, x: np.ndarray, J: np.ndarray, k: int, step: float) -> np.ndarray:
    """Where the others go with one that is moved, if the residuals were straight."""
    others = np.delete(np.arange(len(x)), k)
    there = x.copy()
    there[k] += step
    if others.size:
        there[others] -= np.linalg.lstsq(J[:, others], J[:, k] * step, rcond=SMALLEST)[0]
    return np.clip(there, problem.lower, problem.upper)


def _eased(problem: Problem, end: _End, r: np.ndarray, J: np.ndarray) -> np.ndarray:
    """The others moved to where the misfit is less, by the slopes of the best point."""
    others = np.delete(np.arange(len(end.others)), end.k)
    if not others.size or not np.isfinite(r).all():
        return end.others
    there = end.others.copy()
    there[others] -= np.linalg.lstsq(J[:, others], r, rcond=SMALLEST)[0]
    return np.clip(there, problem.lower, problem.upper)


def _move(problem: Problem, x: np.ndarray, end: _End) -> None:
    """On to where the misfit should have risen enough, or there."""
    bound = problem.upper[end.k] if end.way > 0 else problem.lower[end.k]
    if abs(end.rise - RISE) < NEAR_ENOUGH * RISE or (end.at == bound and end.rise < RISE):
        end.done = True
        return
    away = end.at - x[end.k]
    if np.isfinite(end.rise) and end.rise > 0:
        leap = np.clip(np.sqrt(RISE / end.rise), 1 / LONGEST_LEAP, LONGEST_LEAP)
    else:
        leap = 0.5 if not np.isfinite(end.rise) else LONGEST_LEAP
    at = _clipped(problem, end.k, x[end.k] + leap * away)
    share = (at - x[end.k]) / away
    end.others = np.clip(x + share * (end.others - x), problem.lower, problem.upper)
    end.others[end.k] = end.at = at


def profile_interval(profile: pd.DataFrame, value: float) -> tuple[float, float]:
    """Where the rise crosses ``RISE`` either way of the best; endless where it does not."""
    ends = []
    for way in (-1, 1):
        side = profile[way * (profile["value"] - value) > 0]
        side = side.sort_values("value", ascending=way > 0)
        root = np.sqrt(np.append(0.0, side["rise"].to_numpy(float)))
        at = np.append(value, side["value"].to_numpy(float))
        keep = np.isfinite(root)
        root, at = root[keep], at[keep]
        above = np.flatnonzero(root >= np.sqrt(RISE) * (1 - NEAR_ENOUGH / 2))
        if not above.size:
            ends.append(way * np.inf)
            continue
        j = int(above[0])
        share = (np.sqrt(RISE) - root[j - 1]) / (root[j] - root[j - 1])
        ends.append(float(at[j - 1] + share * (at[j] - at[j - 1])))
    return ends[0], ends[1]
