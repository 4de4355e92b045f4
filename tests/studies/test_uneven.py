"""A cell as patches in parallel: one voltage, currents that add up, and what unevenness costs."""

import numpy as np
import pytest
from matplotlib.image import imsave

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Held
from ssb_model.measured.pressure import read_map
from ssb_model.studies.patches import TOLERANCE, Parallel

A = "NCM811_LPSCl_Si"
WARM = 303.15


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(A).with_options({"mesh": "draft"})


@pytest.fixture(scope="module")
def engine(cell):
    return Engine(cell.at_soc(1))


def flown(engine, cell, pressures, shares, rate=2.0):
    parallel = Parallel.of(engine, [Held(cell, p, WARM) for p in pressures], np.array(shares))
    return parallel, list(parallel.flow(rate))


def test_patches_at_one_pressure_are_the_plain_cell(cell):
    result = ssb.uneven(cell, [5e6, 5e6, 5e6], shares=[1, 2, 3], c_rate=2.0, temperature=WARM)
    plain = ssb.discharge(cell, 2.0, stack_pressure=5e6, temperature=WARM)
    given = result.runs[0].uneven.discharge
    curve = plain.data
    for one in given[:: len(given) // 10]:
        at = np.argmin(np.abs(curve["Time [s]"].values - one.time))
        assert curve["Time [s]"].values[at] == pytest.approx(one.time)
        assert one.voltage == pytest.approx(curve["Voltage [V]"].values[at], abs=1e-6)
    assert result.rows[0]["Lost by unevenness"] == 0


def test_patches_hardly_apart_are_the_plain_cell_too(engine, cell):
    """By the search for currents, within what solvers leave."""
    _, apart = flown(engine, cell, (5e6, 5.000001e6), (0.3, 0.7))
    for one in apart[: len(apart) // 2 : 4]:  # before its voltage falls off
        (plain,) = engine.run([Held(cell, 5e6, WARM).flow(2.0, longest=one.time)])
        assert one.voltage == pytest.approx(plain.along["Voltage [V]"][-1], abs=2e-4)
        np.testing.assert_allclose(one.currents, 1, atol=1e-3)


def test_currents_add_up_and_voltages_are_one(engine, cell):
    shares = np.array([0.25, 0.75])
    parallel, run = flown(engine, cell, (1e6, 6e6), shares)
    for one in run:
        assert shares @ one.currents == pytest.approx(1, abs=1e-14)
    ends = [state.solution["Voltage [V]"].entries[-1] for state in parallel.states]
    assert np.ptp(ends) < TOLERANCE
    assert run[0].currents[0] < 0.8 < 1 < run[0].currents[1]  # where it is pressed it flows
    passed = shares @ run[-1].passed
    assert passed == pytest.approx(2 * cell.design.one_c * run[-1].time, rel=1e-12)


def test_a_map_is_five_patches_of_equal_area(tmp_path):
    grid = tmp_path / "paper.csv"
    grid.write_text("# MPa\n" + "\n".join("1;2;3;4;5" for _ in range(4)) + "\n")
    assert read_map(grid) == [1e6, 2e6, 3e6, 4e6, 5e6]
    grid.write_text("1,2\nthree,4\n")
    with pytest.raises(InputError, match="line 2"):
        read_map(grid)


def test_held_at_the_upper_cut_off_all_have_one_voltage(engine, cell):
    """And take the more charge there, the less they had got before."""
    parallel, _ = flown(engine, cell, (1e6, 6e6), (0.5, 0.5))
    list(parallel.flow(-2.0))
    parallel.hold(1.0)
    upper = cell.evaluate("Upper voltage cut-off [V]")
    for state in parallel.states:
        assert state.solution["Voltage [V]"].entries[-1] == pytest.approx(upper, abs=1e-3)
        density = state.solution["Current [A]"].entries[-1] / cell.design.area
        assert abs(density) == pytest.approx(cell.design.one_c, rel=0.02)


def test_a_picture_of_pressure_paper_is_a_map_too(tmp_path):
    """White presses least, full magenta most; the scale says how much either is."""
    colour = np.tile(np.repeat(np.linspace(0, 1, 5), 4), (4, 1))
    pixels = np.stack([np.ones_like(colour), 1 - colour, np.ones_like(colour)], -1)
    imsave(tmp_path / "paper.png", pixels)
    found = read_map(tmp_path / "paper.png", (1e6, 5e6))
    np.testing.assert_allclose(found, [1e6, 2e6, 3e6, 4e6, 5e6], rtol=0.01)
    with pytest.raises(InputError, match="--map-scale"):
        read_map(tmp_path / "paper.png")
    (tmp_path / "broken.png").write_text("no picture")
    with pytest.raises(InputError, match="no picture"):
        read_map(tmp_path / "broken.png", (1e6, 5e6))


def test_what_cannot_be(capsys):
    for arguments, said in (
        ([], "--patches 2,5,8"),
        (["--patches", "2,5", "--shares", "1"], "as many shares"),
        (["--patches", "2,-5"], "positive"),
        (["--map", "nowhere.csv"], "nowhere.csv"),
    ):
        assert main(["uneven", A, *arguments]) == 2
        assert said in capsys.readouterr().err


def test_a_holder_that_tires_costs_more_than_one_that_is_uneven(cell):
    """Over two cycles: patches at one pressure without loss are the even cell, whatever aged."""
    how = {"c_rate": 2.0, "cycles_before": 2, "cycle_rate": 2.0, "cycle_cv_until": None}
    alike = ssb.uneven(cell, [5e6, 5e6], **how)
    assert alike.rows[0]["Lost by unevenness"] == pytest.approx(0, abs=1e-9)
    tired = ssb.uneven(cell, [5e6], **how, force_loss=0.8)
    assert tired.rows[0]["Lost by unevenness"] > 0.1
    assert "lost 80 % of its force" in str(tired)
    with pytest.raises(InputError, match="--cycles-before"):
        ssb.uneven(cell, [5e6], force_loss=0.5)
