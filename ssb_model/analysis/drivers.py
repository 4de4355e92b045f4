"""Which of the parameters drawn at once drive an outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

from ssb_model.errors import InputError

LEAST = 10  # usable draws for a rank correlation
LEAST_FOR_INDICES = 60  # their errors come from half as many, in twice HARMONICS and more
FALSE_DISCOVERIES = 0.05  # share of the drivers found that may be none
HARMONICS = 10  # of the outcome over a parameter that count as its effect


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
