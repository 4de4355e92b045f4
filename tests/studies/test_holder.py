"""``ssb holder``: the pressure of a cell that breathes, and back from a record to its holder."""

import numpy as np
import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Held, charge, result
from ssb_model.laws.mechanics import series_stiffness

A = "NCM811_LPSCl_Si"
FRAME = 2.5e11  # Pa m-1


@pytest.fixture(scope="module")
def held():
    return ssb.holder(A, spring=2e7, cycles=2, swing=0.3e6, window=(4e6, 6e6), c_rate=0.3)


def test_the_spring_found_gives_the_swing_wanted(held):
    """And what is set at assembly keeps it within the window."""
    softer = held.pressure_in(held.stiffest, held.asked.preload)
    last = held.growth.cycle == 2
    assert np.ptp(softer[last]) == pytest.approx(0.3e6, rel=0.02)  # creep takes a little
    low, high = held.preloads(held.stiffest)
    for preload in (low, high):
        pressure = held.pressure_in(held.stiffest, preload)
        assert pressure.min() > 4e6 * (1 - 1e-9)
        assert pressure.max() < 6e6 * (1 + 1e-9)


def test_charge_makes_silicon_press_on_its_holder(held, tmp_path):
    first, second = held.rows
    assert first["Highest stack pressure [MPa]"] > 5.1
    assert first["Pressure swing [MPa]"] > second["Pressure swing [MPa]"]  # not all comes back
    assert f"{held.stiffness / 1e12:.3g} MPa/um" in str(held)
    assert {"holder.csv", "holder.course.csv"} <= {path.name for path in held.save(tmp_path)}


def test_what_cannot_be(capsys):
    with pytest.raises(InputError, match="lower one first"):
        ssb.holder(A, window=(6e6, 4e6))
    with pytest.raises(InputError, match="--bolt"):
        ssb.holder(A, warming=20)
    with pytest.raises(InputError, match="spring must be a positive"):
        ssb.holder(A, spring=-1)
    assert main(["holder", A, "--record", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_a_record_of_a_cell_in_a_frame_gives_the_frame_back(tmp_path, capsys):
    """Simulated by the stack of the model itself, with 1 % of the swing as noise."""
    cell = ssb.load_cell(A).with_options({"stack": "rigid", "mesh": "draft"})
    cell = cell.with_values({"Frame stiffness [Pa.m-1]": FRAME})
    held = Held(cell, 5e6, 303.15)
    run = result(Engine(cell.at_soc(0)), charge(held, 0.2))
    time = np.linspace(0, run.duration, 200)
    table = {
        name: np.interp(time, run.solution.t, run.along[name])
        for name in ("Current [A]", "Voltage [V]", "Stack pressure [Pa]")
    }
    pressure = table.pop("Stack pressure [Pa]")
    noise = np.random.default_rng(3).normal(0, 0.01 * np.ptp(pressure), time.size)
    table |= {"Time [s]": time, "Stack pressure [MPa]": (pressure + noise) / 1e6}
    file = tmp_path / "record.csv"
    pd.DataFrame(table).to_csv(file, index=False)
    found = ssb.holder(A, record=file)
    whole = series_stiffness(FRAME, found.compliance)
    assert found.found.stiffness.holds(whole)
    assert found.found.stiffness.high < 2 * found.found.stiffness.low
    assert main(["holder", A, "--record", str(file), "--out", str(tmp_path / "out")]) == 0
    assert "Stiffness of holder and layers" in capsys.readouterr().out
    assert (tmp_path / "out" / "holder_measured.png").exists()
