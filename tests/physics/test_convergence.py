"""Meshes are as fine as is said, and errors fall as fast as they should."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.numerics.solver import SolidStateSolver
from tests.conftest import CELLS

CUT_OFF_MARGIN = 1e-3  # of the shorter run: where an electrode runs empty the end is a vertical


def discharge(cell, rtol=1e-6, c_rate=1, **points):
    """From full, with so many points in some directions."""
    model = cell.model()
    return pybamm.Simulation(
        model,
        parameter_values=cell.parameter_values,
        C_rate=c_rate,
        var_pts={**model.default_var_pts, **points},
        solver=SolidStateSolver(rtol=rtol, atol=rtol * 1e-2),
    ).solve([0, 5400])


def gap(one, other):
    """Largest difference in voltage from 1 s on [V], over the time both runs last."""
    end = min(one.t[-1], other.t[-1]) * (1 - CUT_OFF_MARGIN)
    times = np.union1d(np.geomspace(1, end, 200), np.linspace(1, end, 600))
    return np.max(np.abs(one["Voltage [V]"](times) - other["Voltage [V]"](times)))


@pytest.fixture(scope="module", params=CELLS)
def converged(request):
    """A cell, and its discharge with twice the points of the finest of these meshes."""
    cell = ssb.load_cell(request.param)
    points = cell.with_options({"mesh": "fine"}).model().default_var_pts
    return cell, discharge(cell, **{key: 2 * n for key, n in points.items() if key[0] in "xr"})


@pytest.mark.parametrize(
    ("mesh", "most"), [("fine", 4e-4), ("medium", 1e-3), ("coarse", 2e-3), ("draft", 8e-3)]
)
def test_meshes(converged, mesh, most):
    cell, run = converged
    coarser = discharge(cell.with_options({"mesh": mesh}))
    assert gap(run, coarser) < most
    assert coarser.t[-1] == pytest.approx(run.t[-1], rel=1e-3)


def test_default_mesh_at_the_tolerance_of_the_solver(converged):
    cell, run = converged
    assert gap(run, discharge(cell, rtol=1e-4)) < 1e-3


def test_particles_converge_fast():
    """Faster than any power: twice the points leave less than a sixteenth of the error."""
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    converged = discharge(cell, r_p=32)
    errors = [gap(converged, discharge(cell, r_p=count)) for count in (5, 10, 20)]
    assert errors[0] / errors[1] > 16
    assert errors[1] / errors[2] > 16


@pytest.mark.parametrize("direction", ["x", "r"])
def test_finite_volumes_converge_at_second_order(direction):
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").with_options({"mesh": "graded"})
    names = [f"{each}_{side}" for each in "xr" for side in "np"]
    runs = []
    for factor in (1, 2, 4):
        points = {name: 24 * (factor if name[0] == direction else 1) for name in names}
        runs.append(discharge(cell, 1e-7, **points))
    order = np.log2(gap(runs[0], runs[1]) / gap(runs[1], runs[2]))
    assert 1.6 < order < 2.6
