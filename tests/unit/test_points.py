"""A cell gets the points it asks for, worked out before anything is solved."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cell.points import mesh_for
from ssb_model.errors import InputError
from ssb_model.numerics.resolution import error_at_surface, surface
from tests.physics.test_convergence import discharge, gap

INDIUM, LITHIUM = "NCM523_LPSCl_InLi", "NCM811_LPSCl_Li"
ROOTS = np.array([4.493409457909064, 7.725251836937707, 10.904121659428899, 14.066193912831473])


def test_the_surface_of_a_sphere_under_a_flux_is_that_of_crank():
    """3 t + 1/5 - 2 sum exp(-a^2 t)/a^2 with tan a = a, and 2 sqrt(t/pi) + t of a thin front."""
    late, early = np.array([0.05, 0.2, 1.0]), 1e-3
    crank = 3 * late + 0.2 - 2 * (np.exp(-np.outer(late, ROOTS**2)) / ROOTS**2).sum(axis=1)
    np.testing.assert_allclose(surface(20, "spherical polar", late), crank, rtol=1e-6)
    front = 2 * np.sqrt(early / np.pi) + early
    assert surface(30, "spherical polar", np.array([early]))[0] == pytest.approx(front, rel=1e-3)


def test_the_error_falls_with_nodes_and_with_time():
    for coordinates in ("spherical polar", "sealed"):
        few, many = (error_at_surface(count, coordinates, 1e-3) for count in (6, 12))
        assert many < few / 20
        assert error_at_surface(6, coordinates, 1e-2) < few / 5


def counts(cell, **how):
    return [int(each) for each in mesh_for(cell, **how).split()]


def test_what_asks_more_gets_more_points():
    """Fast, cold and slow to diffuse; never fewer anywhere, and no more than `fine` has."""
    cell = ssb.load_cell(LITHIUM)
    usual = counts(cell)
    name = "Positive particle reference diffusivity [m2.s-1]"
    slow = cell.with_values({name: cell.evaluate(name) / 10})
    for other in (counts(cell, c_rate=4.0), counts(cell, temperature=263.15), counts(slow)):
        assert other[3] > usual[3]
        assert all(a >= b for a, b in zip(other, usual, strict=True))
    front = counts(ssb.load_cell(INDIUM))
    assert front[1] > usual[1]  # a thick layer of poor paths
    most = cell.with_options({"mesh": "fine"}).model().default_var_pts
    extreme = counts(ssb.load_cell(INDIUM), c_rate=50.0, temperature=243.15)
    assert (extreme[1], extreme[3]) == (most["x_p"], most["r_p"])


def test_points_can_be_said():
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_options({"mesh": "6 8 7 12"})
    points = cell.model().default_var_pts
    assert [points[name] for name in ("x_p", "r_n", "r_p")] == [8, 7, 12]
    assert cell.model_options["mesh"] == "6 8 7 12"
    for wrong in ("6 8 7", "6 8 7 1", "a few"):
        with pytest.raises(InputError, match="'mesh' is"):
            cell.with_options({"mesh": wrong})


def test_a_fast_discharge_is_within_a_millivolt_where_the_draft_mesh_is_not():
    cell = ssb.load_cell(INDIUM)
    asked = cell.with_options({"mesh": mesh_for(cell, 3.0)})
    fine, draft = (cell.with_options({"mesh": mesh}) for mesh in ("fine", "draft"))
    fine, asked, draft = (discharge(each, 1e-5, c_rate=3) for each in (fine, asked, draft))
    assert gap(fine, asked) < 0.5e-3
    assert gap(fine, draft) > 1e-3


def test_a_rate_test_runs_on_the_points_of_its_fastest_rate():
    rows = ssb.rate_test(LITHIUM, [0.5, 3.0], from_full=True).rows
    assert {row["Mesh"] for row in rows} == {mesh_for(ssb.load_cell(LITHIUM), 3.0)}
    assert rows[0]["Mesh"] != mesh_for(ssb.load_cell(LITHIUM), 0.5)


def test_a_discharge_says_its_points():
    row = ssb.discharge(LITHIUM, 0.5, from_full=True).row
    assert row["Mesh"] == mesh_for(ssb.load_cell(LITHIUM), 0.5)
