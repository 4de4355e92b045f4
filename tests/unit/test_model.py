"""The model as PyBaMM sees it: entry points, options, what can be done with a solution."""

import json
import pickle

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.models.options import ALLOWED, own_options


def solved(cell, options=None, values=None, seconds=300):
    values = cell.parameter_values if values is None else values
    return pybamm.Simulation(cell.model(options), parameter_values=values, C_rate=0.5).solve(
        [0, seconds]
    )


def test_entry_points(cell_name):
    values = pybamm.ParameterValues(cell_name)
    options = ssb.load_cell(cell_name).options
    model = pybamm.Model("SolidStateDFN", options)
    assert isinstance(model, ssb.SolidStateDFN)
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, 60])
    assert solution.termination == "final time"


def test_default_model_has_default_parameters():
    solution = pybamm.Simulation(pybamm.Model("SolidStateDFN")).solve([0, 60])
    assert solution["Voltage [V]"].entries[-1] > 3


@pytest.mark.parametrize(
    ("options", "name"),
    [({}, "NCM811_LPSCl_Si"), ({"negative electrode": "foil"}, "NCM523_LPSCl_Graphite")],
)
def test_model_of_another_cell_names_the_cure(options, name):
    simulation = pybamm.Simulation(
        pybamm.Model("SolidStateDFN", options), parameter_values=pybamm.ParameterValues(name)
    )
    with pytest.raises((pybamm.OptionError, KeyError), match="ssb_model.load_cell|Negative"):
        simulation.solve([0, 60])


def test_experiment(cell_name):
    cell = ssb.load_cell(cell_name)
    high = cell.parameter_values["Upper voltage cut-off [V]"]
    experiment = pybamm.Experiment(
        [
            "Discharge at C/5 for 20 minutes",
            "Rest for 10 minutes",
            f"Charge at C/5 until {high} V",
            f"Hold at {high} V until C/20",
        ]
    )
    simulation = pybamm.Simulation(
        cell.model(), parameter_values=cell.parameter_values, experiment=experiment
    )
    solution = simulation.solve()
    assert solution["Current [A]"].entries[-1] < 0
    assert solution["Voltage [V]"].entries[-1] == pytest.approx(high, abs=1e-3)


def test_pickle_json_copy_and_plot(cell_name):
    cell = ssb.load_cell(cell_name)
    solution = solved(cell)
    end = solution["Voltage [V]"].entries[-1]
    assert pickle.loads(pickle.dumps(solution))["Voltage [V]"].entries[-1] == end
    text = json.dumps(cell.parameter_values.to_json())
    again = solved(cell, values=pybamm.ParameterValues.from_json(json.loads(text)))
    assert again["Voltage [V]"].entries[-1] == pytest.approx(end, abs=2e-5)
    assert cell.model().new_copy().options["contact"] == "memory"
    plot = pybamm.QuickPlot(solution)
    plot.plot(100)
    assert len(plot.fig.axes) >= 8


def test_reference_electrode(cell_name):
    cell = ssb.load_cell(cell_name)
    model = cell.model()
    model.insert_reference_electrode()
    solution = pybamm.Simulation(model, parameter_values=cell.parameter_values).solve([0, 60])
    assert 3 < solution["Positive electrode 3E potential [V]"].entries[-1] < 5


def test_symmetric_cell_rests_at_zero_and_answers_evenly():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").at_soc(0.5).symmetric("positive")
    ends = [
        pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values, C_rate=rate)
        .solve([0, 10])["Voltage [V]"]
        .entries[-1]
        for rate in (1e-6, 0.1, -0.1)
    ]
    assert ends[0] == pytest.approx(0, abs=1e-5)
    assert ends[1] < 0
    assert ends[1] == pytest.approx(-ends[2], rel=0.02)


ELSEWHERE = (
    "negative electrode",
    "positive electrode",
    "electrolyte",
    "size classes",
)  # a cell file says


@pytest.mark.parametrize("name", [n for n in own_options() if n not in ELSEWHERE])
def test_every_own_option_solves(name):
    of_lithium = name == "voids"
    cell = ssb.load_cell("NCM811_LPSCl_Li" if of_lithium else "NCM523_LPSCl_Graphite")
    cell = cell.with_options({"mesh": "draft"})
    ends = {v: solved(cell, {name: v})["Voltage [V]"].entries[-1] for v in own_options()[name]}
    assert all(2.5 < end < 4.3 for end in ends.values())


def test_options_per_electrode():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    both = cell.model({"film": ("none", "constant")})
    assert both.options.negative["film"] == "none"
    assert both.options.positive["film"] == "constant"


@pytest.mark.parametrize("name", list(ALLOWED))
def test_what_cannot_be_honoured_is_refused(name):
    allowed = ALLOWED[name][0]
    possible = pybamm.BatteryModelOptions({}).possible_options[name]
    refused = [value for value in possible if value not in allowed]
    for value in refused:
        with pytest.raises((pybamm.OptionError, NotImplementedError)):
            ssb.SolidStateDFN({name: value})


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"contcat": "constant"}, "Nearest: contact"),
        ({"contact": "glued"}, "it can be"),
        ({"particle size": "distribution"}, "'contact spots': 'false'"),
        ({"particle": "quadratic profile"}, "'contact spots': 'false'"),
        ({"working electrode": "positive"}, "'layer' \\(silicon\\) or 'foil'"),
        ({"thermal": "x-full"}, "no pouch geometry"),
        ({"cell geometry": "pouch"}, "all there is"),
        ({"SEI": "constant"}, "set 'film'"),
    ],
)
def test_refusals_name_the_cure(options, complaint):
    with pytest.raises(pybamm.OptionError, match=complaint):
        ssb.SolidStateDFN(options)


def test_foil_that_runs_empty_is_an_event():
    cell = ssb.load_cell("NCM523_LPSCl_InLi")
    values = cell.parameter_values.copy()
    c_max = values["Maximum concentration in negative electrode [mol.m-3]"]
    values["Initial concentration in negative electrode [mol.m-3]"] = 0.05 * c_max
    values["Lower voltage cut-off [V]"] = -10
    solution = pybamm.Simulation(cell.model(), parameter_values=values, C_rate=0.5).solve([0, 7200])
    assert solution.termination == "event: Negative reservoir empty"
    # it left the plateau on the way
    assert solution["Negative electrode open-circuit potential [V]"].entries[-1] > 1


def test_pybamms_impedance_of_a_resting_cell(cell_name):
    """Finite at rest; at the fast end ohmic, at the slow end the slope of a pulse."""
    cell = ssb.load_cell(cell_name).at_soc(0.5)
    values = cell.parameter_values
    simulation = pybamm.EISSimulation(
        cell.model({"surface form": "differential"}), parameter_values=values
    )
    impedance = simulation.solve(np.array([1e-2, 1.0, 1e7])).data["Impedance [Ohm]"]
    assert np.all(impedance.real > 0)
    assert np.all(np.diff(impedance.real) < 0)
    separator = values["Separator thickness [m]"] / cell.design.area
    ohmic = separator / values["Electrolyte reference conductivity [S.m-1]"]
    assert impedance[-1].real > 0.5 * ohmic


@pytest.mark.parametrize("name", ["NCM811_LPSCl_Si", "NCM523_LPSCl_InLi"])
def test_pybamms_state_of_charge_is_refused_where_it_moves_one_electrode(name):
    cell = ssb.load_cell(name)
    simulation = pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values)
    with pytest.raises(pybamm.OptionError, match="at_soc"):
        simulation.solve([0, 60], initial_soc=0.5)


def test_pybamms_state_of_charge_agrees_for_two_composites():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    simulation = pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values)
    theirs = simulation.solve([0, 1], initial_soc=0.5)["Voltage [V]"].entries[0]
    half = cell.at_soc(0.5)
    ours = pybamm.Simulation(cell.model(), parameter_values=half.parameter_values).solve([0, 1])
    assert ours["Voltage [V]"].entries[0] == pytest.approx(theirs, abs=1e-3)


def test_three_ways_to_say_one_ionic_transport(cell_name):
    """Law, equivalent exponent and efficiency of one recipe agree, grain boundaries once each."""
    cell = ssb.load_cell(cell_name)
    shares = {}
    for way in own_options()["ionic transport"]:
        solution = solved(cell, {"ionic transport": way}, seconds=1)
        shares[way] = {
            n: solution[f"X-averaged {n} electrolyte transport efficiency"].entries[-1]
            for n in ("separator", "positive")
        }
    assert shares["Bruggeman"] == pytest.approx(shares["measured"], rel=1e-9)
    if isinstance(cell.entries["Positive electrode ionic transport efficiency"].value, float):
        for each in shares.values():  # a number of the file's, which its law is not asked to give
            del each["positive"]
    assert shares["percolation"] == pytest.approx(shares["measured"], rel=1e-9)


def test_symmetric_cell_takes_the_choices_of_its_side():
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    fixed = cell.with_values({"Positive electrode contact fraction": 0.3}).symmetric("positive")
    assert fixed.options["contact"] == "constant"
    assert fixed.evaluate("Negative electrode contact fraction") == 0.3
