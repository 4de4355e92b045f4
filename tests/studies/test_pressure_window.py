"""The window of stack pressure: two ends for lithium, one for all else."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError
from ssb_model.verbs.pressure_window import CREEP, JOB, PLATING, VOIDS, End, window_words


@pytest.fixture(scope="module")
def lithium():
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    return ssb.pressure_window(cell, [0.1, 1.0], between=(2e6, 30e6))


def test_lithium_has_two_ends(lithium, tmp_path):
    slow, fast = lithium.rows
    for row in (slow, fast):
        for name in (VOIDS, CREEP):
            low, high = (row[f"{name} {end} [MPa]"] for end in ("low", "high"))
            assert low < row[f"{name} [MPa]"] < high
    assert fast[f"{VOIDS} [MPa]"] > 5 * slow[f"{VOIDS} [MPa]"]
    assert fast[f"{CREEP} [MPa]"] == slow[f"{CREEP} [MPa]"]  # creep knows no current
    assert slow["Window"].endswith("(for the job; creep)")
    assert fast["Window"].startswith("none: ")
    at = 1e6 * slow[f"{CREEP} [MPa]"]
    assert lithium.hours_to_short(at) == pytest.approx(lithium.asked["Hours"])
    assert "MPa" in str(lithium)
    names = {path.name for path in lithium.save(tmp_path)}
    assert {"pressure_window.csv", "pressure_window.creep.csv", "pressure_window.png"} <= names


def test_the_job_is_that_of_min_pressure(lithium):
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    least = ssb.minimum_stack_pressure(cell, 0.1, between=(2e6, 30e6))
    found = 1e6 * lithium.rows[0][f"{JOB} [MPa]"]
    assert found == pytest.approx(least.minimum_stack_pressure)


def test_a_cell_without_lithium_has_one_end():
    result = ssb.pressure_window("NCM523_LPSCl_InLi", 0.1, between=(100e6, 200e6))
    assert f"{CREEP} [MPa]" not in result.rows[0]
    assert result.hours_to_short(500e6) == np.inf
    assert "a lower end only" in str(result)
    assert result.rows[0]["Window"].startswith("from at or below 100 MPa on")


def test_words_of_windows():
    assert window_words({JOB: End(2.0), PLATING: End(5.0)}) == "from 5 MPa on (against plating)"
    assert window_words({JOB: End(None)}).startswith("none: the job is not done")
    closed = {JOB: End(2.0), VOIDS: End(1.0), CREEP: End(np.inf)}
    assert window_words(closed).endswith("pores are closed to lithium")


def test_what_cannot_be_asked():
    with pytest.raises(InputError, match="hours"):
        ssb.pressure_window("NCM811_LPSCl_Li", hours=0)
    with pytest.raises(InputError, match="C-rate"):
        ssb.pressure_window("NCM811_LPSCl_Li", -1)
