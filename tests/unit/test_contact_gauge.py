"""Contact read off a capacitance, and what it cannot tell."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.analysis.spectrum import PERMITTIVITY
from ssb_model.errors import InputError
from ssb_model.laws import circuit

FOR_GRAPHITE = {"LPSCl": 12.0, "graphite": 10.0}


def test_plate_capacitances_per_area():
    """2 nm: LiNbO3 13.3, NCM 6.6, LPSCl 5.3, graphite 4.4 uF cm-2."""
    for permittivity, expected in ((30, 13.3), (15, 6.6), (12, 5.3), (10, 4.4)):
        assert 100 * circuit.plate_capacitance(permittivity, 2e-9) == pytest.approx(
            expected, abs=0.05
        )


@pytest.mark.parametrize("formula", ["Brug", "Hsu-Mansfeld"])
def test_an_ideal_capacitor_is_itself(formula):
    assert ssb.capacitance_of_arc(3e-6, 1.0, 20.0, 150.0)[formula] == pytest.approx(3e-6)


def test_hsu_mansfeld_gives_the_top_of_the_arc():
    Q, alpha, R = 2e-5, 0.85, 120.0
    C = ssb.capacitance_of_arc(Q, alpha, 10.0, R)["Hsu-Mansfeld"]
    w = 1 / (R * C)
    Z = R / (1 + R * Q * (1j * w) ** alpha)
    around = R / (1 + R * Q * (1j * w * np.array([0.99, 1.01])) ** alpha)
    assert np.all(-around.imag < -Z.imag)


def test_formulas_differ_by_the_ratio_of_resistances():
    both = ssb.capacitance_of_arc(2e-5, 0.8, 10.0, 400.0)
    ratio = both["Hsu-Mansfeld"] / both["Brug"]
    assert ratio == pytest.approx((1 + 400 / 10) ** (0.2 / 0.8))


@pytest.mark.parametrize(
    ("electrode", "permittivities"), [("positive", PERMITTIVITY), ("negative", FOR_GRAPHITE)]
)
def test_a_simulated_capacitance_gives_the_simulated_contact_back(electrode, permittivities):
    result = ssb.pressure_steps("NCM523_LPSCl_Graphite", [20e6, 1e6])
    composite = getattr(ssb.load_cell("NCM523_LPSCl_Graphite").design, electrode)
    surface = composite.utilisation * composite.particle_surface
    for row in result.rows:
        measured = (
            row[f"{electrode.capitalize()} electrode interface capacitance [uF.cm-2]"] * 1e-2
        )  # F m-2
        gauge = ssb.contact_gauge(measured, surface, permittivities)
        true = row[f"{electrode.capitalize()} electrode contact fraction"]
        own = {"positive": "NCM523", "negative": "graphite"}[electrode]
        found = {r["permittivity_of"]: r["contact_fraction"] for r in gauge.rows}
        assert found[own] == pytest.approx(true, rel=0.02)
        low, high = gauge.spread
        assert low <= true * 1.02
        assert high >= true * 0.98


def flagged(gauge):
    return any(row["Flag"] for row in gauge.rows)


def test_more_contact_than_surface_is_flagged_and_kept():
    gauge = ssb.contact_gauge(1.0, 1.0)
    assert flagged(gauge)
    assert gauge.spread[1] > 1
    assert not flagged(ssb.contact_gauge(1e-3, 1.0))
    assert flagged(ssb.contact_gauge(1e-3, 1.0, other_capacitance=2e-3))


@pytest.mark.parametrize("wrong", [{"capacitance": -1}, {"particle_surface": 0}, {"separation": 0}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        ssb.contact_gauge(**{"capacitance": 1e-3, "particle_surface": 1.0, **wrong})
