"""Relaxation times: known arcs come back, tails are called tails."""

import numpy as np
import pytest

from ssb_model.analysis.relaxation_times import relaxation_times
from ssb_model.errors import InputError
from ssb_model.laws import circuit

F = np.logspace(6, -1, 71)
OMEGA = 2 * np.pi * F


def noisy(Z, share, seed=0):
    rng = np.random.default_rng(seed)
    return Z * (1 + share * (rng.normal(size=len(Z)) + 1j * rng.normal(size=len(Z))))


def two_arcs(first, second, alpha=1.0):
    arcs = [circuit.arc_of_time(OMEGA, R, tau, alpha) for R, tau in (first, second)]
    return 20 + sum(arcs)


CASES = [((10, 1.5e-3), (30, 0.15)), ((10, 1.5e-3), (30, 1.5e-2)), ((30, 1e-3), (10, 1e-2))]


@pytest.mark.parametrize("arcs", CASES)
@pytest.mark.parametrize(("share", "within"), [(0.0, 0.01), (1e-3, 0.05)])
def test_two_arcs_come_back(arcs, share, within):
    drt = relaxation_times(F, noisy(two_arcs(*arcs), share))
    assert len(drt.rows) == 2
    for row, (R, tau) in zip(drt.rows, arcs, strict=True):
        assert row["resistance"] == pytest.approx(R, rel=within)
        assert row["Time constant [s]"] == pytest.approx(tau, rel=within)
        assert row["share"] == pytest.approx(R / 40, rel=within)
        assert row["Frequency [Hz]"] == pytest.approx(1 / (2 * np.pi * tau), rel=within)
    assert drt.series_resistance == pytest.approx(20, rel=within / 10)
    assert drt.polarisation == pytest.approx(40, rel=within)


@pytest.mark.parametrize("seed", range(5))
def test_flattened_arcs_keep_their_total_and_main_peaks(seed):
    drt = relaxation_times(F, noisy(two_arcs((10, 1e-4), (30, 1e-2), 0.85), 2e-3, seed))
    main = [row for row in drt.rows if row["share"] > 0.1]
    assert [row["Time constant [s]"] for row in main] == pytest.approx([1e-4, 1e-2], rel=0.15)
    assert [row["resistance"] for row in main] == pytest.approx([10, 30], rel=0.15)
    assert drt.polarisation == pytest.approx(40, rel=0.02)


def test_an_arc_has_the_distribution_known_for_it():
    """Cole-Cole: gamma = R sin(a pi) / (2 pi (cosh(a ln(tau/tau_0)) + cos(a pi)))."""
    R, tau, alpha = 10.0, 1e-3, 0.7
    drt = relaxation_times(F, 20 + circuit.arc_of_time(OMEGA, R, tau, alpha))
    known = np.cosh(alpha * np.log(drt.tau / tau)) + np.cos(alpha * np.pi)
    known = R * np.sin(alpha * np.pi) / (2 * np.pi * known)
    middle = np.abs(np.log10(drt.tau / tau)) < 2
    assert drt.gamma[middle] == pytest.approx(known[middle], abs=0.02 * known.max())


def test_noise_decides_the_regularisation_and_the_result_says_so():
    Z = two_arcs((10, 1e-4), (30, 1e-2), 0.85)
    strengths = []
    for share in (1e-4, 1e-3, 1e-2):
        drt = relaxation_times(F, noisy(Z, share))
        assert drt.misfit == pytest.approx(share, rel=0.25)
        assert "Kramers-Kronig" in drt.rule
        strengths.append(drt.regularisation)
    assert strengths == sorted(strengths)
    assert strengths[0] < strengths[-1]
    given = relaxation_times(F, Z, regularisation=1e-3, order=2)
    assert (given.rule, given.regularisation, given.order) == ("as given", 1e-3, 2)


def test_a_capacitor_is_taken_up_or_lies_outside():
    C = 0.1
    Z = 20 + circuit.arc_of_time(OMEGA, 10.0, 1e-3, 1.0) + circuit.constant_phase(OMEGA, C, 1.0)
    taken = relaxation_times(F, Z, capacitance=True)
    assert taken.inverse_capacitance == pytest.approx(1 / C, rel=1e-3)
    assert [row["resistance"] for row in taken.rows if not row["Flag"]] == pytest.approx(
        [10], rel=0.02
    )
    left = relaxation_times(F, Z).table
    assert left["Flag"].iloc[-1].startswith("outside")
    assert left["share"].iloc[-1] > 0.5
    arc = left[~left["Flag"].str.startswith("outside")]
    assert arc["resistance"].sum() == pytest.approx(10, rel=0.05)


def test_diffusion_before_a_wall_peaks_at_its_first_mode():
    R, time = 10.0, 1.0
    Z = 20 + circuit.finite_space_warburg(OMEGA, R, time)
    drt = relaxation_times(F, Z, capacitance=True)
    slowest = drt.rows[-1]
    assert slowest["Time constant [s]"] == pytest.approx(time / np.pi**2, rel=0.03)
    assert slowest["resistance"] == pytest.approx(2 * R / np.pi**2, rel=0.03)
    assert drt.inverse_capacitance == pytest.approx(R / time, rel=1e-3)


@pytest.mark.parametrize("share", [1e-3, 1e-2])
def test_what_one_peak_can_hide_lies_within_its_stated_resolution(share):
    counts = set()
    for apart in (0.2, 0.4, 0.7, 1.0, 1.6):
        Z = noisy(two_arcs((15, 1e-3), (15, 1e-3 * 10**apart)), share)
        kept = [row for row in relaxation_times(F, Z).rows if row["share"] > 0.1]
        counts.add(len(kept))
        widest = max(row["Resolution [decades]"] for row in kept)
        if len(kept) == 1:
            assert apart < 2 * widest
        else:
            assert apart > widest
    assert counts == {1, 2}


def test_leads_are_part_of_what_is_inductive():
    Z = noisy(two_arcs((10, 1e-3), (30, 1e-1)) + 3e-6j * OMEGA, 1e-4)
    drt = relaxation_times(F, Z)
    assert drt.inductance == pytest.approx(3e-6, rel=0.05)
    assert [row["resistance"] for row in drt.rows] == pytest.approx([10, 30], rel=0.05)
    assert relaxation_times(F, two_arcs((10, 1e-3), (30, 1e-1))).inductance == 0.0


def test_an_inductance_is_found():
    Z = two_arcs((10, 1e-3), (30, 1e-1)) + 1e-6j * OMEGA
    drt = relaxation_times(F, Z, inductance=True)
    assert drt.inductance == pytest.approx(1e-6, rel=0.01)
    assert np.max(np.abs(drt.fitted / Z - 1)) < 2e-3


def test_units_and_order_of_points_do_not_matter():
    Z = noisy(two_arcs((10, 1e-4), (30, 1e-2), 0.85), 1e-3)
    here, there = relaxation_times(F, Z), relaxation_times(F[::-1], 1e-4 * Z[::-1])
    assert there.gamma == pytest.approx(1e-4 * here.gamma, rel=1e-6, abs=1e-12)
    assert there.table["Time constant [s]"].tolist() == pytest.approx(
        here.table["Time constant [s]"].tolist()
    )


@pytest.mark.parametrize("wrong", [{"regularisation": -1.0}, {"order": 3}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        relaxation_times(F, two_arcs((10, 1e-3), (30, 0.1)), **wrong)
