"""Readings, tolerances and verdicts: what makes a row of the report hold."""

import numpy as np
import pandas as pd
import pytest

from ssb_model.errors import InputError, SolveError
from ssb_model.validation.reading import Reading
from ssb_model.validation.target import Target, Tolerance, error_words

RATES = pd.DataFrame(
    {
        "C-rate": [0.1, 1.0, 0.1, 1.0],
        "Stack pressure [MPa]": [5.0, 5.0, 2.0, 2.0],
        "Capacity [mA.h.g-1]": [160.0, 30.0, 155.0, 10.0],
    }
)
COARSE = pd.DataFrame({"State of charge": [0.0, 0.2, 0.5, 1.0], "R": [40.0, 20.0, 10.0, 12.0]})
FINE = pd.DataFrame({"State of charge": [0.0, 0.2, 0.5, 1.0], "R": [30.0, 18.0, 14.0, 15.0]})
TABLES = {"rates": RATES, "coarse": COARSE, "fine": FINE}
CASE = {"source": "Chen2024", "scatter": "10 %"}


def read(**given):
    return Reading.read(given, "here").value(TABLES)


def target(**given):
    known = {"name": "x", "use": "check", "kind": "number", "unit": "mAh/g", "tolerance": "10 %"}
    return Target.read(known | given, CASE, "case.toml")


AT_5 = {
    "run": "rates",
    "column": "Capacity [mA.h.g-1]",
    "where": {"C-rate": 1, "Stack pressure [MPa]": 5},
}
AT_2 = {
    "run": "rates",
    "column": "Capacity [mA.h.g-1]",
    "where": {"C-rate": 1, "Stack pressure [MPa]": 2},
}


@pytest.mark.parametrize(
    ("text", "model", "holds"),
    [
        ("10 mAh/g", 39.9, True),
        ("10 mAh/g", 40.1, False),
        ("10 %", 33.0, True),
        ("10 %", 33.1, False),
        ("factor 2", 59.9, True),
        ("factor 2", 15.1, True),
        ("factor 2", 14.9, False),
        ("factor 2", -30.0, False),
    ],
)
def test_tolerances(text, model, holds):
    assert Tolerance.read(text, "mAh/g", "here").holds(model, 30.0) is holds


def test_points_of_a_percentage():
    assert Tolerance.read("15 points", "%", "here").holds(36, 50)
    assert not Tolerance.read("15 %", "%", "here").holds(36, 50)


@pytest.mark.parametrize("text", ["10", "ten %", "10 mV", "factor 0.5", "factor 2 mAh/g", 10])
def test_a_tolerance_that_cannot_be_is_refused(text):
    with pytest.raises(InputError, match='write "35 %"'):
        Tolerance.read(text, "mAh/g", "here")


def test_errors_are_told_as_the_tolerance_is():
    words = [
        error_words(36, 30, Tolerance.read(text, "V", "here"), "V")
        for text in ("10 V", "10 %", "factor 2")
    ]
    assert words == ["+6 V", "+20 %", "× 1.2"]


def test_readings():
    assert read(**AT_5) == 30
    assert read(run="rates", column="Capacity [mA.h.g-1]", pick="first") == 160
    assert read(run="rates", column="Capacity [mA.h.g-1]", pick="least") == 10
    assert read(run="coarse", column="R", along="State of charge", at=0.35) == pytest.approx(15)
    assert read(run="coarse", column="R", pick="along at least", along="State of charge") == 0.5
    crossing = read(
        run="coarse",
        column="R",
        pick="along at first crossing",
        along="State of charge",
        other="fine",
    )
    assert crossing == pytest.approx(0.2 + 0.3 * 2 / 6)  # the gap goes from 2 to -4


def test_another_unit_than_the_columns_is_refused():
    with pytest.raises(InputError, match="is in mAh/g, not in 'mAh/cm2'"):
        target(value=30, unit="mAh/cm2", model=AT_5)


def test_a_mistake_in_a_reading_names_the_target():
    wrong = AT_5 | {"column": "capacity_mAh"}
    with pytest.raises(InputError, match="case.toml, target 'x': no column 'capacity_mAh'"):
        target(value=30, model=wrong).judged(TABLES)


def test_a_gap_that_is_not_known_is_left_out():
    holed = {"coarse": COARSE.assign(R=[40.0, np.nan, 10.0, 12.0])}
    reading = Reading("coarse", "R", pick="along at least", along="State of charge")
    assert reading.value(holed) == 0.5
    assert Reading("coarse", "R", along="State of charge", at=0.2).value(holed) == pytest.approx(28)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"run": "rates", "column": "capacity"}, InputError, "no column 'capacity'"),
        ({"run": "rates", "column": "Capacity [mA.h.g-1]"}, InputError, "4 rows are left"),
        (AT_5 | {"where": {"C-rate": 3}}, SolveError, "no row of that C-rate, only 0.1, 1"),
        ({"run": "coarse", "column": "R", "along": "soc", "at": 2}, SolveError, "only from 0 to 1"),
        ({"run": "rates", "column": "c_rate", "pick": "best"}, InputError, "pick is one of"),
        ({"run": "rates", "columm": "c_rate"}, InputError, "write { run"),
    ],
)
def test_a_reading_that_has_no_number_says_why(given, error, words):
    with pytest.raises(error, match=words):
        Reading.read(given, "here").value(TABLES)


def test_number_ratio_and_difference():
    held = target(value=31, model=AT_5).judged(TABLES)
    assert (held["verdict"], held["model"], held["error"]) == ("holds", 30.0, "-3.23 %")
    assert held["within_scatter"]
    missed = target(value=40, model=AT_5).judged(TABLES)
    assert (missed["verdict"], missed["within_scatter"]) == ("misses", False)
    ratio = target(kind="ratio", value=3, unit="", model=AT_5, over=AT_2)
    assert ratio.judged(TABLES)["model"] == 3
    less = target(kind="difference", value=18, tolerance="3 mAh/g", model=AT_5, less=AT_2)
    assert less.judged(TABLES)["verdict"] == "holds"


@pytest.mark.parametrize(
    ("value", "tolerance", "verdict"),
    [("above", None, "holds"), ("below", None, "misses"), ("equal", "10 %", "misses")],
)
def test_orderings(value, tolerance, verdict):
    given = {"kind": "ordering", "value": value, "model": AT_5, "than": AT_2}
    given["tolerance"] = tolerance or "1 %"
    assert target(**given).judged(TABLES)["verdict"] == verdict


def test_an_order_that_cannot_be_told_does_not_hold():
    near = target(kind="ordering", value="above", tolerance="500 %", model=AT_5, than=AT_2)
    row = near.judged(TABLES)
    assert (row["verdict"], row["model"][:5]) == ("misses", "equal")


def test_an_order_is_told_apart_only_beyond_three_per_cent():
    tables = TABLES | {"rates": RATES.assign(**{"Capacity [mA.h.g-1]": [1.0, 102.0, 1.0, 100.0]})}
    order = {"kind": "ordering", "value": "above", "model": AT_5, "than": AT_2}
    given = {"name": "x", "use": "check", "unit": "mAh/g"} | order
    assert Target.read(given, CASE, "here").judged(tables)["verdict"] == "misses"


@pytest.mark.parametrize(("bound", "value", "verdict"), [
    ("at least", 20, "holds"), ("at least", 40, "misses"), ("at most", 40, "holds"),
    ("at most", 20, "misses"), ("at most", 29, "holds"),
])  # fmt: skip
def test_bounds_hold_on_one_side(bound, value, verdict):
    row = target(bound=bound, value=value, tolerance="5 %", model=AT_5).judged(TABLES)
    assert (row["verdict"], row["measured"]) == (verdict, f"{bound} {value}")


def test_scatter_that_does_not_fit_is_left_out():
    row = target(value=30, scatter="none", model=AT_5).judged(TABLES)
    assert (row["scatter"], row["within_scatter"]) == ("", None)


def test_what_gave_nothing_and_what_is_not_modelled_never_hold():
    gone = target(value=30, model=AT_5 | {"where": {"C-rate": 9}}).judged(TABLES)
    assert gone["verdict"] == "no answer"
    assert "no row of that C-rate" in gone["error"]
    assert target(value=1, cause="not modelled").judged(TABLES)["verdict"] == "no counterpart"
    reported = target(use="report", value=40, model=AT_5).judged(TABLES)
    assert reported["verdict"] == "reported"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"use": "fitted"}, "use is one of fit, check, report"),
        ({"kind": "quantity"}, "kind is one of"),
        ({"value": "much"}, "the value of an ordering"),
        ({"kind": "ratio"}, "needs 'over'"),
        ({"tolerence": "5 %"}, "unknown key 'tolerence'. Nearest: tolerance"),
        ({"model": None}, "write { run"),
    ],
)
def test_a_target_that_cannot_be_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        target(**({"value": 30, "model": AT_5} | given))
