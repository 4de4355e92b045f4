"""A cell saved as a file of its own is the same cell when it is loaded."""

import re
import tomllib

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cell.saving import numbers, plain, structure
from ssb_model.errors import InputError, SolidStateError
from ssb_model.parameters import toml_text
from ssb_model.parameters.declared import declared
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import cell_path, data_folder
from ssb_model.parameters.write_cell import cell_file_text
from tests.runs import save_cell

GRAPHITE = "NCM523_LPSCl_Graphite"
FILM = "Positive electrode film resistance [Ohm.m2]"
HOLD = "Positive electrode release pressure [Pa]"
THIRD = 1 / 3
HOSTILE = (
    'a "quoted" \\ path\\n\n[changes]\n# µ 10⁻¹⁵ \t\x7f\x00 \u2028 \U0001f50b = { } \'\'\' """'
)


def fitted(value, limits=None, source="rate_5MPa.csv, eis_5MPa.csv", note=""):
    return Entry("", value, "fitted", source, limits, note)


def assert_same(ours, theirs):
    assert {n: plain(v) for n, v in ours.parameter_values.items()} == {
        n: plain(v) for n, v in theirs.parameter_values.items()
    }
    assert numbers(ours) == numbers(theirs)
    assert structure(ours) == structure(theirs)
    assert ours.options == theirs.options
    assert ours.window == theirs.window


@pytest.mark.parametrize(
    "options",
    [{}, {"contact": "plastic"}, {"mesh": "coarse", "film": ("none", "growing")}],
)
def test_round_trip(tmp_path, cell_name, options):
    """Model and recipe numbers, set by hand and fitted, and options: to the last bit."""
    cell = ssb.load_cell(cell_name).with_options(options)
    cell = cell.with_values({FILM: 0.01 * THIRD}).with_recipe({"positive: porosity [%]": 10.1})
    changes = {
        "Positive particle reference diffusivity [m2.s-1]": fitted(THIRD * 1e-14, (1e-15, 1e-14)),
        HOLD: fitted(np.float64(3e6 * THIRD)),
        "LPSCl: Reference conductivity [S.m-1]": fitted(0.3 * THIRD, (THIRD * 0.1, 0.2), note="x"),
    }
    path = tmp_path / "new" / "fit.toml"
    assert save_cell(cell, path, changes) == [path]
    loaded = ssb.load_cell(path)
    recipe = {name: entry.value for name, entry in changes.items() if ":" in name}
    values = {name: entry.value for name, entry in changes.items() if ":" not in name}
    assert_same(loaded, cell.with_recipe(recipe).with_values(values))
    assert loaded.title == ssb.load_cell(cell_name).title
    assert loaded.entries[FILM].kind == "setting"
    assert loaded.entries[FILM].source == "set by the user"
    assert loaded.entries[HOLD].kind == "fitted"
    entry = declared(loaded.design.file)["LPSCl: Reference conductivity [S.m-1]"]
    assert (entry.kind, entry.range, entry.note) == ("fitted", (THIRD * 0.1, 0.2), "x")
    assert declared(loaded.design.file)["positive: Porosity"].source == "set by the user"


def test_the_text_of_the_file_stays(tmp_path):
    save_cell(ssb.load_cell(GRAPHITE), tmp_path / "fit.toml", {HOLD: fitted(2e6)}, "fitted cell")
    before = cell_path(GRAPHITE).read_text(encoding="utf-8")
    before = before.partition("\n[fitted]")[0].rstrip().splitlines()
    after = (tmp_path / "fit.toml").read_text(encoding="utf-8").splitlines()
    assert after[0] == 'title = "fitted cell"'
    assert after[1 : len(before)] == before[1:]
    assert after.pop().startswith("# written by ssb_model ")
    assert after[len(before) :] == [
        "",
        "[changes]",
        f'"{HOLD}" = {{ value = 2000000.0, class = "fitted", '
        'source = "rate_5MPa.csv, eis_5MPa.csv" }',
    ]


def test_saved_twice_the_later_wins(tmp_path):
    """A file with tables of its own: merged, their text replaced, comments and units no matter."""
    first = tmp_path / "first.toml"
    text = cell_path(GRAPHITE).read_text(encoding="utf-8").replace("title =", "'title' =", 1)
    given = 'class = "fitted", source = "first" }'
    lines = (
        text.replace('cell"\n', 'cell"  # my cell\n', 1),
        '[changes]  # gone\n# kept\n"positive electrode release pressure [MPa]" = { value = 3,'
        + given,
        '"positive : porosity [%]" = { value = 12, ' + given,
        f'[changes."{FILM}"]\nvalue = 0.002\nclass = "fitted"\nsource = """\n[options]\n"""',
        '[options]\nmesh = "coarse"\n"contact" = [\n  "memory", # one\n  "plastic",\n]',
    )
    first.write_text("\n".join(lines), encoding="utf-8")
    cell = ssb.load_cell(first)
    cell = cell.with_values({HOLD: 5e6}).with_recipe({"positive: Porosity": 0.11})
    cell = cell.with_options({"contact": ("Hertz", "memory")})
    save_cell(cell, tmp_path / "second.toml", {HOLD: fitted(7e6)}, 'a "second"')
    second = ssb.load_cell(tmp_path / "second.toml")
    assert_same(second, cell.with_values({HOLD: 7e6}))
    assert second.options["mesh"] == "coarse"
    assert second.options["contact"] == ("Hertz", "memory")
    assert second.entries[FILM].source == "[options]\n"
    assert second.title == 'a "second"'
    saved = (tmp_path / "second.toml").read_text(encoding="utf-8")
    assert saved.startswith('title = "a \\"second\\""  # my cell\n')
    assert saved.count("\n[changes]") == saved.count("\n[options]") == 1
    assert "# kept" in saved
    assert "# gone" not in saved
    save_cell(second, tmp_path / "third.toml", {})
    assert (tmp_path / "third.toml").read_text(encoding="utf-8") == saved


def test_a_contact_option_of_the_file_gives_way_to_a_fitted_contact_fraction(tmp_path):
    first = tmp_path / "first.toml"
    save_cell(ssb.load_cell(GRAPHITE).with_options({"contact": "plastic"}), first, {})
    fraction = {"Positive electrode contact fraction": fitted(0.4)}
    save_cell(ssb.load_cell(first), tmp_path / "second.toml", fraction)
    second = ssb.load_cell(tmp_path / "second.toml")
    assert second.options["contact"] == ("plastic", "constant")
    both = ssb.load_cell(first).with_values({"Positive electrode contact fraction": 0.4})
    back = both.with_options({"contact": "memory"})
    save_cell(back, tmp_path / "third.toml", {})
    assert_same(ssb.load_cell(tmp_path / "third.toml"), back)
    remade = back.with_recipe({"positive: Porosity": 0.13})
    assert remade.options["contact"] == "memory"


@pytest.mark.parametrize("text", [HOSTILE, "'", "\\", '"""', "# no comment", "\r\n", "µ·Ω"])
def test_hostile_texts(tmp_path, text):
    path = tmp_path / "fit.toml"
    save_cell(ssb.load_cell(GRAPHITE), path, {HOLD: fitted(2e6, None, text, text)}, text)
    save_cell(ssb.load_cell(path), path, {FILM: fitted(0.1)})
    loaded = ssb.load_cell(path)
    assert loaded.title == text
    assert (loaded.entries[HOLD].source, loaded.entries[HOLD].note) == (text, text)
    assert loaded.entries[FILM].value == 0.1


def test_half_a_character_does_not_break_the_file(tmp_path):
    path = tmp_path / "fit.toml"
    save_cell(ssb.load_cell(GRAPHITE), path, {HOLD: fitted(2e6, source="rate\udcff.csv")})
    assert ssb.load_cell(path).entries[HOLD].source == "rate?.csv"


def test_a_file_without_title_gets_one(tmp_path):
    text = cell_path(GRAPHITE).read_text(encoding="utf-8").partition("\n")[2]
    (tmp_path / "mine.toml").write_text(f"options.mesh = 'coarse'\n{text}", encoding="utf-8")
    new = cell_file_text(tmp_path / "mine.toml", "given", {"film": "none"}, {})
    assert new == f'title = "given"\n{text.rstrip()}\n\n[options]\nmesh = "coarse"\nfilm = "none"\n'


def test_statements_see_through_strings_and_brackets():
    text = (
        'a = """\n[x]\n"""\n# [y]\n[t] # "\nb = [\n  1, # ]\n  2,\n]\n\n'
        'c = \'[z\' # {\n[t.u]\nd = """q""""\n'
    )
    found = list(toml_text.statements(text))
    assert "".join(part for *_, part in found) == text
    assert [(table, key) for table, key, _ in found] == [
        ("", "a"), ("", ""), ("t", ""), ("t", "b"), ("", ""), ("t", "c"), ("t", ""), ("t", "d"),
    ]  # fmt: skip
    assert tomllib.loads(text)["t"]["u"]["d"] == 'q"'


@pytest.fixture
def own(tmp_path):
    """A cell with a material and tables of its own beside it."""
    folder = tmp_path / "own"
    (folder / "tables").mkdir(parents=True)
    text = (data_folder() / "materials" / "graphite.toml").read_text(encoding="utf-8")
    line = re.search(r'"Open-circuit potential \[V\]".*', text)[0]
    new = line.replace(re.search(r"pybamm = \{.*?\}", line)[0], 'table = "tables/mine.csv"')
    (folder / "MyGraphite.toml").write_text(text.replace(line, new), encoding="utf-8")
    rows = "x,U\n0.0,1.5\n0.02,0.4\n0.1,0.2\n0.5,0.12\n0.9,0.08\n1.0,0.05\n"
    (folder / "tables" / "mine.csv").write_text(rows)
    (folder / "strain.csv").write_text("sto,strain\n0,0\n0.5,0.02\n1,0.12\n")
    cell = cell_path(GRAPHITE).read_text(encoding="utf-8")
    cell = cell.replace('"graphite"', '"MyGraphite"').replace("graphite =", "MyGraphite =")
    strain = '"Volume change" = { table = "strain.csv", class = "measured", source = "mine" }\n'
    own = cell.replace("[ageing]", f"{strain}\n[ageing]")  # ends the electrode's table
    (folder / "mine.toml").write_text(own, encoding="utf-8")
    return ssb.load_cell(folder / "mine.toml")


def test_what_lies_beside_the_cell_goes_with_it(tmp_path, own):
    folder = tmp_path / "elsewhere"
    changes = {"MyGraphite: Density [kg.m-3]": fitted(2200, (2100, 2300)), FILM: fitted(0.1)}
    files = save_cell(own, folder / "fit.toml", changes)
    found = {path.relative_to(folder).as_posix() for path in files}
    assert found == {"fit.toml", "MyGraphite.toml", "tables/mine.csv", "strain.csv"}
    theirs = own.with_recipe({"MyGraphite: Density [kg.m-3]": 2200}).with_values({FILM: 0.1})
    for path in (tmp_path / "own").rglob("*.*"):
        path.unlink()
    assert_same(ssb.load_cell(folder / "fit.toml"), theirs)


def test_beside_the_original_nothing_is_copied(tmp_path, own):
    path = tmp_path / "own" / "fit.toml"
    assert save_cell(own, path, {FILM: fitted(0.1)}) == [path]
    assert_same(ssb.load_cell(path), own.with_values({FILM: 0.1}))


def test_another_material_of_the_same_name_is_not_taken(tmp_path, own):
    folder = tmp_path / "elsewhere"
    save_cell(own, folder / "fit.toml", {})
    assert save_cell(own, folder / "fit.toml", {}) == [folder / "fit.toml"]
    (folder / "strain.csv").write_text("sto,strain\n0,0\n1,0.5\n")
    with pytest.raises(InputError, match=r"another 'strain\.csv'"):
        save_cell(own, folder / "fit2.toml", {})
    (folder / "LPSCl.toml").write_text("")
    with pytest.raises(InputError, match=r"'LPSCl\.toml' of its own"):
        save_cell(ssb.load_cell(GRAPHITE), folder / "fit2.toml", {})
    assert not (folder / "fit2.toml").exists()


def profiled(cell):
    return cell.with_pressure_profile([0, 3600], [5e6, 6e6])


@pytest.mark.parametrize(
    ("made", "changes", "name", "complaint"),
    [
        (profiled, {}, "fit.toml", "no profile in time"),
        (lambda c: c.symmetric(), {}, "fit.toml", "symmetric cell has no file"),
        (lambda c: c.at_soc(0.5), {}, "fit.toml", "no state of charge"),
        (lambda c: c.press(3e7), {}, "fit.toml", "no pressing"),
        (lambda c: c, {}, "fit.txt", r"ends in \.toml"),
        (lambda c: c, {}, "LPSCl.toml", "name of a material"),
        (lambda c: c, {"Stack pressure function [Pa]": fitted(5e6)}, "fit.toml", "profile"),
        (lambda c: c, {"Positive film": fitted(1)}, "fit.toml", "Nearest"),
        (lambda c: c, {"positive: Porositty": fitted(0.1)}, "fit.toml", "Nearest: positive: P"),
        (lambda c: c, {"positive: Porosity": fitted(1.2)}, "fit.toml", "between 0 and 1"),
        (lambda c: c, {"positive: Porosity": fitted(0.96)}, "fit.toml", "no contact left"),
        (lambda c: c, {FILM: fitted(float("nan"))}, "fit.toml", "must be a number"),
        (lambda c: c, {FILM: fitted(0.1, (0, float("inf")))}, "fit.toml", "must be a number"),
        (lambda c: c, {FILM: fitted(0.1, (0.2, 0.1))}, "fit.toml", "smallest, largest"),
        (lambda c: c, {FILM: fitted(0.1, source="")}, "fit.toml", "source is missing"),
        (lambda c: c, {FILM: Entry("", 0.1, "guess", "a")}, "fit.toml", "class must be one of"),
    ],
)
def test_what_a_file_cannot_say_is_refused(tmp_path, made, changes, name, complaint):
    with pytest.raises(SolidStateError, match=complaint) as raised:
        save_cell(made(ssb.load_cell(GRAPHITE)), tmp_path / name, changes)
    assert "\n" not in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_a_cell_that_has_run_is_refused(tmp_path):
    ran = ssb.discharge(ssb.load_cell("NCM811_LPSCl_Li").on_mesh("draft"), 2).cell_after
    with pytest.raises(InputError, match="has run"):
        save_cell(ran, tmp_path / "fit.toml", {})


def test_the_packages_own_cells_stay_as_they_are():
    with pytest.raises(InputError, match="package's own"):
        save_cell(ssb.load_cell(GRAPHITE), data_folder() / "cells" / "new.toml", {})
