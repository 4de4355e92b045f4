"""Lithium and charge close, whatever touches what."""

import itertools

import pybamm
import pytest

import ssb_model as ssb

FARADAY = pybamm.constants.F.value
CONTACT = [f"{Domain} electrode contact fraction" for Domain in ("Positive", "Negative")]


def imbalances(cell, solution):
    """Relative misfit of each electrode's lithium to the charge passed, and of the total."""
    charge = solution["Discharge capacity [A.h]"].entries[-1] * 3600
    taken = {}
    for domain, sign in (("positive", 1), ("negative", -1)):
        lithium = solution[f"Total lithium in {domain} electrode [mol]"].entries
        taken[domain] = abs(sign * (lithium[-1] - lithium[0]) * FARADAY / charge - 1)
    total = solution["Total lithium [mol]"].entries
    return {**taken, "total": abs(total[-1] / total[0] - 1)}


def run_grid(cell, options, rates, contacts, rtol, limit):
    values = cell.parameter_values.copy()
    values.update(dict.fromkeys(["Current function [A]", *CONTACT], "[input]"))
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=rtol * 1e-2)
    simulation = pybamm.Simulation(cell.model(options), parameter_values=values, solver=solver)
    one_c = cell.parameter_values["Nominal cell capacity [A.h]"]
    ran = 0
    for rate, theta in itertools.product(rates, contacts):
        inputs = {"Current function [A]": rate * one_c, **dict.fromkeys(CONTACT, theta)}
        try:
            solution = simulation.solve([0, 5000 / rate], inputs=inputs)
        except pybamm.SolverError as error:
            assert "non-positive at initial conditions" in str(error)  # outside the window at once
            continue
        ran += 1
        misfits = imbalances(cell, solution)
        assert max(misfits.values()) < limit, (rate, theta, misfits)
    return ran


@pytest.mark.parametrize(("mesh", "rtol", "limit"), [("fine", 1e-4, 1e-6), ("draft", 1e-8, 1e-8)])
def test_lithium_equals_charge(cell_name, mesh, rtol, limit):
    """On any mesh: finite volumes lose nothing between them."""
    cell = ssb.load_cell(cell_name).with_options({"mesh": mesh})
    ran = run_grid(cell, {"contact": "constant"}, (0.05, 0.3, 1, 3), (0.02, 0.2, 1.0), rtol, limit)
    assert ran >= 8


def test_charging_closes_too(cell_name):
    cell = ssb.load_cell(cell_name).at_soc(0)
    solution = pybamm.Simulation(
        cell.model(), parameter_values=cell.parameter_values, C_rate=-0.3
    ).solve([0, 7200])
    assert max(imbalances(cell, solution).values()) < 1e-6


@pytest.mark.parametrize("options", [{"surface form": "differential"}, {"thermal": "lumped"}])
def test_double_layer_and_heat_keep_the_balance(cell_name, options):
    cell = ssb.load_cell(cell_name).with_options({"mesh": "coarse"})
    simulation = pybamm.Simulation(
        cell.model(options), parameter_values=cell.parameter_values, C_rate=0.3
    )
    misfits = imbalances(cell, simulation.solve([0, 3600]))
    # a double layer holds a little charge of its own
    assert max(misfits.values()) < (1e-3 if "surface form" in options else 1e-6)


def test_particle_sizes_keep_the_balance(cell_name):
    cell = ssb.load_cell(cell_name)
    options = {"particle size": "distribution", "contact spots": "false"}
    composite = cell.options["negative electrode"] == "composite"
    values = pybamm.get_size_distribution_parameters(
        cell.parameter_values.copy(),
        working_electrode="both" if composite else "positive",
        R_p_av=2.5e-6,
        **({"R_n_av": 8e-6} if composite else {}),
    )
    model = cell.model(options)
    points = dict.fromkeys(model.default_var_pts, 8)
    simulation = pybamm.Simulation(model, parameter_values=values, C_rate=0.2, var_pts=points)
    misfits = imbalances(cell, simulation.solve([0, 1800]))
    assert max(misfits.values()) < 1e-6
