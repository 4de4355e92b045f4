"""What the parameter sets hold, and what a mistake in one's own file says."""

import re
import tomllib
from pathlib import Path

import pybamm
import pytest

import ssb_model as ssb
from ssb_model.errors import CellFileError, InputError, UnknownCellError
from ssb_model.parameters.entry import CLASSES
from ssb_model.parameters.library import cell_names, data_folder

ALL_FILES = sorted(data_folder().glob("*/*.toml"))
SILICON = (data_folder() / "cells" / "NCM811_LPSCl_Si.toml").read_text(encoding="utf-8")
GRAPHITE = (data_folder() / "cells" / "NCM523_LPSCl_Graphite.toml").read_text(encoding="utf-8")


def entries(table):
    for key, value in table.items():
        if isinstance(value, dict) and "class" in value:
            yield key, value
        elif isinstance(value, dict):
            yield from entries(value)
        elif not is_choice(value):
            yield key, None


def is_choice(value):
    """A word, or one each of the negative and the positive electrode: no number to vouch for."""
    return all(isinstance(each, str) for each in (value if isinstance(value, list) else [value]))


@pytest.mark.parametrize("path", ALL_FILES, ids=[p.stem for p in ALL_FILES])
def test_every_number_has_class_and_source(path):
    listed = set(re.findall(r"@\w+\{(\w+),", (data_folder() / "sources.bib").read_text()))
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    table.pop("fitted", None)  # slopes, made of the numbers and of the case that has their sources
    for key, entry in entries(table):
        assert entry is not None, f"{key} is a bare value"
        assert entry["class"] in CLASSES
        assert entry["source"]
        for cited in re.findall(r"\b[A-Z][a-z]+20\d\d\w*", entry["source"]):
            assert cited in listed, f"{key}: {cited} is not in sources.bib"
        value, limits = entry.get("value"), entry.get("range")
        if limits is not None and not isinstance(value, dict):
            assert limits[0] <= value <= limits[1], f"{key} lies outside its own range"


def test_the_four_cells_are_there():
    assert set(cell_names()) == {
        "NCM811_LPSCl_Si",
        "NCM523_LPSCl_InLi",
        "NCM811_LPSCl_Li",
        "NCM523_LPSCl_Graphite",
    }


def test_a_copied_file_changed_and_loaded_by_path(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SILICON.replace("value = 19.3", "value = 9.65"), encoding="utf-8")
    mine, theirs = ssb.load_cell(path), ssb.load_cell("NCM811_LPSCl_Si")
    assert mine.name == "mine"
    assert mine.design.positive.layer.thickness == pytest.approx(
        theirs.design.positive.layer.thickness / 2
    )


def test_a_material_of_ones_own_beside_the_cell(tmp_path):
    material = (data_folder() / "materials" / "NCM811.toml").read_text(encoding="utf-8")
    (tmp_path / "MyOxide.toml").write_text(material, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(SILICON.replace("NCM811", "MyOxide"), encoding="utf-8")
    assert ssb.load_cell(tmp_path / "mine.toml").design.positive.active > 0.3


def test_an_open_circuit_table_of_ones_own(tmp_path):
    material = (data_folder() / "materials" / "graphite.toml").read_text(encoding="utf-8")
    line = re.search(r'"Open-circuit potential \[V\]".*', material)[0]
    new = line.replace(re.search(r"pybamm = \{.*?\}", line)[0], 'table = "mine.csv"')
    (tmp_path / "MyGraphite.toml").write_text(material.replace(line, new), encoding="utf-8")
    (tmp_path / "mine.csv").write_text(
        "# mine\nx,U\n0.0,1.5\n0.02,0.4\n0.1,0.2\n0.5,0.12\n0.9,0.08\n1.0,0.05\n"
    )
    text = GRAPHITE.replace('"graphite"', '"MyGraphite"').replace("graphite =", "MyGraphite =")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert ssb.discharge(ssb.load_cell(tmp_path / "mine.toml"), 0.2).row["Capacity [mA.h.g-1]"] > 50


MISTAKES = [
    ("value = { NCM811 = 66,", "value = { NCM811 = 56,", r"add up to 90\.1, not 100"),
    ('"Porosity" = { value = 0.12', '"Porosity" = { value = -0.12', "between 0 and 1, not -0.12"),
    ('"Porosity" = { value = 0.12', '"Thickness [um]" = { value = 60', r"porosity would be -0\.5"),
    ('"Thickness [um]" = { value = 160', '"Thickness [um]" = { value = 0', "must be positive"),
    ('"Stack pressure [MPa]"', '"Stack pressure [Pa]"', "5 MPa is 5e6 Pa"),
    ('[MPa]" = { value = 5,', '[MPa]" = { value = 0,', "must be a positive number, not 0 Pa"),
    ('[MPa]" = { value = 5,', '[MPa]" = { value = -5,', "must be a positive number"),
    ('"Temperature [degC]"', '"Temperature [K]"', "25 degC is 298.15 K"),
    (
        '"Porosity" = { value = 0.12',
        '"Porositty" = { value = 0.12',
        "unknown key. Nearest: Porosity",
    ),
    ("[separator]", "[seperator]", "seperator: unknown key. Nearest: separator"),
    ('"Active material loading [mg.cm-2]"', '"Active material loading [um]"', "does not fit"),
    ("value = 4.3,", "value = 6.0,", "more than the 4.75 V"),
    ("value = 2.0,", "value = 4.4,", "is not below"),
    ("value = 2.0,", "value = 0.1,", "outside the open-circuit range"),
    ('active_material = "NCM811"', 'active_material = "NCM81"', "Nearest: NCM811"),
    ('form = "layer"', 'form = "slab"', "'slab' is not known"),
    ('class = "measured"', 'class = "guessed"', "class must be one of"),
    ('held = "isostatic"', 'held = "glued"', "Known: isostatic, spring, rigid"),
    ("value = 19.3, ", "value = nan, ", "must be a number"),
    ("[positive]", "[positive", "not valid TOML"),
    ("NCM811 = 66, LPSCl = 31,", "NCM811 = 97, LPSCl = 0,", "LPSCl must be positive"),
    ('"Porosity" = { value = 0.12', '"Porosity" = { value = 0.4', "no contact left"),
    ("value = 19.3, ", 'value = "19.3", ', "'19.3'"),
    ("value = 19.3, ", "value = { a = 1 }, ", "must be a number"),
    ("value = 19.3, ", 'law = "lithium", ', "only potentials"),
    ("range = [0.05, 0.17]", "range = 0.3", "smallest, largest"),
    ('"N/P ratio" = { value = 1.2', '"N/P ratio" = { value = 0', "must be positive"),
    ('"Roughness" = { value = 3.0', '"Roughness" = { value = -3', "must be positive, not -3"),
    ('form = "layer"', "form = 3", "write a name in quotes"),
    ('"Electrode width [mm]" = {', '"Electrode area [cm2]" = {', "'Electrode area' or both"),
]


@pytest.mark.parametrize(("old", "new", "complaint"), MISTAKES)
def test_mistakes_name_file_key_and_cure(tmp_path, old, new, complaint):
    assert old in SILICON
    path = tmp_path / "mine.toml"
    path.write_text(SILICON.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((CellFileError, InputError), match=complaint) as raised:
        ssb.load_cell(path)
    assert "mine.toml" in str(raised.value) or "NCM81" in new
    assert "\n" not in str(raised.value)


def test_unknown_cell_names_the_nearest():
    with pytest.raises(UnknownCellError, match="Nearest: NCM811_LPSCl_Si"):
        ssb.load_cell("NCM811_LPSC_Si")


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda c: c.with_values({"Stack pressure": 5e6}), r"Nearest: Stack pressure \[Pa\]"),
        (lambda c: c.with_values({"Stack pressure [Pa]": 5}), "5 MPa is 5e6 Pa"),
        (lambda c: c.with_values({"Stack pressure [Pa]": "5e6"}), "must be a number"),
        (lambda c: c.with_values({"Electrode width [m]": 0.03}), "Set 'cell: Electrode width"),
        (lambda c: c.with_values({"Positive electrode thickness [m]": 1e-4}), "cell file"),
        (lambda c: c.with_values({"Lower voltage cut-off [V]": 3}), "Set 'cell: Lower voltage"),
        (lambda c: c.with_values({"Positive electrode film resistance [Ohm.m2]": -1}), "zero or"),
        (lambda c: c.with_values({"Negative electrode roughness": 0}), "must be positive"),
        (lambda c: c.model({"negative electrode": "foil"}), "its own file"),
        (lambda c: c.symmetric().at_soc(0.5), "before"),
        (lambda c: ssb.discharge(c.symmetric(), 0.1), "symmetric"),
        (lambda c: ssb.discharge(c, "0.1"), "must be a number"),
        (lambda c: c.at_soc("0.5"), "must be a number"),
        (lambda c: c.at_soc(1.2), "between 0 and 1"),
        (lambda c: ssb.discharge(c, 0.1, stack_pressure=5), "5 MPa is 5e6 Pa"),
        (lambda c: ssb.discharge(c, 0.1, stack_pressure=0), "positive"),
        (lambda c: ssb.discharge(c, 0.1, temperature=25), "25 degC is 298.15 K"),
        (lambda c: ssb.discharge(c, -1), "the C-rate must be a positive number"),
        (lambda c: ssb.discharge(c, 0.1, charge_rate=0), "the charge rate must be"),
        (lambda c: c.symmetric("negative"), "only a porous composite"),
        (lambda c: c.symmetric("left"), "'positive' or 'negative'"),
    ],
)
def test_wrong_arguments(call, complaint):
    with pytest.raises(InputError, match=complaint):
        call(ssb.load_cell("NCM811_LPSCl_Si"))


def test_the_folder_holds_data_only():
    assert {p.suffix for p in data_folder().rglob("*") if p.is_file()} <= {".toml", ".csv", ".bib"}
    assert Path(data_folder()).name == "parameter_sets"


def test_measured_numbers_of_a_layer_are_used(tmp_path):
    """A contact fraction, efficiency or conductivity in the recipe replaces the law."""
    path = tmp_path / "mine.toml"
    given = 'class = "measured", source = "mine" }\n'
    extra = (
        f'"Contact fraction" = {{ value = 0.3, {given}'
        f'"Ionic transport efficiency" = {{ value = 0.07, {given}'
        f'"Effective conductivity [S.m-1]" = {{ value = 2.0, {given}'
    )
    text = SILICON.replace(
        '[positive]\nform = "composite"', f'[positive]\nform = "composite"\n{extra}'
    )
    path.write_text(text, encoding="utf-8")
    cell = ssb.load_cell(path)
    assert cell.options["contact"] == ("memory", "constant")
    solution = pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values).solve([0, 1])
    for name, value in (
        ("X-averaged positive electrode contact fraction", 0.3),
        ("X-averaged positive electrolyte transport efficiency", 0.07),
        ("Positive electrode effective conductivity", 2.0),
    ):
        assert solution[name].entries.mean() == pytest.approx(value, rel=1e-6)


def test_a_contact_fraction_set_by_hand_is_used():
    cell = ssb.load_cell("NCM811_LPSCl_Li")
    changed = cell.with_values({"Positive electrode contact fraction": 0.05})
    assert changed.options["contact"] == ("memory", "constant")
    capacities = [ssb.discharge(c, 1).row["Capacity [mA.h.g-1]"] for c in (cell, changed)]
    assert capacities[1] < capacities[0]


def test_volume_may_be_a_table_or_one_of_pybamms(tmp_path):
    """A graphite that swells by stages, from PyBaMM and from a table, breathes accordingly."""
    text = (data_folder() / "materials" / "graphite.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.csv").write_text("sto,strain\n0,0\n0.5,0.02\n1,0.12\n")
    file = tmp_path / "mine.toml"
    cell = (data_folder() / "cells" / "NCM523_LPSCl_Graphite.toml").read_text(encoding="utf-8")
    file.write_text(cell, encoding="utf-8")
    grown = []
    for volume in (
        '{ pybamm = { set = "Ai2020", parameter = "Negative electrode volume change" }, ',
        '{ table = "mine.csv", ',
    ):
        line = f'"Volume change" = {volume}class = "literature", source = "test" }}'
        changed = re.sub(r'"Volume change" = .*', line, text)
        (tmp_path / "graphite.toml").write_text(changed, encoding="utf-8")
        loaded = ssb.load_cell(file)
        result = ssb.discharge(loaded, 0.1)
        grown.append(-float(result.data["Negative electrode thickness change [um]"].values[-1]))
    active = loaded.evaluate("Negative electrode active material volume fraction")
    thickness = loaded.evaluate("Negative electrode thickness [m]") * 1e6
    assert 0.02 * active * thickness < grown[0] < 0.11 * active * thickness
    assert grown[1] < 0.12 * active * thickness


def test_a_foil_put_on_under_pressure_remembers_it(tmp_path):
    """With an assembly pressure its contact at 5 MPa is that of unloading, not first loading."""
    text = (data_folder() / "cells" / "NCM811_LPSCl_Li.toml").read_text(encoding="utf-8")
    file = tmp_path / "assembled.toml"
    line = '"Assembly pressure [MPa]" = { value = 30, class = "measured", source = "test" }\n'
    file.write_text(text.replace("[ageing]", f"{line}\n[ageing]"), encoding="utf-8")
    contact = {}
    for cell in ("NCM811_LPSCl_Li", file):
        result = ssb.discharge(cell, 0.3, stack_pressure=5e6)
        contact[cell] = float(result.data["Negative electrode contact fraction"].values[0])
    assert contact[file] > 3 * contact["NCM811_LPSCl_Li"]


def test_a_material_like_another_has_its_numbers_but_for_its_own(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'title = "mine"\nlike = "NCM811"\n'
        '"Film resistance [Ohm.cm2]" = { value = 5, class = "assumed", source = "a guess" }\n'
    )
    (tmp_path / "cell.toml").write_text(SILICON.replace("NCM811", "mine"), encoding="utf-8")
    kin, mine = ssb.load_cell("NCM811_LPSCl_Si"), ssb.load_cell(tmp_path / "cell.toml")
    density = "Positive electrode density [kg.m-3]"
    assert mine.evaluate(density) == kin.evaluate(density)
    (tmp_path / "mine.toml").write_text('title = "mine"\nlike = "mine"\n')
    with pytest.raises(CellFileError, match="in the end like itself"):
        ssb.load_cell(tmp_path / "cell.toml")
