"""Readings of a load cell as data: the frame that held a cell is found by them."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError
from ssb_model.fitting.data.reading import data_set
from ssb_model.verbs.samples import folder

FRAME = "Frame stiffness [Pa.m-1]"


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(folder() / "cell.toml")


@pytest.fixture(scope="module")
def readings():
    return data_set({"file": "pressure.bdf.csv", "compare": "pressure"}, folder())


def test_a_frame_is_as_stiff_as_its_load_cell_says(cell, readings):
    """The sample record was made with the cell's own frame, noise 5 kPa."""
    rigid = cell.with_options({"stack": "rigid"})
    truth = rigid.parameter_values[FRAME]
    vary = {FRAME: {"low": truth / 30, "high": truth * 30, "start": 3 * truth}}
    found = ssb.fit(rigid, readings, vary, profile=False, suggest=False)
    (stiffness,) = found.estimates
    assert stiffness.value == pytest.approx(truth, rel=0.05)
    (one,) = found.sets
    assert one.misfit[0].endswith("kPa")
    assert float(one.misfit[0].split()[0]) < 5.5
    table = one.table
    assert np.ptp(table["Stack pressure [MPa]"]) > 0.8
    assert found.plot() is not None


def test_it_is_set_to_what_was_read_before_current_flowed(readings):
    assert readings.kind == "stack pressure"
    assert readings.current[:6].tolist() == [0.0] * 6
    assert readings.stack_pressure == pytest.approx(50e6, abs=5e3)
    assert readings.stack_pressure != readings.pressure[0]


def test_mistakes_name_the_cure(cell, readings):
    with pytest.raises(InputError, match="--stack spring"):
        ssb.fit(cell, readings, [FRAME])
    with pytest.raises(InputError, match="no column of the stack pressure"):
        data_set({"file": "rate_test_neware.csv", "compare": "pressure"}, folder())
    with pytest.raises(InputError, match="no kind of data 'colour'"):
        data_set({"file": "pressure.bdf.csv", "compare": "colour"}, folder())
