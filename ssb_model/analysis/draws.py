"""Draws of many parameters within their ranges: quantiles of what comes of them, and drivers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ssb_model.errors import InputError

SHARES = (0.05, 0.5, 0.95)
LEAST = 10  # usable draws for a rank correlation
LEAST_FOR_INDICES = 60  # their errors come from half as many, in twice HARMONICS and more
FALSE_DISCOVERIES = 0.05  # share of the drivers found that may be none
HARMONICS = 10  # of the outcome over a parameter that count as its effect


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
    ranges: dict[str, tuple[float, float, float]],
    count: int,
    seed: int = 0,
    together: Sequence[tuple[Sequence[str], np.ndarray]] = (),
    fitted: tuple[Sequence[str], np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """``count`` draws of each parameter from its (value, low, high), as ``from_range`` has it.

    Each of ``count`` equally likely parts of every range holds one draw. The same names, count
    and seed give the same numbers, in whatever order the names come; one more name changes all.
    ``together`` names parameters whose errors hang together, with their correlation matrix;
    ``fitted``, parameters that measured rows tell of, with slopes as ``as_fitted`` has them. Those
    without a range are drawn as well, for the others hang on them, and left out of what is given.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"a seed is 0, 1, 2, ..., not {seed!r}.")
    if count < 2:
        raise InputError(f"count is {count}: take at least 2 draws.")
    if not ranges:
        raise InputError("no parameter to draw: name at least one that has a range.")
    from scipy.stats.qmc import LatinHypercube

    names = sorted(ranges)
    names += sorted(set(fitted[0]) - {*names}) if fitted else []
    shares = LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(count)
    for group, matrix in together:
        places = [names.index(name) for name in group]
        shares[:, places] = correlate(shares[:, places], matrix)
    if fitted:
        shares = as_fitted(shares, _before(names, together), _over(names, *fitted), seed)
    draws = {}
    for name, share in zip(names[: len(ranges)], shares.T[: len(ranges)], strict=True):
        try:
            draws[name] = from_range(share, *ranges[name])
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    return draws


def correlate(shares: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The same shares (draws x parameters) put in another order, so that they correlate.

    Ranks follow normal scores with the correlation ``matrix``; what each parameter is drawn from
    stays as it is. Iman & Conover, Commun. Stat. Simul. Comput. 11 (1982) 311. Draws hardly more
    than parameters tell no correlation and stay as they are.
    """
    from scipy.stats import norm, rankdata

    count, size = shares.shape
    if count < 4 * size:
        return shares
    scores = norm.ppf(rankdata(shares, axis=0) / (count + 1))
    has = np.linalg.cholesky(np.corrcoef(scores.T))
    wanted = np.linalg.cholesky(_positive(matrix))
    order = np.argsort(np.argsort(scores @ np.linalg.inv(has).T @ wanted.T, axis=0), axis=0)
    return np.take_along_axis(np.sort(shares, axis=0), order, axis=0)


def as_fitted(shares: np.ndarray, before: np.ndarray, slopes: np.ndarray, seed: int) -> np.ndarray:
    """The same shares (draws x parameters) moved to where measured rows come out as they did.

    With normal scores z of correlation P ``before`` and rows that miss by J z standard errors, J
    the ``slopes`` (rows x parameters), a draw z becomes z - P J' (J P J' + 1)^-1 (J z + e), e of
    deviation 1: a draw of what the rows leave of it, where they are straight in the scores.
    Matheron's rule; Wilson et al., J. Mach. Learn. Res. 22 (2021) 105.
    """
    from scipy.stats import norm

    scores = norm.ppf(np.clip(shares, 1e-12, 1 - 1e-12))
    errors = np.random.default_rng([seed, len(slopes)]).standard_normal((len(shares), len(slopes)))
    felt = slopes @ before
    gain = np.linalg.solve(felt @ slopes.T + np.eye(len(slopes)), felt)
    return norm.cdf(scores - (scores @ slopes.T + errors) @ gain)


def _before(names: Sequence[str], together: Sequence) -> np.ndarray:
    """The correlation of all parameters before any row tells of them."""
    before = np.eye(len(names))
    for group, matrix in together:
        places = [names.index(name) for name in group]
        before[np.ix_(places, places)] = _positive(matrix)
    return before


def _over(names: Sequence[str], numbers: Sequence[str], slopes: np.ndarray) -> np.ndarray:
    """Slopes over all parameters, of which most are none."""
    found = np.zeros((len(slopes), len(names)))
    found[:, [names.index(number) for number in numbers]] = slopes
    return found


def _positive(matrix: np.ndarray, least: float = 1e-3) -> np.ndarray:
    """The nearest correlation matrix that has a root: rounded entries may have spoilt it."""
    values, vectors = np.linalg.eigh(np.asarray(matrix, float))
    raised = (vectors * np.maximum(values, least)) @ vectors.T
    deviation = np.sqrt(np.diag(raised))
    return raised / np.outer(deviation, deviation)


def censored_quantiles(outcomes, shares: Sequence[float] = SHARES) -> list[float]:
    """Quantiles of outcomes of which some are only known to lie below or above all tried.

    -inf: below the lowest tried; +inf: above the highest tried, or never; NaN is left out.
    Outcome i of n stands at i / (n + 1), as in ``weighted_quantiles``, linearly between; between
    a finite outcome and an infinity it is the infinity, between both infinities the nearer. No
    outcomes: NaN.
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
    place = round(share * (len(ordered) + 1) - 1, 9)  # 55.00000000000001 is the 55th
    place = min(max(place, 0), len(ordered) - 1)
    below, above = ordered[int(np.floor(place))], ordered[int(np.ceil(place))]
    part = place % 1
    if below == above or np.isinf([below, above]).all():
        return float(below if part < 0.5 else above)
    return float((1 - part) * below + part * above)


def weighted_quantiles(values, weights=None, shares: Sequence[float] = SHARES) -> list[float]:
    """Quantiles of numbers that count by their weights; NaN where none counts.

    Below number i of those sorted lies a share (n (S_i - w_i / 2) / W + 1/2) / (n + 1) of what
    may come, S_i the weights up to its own, W all of them and n how many equal ones they count
    as; linearly between. With equal weights i / (n + 1): one more draw of the same kind lies
    between 5 and 95 % nine times in ten however few there are, where quantiles of the draws
    themselves hold 84 % of what comes next to 32. Weibull 1939; Hyndman & Fan, Am. Stat. 50
    (1996) 361, type 6.
    """
    values = np.asarray(values, float).ravel()
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float).ravel()
    counts = ~np.isnan(values) & (weights > 0)
    if not counts.any():
        return [np.nan] * len(shares)
    order = np.argsort(values[counts], kind="stable")
    values, weights = values[counts][order], weights[counts][order]
    if len(values) == 1:
        return [float(values[0])] * len(shares)
    count = effective_number(weights)
    places = (np.cumsum(weights) - weights / 2) / weights.sum()
    places = (count * places + 0.5) / (count + 1)
    return np.interp(fractions(shares), places, values).tolist()


def effective_number(weights) -> float:
    """How many equal draws tell as much as weighted ones: (sum w)**2 / sum w**2; Kish 1965."""
    weights = np.asarray(weights, float)
    total = weights.sum()
    return float(total**2 / (weights**2).sum()) if total > 0 else 0.0


def systematic(weights, count: int, seed: int = 0) -> np.ndarray:
    """How often each of weighted draws comes among ``count`` equal ones; seeded.

    Systematic resampling: one number places ``count`` even marks on the weights laid end to end.
    """
    weights = np.asarray(weights, float)
    marks = (np.arange(count) + np.random.default_rng(seed).random()) / count
    ends = np.cumsum(weights) / weights.sum()
    ends[-1] = 1.0
    return np.bincount(np.searchsorted(ends, marks, side="right"), minlength=len(weights))


def rank_drivers(draws: dict[str, np.ndarray], outcome) -> list[dict[str, Any]]:
    """Spearman rank correlation of each parameter with the outcome, the strongest first.

    -inf and +inf in the outcome rank as ties below and above all others; NaN is left out, and
    so is a parameter that never varies. Significant: Benjamini & Hochberg 1995 over all
    parameters, 5 % of the drivers found may be false. Empty for an outcome that never varies
    or fewer than 10 usable draws. Sees effects that go one way only; see first_order_indices.
    """
    from scipy.stats import false_discovery_control, rankdata, t

    names, columns, ranks = varied(draws, outcome, least=LEAST)
    if not names:
        return []
    x = standardised(rankdata(columns, axis=0))
    rho = np.clip(standardised(ranks) @ x / len(ranks), -1, 1)
    freedom = len(ranks) - 2
    size = np.abs(rho) * np.sqrt(freedom / np.maximum(1 - rho**2, np.finfo(float).eps))
    p = 2 * t.sf(size, freedom)
    significant = false_discovery_control(p) <= FALSE_DISCOVERIES
    return [
        {
            "parameter": names[at],
            "rank_correlation": float(rho[at]),
            "p_value": float(p[at]),
            "significant": bool(significant[at]),
        }
        for at in np.argsort(-np.abs(rho), kind="stable")
    ]


def first_order_indices(
    draws: dict[str, np.ndarray], outcome, seed: int = 0
) -> dict[str, tuple[float, float]] | None:
    """Share of the variance of the outcome's ranks that each parameter explains by itself.

    (first-order Sobol index, half-width of its 95 % interval) by name, from the draws given
    by RBD-FAST (Tarantola et al. 2006; Plischke 2010); effects need not go one way. The
    half-width is cautious, about twice the scatter found between repeated draws: it comes from
    resamples half as large. An index may fall below zero by as much. A sharp threshold loses
    up to 0.05. None without SALib (``pip install ssb-model[uq]``); empty for an outcome that
    never varies or fewer than 60 usable draws.
    """
    try:
        from SALib.analyze import rbd_fast
    except ModuleNotFoundError:
        return None
    names, columns, ranks = varied(draws, outcome, least=LEAST_FOR_INDICES)
    if not names:
        return {}
    problem = {"num_vars": len(names), "names": names}
    found = rbd_fast.analyze(problem, columns, ranks, M=HARMONICS, seed=seed)
    return {
        name: (float(index), float(error))
        for name, index, error in zip(names, found["S1"], found["S1_conf"], strict=True)
    }


def varied(
    draws: dict[str, np.ndarray], outcome, least: int
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names of the parameters that vary, their draws in columns, and ranks of the outcome.

    Without the draws whose outcome is NaN. No names where fewer than ``least`` are left or
    their outcome never varies.
    """
    from scipy.stats import rankdata

    outcome = np.asarray(outcome, float).ravel()
    usable = ~np.isnan(outcome)
    columns = {}
    for name in sorted(draws):
        column = np.asarray(draws[name], float).ravel()
        if len(column) != len(outcome):
            raise InputError(
                f"{len(column)} draws of {name} but {len(outcome)} outcomes: give one of each."
            )
        if not np.isfinite(column).all():
            raise InputError(f"draws of {name} are not all finite: leave those draws out.")
        if len(np.unique(column[usable])) > 1:
            columns[name] = column[usable]
    outcome = outcome[usable]
    if not columns or len(outcome) < least or len(np.unique(outcome)) < 2:
        return [], np.empty((len(outcome), 0)), outcome
    return list(columns), np.column_stack(list(columns.values())), rankdata(outcome)


def standardised(ranks: np.ndarray) -> np.ndarray:
    """Mean zero and standard deviation one along the first axis."""
    return (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
