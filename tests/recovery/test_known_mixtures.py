"""What was done to a cell of the model is what ``diagnose`` finds."""

import numpy as np

from tests.known_mixtures import WANTED, attributed, from_files, from_numbers, known_cells, made

WHAT = {"contact": 0.5, "interphase": 0.2, "material": 0.1}


def test_known_mixtures_are_attributed():
    """Eight cells by the model's own resistances, with 3 % of noise; forty are in the script."""
    rng = np.random.default_rng(1)
    right = [
        attributed(from_numbers(known, rng).found[0].share, known.shares)
        for known in known_cells(8, seed=1, quick=True)
    ]
    assert np.mean(right) > 0.8
    assert np.sum(np.array(right) >= WANTED) >= 7


def test_what_was_done_is_what_the_gauges_read():
    known = made(WHAT, by_pressure=False, exponent=1.0, quick=True)
    for part, value in WHAT.items():
        assert np.isclose(known.true[part], value, atol=0.02), part


def test_a_mixture_is_attributed_from_files(tmp_path):
    known = made(WHAT, by_pressure=True, exponent=0.9, quick=False)
    result = from_files(known, tmp_path, np.random.default_rng(2))
    assert attributed(result.found[0].share, known.shares) >= WANTED
    assert all("arc 2 of 2" in note for note in result.notes)
