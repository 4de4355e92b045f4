"""Every option of PyBaMM is honoured, or refused by its name with the reason."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.errors import SolidStateError
from ssb_model.models.options import own_options

CELLS = ("NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite")
OPTIONS = pybamm.BatteryModelOptions({}).possible_options
DRAWS = 12


@pytest.fixture(scope="module", params=CELLS)
def cell(request):
    return ssb.load_cell(request.param)


def made(cell, options):
    """Whether a model comes of it; a refusal names one of the options."""
    try:
        chosen = cell.with_options(options)
    except SolidStateError as refused:
        told = str(refused)
        assert told.isprintable()
        assert any(name in told for name in options), told
        return False
    chosen.model()
    return True


@pytest.mark.parametrize("name", OPTIONS)
def test_each_value(name, cell):
    first = OPTIONS[name][0]
    for value in [*OPTIONS[name], "nonsense", ("a", "b"), 5, None]:
        if value == first:  # as every other test has it
            continue
        for spots in ("true", "false"):
            made(cell, {name: value, "contact spots": spots})


@pytest.mark.parametrize("seed", range(DRAWS))
def test_draws_of_several(seed, cell):
    """Four options at a time, of PyBaMM and of this model; a model comes of it or a refusal."""
    random = np.random.default_rng(seed)
    known = {**OPTIONS, **own_options()}
    names = random.choice([name for name in known if name != "negative electrode"], 4, False)
    made(cell, {str(name): known[name][random.integers(len(known[name]))] for name in names})


@pytest.mark.parametrize("value", ["both", "positive", "negative"])
def test_an_option_of_half_cells(value, cell):
    with pytest.raises(SolidStateError, match="follows from the negative electrode"):
        cell.with_options({"working electrode": value})


def test_sizes_say_what_is_missing(cell):
    with pytest.raises(SolidStateError, match="area-weighted particle-size distribution"):
        cell.with_options({"particle size": "distribution", "contact spots": "false"})
