"""What ``python -m tests.coverage_of_bands`` counts, without running a cell."""

import numpy as np

import ssb_model as ssb
from tests.coverage_of_bands import CELL, Kept, truths


def test_a_truth_is_held_within_its_band_and_bands_may_be_narrower():
    kept = Kept(truth=120.0, told=(110.0, 130.0), untold=(80.0, 160.0))
    assert kept.held
    assert kept.narrower == 0.25
    assert not Kept(109.0, kept.told, kept.untold).held


def test_truths_are_draws_of_the_cell_each_by_itself():
    cell = ssb.load_cell(CELL)
    name = "Positive electrode film resistance [Ohm.m2]"
    found = [[one.evaluate(name) for one in truths(cell, 3)] for _ in range(2)]
    assert found[0] == found[1]
    assert len(np.unique(found[0])) == 3
