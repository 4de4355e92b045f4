"""A run checks itself: no wrong answer without a word."""

import logging
import re
from dataclasses import replace

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cell.numbers import instant
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import STEEP, Segment, StoppedBy
from ssb_model.engine.reading import CAPACITY, charge_passed
from ssb_model.engine.soundness import doubts, doubts_of_cycle
from ssb_model.experiments import experiment
from ssb_model.experiments.experiment import Held, together
from tests.foreign_cells import draw, made

THICK = {  # 630 um of cathode, 660 um of graphite, 16 mAh cm-2
    "cell: Nominal areal capacity [mAh.cm-2]": 16,
    "positive: Composite loading [mg.cm-2]": 174,
    "positive: Porosity [%]": 24,
    "positive: Active material diameter [um]": 2.37,
    "positive: Electrolyte grain size [um]": 3.2,
    "positive: Ionic transport efficiency": 0.0583,
    "positive: Film resistance [Ohm.m2]": 0.014,
    "negative: Composite loading [mg.cm-2]": 128,
    "negative: Porosity [%]": 6.13,
    "negative: Active material diameter [um]": 22.3,
    "negative: Electrolyte grain size [um]": 1.17,
    "negative: Ionic transport efficiency": 0.049,
}


def capacities(cell, rates, pressure, temperature=298.15):
    """Of discharges after charges, with how both ended."""
    held = Held(cell.at_soc(0), pressure, temperature)
    done = together(Engine(held.cell), [experiment.pair(held, "discharge", rate) for rate in rates])
    ends = {(each.before.stopped_by, each.run and each.run.stopped_by) for each in done}
    gave = [0.0 if each.run is None else charge_passed(each.run.solution) for each in done]
    return np.array(gave) / cell.design.area / 3.6e4, ends


def test_neighbours_of_a_thick_cell_agree():
    """Graphite next to the separator fills to the brim, and no step may pass it.

    Of these rates the usual tolerances once gave 0, 0 and 13.95 mAh cm-2 of 16, 15.5 and 15.3.
    """
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").with_recipe(THICK)
    gave, ends = capacities(cell, [0.0216, 0.0261, 0.0271], 100e6)
    assert ends == {(StoppedBy.UPPER_CUTOFF, StoppedBy.LOWER_CUTOFF)}
    assert gave == pytest.approx([10.327, 10.020, 9.938], rel=0.01)  # of fine


def test_a_charge_ends_inside_for_the_discharge_after_it():
    """Spots emptied past nothing left no discharge to begin."""
    slow = {
        "positive: Active material diameter [um]": 5,
        "positive: Diffusion length [um]": 2.5,
        "positive: Contact spot radius [um]": 0.05,
        "NCM811: Reference diffusivity [m2.s-1]": 6.4e-16,
        "positive: Electrolyte grain size [um]": 4,
        "separator: Electrolyte grain size [um]": 4,
    }
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_recipe(slow).on_mesh("draft")
    row = ssb.sweep(cell, {"c_rate": [1.0]}, stack_pressure=3e6).rows[0]
    assert row["Stopped by"] == "lower voltage cut-off"
    assert row["Capacity [mA.h.g-1]"] == pytest.approx(0.358, rel=0.1)  # of medium


def test_layers_get_the_points_they_need():
    """What the default mesh leaves out is estimated by its own last terms, and solved on more."""
    cell = ssb.load_cell("NCM523_LPSCl_InLi")
    steep = ssb.discharge(cell, 3.0, stack_pressure=20e6)
    usual = ssb.discharge(cell, 0.5, stack_pressure=20e6, from_full=True)
    assert steep.row["Mesh"] == "fine" != usual.row["Mesh"]
    fine = ssb.discharge(cell.on_mesh("fine"), 3.0, stack_pressure=20e6)
    assert steep.row["Capacity [mA.h.g-1]"] == fine.row["Capacity [mA.h.g-1]"]
    rested = ssb.rest(steep.cell_after, 60.0)  # goes on where it is
    assert rested.state.engine.cell.model_options["mesh"] == "fine"


def test_no_voltage_jumps_within_a_run():
    """One wide step of this run was once taken with 22 mV that the next step took back."""
    foreign = draw(2960)
    held = {"stack_pressure": foreign.pressure, "temperature": foreign.temperature}
    data = ssb.discharge(made(foreign), foreign.rate, **held).data
    assert np.interp(0.59, data["Capacity [mA.h.cm-2]"], data["Voltage [V]"]) == pytest.approx(
        3.7242,
        abs=2e-3,  # of fine
    )


def test_what_cannot_be_is_said():
    """Checks of a finished run, each on a run made up to break it."""
    cell = ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft")
    engine = Engine(cell.at_soc(1))
    held = Held(engine.cell, 5e6, 298.15)
    (sound,) = engine.run([held.flow(1.0)])
    guard = engine.current_form.guard
    inputs = {name: float(value[0]) for name, value in sound.solution.all_inputs[-1].items()}

    def said(segment=sound, beyond=-1.0, **changed):
        return doubts(cell, guard, segment, {**inputs, **changed}, beyond)

    assert not said()
    assert "beyond full or empty" in said(beyond=1e-3)
    assert "lie between the cut-offs" in said(**{"Current function [A]": 1.0})
    of = sound.solution
    (counted,) = next(v for k, v in of.all_models[0].y_slices.items() if k.name == CAPACITY)
    halved = of.all_ys[0].copy()
    halved[counted] /= 2
    run = pybamm.Solution(of.all_ts, [halved], of.all_models, of.all_inputs, check_solution=False)
    assert "lithium and charge differ by" in said(replace(sound, solution=run))
    left_out = guard.unresolved(of, inputs)
    times, states = of.all_ts[0], of.all_ys[0]
    for at in (1, len(times) // 2, len(times) - 1):  # start, middle, end
        rough = states.copy()
        rough[:, at] += 0.1 * (-1.0) ** np.arange(len(rough))  # what no short polynomial has
        told = (of.all_ts, [rough], of.all_models, of.all_inputs)
        assert guard.unresolved(pybamm.Solution(*told, check_solution=False), inputs) > 2 * left_out
    at_once = Segment(None, StoppedBy.UPPER_CUTOFF_AT_ONCE)
    assert said(at_once) == "a discharge cannot end at the upper voltage cut-off"


def test_a_capacity_that_hangs_steeply_on_its_rate_says_so():
    """By as much as a rate 1 % higher shows, without solving it."""
    cell = ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft")
    result = ssb.sweep(cell, {"c_rate": [0.1, 2.0, 2.02]})
    slow, one, beside = result.rows
    gave, next_to = (row["Capacity [mA.h.g-1]"] for row in (one, beside))
    assert not slow["Detail"]
    told = re.fullmatch(
        rf"{STEEP}: 1 % more current or resistance.* about ([\d.]+) % of .*", one["Detail"]
    )
    assert float(told[1]) == pytest.approx(100 * (1 - next_to / gave), rel=0.3)
    assert any(f"of 2 of 3 rows {STEEP}" in line for line in result.minded)


def test_what_cannot_be_in_a_cycle_is_said():
    """No cycle gives more than it was given, nor more than the one before, unless it warms up."""
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    warm = cell.with_options({"thermal": "lumped"})
    assert not doubts_of_cycle(cell, 1.0, 1.2, [])
    assert not doubts_of_cycle(cell, 1.2, 1.0, [])  # of what the cell held before
    assert not doubts_of_cycle(cell, 1.004, 1.001, [1.0, 1.002])
    assert "1.030 of the charge before" in doubts_of_cycle(cell, 1.03, 1.0, [1.0])
    assert "1.030 of the one before" in doubts_of_cycle(cell, 1.03, 1.04, [0.9, 1.0])
    assert not doubts_of_cycle(warm, 1.03, 1.0, [0.9, 1.0])
    assert not doubts_of_cycle(cell, 3e-6, 2e-6, [1.0, 2e-6])  # rounding of next to nothing


def test_nothing_of_large_numbers_is_logged(caplog):
    """PyBaMM takes pascals of a failed run for numbers without a unit."""
    engine = Engine(ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft").at_soc(1))
    form = engine.current_form
    y = np.full(form.resting.len_rhs_and_alg, 1e7)
    inputs = {name: np.ones(1) for name in form.inputs}
    pybamm.logger.addHandler(caplog.handler)
    with caplog.at_level(logging.ERROR):
        instant(0.0, y, form.resting, inputs)
    assert not caplog.records
