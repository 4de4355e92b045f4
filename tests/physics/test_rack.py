"""Cells side by side on one built model give what each gives by itself."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cell.identity import numbers
from ssb_model.engine.bench import Bench
from ssb_model.engine.outcome import StoppedBy
from ssb_model.engine.rack import Rack
from ssb_model.studies.runs import RUNS, Settings
from ssb_model.studies.stand import Stand

A, D = "NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite"
CHANGES = {  # sizes of layers, windows and grains among them
    "positive: Porosity [%]": 9,
    "LPSCl: Reference conductivity [mS.cm-1]": 1.0,
    "separator: Electrolyte grain size [um]": 1.5,
}


def held(cell):
    names = ("Stack pressure [Pa]", "Ambient temperature [K]")
    return tuple(cell.entries[name].value for name in names)


def beside(cells):
    """A rack of cells that differ in numbers."""
    own = numbers(cells[0])
    differing = {k for cell in cells for k, v in numbers(cell).items() if own.get(k) != v}
    return Rack(cells[0], differing)


def test_each_as_by_itself(cell_name):
    """A changed recipe, changed sizes: against a model built for that cell alone."""
    cell = ssb.load_cell(cell_name).on_mesh("draft")
    cells = [cell, cell.with_recipe(CHANGES)]
    stands = [Stand(each, 0.3, *held(each)) for each in cells]
    rows = RUNS["discharge"](beside(cells), stands, Settings())
    for each, row in zip(cells, rows, strict=True):
        alone = ssb.discharge(each, 0.3).row
        for name in ("capacity_mAh_g", "energy_mWh_cm2", "charge_capacity_mAh_cm2"):
            assert row[name] == pytest.approx(alone[name], rel=2e-3), name
        assert row["mean_voltage_V"] == pytest.approx(alone["mean_voltage_V"], abs=2e-3)
        assert row["stopped_by"] == alone["stopped_by"]
    assert rows[0]["capacity_mAh_g"] != pytest.approx(rows[1]["capacity_mAh_g"], rel=5e-3)


def test_draft_mesh_against_fine(cell_name):
    """What the README says of the capacities of studies."""
    cell = ssb.load_cell(cell_name)
    fine = ssb.discharge(cell, 0.5).row["capacity_mAh_g"]
    draft = cell.on_mesh("draft")
    rows = RUNS["discharge"](Rack(draft), [Stand(draft, 0.5, *held(draft))], Settings())
    assert rows[0]["capacity_mAh_g"] == pytest.approx(fine, rel=8e-3 if cell_name == D else 2.5e-3)


def test_lithium_is_kept():
    """What the cathode of a rack gives up is the charge that passed."""
    cell = ssb.load_cell(A).on_mesh("draft").with_recipe(CHANGES)
    rack = Rack(cell, ["Positive electrode thickness [m]", "Positive particle radius [m]"])
    stand = Stand(cell, 0.5, *held(cell))
    slot = stand.slot(rack, -0.5)
    segment = rack.run([slot])[0]
    name = ["Total lithium in particles [mol]"]
    before = rack.read(slot, 0.0, rack.at_rest(slot), name)[0][0]
    after = rack.read(slot, segment.solution.t[-1], segment.solution.y[:, -1], name)[0][0]
    positive = ["Total lithium in positive electrode [mol]"]
    out = (
        rack.read(slot, 0.0, rack.at_rest(slot), positive)[0][0]
        - rack.read(slot, segment.solution.t[-1], segment.solution.y[:, -1], positive)[0][0]
    )
    assert out * 96485.33212 == pytest.approx(-slot.current * segment.solution.t[-1], rel=1e-6)
    assert after == pytest.approx(before, rel=1e-9)


def test_one_that_cannot_begin_holds_nobody_up():
    cell = ssb.load_cell(A).on_mesh("draft")
    rack = Rack(cell)
    stands = [Stand(cell, 1.0, p, 303.15) for p in (5e4, 5e6, 1e4)]
    never, fine, neither = rack.run([stand.slot(rack, 1.0, soc=1.0) for stand in stands])
    assert fine.stopped_by is StoppedBy.LOWER_CUTOFF
    for each in (never, neither):
        assert each.solution is None
        assert each.stopped_by is StoppedBy.LOWER_CUTOFF_AT_ONCE


def test_plating_margin_of_a_charge():
    cell = ssb.load_cell(D).on_mesh("coarse")  # as studies take for it
    stand = Stand(cell, 0.5, *held(cell))
    row = RUNS["charge"](Rack(cell), [stand], Settings())[0]
    bench = Bench(cell.at_soc(0))
    current = 0.5 * cell.design.nominal_capacity / 3600
    solution = bench.charge(current, *held(cell)).solution
    least = 1e3 * solution["Lithium plating margin [V]"].entries.min()
    assert row["plating_margin_mV"] == pytest.approx(least, abs=0.5)


def test_resistance_of_a_pulse():
    """Against the bench's own run from rest at half charge."""
    cell = ssb.load_cell(A).on_mesh("draft")
    stand = Stand(cell, 0.5, *held(cell), soc=0.5)
    row = RUNS["pulse"](Rack(cell), [stand], Settings(seconds=10))[0]
    bench = Bench(cell.at_soc(0.5))
    density = 0.5 * cell.design.nominal_capacity / 3600
    rest = bench.run(1e-6 * density, *held(cell), longest=1e-3).solution["Voltage [V]"].entries[0]
    loaded = bench.run(density, *held(cell), longest=10).solution["Voltage [V]"].entries[-1]
    assert row["resistance_Ohm_cm2"] == pytest.approx(1e4 * (rest - loaded) / density, rel=2e-3)


def test_retention_as_the_cycling_protocol_says():
    cell = ssb.load_cell(A).on_mesh("draft")
    stand = Stand(cell, 0.3, 3e6, 303.15)
    row = RUNS["cycles"](Rack(cell), [stand], Settings(cycles=6))[0]
    cycled = ssb.cycle(cell, 6, 0.3, cv_until=None, stack_pressure=3e6, temperature=303.15)
    assert row["retention"] == pytest.approx(cycled.table["retention"].iloc[-1], abs=1e-3)
    assert np.isfinite(row["capacity_mAh_g"])
