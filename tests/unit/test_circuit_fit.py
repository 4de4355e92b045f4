"""Circuits: known parameters come back, with honest uncertainties, or are flagged."""

import numpy as np
import pytest

from ssb_model.analysis.circuit_fit import fit_circuit
from ssb_model.errors import InputError
from ssb_model.laws import circuit

F = np.logspace(6, -2, 57)
OMEGA = 2 * np.pi * F
TWO = {"R_1": 20, "tau_1": 1e-5, "alpha_1": 0.85, "R_2": 40, "tau_2": 1e-2, "alpha_2": 0.8}
CASES = {
    "one arc": (1, "none", {"R_s": 20, "R_1": 50, "tau_1": 1e-4, "alpha_1": 0.85}),
    "two arcs": (2, "none", {"R_s": 20, **TWO}),
    "wire": (2, "none", {"R_s": 20, "L": 1e-6, **TWO}),
    "warburg": (2, "warburg", {"R_s": 20, **TWO, "A_w": 4}),
    "blocking": (2, "constant phase", {"R_s": 20, **TWO, "Q_t": 0.05, "alpha_t": 0.9}),
    "wall": (2, "finite space warburg", {"R_s": 20, **TWO, "R_w": 30, "tau_w": 20}),
    "reservoir": (2, "finite length warburg", {"R_s": 20, **TWO, "R_w": 30, "tau_w": 20}),
    "pores": (0, "transmission line", {"R_s": 5, "R_ion": 60, "Q_t": 1e-3, "alpha_t": 0.9}),
}

ARCS_BEFORE_PORES = {"R_1": 75, "tau_1": 2.2e-6, "alpha_1": 0.8, "R_2": 15.6, "tau_2": 4.4e-4}
ARCS_BEFORE_PORES |= {"R_s": 11, "alpha_2": 0.82, "R_ion": 50, "Q_t": 1e-2, "alpha_t": 0.9}


def spectrum(arcs, tail, p):
    """The circuit written out, not by the function under test."""
    Z = p["R_s"] + 1j * OMEGA * p.get("L", 0)
    for k in range(1, arcs + 1):
        Z = Z + circuit.arc_of_time(OMEGA, p[f"R_{k}"], p[f"tau_{k}"], p[f"alpha_{k}"])
    if tail == "warburg":
        Z = Z + p["A_w"] / np.sqrt(1j * OMEGA)
    elif tail == "constant phase":
        Z = Z + circuit.constant_phase(OMEGA, p["Q_t"], p["alpha_t"])
    elif tail == "finite space warburg":
        Z = Z + circuit.finite_space_warburg(OMEGA, p["R_w"], p["tau_w"])
    elif tail == "finite length warburg":
        Z = Z + circuit.finite_length_warburg(OMEGA, p["R_w"], p["tau_w"])
    elif tail == "transmission line":
        local = circuit.constant_phase(OMEGA, p["Q_t"], p["alpha_t"])
        Z = Z + circuit.transmission_line(p["R_ion"], local)
    return Z


def noisy(Z, share, seed):
    rng = np.random.default_rng(seed)
    return Z * (1 + share * (rng.normal(size=len(Z)) + 1j * rng.normal(size=len(Z))))


def flagged(fit):
    """Names of parameters the data do not determine."""
    return {row["name"] for row in fit.rows if row["Flag"]}


def fitted(name, share=0.0, seed=0):
    arcs, tail, p = CASES[name]
    Z = noisy(spectrum(arcs, tail, p), share, seed)
    return fit_circuit(F, Z, arcs, tail, inductance="L" in p), p


@pytest.mark.parametrize("name", CASES)
def test_exact_parameters_come_back(name):
    fit, p = fitted(name)
    assert {key: fit.values[key] for key in p} == pytest.approx(p, rel=1e-3)
    assert fit.misfit < 1e-6
    assert not flagged(fit)


@pytest.mark.parametrize("name", ["one arc", "blocking"])
def test_noisy_parameters_scatter_as_their_uncertainties_say(name):
    errors, capacitances = [], []
    for seed in range(30):
        fit, p = fitted(name, 5e-3, seed + 100)
        sigma = {row["name"]: row["sigma"] for row in fit.rows}
        errors.append([(fit.values[key] - p[key]) / sigma[key] for key in p])
        capacitances.append((fit.values["C_1 Brug"], sigma["C_1 Brug"]))
        assert fit.misfit == pytest.approx(5e-3, rel=0.25)
    errors, capacitances = np.array(errors), np.array(capacitances)
    assert 0.5 < np.mean(errors**2) < 2
    assert np.all((np.mean(errors**2, axis=0) > 0.3) & (np.mean(errors**2, axis=0) < 2.5))
    assert np.mean(np.abs(errors) < 3) > 0.98
    assert np.std(capacitances[:, 0]) == pytest.approx(np.mean(capacitances[:, 1]), rel=0.4)


@pytest.mark.parametrize("name", CASES)
def test_noisy_parameters_lie_within_their_uncertainties(name):
    fit, p = fitted(name, 5e-3, seed=11)
    sigma = {row["name"]: row["sigma"] for row in fit.rows}
    errors = np.array([(fit.values[key] - p[key]) / sigma[key] for key in p])
    assert np.max(np.abs(errors)) < 3.5


def test_capacitances_by_both_formulas():
    fit, p = fitted("one arc")
    Q = p["tau_1"] ** p["alpha_1"] / p["R_1"]
    assert fit.values["Q_1"] == pytest.approx(Q)
    assert fit.values["C_1 Hsu-Mansfeld"] == pytest.approx(p["tau_1"] / p["R_1"])
    shunted = 1 / (1 / p["R_s"] + 1 / p["R_1"])
    brug = Q ** (1 / 0.85) * shunted ** ((1 - 0.85) / 0.85)
    assert fit.values["C_1 Brug"] == pytest.approx(brug)
    spread = (1 + p["R_1"] / p["R_s"]) ** ((1 - 0.85) / 0.85)
    assert fit.values["C_1 spread"] == pytest.approx(spread)
    (read,) = fit.capacitances
    assert read["Spread"] == pytest.approx(read["Hsu-Mansfeld"] / read["Brug"])
    assert (read["Arc"], read["unit"], read["Brug"]) == (1, "F cm-2", fit.values["C_1 Brug"])
    units = fit.table.set_index("name")["unit"]
    assert (units["R_1"], units["C_1 Brug"]) == ("Ohm cm2", "F cm-2")


def test_of_a_capacitor_both_formulas_are_one():
    p = {"R_s": 20, "R_1": 50, "tau_1": 1e-4, "alpha_1": 1.0}
    fit = fit_circuit(F, spectrum(1, "none", p), 1, fixed={"alpha_1": 1.0})
    assert fit.capacitances[0]["Spread"] == pytest.approx(1)
    assert fit_circuit(F, spectrum(*CASES["pores"]), 0, "transmission line").capacitances == []


def test_one_arc_too_many_is_flagged():
    arcs, tail, p = CASES["one arc"]
    Z = noisy(spectrum(arcs, tail, p), 5e-3, 3)
    assert not flagged(fit_circuit(F, Z, 1))
    assert flagged(fit_circuit(F, Z, 2))


def test_diffusion_without_end_does_not_tell_how_far_the_wall_is():
    Z = 20 + circuit.arc_of_time(OMEGA, 50.0, 1e-4, 0.9)
    Z = noisy(Z + circuit.constant_phase(OMEGA, 0.3, 0.5), 3e-3, 4)
    fit = fit_circuit(F, Z, 1, "finite space warburg")
    assert {"R_w", "tau_w"} <= flagged(fit)
    assert abs(fit.correlation.loc["R_w", "tau_w"]) > 0.98
    assert not {"R_s", "R_1", "alpha_1"} & flagged(fit)


def test_an_ideal_capacitor_is_at_its_bound_until_fixed():
    Z = noisy(20 + circuit.arc_of_time(OMEGA, 50.0, 1e-4, 1.0), 1e-3, 1)
    free = fit_circuit(F, Z, 1)
    fixed = fit_circuit(F, Z, 1, fixed={"alpha_1": 1.0})
    assert free.values["alpha_1"] > 0.99
    assert fixed.values["alpha_1"] == 1.0
    assert "alpha_1" not in fixed.correlation
    assert fixed.values["tau_1"] == pytest.approx(1e-4, rel=0.01)
    assert not flagged(fixed)


def test_the_wrong_circuit_shows_in_the_misfit():
    fit, _ = fitted("two arcs", 1e-3, 0)
    arcs, tail, p = CASES["two arcs"]
    wrong = fit_circuit(F, noisy(spectrum(arcs, tail, p), 1e-3, 0), 1)
    assert fit.misfit < 2e-3
    assert wrong.misfit > 2e-2


@pytest.mark.parametrize("seed", range(3))
def test_a_false_minimum_is_left_for_the_true_one(seed):
    """From the peaks of the relaxation times alone the misfit can stay ten times the noise."""
    Z = noisy(spectrum(2, "transmission line", ARCS_BEFORE_PORES), 2e-3, seed)
    fit = fit_circuit(F, Z, 2, "transmission line")
    assert fit.misfit == pytest.approx(2e-3, rel=0.25)
    assert fit.values["R_2"] == pytest.approx(15.6, rel=0.1)


def test_order_of_points_does_not_matter():
    arcs, tail, p = CASES["blocking"]
    Z = noisy(spectrum(arcs, tail, p), 5e-3, 0)
    mixed = np.random.default_rng(3).permutation(len(F))
    one, other = fit_circuit(F, Z, arcs, tail), fit_circuit(F[mixed], Z[mixed], arcs, tail)
    assert other.values == pytest.approx(one.values, rel=1e-4)
    assert other.frequency.tolist() == F.tolist()


@pytest.mark.parametrize(
    ("points", "options", "cure"),
    [
        (slice(None, None, 12), {"arcs": 2}, "at least 7"),
        (slice(None), {"arcs": 0}, "at least one arc or a tail"),
        (slice(None), {"tail": "warborg"}, "Nearest: warburg"),
        (slice(None), {"fixed": {"alpha1": 1.0}}, "Nearest: alpha_1"),
        (slice(None), {"fixed": {"alpha_1": 1.2}}, "at most 1"),
        (
            slice(None),
            {"fixed": {"R_s": 1.0, "R_1": 1.0, "tau_1": 1.0, "alpha_1": 1.0}},
            "leave one",
        ),
    ],
)
def test_nonsense_is_refused(points, options, cure):
    Z = spectrum(*CASES["one arc"])
    with pytest.raises(InputError, match=cure):
        fit_circuit(F[points], Z[points], **options)


def test_leads_are_fitted_where_the_spectrum_is_inductive():
    f = np.logspace(6, 0, 43)
    omega = 2 * np.pi * f
    Z = 10 + circuit.arc_of_time(omega, 20.0, 1e-3, 0.9) + 4e-6j * omega
    found = fit_circuit(f, Z, 1).values
    assert found["L"] == pytest.approx(4e-6, rel=1e-3)
    assert found["R_1"] == pytest.approx(20.0, rel=1e-3)
    assert "L" not in fit_circuit(f, Z, 1, inductance=False).values
