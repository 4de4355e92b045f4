"""The packaged cells do what was measured, within what their papers state."""

import pytest

import ssb_model as ssb


def test_silicon_cell_at_low_rate():
    """Chen 2024: about 160 mAh/g at 0.1C and 5 MPa; nothing here is fitted to it."""
    row = ssb.discharge(ssb.load_cell("NCM811_LPSCl_Si"), 0.1, stack_pressure=5e6).row
    assert row["Charge C-rate"] == 0.1
    assert row["Capacity [mA.h.g-1]"] == pytest.approx(160, rel=0.15)


def test_silicon_cell_collapses_with_rate():
    """Chen 2024: from 160 to about 30 mAh/g between 0.1C and 1C, a cliff."""
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    slow, fast = (ssb.discharge(cell, rate).row["Capacity [mA.h.g-1]"] for rate in (0.1, 1))
    assert fast < 0.4 * slow


def test_every_parameter_lies_in_its_range(cell_name):
    for name, entry in ssb.load_cell(cell_name).entries.items():
        if entry.range is not None and isinstance(entry.value, float | int):
            assert entry.range[0] <= entry.value <= entry.range[1], name


def test_less_pressure_never_gives_more(cell_name):
    cell = ssb.load_cell(cell_name).with_options({"mesh": "coarse"})
    own = cell.parameter_values["Stack pressure [Pa]"]
    low, high = (
        ssb.discharge(cell, 0.3, stack_pressure=p).row["Capacity [mA.h.g-1]"]
        for p in (own / 4, own)
    )
    assert low <= high


def test_no_discharge_gives_more_than_its_charge(cell_name):
    cell = ssb.load_cell(cell_name).with_options({"mesh": "coarse"})
    row = ssb.discharge(cell, 0.05).row
    assert row["Capacity [mA.h.cm-2]"] < row["Charge capacity [mA.h.cm-2]"]
    assert row["Charge capacity [mA.h.cm-2]"] < cell.window.charge / 3.6e4 * 1.001


def test_from_full_means_full_whatever_state_the_cell_was_put_in():
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    full, half = (ssb.discharge(c, 1, from_full=True).row for c in (cell, cell.at_soc(0.5)))
    assert half["Capacity [mA.h.g-1]"] == pytest.approx(full["Capacity [mA.h.g-1]"], rel=1e-6)
