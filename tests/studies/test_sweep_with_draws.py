"""Draws of a cell at every point of a sweep are those of its other verbs."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.quantities.registry import band_of

CELL = "NCM811_LPSCl_Si"
NAME = "Capacity [mA.h.g-1]"


@pytest.fixture(scope="module")
def swept():
    over = {"stack_pressure": [2e6, 10e6]}
    return ssb.sweep(CELL, over, "from full", c_rate=0.5, draws=20, seed=3)


def test_a_point_has_the_band_of_a_discharge(swept):
    cell = ssb.load_cell(CELL).with_options({"mesh": "draft"})
    alone = ssb.discharge(cell, 0.5, 10e6, from_full=True, samples=20, seed=3).rows[0]
    for name in band_of(NAME):
        assert swept.rows[1][name] == pytest.approx(alone[name], rel=1e-4)
    assert swept.rows[1][NAME] == pytest.approx(alone[NAME], rel=1e-5)
    assert "20 at each point" in swept.text


def test_the_same_draws_stand_at_every_point(swept):
    """More pressure leaves no draw with less: quantiles rise all three."""
    low, high = ([row[name] for name in band_of(NAME)] for row in swept.rows)
    assert np.all(np.diff([low, high], axis=0) > 0)
    (axes,) = swept.plot().axes
    assert axes.get_ylim()[1] >= high[2]  # the band is within the figure


def test_what_draws_cannot_go_with_is_said(capsys):
    over = {"stack_pressure": [2e6, 10e6]}
    with pytest.raises(InputError, match="leave out the samples"):
        ssb.sweep(CELL, over, samples=4, draws=20)
    assert main(["sweep", CELL, "--over", "pressure=2,10", "--draws", "3"]) == 2
    assert "take 20 or more" in capsys.readouterr().err
