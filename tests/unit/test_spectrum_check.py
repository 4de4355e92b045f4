"""Kramers-Kronig: passes what a steady linear system can do, and nothing else."""

import numpy as np
import pytest

from ssb_model.analysis.spectrum_check import kramers_kronig
from ssb_model.errors import InputError
from ssb_model.laws import circuit

F = np.logspace(6, -3, 73)
OMEGA = 2 * np.pi * F


def noise(points, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=points) + 1j * rng.normal(size=points)


def battery(omega):
    """Pores whose surface reacts and diffuses, behind a separator and a wire."""
    surface = circuit.parallel(
        circuit.constant_phase(omega, 1e-3, 0.8),
        30 + circuit.finite_space_warburg(omega, 40.0, 2e3),
    )
    arc = circuit.arc_of_time(omega, 20.0, 1e-4, 0.8)
    return 5 + 1e-7j * omega + arc + circuit.transmission_line(60.0, surface)


def blocking(alpha):
    return 5 + circuit.transmission_line(60.0, circuit.constant_phase(OMEGA, 1e-3, alpha))


SPECTRA = {
    "battery": battery(OMEGA),
    "arc of one time": circuit.arc_of_time(OMEGA, 50.0, 1.37e-3, 1.0),
    "diffusion without end": 5 + circuit.constant_phase(OMEGA, 0.1, 0.5),
    "diffusion to a reservoir": 5 + circuit.finite_length_warburg(OMEGA, 60.0, 300.0),
    "blocked pores": blocking(1.0),
    "roughly blocked pores": blocking(0.8),
    "inductive loop": 20
    + circuit.arc_of_time(OMEGA, 50.0, 1e-3, 0.9)
    - circuit.arc_of_time(OMEGA, 10.0, 3.0, 1.0),
}


@pytest.mark.parametrize("name", SPECTRA)
def test_exact_spectra_pass_within_a_thousandth(name):
    check = kramers_kronig(F, SPECTRA[name])
    assert check.passed
    assert check.worst < 1e-3


@pytest.mark.parametrize("name", SPECTRA)
def test_noise_is_neither_fitted_nor_inflated(name):
    check = kramers_kronig(F, SPECTRA[name] * (1 + 3e-3 * noise(len(F), 5)))
    assert check.noise == pytest.approx(3e-3, rel=0.2)
    assert check.elements < len(F) / 2


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("wrong", [1.05, 1 + 0.05j])
def test_one_wrong_point_is_found(name, wrong):
    Z = SPECTRA[name].copy()
    Z[30] *= wrong
    check = kramers_kronig(F, Z)
    assert check.worst > 0.025
    assert check.frequency[np.argmax(np.abs(check.residual))] == F[30]
    assert F[30] in check.exceeding
    assert len(check.exceeding) <= 3


@pytest.mark.parametrize("alpha", [0.8, 1.0])
def test_a_cell_that_ages_during_the_sweep_is_found(alpha):
    """A resistance 20 % larger after five decades: 0.04 per decade shows at 0.7 of that."""
    f = np.logspace(4, -1, 41)
    growing = np.linspace(1, 1.2, len(f))
    Z = 5 + growing * circuit.arc_of_time(2 * np.pi * f, 100.0, 1e-3, alpha)
    check = kramers_kronig(f, Z)
    assert check.worst > 0.018
    assert len(check.exceeding) > 5
    steady = 5 + circuit.arc_of_time(2 * np.pi * f, 100.0, 1e-3, alpha)
    assert kramers_kronig(f, steady).worst < 1e-3


def test_a_late_change_is_found():
    """The last decade takes most of the time, so drift in time sits at its end."""
    elapsed = np.cumsum(3 / F)
    growing = 1 + 0.2 * elapsed / elapsed[-1]
    Z = 20 + growing * circuit.arc_of_time(OMEGA, 100.0, 1e-2, 0.8)
    assert not kramers_kronig(F, Z).passed


def test_order_does_not_matter_and_the_table_tells():
    Z = SPECTRA["battery"].copy()
    Z[30] *= 1.02
    shuffled = np.random.default_rng(2).permutation(len(F))
    check = kramers_kronig(F[shuffled], Z[shuffled])
    assert check.table.equals(kramers_kronig(F, Z).table)
    assert check.table.loc[check.table["exceeds"], "Frequency [Hz]"].tolist() == [F[30]]
    assert kramers_kronig(F, Z, limit=0.05).passed


@pytest.mark.parametrize(
    ("f", "Z", "cure"),
    [
        (F[:4], SPECTRA["battery"][:4], "at least 6"),
        (F[::9], SPECTRA["battery"][::9], "few for 9.0 decades"),
        (-F, SPECTRA["battery"], "positive"),
        (np.where(F > 1, F, np.nan), SPECTRA["battery"], "positive"),
        (F[1:], SPECTRA["battery"], "one of each"),
        (F, SPECTRA["battery"].real, "complex"),
        (F, SPECTRA["diffusion without end"].conj(), "not with -Z''"),
        (F, SPECTRA["battery"] * 0, "not zero"),
    ],
)
def test_nonsense_is_refused(f, Z, cure):
    with pytest.raises(InputError, match=cure):
        kramers_kronig(f, Z)
