"""Ways to the best point: down from one start or many, or over all the bounds leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ssb_model.errors import InputError, SolveError, nearest
from ssb_model.fitting.descent import Minimum, Watch, descend
from ssb_model.fitting.problem import Problem
from ssb_model.quantities.checks import check_whole
from ssb_model.system.signals import BY_HAND

ENGINES = ("scipy", "pybop")
MOST_STARTS = 10_000
SCREENED = 4  # points looked at for each further start
SAME = 1.0  # of the misfit: two minima this near are taken for one


@dataclass
class Search:
    """The best minimum, others that were found, and what went wrong on the way."""

    best: Minimum
    others: list[Minimum] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stopped: str = ""


def search(
    problem: Problem,
    engine: str = "scipy",
    method: str = "CMAES",
    starts: int = 1,
    seed: int = 0,
    watch: Watch | None = None,
) -> Search:
    """Descents from ``starts`` places, or one from where PyBOP's ``method`` ended."""
    if engine not in ENGINES:
        raise InputError(f"no engine '{engine}'. {nearest(engine, ENGINES)}")
    check_whole("the number of starts", starts, most=MOST_STARTS)
    found: list[Minimum] = []
    notes: list[str] = []
    stopped = ""
    try:
        if engine == "pybop":
            places = [_overall(problem, method, seed, watch, notes)]
        else:
            places = [problem.start, *_others(problem, starts, seed)]
        for number, place in enumerate(places):
            try:
                found.append(descend(problem, place, watch))
            except SolveError as error:
                if number == len(places) - 1 and not found:
                    raise
                notes.append(f"start {number + 1}: {error}")
    except KeyboardInterrupt:
        stopped = BY_HAND
        found.append(_as_it_is(problem))
    found.sort(key=lambda one: one.unlikeliness(problem))
    best, *others = found
    if others:  # noise and meshes as they were there
        problem.factor = best.factor
        problem.renew(best.x)
        r, J = problem.carefully(best.x)
        best = replace(best, residuals=r, jacobian=J, chi2=float(r @ r))
    return Search(best, others, notes, stopped)


def _as_it_is(problem: Problem) -> Minimum:
    """The best point so far."""
    x = problem.best[1]
    problem.renew(x)
    r, J = problem.both(x)
    return Minimum(problem.start, x, float(r @ r), r, J, BY_HAND, False, problem.factor.copy())


def _others(problem: Problem, starts: int, seed: int) -> list[np.ndarray]:
    """The best of places all over the bounds."""
    if starts == 1:
        return []
    from scipy.stats.qmc import LatinHypercube

    sampler = LatinHypercube(len(problem.free), rng=np.random.default_rng(seed))
    shares = sampler.random(SCREENED * (starts - 1))
    places = problem.lower + shares * (problem.upper - problem.lower)
    misfits = [float(r @ r) for r in problem.residuals_of(list(places))]
    usable = [k for k in np.argsort(misfits) if np.isfinite(misfits[k])]
    return [places[k] for k in usable[: starts - 1]]


def _overall(problem: Problem, method: str, seed: int, watch: Watch | None, notes: list[str]):
    """Where PyBOP's search ends, to go down from."""
    from ssb_model.fitting.pybop_engine import minimise

    def told(x: np.ndarray, chi2: float) -> None:
        if watch is not None:
            watch(chi2, x)

    found = minimise(problem, problem.start, method=method, seed=seed, watch=told)
    notes.append(f"{method} ended after {found.evaluations} solves: {found.message}")
    if found.failed:
        notes.append(f"{found.failed} of its points had no solution")
    return found.x
