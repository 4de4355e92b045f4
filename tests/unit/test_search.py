"""The search for the lowest pressure finds roots that are known, in runs that are counted."""

import math

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.studies.search import Edge, Status, Window, find_all, search

RANGES = [(1e5, 5e6), (1e5, 1e8)]


def find(measure, low, high, **options):
    """One search with ``measure``, which turns a list of pressures into their margins."""
    return find_all(lambda runs: measure([p for _, p in runs]), [search(low, high, **options)])[0]


def exponential(p, root, a, b):
    scale = root * 10 ** (2 * a - 0.7)
    return math.exp(-root / scale) - math.exp(-p / scale)


def hill(p, root, a, b):
    steepness, share = 2 + 18 * a, 0.05 + 0.9 * b
    return 1 / (1 + (1 - share) / share * (root / p) ** steepness) - share


def tanh(p, root, a, b):
    offset = 3 * b - 1.5
    return math.tanh(math.log(p / root) / (0.05 + 1.5 * a) + offset) - math.tanh(offset)


SMOOTH = {
    "exponential": exponential,
    "power": lambda p, root, a, b: (p / root) ** (0.2 + 2.8 * a) - 1,
    "inverse power": lambda p, root, a, b: 1 - (root / p) ** (0.2 + 2.8 * a),
    "hill": hill,
    "tanh": tanh,
}
BROKEN = {
    "step": lambda p, root, a, b: a if p >= root else b - 1,
    "step on a slope": lambda p, root, a, b: (a if p >= root else b - 1) + math.log(p / root) / 3,
    "step to zero": lambda p, root, a, b: 0.0 if p >= root else -a,
    "kink": lambda p, root, a, b: math.log(p / root) * (a if p < root else 5),
    "ramp to zero": lambda p, root, a, b: min(math.log(p / root), 0.0),
    "fails below": lambda p, root, a, b: p / root if p >= root else math.nan,
    "endless below": lambda p, root, a, b: p / root if p >= root else -math.inf,
    "endless above": lambda p, root, a, b: math.log(p / root) if p < root else math.inf,
}


def counted(law):
    """The law as ``find`` wants it, and a list of every pressure it was asked for."""
    runs = []

    def measure(pressures):
        runs.extend(pressures)
        return [law(pressure) for pressure in pressures]

    return measure, runs


@pytest.mark.parametrize("low_high", RANGES)
@pytest.mark.parametrize("name", [*SMOOTH, *BROKEN])
def test_known_roots_within_a_percent_in_twelve_runs(name, low_high):
    law, numbers, used = (SMOOTH | BROKEN)[name], np.random.default_rng(7), []
    for _ in range(60):
        root = math.exp(numbers.uniform(*np.log([low_high[0] * 1.02, low_high[1] / 1.02])))
        a, b = numbers.uniform(0.02, 0.98, 2)
        measure, runs = counted(lambda p, shape=(root, a, b): law(p, *shape))
        found = find(measure, *low_high)
        assert found.status is Status.FOUND
        assert found.pressure == pytest.approx(root, rel=0.01)
        edge = found.windows[0].lower
        assert found.windows == [Window(Edge(found.pressure, edge.not_met, edge.met), None)]
        assert edge.not_met < root <= edge.met * (1 + 1e-12)
        assert [p for p, _ in found.tried] == sorted(runs)
        assert len(runs) <= 12
        used.append(len(runs))
    if name in SMOOTH:
        assert np.mean(used) < 10, "a bisection takes 11 to 12"


@pytest.mark.parametrize("most_runs", [8, 9, 10])
def test_short_of_runs_a_jump_costs_one_more_than_by_bisection(most_runs):
    for root in np.geomspace(1.1e5, 9e7, 40):
        measure, runs = counted(lambda p, root=root: 0.9 if p > root else -0.1)
        edge = find(measure, 1e5, 1e8, most_runs=most_runs).windows[0].lower
        assert len(runs) <= most_runs
        halved = math.log(1e3) / 4 / 2 ** (most_runs - 5)
        assert math.log(edge.met / edge.not_met) <= 2 * halved * (1 + 1e-9)


def test_nothing_to_refine():
    for margin, status, pressure in [(0.0, Status.MET_AT_LOWEST, 1e5), (-0.3, Status.NEVER, None)]:
        measure, runs = counted(lambda p, margin=margin: margin)
        found = find(measure, 1e5, 5e6)
        assert (found.status, found.pressure, len(runs)) == (status, pressure, 5)
        assert found.windows == ([Window(None, None)] if pressure else [])
    rising = find(lambda ps: [math.log(p / 8e6) for p in ps], 1e5, 5e6)
    assert (rising.status, rising.pressure) == (Status.NEVER, None)
    assert rising.best == (5e6, math.log(5 / 8))
    failed = find(lambda ps: [math.nan] * len(ps), 1e5, 5e6)
    assert failed.status is Status.NEVER
    assert np.isnan(failed.best).all()


def bump(p, centre, height, width):
    return (1 + height) * math.exp(-((math.log(p / centre) / width) ** 2)) - 1


@pytest.mark.parametrize(("height", "width"), [(3, 1.2), (0.05, 1), (0.02, 0.6), (-0.03, 0.6)])
def test_rise_then_fall(height, width):
    """Windows the scan meets, such as it steps over (8 % of the pressure), and none."""
    half = width * math.sqrt(math.log(1 + max(height, 0)))
    for centre in np.geomspace(8e5, 1.3e7, 60):
        measure, runs = counted(lambda p, centre=centre: bump(p, centre, height, width))
        found = find(measure, 1e5, 1e8)
        if height < 0:
            assert (found.status, found.windows) == (Status.NEVER, [])
            assert found.best[1] == pytest.approx(height, abs=0.04)
            assert len(runs) <= 12
            continue
        assert found.status is Status.BETWEEN
        (window,) = found.windows
        assert found.pressure == window.lower.pressure
        assert found.pressure == pytest.approx(centre / math.exp(half), rel=0.01)
        assert window.upper.pressure == pytest.approx(centre * math.exp(half), rel=0.1)
        assert window.upper.met < centre * math.exp(half) < window.upper.not_met
        assert len(runs) <= 15


@pytest.mark.parametrize("margin", [0.0, 1e-12])
def test_no_line_through_next_to_nothing_is_believed(margin):
    """Met by a hair from 0.6 MPa, by more from 1 MPa, where the scan has a run."""
    measure, _ = counted(lambda p: margin + max(math.log(p / 1e6), 0) if p >= 6e5 else -1)
    assert find(measure, 1e5, 1e7).pressure == pytest.approx(6e5, rel=0.01)


def test_lost_in_between():
    found = find(lambda ps: [math.log(p / 1e6) ** 2 - 1 for p in ps], 1e5, 1e7)
    assert (found.status, found.pressure) == (Status.BETWEEN, 1e5)
    first, second = found.windows
    assert (first.lower, second.upper) == (None, None)
    assert first.upper.pressure == pytest.approx(1e6 / math.e, rel=0.01)
    assert second.lower.pressure == pytest.approx(1e6 * math.e, rel=0.01)
    falling = find(lambda ps: [1 - p / 1.7e6 for p in ps], 1e5, 1e7)
    assert (falling.status, falling.pressure) == (Status.BETWEEN, 1e5)
    assert falling.windows[0].upper.pressure == pytest.approx(1.7e6, rel=0.01)


def test_known_margins_are_not_run_again():
    law = SMOOTH["inverse power"]
    known = {5e6: law(5e6, 1.3e6, 0.5, 0), 1e6: law(1e6, 1.3e6, 0.5, 0), 9e6: -1.0}
    measure, runs = counted(lambda p: law(p, 1.3e6, 0.5, 0))
    found = find(measure, 1e5, 5e6, known=known)
    assert found.pressure == pytest.approx(1.3e6, rel=0.01)
    assert not set(runs) & set(known)
    assert sorted([*runs, 1e6, 5e6]) == [p for p, _ in found.tried]
    assert find(lambda _: pytest.fail("run"), 1e5, 5e6, known=dict(found.tried)) == found


def test_many_in_rounds_as_one_by_one():
    roots, rounds = [3e5, 5e4, 2e6, 4e6, 9e6], []

    def measure(asked):
        rounds.append([index for index, _ in asked])
        return np.array([hill(p, roots[index], 0.5, 0.5) for index, p in asked])

    together = find_all(measure, [search(1e5, 5e6) for _ in roots])
    assert together == [
        find(lambda ps, root=root: [hill(p, root, 0.5, 0.5) for p in ps], 1e5, 5e6)
        for root in roots
    ]
    assert rounds[0] == sorted(5 * [0, 1, 2, 3, 4])
    assert rounds[1] == [0, 2, 3]
    assert find_all(measure, []) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"low": 5e6}, "lowest first"),
        ({"low": 0}, "above 0"),
        ({"high": math.inf}, "no range"),
        ({"scan": 10}, "scan \\+ 3"),
        ({"tolerance": 0}, "say 0.01"),
    ],
)
def test_refused(options, said):
    with pytest.raises(InputError, match=said):
        find(lambda ps: pytest.fail("run"), **{"low": 1e5, "high": 5e6} | options)
