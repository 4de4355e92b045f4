"""The pieces of a fit by themselves, on problems whose answers are known."""

import tomllib
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model import CapacityData, NumberData, SpectrumData, VoltageData
from ssb_model.analysis.gitt_split import two_sided
from ssb_model.errors import InputError
from ssb_model.fitting.counted import alike, neighbours_alike
from ssb_model.fitting.data.stretches import counted
from ssb_model.fitting.descent import descend
from ssb_model.fitting.free import Free, free_parameters
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.separation import combinations, fewest
from ssb_model.fitting.uncertainty import (
    Directions,
    correlation,
    profile_interval,
    profiles,
    stated_interval,
)
from ssb_model.parameters.library import data_folder

D = "Positive particle reference diffusivity [m2.s-1]"
FILM = "Positive electrode film resistance [Ohm.m2]"


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell("NCM811_LPSCl_Si")


def test_bounds_and_scale_come_from_the_declared_range(cell):
    (one,) = free_parameters(cell, [D])
    given = tomllib.loads((data_folder() / "materials" / "NCM811.toml").read_text(encoding="utf-8"))
    entry = given["Reference diffusivity [m2.s-1]"]
    assert (one.start, one.low, one.high) == (entry["value"], *entry["range"])
    assert one.logarithmic
    assert one.value(one.scaled(3e-15)) == pytest.approx(3e-15)
    (slope,) = free_parameters(cell, ["Positive electrode conductivity slope"])
    assert not slope.logarithmic  # its range begins at zero
    assert slope.scaled(1.7) - slope.scaled(0.0) == pytest.approx(1)


def test_a_recipe_entry_and_grains_can_be_varied(cell):
    porosity, grains = free_parameters(cell, {"positive: Porosity": None, "grain_size": None})
    assert (porosity.low, porosity.high) == (0.05, 0.17)
    assert (grains.low, grains.high) == (5e-7, 6e-6)
    with pytest.raises(InputError, match="in SI, as 'positive: Porosity'"):
        free_parameters(cell, ["positive: Porosity [%]"])


def test_a_declared_prior_holds_nine_tenths_of_the_range(cell):
    (one,) = free_parameters(cell, {D: {"prior": "declared"}})
    mean, deviation = one.prior
    assert mean == pytest.approx(np.log(cell.evaluate(D)))
    low, high = cell.entries[D].range
    assert deviation == pytest.approx(np.log(high / low) / 2 / 1.645)


@pytest.mark.parametrize(
    ("vary", "cure"),
    [
        ({}, "at least one parameter"),
        (["Positive particle reference diffusivty [m2.s-1]"], "Nearest: Positive particle"),
        (["stack_pressure"], "set by each data set"),
        ({D: (1e-14, 1e-16)}, "is not below"),
        ({D: {"low": 1e-16, "high": 1e-14, "start": 1.0}}, "wider bounds"),
        ({D: 1e-15}, "give its bounds as"),
        ({D: {"lo": 1e-15}}, "unknown key. Nearest: low"),
        ({D: {"scale": "ln"}}, "'log' or 'linear'"),
        ({D: {"prior": 3}}, "a prior is 'declared'"),
        ({D: {"low": 0, "high": 1e-14, "scale": "log"}}, "bounds above 0"),
        ({D: {"own": True}}, "no data set names its sample"),
        (["Positive electrode porosity"], "belongs to the recipe"),
    ],
)
def test_what_cannot_be_varied_is_refused(cell, vary, cure):
    with pytest.raises(InputError, match=cure) as error:
        free_parameters(cell, vary)
    assert "\n" not in str(error.value)


def record(time, current, voltage, **more):
    return VoltageData(time=time, current=current, voltage=voltage, **more)


def test_steps_of_a_record():
    """A charge, its constant voltage, a rest, a discharge: each where it begins and ends."""
    time = np.array([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110.0])
    current = np.array([0, -2, -2, -1.98, -1.5, -1, -0.7, -0.5, 0, 0, 3, 3.0])
    voltage = np.array([3.0, 3.6, 3.9, 4.2, 4.2, 4.2, 4.2, 4.2, 4.1, 4.05, 3.9, 3.7])
    data = record(time, current, voltage)
    told = [(step.held, step.duration, step.compared) for step in data.steps]
    assert told == [
        (None, 30.0, True),
        (4.2, 40.0, False),  # begun where the voltage gets there: 4.2 V, at 30 s
        (None, 20.0, True),
        (None, 20.0, True),
    ]
    assert [data.steps[k].current for k in (0, 2, 3)] == pytest.approx([-2.0, 0.0, 3.0])
    assert data.start == 0.0
    assert list(data.chosen) == [1, 2, 8, 9, 10, 11]


def test_a_count_of_charge_says_when_a_current_was_switched():
    """2 A from 43 s on, rows every 20 s: by the charge at 60 s; without it anywhere from 40."""
    time = np.arange(0, 201, 20.0)
    current = np.where(time > 43, 2.0, 0.0)
    charge = np.where(time > 43, 2.0 * (time - 43), 0.0)
    voltage = 4.0 - 1e-3 * charge
    known = record(time, current, voltage, charge=charge)
    assert [step.duration for step in known.steps] == pytest.approx([43, 157])
    assert known.steps[1].current == pytest.approx(2.0)
    (column,) = known.shared(None).T
    assert column[3:] == pytest.approx(2e-3)  # times in whole seconds: by one of them
    assert record(time + 1e-3, current, voltage, charge=charge).shared(None).shape[1] == 0
    back = np.where(time > 120, -2.0, current)  # another switch after the first
    passed = np.append(0.0, np.cumsum(20 * back[1:]))
    twice = record(time + 1e-3, back, voltage, charge=passed)
    assert np.isfinite(twice.sigma(None)).all()
    assert not twice.hidden[1].any()
    hidden = record(time, current, voltage)
    (column,) = hidden.shared(None).T
    assert column[:3] == pytest.approx(0)
    assert column[3:] == pytest.approx(2e-3 * 20)  # later by a gap: so much less charge
    assert "switches of the current lie between rows up to 20 s apart" in hidden._sampling()[0]
    assert hidden.steps[0].duration == 40.0
    moved = hidden.settled(np.array([0.25]))  # the residuals say: a quarter of a gap later
    assert moved.steps[0].duration == pytest.approx(43.0)
    assert moved.settled(np.array([9.0])).steps[0].duration == 60.0  # no later than its row
    assert moved.settled(np.array([0.01])) is moved
    assert known.settled(np.array([0.25])) is known


def test_a_count_that_starts_anew_or_contradicts_the_current_is_not_used():
    time = np.arange(0, 100, 10.0)
    table = pd.DataFrame({"Time [s]": time, "Current [A]": np.where(time < 50, 1.0, -1.0)})
    count = np.append(np.arange(0, 50, 10.0), np.arange(10, 60, 10.0)) / 3600
    told = counted(table.assign(**{"Capacity [A.h]": count}))
    assert told == pytest.approx(np.append(np.arange(0, 50, 10.0), np.arange(30, -20, -10.0)))
    assert counted(table.assign(**{"Capacity [A.h]": 100 * count})) is None
    assert counted(table) is None


def test_leads_and_a_flat_tail_are_not_the_cells():
    """An inductance and a tail of another exponent move a straight problem's residuals hardly."""
    f = np.logspace(5, -2, 30)
    Z = 1e-3 + 1e-3 / (1 + 1j * f / 100) + 2e-4 / np.sqrt(2j * np.pi * f)
    data = SpectrumData(frequency=f, impedance=Z)
    cell = SimpleNamespace(design=SimpleNamespace(area=1e-4))
    G = data.shared(cell) / data.sigma(cell)[:, None]
    roots = np.linalg.inv(np.eye(60) + G @ G.T)

    def seen(difference):
        d = np.concatenate([difference.real, difference.imag]) / data.sigma(cell)
        return float(d @ roots @ d), float(d @ d)

    leads = seen(2j * np.pi * f * 1e-6 * 1e-4)
    assert leads[0] < 1.1 < leads[1]
    tail = np.where(f < 0.5, 2e-4 / np.sqrt(2j * np.pi * f) * 0.05 * np.log(0.5 / f), 0)
    flat = seen(tail)
    assert flat[0] < 0.5 * flat[1]
    resistance = seen(np.full(30, 2e-5 + 0j))
    assert resistance[0] > 0.5 * resistance[1]
    usual, asked = np.array([0.5, 1.0, -1.0]), np.array([7.0, 4.0, -4.0])
    assert data.settled(usual) is data
    roomier = data.settled(asked)  # the room that the data ask for
    assert roomier.leads == pytest.approx(7e-6)
    assert roomier.flatter == pytest.approx(0.2)
    assert roomier.settled(np.array([0.0, 9.0, 0.0])).flatter == 0.5
    assert data.sharing(usual) == (
        "leads of 5e-07 H and a tail flatter than the model's below 2.6 Hz, by a power of "
        "+0.05 in the real and -0.05 in the imaginary part"
    )
    assert data.sharing(0 * usual) == ""


def test_titration_pulses_are_steps():
    time = np.arange(0, 600, 10.0)
    current = np.where((time // 100).astype(int) % 2, 1.0, 0.0)
    data = record(time, current, np.full(time.size, 3.7))
    assert [step.current for step in data.steps] == [0, 1, 0, 1, 0, 1]
    assert data.start == 1.0


@pytest.mark.parametrize(
    ("make", "cure"),
    [
        (lambda: record([0, 1, 1], [1, 1, 1], [3, 3, 3]), "time goes back or stands at row 3"),
        (lambda: record([0, 1, 2], [1, 1, 1], [3, np.nan, 3]), "voltage: entry 2 is no finite"),
        (lambda: record([0, 1, 2], [0, 0, 0], [3, 3, 3]), "no current flows"),
        (lambda: record([0, 1, 2], [1, 1], [3, 3, 3]), "not equally long"),
        (lambda: record([0, 1, 2], [1, 1, 1], [3, 3, 3], noise=-1), "the noise must be a positive"),
        (lambda: record([0, 1, 2], [1] * 3, [3] * 3, soc=0.5, charge_rate=1), "not both"),
        (lambda: CapacityData(c_rate=[0.1], capacity=[-3]), "rates and capacities are positive"),
        (lambda: CapacityData(c_rate=[0.1], capacity=[3], unit="mAh"), "the unit is one of"),
        (lambda: SpectrumData(frequency=[1, 2], impedance=[1j]), "not equally many"),
        (lambda: SpectrumData(frequency=[-1], impedance=[1]), "positive numbers of Hz"),
        (lambda: SpectrumData(frequency=[1], impedance=[1], electrode="both"), "cell, positive"),
        (lambda: NumberData(quantity="capacitance", value=1), "no quantity 'capacitance'. Nearest"),
        (
            lambda: NumberData(quantity="Separator ionic resistance [Ohm.cm2]", value=0),
            "is positive, not",
        ),
    ],
)
def test_data_that_cannot_be_are_refused(make, cure):
    with pytest.raises(InputError, match=cure):
        make()


class Known:
    """A problem whose residuals are a function given; coordinates are the values."""

    def __init__(self, residuals, lower, upper):
        self.residuals = residuals
        self.lower, self.upper = np.array(lower, float), np.array(upper, float)
        names = "abcdef"[: len(lower)]
        ends = zip(names, lower, upper, strict=True)
        axis = {name: SimpleNamespace(name=name) for name in names}
        self.free = [Free(axis[n], 1.0, np.exp(low), np.exp(high), True) for n, low, high in ends]

    def residuals_of(self, points):
        return [self.residuals(x) for x in points]

    def slopes(self, x):
        step = 1e-6
        return np.column_stack(
            [
                (self.residuals(x + step * e) - self.residuals(x - step * e)) / 2 / step
                for e in np.eye(len(x))
            ]
        )


def interval_of(problem, x, name):
    told = profiles(problem, x, problem.residuals(x), problem.slopes(x)).tables
    (one,) = [one for one in problem.free if one.label == name]
    ends = profile_interval(told[name], one.value(x[problem.free.index(one)]))
    return tuple(np.log(ends)) if all(np.isfinite(ends)) and ends[0] > 0 else ends


def test_profile_of_a_straight_problem_is_that_of_the_slopes():
    random = np.random.default_rng(0)
    A = random.normal(size=(40, 3)) @ np.diag([1.0, 3.0, 0.5])
    problem = Known(lambda x: A @ x, [-9] * 3, [9] * 3)
    unsure = np.sqrt(np.diag(np.linalg.inv(A.T @ A)))
    for k, name in enumerate("abc"):
        low, high = interval_of(problem, np.zeros(3), name)
        assert (-low, high) == pytest.approx((1.96 * unsure[k],) * 2, rel=0.01)


def test_profile_of_a_bent_problem_is_lopsided():
    """Misfit ((e^x - 1) / 0.5)^2: 95 % from ln(1 - 0.98) to ln(1 + 0.98)."""
    problem = Known(lambda x: np.array([(np.exp(x[0]) - 1) / 0.5, x[1]]), [-9, -9], [9, 9])
    low, high = interval_of(problem, np.zeros(2), "a")
    assert low == pytest.approx(np.log(1 - 0.98), rel=0.05)
    assert high == pytest.approx(np.log(1 + 0.98), rel=0.03)


def test_profile_that_is_never_high_enough_is_open():
    problem = Known(lambda x: np.array([np.maximum(x[0], 0) * 4, x[1]]), [-3, -3], [3, 3])
    low, high = interval_of(problem, np.zeros(2), "a")
    assert low == -np.inf
    assert np.log(high) == pytest.approx(0.49, rel=0.03)


def test_a_profile_ends_where_solutions_end():
    def residuals(x):
        return np.array([x[0] * 1e-3, x[1]]) if x[0] > -1 else np.full(2, np.nan)

    low, high = interval_of(Known(residuals, [-3, -3], [3, 3]), np.zeros(2), "a")
    assert high == np.inf
    assert np.log(low) == pytest.approx(-1, abs=0.1)


def test_the_others_follow_along_a_bent_valley():
    """Two numbers whose product is known well, one by itself weakly: x / 2 + x^2 / 20 rises to
    1.96 on one side and never on the other.
    """

    def residuals(x):
        return np.array([300 * (np.exp(x[0] + x[1]) - 1), x[0] / 2 + 0.05 * x[0] ** 2])

    low, high = interval_of(Known(residuals, [-9, -9], [9, 9]), np.zeros(2), "a")
    assert np.log(high) == pytest.approx(np.roots([0.05, 0.5, -1.96]).max(), rel=0.06)
    assert low == -np.inf


def test_a_misfit_that_jumps_is_no_end():
    """Solutions of another kind beyond a line: the profile jumps there, and is no interval."""

    def residuals(x):
        return np.array([0.01 * x[0] + (30.0 if abs(x[0]) > 1e-3 else 0.0), x[1]])

    problem = Known(residuals, [-9, -9], [9, 9])
    slopes = np.array([[0.5, 0.0], [0.0, 1.0]])
    told = profiles(problem, np.zeros(2), residuals(np.zeros(2)), slopes)
    assert told.jumps["a"] == (True, True)
    ends = profile_interval(told.tables["a"], 1.0)
    assert 0.99 < ends[0] < 1 < ends[1] < 1.01
    by_slopes = (np.exp(-3.92), np.exp(3.92))
    assert stated_interval(1.0, by_slopes, ends, told.jumps["a"], True)[0] == by_slopes


def test_profile_and_slopes_that_differ_by_three_are_both_told_and_the_wider_counts():
    slopes, profile = (0.0, 2.0), (0.9, 1.2)
    assert stated_interval(1.0, slopes, profile) == ((0.0, 2.0), True)
    assert stated_interval(1.0, profile, slopes) == (slopes, True)
    near = (0.5, 1.5)
    assert stated_interval(1.0, slopes, near) == (near, False)
    assert stated_interval(1.0, slopes, (-np.inf, np.inf)) == ((-np.inf, np.inf), False)
    assert stated_interval(1.0, slopes, (1.0, 1.0))[0] == slopes  # never of no width
    assert stated_interval(1.0, slopes, None) == (slopes, False)


def test_few_data_make_wide_intervals():
    assert two_sided(np.inf) == 1.96
    assert two_sided(1) == pytest.approx(12.7, rel=0.01)
    assert two_sided(400) == pytest.approx(1.966, rel=0.001)


def test_a_product_is_named():
    problem = Known(lambda x: np.array([100 * (x[0] + x[1]), 50 * x[2]]), [-5] * 3, [5] * 3)
    x = np.zeros(3)
    (one,) = combinations(problem, x, problem.residuals(x), problem.slopes(x))
    assert set(one.shares) == {"a", "b"}
    assert "their product is known to 2 %" in one.sentence
    assert "each alone not at all" in one.sentence
    assert "the misfit rises by 0" in one.sentence


def test_a_ratio_and_a_power_are_named():
    def of(weights):
        problem = Known(lambda x: np.array([100 * (x @ weights), 0.0]), [-5] * 2, [5] * 2)
        x = np.zeros(2)
        (one,) = combinations(problem, x, problem.residuals(x), problem.slopes(x))
        return one.sentence

    assert "their ratio is known" in of([1.0, -1.0])
    assert "'b' times 'a' to the power 2.00 is known" in of([1.0, 0.5])


def test_loose_directions_are_as_plain_as_can_be():
    """Of three products that share no parameter each is told by itself."""
    A = np.array([[1.0, 1, 0, 0, 0, 0], [0, 0, 1, -2, 0, 0], [0, 0, 0, 0, 1, 0]]) * 100
    problem = Known(lambda x: A @ x, [-5] * 6, [5] * 6)
    x = np.zeros(6)
    told = combinations(problem, x, problem.residuals(x), problem.slopes(x))
    assert sorted(sorted(one.shares) for one in told) == [["a", "b"], ["c", "d"], ["f"]]
    turned = np.linalg.qr(np.random.default_rng(1).normal(size=(2, 2)))[0] @ np.eye(6)[[1, 4]]
    assert sorted(int(np.argmax(v)) for v in fewest(turned)) == [1, 4]


def test_directions_give_the_covariance():
    A = np.random.default_rng(2).normal(size=(30, 4))
    expected = np.linalg.inv(A.T @ A)
    assert Directions.of(A).covariance == pytest.approx(expected)
    weights = np.array([1.0, -2, 0, 1])
    assert Directions.of(A).deviation(weights) == pytest.approx(
        np.sqrt(weights @ expected @ weights)
    )


def correlated(share, count, seed=3):
    """Noise whose neighbours are alike by a share: an autoregression of first order."""
    random = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
    white = random.normal(size=count)
    smooth = np.zeros(count)
    for k in range(1, count):
        smooth[k] = share * smooth[k - 1] + white[k]
    return smooth


def test_neighbours_that_miss_alike_count_as_fewer():
    """White noise counts whole; AR(1) of 0.8 as (1 - 0.8) / (1 + 0.8) of its numbers."""
    white = [neighbours_alike([np.random.default_rng(k).normal(size=300)]) for k in range(100)]
    assert np.mean(np.array(white) == 1) > 0.95
    assert neighbours_alike([correlated(0.8, 4000)]) == pytest.approx(9, rel=0.3)
    assert neighbours_alike([np.sin(np.linspace(0, 12, 300))]) > 20
    halves = np.split(correlated(0.9, 4000), 2)
    assert neighbours_alike(halves) == pytest.approx(19, rel=0.4)
    assert neighbours_alike([np.zeros(40)]) == neighbours_alike([np.ones(3)]) == 1


def walking(random, count):
    return random.normal(size=count) + 2 * np.cumsum(random.normal(size=count)) / np.sqrt(count)


@pytest.mark.parametrize(
    ("noise", "least", "most"),
    [
        (lambda random, count: random.normal(size=count), 0.93, 1.0),
        (lambda random, count: correlated(0.95, count, random), 0.87, 1.0),
        (walking, 0.75, 1.0),  # its slowest part no fit can see
    ],
)
def test_intervals_of_straight_fits_hold_whatever_the_noise(noise, least, most):
    """Lines and decays through white noise, through noise with a memory, through drift."""
    random = np.random.default_rng(1)
    x = np.linspace(0, 1, 200)
    J = np.column_stack([np.ones(200), np.exp(-10 * x)])
    held = []
    for _ in range(30):
        error = noise(random, 200)
        found = np.linalg.lstsq(J, error, rcond=None)[0]
        left = error - J @ found
        deviation = np.sqrt(np.diag(np.linalg.inv(J.T @ J)) * (left @ left) / 198)
        held += list(np.abs(found) < 1.96 * deviation * np.sqrt(alike([left], [J])))
    assert least <= np.mean(held) <= most


def test_what_is_not_felt_at_all_is_unknown_without_a_warning():
    known = Directions.of(np.zeros((1, 2)))
    assert np.all(np.isfinite(known.covariance))
    assert np.all(known.deviations > 1e100)
    assert np.array_equal(correlation(known.covariance), np.eye(2))


def test_a_search_leaves_its_problem_as_it_was(cell):
    """Noise, meshes and steps it learns are of the problem it hands back; a second is the same."""
    frequency = np.logspace(3, 0, 6)
    flat = SpectrumData(frequency=frequency, impedance=np.full(6, 2e-3 - 1e-3j))
    problem = Problem.of(cell, [flat], free_parameters(cell, [FILM]))
    first, second = (descend(problem, problem.start) for _ in range(2))
    assert np.array_equal(first.x, second.x)
    assert np.array_equal(first.jacobian, second.jacobian)
    assert problem.factor[0] == 1
    assert problem.carry == {}
    assert problem.renewed_at is None
    assert first.problem.factor[0] != 1
    assert set(first.problem.carry) == {0}
