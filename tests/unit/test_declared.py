"""The recipe with some of its numbers replaced."""

import re

import pytest

import ssb_model as ssb
from ssb_model.cell.saving import numbers, structure
from ssb_model.errors import InputError, RecipeError
from ssb_model.parameters.declared import declared, uncertain
from ssb_model.parameters.library import cell_path, data_folder

A = "NCM811_LPSCl_Si"


def edited(tmp_path, changes, name=A):
    """The cell loaded from copies of its files with lines changed."""
    for path in [cell_path(name), *(data_folder() / "materials").glob("*")]:
        text = path.read_text(encoding="utf-8")
        for file, key, value in changes:
            if path.stem == file:
                text, count = re.subn(
                    rf'("{re.escape(key)}" = {{ value = )[-+.e\d]+', rf"\g<1>{value}", text
                )
                assert count
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return ssb.load_cell(tmp_path / f"{name}.toml")


@pytest.mark.parametrize(
    ("recipe", "lines"),
    [
        ({"separator: Thickness [um]": 50}, [(A, "Thickness [um]", 50)]),
        ({"silicon: First-cycle loss": 0.14}, [("silicon", "First-cycle loss", 0.14)]),
        ({"lpscl: contact hardness [MPa]": 300}, [("LPSCl", "Contact hardness [MPa]", 300)]),
        ({"negative: N/P ratio": 1.4, "cell: Nominal areal capacity [mAh.cm-2]": 3.5},
         [(A, "N/P ratio", 1.4), (A, "Nominal areal capacity [mAh.cm-2]", 3.5)]),
        ({"silicon: Volume change": 2.6}, [("silicon", "Volume change", 2.6)]),
    ],
)  # fmt: skip
def test_as_if_the_files_said_so(tmp_path, recipe, lines):
    """Every parameter, derived ones and the window included, is that of an edited copy."""
    ours, theirs = ssb.load_cell(A).with_recipe(recipe), edited(tmp_path, lines)
    assert numbers(ours) == numbers(theirs)
    assert structure(ours) == structure(theirs)
    assert ours.window == theirs.window
    assert numbers(ours) != numbers(ssb.load_cell(A))


def test_shared_materials_change_together():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").with_recipe({"LPSCl: Coverage factor": 0.5})
    found = {v for k, v in numbers(cell).items() if k.endswith("coverage factor")}
    assert found == {0.5}


def test_what_was_set_stays_set():
    cell = ssb.load_cell(A).with_values({"Positive electrode film resistance [Ohm.m2]": 0.5})
    changed = cell.with_recipe({"positive: Porosity [%]": 9})
    assert changed.entries["Positive electrode film resistance [Ohm.m2]"].value == 0.5
    assert changed.recipe == {"positive: Porosity": 0.09}
    assert "positive: Porosity = 0.09" in changed.title


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"positive: Porossity": 0.1}, "Nearest: positive: Porosity"),
        ({"positive: Porosity [um]": 0.1}, "unit 'um' does not fit"),
        ({"positive: Porosity": 1.2}, "between 0 and 1"),
        ({"positive: Composition [%]": 3}, "copy of the cell file"),
        ({"positive: Porosity": "much"}, "must be a number"),
    ],
)
def test_refusals_name_the_cure(changes, cure):
    with pytest.raises(InputError, match=re.escape(cure)):
        ssb.load_cell(A).with_recipe(changes)


def test_recipes_nobody_could_press_are_refused():
    with pytest.raises(RecipeError):
        ssb.load_cell(A).with_recipe({"positive: Porosity [%]": 96})


@pytest.mark.parametrize("made", [lambda cell: cell.at_soc(0.5), lambda cell: cell.press(1e6)])
def test_a_cell_already_made_is_refused(made):
    with pytest.raises(InputError, match="made already"):
        made(ssb.load_cell(A)).with_recipe({"positive: Porosity": 0.1})


def test_ranges_are_of_what_is_uncertain(cell_name):
    """No condition of a run, no choice; each holds its value."""
    file = ssb.load_cell(cell_name).design.file
    found = uncertain(file)
    assert len(found) > 50
    assert set(found) < set(declared(file))
    assert not {"cell: Stack pressure [Pa]", "cell: Temperature [K]"} & set(found)
    for name, entry in found.items():
        low, high = entry.range
        assert low <= entry.value <= high, name
