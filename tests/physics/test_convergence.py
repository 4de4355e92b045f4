"""The default mesh is fine enough, and refines at second order."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb

CUT_OFF_MARGIN = 1e-9  # stay inside the shorter run


def discharge(cell, **factors):
    """1C from full, the points of some directions multiplied."""
    model = cell.model()
    points = model.default_var_pts
    points.update({name: round(points[name] * factor) for name, factor in factors.items()})
    return pybamm.Simulation(
        model,
        parameter_values=cell.parameter_values,
        C_rate=1,
        var_pts=points,
        solver=pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9),
    ).solve([0, 5400])


def gap(one, other):
    """Largest difference in voltage from 1 s on [V], over the time both runs last."""
    end = min(one.t[-1], other.t[-1]) * (1 - CUT_OFF_MARGIN)
    times = np.union1d(np.geomspace(1, end, 200), np.linspace(1, end, 600))
    return np.max(np.abs(one["Voltage [V]"](times) - other["Voltage [V]"](times)))


def everywhere(factor):
    return dict.fromkeys(("x_n", "x_s", "x_p", "r_n", "r_p"), factor)


def test_default_mesh(cell_name):
    cell = ssb.load_cell(cell_name)
    default = discharge(cell)
    assert gap(default, discharge(cell, **everywhere(2))) < 3e-4
    # eight times finer, in one direction at a time: both at once would be 64 times the states
    in_x = gap(default, discharge(cell, **dict.fromkeys(("x_n", "x_s", "x_p"), 8)))
    in_r = gap(default, discharge(cell, **dict.fromkeys(("r_n", "r_p"), 8)))
    assert in_x + in_r < 1e-3


@pytest.mark.parametrize("direction", ["x", "r"])
def test_second_order(direction):
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    names = [f"{direction}_n", f"{direction}_p"]
    runs = [discharge(cell, **dict.fromkeys(names, f)) for f in (0.5, 1, 2)]
    order = np.log2(gap(runs[0], runs[1]) / gap(runs[1], runs[2]))
    assert 1.6 < order < 2.6
