"""What a packaged cell was fitted to ties its numbers together, and files that say so are read."""

import numpy as np
import pytest
from scipy.stats import norm

import ssb_model as ssb
from ssb_model.analysis.draws import from_range, latin_hypercube
from ssb_model.errors import CellFileError
from ssb_model.parameters.declared import base, declared
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.fitted_rows import fitted_rows
from ssb_model.parameters.library import cell_path
from ssb_model.parameters.materials import material_file, read_material
from ssb_model.studies.draws import draws_of
from tests.runs import save_cell

FITTED = ("NCM811_LPSCl_Si", "NCM811_LPSCl_Li", "NCM523_LPSCl_Graphite")
GRID = (np.arange(2000) + 0.5) / 2000


@pytest.mark.parametrize("name", FITTED)
def test_draws_of_a_fitted_cell_keep_to_its_rows(name):
    """Each row by its slopes stays within one standard error, of several beside it less."""
    cell = ssb.load_cell(name)
    known = declared(cell.design.file)
    numbers, slopes = fitted_rows(cell.design.file, known)
    assert {base(one) for one in numbers} <= {base(one) for one in known}
    drawn = draws_of(cell, 400)
    scores = [
        np.interp(drawn[one], from_range(GRID, known[one].value, *known[one].range), norm.ppf(GRID))
        for one in numbers
    ]
    errors = (slopes @ scores).std(axis=1)
    assert np.all(errors < 1.1)
    assert np.all(errors < 0.95 * np.linalg.norm(slopes, axis=1))


def test_a_number_set_by_hand_is_not_drawn_and_the_rest_stay_as_uncertain():
    cell = ssb.load_cell(FITTED[0])
    free = draws_of(cell, 200)
    held = draws_of(cell.with_recipe({"positive: Diffusion length [um]": 3.0}), 200)
    length, other = "positive: Diffusion length [m]", "NCM811: Reference diffusivity [m2.s-1]"
    assert length in free
    assert length not in held
    assert np.log(held[other]).std() == pytest.approx(np.log(free[other]).std(), rel=0.15)


@pytest.mark.parametrize(("kind", "kept"), [("fitted", False), ("assumed", True)])
def test_a_fit_takes_the_place_of_the_rows_before(tmp_path, kind, kept):
    name, path = "positive: Diffusion length [m]", tmp_path / "own.toml"
    save_cell(ssb.load_cell(FITTED[0]), path, {name: Entry(name, 3e-6, kind, "own", (2e-6, 4e-6))})
    assert bool(ssb.load_cell(path).design.file.fitted) is kept


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("slopes = [\n", "slopes = [\n    [1.0],\n", "for each of 4 rows write a list of"),
        ("rows = [", "why = 1\nrows = [", "rows, numbers, slopes and nothing else"),
        ('"NCM811: Density"', '"positive: Diffusion length"', "name each once"),
        ('"NCM811: Density"', "1", "a list of names in quotes"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, before, after, words):
    text = cell_path(FITTED[0]).read_text(encoding="utf-8")
    head, table = text.split("[fitted]")
    path = tmp_path / "own.toml"
    path.write_text(f"{head}[fitted]{table.replace(before, after, 1)}", encoding="utf-8")
    with pytest.raises(CellFileError, match=words):
        draws_of(ssb.load_cell(path), 20)


def test_a_known_coating_narrows_the_interface_to_what_coated_oxides_have():
    """Ohm cm2 per contacted area: 7 and 51 of two laboratories lie within nine draws of ten."""

    def ends(material):
        table = read_material(material_file(material))
        keys = ("Reference exchange-current density [A.m-2]", "Film resistance [Ohm.m2]")
        drawn = latin_hypercube({k: (table[k]["value"], *table[k]["range"]) for k in keys}, 2000)
        current, film = (drawn[key] for key in keys)
        return np.quantile(1e4 * (0.02569 / current + film), [0.05, 0.95])

    low, high = ends("NCM811_coated")
    assert low < 7.5
    assert high > 51
    assert np.sqrt(high / low) < 3.1
    assert np.sqrt(np.divide(*ends("NCM811")[::-1])) > 6
