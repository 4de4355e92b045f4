"""Diffusion through the silicon layer against the plane sheet under constant flux."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb


def plane_sheet(tau, terms=400):
    """Change at the face of a sheet, sealed behind, over N L / D (Crank, ch. 4.3.7)."""
    n = np.arange(1, terms + 1)[:, None]
    series = np.exp(-((n * np.pi) ** 2) * tau) / n**2
    return tau + 1 / 3 - 2 / np.pi**2 * series.sum(axis=0)


@pytest.fixture(scope="module")
def sheet():
    """A layer with one diffusivity, discharged slowly; its face and the analytic solution."""
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_values(
        {"Negative particle diffusivity ratio lithiated to empty": 1.0}
    )
    values = cell.parameter_values
    model = cell.model({"mesh": "medium"})
    points = {**model.default_var_pts, "x_p": 8, "r_p": 10}
    solution = pybamm.Simulation(
        model,
        parameter_values=values,
        C_rate=0.2,
        var_pts=points,
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-11),
    ).solve([0, 3600])
    L = values["Negative electrode thickness [m]"]
    D = values.evaluate(
        pybamm.FunctionParameter(
            "Negative particle diffusivity [m2.s-1]",
            {"sto": pybamm.Scalar(0.5), "T": pybamm.Scalar(303.15)},
        )
    )
    flux = 0.2 * cell.design.nominal_capacity / 3600 / pybamm.constants.F.value
    scale = flux * L / D / values["Maximum concentration in negative electrode [mol.m-3]"]
    return solution["Negative electrode surface stoichiometry"], L**2 / D, scale


@pytest.mark.parametrize("tau", [3e-3, 1e-2, 3e-2])
def test_early_square_root(sheet, tau):
    surface, time, scale = sheet
    change = (surface(0) - surface(tau * time)) / scale
    assert change == pytest.approx(plane_sheet(np.array([tau]))[0], rel=1e-3)
    assert change == pytest.approx(2 * np.sqrt(tau / np.pi), rel=1e-3)


@pytest.mark.parametrize("tau", [0.1, 0.3, 1.0, 3.0, 8.0])
def test_on_to_quasi_steady(sheet, tau):
    surface, time, scale = sheet
    change = (surface(0) - surface(tau * time)) / scale
    assert change == pytest.approx(plane_sheet(np.array([tau]))[0], rel=1e-3)


def test_hysteresis_moves_to_the_branch_of_the_direction():
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    solution = pybamm.Simulation(
        cell.model(), parameter_values=cell.parameter_values, C_rate=0.1
    ).solve([0, 14400])
    h = solution["Negative electrode hysteresis state"].entries
    assert h[0] == -1
    assert h[-1] > 0.99
    assert np.all(np.diff(h) > -1e-9)
