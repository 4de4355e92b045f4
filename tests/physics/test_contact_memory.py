"""Contact as the model carries it: states, histories, what the published cell did."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cell.state import StateVector
from ssb_model.engine.engine import Engine
from ssb_model.laws import pressing
from ssb_model.parameters.contact_and_paths import PLACES, history
from ssb_model.submodels.contact_laws.memory import MEMORY
from tests.runs import run

STATES = MEMORY.states

HISTORY = [5e6, 1e6, 2e6, 4e6, 0.3e6, 10e6, 2e8, 2e6, 7e8, 5e6]


def stepping(cell, options=None, rtol=1e-8):
    values = cell.parameter_values.copy()
    values.update({"Stack pressure [Pa]": "[input]", "Current function [A]": "[input]"})
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=rtol * 1e-2)
    points = dict.fromkeys(cell.model().default_var_pts, 5)
    return pybamm.Simulation(
        cell.model(options), parameter_values=values, solver=solver, var_pts=points
    )


def relative_contact(solution, place):
    return float(np.mean(np.asarray(solution[f"{place} relative contact"].entries)[..., -1]))


def test_states_follow_the_law_of_histories(cell_name):
    """A rested model whose pressure is stepped ends where ``pressing.after`` says."""
    # a foil has seen what the cell is held at
    held = {"Stack pressure [Pa]": HISTORY[0]}
    cell = ssb.load_cell(cell_name).at_soc(0.5).with_values(held)
    simulation = stepping(cell)
    expected = {
        place: pressing.History(*map(cell.evaluate, history(place, MEMORY))) for place in PLACES
    }
    for pressure in HISTORY:
        inputs = {"Stack pressure [Pa]": pressure, "Current function [A]": 0.0}
        solution = simulation.step(
            60, save=False, inputs=inputs, starting_solution=simulation.solution
        )
        for place in PLACES:
            law = cell.contact_laws[place]
            expected[place] = law.after(expected[place], pressure)
            for name, value in zip(STATES, expected[place], strict=True):
                found = np.asarray(solution[f"{place} {name}"].entries)[..., -1]
                # the last part in a thousand of a rise makes bonds ever more slowly
                rtol = 2e-5 if name.startswith(("highest", "effective")) else 1e-3
                where = f"{place} {name} {pressure}"
                np.testing.assert_allclose(found, value, rtol=rtol, err_msg=where)


def test_a_profile_in_time_does_what_steps_do():
    cell = ssb.load_cell("NCM811_LPSCl_Si").at_soc(0.5)
    down = cell.with_pressure_profile([0, 100, 200, 1000], [5e6, 5e6, 1e6, 1e6])
    found = {}
    for name, held, pressure in (("steps", cell, 1e6), ("profile", down, None)):
        values = held.parameter_values.copy()
        values["Current function [A]"] = 0.0
        if pressure:
            values["Stack pressure [Pa]"] = pressure
        solution = pybamm.Simulation(
            held.model(),
            parameter_values=values,
            solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
        ).solve([0, 1000])
        found[name] = [relative_contact(solution, place) for place in PLACES]
    np.testing.assert_allclose(found["profile"], found["steps"], rtol=1e-3)


@pytest.mark.parametrize(
    ("pressures", "place", "name", "expected"),
    [
        ([5e6, 5e6, 1e6, 1e6, 5e6], "Positive electrode", "bonded share", 0.9 / 2.6),
        ([2e6, 2e6, 6e8, 6e8, 2e6], "Separator", "highest pressure [Pa]", 6e8),
    ],
)
def test_a_minute_in_a_profile_is_not_stepped_over(pressures, place, name, expected):
    """A dip and a press of one minute, hours into a rest."""
    cell = ssb.load_cell("NCM811_LPSCl_Si").at_soc(0.5)
    five = 5 * 3600.0
    times = [0, five, five + 1, five + 60, five + 61]
    held = cell.with_pressure_profile(times, pressures)
    solution = run(Engine(held), 0.0, pressures[0], 303.15, longest=10 * 3600).solution
    found = float(np.mean(np.asarray(solution[f"{place} {name}"].entries)[..., -1]))
    assert found == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("law", ["memory", "Hertz"])
def test_exponents_without_bonds(law):
    """Separator 1/3, area 2/3, film-free interface 2/3, capacitance 2/3."""
    cell = (
        ssb.load_cell("NCM811_LPSCl_Si")
        .at_soc(0.5)
        .with_values({f"{place} bonded share after pressing": 0.0 for place in PLACES})
    )
    simulation = stepping(cell, {"contact": law})
    read = []
    for pressure in (5e6, 1e6):
        inputs = {"Stack pressure [Pa]": pressure, "Current function [A]": 0.0}
        solution = simulation.solve([0, 10], inputs=inputs)
        read.append(
            [
                float(np.ravel(solution[name].entries)[-1])
                for name in (
                    "Separator ionic resistance [Ohm.m2]",
                    "Positive electrode ionic resistance [Ohm.m2]",
                    "Positive electrode interface resistance [Ohm.m2]",
                    "Negative electrode interface resistance [Ohm.m2]",
                    "Positive electrode interface capacitance [F.m-2]",
                    "X-averaged positive electrode contact fraction",
                )
            ]
        )
    n = np.log(np.array(read[1]) / read[0]) / np.log(5)
    np.testing.assert_allclose(n, [1 / 3, 1 / 3, 2 / 3, 2 / 3, -2 / 3, -2 / 3], atol=1e-3)


@pytest.mark.parametrize(
    ("law", "exponent"), [("plastic", 1), ("Hertz", 2 / 3), ("Persson", 1), ("constant", 0)]
)
def test_laws_without_memory_on_their_exponents(law, exponent):
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").at_soc(0.5)
    theta = []
    for pressure in (1e5, 2e5):
        values = cell.parameter_values.copy()
        values.update({"Stack pressure [Pa]": pressure, "Current function [A]": 0.0})
        values["Positive electrode contact fraction"] = 0.4
        points = dict.fromkeys(cell.model().default_var_pts, 5)
        solution = pybamm.Simulation(
            cell.model({"contact": law}), parameter_values=values, var_pts=points
        ).solve([0, 1])
        name = "X-averaged positive electrode contact fraction"
        theta.append(float(np.ravel(solution[name].entries)[-1]))
    assert np.log2(theta[1] / theta[0]) == pytest.approx(exponent, abs=2e-3)


def test_memory_that_never_changes_is_the_constant_law():
    """Nothing breathes away and pressure holds: the voltage of the foundation."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    quiet = cell.with_values(
        {f"{d} electrode breathing sensitivity": 0.0 for d in ("Positive", "Negative")}
    )
    values = quiet.parameter_values.copy()
    # necks between grains as in the constant law, which knows none
    before = pressing.History(*map(quiet.evaluate, history("Separator", MEMORY)))
    law = quiet.contact_laws["Separator"]
    held = law.after(before, quiet.evaluate("Stack pressure [Pa]"))
    values["Electrolyte reference relative contact"] = law.relative_contact(held)
    # the graphite composite's bonds start lower: give all places one share
    for place in PLACES:
        values[f"{place} bonded share after pressing"] = 0.9
    voltages = []
    for law in ("memory", "constant"):
        solution = pybamm.Simulation(
            quiet.model({"contact": law}),
            parameter_values=values,
            C_rate=0.5,
            solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
        ).solve([0, 2000])
        voltages.append(solution["Voltage [V]"](np.linspace(0, 2000, 50)))
    assert np.max(np.abs(voltages[0] - voltages[1])) < 1e-6


def test_pressing_changes_contact_and_nothing_else():
    cell = ssb.discharge("NCM523_LPSCl_Graphite", 0.5).cell_after
    before = cell.state.solution
    after = cell.press(5e8).state.solution
    old, new = (StateVector(s.all_models[-1], np.array(s.y[:, -1])) for s in (before, after))
    for name in old.names:
        remembers = name.endswith(STATES)
        if not remembers:
            assert np.array_equal(old[name], new[name]), name
    assert new["Positive electrode bonded share"].min() == pytest.approx(0.9, abs=1e-9)
    # the same as pressing a fresh cell, as far as contact goes
    fresh = ssb.load_cell("NCM523_LPSCl_Graphite").press(1e6)
    assert fresh.evaluate("Positive electrode initial effective pressure [Pa]") == 1e6
    assert fresh.evaluate("Positive electrode contact fraction") < ssb.load_cell(
        "NCM523_LPSCl_Graphite"
    ).evaluate("Positive electrode contact fraction")


def test_breathing_breaks_bonds_where_lithium_moves():
    """Through the thickness: at a high rate the separator side breathes more."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    solution = pybamm.Simulation(
        cell.model(), parameter_values=cell.parameter_values, C_rate=1
    ).solve([0, 600])
    bonded = solution["Positive electrode bonded share"].entries[:, -1]
    assert np.all(np.diff(bonded) > 0)  # from the separator to the collector
    assert bonded[0] < 0.9


@pytest.fixture(scope="module")
def aged():
    """Cell A cycled 100 times, then 5, 1, 5, 500, 5 MPa; separate cells held at 3 and 2 MPa."""
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_options({"mesh": "coarse"})
    steps = ssb.pressure_steps(cell, [5e6, 1e6, 5e6, 500e6, 5e6], cycles_before=100)
    held = {P: ssb.pressure_steps(cell, [P], cycles_before=100) for P in (3e6, 2e6)}
    return steps, held


def test_ageing_decompression_and_pressing_again(aged):
    steps, _ = aged
    assert len(steps.cycles) == 100
    for key, low, high in (
        ("Separator ionic resistance [Ohm.cm2]", 1.5, 1.9),
        ("Positive electrode interface resistance [Ohm.cm2]", 2.2, 2.9),
        ("Negative electrode interface resistance [Ohm.cm2]", 2.2, 2.9),
    ):
        first, released, back, repressed, after = (row[key] for row in steps.rows)
        rise = released / first
        recovered = (released - back) / (released - first)
        print(f"{key}: x {rise:.2f}, back at 5 MPa {recovered:.0%} recovered")
        assert low < rise < high
        assert recovered < 1 / 3
        assert (released - after) / (released - first) > 2 / 3
        assert repressed <= after


def test_contact_alone_fades_less_than_the_published_cell(aged):
    """Chen 2024: 77.8 % after 100 cycles at 0.2C, constant voltage to 0.05C, 5 MPa."""
    first, last = (aged[0].cycles[n]["Discharge capacity [mA.h.g-1]"] for n in (0, -1))
    assert 0.778 < last / first < 0.99


def test_separators_of_held_cells_stay_equal(aged):
    steps, held = aged
    resistance = [steps.cycles[-1], *(result.cycles[-1] for result in held.values())]
    resistance = [row["Separator ionic resistance [Ohm.cm2]"] for row in resistance]
    assert all(len(result.cycles) == 100 for result in held.values())
    assert max(resistance) / min(resistance) < 1.15


def test_low_rates_are_alike_from_2_to_5_megapascal():
    capacity = {
        P: ssb.discharge("NCM811_LPSCl_Si", 0.1, stack_pressure=P * 1e6).row["Capacity [mA.h.g-1]"]
        for P in (1, 2, 5)
    }
    assert capacity[2] == pytest.approx(capacity[5], rel=0.03)
    assert capacity[1] < 0.97 * capacity[2]
