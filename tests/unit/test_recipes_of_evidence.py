"""Printed recipes load from weight percents, loading and pressures; the others say why not."""

import numpy as np
import pytest

pytest.importorskip("validation.laboratories.recipes", reason="an installed package has no cases")

from validation.laboratories.recipes import MISSING, RECIPES, capacities

BY_NAME = {recipe.source: recipe for recipe in RECIPES}


@pytest.mark.parametrize("name", BY_NAME)
def test_it_loads_as_printed(tmp_path, name):
    recipe = BY_NAME[name]
    cell, known = recipe.cell(tmp_path), recipe.known
    assert cell.evaluate("Stack pressure [Pa]") == pytest.approx(1e6 * known.stack_pressure)
    positive = cell.design.positive
    weights = {one.partition("=")[0]: float(one.partition("=")[2])
               for one in known.composition.split(",")}  # fmt: skip
    active = positive.section.words["active_material"]
    share = weights[active] / sum(weights.values())
    assert 100 * positive.mass_of_active == pytest.approx(share * known.loading, rel=1e-6)
    assert set(positive.layer.fractions) == set(weights)
    assert 0.3 < cell.window.charge / cell.window.first_charge < 1


def test_those_that_do_not_are_named_with_what_is_missing():
    assert len(BY_NAME) == len(RECIPES)
    assert not set(MISSING) & set(BY_NAME)
    assert all(MISSING.values())


def test_one_with_an_electrolyte_for_each_layer_runs(tmp_path):
    recipe = BY_NAME["Minnmann2024"]
    (given,) = capacities(recipe, [recipe.cell(tmp_path).on_mesh("draft")])
    assert np.isfinite(given)
    assert 0.5 * recipe.measured[0] < given < 2 * recipe.measured[1]
