"""The lowest pressure that is enough: laws with a known answer, cells, draws."""

import json
import math

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError
from ssb_model.studies.question import CRITERIA, Question, criterion_of
from ssb_model.verbs.minimum_stack_pressure import _limits

A, D = "NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite"
ABOVE, SLOW = (0.7e6, 5e6), {"c_rate": 0.2}
RANGES = [
    "NCM811: Release pressure [Pa]",
    "NCM811: Contact exponent",
    "positive: Porosity",
]


def asked(law, **options):
    """The answer to a law of the pressure, and how often it was run."""
    ran = []

    def value(pressure):
        ran.append(pressure)
        return law(pressure)

    return ssb.minimum_stack_pressure(A, criterion=value, **options), len(ran)


@pytest.mark.parametrize("known", [0.15e6, 0.7e6, 1.234e6, 3.9e6, 4.8e6])
@pytest.mark.parametrize(
    "law",
    [
        lambda p, known: 1 - math.exp(math.log(1 - 0.95 * 0.9) * p / known),
        lambda p, known: (p / known) ** 0.3,
        lambda p, known: 1.0 if p >= known else 0.2,
    ],
)
def test_known_answers(law, known):
    """To 1 % in at most a dozen runs, steps included."""
    limit = law(known, known)
    result, runs = asked(lambda p: law(p, known), limit=limit * (1 - 1e-9), between=(1e5, 5e6))
    assert result.status == "found"
    assert result.minimum_stack_pressure == pytest.approx(known, rel=0.0101)
    assert runs <= 12


def test_share_of_the_reference():
    """Relative to what the cell's own 5 MPa gives; its run counts among the dozen."""
    result, runs = asked(lambda p: 150 * p / (p + 0.2e6))
    exact = 0.2e6 * (f := 0.95 * 5 / 5.2) / (1 - f)
    assert result.minimum_stack_pressure == pytest.approx(exact, rel=0.01)
    assert runs <= 12
    assert result.answer["Reference pressure [MPa]"] == 5


@pytest.mark.parametrize(
    ("law", "status", "pressure"),
    [
        (lambda p: 1.0, "already met at the lowest pressure tried", 1e5),
        (lambda p: 0.1, "not met even at the highest pressure tried", None),
        (lambda p: math.nan, "not met even at the highest pressure tried", None),
        (lambda p: 1 - abs(math.log(p / 1e6)) / 2, "met only between", 1e6 * math.exp(-1)),
        (lambda p: 1.0 if p < 2e5 or p > 3e6 else 0.0, "met only between", 1e5),
    ],
)
def test_special_cases_are_answers(law, status, pressure):
    result, _ = asked(law, limit=0.5, between=(1e5, 5e6))
    assert result.status == status
    if pressure is None:
        assert result.minimum_stack_pressure is None
        assert "not met from 0.1 to 5 MPa" in result.words
    else:
        assert result.minimum_stack_pressure == pytest.approx(pressure, rel=0.01)
    json.dumps(result.payload, allow_nan=False)


def test_window_has_both_ends():
    law = lambda p: 1 - abs(math.log(p / 1e6)) / 2  # noqa: E731
    (window,) = asked(law, limit=0.5, between=(1e5, 5e6))[0].nominal["windows"]
    assert window["lower"]["Pressure [MPa]"] == pytest.approx(math.exp(-1), rel=0.01)
    assert window["upper"]["Pressure [MPa]"] == pytest.approx(math.exp(1), rel=0.1)


def test_cell_beside_its_own_curve():
    """The answer lies where the curve of single discharges crosses."""
    result = ssb.minimum_stack_pressure(A, c_rate=0.1)
    minimum = result.minimum_stack_pressure
    pressures = [5e6, 0.97 * minimum, 1.03 * minimum]
    full, below, above = (
        ssb.discharge(A, 0.1, stack_pressure=p).row["Capacity [mA.h.g-1]"] for p in pressures
    )
    assert below < 0.95 * full < above
    assert result.answer["Interval [MPa]"] is None
    assert len(result.table) <= 12


def test_draws_are_seeded_and_kept(tmp_path):
    """The same call twice gives the same but for where the solver starts; a journal all of it."""
    how = {"c_rate": 0.3, "samples": 20, "ranges": RANGES[1:]}
    first = ssb.minimum_stack_pressure(A, **how, journal=tmp_path / "draws.sqlite")
    again = ssb.minimum_stack_pressure(A, **how)
    np.testing.assert_allclose(first.draws.minima, again.draws.minima, rtol=1e-6)
    kept = ssb.minimum_stack_pressure(A, **how, journal=tmp_path / "draws.sqlite")
    np.testing.assert_array_equal(kept.draws.minima, first.draws.minima)
    assert kept.answer["Interval [MPa]"] == first.answer["Interval [MPa]"]
    other = ssb.minimum_stack_pressure(A, **how, seed=1)
    assert other.answer["Interval [MPa]"] != first.answer["Interval [MPa]"]
    low, high = first.answer["Interval [MPa]"]
    assert low < first.answer["Median [MPa]"] < high
    with pytest.raises(InputError, match="another run"):
        ssb.minimum_stack_pressure(A, **how, seed=1, journal=tmp_path / "draws.sqlite")


@pytest.mark.parametrize("name", RANGES[:2])
def test_drivers_have_the_signs_of_physics(tmp_path, name):
    """Bonds that open at a higher pressure, contact that reopens more: more pressure is needed."""
    ranges = [name, "positive: Porosity"]
    result = ssb.minimum_stack_pressure(A, c_rate=0.1, samples=40, ranges=ranges)
    told = {row["parameter"]: row["rank_correlation"] for row in result.answer["drivers"]}
    assert told[name] > 0.3
    names = {path.name for path in result.save(tmp_path)}
    assert {"min_pressure.json", "min_pressure.draws.csv", "min_pressure.png"} <= names
    assert len(result.draws.table) == 40


@pytest.mark.parametrize(
    ("cell", "options", "better"),
    [
        (A, {"criterion": "energy", "c_rate": 0.3}, 1),
        (A, {"criterion": "capacity", "limit": 100, "c_rate": 0.3}, 1),
        (A, {"criterion": "capacity", "from_full": True}, 1),
        # below 0.5 MPa hardly anything is left to lose, and all of it is kept
        (A, {"criterion": "retention", "cycles": 3, "keep": 0.99, "between": ABOVE, **SLOW}, 1),
        (D, {"criterion": "plating margin", "limit": 40, "c_rate": 0.3}, 1),
        (A, {"criterion": "resistance", "limit": 300, "soc": 0.5}, -1),
    ],
)
def test_each_criterion(cell, options, better):
    """Every criterion finds its pressure, with what is asked on the right side of it."""
    result = ssb.minimum_stack_pressure(cell, **options)
    assert result.status == "found", result.words
    table = result.table
    met = table[table["Stack pressure [MPa]"] > result.nominal["Minimum stack pressure [MPa]"]]
    target = result.asked["target"]
    assert (better * met["value"] >= better * target - 1e-9 * abs(target)).all()
    assert result.plot() is not None


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({"criterion": "capasity"}, "Nearest: capacity"),
        ({"criterion": "resistance"}, "give a limit"),
        ({"criterion": "plating margin"}, "no margin against"),
        ({"criterion": "retention", "from_full": True}, "leave out from_full"),
        ({"keep": 1.5}, "below 1"),
        ({"between": (5e6, 1e6)}, "lower one first"),
        ({"between": (0.1, 5)}, "pressures are in Pa"),
        ({"reference_pressure": 5}, "pressures are in Pa"),
        ({"samples": -1}, "number of samples"),
        ({"samples": 1}, "at least 2"),
        ({"samples": 20, "ranges": ["NCM811: Release presure [Pa]"]}, "Nearest: NCM811: Release"),
        ({"journal": "x.sqlite"}, "nothing to keep"),
        ({"c_rate": 0}, "positive"),
        ({"samples": 20, "measured": "Capacity [mAh/g] at 1C = 155 +- 3"}, "at 0.1C, 5 MPa"),
        ({"samples": 20, "measured": ["Energy [mWh/cm2] at 0.1C = 1 +- 1"]}, "give Capacity"),
        ({"samples": 20, "measured": (170, 150)}, "between two limits"),
    ],
)
def test_refusals_name_the_cure(options, cure):
    with pytest.raises(InputError, match=cure):
        ssb.minimum_stack_pressure(A, **options)


def test_a_reading_is_two_standard_errors():
    """As every verb reads what was measured: two limits about it, in any unit of its kind."""
    asked = criterion_of("capacity", ssb.load_cell(A), 0.95, None)
    question = Question.of(asked, ssb.load_cell(A), None, None)
    told = _limits(["Capacity [Ah/kg] at 0.1C, 5 MPa = 155 +- 3"], question, 0.1)
    assert told == pytest.approx((149, 161))
    assert _limits((149, 161), question, 0.1) == (149, 161)


def test_dead_at_the_reference_is_never():
    """A cell that gives nothing at the reference meets no share of it."""
    result = ssb.minimum_stack_pressure(A, c_rate=20)
    assert result.status == "not met even at the highest pressure tried"
    assert result.minimum_stack_pressure is None
    assert result.plot() is not None


def test_all_criteria_are_tested():
    assert set(CRITERIA) == {"capacity", "energy", "retention", "plating margin", "resistance"}
