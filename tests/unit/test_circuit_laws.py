"""Circuit elements: their limits, their sums and no overflow."""

import numpy as np
import pytest

from ssb_model.laws import circuit

OMEGA = 2 * np.pi * np.logspace(-3, 6, 46)


def test_a_constant_phase_is_constant():
    Z = circuit.constant_phase(OMEGA, 2e-3, 0.8)
    assert np.angle(Z, deg=True) == pytest.approx(-72 * np.ones_like(OMEGA))
    assert circuit.constant_phase(10.0, 2e-3, 1.0) == pytest.approx(-50j)


def test_an_arc_is_a_resistance_beside_a_constant_phase():
    R, Q, alpha = 30.0, 1e-4, 0.85
    beside = circuit.parallel(R, circuit.constant_phase(OMEGA, Q, alpha))
    tau = (R * Q) ** (1 / alpha)
    assert circuit.arc(OMEGA, R, Q, alpha) == pytest.approx(beside, rel=1e-12)
    assert circuit.arc_of_time(OMEGA, R, tau, alpha) == pytest.approx(beside, rel=1e-12)


@pytest.mark.parametrize("alpha", [0.5, 0.8, 1.0])
def test_a_phase_element_is_its_capacitance_at_one_frequency(alpha):
    Q = circuit.phase_element(3e-2, 100.0, alpha)
    at = circuit.constant_phase(2 * np.pi * 100.0, Q, alpha)
    assert abs(at) == pytest.approx(1 / (2 * np.pi * 100.0 * 3e-2), rel=1e-12)
    assert circuit.phase_element(3e-2, 7.0, 1.0) == 3e-2


@pytest.mark.parametrize("alpha", [0.6, 1.0])
def test_an_arc_tops_at_its_time_constant(alpha):
    below, top, above = -circuit.arc_of_time(np.array([99, 100, 101]), 30.0, 1e-2, alpha).imag
    assert top > max(below, above)
    assert top == pytest.approx(15 * np.tan(alpha * np.pi / 4))


def test_diffusion_has_its_limits():
    R, tau = 40.0, 2.0
    slow, fast = 1e-4 / tau, 1e6 / tau
    wall = circuit.finite_space_warburg(slow, R, tau)
    assert wall.real == pytest.approx(R / 3, rel=1e-6)
    assert wall.imag == pytest.approx(-R / (slow * tau), rel=1e-6)
    assert circuit.finite_length_warburg(slow, R, tau) == pytest.approx(R, rel=1e-4)
    without_end = circuit.constant_phase(fast, tau**0.5 / R, 0.5)
    assert circuit.finite_space_warburg(fast, R, tau) == pytest.approx(without_end, rel=1e-12)
    assert circuit.finite_length_warburg(fast, R, tau) == pytest.approx(without_end, rel=1e-12)


def test_a_blocked_line_is_diffusion_before_a_wall():
    R, C = 60.0, 1e-3
    line = circuit.transmission_line(R, circuit.constant_phase(OMEGA, C, 1.0))
    assert line == pytest.approx(circuit.finite_space_warburg(OMEGA, R, R * C), rel=1e-9)


def test_a_line_of_rungs_is_the_line():
    R, local, rungs = 60.0, 25 - 40j, 2000
    Z = rungs * local
    for _ in range(rungs - 1):
        Z = circuit.parallel(rungs * local, Z + R / rungs)
    assert circuit.transmission_line(R, local) == pytest.approx(Z + R / rungs / 2, rel=1e-4)


def test_a_slow_surface_adds_a_third_of_the_ionic_resistance():
    local = 1e5 - 2e5j
    assert circuit.transmission_line(60.0, local) - local == pytest.approx(20.0, rel=1e-3)


def test_far_arguments_neither_overflow_nor_vanish():
    with np.errstate(all="raise", under="ignore"):
        line = circuit.transmission_line(1e6, circuit.constant_phase(OMEGA, 10.0, 1.0))
        flat = circuit.finite_length_warburg(1e12, 1.0, 1e3)
    assert np.all(np.isfinite(line))
    assert flat == pytest.approx(1 / np.sqrt(1e15j))
