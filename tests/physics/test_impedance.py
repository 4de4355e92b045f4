"""The small signal against closed formulas, PyBaMM's own, and the cell in time."""

from dataclasses import replace
from functools import cache

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.analysis.spectrum import Spectrum
from ssb_model.cell.numbers import held_at
from ssb_model.engine.engine import Engine, Step
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.experiments.experiment import Held
from ssb_model.laws import circuit
from ssb_model.models.defaults import MESHES, STRETCH
from ssb_model.studies.plan import differing
from tests.runs import run

FREQUENCIES = np.geomspace(1e-3, 1e6, 46)
GAS_CONSTANT, FARADAY, T = 8.314462618, 96485.33212, 298.15


def at_half(name, **options):
    return ssb.load_cell(name).at_soc(0.5).with_options({"mesh": "graded", **options})


def changed(cell, changes):
    """Also what a user may not change alone."""
    return replace(cell, entries=cell._replaced(changes, "test"))


def flat(_):
    """Diffusion frozen: a potential lithium content does not move."""
    return pybamm.Scalar(4.0)


def spectrum(cell, pressure=5e6, frequencies=FREQUENCIES):
    small = SmallSignal(cell)
    state = small.settled(Step(pressure, T))
    return small.linearised(state).impedance(frequencies), state.solution


def number(solution, name):
    return float(np.ravel(solution[name].entries)[-1])


def contacted_surface(solution, cell):
    """Of the positive electrode, per area of cell."""
    names = ("surface area to volume ratio [m-1]", "contact fraction")
    a, theta = (number(solution, f"Positive electrode {name}") for name in names)
    return a * theta * cell.evaluate("Positive electrode thickness [m]")


@pytest.mark.parametrize("j0", [1e-12, 50.0])
def test_transmission_line(cell_name, j0):
    """Electrons free, diffusion frozen: blocking (j0 next to nothing) and with charge transfer.

    The mesh puts more than ten cells into the penetration depth at any frequency.
    """
    cell = changed(
        at_half(cell_name, film="none"),
        {
            "Positive electrode OCP [V]": flat,
            "Positive electrode exchange-current density [A.m-2]": j0,
            "Positive electrode active material conductivity [S.m-1]": 1e7,
        },
    )
    Z, solution = spectrum(cell)
    surface = contacted_surface(solution, cell)
    capacity = cell.evaluate("Positive electrode double-layer capacity [F.m-2]")
    blocking = circuit.constant_phase(2 * np.pi * FREQUENCIES, capacity * surface, 1.0)
    local = circuit.parallel(GAS_CONSTANT * T / FARADAY / j0 / surface, blocking)
    line = circuit.transmission_line(
        number(solution, "Positive electrode ionic resistance [Ohm.m2]"), local
    )
    half_separator = number(solution, "Separator ionic resistance [Ohm.m2]") / 2
    assert np.max(np.abs(Z["positive"] - half_separator - line) / np.abs(line)) < 1e-3


def test_without_exponents_equal_to_pybamm(cell_name, monkeypatch):
    monkeypatch.setitem(MESHES, "graded", {**MESHES["graded"], "x_n": 24, "x_p": 24})
    cell = at_half(cell_name).with_values({"Positive electrode film capacity [F.m-2]": 0.0})
    Z, _ = spectrum(cell, cell.evaluate("Stack pressure [Pa]"))
    cell = cell.with_values({"Ambient temperature [K]": T})
    stock = pybamm.EISSimulation(
        cell.model({"surface form": "differential"}), parameter_values=cell.parameter_values
    ).solve(FREQUENCIES)
    theirs = np.array(stock.impedance) * cell.design.area
    assert np.max(np.abs(Z["cell"] / theirs - 1)) < 1e-9


def test_direct_current_limit(cell_name):
    """Re Z(f -> 0) is (V - OCV(Q)) / I of a small current that lasts much longer than R2/D."""
    cell = at_half(cell_name, mesh="coarse")
    held = (cell.evaluate("Stack pressure [Pa]"), T)
    # slower still, a capacitance a thousand times as large in ohms rounds what resists away
    Z, _ = spectrum(cell, held[0], np.array([1e-6]))
    current = 1e-5 * cell.design.nominal_capacity / 3600
    engine = Engine(cell, tolerance=1e-10)
    engine.current_form.solver.atol = 1e-12
    solution = run(engine, current, *held, longest=3e5).solution
    lost = number(solution, "Bulk open-circuit voltage [V]") - number(solution, "Voltage [V]")
    assert Z["cell"][0].real == pytest.approx(lost / current, rel=0.01)


@pytest.mark.parametrize("exponent", [1.0, 0.8])
@pytest.mark.parametrize("film_capacity", [0.0, 0.3])
def test_arcs(exponent, film_capacity):
    """Free ions and electrons: reaction and film are the arcs of textbooks."""
    film = 0.05
    cell = changed(
        at_half("NCM523_LPSCl_Graphite"),
        {
            "Positive electrode OCP [V]": flat,
            "Positive electrode exchange-current density [A.m-2]": 0.5,
            "Positive electrode film resistance [Ohm.m2]": film,
            "Positive electrode film activation energy [J.mol-1]": 0.0,
            "Positive electrode film capacity [F.m-2]": film_capacity,
            "Positive electrode double-layer exponent": exponent,
            "Positive electrode film exponent": exponent,
            # free beside contact of a few percent; freer ones would only add rounding
            "Positive electrode active material conductivity [S.m-1]": 3e5,
            "Electrolyte reference conductivity [S.m-1]": 3e5,
        },
    )
    f = FREQUENCIES[FREQUENCIES < 1e5]  # above, the arcs are as small as what ions still resist
    Z, solution = spectrum(cell, frequencies=f)
    surface = contacted_surface(solution, cell)
    capacity = cell.evaluate("Positive electrode double-layer capacity [F.m-2]")
    transfer = GAS_CONSTANT * T / FARADAY / 0.5
    omega = 2 * np.pi * f
    shape = (2 * np.pi * 100.0) ** (1 - exponent)  # the capacities are those at 100 Hz
    if film_capacity:
        arcs = circuit.arc(omega, transfer, capacity * shape, exponent)
        arcs = arcs + circuit.arc(omega, film, film_capacity * shape, exponent)
    else:
        arcs = circuit.arc(omega, transfer + film, capacity * shape, exponent)
    assert np.max(np.abs(Z["positive"] * surface / arcs - 1)) < 1e-3


def draft_spectra(cells):
    """|Z| at 1 Hz of cells that share a model."""
    small = SmallSignal(cells[0], differing(cells[0], cells[1:]))
    steps = [Held(cell, 5e6, T).step() for cell in cells]
    at = (small.linearised(small.settled(step), step.cell) for step in steps)
    return [np.abs(one.impedance(np.array([1.0]))["cell"]) for one in at]


LAYER_Q, FILM_Q = (f"Positive electrode {name} Q [S.m-2]" for name in ("double-layer", "film"))


def blocking(j0, exponent, values=None, mesh="graded"):
    """Two cathodes of the sheet cell, full of lithium, that exchange this little [A m-2]."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").with_values(
        {
            "Positive electrode reference exchange-current density [A.m-2]": j0,
            "Positive electrode double-layer exponent": exponent,
            **(values or {}),
        }
    )
    return cell.at_soc(0).symmetric("positive").with_options({"mesh": mesh})


@pytest.mark.parametrize("exponent", [0.6, 0.8, 0.87, 1.0])
def test_the_double_layer_does_not_know_the_exchange_current(exponent):
    """j0 / 100 leaves Q as it is, and |Z| where next to nothing crosses the interface."""
    kept = [blocking(j0, exponent).evaluate(LAYER_Q) for j0 in (1e-10, 1e-12)]
    assert kept[0] == pytest.approx(kept[1], rel=1e-6)
    of = draft_spectra([blocking(j0, exponent, mesh="draft") for j0 in (1e-10, 1e-12, 6e-4, 6e-6)])
    assert of[0] == pytest.approx(of[1], rel=1e-6)
    # about as the sheets of the paper block, a few percent of the current cross at 1 Hz
    assert of[2] == pytest.approx(of[3], rel=0.05)


@pytest.mark.parametrize("exponent", [0.6, 0.8, 1.0])
def test_a_phase_element_that_is_set_is_read_back(exponent):
    """From the spectrum of a surface that blocks, between ions and electrons that are free."""
    cell = blocking(
        1e-12,
        exponent,
        {
            LAYER_Q: 0.2,
            "Positive electrode film capacity [F.m-2]": 0.0,
            "Electrolyte reference conductivity [S.m-1]": 1e3,
            "Positive electrode active material conductivity [S.m-1]": 1e3,
        },
    )
    assert cell.evaluate(LAYER_Q) == pytest.approx(0.2)
    f = np.array([0.3, 0.1, 0.03])
    Z, solution = spectrum(cell, frequencies=f)
    found = 1 / (Z["positive"] * (2j * np.pi * f) ** exponent) / contacted_surface(solution, cell)
    assert found == pytest.approx(np.full(3, 0.2), rel=1e-4)
    with pytest.raises(ssb.errors.InputError, match="is given as a number"):
        cell_with = ssb.load_cell("NCM523_LPSCl_Graphite").with_values({LAYER_Q: 0.2})
        cell_with.with_values({"Positive electrode double-layer reference frequency [Hz]": 10})


@pytest.mark.parametrize("exponent", [0.7, 1.0])
def test_the_films_element_does_not_know_its_resistance(exponent):
    """Well above the film's own frequency it is its capacity that is seen, whatever resists."""
    film = {
        "Positive electrode film capacity [F.m-2]": 1e-3,
        "Positive electrode film exponent": exponent,
    }
    f = np.array([1e3])
    spectra = []
    for resistance in (1e6, 1e8):
        values = {"Positive electrode film resistance [Ohm.m2]": resistance, **film}
        cell = blocking(1e-12, 1.0, values, mesh="draft")
        assert cell.evaluate(FILM_Q) == pytest.approx(1e-3 * (200 * np.pi) ** (1 - exponent))
        spectra.append(spectrum(cell, frequencies=f)[0]["cell"])
    assert np.abs(spectra[0]) == pytest.approx(np.abs(spectra[1]), rel=1e-6)


R_M = {-20: 2200, 0: 830, 20: 400, 40: 100, 60: 55}  # Ohm of two, Kawaguchi 2026, Table S5


@cache
def of_two(side, changes=()):
    """Two sheets of cell D as the paper assembled them, and their model."""
    loading, j0 = {"positive": (23.0, 6e-4), "negative": (18.0, 3.3e-5)}[side]
    electrode = f"{side.capitalize()} electrode"
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    cell = cell.with_recipe({f"{side}: Composite loading [mg.cm-2]": loading}).with_values(
        {
            f"{electrode} reference exchange-current density [A.m-2]": j0,
            f"{electrode} exchange-current activation energy [J.mol-1]": 5e3,
            f"{electrode} double-layer exponent": 0.9,
            **dict(changes),
        }
    )
    cell = cell.at_soc(0).symmetric(side).on_mesh("graded")
    return cell, SmallSignal(cell)


def arc_of_two(side, celsius, *changes):
    """Fit of R_s and two arcs, in Ohm."""
    cell, small = of_two(side, changes)
    held = held_at(cell, None, celsius + 273.15)
    settled = small.settled(Held(cell, *held).step())
    f = np.geomspace(1e6, 1e-2, 57)
    Z = small.linearised(settled).impedance(f)
    values = Spectrum.simulated(cell, None, held, 0.0, f, Z, settled).fit(2).values
    area = cell.design.area * 1e4
    return {name: v / area if name[0] == "R" else v for name, v in values.items()}


@pytest.mark.parametrize("celsius", R_M)
def test_the_coating_has_an_arc_in_cathodes_and_none_in_anodes(celsius):
    cathodes, anodes = (arc_of_two(side, celsius) for side in ("positive", "negative"))
    ions = "Negative electrode ionic transport efficiency"
    better = 4 * ssb.load_cell("NCM523_LPSCl_Graphite").evaluate(ions)
    freer = arc_of_two("negative", celsius, (ions, better))
    assert cathodes["R_1"] == pytest.approx(R_M[celsius], rel=0.3)
    assert cathodes["alpha_1"] == pytest.approx(0.8, abs=0.1)
    assert anodes["R_1"] < 0.6 * anodes["R_s"]
    assert anodes["R_1"] < 0.45 * cathodes["R_1"]
    # what is left are ions on their way: it goes as they resist, and is flatter than a film's arc
    assert freer["R_1"] == pytest.approx(anodes["R_1"] / 4, rel=0.1)
    assert anodes["alpha_1"] < cathodes["alpha_1"] - 0.1


def test_the_arc_of_the_cathodes_is_the_coatings():
    """With no capacity of its own the film is part of the transfer resistance."""
    without = arc_of_two("positive", 20, ("Positive electrode film capacity [F.m-2]", 0.0))
    assert without["R_1"] < 0.25 * R_M[20]


def test_at_rest_after_hysteresis_no_overpotential_is_left():
    """Discharged, charged a little, rested: the two sides of silicon's reaction are even."""
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    held = (5e6, T)
    engine = Engine(cell.at_soc(0.9))
    state = run(engine, 8.0, *held, longest=3000).state
    state = run(engine, -8.0, *held, start=state, longest=300).state
    state = run(engine, 0.0, *held, start=state, longest=3e5).state
    assert -0.95 < number(state.solution, "Negative electrode hysteresis state") < 0.95
    small = SmallSignal(cell)
    solution = small.settled(Step(*held, start=state)).solution
    for name in (
        "Lithium metal interface reaction overpotential [V]",
        "X-averaged positive electrode reaction overpotential [V]",
    ):
        assert abs(number(solution, name)) < 2e-6
    # nor where nothing was solved
    state = small.settled(Step(*held))
    small.linearised(state)  # which has PyBaMM write out the model's equations
    start = state.solution
    model = start.all_models[0]
    inputs = [float(value[0]) for value in start.all_inputs[0].values()]
    left = np.array(model.rhs_algebraic_eval(0, start.y[:, 0], np.array(inputs)))
    assert np.abs(left).max() < 3e-8  # rounding of the slopes


def test_electrodes_and_faces_add_up_to_the_cell(cell_name):
    cell = at_half(cell_name)
    Z, _ = spectrum(cell)
    faces = Z["cell"] - Z["positive"] - Z["negative"]
    assert np.ptp(faces.real) < 1e-9
    assert np.abs(faces.imag).max() < 1e-9
    assert faces[0].real >= -1e-12


def test_a_symmetric_cell_is_twice_one_electrode():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").at_soc(0.5).with_options({"mesh": "graded"})
    twice, _ = spectrum(cell.symmetric("positive"))
    whole, _ = spectrum(cell)
    # the two sides differ in their radial mesh
    assert np.max(np.abs(twice["positive"] / twice["negative"] - 1)) < 1e-3
    assert np.max(np.abs(twice["positive"] / whole["positive"] - 1)) < 1e-3


def test_heat_is_of_second_order():
    cell = ssb.load_cell("NCM523_LPSCl_InLi").with_options({"mesh": "coarse"})
    warm = cell.with_options({"thermal": "lumped"})
    plain, lumped = (ssb.impedance(c).spectra[0].impedance["cell"] for c in (cell, warm))
    assert np.array_equal(plain, lumped)
    after = ssb.impedance(ssb.discharge(warm, 0.5).cell_after, frequencies=[1e3, 1.0])
    assert np.all(np.isfinite(after.spectra[0].impedance["cell"]))


@pytest.mark.parametrize("soc", [0.0, 1.0])
def test_a_finer_mesh_changes_nothing(cell_name, soc, monkeypatch):
    """Near empty dU/dc is so steep that diffusion shows up to 1 kHz, at nanometres of depth."""
    cell = ssb.load_cell(cell_name).with_options({"mesh": "graded"}).at_soc(soc)
    f = np.geomspace(1e-3, 1e6, 28)
    few = {**MESHES["graded"], "x_n": 24, "x_p": 24}  # places through the layers, the same in both
    monkeypatch.setitem(MESHES, "graded", few)
    Z, _ = spectrum(cell, frequencies=f)
    points = {**few, "r_n": 120, "r_p": 120, "depth": 480}
    monkeypatch.setitem(MESHES, "graded", points)
    monkeypatch.setitem(STRETCH, "graded", (7.0, 10.0))
    finer, _ = spectrum(cell, frequencies=f)
    for part in Z:
        assert np.max(np.abs(Z[part] / finer[part] - 1)) < 3e-3
        assert np.all(Z[part].real > 0)


def test_a_state_carried_to_another_mesh_stays_what_it_is(cell_name, monkeypatch):
    """Lithium to rounding, contact and voltage; the spectrum is that of a run on this mesh."""
    # places through the layers: what is graded is the way into the particles
    monkeypatch.setitem(MESHES, "graded", {**MESHES["graded"], "x_n": 16, "x_p": 16})
    results = []
    for mesh in ("coarse", "graded"):
        cell = ssb.load_cell(cell_name).with_options({"mesh": mesh})
        used = ssb.discharge(cell, 0.2).cell_after
        results.append(ssb.impedance(used, frequencies=np.geomspace(1e-3, 1e6, 28)).spectra[0])
        if mesh == "coarse":
            state = SmallSignal(used, mesh="graded").engine.carried(used.state, T)
            for name in (
                "Total lithium in positive electrode [mol]",
                "Total lithium in negative electrode [mol]",
                "X-averaged positive electrode contact fraction",
            ):
                before, after = (number(s.solution, name) for s in (used.state, state))
                assert after == pytest.approx(before, rel=1e-9)
    coarse, graded = results
    assert coarse.conditions["Voltage [V]"] == pytest.approx(
        graded.conditions["Voltage [V]"], abs=2e-3
    )
    assert abs(graded.conditions["Drift [mV.h-1]"]) < 5
    ratio = coarse.impedance["cell"] / graded.impedance["cell"]
    assert np.max(np.abs(ratio - 1)) < 0.03
