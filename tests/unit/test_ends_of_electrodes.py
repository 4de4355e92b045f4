"""Where an electrode is full and where it is empty: one axis of lithium, kinetics that block."""

import re

import numpy as np
import pybamm
import pytest
from scipy.optimize import brentq

import ssb_model as ssb
from ssb_model.errors import CellFileError
from ssb_model.laws import interface, open_circuit
from ssb_model.parameters.library import cell_path, data_folder
from ssb_model.parameters.potentials import at, potential

SILICON, LITHIUM, INDIUM = "NCM811_LPSCl_Si", "NCM811_LPSCl_Li", "NCM523_LPSCl_InLi"
SOURCES = {SILICON: ("Chen2020", 63104), INDIUM: ("Mohtat2020", 35380)}
OCP = "Open-circuit potential [V]"


def oxide(cell):
    """Lithium content of the oxide at a potential, and its capacity [mAh/g]."""
    section = ssb.load_cell(cell).design.positive.section
    curve = potential(section.entry(OCP))
    per_gram = interface.FARADAY * section["Maximum concentration [mol.m-3]"] / 3.6e6
    per_gram = per_gram / section["Density [kg.m-3]"] * 1e3
    return lambda volts: brentq(lambda x: at(curve, x) - volts, 0.05, 0.999), per_gram


def per_gram(cell, charge):
    """mAh per gram of oxide of a charge per area [C m-2]."""
    return charge / 3.6e3 / cell.design.positive.mass_of_active


def test_an_axis_runs_between_its_ends():
    assert open_circuit.on_axis(-0.2, -0.2, 1.1) == 0
    assert open_circuit.on_axis(1.1, -0.2, 1.1) == 1


@pytest.mark.parametrize("name", SOURCES)
def test_a_curve_keeps_its_charge_on_the_axis_of_the_host(name):
    """Between two potentials as many lithium per volume leave as on the axis of the source."""
    lithium_at, _ = oxide(name)
    parameter_set, concentration = SOURCES[name]
    own = pybamm.ParameterValues(parameter_set)["Positive electrode OCP [V]"]
    theirs = [brentq(lambda s, v=v: at(own, s) - v, 1e-4, 0.95) for v in (4.2, 3.7)]
    ours = [lithium_at(v) for v in (4.2, 3.7)]
    full = ssb.load_cell(name).design.positive.section["Maximum concentration [mol.m-3]"]
    assert np.diff(ours)[0] * full == pytest.approx(np.diff(theirs)[0] * concentration, rel=1e-3)


def test_a_full_host_is_one_lithium_per_formula_unit():
    for name, mass in ((SILICON, 97.28e-3), (INDIUM, 96.55e-3)):
        section = ssb.load_cell(name).design.positive.section
        full = section["Density [kg.m-3]"] / mass
        assert section["Maximum concentration [mol.m-3]"] == pytest.approx(full, rel=1e-3)


def test_first_charges_of_NCM811_follow_from_its_axis():
    """Conforto 2021, 0.05C to 4.25 V: 225 and 235 in sulfide, 228 and 248 mAh/g in liquid."""
    lithium_at, per_gram_full = oxide(SILICON)
    assert lithium_at(3.77) == pytest.approx(0.66, abs=0.005)
    assert 222 < (1 - lithium_at(4.25)) * per_gram_full < 248


def test_first_cycles_of_cells_nobody_fitted():
    """Chen 2024, bilayer: 225.7, then 173.6 mAh/g; Zhou 2025, fine at 30 MPa: 190 mAh/g."""
    bilayer = ssb.load_cell(SILICON).with_recipe(
        {
            "positive: Active material loading [mg.cm-2]": 24.1,
            "cell: Nominal areal capacity [mAh.cm-2]": 5.0,
        }
    )
    charged = per_gram(bilayer, bilayer.window.first_charge)
    (row,) = ssb.rate_test(bilayer, [0.1], cv_until=0.05).rows
    assert charged == pytest.approx(225.7, rel=0.08)
    assert row["Capacity [mA.h.g-1]"] == pytest.approx(173.6, rel=0.05)
    (row,) = ssb.rate_test(LITHIUM, [0.1]).rows
    assert row["Capacity [mA.h.g-1]"] == pytest.approx(190.4, rel=0.05)


def test_lithium_of_the_first_cycle_balances(cell_name):
    """What left the oxide came to the other side, less that side's loss, and returns in part."""
    cell = ssb.load_cell(cell_name)
    window, design = cell.window, cell.design
    positive, negative = design.positive.connected_capacity, design.negative.connected_capacity
    start, loss = (
        design.negative.section[k] for k in ("Pristine stoichiometry", "First-cycle loss")
    )
    pristine = design.positive.section["Pristine stoichiometry"]
    assert (pristine - window.positive_full) * positive == pytest.approx(window.first_charge)
    assert (window.negative_full - start) * negative == pytest.approx(
        (1 - loss) * window.first_charge
    )
    returned = (window.positive_empty - window.positive_full) * positive
    assert returned == pytest.approx((window.negative_full - window.negative_empty) * negative)
    assert returned == pytest.approx(window.charge)
    kept = 1 - design.positive.section["First-cycle loss"]
    # the electrode that gives back less ends it; its potential falls within a few percent
    assert window.charge / window.first_charge < min(kept, 1 - loss if loss else 1) + 0.02


MISTAKES = [
    ("axis = [0.5]", r"the axis is \[lithium content"),
    ("axis = [1.1, -0.2]", "ends of an axis rise"),
    ("axis = [-30, 100]", "ends of an axis rise"),
    ("axis = [0.5, nan]", "must be a number"),
    ("axes = [0.0, 1.0]", "Nearest: axis"),
]


@pytest.mark.parametrize(("written", "complaint"), MISTAKES)
def test_an_axis_that_is_none_is_refused(tmp_path, written, complaint):
    with pytest.raises(CellFileError, match=complaint):
        with_axis(tmp_path, written)


def test_an_axis_belongs_to_a_function(tmp_path):
    text = cell_path(LITHIUM).read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("value = 375,", "value = 375, axis = [0.0, 1.0],"), "utf-8")
    with pytest.raises(CellFileError, match="an axis belongs to"):
        ssb.load_cell(path)


def with_axis(folder, written):
    """The lithium cell with another axis of its oxide."""
    material = (data_folder() / "materials" / "NCM811.toml").read_text(encoding="utf-8")
    (folder / "NCM811.toml").write_text(
        re.sub(r"axis = \[.*?\]", written, material, count=1), encoding="utf-8"
    )
    (folder / "mine.toml").write_text(cell_path(LITHIUM).read_text("utf-8"), encoding="utf-8")
    return ssb.load_cell(folder / "mine.toml")


def test_without_an_axis_the_curve_is_over_the_hosts_own(tmp_path):
    cell = with_axis(tmp_path, "axis = [0.0, 1.0]")
    own = pybamm.ParameterValues("Chen2020")["Positive electrode OCP [V]"]
    curve = potential(cell.design.positive.section.entry(OCP))
    assert at(curve, 0.5) == pytest.approx(at(own, 0.5))
    # what it cost: 179 mAh/g at rest, where 190 are read at 0.1C
    assert per_gram(cell, cell.window.charge) < 183


def exchange_current(cell_name, side="positive"):
    """j0 of an electrode of a cell over its lithium content."""
    values, Side = ssb.load_cell(cell_name).parameter_values, side.capitalize()
    full = values[f"Maximum concentration in {side} electrode [mol.m-3]"]
    law = values[f"{Side} electrode exchange-current density [A.m-2]"]

    def j0(x):
        symbol = law(pybamm.Scalar(1e3), pybamm.Scalar(x * full), full, pybamm.Scalar(298.15))
        return float(values.process_symbol(symbol).evaluate())

    return j0, values[f"{Side} electrode reference exchange-current density [A.m-2]"]


def test_the_reference_is_half_full_whatever_the_fall():
    for fall in (0.0, 4.0):
        j0 = interface.exchange_current_density(0.5, 1.0, 0.3, fall, 6.0)
        assert j0 == pytest.approx(0.3)


@pytest.mark.parametrize("name", [SILICON, INDIUM])
def test_a_pristine_oxide_blocks_and_a_working_one_does_not(name):
    """As assembled it resists 1e4 times more than half charged; charged it hardly differs."""
    j0, reference = exchange_current(name)
    assert j0(0.5) == pytest.approx(reference, rel=1e-6)
    assert 1e4 < j0(0.5) / j0(0.99) < 1e5
    assert j0(0.5) / j0(1 - 1e-8) > 1e5
    assert j0(0.3) == pytest.approx(reference, rel=0.2)
    x = np.linspace(0.5, 0.999, 60)
    assert np.all(np.diff([j0(each) for each in x]) < 0)
    root = interface.exchange_current_density(0.99, 1.0, 1.0)
    assert 1 / root < 10  # the square root alone blocks five times


def test_graphite_resists_more_as_it_fills():
    """Fukunishi 2023: 10, 21 and 39 Ohm at 0.195, 0.068 and 0.005 V, fuller each time."""
    j0, _ = exchange_current("NCM523_LPSCl_Graphite", "negative")
    model = 1 / np.array([j0(x) for x in (0.15, 0.75, 0.95)])
    off = np.log(model / np.array([10, 21, 39]))
    assert np.max(np.abs(off - off.mean())) < np.log(1.25)


def test_iterates_of_a_solver_may_lie_beyond_full_and_empty():
    """PyBaMM keeps what j0 is asked for between both; no power of a negative number, no nan."""
    cell = ssb.load_cell(INDIUM)
    model = cell.model()
    full = cell.parameter_values["Maximum concentration in positive electrode [mol.m-3]"]
    for x in (-0.01, 0.0, 1.0, 1.01):
        symbol = model.param.p.prim.j0(pybamm.Scalar(1e3), pybamm.Scalar(x * full), 298.15)
        j0 = float(cell.parameter_values.process_symbol(symbol).evaluate())
        assert 0 <= j0 < 1


def own_exchange_current(c_e, c_s_surf, c_s_max, T):
    return 1.5 + 0 * c_s_surf


def test_an_exchange_current_of_ones_own_still_takes_its_place():
    cell = ssb.load_cell(LITHIUM).with_options({"mesh": "coarse"})
    values = cell.parameter_values.copy()
    values["Positive electrode exchange-current density [A.m-2]"] = own_exchange_current
    solution = pybamm.Simulation(cell.model(), parameter_values=values, C_rate=0.5).solve([0, 600])
    found = solution["X-averaged positive electrode exchange current density [A.m-2]"].entries
    assert found == pytest.approx(1.5)
