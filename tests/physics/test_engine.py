"""Cells side by side on one built model give what each gives by itself."""

import gc
import weakref

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cell.saving import numbers
from ssb_model.engine.engine import Engine, side_by_side
from ssb_model.engine.outcome import StoppedBy
from ssb_model.engine.reading import charge_passed, read_last
from ssb_model.engine.soundness import UNRESOLVED
from ssb_model.experiments.experiment import Held, charge, pair, result, together
from ssb_model.numerics.solver import ListSolver, SolidStateSolver
from ssb_model.studies.runs import Settings, Stand, rows_of
from tests.runs import run

A, D = "NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite"
CHANGES = {  # sizes of layers, windows and grains among them
    "positive: Porosity [%]": 9,
    "LPSCl: Reference conductivity [mS.cm-1]": 0.7,
    "separator: Electrolyte grain size [um]": 1.5,
}


def held(cell):
    names = ("Stack pressure [Pa]", "Ambient temperature [K]")
    return tuple(cell.entries[name].value for name in names)


def beside(cells):
    """An engine of cells that differ in numbers."""
    own = numbers(cells[0])
    differing = {k for cell in cells for k, v in numbers(cell).items() if own.get(k) != v}
    return side_by_side(cells[0], differing)


def test_each_as_by_itself(cell_name):
    """A changed recipe, changed sizes: against a model built for that cell alone."""
    cell = ssb.load_cell(cell_name).on_mesh("draft")
    cells = [cell, cell.with_recipe(CHANGES)]
    stands = [Stand(each, 0.3, *held(each)) for each in cells]
    rows = rows_of("discharge", beside(cells), stands, Settings())
    for each, row in zip(cells, rows, strict=True):
        alone = ssb.discharge(each, 0.3).row
        for name in ("Capacity [mA.h.g-1]", "Energy [mW.h.cm-2]", "Charge capacity [mA.h.cm-2]"):
            assert row[name] == pytest.approx(alone[name], rel=2e-3), name
        assert row["Mean voltage [V]"] == pytest.approx(alone["Mean voltage [V]"], abs=2e-3)
        assert row["Stopped by"] == alone["Stopped by"]
    assert rows[0]["Capacity [mA.h.g-1]"] != pytest.approx(rows[1]["Capacity [mA.h.g-1]"], rel=5e-3)


def test_draft_mesh_against_fine(cell_name):
    """What the README says of the capacities of studies."""
    cell = ssb.load_cell(cell_name)
    fine = ssb.discharge(cell, 0.5).row["Capacity [mA.h.g-1]"]
    draft = cell.on_mesh("draft")
    rows = rows_of("discharge", side_by_side(draft), [Stand(draft, 0.5, *held(draft))], Settings())
    assert rows[0]["Capacity [mA.h.g-1]"] == pytest.approx(
        fine, rel=8e-3 if cell_name == D else 2.5e-3
    )


def test_lithium_is_kept():
    """What the cathode of one cell of many gives up is the charge that passed."""
    cell = ssb.load_cell(A).on_mesh("draft").with_recipe(CHANGES)
    sizes = ["Positive electrode thickness [m]", "Positive particle radius [m]"]
    engine = side_by_side(cell, sizes)
    step = Held(cell.at_soc(0), *held(cell)).flow(-0.5)
    (segment,) = engine.run([step])
    names = ["Total lithium in particles [mol]", "Total lithium in positive electrode [mol]"]
    before, after = (read_last(s.solution, names) for s in (engine.at_rest(step), segment.state))
    out = before[names[1]][0] - after[names[1]][0]
    assert out * 96485.33212 == pytest.approx(-step.current * segment.solution.t[-1], rel=1e-6)
    assert after[names[0]][0] == pytest.approx(before[names[0]][0], rel=1e-9)


def test_cells_of_other_sizes_go_on_with_more_points():
    """A state of an engine whose sizes are inputs, on the next finer mesh: lithium to rounding."""
    cell = ssb.load_cell(A).on_mesh("draft").with_recipe(CHANGES)
    sizes = ["Positive electrode thickness [m]", "Positive particle radius [m]"]
    engine = side_by_side(cell, sizes)
    on = Held(cell.at_soc(0), *held(cell))
    (charged,) = engine.run([on.flow(-0.5)])
    (rested,) = engine.finer.run([on.step(start=charged.state, longest=1.0)])
    names = ["Total lithium in positive electrode [mol]", "Voltage [V]"]
    before, after = (read_last(s.solution, names) for s in (charged.state, rested.state))
    assert after[names[0]][0] == pytest.approx(before[names[0]][0], rel=1e-9)
    assert after[names[1]][0] == pytest.approx(before[names[1]][0], abs=0.3)


def test_one_that_cannot_begin_holds_nobody_up():
    cell = ssb.load_cell(A).on_mesh("draft")
    engine = side_by_side(cell)
    # at 0.05 MPa adhesion and load together keep a tenth of the contact at 5 MPa
    steps = [Held(cell.at_soc(1), p, 303.15).flow(2.0) for p in (5e4, 5e6, 1e4)]
    never, fine, neither = engine.run(steps)
    assert fine.stopped_by is StoppedBy.LOWER_CUTOFF
    for each in (never, neither):
        assert each.solution is None
        assert each.stopped_by is StoppedBy.LOWER_CUTOFF_AT_ONCE


def test_plating_margin_of_a_charge():
    cell = ssb.load_cell(D).on_mesh("coarse")  # as studies take for it
    stand = Stand(cell, 0.5, *held(cell))
    row = rows_of("charge", side_by_side(cell), [stand], Settings())[0]
    engine = Engine(cell.at_soc(0))
    solution = result(engine, charge(Held(cell, *held(cell)), 0.5)).solution
    least = 1e3 * solution["Lithium plating margin [V]"].entries.min()
    assert row["Plating margin [mV]"] == pytest.approx(least, abs=0.5)


def test_resistance_of_a_pulse():
    """Against a single cell's run from rest at half charge."""
    cell = ssb.load_cell(A).on_mesh("draft")
    stand = Stand(cell, 0.5, *held(cell), soc=0.5)
    row = rows_of("pulse", side_by_side(cell), [stand], Settings(seconds=10))[0]
    engine = Engine(cell.at_soc(0.5))
    density = 0.5 * cell.design.nominal_capacity / 3600
    rest = run(engine, 1e-6 * density, *held(cell), longest=1e-3).solution["Voltage [V]"].entries[0]
    loaded = run(engine, density, *held(cell), longest=10).solution["Voltage [V]"].entries[-1]
    assert row["Resistance [Ohm.cm2]"] == pytest.approx(1e4 * (rest - loaded) / density, rel=2e-3)


def test_retention_as_the_cycling_protocol_says():
    cell = ssb.load_cell(A).on_mesh("draft")
    aged = cell.that_ages()  # as cycling ages it
    stand = Stand(aged, 0.3, 3e6, 303.15)
    row = rows_of("cycles", side_by_side(aged), [stand], Settings(cycles=6))[0]
    cycled = ssb.cycle(cell, 6, 0.3, cv_until=None, stack_pressure=3e6, temperature=303.15)
    kept = cycled.table["Retention"].iloc[-1]
    assert kept < 0.99
    assert row["Retention"] == pytest.approx(kept, abs=1e-3)
    assert np.isfinite(row["Capacity [mA.h.g-1]"])
    over = {"stack_pressure": [3e6], "option loosening": ["none", "breathing"]}
    fresh, swept = ssb.sweep(
        cell, over, run="cycles", cycles=6, c_rate=0.3, temperature=303.15
    ).rows
    assert swept["Retention"] == pytest.approx(kept, abs=1e-3)
    assert fresh["Retention"] > kept  # chosen by the axis, over what the file declares


def test_a_voltage_is_held_for_many_as_for_one(cell_name):
    """A charge to the upper cut-off and there to C/20: cells of their own pressures and sizes."""
    cell = ssb.load_cell(cell_name).on_mesh("draft")
    cells = [cell, cell.with_recipe({"positive: Porosity [%]": 9})]
    pressure, temperature = held(cell)
    places = [
        Held(each.at_soc(0), pressure * share, temperature) for each in cells for share in (1, 2)
    ]
    many = together(beside(cells), [charge(place, 0.5, cv_until=0.05) for place in places])
    for place, segment in zip(places, many, strict=True):
        assert segment.stopped_by is StoppedBy.CURRENT_CUTOFF
        alone = result(Engine(place.cell), charge(place, 0.5, cv_until=0.05))
        passed = [charge_passed(each.solution) for each in (segment, alone)]
        assert passed[0] == pytest.approx(passed[1], rel=2e-3)
        constant, hold = segment.solution.sub_solutions
        assert constant.t[-1] < hold.t[0]
        held_at = hold["Voltage [V]"].entries
        assert held_at == pytest.approx(cell.evaluate("Upper voltage cut-off [V]"), abs=1e-9)
        least = place.current(0.05)
        assert abs(hold["Current [A]"].entries[-1]) == pytest.approx(least, rel=1e-4)


def test_a_held_voltage_beside_an_experiment_of_pybamm(cell_name):
    """The same model, charged and held by PyBaMM's own steps."""
    cell = ssb.load_cell(cell_name).on_mesh("draft").at_soc(0)
    place = Held(cell, *held(cell))
    segment = result(Engine(cell), charge(place, 0.5, cv_until=0.05))
    upper = cell.evaluate("Upper voltage cut-off [V]")
    values = cell.parameter_values.copy()
    # PyBaMM's window would end a step of its own before it begins at the cut-off itself
    values["Upper voltage cut-off [V]"] = upper + 0.5
    values["Nominal cell capacity [A.h]"] = place.current(1.0)
    experiment = pybamm.Experiment(
        [(f"Charge at 0.5C until {upper!r} V", f"Hold at {upper!r} V until 0.05C")]
    )
    stock = pybamm.Simulation(
        cell.model(),
        parameter_values=values,
        experiment=experiment,
        solver=SolidStateSolver(),
    ).solve()
    passed = abs(np.ptp(stock["Discharge capacity [A.h]"].entries)) * 3600
    assert charge_passed(segment.solution) == pytest.approx(passed, rel=1e-3)


def test_studies_hold_a_voltage():
    """A discharge after a charge at constant voltage, as the verb has it."""
    cell = ssb.load_cell(A).on_mesh("draft")
    over = {"stack_pressure": [2e6, 5e6]}
    for row in ssb.sweep(cell, over, c_rate=0.5, cv_until=0.05).rows:
        pressure = 1e6 * row["Stack pressure [MPa]"]
        alone = ssb.discharge(cell, 0.5, stack_pressure=pressure, cv_until=0.05).row
        for name in ("Charge capacity [mA.h.cm-2]", "Capacity [mA.h.g-1]", "Energy [mW.h.cm-2]"):
            assert row[name] == pytest.approx(alone[name], rel=2e-3), name
    kept = [ssb.sweep(cell, over, run="cycles", cycles=3, cv_until=cv).rows for cv in (None, 0.05)]
    assert kept[0][0]["Capacity [mA.h.g-1]"] < kept[1][0]["Capacity [mA.h.g-1]"]
    lowest = [
        ssb.minimum_stack_pressure(cell, c_rate=0.5, cv_until=cv).minimum_stack_pressure
        for cv in (None, 0.05)
    ]
    assert lowest[0] != pytest.approx(lowest[1], rel=0.01)


def test_equal_steps_are_solved_once(monkeypatch):
    """Discharges at three rates after one charge: four runs, whoever asks."""
    cell = ssb.load_cell(A).on_mesh("draft")
    engine = side_by_side(cell)
    solved, real = [], ListSolver.solved

    def counted(self, model, times, inputs):
        solved.extend(inputs)
        return real(self, model, times, inputs)

    monkeypatch.setattr(ListSolver, "solved", counted)
    place = Held(cell.at_soc(0), *held(cell))
    pairs = [pair(place, "discharge", rate, 0.2) for rate in (0.3, 0.6, 0.3, 1.0)]
    first, _, third, _ = together(engine, pairs)
    assert len(solved) == 4
    assert first.before is third.before
    assert first.run is third.run


def test_runs_that_need_more_points_get_them_in_one_list(monkeypatch):
    """Side by side they give what each gives alone, on the finer mesh as on the first."""
    cell = ssb.load_cell(A).on_mesh("draft").at_soc(1)
    engine, lists = side_by_side(cell), []
    steps = [Held(cell, *held(cell)).flow(rate, longest=900) for rate in (0.4, 0.7, 1.0)]
    alone = [engine.run([step])[0] for step in steps]
    solved = ListSolver.solved

    def counted(solver, model, times, inputs):
        lists.append(len(inputs))
        return solved(solver, model, times, inputs)

    monkeypatch.setattr(ListSolver, "solved", counted)
    for one, other in zip(alone, engine.run(steps), strict=True):
        assert one.stopped_by is other.stopped_by
        assert other.duration == pytest.approx(one.duration, rel=1e-6)
    monkeypatch.setitem(UNRESOLVED, "draft", 0.0)
    finer = engine.run(steps)
    assert lists == [3, 3, 3]
    assert {len(one.solution.y) for one in finer} != {len(one.solution.y) for one in alone}


def test_a_list_that_fails_for_one_is_solved_again_without_it(monkeypatch):
    """And not one by one: the others stay side by side, in their order."""
    cell = ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft")
    engine, lists = Engine(cell.at_soc(1)), []
    steps = [Held(cell, 5e6, 298.15).flow(rate, longest=600) for rate in (0.5, 3.0, 1.0, 2.0)]
    whole, solved = engine.run(steps), ListSolver.solved

    def failing(solver, model, times, inputs):
        lists.append(len(inputs))
        rates = [each["Current function [A]"] for each in inputs]
        if steps[1].current in rates and len(lists) < 3:
            raise pybamm.SolverError(f"input set {rates.index(steps[1].current)}: no")
        return solved(solver, model, times, inputs)

    monkeypatch.setattr(ListSolver, "solved", failing)
    again = engine.run(steps)
    assert lists == [4, 3, 1]
    for one, other in zip(whole, again, strict=True):
        np.testing.assert_allclose(one.solution.y[:, -1], other.solution.y[:, -1], rtol=1e-6)


def test_a_solver_set_up_anew_keeps_the_functions_of_its_model():
    cell = ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft")
    simulation = pybamm.Simulation(
        cell.model(), parameter_values=cell.parameter_values, C_rate=1, solver=SolidStateSolver()
    )
    first = simulation.solve([0, 600])
    solver, model = simulation.solver, simulation.built_model
    functions = model.jac_rhs_algebraic_eval
    solver.spoilt, solver._model_set_up = model, {}  # as after a run that failed
    again = simulation.solve([0, 600])
    assert model.jac_rhs_algebraic_eval is functions
    np.testing.assert_array_equal(first.y[:, -1], again.y[:, -1])


def test_time_goes_on_under_a_profile():
    """Two steps under one profile: the second sees what it says later, and how it turns."""
    times, pressures = [0, 1000, 1500, 3000], [5e6, 5e6, 1e6, 8e6]
    cell = ssb.load_cell(A).on_mesh("draft").at_soc(0.8)
    engine = Engine(cell.with_pressure_profile(times, pressures))
    first = run(engine, 8.0, 5e6, 303.15, longest=1200)
    second = run(engine, 8.0, 5e6, 303.15, start=first.state, longest=2500)
    whole = run(engine, 8.0, 5e6, 303.15, longest=3700)
    assert second.solution.t[0] == pytest.approx(1200)
    assert second.solution.t[-1] == pytest.approx(3700)
    for name in ("Stack pressure [Pa]", "Voltage [V]"):
        at = np.linspace(1300, 3600, 24)
        parts = (second.solution[name](at), whole.solution[name](at))
        np.testing.assert_allclose(*parts, rtol=2e-3)
    assert second.solution["Stack pressure [Pa]"].entries.min() == pytest.approx(1e6)


def test_a_state_holds_nothing_of_its_run():
    """Curves are gone with their segment, before any garbage is collected."""
    cell = ssb.load_cell(A).on_mesh("draft")
    segment = run(Engine(cell.at_soc(1)), 8.0, 5e6, 303.15, longest=100)
    state, curves = segment.state, weakref.ref(segment.solution)
    gc.disable()
    try:
        del segment
        assert curves() is None
    finally:
        gc.enable()
    assert state.solution.t == pytest.approx([100])


def test_a_cell_of_open_lengths_goes_on_on_more_points():
    """A state on a mesh in shares of a length is carried to a finer one like any other."""
    cell = ssb.load_cell("NCM523_LPSCl_InLi").with_options({"mesh": "draft"}).at_soc(0.5)
    ends = []
    for names in ((), ("Positive electrode thickness [m]",)):
        engine = Engine(cell, names)
        state = run(engine, 5.0, 200e6, 298.15, longest=600.0).state
        ends.append(run(engine.finer, 5.0, 200e6, 298.15, start=state, longest=600.0).solution)
    for name in ("Voltage [V]", "Total lithium in particles [mol]"):
        plain, opened = (float(one[name].entries[-1]) for one in ends)
        assert opened == pytest.approx(plain, rel=1e-9)
