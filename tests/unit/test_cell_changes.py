"""What a cell file sets after all else: numbers and choices, read and refused."""

import re

import pytest

import ssb_model as ssb
from ssb_model.cell.overview import parameter_rows
from ssb_model.cell.saving import numbers, structure
from ssb_model.errors import CellFileError, InputError
from ssb_model.parameters.declared import declared, uncertain
from ssb_model.parameters.library import cell_path
from tests.runs import save_cell

SILICON = "NCM811_LPSCl_Si"
FITTED = 'class = "fitted", source = "rate.csv"'
DIFFUSIVITY = "Positive particle reference diffusivity [m2.s-1]"
HOLD = "Positive electrode release pressure [Pa]"
TABLES = f"""
[options]
contact = ["memory", "plastic"]
mesh = "coarse"

[changes]
"{DIFFUSIVITY}" = {{ value = 2.1e-15, {FITTED}, range = [1.8e-15, 2.5e-15], note = "95 %" }}
"Positive electrode release pressure [MPa]" = {{ value = 3, {FITTED}, range = [2, 4] }}
"NCM811: Density [g.cm-3]" = {{ value = 4.7, {FITTED}, range = [4.6, 4.8], note = "weighed" }}
"positive: porosity [%]" = {{ value = 10, {FITTED}, range = [9, 11] }}
"""


def written(tmp_path, tables, name=SILICON):
    path = tmp_path / "mine.toml"
    text = cell_path(name).read_text(encoding="utf-8")
    path.write_text(f"{text}\n{tables}", encoding="utf-8")
    return path


@pytest.fixture
def loaded(tmp_path):
    return ssb.load_cell(written(tmp_path, TABLES))


def by_hand():
    recipe = {"NCM811: Density [g.cm-3]": 4.7, "positive: Porosity [%]": 10}
    cell = ssb.load_cell(SILICON).with_recipe(recipe)
    cell = cell.with_values({DIFFUSIVITY: 2.1e-15, HOLD: 3e6})
    return cell.with_options({"contact": ("memory", "plastic"), "mesh": "coarse"})


def test_as_if_set_by_hand(loaded):
    theirs = by_hand()
    assert numbers(loaded) == numbers(theirs)
    assert structure(loaded) == structure(theirs)
    assert loaded.window == theirs.window
    assert loaded.options == theirs.options
    assert numbers(loaded) != numbers(ssb.load_cell(SILICON))


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("Lower voltage cut-off [V]", 3.0, "Set 'cell: Lower voltage cut-off [V]' instead."),
        ("Positive electrode porosity", 0.12, "Set 'positive: Porosity' instead."),
        ("Electrode area [cm2]", 1.0, "Set 'cell: Electrode area [cm2]' instead."),
        ("Separator thickness [m]", 1e-4, "Change it in a copy of the cell file and load that."),
    ],
)
def test_a_number_of_the_recipe_is_refused_with_its_spelling_there(name, value, cure):
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    with pytest.raises(InputError, match=re.escape(cure)):
        cell.with_values({name: value})
    if spelled := re.search("'(.*)'", cure):
        assert cell.with_values({spelled[1]: value}).recipe


def test_what_is_known_of_a_number_stays(loaded):
    entry = loaded.entries[DIFFUSIVITY]
    assert (entry.kind, entry.source, entry.note) == ("fitted", "rate.csv", "95 %")
    assert entry.range == (1.8e-15, 2.5e-15)
    assert loaded.entries[HOLD].range == (2e6, 4e6)
    assert loaded.entries[HOLD].kind == "fitted"
    rows = {row["parameter"]: row for row in parameter_rows(loaded)}
    shown = rows["Positive particle reference diffusivity"]
    assert (shown["value"], shown["class"], shown["range"]) == (
        2.1e-15,
        "fitted",
        "1.8e-15 .. 2.5e-15",
    )


def test_studies_can_draw_from_a_fitted_recipe_number(loaded):
    density = uncertain(loaded.design.file)["NCM811: Density [kg.m-3]"]
    assert (density.value, density.range) == (4700, pytest.approx((4600, 4800)))
    assert (density.kind, density.source, density.note) == ("fitted", "rate.csv", "weighed")
    porosity = declared(loaded.design.file)["positive: Porosity"]
    assert porosity.range == pytest.approx((0.09, 0.11))
    drawn = loaded.with_recipe({"NCM811: Density [kg.m-3]": 4650})
    assert drawn.design.positive.section["Density [kg.m-3]"] == 4650


def test_numbers_stay_through_what_a_cell_does(loaded):
    assert (loaded.changes, loaded.recipe) == ({}, {})
    assert loaded.title == "NCM811 | LPSCl | Si pouch cell"
    assert loaded.on_mesh("fine").options["mesh"] == "coarse"
    made = loaded.with_recipe({"separator: Thickness [um]": 50})
    for cell in (made, loaded.at_soc(0.5), loaded.symmetric(), loaded.press(8e6)):
        assert cell.entries[DIFFUSIVITY].value == 2.1e-15
        assert cell.entries[DIFFUSIVITY].kind == "fitted"
    assert made.design.separator.thickness == pytest.approx(50e-6)
    assert made.design.positive.layer.porosity == pytest.approx(0.1)
    assert made.title.endswith("; separator: Thickness [um] = 50")
    assert (
        loaded.symmetric().evaluate("Negative particle reference diffusivity [m2.s-1]") == 2.1e-15
    )


def test_what_is_set_later_wins(loaded):
    changed = loaded.with_values({DIFFUSIVITY: 5e-15})
    assert changed.with_recipe({"positive: Porosity": 0.11}).entries[DIFFUSIVITY].value == 5e-15
    assert changed.entries[DIFFUSIVITY].kind == "setting"


@pytest.mark.parametrize(
    ("options", "contact"),
    [("", ("memory", "constant")), ('[options]\ncontact = "plastic"', "plastic")],
)
def test_a_fitted_contact_fraction_is_used(tmp_path, options, contact):
    line = f'"Positive electrode contact fraction" = {{ value = 0.3, {FITTED} }}'
    cell = ssb.load_cell(written(tmp_path, f"{options}\n[changes]\n{line}"))
    assert cell.options["contact"] == contact
    assert cell.evaluate("Positive electrode contact fraction") == 0.3


def change(key, value="1.0", rest=FITTED):
    return f'[changes]\n"{key}" = {{ value = {value}, {rest} }}'


MISTAKES = [
    (change("Positive particle reference difusivity [m2.s-1]"), "difusivity",
     "Nearest: Positive particle reference diffusivity"),
    (change("positive: Porossity"), "[changes] positive: Porossity", "Nearest: positive: Porosity"),
    (change("NCM81: Density [kg.m-3]"), "NCM81: Density", "Nearest: NCM811: Density"),
    (change(DIFFUSIVITY, rest='class = "guessed", source = "a"'), "diffusivity", "class must be"),
    (change(DIFFUSIVITY, rest='class = "fitted"'), "diffusivity", "source is missing"),
    (change("Separator release pressure [um]"), "release pressure [um]", "unit 'um' does not"),
    (change("positive: Porosity [MPa]"), "Porosity [MPa]", "unit 'MPa' does not fit"),
    (change(DIFFUSIVITY, "-1e-15"), "reference diffusivity", "must be positive"),
    (change(DIFFUSIVITY, '"1e-15"'), "reference diffusivity", "must be a number"),
    (change(DIFFUSIVITY, "nan"), "reference diffusivity", "must be a number"),
    (change(HOLD, "3.0"), "release pressure", "3 MPa is 3e6 Pa"),
    (change("positive: Porosity", "1.2"), "positive: Porosity", "between 0 and 1"),
    (change("positive: Porosity", "0.96"), "[positive]", "no contact left"),
    (change("positive: Composition [%]"), "positive: Composition", "list weight percents"),
    (change("silicon: Open-circuit potential [V]"), "silicon: Open-circuit", "copy of the cell"),
    (change("Positive electrode thickness [m]"), "[changes] Positive electrode thick", "recipe"),
    (change("Stack pressure function [Pa]", "5e6"), "pressure function", "'Stack pressure [Pa]'"),
    (change(DIFFUSIVITY, rest=f"{FITTED}, range = [2.0]"), "diffusivity", "smallest, largest"),
    ("changes = 3", "changes", "write"),
    (f'[changes]\n"{DIFFUSIVITY}" = 2e-15', "diffusivity", "every number says where"),
    ('[options]\ncontct = "plastic"', "[options] contct", "Nearest: contact"),
    ('[options]\nmesh = "coarse"\ncontact = "glue"', "[options] contact", "it can be"),
    ('[options]\n"thermal" = "warm"', "[options] thermal", "only ['isothermal', 'lumped']"),
    ('[options]\n"contact spots" = false', "[options] contact spots", "in quotes"),
    ('[options]\n"negative electrode" = "foil"', "[options] negative electrode", "its own file"),
    ("[option]\n", "option", "unknown key. Nearest: options"),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "key", "cure"), MISTAKES)
def test_mistakes_name_file_key_and_cure(tmp_path, tables, key, cure):
    path = written(tmp_path, tables)
    if tables == "changes = 3":
        path.write_text(f"{tables}\n{cell_path(SILICON).read_text(encoding='utf-8')}", "utf-8")
    with pytest.raises(CellFileError, match=re.escape(cure)) as raised:
        ssb.load_cell(path)
    told = str(raised.value)
    assert told.startswith("mine.toml, ")
    assert key in told
    assert "\n" not in told


def test_given_twice_in_two_units(tmp_path):
    twice = (
        change("positive: Porosity", "0.1")
        + f'\n"positive: Porosity [%]" = {{ value = 9, {FITTED} }}'
    )
    with pytest.raises(CellFileError, match="given twice"):
        ssb.load_cell(written(tmp_path, twice))


def test_a_table_lies_beside_the_cell_file_that_names_it(tmp_path):
    line = '"Volume change" = { table = "strain.csv", class = "measured", source = "mine" }'
    text = cell_path("NCM523_LPSCl_Graphite").read_text(encoding="utf-8")
    text = text.replace("[ageing]", f"{line}\n\n[ageing]")  # ends the electrode's table
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    (tmp_path / "strain.csv").write_text("sto,strain\n0,0\n0.5,0.02\n1,0.12\n")
    value = ssb.load_cell(tmp_path / "mine.toml").entries["Negative electrode volume change"].value
    assert list(value.args[1]) == [0, 0.02, 0.12]


def test_a_mixture_is_changed_by_the_weight_of_each_solid(tmp_path):
    """All that follows from weight percents follows, also from the file it is saved to."""
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    mixture = {"NCM811": 75, "LPSCl": 22, "VGCF": 2.9, "PTFE": 0.1}
    richer = cell.with_recipe({"positive: Composition [%]": mixture})
    before, after = (one.design.positive.layer.fractions for one in (cell, richer))
    assert after["NCM811"] > before["NCM811"]
    assert after["LPSCl"] < before["LPSCl"]
    shares = {solid: percent / 100 for solid, percent in mixture.items()}
    assert richer.recipe == {"positive: Composition": pytest.approx(shares)}
    save_cell(richer, tmp_path / "richer.toml", {})
    again = ssb.load_cell(tmp_path / "richer.toml")
    assert again.design.positive.layer == richer.design.positive.layer
    for wrong in ({"NCM811": 75, "LPSCl": 25}, {**mixture, "LPSCl": -1}, {**mixture, "VGCF": "2"}):
        with pytest.raises(InputError, match="positive: Composition"):
            cell.with_recipe({"positive: Composition [%]": wrong})
