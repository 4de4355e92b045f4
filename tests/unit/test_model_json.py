"""PyBaMM's files of a model: equations and a built model come back and give the same voltage."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb

UNTIL = [0, 600]


def of(name):
    cell = ssb.load_cell(name).on_mesh("draft")
    simulation = pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values)
    return cell, simulation, simulation.solve(UNTIL)["Voltage [V]"].entries[-1]


def test_equations(tmp_path):
    cell, _, voltage = of("NCM523_LPSCl_Graphite")
    whole = cell.model()
    few = [name for name in whole.variables if name.startswith(("Voltage", "Total lithium"))]
    whole.variables = {name: whole.variables[name] for name in few}  # all take half a minute
    whole.to_json(tmp_path / "model.json")
    model = pybamm.BaseModel.from_json(tmp_path / "model.json")
    assert type(model) is ssb.SolidStateDFN
    assert model.options == cell.model().options
    again = pybamm.Simulation(model, parameter_values=cell.parameter_values).solve(UNTIL)
    assert again["Voltage [V]"].entries[-1] == pytest.approx(voltage, abs=1e-6)


def test_a_built_model(tmp_path):
    _, simulation, voltage = of("NCM811_LPSCl_Si")
    simulation.built_model.save_model(str(tmp_path / "built"), mesh=simulation.mesh)
    model = pybamm.load_model(str(tmp_path / "built.json"))
    again = model.default_solver.solve(model, UNTIL)
    assert again["Voltage [V]"].entries[-1] == pytest.approx(voltage, abs=1e-4)
    for layer in ("positive electrode", "negative particle"):
        submesh = simulation.mesh[layer]
        read = type(submesh)._from_json(submesh.to_json())
        np.testing.assert_allclose(read.nodes, submesh.nodes, rtol=1e-14)
        assert read.span == pytest.approx(submesh.span)
