"""Bands of draws: seeded, counted, told in table, figure and files; weighed by a measurement."""

import json

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.analysis.draws import effective_number, systematic, weighted_quantiles
from ssb_model.cli import main
from ssb_model.engine.outcome import charge_at
from ssb_model.errors import InputError
from ssb_model.quantities.registry import band_of
from ssb_model.studies import bands as of_bands
from ssb_model.studies import conditioning
from ssb_model.studies.bands import Bands, Course, Outcome, Told
from ssb_model.studies.conditioning import Condition
from ssb_model.studies.runs import Settings
from ssb_model.system.progress import Bar

A = "NCM811_LPSCl_Si"
CAPACITY = "Capacity [mA.h.g-1]"
AREAL = "Capacity [mA.h.cm-2]"
LOW, MEDIAN, HIGH = band_of(CAPACITY)
FEW = {"samples": 20, "c_rates": [0.5, 1.0]}


@pytest.fixture(scope="module")
def rates():
    return ssb.rate_test(ssb.load_cell(A).on_mesh("draft"), **FEW)


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(A).on_mesh("draft")


@pytest.fixture(scope="module")
def free(cell):
    return ssb.discharge(cell, 1.0, from_full=True, samples=20)


def of_new_draws(values):
    return np.quantile(values, [0.05, 0.5, 0.95], method="weibull")


def test_weighted_quantiles_of_equal_weights_are_those_of_new_draws():
    values = np.random.default_rng(0).normal(size=37)
    assert weighted_quantiles(values) == pytest.approx(of_new_draws(values))
    twice = weighted_quantiles(values, np.where(values > 0, 2.0, 0.0))
    assert twice == pytest.approx(of_new_draws(values[values > 0]))
    assert effective_number([3, 3, 0, 3]) == pytest.approx(3)
    assert systematic([1, 2, 0, 1], 8).tolist() == [2, 4, 0, 2]


@pytest.mark.parametrize("weighted", [False, True])
def test_the_next_draw_lies_in_the_band_nine_times_in_ten_however_few_there_are(weighted):
    """Of 32 equal draws, and of 64 that count as fewer."""
    rng, held = np.random.default_rng(1), []
    for _ in range(4000):
        values = rng.normal(size=64 if weighted else 32)
        weights = rng.integers(1, 5, size=64) if weighted else None
        low, _, high = weighted_quantiles(values, weights)
        held.append(low <= rng.normal() <= high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.015)


def test_every_number_has_its_band(rates):
    """The quantiles are those of the draws' own rows, and lie in order."""
    table = rates.bands.table
    for number, row in enumerate(rates.rows):
        own = table[table["Run"] == number + 1]
        sound = [of_bands.sound(each) for each in own.to_dict("records")]
        expected = of_new_draws(own[CAPACITY][sound])
        assert [row[LOW], row[MEDIAN], row[HIGH]] == pytest.approx(expected)
        assert row["Energy low [mW.h.cm-2]"] <= row["Energy high [mW.h.cm-2]"]
    assert set(rates.bands.drawn) <= set(table.columns)
    assert len(table) == 2 * 20


def test_the_same_seed_gives_the_same_numbers(cell, free):
    again = ssb.discharge(cell, 1.0, from_full=True, samples=20)
    assert again.bands.drawn == free.bands.drawn
    assert again.rows[0][HIGH] == pytest.approx(free.rows[0][HIGH], rel=1e-5)
    alone = ssb.discharge(cell, 1.0, from_full=True)
    assert alone.rows[0][CAPACITY] == free.rows[0][CAPACITY]
    assert HIGH not in alone.rows[0]


def test_the_curves_end_where_the_table_says(rates):
    """The band of charge passed at the lower cut-off is that of the capacity."""
    for number, row in enumerate(rates.rows):
        low, median, high = rates.bands.curve(number, row)
        assert [low[0], median[0], high[0]] == pytest.approx(
            [row[LOW], row[MEDIAN], row[HIGH]], rel=1e-3, abs=1e-3
        )
        assert np.all(np.diff(median) <= 1e-9)
    text = str(rates)
    assert "20 draws" in text
    assert f"{rates.rows[0][MEDIAN]:.4g} [" in text


def test_charge_at_a_voltage():
    import xarray as xr

    passed, voltage = np.linspace(0, 2, 21), np.linspace(4, 3, 21)
    data = xr.Dataset(
        {"Voltage [V]": ("point", voltage), "Capacity [mA.h.cm-2]": ("point", passed)}
    )
    assert charge_at(np.array([2.5, 3.5, 4.2]), data, True) == pytest.approx([2, 1, 0])
    up = data.assign({"Voltage [V]": ("point", voltage[::-1])})
    assert charge_at(np.array([2.5, 3.5, 4.2]), up, False) == pytest.approx([0, 1, 2])


def test_what_fails_or_is_refused_is_counted_and_in_no_band():
    row = {CAPACITY: 100.0, "Stopped by": "lower voltage cut-off"}
    good = [Outcome([Told({**row, CAPACITY: 100.0 + k})]) for k in range(21)]
    wrong = Outcome([Told({**row, CAPACITY: 900.0, "Stopped by": "solver failed"})])
    strange = Outcome([Told({**row, CAPACITY: 900.0, "Detail": "not to be trusted, as ..."})])
    refused = Outcome([], "refused: porosity above 1")
    outcomes = [wrong, refused, *good, strange]
    drawn = {"positive: Porosity": [0.1] * 24}
    bands = Bands(drawn, outcomes, [1.0] * 24, 0, Course(lambda cell: None))
    assert bands.of_row(0, row)[MEDIAN] == 110
    assert bands.of_row(0, row)[HIGH] == pytest.approx(119.9)  # the 20.9th of 21
    assert bands.counts["whole"] == 21
    assert "1 refused, 2 failed or not to be trusted" in bands.words[0]


def test_few_draws_that_count_are_said():
    row = {CAPACITY: 100.0, "Stopped by": "lower voltage cut-off"}
    outcomes = [Outcome([Told(row)])] * 30
    course = Course(lambda cell: None)
    some = Bands({"a": [0.0] * 30}, outcomes, [1.0] * 10 + [0.0] * 20, 0, course)
    assert "they count as 10: the ends of the band are rough" in some.words[-1]
    none = Bands({"a": [0.0] * 30}, outcomes, [1.0] * 3 + [0.0] * 27, 0, course)
    assert none.of_row(0, row)[MEDIAN] is None
    assert "no band" in none.words[-1]


def test_stopped_by_hand_keeps_what_is_done(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(of_bands, "GROUP", 6)
    calls, advance = [], Bar.advance

    def interrupted(self, count=1):
        advance(self, count)
        calls.append(count)
        if calls.count(6) == 1 and count == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(Bar, "advance", interrupted)
    command = ["discharge", A, "--c-rate", "2", "--from-full", "--samples", "20"]
    assert main([*command, "--out", str(tmp_path)]) == 130
    out, _ = capsys.readouterr()
    assert "14 not run, stopped by hand" in out
    saved = json.loads((tmp_path / "discharge.json").read_text())
    assert len(saved["draws of the cell"]["draws"]) == 6
    assert saved["stopped"] == "stopped by hand"
    head = (tmp_path / "discharge.draws.csv").read_text().splitlines()[0]
    assert "Capacity [mA.h.g-1]" in head
    assert "NCM811: Reference diffusivity [m2.s-1]" in head


@pytest.mark.parametrize(
    ("text", "column", "value", "error", "rate", "pressure"),
    [
        ("Capacity [mAh/g] at 0.1C = 155 +- 3", CAPACITY, 155, 3, 0.1, 5e6),
        (
            "Capacity [mA.h.cm-2] at C/10, 30 MPa = 3.1 ± 0.1",
            "Capacity [mA.h.cm-2]",
            3.1,
            0.1,
            0.1,
            3e7,
        ),
        ("Mean voltage [mV] at 1C=3400 +/- 20", "Mean voltage [V]", 3.4, 0.02, 1.0, 5e6),
        ("Resistance [Ohm.m2] at 0.5 = 1e-3 +- 1e-4", "Resistance [Ohm.cm2]", 10, 1, 0.5, 5e6),
    ],
)
def test_a_measurement_as_it_is_typed(text, column, value, error, rate, pressure):
    read = Condition.read(text, (5e6, 303.15), Settings())
    assert (read.column, read.c_rate, read.stack_pressure) == (column, rate, pressure)
    assert (read.value, read.error) == pytest.approx((value, error))


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("155", "write it as"),
        ("Capacity [mAh/g] at 0.1C = 155", "write it as"),
        ("Capacity [mAh/g] at 0.1C = 155 +- 0", "above zero"),
        ("Stack pressure [MPa] at 0.1C = 5 +- 1", "measured by"),
        ("Capacity [V] at 0.1C = 5 +- 1", "measured by"),
    ],
)
def test_a_measurement_that_is_none_is_refused(text, cure):
    with pytest.raises(InputError, match=cure):
        ssb.discharge(A, 0.1, samples=20, measured=text)


def test_a_measurement_without_draws_is_refused():
    with pytest.raises(InputError, match="give a number of samples"):
        ssb.discharge(A, 0.1, measured="Capacity [mAh/g] at 0.1C = 155 +- 3")
    with pytest.raises(InputError, match="take 20 or more"):
        ssb.discharge(A, 0.1, samples=5)


def test_a_measurement_narrows_the_band_around_it(cell, free, monkeypatch):
    monkeypatch.setattr(conditioning, "ENOUGH", 0.2)  # of these few candidates
    (row,) = free.rows
    reading = f"Capacity [mAh/g] at 1C = {row[CAPACITY]:.1f} +- 30"
    (told,) = ssb.discharge(cell, 1.0, from_full=True, samples=20, measured=reading).rows
    assert told[HIGH] - told[LOW] < 0.75 * (row[HIGH] - row[LOW])
    assert told[LOW] < row[CAPACITY] < told[HIGH]


def test_a_measurement_that_no_draw_gives_is_refused_with_what_they_give():
    read = Condition.read("Capacity [mAh/g] at 0.1C = 190 +- 2", (5e6, 303.15), Settings())
    conditioning._check_near([[185.0], [np.nan], [120.0]], [read])
    with pytest.raises(InputError, match=r"none of 3 draws .* they give 120 to 150"):
        conditioning._check_near([[150.0], [np.nan], [120.0]], [read])


@pytest.mark.parametrize(
    ("verb", "settings", "column"),
    [
        ("limits", {"c_rates": 1.0, "from_full": True}, "Mean separator loss [mV]"),
        ("cycle", {"count": 1, "c_rate": 1.0, "cv_until": None}, "Discharge capacity [mA.h.g-1]"),
        (
            "pressure_steps",
            {"steps": [5e6, 2e6], "discharge_rate": 1.0},
            "Positive electrode interface resistance [Ohm.cm2]",
        ),
        (
            "gitt",
            {"c_rate": 0.5, "pulse": 1800.0, "rest": 1800.0, "t1": 1e-3, "t2": 10.0},
            "R_total [Ohm.cm2]",
        ),
        ("impedance", {"frequencies": [1e5, 1e3, 10.0]}, "Z_re [Ohm.cm2]"),
    ],
)
def test_every_verb_has_bands(cell, verb, settings, column, monkeypatch):
    """Of few draws here: rows as without draws, and beside their numbers those of the draws."""
    monkeypatch.setattr(of_bands, "LEAST", 3)
    monkeypatch.setattr(of_bands, "FEWEST", 2)
    result = getattr(ssb, verb)(cell, samples=3, **settings)
    row, low, high = result.rows[0], *(band_of(column)[k] for k in (0, 2))
    own = [told.told[0].row[column] for told in result.bands.outcomes if told.told]
    assert len(own) >= 2
    assert min(own) <= row[low] < row[high] <= max(own)
    assert "Draws" in str(result)
    assert result.whole_payload["draws of the cell"]["run"] == 3
