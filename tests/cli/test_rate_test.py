"""Rate tests from Python and from the command line."""

import json

import pandas as pd
import pytest
import xarray as xr

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from tests.conftest import CELLS

A = "NCM811_LPSCl_Si"


def test_rates_in_order_at_each_pressure(capsys, tmp_path):
    arguments = ["--c-rates", "0.1,0.5,0.1", "--pressure", "5,1", "--out", str(tmp_path)]
    code = main(["rate-test", A, *arguments, "--json", "-"])
    payload = json.loads(capsys.readouterr().out)
    assert code == 0
    assert payload["kind"] == "rate-test"
    rows = payload["rows"]
    order = [(row["Stack pressure [MPa]"], row["C-rate"]) for row in rows]
    assert order == [(5, 0.1), (5, 0.5), (5, 0.1), (1, 0.1), (1, 0.5), (1, 0.1)]
    capacity = [row["Capacity [mA.h.g-1]"] for row in rows]
    assert capacity[0] > capacity[1]
    assert capacity[2] == pytest.approx(capacity[0], rel=0.01)
    assert all(low < high for low, high in zip(capacity[3:], capacity[:3], strict=True))
    for row in rows:
        assert row["Charge C-rate"] == row["C-rate"]
        assert row["Direction"] == "discharge"
    assert rows[1]["Polarisation [V]"] > rows[0]["Polarisation [V]"] > 0
    assert len(pd.read_csv(tmp_path / "rate_test.csv")) == 6
    with xr.open_dataset(tmp_path / "rate_test.curves.nc") as data:
        assert data["Run"].values.max() == 6
        assert data["Voltage [V]"].attrs["units"] == "V"
    assert (tmp_path / "rate_test.png").stat().st_size > 1e4


def test_first_row_is_the_single_discharge():
    test = ssb.rate_test(A, 0.3)
    single = ssb.discharge(A, 0.3)
    assert test.rows[0]["Capacity [mA.h.g-1]"] == pytest.approx(
        single.row["Capacity [mA.h.g-1]"], rel=1e-3
    )
    same = ssb.rate_test(ssb.load_cell(A).with_options({"mesh": single.row["Mesh"]}), 0.3)
    assert same.rows[0]["Capacity [mA.h.g-1]"] == pytest.approx(
        single.row["Capacity [mA.h.g-1]"], rel=1e-9
    )


def test_fixed_charge_rate_and_repeats():
    test = ssb.rate_test(A, [0.5], charge_rate=0.1, repeats=2)
    assert len(test.rows) == 2
    assert {row["Charge C-rate"] for row in test.rows} == {0.1}
    assert test.rows[0]["Capacity [mA.h.g-1]"] > ssb.discharge(A, 0.5).row["Capacity [mA.h.g-1]"]


def test_activation_at_a_lower_pressure_is_remembered():
    """Bonds broken in a first cycle at 1 MPa are missing at 5 MPa afterwards."""
    plain = ssb.rate_test(A, [0.2], stack_pressure=5e6)
    activated = ssb.rate_test(A, [0.2], stack_pressure=5e6, activation_pressure=1e6)
    assert activated.rows[0]["Capacity [mA.h.g-1]"] < 0.9 * plain.rows[0]["Capacity [mA.h.g-1]"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"c_rates": []},
        {"c_rates": [0]},
        {"repeats": 0},
        {"stack_pressure": [-1]},
        {"direction": "up"},
        {"rest": -1},
        {"from_full": True, "activation_pressure": 5e6},
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        ssb.rate_test(A, **wrong)


def test_charges_after_discharges():
    test = ssb.rate_test(A, [0.1, 0.5], direction="charge", discharge_rate=0.1, rest=600)
    first, second = test.rows
    assert first["Direction"] == "charge"
    assert first["Before"] == "from rest at 0 %"
    assert second["Before"] == "discharged at 0.1C, to the lower cut-off"
    assert second["Capacity [mA.h.g-1]"] < first["Capacity [mA.h.g-1]"]
    assert second["Mean voltage [V]"] > second["Mean discharge voltage [V]"]
    assert second["Polarisation [V]"] > 0
    assert test.plot().axes[0].get_xlabel().startswith("Charge capacity")


def test_rests_let_a_cell_recover():
    plain, rested = (ssb.rate_test(A, [0.5, 0.1], rest=rest).rows[1] for rest in (0.0, 3600.0))
    assert rested["Charge capacity [mA.h.cm-2]"] != plain["Charge capacity [mA.h.cm-2]"]


@pytest.mark.parametrize("name", CELLS[::3])  # silicon, graphite
def test_from_full_all_at_once_is_one_by_one(name):
    """Solved together or alone: the same discharges; one that fails takes none with it."""
    cell = ssb.load_cell(name).with_options({"mesh": "coarse"})
    own = cell.evaluate("Stack pressure [Pa]")
    together = ssb.rate_test(cell, [0.2, 1], stack_pressure=[own, own / 2], from_full=True)
    assert [row["Before"] for row in together.rows] == ["from rest at 100 %"] * 4
    for row in together.rows:
        pressure = row["Stack pressure [MPa]"] * 1e6
        alone = ssb.discharge(cell, row["C-rate"], pressure, from_full=True).row
        assert row["Capacity [mA.h.g-1]"] == pytest.approx(alone["Capacity [mA.h.g-1]"], rel=1e-6)
    slow, fast = ssb.rate_test(cell, [0.2, 50], from_full=True).rows
    assert "at once" in fast["Stopped by"]
    assert slow["Capacity [mA.h.g-1]"] == pytest.approx(
        together.rows[0]["Capacity [mA.h.g-1]"], rel=1e-6
    )


def test_measured_discharges_are_drawn_beside(tmp_path, capsys):
    coarse = ["--option", "mesh=coarse"]
    ssb.discharge(ssb.load_cell(A).with_options({"mesh": "coarse"}), 0.5).save(tmp_path)
    measured = (tmp_path / "discharge.csv").rename(tmp_path / "measured.csv")  # its own is refused
    data = ["--data", str(measured)]
    for verb in ("discharge", "limits"):
        assert main([verb, A, "--c-rate", "0.5", *coarse, *data, "--out", str(tmp_path)]) == 0
    assert main(["rate-test", A, "--c-rates", "0.5", *data, "--out", str(tmp_path)]) == 0
    assert "measured.csv" in (tmp_path / "rate_test.svg").read_text(encoding="utf-8")
    assert main(["rate-test", A, "--data", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_as_text(capsys):
    assert main(["rate-test", A, "--c-rates", "0.5"]) == 0
    out = capsys.readouterr().out
    assert "polarisation V" in out
    assert "CC, no CV" in out


def test_constant_voltage_after_constant_current(cell_name):
    """Held at the cut-off until the current has fallen: more charge, the cell's balance kept."""
    cell = ssb.load_cell(cell_name).with_options({"mesh": "coarse"})
    plain = ssb.discharge(cell, 0.5)
    held = ssb.discharge(cell, 0.5, cv_until=0.05)
    assert held.row["Charge stopped by"] == "current cut-off at constant voltage"
    assert held.row["Charge before"] == "CC-CV to 0.05C"
    assert held.row["Charge capacity [mA.h.cm-2]"] > plain.row["Charge capacity [mA.h.cm-2]"]
    assert held.row["Capacity [mA.h.g-1]"] > plain.row["Capacity [mA.h.g-1]"]
    # the whole of it is lithium: what the discharge took is what the positive electrode gained
    gained = held.data["Positive electrode stoichiometry"].values[[0, -1]]
    gained = float(gained[1] - gained[0]) * cell.design.positive.connected_capacity / 3.6e4
    assert gained == pytest.approx(held.row["Capacity [mA.h.cm-2]"], rel=1e-6)


def test_published_capacity_at_a_fifth_c():
    """Chen 2024: 149.7 mAh/g at 0.2C and 5 MPa, charged to 0.05C, within the scatter of a batch."""
    row = ssb.discharge(A, 0.2, stack_pressure=5e6, cv_until=0.05).row
    assert row["Capacity [mA.h.g-1]"] == pytest.approx(149.7, abs=10)


def test_constant_voltage_where_the_current_alone_leaves_the_window():
    """At 0.1 MPa and 2C the charge cannot begin; held at the cut-off it can."""
    alone = ssb.discharge(A, 2, stack_pressure=0.1e6)
    assert alone.row["Stopped by"].startswith("never began")
    held = ssb.discharge(A, 2, stack_pressure=0.1e6, cv_until=0.05)
    assert held.row["Charge stopped by"] == "current cut-off at constant voltage"
    assert held.row["Charge capacity [mA.h.cm-2]"] > 0.5
