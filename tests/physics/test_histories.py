"""Lithium and charge close through pressing, springs, profiles and growth."""

from dataclasses import replace

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import StoppedBy
from tests.runs import run

FARADAY = 96485.33212
PRESSURES = (5e6, 1e6, 500e6, 20e6, 2e6)
CUT_OFFS = {"Lower voltage cut-off [V]": -50.0, "Upper voltage cut-off [V]": 50.0}


def without_cut_offs(cell):
    return replace(cell, entries=cell._replaced(CUT_OFFS, "out of the way"))


def lithium(solution):
    return {
        side: float(np.ravel(solution[f"Total lithium in {side} electrode [mol]"].entries)[-1])
        for side in ("positive", "negative")
    }


@pytest.mark.parametrize("stack", ["isostatic", "spring", "rigid"])
def test_lithium_equals_charge_through_a_history(cell_name, stack):
    """Charge, press, discharge, press, ...: what left one electrode is in the other."""
    cell = ssb.load_cell(cell_name).at_soc(0.4).with_options({"stack": stack, "film": "growing"})
    # a fifth of the contact at 20 MPa is left at 1 MPa: voltages out of a window, not of physics
    engine = Engine(without_cut_offs(cell))
    one_c = cell.design.nominal_capacity / 3600
    state, passed, throughput = None, 0.0, 0.0
    for number, pressure in enumerate(PRESSURES):
        current = 0.2 * one_c * (-1) ** number
        if state is not None:
            before = lithium(state.solution)
            state = state.press(pressure, cell.contact_laws)
            assert lithium(state.solution) == before  # pressing moves no lithium
        segment = run(engine, current, pressure, 298.15, start=state, longest=1500)
        assert segment.solution is not None, segment.detail
        if state is None:
            first = {
                side: segment.solution[f"Total lithium in {side} electrode [mol]"].entries[0]
                for side in ("positive", "negative")
            }
        charge = segment.solution["Discharge capacity [A.h]"].entries * 3600
        passed += charge[-1] - charge[0]
        throughput += abs(charge[-1] - charge[0])
        state = segment.state
        now = lithium(state.solution)
        for side, sign in (("positive", 1), ("negative", -1)):
            gained = sign * (now[side] - first[side]) * FARADAY
            assert abs(gained - passed) < 1e-6 * throughput, (side, pressure)


def test_a_profile_of_pressure_keeps_the_balance():
    cell = ssb.load_cell("NCM811_LPSCl_Si").at_soc(0.8)
    cell = cell.with_pressure_profile([0, 1000, 1500, 3000], [5e6, 5e6, 1e6, 8e6])
    segment = run(Engine(cell), 8.0, 5e6, 303.15, longest=4000)
    solution = segment.solution
    pressure = solution["Stack pressure [Pa]"].entries
    assert pressure.min() < 1.2e6
    assert pressure[-1] == pytest.approx(8e6)
    charge = solution["Discharge capacity [A.h]"].entries[-1] * 3600 / FARADAY
    for side, sign in (("positive", 1), ("negative", -1)):
        content = solution[f"Total lithium in {side} electrode [mol]"].entries
        assert sign * (content[-1] - content[0]) == pytest.approx(charge, rel=1e-6)


def unbounded(cell):
    """With an interphase that no largest resistance holds back."""
    limit = "electrode interphase resistance limit [Ohm.m2]"
    return cell.with_values({f"Positive {limit}": 1e3, f"Negative {limit}": 1e3})


def test_an_interphase_grows_as_the_square_root_of_time():
    cell = ssb.load_cell("NCM811_LPSCl_Li").at_soc(0.5).with_options({"film": "growing"})
    cell = unbounded(cell)
    engine = Engine(cell)
    film = {}
    for hours in (1, 4, 16):
        solution = run(engine, 0.0, 30e6, 298.15, longest=hours * 3600).solution
        for domain in ("Positive", "Negative"):
            r = np.mean(solution[f"{domain} electrode film resistance [Ohm.m2]"].entries[..., -1])
            fixed = cell.evaluate(f"{domain} electrode film resistance [Ohm.m2]")
            film[domain, hours] = r - fixed
    for domain in ("Positive", "Negative"):
        assert film[domain, 4] / film[domain, 1] == pytest.approx(2, rel=0.02)
        assert film[domain, 16] / film[domain, 4] == pytest.approx(2, rel=0.02)
    hot = run(engine, 0.0, 30e6, 318.15, longest=3600).solution
    name = "X-averaged positive electrode contact fraction"  # growth does not touch contact
    assert hot[name].entries[-1] == pytest.approx(hot[name].entries[0])


def test_an_interphase_grows_faster_hot_and_at_high_potential():
    cell = unbounded(ssb.load_cell("NCM811_LPSCl_Li").with_options({"film": "growing"}))
    grown = {}
    for soc in (0.1, 0.9):
        engine = Engine(cell.at_soc(soc))
        for temperature in (298.15, 318.15):
            solution = run(engine, 0.0, 30e6, temperature, longest=3600).solution
            squared = solution["Positive electrode interphase resistance squared [Ohm2.m4]"]
            grown[soc, temperature] = float(np.mean(squared.entries[..., -1]))
    assert grown[0.1, 318.15] > 2 * grown[0.1, 298.15]
    assert grown[0.9, 298.15] > 1.5 * grown[0.1, 298.15]


@pytest.mark.parametrize(
    ("soc", "rate", "reason"), [(1, 5, StoppedBy.SPOTS_EMPTY), (0.3, -1, StoppedBy.SPOTS_FULL)]
)
def test_spots_that_run_empty_or_full_are_an_event_with_a_sentence(soc, rate, reason):
    """Few coarse contacts, slow particles, a high rate, no cut-off in the way: never a NaN."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").at_soc(soc)
    cell = cell.with_values(
        {
            "Negative electrode contact fraction": 0.05,
            "Negative electrode contact spot radius [m]": 1e-6,
            "Negative particle reference diffusivity [m2.s-1]": 1e-15,
        }
    )
    segment = run(
        Engine(without_cut_offs(cell)), rate * cell.design.nominal_capacity / 3600, 5e6, 298.15
    )
    assert segment.stopped_by == reason
    assert segment.detail.startswith("no ")
    assert "negative electrode" in segment.detail
    assert np.all(np.isfinite(segment.solution["Voltage [V]"].entries))


@pytest.mark.parametrize("b", [0.3e-6, 0.5e-6, 1e-6])
def test_spots_take_the_time_they_should_in_a_pulse(b):
    """After 72 s the excess below a spot is 1 - exp(-72 s D/b2) of what it settles to."""
    cell = ssb.load_cell("NCM523_LPSCl_InLi").at_soc(0.5)
    cell = cell.with_values(
        {
            "Positive electrode contact spot radius [m]": b,
            "Positive electrode contact fraction": 0.4,
            "Positive particle diffusivity fall when full": 0.0,
            "Positive particle reference diffusivity [m2.s-1]": 2e-15,
            "Positive particle diffusivity activation energy [J.mol-1]": 0.0,
            # so good an electrolyte that the rate is even through the electrode
            "Electrolyte reference conductivity [S.m-1]": 1e3,
            "Positive electrode active material conductivity [S.m-1]": 1e4,
        }
    )
    segment = run(Engine(cell), 2.0, 200e6, 298.15, longest=72)
    solution = segment.solution
    excess = solution["Positive particle contact spot excess concentration [mol.m-3]"].entries
    j = solution["Positive electrode interfacial current density [A.m-2]"].entries
    settled = -j / FARADAY * np.pi * b * (1 - 0.4**0.5) ** 1.5 / (4 * 2e-15 * 0.4)
    share = np.mean(excess[:, -1]) / np.mean(settled[:, -1])
    assert share == pytest.approx(1 - np.exp(-72 * 2e-15 / b**2), rel=0.03)


def test_decompressed_rested_pressed_and_run_on():
    """Capacity lost by decompression is back after pressing as in fabrication."""
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    first = ssb.discharge(cell, 0.3)
    loose = ssb.rest(first.cell_after.press(1e6), 3600, stack_pressure=1e6)
    charge = ssb.discharge(loose, 0.3)
    again = ssb.discharge(ssb.rest(charge.cell_after, 600).press(500e6), 0.3)
    capacity = [result.row["Capacity [mA.h.g-1]"] for result in (first, charge, again)]
    assert capacity[1] < 0.8 * capacity[0]
    assert capacity[2] == pytest.approx(capacity[0], rel=0.01)


@pytest.mark.parametrize("soc", [0, 1])
def test_a_cell_rests_at_its_cut_offs(cell_name, soc):
    """At 0 and 100 % it rests at a cut-off itself: no voltage ends a rest."""
    cell = ssb.load_cell(cell_name).with_options({"mesh": "coarse"}).at_soc(soc)
    held = (cell.evaluate("Stack pressure [Pa]"), cell.evaluate("Ambient temperature [K]"))
    solution = run(Engine(cell), 0.0, *held, longest=3600).solution
    assert solution.t[-1] == pytest.approx(3600, rel=1e-9)
    cut_off = cell.evaluate(f"{'Upper' if soc else 'Lower'} voltage cut-off [V]")
    assert float(solution["Voltage [V]"].entries[-1]) == pytest.approx(cut_off, abs=1e-4)
