"""Draws of the posterior through PyBOP."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import norm

from ssb_model.errors import InputError, SolveError
from ssb_model.fitting.pybop_engine import ROUNDING, Solves, guarded, imported, simulated


def sample(
    problem,
    start: np.ndarray,
    covariance: np.ndarray,
    draws: int = 2000,
    chains: int = 4,
    seed: int = 0,
    watch: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Draws of exp(-chi2 / 2) within the bounds: a column a label, "chain", "log_posterior".

    Each chain keeps ``draws`` after a warm-up of a quarter as many, at least 200. It is PyBOP's
    adaptive Metropolis walk (Haario and Bardenet) in coordinates that make ``covariance`` the
    unit matrix. ``watch(solves, most)`` hears of each solve; ``attrs`` of the table count
    "evaluations" and "failed" ones, which are never drawn.
    """
    pybop = imported()
    labels = [free.label for free in problem.free]
    start, width = np.asarray(start, float), problem.upper - problem.lower
    low, high = problem.lower - ROUNDING * width, problem.upper + ROUNDING * width
    root = _root(np.asarray(covariance, float), width)
    warm_up = max(200, draws // 4)
    solves, known, tables = Solves(problem), {}, []

    def solve(z):
        x = start + root @ z
        if np.any(x < low) or np.any(x > high):
            return None
        residuals = solves.residuals(x)
        if watch:
            watch(solves.count, chains * (warm_up + draws + 1))
        if residuals is not None:
            known[z.tobytes()] = -0.5 * float(residuals @ residuals)
        return residuals

    for chain in range(chains):
        random = np.random.default_rng([seed, chain])
        place = _beginning(solves, start, root, random)
        at = dict(zip(labels, place, strict=True))
        with guarded(int(random.integers(2**31))):
            walked = _walk(pybop, at, solve, solves.points, warm_up, draws)
        x = np.clip(start + walked @ root.T, problem.lower, problem.upper)
        heights = [known[z.tobytes()] for z in walked]
        tables.append(pd.DataFrame(x, columns=labels).assign(chain=chain, log_posterior=heights))
    samples = pd.concat(tables, ignore_index=True)
    samples.attrs = {"evaluations": solves.count, "failed": solves.failed}
    return samples


def rhat(samples: pd.DataFrame) -> dict[str, float]:
    """Gelman-Rubin statistic of each label, over the halves of the chains: 1 when they agree."""
    table = samples.drop(columns="log_posterior").groupby("chain")
    chains = np.array([chain.to_numpy() for _, chain in table[list(samples.columns[:-2])]])
    length = chains.shape[1] // 2
    if length < 2:
        raise InputError("too few draws to compare chains: take at least 4 of each.")
    halves = np.concatenate([chains[:, :length], chains[:, -length:]])
    within = halves.var(axis=1, ddof=1).mean(axis=0)
    between = halves.mean(axis=1).var(axis=0, ddof=1)
    ratio = np.sqrt((length - 1) / length + between / within)
    return dict(zip(samples.columns[:-2], map(float, ratio), strict=True))


def _walk(pybop, at: dict, solve, points: int, warm_up: int, draws: int) -> np.ndarray:
    """One chain, begun there with unit steps, after its warm-up."""
    parameters = {label: pybop.Parameter(distribution=norm(z, 1.0)) for label, z in at.items()}
    simulator, zeros = simulated(pybop, parameters, solve, points)
    likelihood = pybop.GaussianLogLikelihoodKnownSigma(zeros, sigma=1.0, target="Residual")
    length = {"max_iterations": warm_up + draws, "warm_up_iterations": warm_up}
    options = pybop.PintsSamplerOptions(**length, log_to_screen=False)
    sampler = pybop.HaarioBardenetACMC(pybop.LogPDF(simulator, likelihood), options=options)
    sampler.set_initial_phase_iterations(warm_up // 4)
    return sampler.run().chains[0]


def _root(covariance: np.ndarray, width: np.ndarray) -> np.ndarray:
    """A root of the covariance, held to what the flat prior within the bounds leaves of it."""
    box = np.diag(width**2 / 12)
    if not np.isfinite(covariance).all():
        return np.sqrt(box)
    held = box @ np.linalg.solve(covariance + box, covariance)
    return np.linalg.cholesky((held + held.T) / 2 + 1e-12 * box)


def _beginning(solves: Solves, start, root, random) -> np.ndarray:
    """Where a chain begins: a draw around ``start`` that solves."""
    problem = solves.problem
    for _ in range(20):
        x = np.clip(start + root @ random.normal(size=len(start)), problem.lower, problem.upper)
        if solves.residuals(x) is not None:
            return np.linalg.solve(root, x - start)
    raise SolveError("20 draws around the optimum all failed to solve: no chain can begin.")
