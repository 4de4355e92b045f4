"""A pressure that was measured drives the cell as one that is typed does."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Held, result
from ssb_model.measured.pressure import holds_pressure, read_pressure, under_file
from ssb_model.verbs.samples import folder

LITHIUM = "NCM811_LPSCl_Li"


def load_cell_file(tmp_path, pressures, hours=None, name="load_cell.csv"):
    hours = np.linspace(0, 30, len(pressures)) if hours is None else hours
    path = tmp_path / name
    rows = [f"{h:.6g},{p:.6g}" for h, p in zip(hours, pressures, strict=True)]
    path.write_text("Time [h],Pressure [MPa]\n" + "\n".join(rows) + "\n")
    return path


def capacity(cell):
    return ssb.discharge(cell, 0.5).row["Capacity [mA.h.g-1]"]


def test_a_constant_one_is_the_number(tmp_path):
    """Noise of the load cell moves the capacity by next to nothing."""
    noise = 0.02 * np.random.default_rng(1).standard_normal(400)
    cell = ssb.load_cell(LITHIUM)
    driven = under_file(cell, load_cell_file(tmp_path, 30 + noise))
    assert capacity(driven) == pytest.approx(capacity(cell), rel=2e-3)


def test_one_that_falls_takes_capacity(tmp_path):
    cell = ssb.load_cell(LITHIUM)
    driven = under_file(
        cell, load_cell_file(tmp_path, np.linspace(30, 1, 200), np.linspace(0, 3, 200))
    )
    assert capacity(driven) < 0.9 * capacity(cell)


def test_a_record_counts_from_its_first_charge():
    found = read_pressure(folder() / "pressure.bdf.csv")
    assert found.times[0] == 0
    assert "from the first charge on, 600 s into the record" in found.note
    record = ssb.read_record(folder() / "pressure.bdf.csv").table
    time = record["Time [s]"].to_numpy() - 600
    measured = record["Stack pressure [Pa]"].to_numpy()[time >= 0]
    drawn = np.interp(time[time >= 0], found.times, found.pressures)
    assert np.abs(drawn - measured).max() < 0.1e6
    assert len(found.times) < 0.5 * len(measured)


def test_a_frame_s_pressure_gives_what_the_frame_gave():
    """The sample was simulated in a rigid frame; its P(t) alone gives the same charge back."""
    path = folder() / "pressure.bdf.csv"
    cell = under_file(ssb.load_cell(folder() / "cell.toml"), path)
    (seen,) = ssb.read_record(path).discharges()
    result = ssb.discharge(cell, 0.2)
    areal = result.row["Capacity [mA.h.g-1]"] * cell.design.positive.mass_of_active * 0.1
    assert areal * 0.785 == pytest.approx(1e3 * seen["Capacity [A.h]"].iloc[-1], rel=3e-3)


def test_points_by_hand_are_all_kept(tmp_path):
    path = load_cell_file(tmp_path, [5, 1, 5, 1, 3], [0, 1, 2, 3, 4])
    found = read_pressure(path)
    np.testing.assert_allclose(found.pressures, [5e6, 1e6, 5e6, 1e6, 3e6])
    np.testing.assert_allclose(found.times, 3600 * np.arange(5))


def test_applied_where_none_is_measured(tmp_path):
    path = tmp_path / "applied.csv"
    path.write_text("Time [s],Applied pressure [bar]\n0,50\n10,50\n20,20\n")
    np.testing.assert_allclose(read_pressure(path).pressures, [5e6, 5e6, 2e6])


@pytest.mark.parametrize(
    ("pressures", "hours", "says"),
    [
        ([5, -1, 5], None, "a stack pressure lies between"),
        ([5, 5e5, 5], None, "mind the unit"),
        ([5, 4, 3], [0, 2, 1], "time falls"),
    ],
)
def test_what_is_no_pressure_is_refused(tmp_path, pressures, hours, says):
    with pytest.raises(InputError, match=says):
        read_pressure(load_cell_file(tmp_path, pressures, hours))


def test_a_profile_in_hours_and_megapascals_is_read_as_before(tmp_path):
    path = tmp_path / "profile.csv"
    path.write_text("h,MPa\n0,5\n10,1\n")
    assert not holds_pressure(path)
    assert under_file(ssb.load_cell(LITHIUM), path).entries["Stack pressure [Pa]"].value == 5e6


def test_a_fit_holds_the_cell_at_the_pressure_beside_the_record(tmp_path):
    """A record of a cell let down from 30 to 3 MPa at half charge: by the mean it cannot be it."""
    cell = ssb.load_cell(LITHIUM).on_mesh("draft")
    lines, engine, half = ["Time [s],Current [A],Voltage [V],Pressure [MPa]"], Engine(cell), 1800.0

    def taken():
        state, begun = None, 0.0
        for rate, pressure in ((0.0, 30e6), (0.3, 30e6), (0.0, 3e6), (0.3, 3e6)):
            state = state and state.press(pressure, cell.contact_laws)
            held = Held(cell.at_soc(1.0), pressure, cell.evaluate("Ambient temperature [K]"))
            segment = yield held.flow(rate, state, longest=half)
            times = np.linspace(60.0, half, 30)
            volts = engine.voltage(segment.solution, times)
            current = held.current(rate)
            lines.extend(
                f"{begun + t!r},{current!r},{u!r},{pressure / 1e6}"
                for t, u in zip(times.tolist(), volts.tolist(), strict=True)
            )
            state, begun = segment.state, begun + half

    result(engine, taken())
    path = tmp_path / "let_down.csv"
    path.write_text("\n".join(lines) + "\n")
    data = ssb.VoltageData.read(path)
    assert "as measured, 3 to 30 MPa" in " ".join(data.check(cell))

    def missed(one):
        (run,) = one.runs(engine, cell)
        return np.max(np.abs(result(engine, run) - one.measured(cell)))

    assert missed(data) < 1e-3
    assert missed(ssb.VoltageData.read(path, stack_pressure=16.5e6)) > 0.01
