"""The parts of a loss sum to it, and each is what it says."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.verbs.limits import NEGATIVE, PARTS
from tests.conftest import CELLS


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0])
def test_parts_sum_to_the_loss(cell_name, rate):
    cell = ssb.load_cell(cell_name).with_options({"mesh": "coarse"})
    (run,) = ssb.limits(cell, rate, from_full=True).runs
    data = run.data
    total = sum(data[name].values for name in PARTS)
    assert np.max(np.abs(total - data["Loss [mV]"].values)) < 1  # mV
    negative = sum(data[name].values for name in NEGATIVE)
    assert np.max(np.abs(negative - data["Negative electrode loss [mV]"].values)) < 1e-6


@pytest.mark.parametrize(
    "options",
    [
        {"film": "none", "contact spots": "false"},
        {"surface form": "differential"},
        {"stack": "rigid", "film": "growing"},
        {"thermal": "lumped"},
        {"mesh": "fine"},
    ],
)
def test_parts_sum_whatever_the_choices(options):
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").with_options({"mesh": "coarse"} | options)
    (run,) = ssb.limits(cell, 0.5).runs
    total = sum(run.data[name].values for name in PARTS)
    assert np.max(np.abs(total - run.data["Loss [mV]"].values)) < 1
    # nor does a part run away while a double layer charges
    assert all(np.max(np.abs(run.data[name].values)) < 2e3 for name in PARTS)
    if options.get("film") == "none":
        assert np.all(run.data["Positive electrode film loss [mV]"].values == 0)
        assert np.all(run.data["Positive electrode contact spot loss [mV]"].values == 0)


@pytest.mark.parametrize("which", CELLS[::3])  # silicon, graphite
def test_parts_are_what_they_say(which):
    """Separator: i R; a film twice as resistive costs twice; nothing lost at next to no rate."""
    cell = ssb.load_cell(which).with_options({"mesh": "coarse"})
    one_c = cell.design.nominal_capacity / 3600
    gauge = ssb.impedance(cell, frequencies=[1.0]).spectra[0].gauges
    name = "Positive electrode film resistance [Ohm.m2]"
    thin, thick = (
        ssb.limits(cell.with_values({name: r}), 0.2, from_full=True).runs[0] for r in (2e-4, 4e-4)
    )
    expected = 0.2 * one_c * gauge["Separator ionic resistance [Ohm.cm2]"] * 0.1
    assert np.allclose(thin.data["Separator loss [mV]"], expected, rtol=1e-3)
    ratio = (
        thick.row["Mean positive electrode film loss [mV]"]
        / thin.row["Mean positive electrode film loss [mV]"]
    )
    assert ratio == pytest.approx(2, rel=0.02)
    (slow,) = ssb.limits(cell, 1e-3, from_full=True).runs
    assert slow.row["Mean loss [mV]"] < 0.1 * thin.row["Mean loss [mV]"] + 1
