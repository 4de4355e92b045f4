"""The sign of everything the electrolyte's grain size does."""

import pybamm
import pytest

import ssb_model as ssb
from ssb_model.laws import cover, recipe

GRAIN = "Positive electrode solid electrolyte grain size [m]"


def read(cell, *names):
    return [cell.evaluate(f"Positive electrode {name}") for name in names]


def test_halving_the_grain(cell_name):
    cell = ssb.load_cell(cell_name)
    half = cell.with_values({GRAIN: cell.parameter_values[GRAIN] / 2})
    names = ("coverage ceiling", "ionic percolation threshold", "electronic percolation threshold")
    coarse, fine = read(cell, *names), read(half, *names)
    assert fine[0] > coarse[0]  # more grains cover more
    if "Ionic percolation threshold" not in cell.design.positive.section:
        assert fine[1] < coarse[1]  # and connect at smaller fractions
    assert fine[2] > coarse[2]  # while they come between the particles that carry electrons
    length = "Positive particle diffusion length ratio"
    assert half.evaluate(length) < cell.evaluate(length)  # in smaller clusters
    assert spot_resistance(half) < spot_resistance(cell)


def spot_resistance(cell):
    """Excess concentration below a spot per flux, at one diffusivity."""
    theta = cell.evaluate("Positive electrode contact fraction")
    radius = cell.evaluate("Positive electrode contact spot radius [m]")
    return cover.spot_excess(1.0, theta, radius, 1e-15)


def test_fine_grains_conduct_less():
    cell = ssb.load_cell("NCM523_LPSCl_InLi")
    separator = "Separator solid electrolyte grain size [m]"
    efficiency = []
    for size in (6e-6, 3e-6):
        values = cell.with_values({separator: size}).parameter_values
        solution = pybamm.Simulation(cell.model(), parameter_values=values).solve([0, 1])
        name = "X-averaged separator electrolyte transport efficiency"
        efficiency.append(solution[name].entries[-1])
    assert efficiency[1] < efficiency[0]


def test_contact_never_exceeds_the_electrolytes_surface(cell_name):
    positive = ssb.load_cell(cell_name).design.positive
    section, layer = positive.section, positive.layer
    surfaces = [
        recipe.surface_of_spheres(layer.fractions[section.words[solid]], section[diameter])
        for solid, diameter in (
            ("active_material", "Active material diameter [m]"),
            ("electrolyte", "Electrolyte grain size [m]"),
        )
    ]
    particles, grains = surfaces
    assert positive.coverage_ceiling * particles <= grains


def test_one_built_model_takes_grain_size_and_pressure_as_inputs():
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    values = cell.parameter_values.copy()
    inputs = {GRAIN: 2e-6, "Stack pressure [Pa]": 30e6}
    values.update(dict.fromkeys(inputs, "[input]"))
    simulation = pybamm.Simulation(cell.model(), parameter_values=values, C_rate=1)
    voltage = []
    for changes in ({}, {GRAIN: 6e-6}, {"Stack pressure [Pa]": 1e6}):
        solution = simulation.solve([0, 600], inputs={**inputs, **changes})
        voltage.append(solution["Voltage [V]"].entries[-1])
    assert voltage[1] != pytest.approx(voltage[0], abs=1e-4)
    assert voltage[2] < voltage[0]  # less pressed, less contact
    direct = pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values, C_rate=1)
    assert direct.solve([0, 600])["Voltage [V]"].entries[-1] == pytest.approx(voltage[0], abs=1e-4)


def test_a_mixture_conducts_ions_as_its_mixing_leaves(cell_name):
    cell = ssb.load_cell(cell_name)
    worse = cell.with_recipe({"LPSCl: Ionic mixing factor": 0.5})
    measured = "Ionic transport efficiency" in cell.design.positive.section
    for layer, left in (("Positive electrode", 1.0 if measured else 0.5), ("Separator", 1.0)):
        name = f"{layer} ionic transport efficiency"
        assert worse.evaluate(name) == pytest.approx(left * cell.evaluate(name), rel=1e-12)
