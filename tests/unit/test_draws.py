"""Draws keep to their ranges, quantiles to their errors, and drivers are told from noise."""

import sys

import numpy as np
import pytest
from scipy.stats import norm

from ssb_model.analysis.draws import (
    censored_quantiles,
    first_order_indices,
    from_range,
    latin_hypercube,
    quantile_errors,
    rank_drivers,
)
from ssb_model.errors import InputError
from ssb_model.parameters.correlations import correlated

INF = np.inf
ALIKE = np.array([[1.0, 0.8], [0.8, 1.0]])
GRID = (np.arange(2000) + 0.5) / 2000
RANGES = [
    (5.0, 0.5, 10.0),
    (1e-14, 2e-15, 4e-13),
    (0.1, 0.0, 1.0),
    (-2.0, -8.0, -0.5),
    (-1.0, -3.0, 2.0),
    (0.0, -1.0, 4.0),
    (-0.5, -1.0, 0.0),
]


@pytest.mark.parametrize(("value", "low", "high"), RANGES)
def test_value_is_the_median_and_limits_hold(value, low, high):
    drawn = from_range(GRID, value, low, high)
    assert from_range(0.5, value, low, high) == value
    assert np.sum(drawn < value) == np.sum(drawn > value) == len(GRID) / 2
    assert np.all(np.diff(drawn) > 0)
    assert low <= drawn[0] < drawn[-1] <= high
    assert from_range([0, 1], value, low, high) == pytest.approx([low, high], rel=1e-12)


def test_rounding_does_not_pass_the_limits():
    for value, high in np.random.default_rng(0).uniform(1, [2, 3], (200, 2)):
        assert from_range(1, value, 0, max(value, high)) <= max(value, high)


@pytest.mark.parametrize(
    ("value", "low", "high", "quarters"),
    [
        (4.0, 1.0, 100.0, (2.0, 20.0)),
        (-4.0, -100.0, -1.0, (-20.0, -2.0)),
        (4.0, 0.0, 100.0, (2.0, 20.0)),
        (4.0, -2.0, 100.0, (1.0, 20.0)),
        (-4.0, -100.0, 0.0, (-20.0, -2.0)),
        (-4.0, -9.0, 2.0, (-6.0, -1.0)),
        (0.0, -2.0, 6.0, (-1.0, 3.0)),
    ],
)
def test_sides_are_logarithmic_where_they_can_be(value, low, high, quarters):
    assert from_range([0.25, 0.75], value, low, high) == pytest.approx(quarters)


@pytest.mark.parametrize("value", [1.0, 0.2])
def test_value_at_or_below_the_low_limit_leaves_the_upper_side(value):
    assert from_range([0, 0.5, 1], value, 1.0, 100.0) == pytest.approx([1, 10, 100])


@pytest.mark.parametrize("value", [100.0, 300.0])
def test_value_at_or_above_the_high_limit_leaves_the_lower_side(value):
    assert from_range([0, 0.5, 1], value, 1.0, 100.0) == pytest.approx([1, 10, 100])
    assert from_range([0, 0.5, 1], value, 0.0, 100.0) == pytest.approx([0, 50, 100])


def test_range_without_width_is_its_value():
    assert np.all(from_range(GRID, 3.0, 3.0, 3.0) == 3.0)
    assert np.all(from_range(GRID, 0.0, 0.0, 0.0) == 0.0)


@pytest.mark.parametrize("numbers", [(1, 2, 0), (np.nan, 0, 1), (1, 0, INF), (1, np.nan, 2)])
def test_range_that_is_none_is_refused_by_name(numbers):
    with pytest.raises(InputError, match="finite numbers, the low limit first"):
        from_range(0.5, *numbers)
    with pytest.raises(InputError, match="^Film resistance: "):
        latin_hypercube({"Film resistance": numbers}, 5)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_share_that_is_none_is_refused(share):
    with pytest.raises(InputError, match="between 0 and 1"):
        from_range(share, 1, 0, 2)


def some(count):
    return {f"p{k:02d}": (0.0, -1.0, 1.0) for k in range(count)}


def test_the_same_seed_gives_the_same_draws_in_any_order():
    ranges = {str(k): numbers for k, numbers in enumerate(RANGES)}
    first = latin_hypercube(ranges, 30, seed=4)
    again = latin_hypercube(dict(reversed(ranges.items())), 30, seed=4)
    other = latin_hypercube(ranges, 30, seed=5)
    assert first.keys() == ranges.keys()
    for name in ranges:
        assert np.array_equal(first[name], again[name])
        assert not np.array_equal(first[name], other[name])


@pytest.mark.parametrize("count", [2, 7, 100])
def test_every_part_of_every_range_holds_one_draw(count):
    ranges = {str(k): numbers for k, numbers in enumerate(RANGES)}
    for name, drawn in latin_hypercube(ranges, count).items():
        edges = from_range(np.arange(count + 1) / count, *ranges[name])
        assert np.all(np.histogram(drawn, edges)[0] == 1), name


def test_parameters_are_drawn_apart():
    draws = np.array(list(latin_hypercube(some(10), 400).values()))
    assert np.abs(np.corrcoef(draws) - np.eye(10)).max() < 0.2


def test_one_draw_or_no_parameter_is_refused():
    with pytest.raises(InputError, match="take at least 2"):
        latin_hypercube(some(2), 1)
    with pytest.raises(InputError, match="name at least one"):
        latin_hypercube({}, 10)


def test_errors_that_hang_together_are_drawn_together():
    """Ranks correlate as asked, what each parameter is drawn from stays, others are left alone."""
    ranges, group = some(3), sorted(some(3))[:2]
    free = latin_hypercube(ranges, 400)
    tied = latin_hypercube(ranges, 400, together=[(group, ALIKE)])
    for name in ranges:
        np.testing.assert_allclose(np.sort(tied[name]), np.sort(free[name]))
    rank = {name: np.argsort(np.argsort(values)) for name, values in tied.items()}
    assert np.corrcoef(*(rank[name] for name in group))[0, 1] == pytest.approx(0.8, abs=0.04)
    (other,) = set(ranges) - set(group)
    np.testing.assert_array_equal(tied[other], free[other])
    assert correlated(["LPSCl: Thickness [um]", "NCM811: Density [kg.m-3]"]) == []
    names = ["LPSCl: Coverage factor", "LPSCl: Coverage void exponent", "mine: Coverage factor"]
    ((together, matrix),) = correlated(names)
    assert together == names[:2]
    assert matrix[0, 1] < -0.5  # more cover where voids take more


def test_finite_quantiles_are_those_of_one_more_draw():
    outcomes = np.random.default_rng(0).lognormal(size=83)
    shares = [0.013, 0.05, 0.5, 0.77, 0.95]
    expected = np.quantile(outcomes, shares, method="weibull")
    assert censored_quantiles(outcomes, shares) == pytest.approx(expected)
    assert censored_quantiles([*outcomes, np.nan, np.nan], shares) == pytest.approx(expected)
    assert all(type(one) is float for one in censored_quantiles(outcomes))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([-INF, 1, 2, 3, INF], [-INF, 2, INF]),
        ([-INF] * 11 + [5] * 10, [-INF, -INF, 5]),
        ([-INF] * 10 + [5] * 11, [-INF, 5, 5]),
        ([-INF] * 10 + [5] * 10, [-INF, -INF, 5]),
        ([5] * 10 + [INF] * 10, [5, INF, INF]),
        ([INF] * 3, [INF] * 3),
        ([-INF] * 3, [-INF] * 3),
        ([-INF, INF], [-INF, INF, INF]),
        ([7], [7, 7, 7]),
    ],
)
def test_quantiles_among_infinities_are_infinite(outcomes, expected):
    assert censored_quantiles(outcomes) == expected


def test_a_whole_rank_needs_no_neighbour():
    assert 0.55 * 100 > 55
    assert censored_quantiles([*range(55), *[INF] * 44], [0.55]) == [54]
    assert 0.29 * 100 < 29
    assert censored_quantiles([*[-INF] * 28, *range(28, 99)], [0.29]) == [28]


def test_no_outcomes_have_no_quantiles():
    assert np.isnan(censored_quantiles([])).tolist() == [True] * 3
    assert np.isnan(censored_quantiles([np.nan, np.nan])).tolist() == [True] * 3
    assert np.isnan(quantile_errors([np.nan])).tolist() == [[True, True]] * 3


@pytest.mark.parametrize("share", [0, 1, 5, np.nan])
def test_quantiles_of_no_share_are_refused(share):
    for ask in (censored_quantiles, quantile_errors):
        with pytest.raises(InputError, match="give 5 % as 0.05"):
            ask([1, 2, 3], [share])


def test_errors_are_the_known_order_statistics():
    # 42 <= binomial(100, 1/2) <= 58 with 91 %: the 42nd and 59th of 100
    assert quantile_errors(np.arange(1, 101), [0.5]) == [(42, 59)]
    (low, high), _, (below, above) = quantile_errors(np.arange(20))
    assert (low, above) == (-INF, INF)
    assert 0 < high < below < 19


def test_errors_reach_into_the_infinities():
    outcomes = [*range(1, 56), *[INF] * 45]
    assert censored_quantiles(outcomes, [0.5]) == [50.5]
    assert quantile_errors(outcomes, [0.5]) == [(42, INF)]
    assert quantile_errors(-np.array(outcomes), [0.5]) == [(-INF, -42)]


@pytest.mark.parametrize("count", [60, 200])
def test_errors_hold_the_quantile_nine_times_in_ten(count):
    rng = np.random.default_rng(0)
    truth = -np.log(1 - np.array([0.05, 0.5, 0.95]))
    held = np.zeros(3)
    for _ in range(1000):
        errors = np.array(quantile_errors(rng.exponential(size=count)))
        held += (errors[:, 0] <= truth) & (truth <= errors[:, 1])
    assert np.all((held > 880) & (held < 970)), held


@pytest.mark.parametrize("seed", range(5))
def test_two_drivers_of_forty_are_found(seed):
    draws = latin_hypercube(some(40), 200, seed)
    outcome = np.exp(4 * draws["p17"] - 4 * draws["p03"] ** 3)
    found = rank_drivers(draws, outcome)
    assert [row["parameter"] for row in found if row["significant"]] == ["p17", "p03"]
    assert [row["parameter"] for row in found[:2]] == ["p17", "p03"]
    assert found[0]["rank_correlation"] > 0.7
    assert found[1]["rank_correlation"] < -0.2
    sizes = [abs(row["rank_correlation"]) for row in found]
    assert len(found) == 40
    assert sizes == sorted(sizes, reverse=True)


def test_correlations_are_those_of_scipy():
    from scipy.stats import spearmanr

    draws = latin_hypercube(some(5), 50)
    outcome = np.round(3 * draws["p00"] + draws["p01"])
    for row in rank_drivers(draws, outcome):
        rho, p = spearmanr(draws[row["parameter"]], outcome)
        assert row["rank_correlation"] == pytest.approx(rho)
        assert row["p_value"] == pytest.approx(p)


def test_an_outcome_that_is_its_driver_has_no_doubt():
    draws = latin_hypercube(some(3), 30)
    first = rank_drivers(draws, -draws["p01"])[0]
    assert (first["parameter"], first["significant"]) == ("p01", True)
    assert first["rank_correlation"] == pytest.approx(-1)
    assert first["p_value"] < 1e-30


def test_noise_is_called_no_driver():
    alarms = 0
    for seed in range(10):
        outcome = np.random.default_rng(100 + seed).lognormal(size=200)
        found = rank_drivers(latin_hypercube(some(60), 200, seed), outcome)
        assert min(row["p_value"] for row in found) < 0.05  # what one test alone would call one
        alarms += sum(row["significant"] for row in found)
    assert alarms <= 2


def test_infinities_rank_last_and_missing_outcomes_are_left_out():
    draws = latin_hypercube(some(20), 150, seed=2)
    outcome = 100 * draws["p05"] + 10 * draws["p06"]
    lowest, highest, missing = outcome < -60, outcome > 30, draws["p07"] > 0.8
    by_rank = np.where(lowest, -1e9, np.where(highest, 1e9, outcome))[~missing]
    left = {name: drawn[~missing] for name, drawn in draws.items()}
    outcome[lowest], outcome[highest], outcome[missing] = -INF, INF, np.nan
    found = rank_drivers(draws, outcome)
    assert found == rank_drivers(left, by_rank)
    assert [row["parameter"] for row in found if row["significant"]] == ["p05"]


def test_nothing_to_rank():
    draws = latin_hypercube(some(3), 12)
    assert rank_drivers(draws, np.full(12, 5.0)) == []
    assert rank_drivers(draws, np.full(12, INF)) == []
    assert rank_drivers(draws, np.full(12, np.nan)) == []
    assert len(rank_drivers(draws, [*range(10), np.nan, np.nan])) == 3
    assert rank_drivers(draws, [*range(9), np.nan, np.nan, np.nan]) == []
    assert rank_drivers({}, np.arange(12)) == []


def test_a_parameter_that_never_varies_is_left_out():
    draws = latin_hypercube({**some(3), "p01": (2.0, 2.0, 2.0)}, 20)
    found = rank_drivers(draws, draws["p00"])
    assert {row["parameter"] for row in found} == {"p00", "p02"}


def test_draws_that_do_not_match_are_refused():
    draws = latin_hypercube(some(2), 20)
    with pytest.raises(InputError, match="20 draws of p00 but 19 outcomes"):
        rank_drivers(draws, np.arange(19))
    draws["p01"][3] = np.nan
    with pytest.raises(InputError, match="draws of p01 are not all finite"):
        rank_drivers(draws, np.arange(20))


def test_without_salib_there_are_no_indices(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    assert first_order_indices(some(2), np.arange(20)) is None


def test_indices_of_a_line_and_of_a_valley():
    pytest.importorskip("SALib")
    draws = latin_hypercube(some(4), 300, seed=3)
    line = first_order_indices(draws, 2 * draws["p01"] + draws["p02"])
    for name, share in {"p00": 0, "p01": 0.8, "p02": 0.2, "p03": 0}.items():
        index, error = line[name]
        assert abs(index - share) < min(error, 0.1), name
    assert line == first_order_indices(draws, 2 * draws["p01"] + draws["p02"], seed=0)
    censored = np.where(draws["p01"] > 0.4, INF, draws["p02"])
    assert first_order_indices(draws, censored)["p01"][0] > 0.5
    valley = draws["p03"] ** 2 + 0.1 * draws["p00"]
    assert rank_drivers(draws, valley)[0]["parameter"] != "p03"
    assert first_order_indices(draws, valley)["p03"][0] > 0.8
    assert first_order_indices(draws, np.ones(300)) == {}
    few = latin_hypercube(some(2), 59)
    assert first_order_indices(few, few["p00"]) == {}


def test_what_a_row_tells_of_several_numbers_ties_them_together():
    """A row that felt two numbers keeps its error, and they part ways; a third is left alone."""
    ranges = some(3)
    names, slopes = ["p00", "p01"], np.array([[3.0, 4.0]])
    free, tied = (latin_hypercube(ranges, 4000, 1, fitted=t) for t in (None, (names, slopes)))
    z = {name: norm.ppf((tied[name] + 1) / 2) for name in ranges}
    row = 3 * z["p00"] + 4 * z["p01"]
    assert row.std() == pytest.approx(5 / np.sqrt(26), rel=0.03)
    assert row.mean() == pytest.approx(0, abs=0.05)
    assert np.corrcoef(z["p00"], z["p01"])[0, 1] < -0.8
    np.testing.assert_allclose(tied["p02"], free["p02"])


def test_a_number_that_is_not_drawn_keeps_what_is_not_known_of_it():
    """Of one of two numbers alone the row tells as much as it does while the other is drawn."""
    rows = ["p00", "p01"], np.array([[3.0, 4.0]])
    both = latin_hypercube(some(2), 4000, fitted=rows)["p00"]
    alone = latin_hypercube({"p00": (0.0, -1.0, 1.0)}, 4000, fitted=rows)
    assert [*alone] == ["p00"]
    assert alone["p00"].std() == pytest.approx(both.std(), rel=0.02)
