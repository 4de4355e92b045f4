"""How well the data know each parameter: from the slopes, and from the misfit itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import lsq_linear

from ssb_model.fitting.problem import Problem

RISE = 3.841  # of the misfit, at the ends of an interval that holds 95 %
TWO_SIDED = 1.96  # standard deviations of the same
APART = 3.0  # factor between profile and slopes, from which on the wider counts
NEAR_ENOUGH = 0.15  # of the rise, by which an end may miss it
NARROW = 0.05  # of an end's distance from the best: it is known well enough
STEEP = 10.0  # standard deviations: a misfit that rises so much turned a corner
MOST_ROUNDS = 12
MOST_STEPS = 6  # of the others after one that is held
AGAIN = 8  # steps with slopes of their own, where a misfit jumped
OWN_STEP = 2e-3  # of the width between the bounds, for slopes at an end
MENDED = 2  # times an end that jumps is sought anew
JUMP = 3.0  # times what an end of 95 % rises by: it is no end but a jump
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
    wanted: float = RISE
    within: float = 0.0  # farthest from the best with too small a rise
    beyond: float = np.inf  # nearest with too large a one
    rises: tuple[float, float] = (0.0, np.inf)
    inner: np.ndarray | None = None  # the point found within
    outer: np.ndarray | None = None  # and beyond
    mended: int = 0
    done: bool = False

    @property
    def jumps(self) -> bool:
        """Whether the bracket closes upon a rise that is no curve, but a step."""
        low, high = self.rises
        return bool(
            np.isfinite(high)
            and high > JUMP * self.wanted
            and low < (1 - NEAR_ENOUGH) * self.wanted
        )

    def look(self, rise: float) -> None:
        """Take what the misfit does here, and choose where to look next."""
        away = self.at - self.best
        rise = np.inf if np.isnan(rise) else rise  # without an answer
        if rise < self.wanted:
            self.within, self.rises = away, (rise, self.rises[1])
            self.inner = self.point
        else:
            self.beyond, self.rises = away, (self.rises[0], rise)
            self.outer = self.point
        inside, outside = abs(self.within), abs(self.beyond)
        self.done = (
            abs(rise - self.wanted) < NEAR_ENOUGH * self.wanted
            or (self.at == self.bound and rise < self.wanted)
            or outside - inside < NARROW * outside
        )
        if np.isinf(outside):
            leap = LONGEST_LEAP if rise <= 0 else np.sqrt(self.wanted / rise)
            next_one = inside * min(leap * 1.02, LONGEST_LEAP)
        else:
            low, high = np.sqrt(np.maximum(self.rises, 0.0))
            share = (np.sqrt(self.wanted) - low) / (high - low) if np.isfinite(high) else 0.5
            least = 0.15 if high < STEEP else 0.4  # beyond a corner halving is faster
            next_one = inside + (outside - inside) * np.clip(share, least, 1 - least)
        self.at = self.best + np.sign(away) * next_one
        if (self.at - self.bound) * np.sign(away) > 0:
            self.at = self.bound

    def sought_anew(self) -> None:
        """From where it jumped on, as if nothing had been seen beyond."""
        self.at = self.best + self.beyond
        self.mended, self.done = self.mended + 1, False
        self.beyond, self.rises = np.inf, (self.rises[0], np.inf)


@dataclass(frozen=True, eq=False)
class Profiles:
    """Rise of the misfit over each parameter by label, and the lowest point met on the way."""

    tables: dict[str, pd.DataFrame]
    fall: float  # of the misfit, there
    lowest: np.ndarray
    jumps: dict[str, tuple[bool, bool]]  # by label: whether the lower, the upper end is a jump


def profiles(
    problem: Problem, x: np.ndarray, r: np.ndarray, J: np.ndarray, wanted: float = RISE
) -> Profiles:
    """Rise of the misfit where each parameter is held away from its best, the others free.

    Where it reaches ``wanted`` the interval ends; where it does not before a bound the data leave
    that side open. The others follow by steps with the slopes of the best point and from where
    they were nearer by, all ends side by side. Where the misfit jumps the others are sought anew
    with slopes of their own; where it jumps still, the end is none.
    """
    unsure = deviations(J)
    least = float(r @ r)
    points = {k: [(float(x[k]), 0.0)] for k in range(len(x))}
    fall, there = 0.0, x
    ends = []
    for k in range(len(x)):
        for way, bound in ((-1.0, problem.lower[k]), (1.0, problem.upper[k])):
            step = way * np.sqrt(wanted) * unsure[k]
            at = float(np.clip(x[k] + step, *sorted((x[k], bound))))
            if at != x[k]:
                ends.append(_End(k, float(x[k]), at, x.copy(), float(bound), wanted))
    for _ in range(MOST_ROUNDS):
        for end in ends:
            if end.done and end.jumps and end.mended < MENDED:
                end.sought_anew()
        left = [end for end in ends if not end.done]
        if not left:
            break
        lowest = _lowest(problem, left, [_starts(problem, end, x, J) for end in left], J)
        for end, misfit in zip(left, lowest, strict=True):
            points[end.k] = [one for one in points[end.k] if one[0] != end.at]
            points[end.k].append((end.at, misfit - least))
            if least - misfit > fall:
                fall, there = least - misfit, end.point
            end.look(misfit - least)
    tables = {
        one.label: pd.DataFrame(
            sorted((one.value(at), max(rise, 0.0)) for at, rise in points[k]),
            columns=["value", "rise"],
        )
        for k, one in enumerate(problem.free)
    }
    jumps = {one.label: [False, False] for one in problem.free}
    for end in ends:
        jumps[problem.free[end.k].label][int(end.bound > end.best)] = end.jumps
    return Profiles(tables, fall, there, {label: tuple(both) for label, both in jumps.items()})


def _starts(problem: Problem, end: _End, x: np.ndarray, J: np.ndarray) -> list[np.ndarray]:
    """Where the others may stand at an end: straight on from the best, and from nearer points."""
    straight = x.copy()
    straight[end.k] = end.at
    found = [_eased(problem, end.k, straight, J[:, end.k] * (end.at - end.best), J)]
    for near in (end.inner, end.outer):
        if near is not None:
            share = (end.at - end.best) / (near[end.k] - end.best)
            along = np.clip(x + share * (near - x), problem.lower, problem.upper)
            along[end.k] = end.at
            found.append(along)
    return found


def _lowest(
    problem: Problem, ends: list[_End], starts: list[list[np.ndarray]], J: np.ndarray
) -> list[float]:
    """The misfit at each end, the others moved until it falls no more; NaN without a solution.

    Slopes are those of the best point, mended by what each step does (Broyden); those of an end
    that jumped are its own.
    """
    tried = iter(problem.residuals_of([point for each in starts for point in each]))
    residuals, lowest = [], []
    for end, each in zip(ends, starts, strict=True):
        found = [(next(tried), point) for point in each]
        misfits = [float(r @ r) for r, _ in found]
        best = int(np.argmin(np.where(np.isfinite(misfits), misfits, np.inf)))
        residuals.append(found[best][0])
        lowest.append(misfits[best])
        end.point = found[best][1]
    slopes = [
        _own_slopes(problem, end, r, J) if end.mended and np.isfinite(r).all() else J.copy()
        for end, r in zip(ends, residuals, strict=True)
    ]
    going = [k for k, misfit in enumerate(lowest) if np.isfinite(misfit)]
    shorter = np.ones(len(ends))
    for _ in range(AGAIN if any(end.mended for end in ends) else MOST_STEPS):
        there = {
            k: _eased(problem, ends[k].k, ends[k].point, residuals[k], slopes[k]) for k in going
        }
        there = {k: ends[k].point + shorter[k] * (at - ends[k].point) for k, at in there.items()}
        going = []
        for (k, at), r in zip(
            there.items(), problem.residuals_of(list(there.values())), strict=True
        ):
            step = at - ends[k].point
            misfit = float(r @ r)
            if not np.any(step):
                continue
            if not np.isfinite(misfit):
                shorter[k] /= 4
                going += [k] if ends[k].mended else []
                continue
            known = slopes[k] @ step
            slopes[k] += np.outer(r - residuals[k] - known, step) / (step @ step)
            gain = lowest[k] - misfit
            if gain > 0:
                ends[k].point, residuals[k], lowest[k], shorter[k] = at, r, misfit, 1.0
            else:
                shorter[k] /= 2
            if abs(gain) > WORTH:
                going.append(k)
        if not going:
            break
    return lowest


def _own_slopes(problem: Problem, end: _End, r: np.ndarray, J: np.ndarray) -> np.ndarray:
    """Slopes at an end, by small steps of the others; those of the best where one has none."""
    slopes = J.copy()
    others = [k for k in range(len(end.point)) if k != end.k]
    points = []
    for k in others:
        width = problem.upper[k] - problem.lower[k]
        step = OWN_STEP * (1 if end.point[k] + OWN_STEP * width <= problem.upper[k] else -1) * width
        points.append(end.point.copy())
        points[-1][k] += step
    for k, point, there in zip(others, points, problem.residuals_of(points), strict=True):
        if np.isfinite(there).all():
            slopes[:, k] = (there - r) / (point[k] - end.point[k])
    return slopes


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


def profile_interval(
    profile: pd.DataFrame, value: float, wanted: float = RISE
) -> tuple[float, float]:
    """Where the rise crosses ``wanted`` either way of the best; endless where it does not.

    Where the misfit ends for want of a solution, so does the interval.
    """
    ends = []
    for way in (-1, 1):
        side = profile[way * (profile["value"] - value) > 0]
        side = side.sort_values("value", ascending=way > 0)
        rise = np.append(0.0, side["rise"].fillna(np.inf).to_numpy(float))
        at = np.append(value, side["value"].to_numpy(float))
        above = np.flatnonzero(rise >= wanted * (1 - NEAR_ENOUGH))
        if not above.size:
            ends.append(way * np.inf)
            continue
        j = int(above[0])
        low, high = np.sqrt(rise[j - 1 : j + 1])
        share = (np.sqrt(wanted) - low) / (high - low) if np.isfinite(high) else 1.0
        ends.append(float(at[j - 1] + share * (at[j] - at[j - 1])))
    return ends[0], ends[1]


def stated_interval(
    value: float,
    slopes: tuple[float, float],
    profile: tuple[float, float] | None,
    jumps: tuple[bool, bool] = (False, False),
    logarithmic: bool = False,
) -> tuple[tuple[float, float], bool]:
    """The interval that counts, and whether profile and slopes contradict each other.

    An end is the profile's, unless it is a jump of the misfit or lies nearer than a third of the
    slopes' end: then the farther of both counts.
    """
    if profile is None:
        return slopes, False

    def away(end: float) -> float:
        """Distance of an end from the best, as the parameter is scaled."""
        if not np.isfinite(end):
            return np.inf
        if not logarithmic:
            return abs(end - value)
        return abs(float(np.log(end / value))) if end > 0 else np.inf

    ends, contradict = [], False
    for slope, own, jump in zip(slopes, profile, jumps, strict=True):
        near, far = sorted((slope, own), key=away)
        apart = away(far) > APART * away(near) and np.isfinite(away(far))
        contradict = contradict or apart
        narrow = apart and away(own) < away(slope)
        ends.append(far if jump or narrow else own)
    return (ends[0], ends[1]), contradict
