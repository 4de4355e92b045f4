"""From what one weighs to volume fractions, windows and capacities."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import RecipeError, SolidStateError
from ssb_model.laws import recipe
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters.new_cell import Known, cell_text
from ssb_model.studies.draws import draws_of


def test_volumes_and_density_by_hand():
    fractions, density = recipe.solid_volume_fractions({"A": 75, "B": 25}, {"A": 4000, "B": 2000})
    assert fractions == pytest.approx({"A": 0.6, "B": 0.4})
    assert density == pytest.approx(3200)


def test_thickness_and_porosity_are_two_ways_to_say_one_thing():
    weights, densities = {"A": 75, "B": 25}, {"A": 4000, "B": 2000}
    by_porosity = recipe.pressed_layer(weights, densities, 0.32, porosity=0.2)
    assert by_porosity.thickness == pytest.approx(0.32 / 3200 / 0.8)
    again = recipe.pressed_layer(weights, densities, 0.32, thickness=by_porosity.thickness)
    assert again.porosity == pytest.approx(0.2)
    assert sum(again.fractions.values()) + again.porosity == pytest.approx(1)
    surface = recipe.surface_of_spheres(again.fractions["A"], 5e-6)
    assert surface == pytest.approx(6 * 0.48 / 5e-6)


@pytest.mark.parametrize(
    ("weights", "arguments", "complaint"),
    [
        ({"A": 70, "B": 20}, {"porosity": 0.1}, "add up to 90"),
        ({"A": 110, "B": -10}, {"porosity": 0.1}, "B must be positive, not -10"),
        ({"A": 75, "B": 25}, {"thickness": 50e-6}, "porosity would be -1.000"),
        ({"A": 75, "B": 25}, {"porosity": 1.2}, "between 0 and 1"),
        ({"A": 75, "B": 25}, {}, "one of the two"),
        ({"A": 75, "B": 25}, {"porosity": 0.1, "thickness": 1e-4}, "one of the two"),
    ],
)
def test_impossible_recipes(weights, arguments, complaint):
    with pytest.raises(RecipeError, match=complaint):
        recipe.pressed_layer(weights, {"A": 4000, "B": 2000}, 0.32, **arguments)


def test_theoretical_capacity_is_the_lithium_window(cell_name):
    """mg cm-2 times mAh/g of the recipe against F c_max eps L of the parameters."""
    cell = ssb.load_cell(cell_name)
    values, positive = cell.parameter_values, cell.design.positive
    grams = positive.mass_of_active * 0.1  # per cm2
    section = positive.section
    per_gram = (
        FARADAY * section["Maximum concentration [mol.m-3]"] / section["Density [kg.m-3]"] / 3600
    )
    window = (
        values["Positive electrode total active material volume fraction"]
        * values["Positive electrode thickness [m]"]
        * values["Maximum concentration in positive electrode [mol.m-3]"]
        * FARADAY
        / 3.6e4
    )
    assert grams * per_gram == pytest.approx(window, rel=1e-3)
    loading = section["Composition"][section.words["active_material"]]
    given = section.entries.get("Active material loading [kg.m-2]")
    if given is not None:
        assert positive.mass_of_active == pytest.approx(given.value, rel=1e-9)
    else:
        composite = section["Composite loading [kg.m-2]"]
        share = loading / sum(section["Composition"].values())
        assert positive.mass_of_active == pytest.approx(composite * share, rel=1e-9)


def test_charge_of_the_window_is_what_both_electrodes_exchange(cell_name):
    cell = ssb.load_cell(cell_name)
    window, design = cell.window, cell.design
    positive = window.positive_empty - window.positive_full
    negative = window.negative_full - window.negative_empty
    assert positive * design.positive.connected_capacity == pytest.approx(window.charge)
    assert negative * design.negative.connected_capacity == pytest.approx(window.charge)


def test_np_ratio_of_the_silicon_cell():
    assert ssb.load_cell("NCM811_LPSCl_Si").design.np_ratio == pytest.approx(1.2, rel=1e-9)


def test_printed_volumes_of_the_graphite_cell():
    """Kawaguchi 2026 print 56 vol% NCM and 50 vol% graphite."""
    design = ssb.load_cell("NCM523_LPSCl_Graphite").design
    assert design.positive.active == pytest.approx(0.56, abs=0.005)
    assert design.negative.active == pytest.approx(0.50, abs=0.005)


def test_windows_by_hand():
    """Straight potentials: every number can be checked on paper."""
    positive, negative = (lambda y: 4.5 - y), (lambda x: 1 - x)
    charged = recipe.first_charge(3.8, positive, negative, 100.0, 200.0, 0.0, 0.1)
    assert positive(1 - charged / 100) - negative(0.9 * charged / 200) == pytest.approx(3.8)
    full = 1 - charged / 100, 0.9 * charged / 200
    window = recipe.discharge_window(3.3, positive, negative, 100.0, 200.0, *full, charged)
    assert positive(window.positive_empty) - negative(window.negative_empty) == pytest.approx(3.3)
    assert window.at(1) == pytest.approx((window.negative_full, window.positive_full))


@pytest.mark.parametrize(("low", "high"), [(2.0, 6.0), (2.0, 2.4), (3.85, 3.8), (-3.0, 3.8)])
def test_windows_outside_the_curves(low, high):
    positive, negative = (lambda y: 4.5 - y), (lambda x: 1 - x)
    with pytest.raises(RecipeError, match="outside the open-circuit range"):
        charged = recipe.first_charge(high, positive, negative, 100.0, 200.0, 0.0, 0.1)
        recipe.discharge_window(
            low, positive, negative, 100.0, 200.0, 1 - charged / 100, 0.9 * charged / 200, charged
        )


def test_heckel_gives_sakuda_back():
    pressure = np.array([200, 300, 360, 500]) * 1e6
    measured = np.array([0.80, 0.87, 0.90, 0.95])
    density = 1 - recipe.heckel_porosity(pressure, 0.613, 4.76e-9)
    assert np.max(np.abs(density - measured)) < 0.01


def test_a_composite_may_be_pressed_by_its_own_law(tmp_path):
    """Its constants in place of the electrolyte's; a spread of them is one of thickness."""
    text = cell_text(Known(composition="NCM811=70,LPSCl=30", fabrication_pressure=300), "own", "t")
    lines = [line for line in text.splitlines() if not line.startswith('"Porosity')]
    mark = 'class = "fitted", source = "this test"'
    own = [
        f'"Heckel intercept" = {{ value = 0.84, {mark}, range = [0.78, 0.89] }}',
        f'"Heckel slope [MPa-1]" = {{ value = 0.0047, {mark}, range = [0.004, 0.0055] }}',
    ]
    place = lines.index("[positive]") + 1
    path = tmp_path / "own.toml"
    path.write_text("\n".join([*lines[:place], *own, *lines[place:]]), encoding="utf-8")
    cell = ssb.load_cell(path)
    assert cell.design.positive.layer.porosity == pytest.approx(np.exp(-0.84 - 0.0047 * 300))
    drawn = draws_of(cell, 20)["positive: Heckel slope [Pa-1]"]
    assert min(drawn) < 4.4e-9 < 5e-9 < max(drawn)
    given = [*lines[:place], *own, '"Porosity" = { value = 0.1, class = "assumed", source = "t" }']
    path.write_text("\n".join([*given, *lines[place:]]), encoding="utf-8")
    with pytest.raises(SolidStateError, match="would say nothing"):
        ssb.load_cell(path)
