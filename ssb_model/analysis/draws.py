"""Draws of many parameters within their ranges, and quantiles of what comes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ssb_model.errors import InputError

SHARES = (0.05, 0.5, 0.95)


def from_range(share, value: float, low: float, high: float) -> np.ndarray:
    """Values below which the given shares (0 to 1) of all draws lie; in the unit of ``value``.

    ``value`` is the median: half of the draws lie on either side of it. Each side is drawn
    evenly in the logarithm where its ends have the same sign and neither is zero, else evenly
    in the number itself. A value outside the range counts as the nearest limit. At a limit
    there is one side only: it holds all draws, and the value is an end and not the median.
    """
    share = np.asarray(share, float)
    if not np.all((share >= 0) & (share <= 1)):
        raise InputError("A share of draws lies between 0 and 1: give it as a fraction.")
    if not (np.isfinite([value, low, high]).all() and low <= high):
        raise InputError(
            f"value {value:g} with range [{low:g}, {high:g}] cannot be drawn from: give finite "
            "numbers, the low limit first."
        )
    if value <= low:
        drawn = between(low, high, share)
    elif value >= high:
        drawn = between(high, low, 1 - share)
    else:
        lower, upper = between(value, low, 1 - 2 * share), between(value, high, 2 * share - 1)
        drawn = np.where(share < 0.5, lower, upper)
    return np.clip(drawn, low, high)


def between(start: float, end: float, way: np.ndarray) -> np.ndarray:
    """From ``start`` (way 0) to ``end`` (way 1), in the logarithm where that exists."""
    way = np.clip(way, 0, 1)
    if min(start, end) > 0 or max(start, end) < 0:
        return start * (end / start) ** way
    return start + (end - start) * way


def latin_hypercube(
    ranges: dict[str, tuple[float, float, float]], count: int, seed: int = 0
) -> dict[str, np.ndarray]:
    """``count`` draws of each parameter from its (value, low, high), as ``from_range`` has it.

    Each of ``count`` equally likely parts of every range holds one draw. The same names, count
    and seed give the same numbers, in whatever order the names come; one more name changes all.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"a seed is 0, 1, 2, ..., not {seed!r}.")
    if count < 2:
        raise InputError(f"count is {count}: take at least 2 draws.")
    if not ranges:
        raise InputError("no parameter to draw: name at least one that has a range.")
    from scipy.stats.qmc import LatinHypercube

    names = sorted(ranges)
    shares = LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(count)
    draws = {}
    for name, share in zip(names, shares.T, strict=True):
        try:
            draws[name] = from_range(share, *ranges[name])
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    return draws


def censored_quantiles(outcomes, shares: Sequence[float] = SHARES) -> list[float]:
    """Quantiles of outcomes of which some are only known to lie below or above all tried.

    -inf: below the lowest tried; +inf: above the highest tried, or never; NaN is left out.
    Between order statistics linearly, as numpy does; between a finite outcome and an infinity
    it is the infinity, between both infinities the nearer. No outcomes: NaN.
    """
    ordered = usable(outcomes)
    return [quantile(ordered, share) for share in fractions(shares)]


def quantile_errors(
    outcomes, shares: Sequence[float] = SHARES, confidence: float = 0.9
) -> list[tuple[float, float]]:
    """(low, high) that hold each quantile of endlessly many draws with that confidence.

    Order statistics by the binomial distribution, whatever the outcomes are distributed like;
    at least that confidence, as ranks are whole numbers. Takes draws as independent: of a
    Latin hypercube the error is about this or less. An end is infinite where that many
    outcomes are, or where there are too few draws to bound it.
    """
    from scipy.stats import binom

    ordered, shares = usable(outcomes), fractions(shares)
    if not len(ordered):
        return [(np.nan, np.nan)] * len(shares)
    bounded = np.concatenate([[-np.inf], ordered, [np.inf]])
    tails = fractions([(1 - confidence) / 2, (1 + confidence) / 2])
    first, last = binom.ppf(tails[:, None], len(ordered), shares).astype(int)
    return [(float(bounded[a]), float(bounded[b + 1])) for a, b in zip(first, last, strict=True)]


def usable(outcomes) -> np.ndarray:
    """Outcomes that are numbers or infinities, from low to high."""
    outcomes = np.asarray(outcomes, float).ravel()
    return np.sort(outcomes[~np.isnan(outcomes)])


def fractions(shares: Sequence[float]) -> np.ndarray:
    """Shares strictly between 0 and 1."""
    shares = np.asarray(shares, float)
    if not np.all((shares > 0) & (shares < 1)):
        raise InputError("Shares and confidence lie between 0 and 1: give 5 % as 0.05.")
    return shares


def quantile(ordered: np.ndarray, share: float) -> float:
    """One quantile of sorted outcomes."""
    if not len(ordered):
        return np.nan
    place = round(share * (len(ordered) - 1), 9)  # 55.00000000000001 is the 55th
    below, above = ordered[int(np.floor(place))], ordered[int(np.ceil(place))]
    part = place % 1
    if below == above or np.isinf([below, above]).all():
        return float(below if part < 0.5 else above)
    return float((1 - part) * below + part * above)
