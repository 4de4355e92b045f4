"""Searching for designs: NSGA-II asks for lists of points and is told what they gave.

It works between 0 and 1 of each number and makes goals small; what a point is and how it is run
is not its matter. The same seed and the same answers ask for the same points.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import numpy as np

from ssb_model.errors import InputError

Evaluate = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
FAILED = 1e6  # violation of a point that gave nothing
AT_ONCE = 500  # points compared with each other
SPREAD_OF_CHILDREN, SPREAD_OF_MUTATIONS = 5, 10  # eta; wide, as points are few


def check_installed() -> None:
    if importlib.util.find_spec("pymoo") is None:
        raise InputError("a search for designs needs pymoo: install ssb-model[design].")


def search(
    evaluate: Evaluate, size: int, goals: int, points: int, generations: int, seed: int = 0
) -> None:
    """Ask for so many generations of points, each a list of ``size`` numbers from 0 to 1.

    ``evaluate`` gives goals to be made small, and how far each limit is missed (0 or below where
    it is kept); a row of NaN is a point that gave nothing. Deb, Pratap, Agarwal and Meyarivan,
    IEEE Trans. Evol. Comput. 6 (2002) 182, as in pymoo, from a Latin hypercube.
    """
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.evaluator import Evaluator
    from pymoo.core.problem import Problem
    from pymoo.core.termination import NoTermination
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.sampling.lhs import LHS
    from pymoo.problems.static import StaticProblem

    problem = Problem(n_var=size, n_obj=goals, n_ieq_constr=1, xl=0.0, xu=1.0)
    optimiser = NSGA2(
        pop_size=points,
        sampling=LHS(),
        crossover=SBX(eta=SPREAD_OF_CHILDREN, prob=0.9),
        mutation=PM(eta=SPREAD_OF_MUTATIONS),
    )
    optimiser.setup(problem, termination=NoTermination(), seed=seed, verbose=False)
    for _ in range(generations):
        asked = optimiser.ask()
        given, missed = evaluate(asked.get("X"))
        bad = ~np.isfinite(given).all(axis=1)
        told = {
            "F": np.where(bad[:, None], 0.0, given),
            "G": np.where(bad, FAILED, missed_by(missed))[:, None],
        }
        Evaluator().eval(StaticProblem(problem, **told), asked)
        optimiser.tell(infills=asked)


def missed_by(missed: np.ndarray) -> np.ndarray:
    """How far all limits of a point are missed together; 0 where all are kept."""
    unknown = np.where(np.isnan(missed), FAILED, missed)
    return np.maximum(unknown, 0.0).sum(axis=1)


def front(given: np.ndarray, missed: np.ndarray, most: int | None = None) -> list[int]:
    """The points that keep all limits and that no other beats in every goal, by the first goal.

    Where they are more than ``most``, those in the densest places are left out, one by one.
    """
    kept = np.flatnonzero(np.isfinite(given).all(axis=1) & (missed_by(missed) == 0))
    best = kept[:0]
    for start in range(0, len(kept), AT_ONCE):
        best = _unbeaten(given, np.concatenate([best, kept[start : start + AT_ONCE]]))
    best = best[np.unique(given[best], axis=0, return_index=True)[1]]  # each once, in order
    while most is not None and len(best) > most:
        best = np.delete(best, np.argmin(_room(given[best])))
    return best.tolist()


def _unbeaten(given: np.ndarray, some: np.ndarray) -> np.ndarray:
    goals = given[some]
    no_worse = (goals[:, None, :] <= goals[None, :, :]).all(axis=2)
    better = no_worse & (goals[:, None, :] < goals[None, :, :]).any(axis=2)
    return some[~better.any(axis=0)]


def _room(goals: np.ndarray) -> np.ndarray:
    """How far the neighbours of each point are, goal by goal, the ends infinitely (crowding)."""
    room = np.zeros(len(goals))
    for values in goals.T:
        order = np.argsort(values)
        gaps = np.diff(values[order]) / (np.ptp(values) or 1.0)
        room[order[1:-1]] += gaps[1:] + gaps[:-1]
        room[order[[0, -1]]] = np.inf
    return room
