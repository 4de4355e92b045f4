"""Polynomials through layers and particles: exact where they can be, and nothing is lost."""

import casadi
import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.engine.remesh import _along
from ssb_model.numerics.chain import chained_jacobian
from ssb_model.numerics.mesh import SpectralSubMesh
from ssb_model.numerics.polynomials import DIMENSION, last_terms, points, slope_with_end
from ssb_model.numerics.solver import SolidStateSolver, places
from ssb_model.numerics.spectral import Spectral

COORDINATES = tuple(DIMENSION)
COUNTS = (2, 5, 12, 40)


def samples(coordinates, x):
    """A smooth field, its slope, and the divergence of that slope."""
    if coordinates == "cartesian":
        return np.exp(x), np.exp(x), np.exp(x)
    d = DIMENSION[coordinates]
    field, slope = np.cos(2 * x**2), -4 * x * np.sin(2 * x**2)
    return field, slope, -4 * d * np.sin(2 * x**2) - 16 * x**2 * np.cos(2 * x**2)


@pytest.mark.parametrize("coordinates", COORDINATES)
def test_errors_fall_faster_than_any_power(coordinates):
    errors = []
    for count in (4, 8, 16):
        p = points(count, coordinates)
        field, slope, divergence = samples(coordinates, p.nodes)
        at_edges = samples(coordinates, p.edges)
        errors.append(
            [
                np.abs(p.to_edges @ field - at_edges[0]).max(),
                np.abs(p.gradient @ field - at_edges[1]).max(),
                np.abs(p.divergence @ at_edges[1] - divergence).max(),
                np.abs(p.to_nodes @ at_edges[1] - slope).max(),
            ]
        )
    orders = np.log2(np.array(errors[:-1]) / np.maximum(errors[1:], 1e-14))
    assert (orders[0] > 6).all()  # finite volumes have 2
    assert np.max(errors[2]) < 1e-8


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("count", COUNTS)
def test_what_flows_out_is_lost_within(coordinates, count):
    """Volumes times divergence is flux out less flux in, for any fluxes at all."""
    p = points(count, coordinates)
    d = DIMENSION[coordinates]
    volumes = np.diff(p.edges**d) / d
    fluxes = np.random.default_rng(0).normal(size=count + 1)
    inflow = fluxes[0] if coordinates == "cartesian" else 0
    assert volumes @ p.divergence @ fluxes == pytest.approx(fluxes[-1] - inflow, abs=1e-10)
    assert (p.edges[:-1] < p.nodes).all()
    assert (p.nodes < p.edges[1:]).all()


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("count", COUNTS)
def test_diffusion_only_levels(coordinates, count):
    """With sealed ends every mode decays and none swings."""
    p = points(count, coordinates)
    slopes = p.gradient.copy()
    slopes[[0, -1]] = 0
    rates = np.linalg.eigvals(p.divergence @ slopes)
    assert rates.real.max() < 1e-8 * np.abs(rates).max()
    assert np.abs(rates.imag).max() < 1e-8 * np.abs(rates).max()


def test_slope_with_the_value_at_an_end():
    p = points(6, "cartesian")
    for end in (0.0, 1.0):
        of_nodes, of_end = slope_with_end(p.nodes, end)
        assert of_nodes @ p.nodes**6 + of_end * end**6 == pytest.approx(6 * end**5, abs=1e-10)


def test_values_and_contents_elsewhere():
    p = points(5, "spherical polar")
    r = np.linspace(0, 1, 7)
    assert p.at(r) @ p.nodes**4 == pytest.approx(r**4, abs=1e-12)
    assert p.below(r) @ p.nodes**4 == pytest.approx(3 * r**7 / 7, abs=1e-12)
    assert p.at(p.nodes) == pytest.approx(np.eye(5))


def two_layers(left, right, lengths):
    """Current through two layers of unlike conductivity, potential 0 at the far end."""
    var = pybamm.Variable("phi", domain=["negative electrode", "separator"])
    k = pybamm.Concatenation(
        pybamm.PrimaryBroadcast(left, "negative electrode"),
        pybamm.PrimaryBroadcast(right, "separator"),
    )
    x = [pybamm.SpatialVariable("x_n", domain="negative electrode", coord_sys="cartesian")]
    x += [pybamm.SpatialVariable("x_s", domain="separator", coord_sys="cartesian")]
    geometry = {
        "negative electrode": {x[0]: {"min": 0, "max": lengths[0]}},
        "separator": {x[1]: {"min": lengths[0], "max": sum(lengths)}},
    }
    model = pybamm.BaseModel()
    model.algebraic = {var: pybamm.div(k * pybamm.grad(var))}
    model.initial_conditions = {var: pybamm.Scalar(0)}
    ends = {"left": (pybamm.Scalar(-1 / left), "Neumann"), "right": (pybamm.Scalar(0), "Dirichlet")}
    model.boundary_conditions = {var: ends}
    model.variables = {"left": pybamm.boundary_value(var, "left")}
    return model, geometry


def test_layers_in_series():
    """Resistances add to rounding however unlike the layers are."""
    left, right, lengths = 2.0, 3e-5, (0.7, 0.1)
    model, geometry = two_layers(left, right, lengths)
    types = dict.fromkeys(geometry, pybamm.MeshGenerator(SpectralSubMesh))
    mesh = pybamm.Mesh(geometry, types, {"x_n": 6, "x_s": 3})
    pybamm.Discretisation(mesh, {"macroscale": Spectral()}).process_model(model)
    solution = pybamm.AlgebraicSolver().solve(model)
    drop = lengths[0] / left + lengths[1] / right
    assert solution["left"].entries[-1] == pytest.approx(drop, rel=1e-9)


def all_by_coefficients(model):
    """Derivatives that only a coefficient of conduction has, by the state they are by.

    Grains of the separator conduct as they touch: each state of their contact would tie every
    electrolyte potential. An oxide conducts electrons as it is filled: each concentration in a
    particle would tie the potentials at all other places, its own knows it by the reaction.
    """
    points = model.default_var_pts
    ions = sum(points[x] for x in ("x_n", "x_s", "x_p")[2 - len(model.options.porous) :])
    return {
        "Separator loosened share": ions,
        "Separator contact before loosening": ions,
        "Positive particle concentration [mol.m-3]": points["r_p"]
        * points["x_p"]
        * (points["x_p"] - 1),
    }


@pytest.mark.parametrize("mesh", ["draft", "coarse"])
def test_chained_derivatives_are_those_of_the_whole(cell_name, mesh):
    cell = ssb.load_cell(cell_name).with_options({"mesh": mesh})
    simulation = pybamm.Simulation(
        cell.model(), parameter_values=cell.parameter_values, solver=pybamm.IDAKLUSolver()
    )
    solution = simulation.solve([0, 60])
    model = simulation.built_model
    at = (60.0, solution.y[:, -1], [])
    plain = casadi.DM(model.jac_rhs_algebraic_eval(*at))
    chained = casadi.DM(chained_jacobian(model.rhs_algebraic_eval)(*at))
    scale = float(casadi.norm_inf(plain))
    assert float(casadi.norm_inf(chained - plain)) < 1e-12 * scale
    assert chained.nnz() <= plain.nnz()
    # for Newton: what conducts through the layers is taken as it is
    nearly = casadi.DM(chained_jacobian(model.rhs_algebraic_eval, places(model))(*at))
    fewer = np.diff(chained.sparsity().colind()) - np.diff(nearly.sparsity().colind())
    lost = {var.name: fewer[cut[0]].sum() for var, cut in model.y_slices.items()}
    assert {name: count for name, count in lost.items() if count} == all_by_coefficients(model)
    left_out = (nearly - plain).sparse()
    assert 0 < abs(left_out).max() < 0.1 * scale


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_voltages_are_those_of_exact_derivatives(cell_name, rate):
    cell = ssb.load_cell(cell_name).with_options({"mesh": "draft"})
    tight = {"rtol": 1e-7, "atol": 1e-9}
    voltages = []
    for solver in (pybamm.IDAKLUSolver(**tight), SolidStateSolver(**tight)):
        simulation = pybamm.Simulation(
            cell.model(), parameter_values=cell.parameter_values, C_rate=rate, solver=solver
        )
        voltages.append(simulation.solve([0, 600])["Voltage [V]"](np.linspace(0, 600, 50)))
    assert np.abs(voltages[0] - voltages[1]).max() < 2e-6


def test_last_terms_are_those_of_the_legendre_series():
    """Of a polynomial known by its series."""
    series = np.array([1.0, 0.5, 0.2, 0.0, 0.3, -0.1])
    x, _ = np.polynomial.legendre.leggauss(6)
    values = np.polynomial.legendre.legval(x, series)
    np.testing.assert_allclose(last_terms(6, 2) @ values, series[-2:], atol=1e-14)


@pytest.mark.parametrize("symbolic", [False, True])
def test_a_polynomial_is_carried_to_another_mesh_also_where_its_size_is_an_input(symbolic):
    thickness = pybamm.InputParameter("L") if symbolic else pybamm.Scalar(3e-5)
    x = pybamm.SpatialVariable("x", domain=["separator"], coord_sys="cartesian")
    limits = {x: {"min": pybamm.Scalar(0), "max": thickness}}
    few, many = (SpectralSubMesh(limits, {"x": n}, symbolic=symbolic) for n in (6, 11))
    end = few.edges[-1]
    carried = _along((few.nodes / end) ** 3, 0, few, many)
    assert carried == pytest.approx((many.nodes / end) ** 3, abs=1e-12)
