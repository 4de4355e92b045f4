"""The text of a fit, on made-up estimates and data sets."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ssb_model.fitting.estimates import Estimate, FittedSet
from ssb_model.verbs.fit_result import FitResult

HELD = {"Stack pressure [MPa]": 5.0, "Temperature [degC]": 30.0}
FILM = Estimate(
    label="Positive electrode film resistance [Ohm.m2]",
    unit="Ohm.m2",
    value=2e-3,
    start=1e-3,
    low=1e-5,
    high=1e-1,
    logarithmic=True,
    standard_error=0.1,
    interval=(1.6e-3, 2.4e-3),
    profile_interval=(1.5e-3, 2.6e-3),
)


@pytest.fixture(autouse=True)
def _a_cell_within_what_was_validated(monkeypatch):
    """These results hold the names of cells alone."""
    monkeypatch.setattr(FitResult, "beyond", [])


def sets():
    volts = pd.DataFrame({"Voltage [V]": [4.0, 3.9, 3.0], "Model [V]": [4.003, 3.896, np.nan]})
    volts = volts.assign(**{"Sigma [V]": 1e-3}, compared=[True, True, False])
    mAh = pd.DataFrame(
        {"C-rate": [0.1], "Capacity [mA.h.g-1]": [150.0], "Model [mA.h.g-1]": [147.0]}
    )
    ohms = pd.DataFrame({"Z_re [Ohm.cm2]": [30.0], "Z_im [Ohm.cm2]": [-40.0]})
    ohms = ohms.assign(
        **{"Model Z_re [Ohm.cm2]": 33.0},
        **{"Model Z_im [Ohm.cm2]": -36.0},
        **{"Sigma [Ohm.cm2]": 0.5},
    )
    gitt = pd.DataFrame({"State of charge": [0.2, 0.8]})
    for name, measured in (("R1", [10.0, 20.0]), ("R2", [np.nan, 40.0]), ("R3", [np.nan] * 2)):
        gitt[f"{name} [Ohm.cm2]"] = measured
        gitt[f"Model {name} [Ohm.cm2]"] = 1.1 * gitt[f"{name} [Ohm.cm2]"]
        gitt[f"Sigma {name} [Ohm.cm2]"] = 0.05 * gitt[f"{name} [Ohm.cm2]"]
    one = pd.DataFrame({"name": ["C"], "unit": ["uF"], "value": [300.0], "model": [330.0]})
    return [
        FittedSet("rates.csv", "voltage", HELD, volts),
        FittedSet(
            "capacities",
            "capacity",
            HELD,
            mAh.assign(**{"Sigma [mA.h.g-1]": 1.5}),
            0.5,
            "estimated",
        ),
        FittedSet("eis.csv", "spectrum", HELD | {"State of charge": 0.5}, ohms),
        FittedSet("titration", "gitt", HELD, gitt),
        FittedSet("gauge", "number", HELD, one.assign(sigma=15.0)),
    ]


def result(**more):
    parts = {
        "estimates": [FILM],
        "sets": sets(),
        "correlation": np.eye(1),
        "profiles": {},
        "combinations": [],
        "suggestions": [],
        "notes": [],
        "chi2": 22.0,
        "points": 12,
        "log_likelihood": 50.0,
        "parameters": 2,
        "given": SimpleNamespace(title="NCM811 and LPSCl"),
        "cells": {"": SimpleNamespace(name="A", title="NCM811 and LPSCl, fitted")},
        "changes": {},
    }
    return FitResult(**(parts | more))


def row(text, begins):
    (line,) = [line for line in text.splitlines() if line.startswith(begins)]
    return [part.strip() for part in line.split("  ") if part.strip()]


def test_misfit_and_what_fits_are_compared_by():
    text = str(result())
    assert text.splitlines()[0] == "NCM811 and LPSCl"
    assert "Misfit     22 over 12 points, reduced 2\n" in text
    assert f"AIC -96, BIC {2 * math.log(12) - 100:.5g}" in text
    assert "reduced" not in str(result(points=1))


def test_a_parameter_in_the_units_people_use():
    bound = replace(FILM, remark="at its upper bound")
    name, *numbers = row(str(result(estimates=[bound])), "Positive film")
    assert name == "Positive film resistance [Ohm cm2]"
    assert numbers == ["20", "15 to 26", "10", "at its upper bound"]


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((1.5e-3, math.inf), "15 to open"),
        ((-math.inf, 2.6e-3), "open to 26"),
        ((math.nan, 2.6e-3), "open to 26"),
        ((-math.inf, math.inf), "open"),
        (None, "about 16 to 24"),
    ],
)
def test_intervals(ends, words):
    text = str(result(estimates=[replace(FILM, profile_interval=ends)]))
    assert row(text, "Positive film")[2] == words
    assert ("by the standard error" in text) == (ends is None)


def test_names_of_a_sample_a_share_and_a_unit_nobody_writes_otherwise():
    own = replace(FILM, label=f"{FILM.label} (cell 1)")
    share = replace(FILM, label="positive: Porosity", unit="1")
    odd = replace(FILM, label="Negative particle thing [K2]", unit="K2", profile_interval=None)
    text = str(result(estimates=[own, share, odd]))
    assert row(text, "Positive film")[:2] == [
        "Positive film resistance (cell 1) [Ohm cm2]",
        "20",
    ]
    assert row(text, "positive: Porosity")[1:3] == ["0.002", "0.0015 to 0.0026"]
    assert row(text, "Negative thing [K2]")[1:3] == ["0.002", "about 0.0016 to 0.0024"]


def test_what_each_data_set_misses_by():
    text = str(result())
    held = "5 MPa, 30 °C"
    rms = math.sqrt((3**2 + 4**2) / 2)
    assert row(text, "rates.csv") == [
        *("rates.csv", "2", f"{rms:.3g} mV", f"{rms:.3g} (given)", "1", held)
    ]
    expected = ["1", "3 mAh/g", "2 (estimated)", "0.5", held]
    assert row(text, "capacities")[1:] == expected
    over = 5 / 0.5 / math.sqrt(2)
    expected = ["1", "10 % of |Z|", f"{over:.3g} (given)", "1", f"{held}, SOC 0.5"]
    assert row(text, "eis.csv")[1:] == expected
    assert row(text, "titration")[1:4] == ["3", "10 % of each", "2 (given)"]
    assert row(text, "gauge")[1:4] == ["1", "10 %", "2 (given)"]


def test_sentences_are_folded_under_their_headings():
    text = str(result(combinations=["These data " * 30], notes=["mind the gap"]))
    assert "\n\nNot told apart:\n  These data" in text
    assert "\n\nNotes:\n  mind the gap" in text
    assert "What would tell more" not in text
    after = text.partition("Not told apart:")[2]
    assert max(map(len, after.splitlines())) <= 100
    assert after.count("These data") + after.count("These\n") == 30


def test_the_five_best_suggestions():
    told = [{"told": f"test {k}.", "times_better": 9 - k, "experiment": ""} for k in range(7)]
    text = str(result(suggestions=told))
    assert "What would tell more:\n  test 0." in text
    assert "test 4." in text
    assert "test 5." not in text
    useless = [{"told": "test.", "times_better": 1.0, "experiment": ""}]
    assert str(result(suggestions=useless)).endswith("  Nothing that was tried would help.")


def test_stopped():
    assert "\nStopped    stopped by hand\n" in str(result(stopped="stopped by hand"))
