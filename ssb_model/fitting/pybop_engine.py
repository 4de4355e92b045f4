"""Fits through PyBOP: a search of all that the bounds leave, and draws of the posterior."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import norm, truncnorm

from ssb_model.errors import InputError, SolveError, nearest

SHORT_NAMES = {"DE": "SciPyDifferentialEvolution"}
CROWDS = ("CMAES", "XNES", "SNES", "PSO")  # searches whose population may be chosen
POPULATION = 10
PATIENCE = 15  # generations without gain that end a search
GAIN = 0.01  # in chi2: less says nothing about a parameter
ROUNDING = 1e-9  # of the width between the bounds: PyBOP's coordinates may miss a bound by less


@dataclass(frozen=True)
class Optimum:
    """The least misfit a search found: where, how low, after how many solves, why it stopped."""

    x: np.ndarray
    chi2: float
    evaluations: int
    message: str
    failed: int = 0


class Enough(Exception):
    """The solves a search may take are used up."""


@dataclass
class Solves:
    """Every solve of a run: how many, how many failed, and the best."""

    problem: object
    most: float = np.inf
    watch: Callable[[np.ndarray, float], None] | None = None
    count: int = 0
    failed: int = 0
    x: np.ndarray | None = None
    chi2: float = np.inf
    points: int = 0
    screen: object = field(default_factory=lambda: sys.stdout)
    alarms: dict = field(default_factory=np.geterr)

    def residuals(self, x: np.ndarray) -> np.ndarray | None:
        """Whitened residuals, or None where the solve failed."""
        if self.count >= self.most:
            raise Enough
        x = np.clip(x, self.problem.lower, self.problem.upper)
        with redirect_stdout(self.screen), np.errstate(**self.alarms):
            residuals = np.asarray(self.problem.residuals(x), float)
            self.count += 1
            self.points = len(residuals)
            chi2 = float(residuals @ residuals)
            if not np.isfinite(chi2):
                self.failed += 1
                return None
            if chi2 < self.chi2:
                self.x, self.chi2 = x, chi2
                if self.watch:
                    self.watch(x.copy(), chi2)
        return residuals


def minimise(
    problem,
    start: np.ndarray,
    method: str = "CMAES",
    most_evaluations: int = 2000,
    seed: int = 0,
    watch: Callable[[np.ndarray, float], None] | None = None,
) -> Optimum:
    """The least chi2 found within the bounds by one of PyBOP's optimisers that need no gradient.

    Failed solves are counted in ``failed`` and left behind. ``watch(x, chi2)`` hears of each
    improvement. Ctrl-C ends the search with the best so far.
    """
    pybop = imported()
    kind = _optimiser(pybop, method)
    start = np.clip(np.asarray(start, float), problem.lower, problem.upper)
    solves = Solves(problem, most_evaluations, watch)
    try:
        with guarded(seed), np.errstate(invalid="ignore"):
            solves.residuals(start)
            message = _search(pybop, kind, start, solves)
    except Enough:
        message = f"all {most_evaluations} solves used"
    except KeyboardInterrupt:
        message = "stopped by hand"
        if solves.x is None:
            return Optimum(start, np.nan, solves.count, message, solves.failed)
    if solves.x is None:
        raise SolveError(f"all {solves.count} solves failed: start elsewhere or narrow the bounds.")
    return Optimum(solves.x, solves.chi2, solves.count, message, solves.failed)


def imported():
    """PyBOP, or the way to get it."""
    try:
        import pybop
    except ImportError as error:
        raise InputError(f'this needs PyBOP ({error}): pip install "ssb-model[fit]"') from None
    return pybop


def _optimiser(pybop, method: str):
    """One of PyBOP's optimisers by its name."""
    bases = (pybop.BasePintsOptimiser, pybop.BaseSciPyOptimiser)
    kinds = {name: kind for name, kind in vars(pybop).items() if isinstance(kind, type)}
    known = {n: kind for n, kind in kinds.items() if issubclass(kind, bases) and kind not in bases}
    known |= {short: known[name] for short, name in SHORT_NAMES.items()}
    if method not in known:
        raise InputError(f"PyBOP has no optimiser {method!r}. {nearest(method, known)}")
    return known[method]


def _search(pybop, kind, start: np.ndarray, solves: Solves) -> str:
    """Search; a crowd again and again, twice as many each time, until that gains nothing."""
    problem = solves.problem
    width = problem.upper - problem.lower
    low, high = problem.lower - ROUNDING * width, problem.upper + ROUNDING * width
    parameters = {
        free.label: pybop.Parameter(
            distribution=truncnorm((a - x) / w, (b - x) / w, loc=x, scale=w),
            initial_value=x,
            transformation=pybop.UnitHyperCube(a, b),
        )
        for free, x, a, b, w in zip(problem.free, start, low, high, width, strict=True)
    }
    simulator, zeros = simulated(pybop, parameters, solves.residuals, solves.points)
    misfit = pybop.Problem(simulator, pybop.SumSquaredError(zeros, target="Residual"))
    crowd, population = kind.__name__ in CROWDS, POPULATION + 2 * len(start)
    options = _options(pybop, kind, solves.most, PATIENCE * (1 if crowd else len(start) + 1))
    before = np.inf
    while True:
        try:
            optimiser = kind(misfit, options=options)
        except ValueError as error:
            raise InputError(f"{kind.__name__} cannot search here: {error}") from None
        if crowd:
            optimiser.set_population_size(population)
        try:
            message = str(optimiser.run().message)
        except ValueError as error:
            if solves.x is not None or "finite cost" not in str(error):
                raise
            return "every solve failed"
        if not crowd or before - solves.chi2 < GAIN:
            return message
        before, population = solves.chi2, 2 * population


def _options(pybop, kind, most: int, patience: int):
    """Stop on a gain in chi2 too small to matter."""
    if issubclass(kind, pybop.SciPyDifferentialEvolution):
        return pybop.SciPyDifferentialEvolutionOptions(maxiter=most, polish=False, atol=GAIN)
    if issubclass(kind, pybop.BaseSciPyOptimiser):
        return pybop.SciPyMinimizeOptions(maxiter=most, disp=None)
    tolerances = {"absolute_tolerance": GAIN, "relative_tolerance": 1e-6}
    return pybop.PintsOptions(max_iterations=most, max_unchanged_iterations=patience, **tolerances)


def simulated(pybop, parameters: dict, solve, points: int):
    """Our residuals as PyBOP's simulator, and its data: zeros. It knows failed solves as such."""

    class Residuals(pybop.BaseSimulator):
        def solve_batch(self, inputs, calculate_sensitivities=False):
            solutions = []
            for values in inputs:
                solution = pybop.FailedSolution(["Residual"], list(values))
                if (residuals := solve(np.array(list(values.values()), float))) is not None:
                    solution = pybop.Solution(values)
                    solution.set_solution_variable("Residual", residuals)
                solutions.append(solution)
            return solutions

    zeros = {"Point": np.arange(points), "Residual": np.zeros(points)}
    return Residuals(pybop.Parameters(parameters)), pybop.Dataset(zeros, domain="Point")


@contextmanager
def guarded(seed: int) -> Iterator[None]:
    """PyBOP seeded and silent; random state and log as they were afterwards."""
    state, log = np.random.get_state(), logging.getLogger()  # noqa: NPY002
    handlers, level = log.handlers[:], log.level
    np.random.seed(seed)  # noqa: NPY002
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.filterwarnings("ignore", message="NOTE: ")
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        log.handlers[:] = handlers
        log.setLevel(level)


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
