"""A cell that breathes, and what holds it."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb

BREATHING = ("Negative electrode", "Positive electrode")


def run(cell, rate=0.3, seconds=3600, **values):
    parameters = cell.parameter_values.copy()
    parameters.update(values)
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    simulation = pybamm.Simulation(
        cell.model(), parameter_values=parameters, C_rate=rate, solver=solver
    )
    return simulation.solve([0, seconds])


def change(solution, name):
    values = solution[name].entries
    return values - values[0]


def held_by(cell_name, stack, stiffness, soc=0.9):
    name = {"spring": "Spring stiffness [Pa.m-1]", "rigid": "Frame stiffness [Pa.m-1]"}[stack]
    cell = ssb.load_cell(cell_name).at_soc(soc).with_options({"stack": stack})
    return cell.with_values({name: stiffness})


def test_silicon_cell_grows_as_its_materials_say():
    """2.0 to 2.8 um per mAh cm-2 charged: silicon +3.3, NCM811 the rest."""
    cell = ssb.load_cell("NCM811_LPSCl_Si").at_soc(0.1)
    solution = run(cell, rate=-0.2)
    passed = -change(solution, "Discharge capacity [A.h]")[-1] * 1e3 / (cell.design.area * 1e4)
    total = change(solution, "Cell thickness change [m]")[-1] * 1e6 / passed
    silicon = change(solution, "Negative electrode thickness change [m]")[-1] * 1e6 / passed
    print(f"{total:.2f} um per mAh cm-2, of which silicon {silicon:.2f}")
    assert 2.0 < total < 2.8
    assert silicon == pytest.approx(3.3, abs=0.05)


@pytest.mark.parametrize("stack", ["spring", "rigid"])
def test_forces_balance_at_every_instant(cell_name, stack):
    """P - P_0 is what the holder and what the stack itself take up, both."""
    stiffness = 3e11
    cell = held_by(cell_name, stack, stiffness)
    solution = run(cell)
    rise = solution["Stack pressure [Pa]"].entries - cell.evaluate("Stack pressure [Pa]")
    holder = stiffness * change(solution, "Cell thickness change [m]")
    np.testing.assert_allclose(rise, holder, atol=1e-6 * np.max(np.abs(rise)))
    free = sum(
        change(solution, f"{electrode} free thickness change [m]") for electrode in BREATHING
    )
    soft = sum(
        cell.evaluate(f"{layer} thickness [m]") / cell.evaluate(f"{layer} Young's modulus [Pa]")
        for layer in (*BREATHING, "Separator")
    )
    expected = free / (1 / stiffness + soft)
    np.testing.assert_allclose(rise, expected, atol=1e-6 * np.max(np.abs(rise)))
    assert np.max(np.abs(rise)) > 1e4


@pytest.mark.parametrize("stack", ["spring", "rigid"])
def test_a_soft_holder_is_a_fluid_and_a_stiff_one_keeps_the_volume(stack):
    times, coarse = np.linspace(0, 3600, 40), {"mesh": "coarse"}
    fluid = run(ssb.load_cell("NCM811_LPSCl_Si").at_soc(0.1).with_options(coarse), rate=-0.2)
    misses, thickness = [], []
    for stiffness in (1e12, 1e8, 1e15, 1e18):
        cell = held_by("NCM811_LPSCl_Si", stack, stiffness, soc=0.1).with_options(coarse)
        solution = run(cell, rate=-0.2)
        misses.append(np.max(np.abs(solution["Voltage [V]"](times) - fluid["Voltage [V]"](times))))
        thickness.append(np.max(np.abs(change(solution, "Cell thickness change [m]"))))
    assert misses[1] < 1e-6
    assert misses[1] < misses[0] / 1000
    free = np.max(np.abs(change(fluid, "Cell thickness change [m]")))
    assert thickness[1] == pytest.approx(free, rel=1e-4)
    assert thickness[2] < 0.03 * free
    assert thickness[3] < 1e-4 * free


def test_contact_pushes_and_never_pulls():
    """Silicon shrinks away from a frame set when charged: a gap, said, and no crash."""
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_options({"stack": "rigid"})
    dying = ssb.discharge(cell, 0.1, stack_pressure=0.2e6, from_full=True)
    assert dying.row["Stopped by"] == "lower voltage cut-off"  # before the gap: contact fades
    assert dying.data["Positive electrode contact fraction"].values[-1] < 0.02
    indifferent = cell.with_options({"contact": "constant"})
    result = ssb.discharge(indifferent, 0.1, stack_pressure=0.2e6, from_full=True)
    assert result.data["Stack pressure [MPa]"].values.min() == 0
    assert result.row["Stack gap [um]"] > 0.5
    assert "contact with the holder lost after" in result.row["Detail"]
    assert result.row["Stopped by"] == "lower voltage cut-off"


def test_pressing_again_sets_a_spring_anew():
    """Set to 20 MPa where it stands, whatever it had grown before; from there on a spring.

    Under 20 MPa, with more contact, the next discharge goes further than the one before the
    setting, so that the cell ends thinner than it was set at.
    """
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_options({"stack": "spring"})

    def last(cell, name):
        return float(np.ravel(cell.state.solution[name].entries)[-1])

    first = ssb.discharge(cell, 0.2)
    pressed = first.cell_after.press(20e6)
    assert last(pressed, "Stack pressure [Pa]") == pytest.approx(20e6)
    again = ssb.discharge(pressed, 0.2, stack_pressure=20e6)
    grown = [last(one, "Cell thickness change [m]") for one in (pressed, again.cell_after)]
    lost = cell.evaluate("Spring stiffness [Pa.m-1]") * (grown[0] - grown[1])
    assert again.row["Capacity [mA.h.g-1]"] > first.row["Capacity [mA.h.g-1]"]
    assert lost > 0
    assert 20e6 - 1e6 * again.row["Lowest stack pressure [MPa]"] == pytest.approx(lost, rel=1e-3)


def test_both_ways_of_counting_lithium_agree():
    cell = held_by("NCM523_LPSCl_Graphite", "rigid", 2.5e11)
    solution = run(cell, rate=0.5)
    for Domain in ("Positive", "Negative"):
        particles = solution[f"{Domain} electrode stoichiometry"].entries
        counted = solution[f"{Domain} stoichiometry counted in separator"].entries
        np.testing.assert_allclose(counted, particles, atol=1e-8)
