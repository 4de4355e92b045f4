"""Every law on floats, arrays and PyBaMM symbols; exponents, limits and signs."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssb_model.laws import (
    circuit,
    connection,
    cover,
    cracking,
    interface,
    mechanics,
    micro_contact,
    open_circuit,
    transport,
)

CALLS = [
    (transport.arrhenius, (310.0, 4e4, 298.15)),
    (transport.bruggeman, (0.4, 1.5)),
    (transport.percolation, (0.4, 0.2, 2.0)),
    (transport.uneven_percolation, (0.4, 0.2, 2.0, 0.08)),
    (transport.percolation_threshold, (0.6, 0.2, 0.9)),
    (transport.free_necks, (0.03, 0.4, 4.0)),
    (transport.grain_conductivity_factor, (2e-6, 6e-6, 2e-6)),
    (transport.diffusivity_fall_when_full, (0.9, 1.0)),
    (transport.diffusivity_rise_on_lithiation, (0.3, 10.0)),
    (transport.electronic_fall, (0.9, 1.0, 2.0, 15.0)),
    (interface.exchange_current_density, (2e4, 5e4, 0.5)),
    (interface.exchange_current_density, (2e4, 5e4, 0.5, 4.0, 6.0)),
    (interface.butler_volmer, (0.02, 0.5, 300.0)),
    (interface.linear, (0.02, 0.5, 300.0)),
    (interface.butler_volmer_overpotential, (0.3, 0.5, 300.0)),
    (interface.linear_overpotential, (0.3, 0.5, 300.0)),
    (interface.grown_resistance, (1e-4,)),
    (interface.interphase_growth, (0.3, 0.1, 1e-9, 4e4, 310.0, 298.15)),
    (interface.growth_by_transport, (1e-9, 0.01, 0.03)),
    (interface.growth_by_reaction, (1e-8, 0.01, 0.03)),
    (connection.connected_share, (0.7, 4.0)),
    (connection.contact_of_connected, (0.2, 0.6)),
    (connection.lithium_cut_off, (2e4, 0.6, 3e4)),
    (connection.concentration_cut_off, (2e4, 0.6, 3e4)),
    (connection.mixing_rate, (1e-3, 0.6)),
    (cracking.diffusion_length_ratio, (2.0, 0.5)),
    (cracking.cracked_diffusivity, (1e-14, 2.0)),
    (circuit.plate_capacitance, (12.0, 2e-9)),
    (circuit.brug, (1e-5, 0.85, 10.0, 200.0)),
    (circuit.hsu_mansfeld, (1e-5, 0.85, 200.0)),
    (circuit.contact_share, (1e-5, 4e-3, 12.0, 2e-9)),
    (mechanics.thickness_from_volume, (0.06, 0.5, 8e-5)),
    (mechanics.compliance, (1e-4, 5e9)),
    (mechanics.series_stiffness, (1e11, 4e-14)),
    (mechanics.held_load, (5e6, 1e11, 1e-6)),
    (micro_contact.formed, (5e8, 2e8)),
    (micro_contact.hertz, (5e6, 5e8, 2e8)),
    (micro_contact.persson, (5e6, 2.5e10, 0.02)),
    (micro_contact.formed_by_spread, (5e8, 8e8, 0.57)),
    (micro_contact.held_integral, (5e8, 8e8, 0.57)),
    (micro_contact.grain_conductance, (0.4, 0.8)),
    (cover.surface_ratio, (0.4, 0.4, 5e-6, 3e-6)),
    (cover.coverage_ceiling, (1.5, 0.12, 1.6, 0.2, 0.32, 1.8)),
    (cover.cluster_ratio, (0.6, 0.7)),
    (cover.connected_share, (0.3, 0.17, 2.0)),
    (cover.reached_by_ions, (0.7, 4.0)),
    (cover.connected_by_fibre, (0.03, 0.01)),
    (cover.on_both_networks, (0.9, 0.7, 0.2)),
    (cover.constriction, (0.5,)),
    (cover.spot_excess, (1e-6, 0.5, 1e-7, 1e-15)),
    (cover.radius_limit, (2.5e-6, 0.03)),
    (cover.spot_rate, (1e-7, 1e-15)),
    (open_circuit.lithium, (0.5,)),
    (open_circuit.lithium_indium, (0.5,)),
    (open_circuit.on_axis, (0.5, -0.18, 1.1)),
    (open_circuit.charge_per_rate, (0.5, -2.0)),
    (open_circuit.limited, (3.6, 0.9, 0.92)),
    (open_circuit.between_branches, (0.1, 0.3, -0.5)),
    (open_circuit.hysteresis_rate, (1e-5, 0.3, 20.0)),
]


@pytest.mark.parametrize(
    ("law", "arguments"), CALLS, ids=[f"{law.__name__} {len(given)}" for law, given in CALLS]
)
def test_floats_arrays_symbols_agree(law, arguments):
    number = law(*arguments)
    assert np.isfinite(number)
    array = law(np.full(3, arguments[0]), *arguments[1:])
    np.testing.assert_allclose(array, number, rtol=1e-12)
    state = pybamm.StateVector(slice(0, 3))  # a symbol that cannot be folded into a number
    symbol = law(state, *arguments[1:])
    evaluated = symbol.evaluate(y=np.full((3, 1), arguments[0]))
    np.testing.assert_allclose(np.ravel(evaluated), number, rtol=1e-12)


@given(st.floats(0.01, 100), st.floats(0, 0.31), st.floats(0.05, 3), st.floats(0.1, 1))
def test_finer_grains_cover_more_and_make_smaller_clusters(offered, voids, factor, exponent):
    here, finer = (
        cover.coverage_ceiling(s, voids, factor, exponent, 0.32, 1.8)
        for s in (offered, 2 * offered)
    )
    assert 0 < here <= finer <= 1
    assert cover.cluster_ratio(offered, exponent) >= cover.cluster_ratio(2 * offered, exponent) >= 1


@given(st.floats(0, 0.1), st.floats(2e5, 1e7), st.floats(2e-8, 3e-7))
def test_binder_from_a_slurry_takes_surfaces_and_less_of_large_ones(binder, surface, patch):
    """Where little is there, a film covers its volume over its thickness and no more."""
    bare = cover.bare_share(binder, surface, patch)
    assert cover.bare_share(binder + 0.01, surface, patch) < bare <= 1
    assert bare <= cover.bare_share(binder, 2 * surface, patch)
    flat = binder / patch / surface  # patches that never overlap
    assert 1 - flat - 1e-12 <= bare <= 1 - flat + flat**2 / 2 + 1e-12


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0, 4))
def test_what_passes_below_a_spot_is_the_integral_of_the_diffusivity(surface, contact, decades):
    """D = 10**(-d c) has one in closed form; Kirchhoff's is that, divided by the step."""
    mean = cover.mean_below_spot(lambda c: 10 ** (-decades * c), surface, contact)
    rate = np.log(10) * decades
    step = contact - surface
    flat = abs(rate * step) < 1e-3
    whole = np.exp(-rate * surface) * -np.expm1(-rate * step) / (rate * step) if not flat else None
    wanted = 10 ** (-decades * (surface + contact) / 2) if flat else whole
    assert mean == pytest.approx(wanted, rel=0.02)


def test_rigid_spheres_have_the_threshold_of_their_contacts():
    """A sphere has 6 contacts; conductors with 1.764 among themselves connect (Kuo, Gupta 1995)."""
    halfway = 6 / 1.764 - 1
    for ratio in (0.2, 1.0, 5.0):
        phi = transport.percolation_threshold(ratio, 1 / (1 + halfway), halfway)
        of_conductor = phi / ratio / (phi / ratio + 1 - phi)  # share of all contacts: by surface
        assert 6 * of_conductor == pytest.approx(1.764)


def test_coarse_grains_make_clusters_of_their_own_gaps():
    """Spheres of one size, n = 1: the chord between grains over that through a particle is 1/s."""
    assert cover.cluster_ratio(0.1, 1.0) == pytest.approx(10, rel=1e-4)
    assert cover.cluster_ratio(10.0, 1.0) == pytest.approx(1, rel=1e-4)


@given(st.floats(0.02, 0.98), st.floats(0.05, 20), st.floats(0.05, 20))
def test_networks_connect_at_less_where_they_are_finer(phi, ratio, halfway):
    fine, coarse = (
        transport.percolation_threshold(r, 0.18, min(halfway, 2.0)) for r in (ratio, 2 * ratio)
    )
    assert 0 < fine < coarse < 0.18 * 3
    conducts = [transport.uneven_percolation(phi, c, 2.0, 0.08) for c in (fine, coarse)]
    assert 0 < conducts[1] <= conducts[0]


def test_a_tail_leaves_what_lies_above_the_threshold_alone():
    """And below it still conducts a little, where the sharp law knows nothing."""
    above = [transport.uneven_percolation(0.8, 0.2, 2.0, w) for w in (0.01, 0.08)]
    assert above[1] == pytest.approx(transport.percolation(0.8, 0.2, 2.0), rel=2e-3)
    assert above[0] == pytest.approx(above[1], rel=2e-3)
    below = [transport.uneven_percolation(0.15, 0.2, 2.0, w) for w in (0.01, 0.08)]
    assert 0 < below[0] < below[1] < above[1]


def test_percolation_follows_measured_composites():
    """Minnmann 2021: two decades of conductivity, of a powder whose threshold is 0.24."""
    phi = np.array([0.61, 0.53, 0.44, 0.33, 0.25])
    measured = np.array([0.408, 0.266, 0.166, 0.0345, 0.00306]) / 1.6
    pellet = transport.uneven_percolation(0.9, 0.186, 2.0, 0.082)
    law = transport.uneven_percolation(phi, 0.22, 2.0, 0.04) / pellet
    assert np.all(np.abs(np.log(law / measured)) < np.log(2.2))
    bruggeman = transport.bruggeman(phi, 1.5)
    assert np.max(bruggeman / measured) > 50  # what one exponent makes of them


def test_coverage_follows_the_microstructure_model():
    """Bielefeld 2019, 70:30 by weight: coverage against porosity 30 to 5 %."""
    voids = np.array([0.30, 0.25, 0.20, 0.15, 0.10, 0.05])
    modelled = np.array([8.5, 32, 49, 60, 69, 74]) / 100
    offered = cover.surface_ratio(0.551, 0.449, 5.0, 3.0)
    law = cover.coverage_ceiling(offered, voids, 1.62, 0.39, 0.319, 2.0)
    assert np.max(np.abs(law - modelled)) < 0.08


def test_islands_of_electrolyte_cover_nothing_that_works():
    """Yanev 2024: 67, 28 and 18 % of the solids are electrolyte, contact falls to a third.

    Constants of the connected share are those of active material and electrons in NCM622, Strauss
    2018: one law, the roles exchanged. Without it, contact would fall by a sixth.
    """
    active, electrolyte = np.array([0.288, 0.672, 0.769]), np.array([0.662, 0.278, 0.181])
    threshold = transport.percolation_threshold(0.3, 0.186, 0.873)
    above = transport.uneven_percolation(0.88 * electrolyte, threshold, 1, 0.082)
    connected = cover.connected_share(above, 0.175, 2.0)
    offered = cover.surface_ratio(electrolyte, active, 10.0, 3.0)
    seen, working = (
        cover.coverage_ceiling(each, 0.12, 1.62, 0.39, 0.319, 2.0)
        for each in (offered, offered * connected)
    )
    assert seen[2] / seen[0] > 0.7
    by_titration = np.array([53.3, 42.3, 18.0])
    assert np.max(np.abs(np.log(working / working[0] / (by_titration / 53.3)))) < np.log(1.7)
    apparent = cover.cluster_ratio(offered * connected, 0.39) ** -2.0
    assert np.all(np.diff(apparent) < 0)


@given(st.floats(0.05, 0.9), st.floats(0.0, 0.5), st.floats(1.0, 6.0))
def test_particles_are_reached_where_any_patch_is(phi, threshold, patches):
    above = transport.uneven_percolation(phi, threshold, 1, 0.08)
    connected = cover.connected_share(above, 0.175, 2.0)
    reached = cover.reached_by_ions(connected, patches)
    assert 0 <= connected <= reached <= 1 + 1e-12  # one patch is the share itself
    assert cover.reached_by_ions(connected, 1.0) == pytest.approx(connected, abs=1e-12)
    more = transport.uneven_percolation(phi + 0.01, threshold, 1, 0.08)
    assert cover.connected_share(more, 0.175, 2.0) >= connected


def test_grain_conductivity_follows_two_powders():
    """Zhou 2025: 2.0 to 1.32 mS/cm from coarse (6 um, assumed) to fine (2 um)."""
    assert transport.grain_conductivity_factor(2e-6, 6e-6, 2.1e-6) == pytest.approx(0.66, abs=0.01)


def test_butler_volmer_and_its_inverse():
    for law, inverse in (
        (interface.butler_volmer, interface.butler_volmer_overpotential),
        (interface.linear, interface.linear_overpotential),
    ):
        assert inverse(law(0.08, 0.5, 300.0), 0.5, 300.0) == pytest.approx(0.08, rel=1e-12)
    small = 1e-5
    assert interface.butler_volmer(small, 0.5, 300.0) == pytest.approx(
        interface.linear(small, 0.5, 300.0), rel=1e-6
    )


def test_indium_leaves_its_plateau_at_both_ends():
    assert open_circuit.lithium_indium(0.5) == pytest.approx(0.622, abs=1e-3)
    assert open_circuit.lithium_indium(1e-4) > 1.5
    assert open_circuit.lithium_indium(1.3) < 0.36


def test_refill_limit_leaves_the_curve_alone_below_it():
    assert open_circuit.limited(3.6, 0.85, 0.92) == pytest.approx(3.6, abs=1e-4)
    assert open_circuit.limited(3.6, 0.92, 0.92) == pytest.approx(2.6, abs=0.01)
    assert open_circuit.limited(3.6, 0.95, 0.92) < 1.5


@given(st.floats(-1, 1), st.floats(1e-8, 1e-3))
def test_hysteresis_never_leaves_its_branches(state, rate):
    none = 1e-5 * 20.0 * rate
    assert open_circuit.hysteresis_rate(rate, 1.0, 20.0) <= 0
    assert abs(open_circuit.hysteresis_rate(-rate, 1.0, 20.0)) < none
    assert abs(open_circuit.hysteresis_rate(rate, -1.0, 20.0)) < none
    assert open_circuit.hysteresis_rate(0.0, state, 20.0) == 0


@pytest.mark.parametrize("patches", [3, 4, 5])
def test_patches_tell_capacity_and_arcs_together(patches):
    """Chen 2024: 77.8 % left at 5 MPa and arcs that double at 2 MPa leave 48 % there (47.7)."""
    kept = 1 - (1 - 0.778) ** (1 / patches)  # of the contact, at 5 MPa
    assert connection.connected_share(1 - kept, patches) == pytest.approx(0.778)
    assert connection.connected_share(1 - kept / 2.1, patches) == pytest.approx(0.477, abs=0.02)


def test_shares_of_particles_stay_shares():
    loosened = np.linspace(-1e-6, 1, 101)
    share = connection.connected_share(loosened, 4.0)
    assert np.all(np.diff(share) <= 0)
    assert share[0] == 1
    assert 0 < share[-1] < 0.01
    # a contact that falls as the loosened share does never exceeds what one particle can have
    assert np.all(connection.contact_of_connected(0.6 * (1 - loosened), share) <= 0.6 + 1e-6)


def test_mixing_keeps_the_lithium():
    """What is connected and what is cut off make up all of it, whatever is asked of none."""
    lithium, c = 3e4, 4e4
    for share in (0.2, 0.7, 1 - 1e-7, 1.0):
        whole = share * c + connection.lithium_cut_off(lithium, share, c)
        assert whole == pytest.approx(lithium)
    assert connection.concentration_cut_off(0.7 * c + 0.3 * 1e4, 0.7, c) == pytest.approx(
        1e4, rel=1e-3
    )
    assert connection.concentration_cut_off(c, 1.0, c) == pytest.approx(c)
