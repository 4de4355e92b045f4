"""Ways to the best point: down from one start or many, or over all the bounds leave."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ssb_model.errors import InputError, SolveError, nearest
from ssb_model.fitting.descent import Minimum, Standing, Watch, at_bound, descend, left_at
from ssb_model.fitting.free import Free
from ssb_model.fitting.problem import Problem
from ssb_model.quantities.checks import check_whole
from ssb_model.system.signals import BY_HAND

ENGINES = ("scipy", "pybop")
MOST_STARTS = 10_000
FURTHER = 2  # starts, after one that ended where none should
SCREENED = 4  # points looked at for each further start
WIDEST = 110  # letters of a line on a terminal


@dataclass(frozen=True)
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
    try:
        if engine == "pybop":
            places = [_overall(problem, method, seed, watch, notes)]
        else:
            places = [problem.start, *_others(problem, starts, seed)]
    except KeyboardInterrupt:
        return Search(left_at(problem, problem.start, problem.start), [], notes, BY_HAND)
    for number, place in enumerate(places):  # which may grow
        try:
            found.append(descend(problem, place, watch))
        except SolveError as error:
            if number == len(places) - 1 and not found:
                raise
            notes.append(f"start {number + 1}: {error}")
            continue
        problem = found[-1].problem  # what is known of noise and meshes serves the next
        if found[-1].stopped:
            break
        if number == 0 and starts == 1 and engine == "scipy" and _lost(found[-1]):
            places += _others(problem, 1 + FURTHER, seed)
            notes.append(
                f"the search ended where it does not describe the data or at a bound: {FURTHER} "
                "more were begun elsewhere"
            )
    stopped = BY_HAND if found[-1].stopped else ""
    best, *others = sorted(found, key=lambda one: one.unlikeliness)
    if others:  # noise and meshes as they were there
        noise = best.problem.factor, best.problem.counts
        here = Standing.at(problem.with_noise(*noise).renewed(best.x), best.x)
        slopes = here.problem.slopes_either_way(best.x)
        best = replace(best, problem=here.problem, residuals=here.residuals, jacobian=slopes)
    return Search(best, others, notes, stopped)


def _lost(found: Minimum) -> bool:
    """Whether a search ended at a bound, or where the model misses the data by far."""
    problem = found.problem
    if at_bound(problem, found.x).any():
        return True
    for number, data in enumerate(problem.data):
        missed = problem.over_noise(number, found.residuals)
        spread = float(np.sqrt(np.mean(missed**2))) * problem.factor[number] * data.deviation
        if spread > data.too_far:
            return True
    return False


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


class Shown:
    """A line on standard error with the misfit and the parameters, where that is a terminal."""

    def __init__(self, free: Sequence[Free], watch: Watch | None = None):
        self.free, self.watch = free, watch
        self.points, self.least = 0, np.inf
        self.begun = time.monotonic()
        self.on = sys.stderr.isatty()

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_) -> None:
        if self.on and self.points:
            print(file=sys.stderr)

    def __call__(self, chi2: float, x: np.ndarray) -> None:
        self.points += 1
        if self.watch is not None:
            self.watch(chi2, x)
        if chi2 < self.least:
            self.least = chi2
            values = (f"{one.value(at):.4g}" for one, at in zip(self.free, x, strict=True))
            self.say(f"misfit {chi2:.5g} at {', '.join(values)}")

    def say(self, what: str) -> None:
        if self.on:
            passed = time.monotonic() - self.begun
            line = f"\rfit, {passed:.0f} s, point {self.points}: {what}"[:WIDEST]
            print(line.ljust(WIDEST), end="", file=sys.stderr, flush=True)
