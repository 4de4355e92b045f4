"""The PyBOP engine finds known minima and draws known posteriors, and counts what fails."""

import logging
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import least_squares

from ssb_model.errors import InputError, SolveError
from ssb_model.fitting import pybop_engine
from ssb_model.fitting.pybop_engine import minimise, sample

DESIGN = np.array([[12.0, 4, 0], [4, 8, 2], [0, 4, 4], [8, -4, 1.2]])
CENTRE = np.array([0.1, -0.2, 0.3])
COVARIANCE = np.linalg.inv(DESIGN.T @ DESIGN)


class Problem:
    def __init__(self, misfit, lower, upper, start):
        self.misfit, self.solves = misfit, 0
        self.lower, self.upper, self.start = (np.array(v, float) for v in (lower, upper, start))
        self.free = tuple(SimpleNamespace(label=f"p{i}") for i in range(len(start)))

    def residuals(self, x):
        assert np.all(x >= self.lower)
        assert np.all(x <= self.upper)
        self.solves += 1
        return self.misfit(x)


def linear(lower=-3.0, upper=3.0):
    return Problem(lambda x: DESIGN @ (x - CENTRE), [lower] * 3, [upper] * 3, [1.0, 1.0, 1.0])


def valleys():
    """A wide valley at (-2, 0) with chi2 = 20, where the start is, and a deep one at (3, 1)."""

    def misfit(x):
        deep = 20 * (1 - np.exp(-((x[0] - 3) ** 2) - (x[1] - 1) ** 2))
        wide = 5 * (1 - np.exp(-((x[0] + 2) ** 2 + x[1] ** 2) / 8))
        return np.array([np.sqrt(deep + wide), 0.3 * x[1]])

    return Problem(misfit, [-5, -3], [5, 3], [-2.5, 0.2])


def broken(edge=0.3):
    def misfit(x):
        if x[0] > edge:
            return np.full(3, np.nan)
        return np.array([10 * (x[0] - 0.25), 10 * (x[1] - 0.1), 1.0])

    return Problem(misfit, [-1, -1], [1, 1], [0.9, 0.9])


def test_without_pybop_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pybop", None)
    problem = linear()
    for call in (
        lambda: minimise(problem, problem.start),
        lambda: sample(problem, CENTRE, COVARIANCE),
    ):
        with pytest.raises(InputError, match=r'pip install "ssb-model\[fit\]"'):
            call()
    assert problem.solves == 0


class TestMinimise:
    @pytest.fixture(autouse=True)
    def _engine(self):
        pytest.importorskip("pybop")

    @pytest.mark.parametrize("method", ["CMAES", "PSO", "DE", "XNES"])
    def test_the_right_valley_is_found_where_least_squares_ends_in_the_wrong(self, method):
        problem = valleys()
        local = least_squares(problem.misfit, problem.start, bounds=(problem.lower, problem.upper))
        assert 2 * local.cost == pytest.approx(20, abs=1e-3)
        for seed in range(2):
            problem = valleys()
            found = minimise(problem, problem.start, method, seed=seed)
            assert found.x == pytest.approx([2.99, 0.995], abs=0.05)
            assert found.chi2 < 5
            assert found.chi2 == pytest.approx(np.sum(problem.misfit(found.x) ** 2))
            assert found.evaluations == problem.solves <= 2000
            assert found.failed == 0

    @pytest.mark.parametrize("method", ["CMAES", "DE", "PSO"])
    def test_a_seed_gives_the_same_search_and_leaves_the_random_state(self, method):
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        runs = [minimise(linear(), CENTRE + 1, method, 300, seed) for seed in (5, 5, 6)]
        assert np.max(np.abs(runs[0].x - runs[1].x)) < 1e-12
        assert runs[0].evaluations == runs[1].evaluations
        assert np.any(runs[0].x != runs[2].x)
        assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002

    @pytest.mark.parametrize("method", ["CMAES", "PSO", "DE"])
    def test_failed_solves_are_counted_and_left_behind(self, method):
        problem = broken()
        found = minimise(problem, problem.start, method, 600)
        assert found.x == pytest.approx([0.25, 0.1], abs=0.05)
        assert np.isfinite(found.chi2)
        assert 10 < found.failed < found.evaluations == problem.solves

    def test_all_solves_failing_is_said(self):
        with pytest.raises(SolveError, match="solves failed: start elsewhere"):
            minimise(broken(edge=-2), np.array([0.9, 0.9]), most_evaluations=60)

    def test_no_more_solves_than_allowed(self):
        problem = linear()
        found = minimise(problem, problem.start, most_evaluations=37)
        assert problem.solves == found.evaluations == 37
        assert found.message == "all 37 solves used"

    def test_the_watcher_hears_of_every_improvement_and_may_print(self, capsys):
        heard = []

        def watch(x, chi2):
            heard.append((x, chi2))
            print("better")

        found = minimise(linear(), CENTRE + 1, "NelderMead", watch=watch)
        least = [chi2 for _, chi2 in heard]
        assert least == sorted(least, reverse=True)
        assert len(set(least)) == len(least) > 5
        assert least[-1] == found.chi2
        assert np.array_equal(heard[-1][0], found.x)
        assert capsys.readouterr().out == "better\n" * len(heard)

    @pytest.mark.parametrize("method", ["CMAES", "DE"])
    def test_stopped_by_hand_keeps_the_best_so_far(self, method, capsys):
        problem = linear()
        inner, tried = problem.misfit, []

        def misfit(x):
            if problem.solves > 50:
                raise KeyboardInterrupt
            tried.append(np.sum(inner(x) ** 2))
            return inner(x)

        problem.misfit = misfit
        found = minimise(problem, problem.start, method)
        assert found.message == "stopped by hand"
        assert found.evaluations == len(tried) == 50
        assert found.chi2 == pytest.approx(min(tried))
        assert capsys.readouterr().out == ""

    def test_a_wrong_name_has_its_nearest(self):
        with pytest.raises(InputError, match=r"no optimiser 'CMAS'\. Nearest: CMAES"):
            minimise(linear(), CENTRE, "CMAS")

    def test_what_an_optimiser_cannot_do_is_said(self):
        with pytest.raises(InputError, match="AdamW cannot search here.*sensitivities"):
            minimise(linear(), CENTRE, "AdamW")
        single = Problem(lambda x: x - 0.2, [-1], [1], [0.9])
        with pytest.raises(InputError, match="CMAES cannot search here"):
            minimise(single, single.start)
        assert minimise(single, single.start, "PSO").x == pytest.approx([0.2], abs=0.1)


class TestSample:
    @pytest.fixture(autouse=True)
    def _engine(self):
        pytest.importorskip("pybop")

    def test_the_posterior_of_a_linear_problem(self):
        problem = linear()
        counts = []
        draws = sample(problem, CENTRE, COVARIANCE, watch=lambda *count: counts.append(count))
        x = draws[["p0", "p1", "p2"]].to_numpy()
        deviations = np.sqrt(np.diag(COVARIANCE))
        assert list(draws.columns) == ["p0", "p1", "p2", "chain", "log_posterior"]
        assert draws.groupby("chain").size().tolist() == [2000] * 4
        assert np.all(np.abs(x.mean(axis=0) - CENTRE) < 0.15 * deviations)
        assert x.std(axis=0) == pytest.approx(deviations, rel=0.1)
        true = COVARIANCE / np.outer(deviations, deviations)
        assert np.corrcoef(x.T) == pytest.approx(true, abs=0.1)
        chi2 = np.sum(((x - CENTRE) @ DESIGN.T) ** 2, axis=1)
        assert draws["log_posterior"].to_numpy() == pytest.approx(-chi2 / 2, rel=1e-6, abs=1e-9)
        assert chi2.mean() == pytest.approx(3, rel=0.15)
        assert draws.attrs == {"evaluations": problem.solves, "failed": 0}
        assert counts[-1][0] == problem.solves <= counts[-1][1]

    def test_a_wrong_covariance_is_mended_on_the_way(self):
        draws = sample(linear(), CENTRE, 100 * np.diag(np.diag(COVARIANCE)), draws=2000)
        spread = draws[["p0", "p1", "p2"]].std().to_numpy()
        assert spread == pytest.approx(np.sqrt(np.diag(COVARIANCE)), rel=0.2)

    def test_bounds_cut_the_posterior(self):
        problem = Problem(lambda x: x / 0.5, [0, -4], [4, 4], [0.0, 0.0])
        draws = sample(problem, problem.start, np.diag([0.25, 0.25]))
        assert draws["p0"].min() >= 0
        assert draws["p0"].mean() == pytest.approx(0.5 * np.sqrt(2 / np.pi), abs=0.04)
        assert draws["p1"].mean() == pytest.approx(0, abs=0.06)

    def test_what_no_data_feel_stays_within_its_bounds_and_fills_them(self):
        problem = Problem(lambda x: x[:1] / 0.1, [-1, -1], [1, 1], [0.0, 0.0])
        draws = sample(problem, problem.start, np.diag([0.01, 1e12]), draws=2500)
        assert draws["p0"].std() == pytest.approx(0.1, rel=0.15)
        assert draws["p1"].std() == pytest.approx(2 / np.sqrt(12), rel=0.15)

    def test_failed_solves_are_never_drawn(self):
        problem = broken()
        draws = sample(problem, np.array([0.25, 0.1]), np.diag([0.01, 0.01]), draws=500)
        assert draws["p0"].max() <= 0.3
        assert 0 < draws.attrs["failed"] < draws.attrs["evaluations"] == problem.solves
        assert np.isfinite(draws["log_posterior"]).all()
        with pytest.raises(SolveError, match="no chain can begin"):
            sample(broken(edge=-2), np.array([0.25, 0.1]), np.diag([0.01, 0.01]))

    def test_a_seed_gives_the_same_draws_and_leaves_the_log(self):
        handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
        runs = [sample(linear(), CENTRE, COVARIANCE, 100, 2, seed) for seed in (3, 3, 4)]
        assert runs[0].equals(runs[1])
        assert not runs[0].equals(runs[2])
        assert (logging.getLogger().handlers, logging.getLogger().level) == (handlers, level)


def test_import_does_not_need_pybop():
    assert "pybop" not in vars(pybop_engine)
