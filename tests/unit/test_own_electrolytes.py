"""Layers with electrolytes of their own: each conducts by its material, as by hand."""

import math
import tomllib
from unittest.mock import ANY

import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.engine.engine import Engine
from ssb_model.errors import SolidStateError
from ssb_model.parameters.changes import is_read
from ssb_model.parameters.library import data_folder
from ssb_model.parameters.new_cell import Known, cell_text
from ssb_model.submodels.contact_laws.memory import MEMORY
from tests.runs import at_rest
from tests.unit.test_what_reads_a_number import behind, in_equations

WARM = 330.0  # K
GAS = 8.314462618
EV = 96485.33212


def mixed(folder, positive="LPSCl", separator="LGPS", negative="LPSBH", anode="graphite", **known):
    """A cell with an electrolyte in each layer, and its path."""
    text = cell_text(Known(anode=anode, **known), "mixed", "this test")
    head, tail = text.split("[separator]")
    middle, end = tail.split("[negative]")
    parts = (head, positive), ("[separator]" + middle, separator), ("[negative]" + end, negative)
    path = folder / "mixed.toml"
    text = "".join(part.replace("LPSCl", name) for part, name in parts)
    path.write_text(text, encoding="utf-8")
    return path


def numbers_of(name):
    """A material's numbers as its file has them, over those of what it is like; names alone."""
    table = tomllib.loads((data_folder() / "materials" / f"{name}.toml").read_text("utf-8"))
    own = {key.split(" [")[0]: given["value"] for key, given in table.items() if "value" in given}
    return {**(numbers_of(table["like"]) if "like" in table else {}), **own}


def by_hand(cell, place, name, separator_contact):
    """Resistance to ions of a layer [Ohm m2], by its material's file."""
    se, layer = numbers_of(name), getattr(cell.design, place)
    layer = layer if place == "separator" else layer.layer
    kappa = 0.1 * se["Reference conductivity"]  # S/m of mS/cm
    kappa *= math.exp(se["Conductivity activation energy"] * EV / GAS * (1 / 298.15 - 1 / WARM))
    boundary = se["Grain boundary length"]
    kappa *= (1 + boundary / se["Reference grain size"]) / (1 + boundary / 3.0)

    def conducting(volume, threshold):
        tail = se["Ionic percolation tail"]
        above = tail * math.log1p(math.exp((volume - threshold) / (1 - threshold) / tail))
        return above ** se["Ionic percolation exponent"]

    first = se["Ionic percolation threshold at equal size"]
    threshold, phi = first, layer.fractions[name]
    if place != "separator":
        ratio = 3.0 / {"positive": 5.0, "negative": 16.0}[place]
        halfway = se["Ionic percolation halfway size ratio"]
        threshold = first * (1 + halfway) * ratio / (ratio + halfway)
    kappa *= conducting(phi, threshold) / conducting(1 - se["Reference porosity"], first)
    grains = MEMORY.constants_at("Separator", cell.evaluate)
    pressed = MEMORY.just_pressed(1e6 * se["Reference fabrication pressure"], grains)
    kappa *= (separator_contact / float(MEMORY.relative_contact(pressed, grains))) ** 0.5
    return layer.thickness / kappa


def resistances(cell):
    """Of each layer at rest [Ohm m2], and the contact of the separator's grains."""
    solution = at_rest(Engine(cell), 5e6, WARM).solution
    names = {place: f"{place.capitalize()} ionic resistance [Ohm.m2]" for place in ("separator",)}
    names |= {
        side: f"{side.capitalize()} electrode ionic resistance [Ohm.m2]"
        for side in cell.model_options.porous
    }
    found = {place: float(solution[name].entries[-1]) for place, name in names.items()}
    return found, float(solution["Separator relative contact"].entries[-1])


@pytest.mark.parametrize("names", [("LPSCl", "LGPS", "LPSCl"), ("Li3PS4_LiI", "LPSCl", "LGPS")])
def test_every_layer_conducts_by_its_own_electrolyte(tmp_path, names):
    """A separator of LGPS between composites of LPSCl, and three electrolytes in one cell."""
    cell = ssb.load_cell(mixed(tmp_path, *names))
    found, contact = resistances(cell)
    for place, name in zip(("positive", "separator", "negative"), names, strict=True):
        assert found[place] == pytest.approx(by_hand(cell, place, name, contact), rel=1e-9), place


def test_one_electrolyte_by_two_names_is_one(tmp_path):
    """A copy of LPSCl beside the cell, in the cathode, changes nothing."""
    copy = (data_folder() / "materials" / "LPSCl.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(copy, encoding="utf-8")
    two = ssb.load_cell(mixed(tmp_path, "mine", "LPSCl", "LPSCl", "Li-In"))
    assert two.options["electrolyte"] == ("of the separator", "its own")
    one = ssb.load_cell(mixed(tmp_path, "LPSCl", "LPSCl", "LPSCl", "Li-In"))
    assert "electrolyte" not in one.options
    assert resistances(two) == (pytest.approx(resistances(one)[0], rel=1e-12), ANY)


def test_a_number_of_the_catholyte_can_be_set_by_both_its_names(tmp_path):
    """Ten times the conductivity is a tenth of the resistance there, and nothing elsewhere."""
    poor = ssb.load_cell(mixed(tmp_path, "Li3PS4", "LPSCl", "LPSCl", "Li-In"))
    better = poor.with_recipe({"Li3PS4: Reference conductivity [mS.cm-1]": 2.0})
    same = poor.with_values({"Positive electrode electrolyte reference conductivity [S.m-1]": 0.2})
    before, *after = (resistances(cell)[0] for cell in (poor, better, same))
    for one in after:
        assert one["positive"] == pytest.approx(before["positive"] / 10, rel=1e-9)
        assert one["separator"] == pytest.approx(before["separator"], rel=1e-12)


def test_which_electrolyte_is_the_file_s_to_say(tmp_path, capsys):
    path = mixed(tmp_path, "LGPS", "LPSCl", "LPSCl", "Li-In")
    with pytest.raises(SolidStateError, match="the layers of the cell's file name theirs"):
        ssb.load_cell(path).with_options({"electrolyte": "of the separator"})
    assert main(["discharge", "NCM811_LPSCl_Si", "--option", "electrolyte=its own"]) == 2
    assert "'electrolyte' is not an option of a cell" in capsys.readouterr().err


def test_a_symmetric_cell_and_a_saved_one_keep_theirs(tmp_path):
    from tests.runs import save_cell

    cell = ssb.load_cell(mixed(tmp_path))
    mirrored = cell.at_soc(0.5).symmetric("positive")
    found, contact = resistances(mirrored)
    assert found["negative"] == pytest.approx(found["positive"], rel=1e-12)
    assert found["positive"] == pytest.approx(by_hand(cell, "positive", "LPSCl", contact), rel=1e-9)
    again = tmp_path / "folder" / "again.toml"
    save_cell(cell, again, {})
    assert ssb.load_cell(again).options == cell.options


@pytest.mark.parametrize("options", [{}, {"contact": "Persson", "ionic transport": "measured"}])
def test_what_of_an_own_electrolyte_is_declared_to_be_read_is_read(tmp_path, options):
    cell = ssb.load_cell(mixed(tmp_path)).with_options(options)
    read = behind(cell, in_equations(cell.model()))
    ours = [name for name in cell.entries if " electrode electrolyte " in name]
    assert len(ours) == 16
    for name in ours:
        assert is_read(name, cell.options, cell.entries) == (name in read), name


def test_a_separator_of_another_electrolyte_from_the_shell(tmp_path, capsys):
    path = str(tmp_path / "mine.toml")
    assert main(["new", path, "--separator-electrolyte", "LGPS", "--anode", "LTO"]) == 0
    cell = ssb.load_cell(path)
    assert cell.options["electrolyte"] == ("its own", "its own")
    assert cell.design.file.words["chemistry"] == "NCM811 | LGPS | LTO"
    other = str(tmp_path / "other.toml")
    assert main(["new", other, "--separator-electrolyte", "PTFE"]) == 2
    assert "'PTFE' is no electrolyte. Known: LGPS" in capsys.readouterr().err
