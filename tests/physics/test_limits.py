"""Where the model must equal something known."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.laws import interface

PLAIN = {
    "contact": "constant",
    "film": "none",
    "contact spots": "false",
    "ionic transport": "Bruggeman",
    "electronic transport": "Bruggeman",
    "grain boundaries": "none",
}
TIGHT = {"rtol": 1e-8, "atol": 1e-10}


def voltages(values, points, stock_transference=1.0):
    """1C discharge of this model and of PyBaMM's own, on one mesh and one set of parameters."""
    ours = ssb.SolidStateDFN(PLAIN)
    stock = pybamm.lithium_ion.DFN(
        {"interface utilisation": "constant", "contact resistance": "true"}
    )
    mesh = {"var_pts": points, "submesh_types": stock.default_submesh_types}
    other = values.copy()
    other["Cation transference number"] = stock_transference
    solutions = [
        pybamm.Simulation(
            model, parameter_values=v, C_rate=1, solver=pybamm.IDAKLUSolver(**TIGHT), **mesh
        ).solve([0, 5400])
        for model, v in ((ours, values), (stock, other))
    ]
    times = np.linspace(0, min(s.t[-1] for s in solutions), 400)[:-1]
    return [s["Voltage [V]"](times) for s in solutions]


def points(x, r=15):
    return {"x_n": x, "x_s": x, "x_p": x, "r_n": r, "r_p": r}


@pytest.fixture
def values():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    fractions = {f"{d} electrode contact fraction": 0.4 for d in ("Positive", "Negative")}
    return cell.with_values(fractions).parameter_values.copy()


def test_equals_pybamm_with_one_conductivity(values):
    for domain in ("Negative electrode", "Separator", "Positive electrode"):
        b = np.log(0.1) / np.log(values[f"{domain} porosity"])
        values[f"{domain} Bruggeman coefficient (electrolyte)"] = b
    ours, stock = voltages(values, points(20))
    assert np.max(np.abs(ours - stock)) < 1e-4


def test_equals_pybamm_with_jumps_in_conductivity(values):
    """At a transference number of exactly 1 PyBaMM, too, takes the harmonic mean at faces."""
    ours, stock = voltages(values, points(20))
    assert np.max(np.abs(ours - stock)) < 1e-4


def test_pybamm_is_first_order_at_faces_where_a_salt_gradient_stands_in_the_flux(values):
    """The difference to PyBaMM's arithmetic mean halves with the mesh."""
    gaps = []
    for x in (10, 20, 40):
        ours, stock = voltages(values, points(x), stock_transference=1 - 1e-9)
        gaps.append(np.max(np.abs(ours - stock)))
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.1)
    assert gaps[1] / gaps[2] == pytest.approx(2, rel=0.1)


def test_uniform_reaction_without_transport_losses():
    """kappa, sigma and D to infinity: only the reaction and the film are left, in closed form."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").at_soc(0.5)
    changes = {"Electrolyte reference conductivity [S.m-1]": 1e4}
    for Domain in ("Positive", "Negative"):
        changes[f"{Domain} electrode active material conductivity [S.m-1]"] = 1e5
        changes[f"{Domain} particle reference diffusivity [m2.s-1]"] = 1e-8
        changes[f"{Domain} electrode face resistance [Ohm.m2]"] = 0.0
        changes[f"{Domain} electrode film resistance [Ohm.m2]"] = 2e-3
    cell = cell.with_values(changes)
    model = cell.model({"contact spots": "false"})
    solution = pybamm.Simulation(
        model, parameter_values=cell.parameter_values, C_rate=1, solver=pybamm.IDAKLUSolver(**TIGHT)
    ).solve([0, 60])
    T, i = 298.15, solution["Current collector current density [A.m-2]"].entries[-1]
    lost = 0.0
    for domain in ("positive", "negative"):
        electrode = f"{domain.capitalize()} electrode"
        L = cell.parameter_values[f"{electrode} thickness [m]"]
        a = solution[f"X-averaged {domain} electrode surface area to volume ratio [m-1]"].entries
        theta = solution[f"X-averaged {domain} electrode contact fraction"].entries[-1]
        j0 = solution[f"X-averaged {domain} electrode exchange current density [A.m-2]"].entries[-1]
        j = i / (a[-1] * L * theta)
        lost += interface.butler_volmer_overpotential(j, j0, T) + j * 2e-3
    expected = solution["Surface open-circuit voltage [V]"].entries[-1] - lost
    assert solution["Voltage [V]"].entries[-1] == pytest.approx(expected, abs=2e-4)


def test_contact_and_exchange_current_trade_places():
    """Without film and spots only theta j0 counts."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    options = {"contact": "constant", "film": "none", "contact spots": "false"}
    ends = []
    for theta in (0.2, 0.8):
        changes = {}
        for Domain in ("Positive", "Negative"):
            changes[f"{Domain} electrode contact fraction"] = theta
            changes[f"{Domain} electrode reference exchange-current density [A.m-2]"] = 1 / theta
        changed = cell.with_values(changes)
        simulation = pybamm.Simulation(
            cell.model(options), parameter_values=changed.parameter_values, C_rate=0.5
        )
        ends.append(simulation.solve([0, 1800])["Voltage [V]"].entries[-1])
    assert ends[0] == pytest.approx(ends[1], abs=1e-5)


def test_double_layer_scales_with_contact():
    """Just after a current step the contacted double layer takes it: dV/dt = i / (theta a L C)."""
    cell = ssb.load_cell("NCM811_LPSCl_Li").at_soc(0.5)
    slopes = []
    for theta in (0.2, 0.4):
        changes = {
            "Positive electrode contact fraction": theta,
            "Electrolyte reference conductivity [S.m-1]": 1e3,
            "Positive electrode active material conductivity [S.m-1]": 1e3,
            "Negative electrode double-layer capacity [F.m-2]": 1e4,
            # so slow that no current takes the way past the double layer
            "Positive electrode reference exchange-current density [A.m-2]": 1e-3,
        }
        changed = cell.with_values(changes)
        model = cell.model({"contact": ("memory", "constant"), "surface form": "differential"})
        values = changed.parameter_values
        solution = pybamm.Simulation(
            model, parameter_values=values, C_rate=0.1, solver=pybamm.IDAKLUSolver(**TIGHT)
        ).solve([0, 1e-5])
        delta_phi = solution["X-averaged positive electrode surface potential difference [V]"]
        slopes.append((delta_phi(1e-5) - delta_phi(1e-6)) / 9e-6)
    a_L = (
        3
        * values["Positive electrode thickness [m]"]
        * cell.design.positive.active
        * cell.design.positive.utilisation
        / values["Positive particle radius [m]"]
    )
    i = 0.1 * cell.design.nominal_capacity / 3600
    expected = -i / (0.4 * a_L * values["Positive electrode double-layer capacity [F.m-2]"])
    assert slopes[1] == pytest.approx(expected, rel=1e-3)
    assert slopes[0] / slopes[1] == pytest.approx(2, rel=1e-3)
