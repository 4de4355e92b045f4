"""The surface of a sphere under a switched flux, against series and finite volumes."""

import math

import numpy as np
import pytest
from scipy.linalg import solve_banded

from ssb_model.laws import diffusion


def by_finite_volumes(flux, steps, dt, shells=400):
    """Excess of the surface over the mean for a flux(step), D = R = 1, backward differences."""
    faces = 1 - (1 - np.linspace(0, 1, shells + 1)) ** 2  # finer towards the surface
    centres = 0.5 * (faces[1:] + faces[:-1])
    volumes = np.diff(faces**3) / 3
    conductance = faces[1:-1] ** 2 / np.diff(centres)
    lower, upper = np.append(0, conductance), np.append(conductance, 0)
    matrix = np.zeros((3, shells))
    matrix[0, 1:], matrix[2, :-1] = -conductance, -conductance
    matrix[1] = volumes / dt + lower + upper
    c, found = np.zeros(shells), []
    for step in range(steps):
        inflow = np.zeros(shells)
        inflow[-1] = flux(step)
        c = solve_banded((1, 1), matrix, volumes * c / dt + inflow)
        surface = c[-1] + flux(step) * (1 - centres[-1])
        found.append(surface - 3 * np.sum(volumes * c))
    return np.array(found)


def test_eigenvalues_solve_their_equation():
    assert np.tan(diffusion.EIGENVALUES) == pytest.approx(diffusion.EIGENVALUES, rel=1e-9)
    assert diffusion.EIGENVALUES[0] == pytest.approx(4.493409457909)
    assert np.all(np.diff(diffusion.EIGENVALUES) < 1.02 * math.pi + 0.2)


def test_limits_of_short_and_long_times():
    for fourier in (1e-10, 1e-7, 1e-5):
        expected = 2 * math.sqrt(fourier / math.pi) - 2 * fourier
        assert diffusion.sphere_surface_excess(fourier) == pytest.approx(expected, rel=1e-4)
    assert diffusion.sphere_surface_excess(3.0) == pytest.approx(0.2, abs=1e-12)
    assert diffusion.sphere_surface_excess(0.0) == 0


def test_both_series_meet():
    """Value and slope run on through the switch to 1e-6."""
    near = diffusion.EARLY * (1 + np.array([-2e-6, -1e-6, 1e-6, 2e-6]))
    excess = diffusion.sphere_surface_excess(near)
    slopes = np.diff(excess) / np.diff(near)
    assert slopes == pytest.approx(slopes[0], rel=1e-3)
    jump = excess[2] - excess[1] - slopes[0] * (near[2] - near[1])
    assert abs(jump) < 1e-9


def test_any_shape_of_argument():
    grid = np.geomspace(1e-6, 10, 12).reshape(3, 4)
    assert diffusion.sphere_surface_excess(grid).shape == (3, 4)
    assert np.all(np.diff(diffusion.sphere_surface_excess(grid.ravel())) >= 0)
    assert diffusion.sphere_surface_excess(0.01) == diffusion.sphere_surface_excess([0.01])[0]


def test_finite_volumes_agree_under_constant_flux():
    dt, steps = 1e-4, 3000
    found = by_finite_volumes(lambda step: 1.0, steps, dt)
    at = np.array([99, 499, 999, 2999])
    expected = diffusion.sphere_surface_excess((at + 1) * dt)
    assert found[at] == pytest.approx(expected, rel=4e-3)


def test_finite_volumes_agree_through_pulse_and_rest():
    dt, pulse = 1e-4, 400
    found = by_finite_volumes(lambda step: float(step < pulse), 1500, dt)
    times = (np.arange(1500) + 1) * dt
    excess = diffusion.sphere_surface_excess
    expected = excess(times) - excess(np.maximum(times - pulse * dt, 0))
    assert found[[200, 399, 600, 1499]] == pytest.approx(expected[[200, 399, 600, 1499]], abs=5e-4)


def test_lead_falls_with_diffusivity():
    fourier = np.geomspace(1e-6, 100, 200)
    lead = diffusion.sphere_surface_lead(fourier)
    assert np.all(np.diff(lead) < 0)
    assert lead[0] == pytest.approx(2 / (3 * math.sqrt(math.pi * 1e-6)), rel=2e-3)
    assert lead[-1] == pytest.approx(1 / 1500)


@pytest.mark.parametrize(("fourier", "within"), [(1e-6, 0.003), (1e-4, 0.03), (1e-3, 0.07)])
def test_weppner_huggins_holds_for_short_pulses(fourier, within):
    radius, duration = 2.5e-6, 72.0
    transient = 3 * fourier + float(diffusion.sphere_surface_excess(fourier))
    found = diffusion.weppner_huggins(radius, duration, 3 * fourier, transient)
    assert found == pytest.approx(fourier * radius**2 / duration, rel=within)
