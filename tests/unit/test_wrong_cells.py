"""Cell files with the mistakes people make, all refused at the door, each with its cure."""

import re

import pytest

import ssb_model as ssb
from ssb_model.errors import CellFileError, InputError
from ssb_model.parameters.library import data_folder
from ssb_model.parameters.plausible import plausible_cell_file
from tests.runs import save_cell


def text_of(name):
    return (data_folder() / "cells" / f"{name}.toml").read_text(encoding="utf-8")


INDIUM, LITHIUM, SILICON = map(text_of, ("NCM523_LPSCl_InLi", "NCM811_LPSCl_Li", "NCM811_LPSCl_Si"))
WRONG = [  # cell, what stands there, what somebody writes, what the refusal must say
    # cut-offs
    (INDIUM, "value = 3.728", "value = 4.3", '4.92 V against Li.*write against = "Li"'),
    (LITHIUM, "value = 4.25", "value = 4250", "mind the unit, 4300 mV"),
    (LITHIUM, "value = 4.25", "value = 5.2", "5.2 V against Li, more than the 4.75 V"),
    (LITHIUM, "value = 2.5,", "value = 4.6,", "lower cut-off 4.6 V is not below 4.25 V"),
    (SILICON, "[cell]", '[cell]\nagainst = "Li"', "potential of silicon moves.*leave out"),
    (INDIUM, "[cell]", '[cell]\nagainst = "SHE"', "'SHE' is no reference. Known: Li, Li-In, cell"),
    # pressures, temperature
    (SILICON, "value = 500,", "value = 0.5,", "pressed with 0.5 MPa and held at 5.*swapped"),
    (LITHIUM, "[MPa]\" = { value = 30", '[Pa]" = { value = 30', "30 MPa is 30e6 Pa"),
    (LITHIUM, 'Stack pressure [MPa]" = { value = 30', 'Stack pressure [psi]" = { value = 4350',
     r"unit 'psi' does not fit, write one of Pa, kPa, MPa"),
    (LITHIUM, "[degC]\" = { value = 30", '[degC]" = { value = 303', "mind the unit"),
    # area, capacity
    (INDIUM, '[cm2]" = { value = 0.785', '[m2]" = { value = 0.785', "7.85e[+]03 cm2"),
    (SILICON, "value = 4.0, class", "value = 200, class", "1C of 200 mA/cm2 asks.*holds 276"),
    (INDIUM, "[mAh.cm-2]\" = { value = 3.0", '[mAh.cm-2]" = { value = 0.3',
     "1C of 0.3 mA/cm2.*mind the unit and the loading"),
    # loading, thickness, porosity, sizes
    (LITHIUM, "loading [mg.cm-2]\" = { value = 8.0", 'loading [g.cm-2]" = { value = 8.0',
     "layer of .* mm, thicker than 2 mm"),
    (LITHIUM, "loading [mg.cm-2]\" = { value = 8.0", 'loading [mg.cm-2]" = { value = 0.08',
     "diameter of 3 um in a layer of"),
    (LITHIUM, '"Porosity" = { value = 0.12', '"Thickness [um]" = { value = 120',
     "no contact left.*8 mg/cm2 in 120 um: mind the units"),
    (LITHIUM, '"Active material diameter [um]"',
     '"Thickness [um]" = { value = 60, class = "measured", source = "mine" }\n'
     '"Active material diameter [um]"',
     "one too many: leave out the thickness, which follows"),
    (LITHIUM, '"Porosity" = { value = 0.12', '"Porosity" = { value = 12', r"Porosity \[%\]"),
    (LITHIUM, "[um]\" = { value = 3.0", '[um]" = { value = 3000', "diameter of 3e.03 um in a"),
    (LITHIUM, "NCM811 = 66, LPSCl = 33, VGCF = 1", "NCM811 = 0.66, LPSCl = 0.33, VGCF = 0.01",
     "write 70 and 30 for 0.7 and 0.3"),
    (LITHIUM, "NCM811 = 66, LPSCl = 33, VGCF = 1", "NCM811 = 66, LPSCl = 23, VGCF = 1",
     "add up to 90, not 100"),
    (SILICON, "value = 1.2, class", "value = 120, class", "N/P ratio: 120 is none of a cell"),
    # keys by another name
    (LITHIUM, '"Composite loading [mg.cm-2]"', '"Mass [mg]"',
     r"Nearest: Composite loading \[mg.cm-2\].* It counts per area of cell"),
    (LITHIUM, '"Upper voltage cut-off [V]"', '"Vmax [V]"', r"Nearest: Upper voltage cut-off \[V\]"),
    (LITHIUM, '"Fabrication pressure [MPa]"', '"Pelletizing pressure [MPa]"',
     r"Nearest: Fabrication pressure \[MPa\]"),
    (LITHIUM, '"Active material diameter [um]"', '"D50 [um]"',
     r"Nearest: Active material diameter \[um\]"),
    (LITHIUM, '"Electrode area [cm2]"', '"Disc diameter [mm]"', r"Nearest: Electrode area \[cm2\]"),
]  # fmt: skip

ANEW = [  # the same, of another hand
    (LITHIUM, '[degC]" = { value = 30', '[degF]" = { value = 86', "'degF' does not fit.* K, degC"),
    (LITHIUM, '[degC]" = { value = 30', '[degC]" = { value = -300', "mind the unit"),
    (LITHIUM, 'pressure [MPa]" = { value = 375', 'pressure [t]" = { value = 5',
     "unit 't' does not fit.*MPa"),
    (LITHIUM, "[MPa]\" = { value = 30", '[GPa]" = { value = 30', "30000 MPa, more than any press"),
    (LITHIUM, "value = 30", "value = -30", "must be a positive number"),
    (LITHIUM, '"Active material diameter [um]"', '"Active material radius [um]"',
     "Nearest: Active material diameter.* A diameter is twice the radius"),
    (LITHIUM, "[um]\" = { value = 3.0", '[um]" = { value = 0.003', "3 nm, smaller than 10 nm"),
    (LITHIUM, '"Porosity" = { value = 0.12', '"Relative density" = { value = 0.88',
     "Nearest: Porosity.*share of voids, 0.12 where 88 % is dense"),
    (LITHIUM, '"Porosity" = { value = 0.12', '"Porosity" = { value = 2.9', r"Porosity \[%\]"),
    (LITHIUM, 'loading [mg.cm-2]" = { value = 8.0', 'loading [mg.cm-2]" = { value = -8.0',
     "must be positive"),
    (LITHIUM, "value = 4.25", 'value = "4,25"', "must be a number, not '4,25'"),
    (LITHIUM, "value = 4.25", "value = nan", "must be a number, not nan"),
    (LITHIUM, "NCM811 = 66", "NMC811 = 66", "'NMC811' is not known. Nearest: NCM811"),
    (LITHIUM, "NCM811 = 66, LPSCl = 33", "NCM811 = 99", "'LPSCl' is missing from the mixture"),
    (LITHIUM, "{ NCM811 = 66, LPSCl = 33, VGCF = 1 }", '["NCM811", "LPSCl"]',
     "list weight percents by material"),
    (LITHIUM, "[cell]", '[cell]\nagainst = "LTO"', "'LTO' is no reference. Known: Li, Li-In"),
    (LITHIUM, "[separator]", "[seperator]", "seperator: unknown key. Nearest: separator"),
    (LITHIUM, 'class = "assumed"', 'class = "guessed"', "class must be one of measured"),
    (INDIUM, '[cm2]" = { value = 0.785', '[cm2]" = { value = 78500', "disc of 10 mm has 0.785"),
    (INDIUM, "[mAh.cm-2]\" = { value = 3.0", '[mAh]" = { value = 2.4', "write one of C.m-2, mAh"),
    (SILICON, "value = 1.2, class", "value = 0.2, class", "N/P ratio: 0.2 is none of a cell"),
]  # fmt: skip


def refusal(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((CellFileError, InputError)) as raised:
        plausible_cell_file(path)
    return str(raised.value)


@pytest.mark.parametrize(("cell", "stands", "writes", "says"), [*WRONG, *ANEW])
def test_mistakes_people_make(tmp_path, cell, stands, writes, says):
    assert stands in cell
    message = refusal(tmp_path, cell.replace(stands, writes, 1))
    assert re.search(says, message), message
    assert message.startswith("mine.toml")


def test_all_mistakes_of_a_file_at_once(tmp_path):
    text = INDIUM
    for stands, writes in (
        ("value = 3.728", "value = 4.3"),
        ('"Stack pressure [MPa]" = { value = 200', '"Stack pressure [MPa]" = { value = 2000'),
        ('"Composite loading [mg.cm-2]"', '"Mass [mg]"'),
        ('"Thickness [um]" = { value = 100, class = "assumed"', '"Thickness [um]" = { value = 100'),
        ('"Loading [mg.cm-2]" = { value = 127', '"Loading [g.cm-2]" = { value = 127'),
    ):
        assert stands in text
        text = text.replace(stands, writes, 1)
    message = refusal(tmp_path, text)
    first, *rest = message.splitlines()
    assert first == "mine.toml: 5 mistakes."
    assert [line.split(".")[0].strip() for line in rest] == ["1", "2", "3", "4", "5"]
    for cure in ("Composite loading", "class must be", "swapped", 'against = "Li"', "thicker than"):
        assert sum(cure in line for line in rest) == 1, cure


def test_what_is_meant_is_taken(tmp_path):
    path = tmp_path / "mine.toml"
    text = LITHIUM.replace("value = 375,", "value = 3,")
    path.write_text(f'unusual = "pressed after it was held"\n{text}', encoding="utf-8")
    assert plausible_cell_file(path).words["unusual"]


def test_one_mistake_is_one_line(tmp_path):
    assert "\n" not in refusal(tmp_path, INDIUM.replace("value = 3.728", "value = 4.3"))


@pytest.mark.parametrize("reference", ["Li", "Li/Li+", "lithium"])
def test_cut_offs_against_lithium_are_the_cell_s_less_its_plateau(tmp_path, reference):
    """The same cell, written against Li-In and against Li, gives the same charge."""
    text = INDIUM.replace("value = 3.728", "value = 4.35").replace("value = 2.378", "value = 3.0")
    path = tmp_path / "NCM523_LPSCl_InLi.toml"
    path.write_text(text.replace("[cell]", f'[cell]\nagainst = "{reference}"'), encoding="utf-8")
    mine, theirs = ssb.load_cell(path), ssb.load_cell("NCM523_LPSCl_InLi")
    assert mine.window.charge == pytest.approx(theirs.window.charge, rel=1e-6)
    upper = mine.entries["Upper voltage cut-off [V]"]
    assert upper.value == pytest.approx(3.728, abs=1e-6)
    assert upper.kind == "derived"
    assert "4.35 V against" in upper.note


@pytest.mark.parametrize(
    ("cell", "reference"),
    [(INDIUM, "InLi"), (INDIUM, "Li-In"), (LITHIUM, "Li"), (SILICON, "cell")],
)
def test_every_cell_file_may_say_what_its_cut_offs_are(tmp_path, cell, reference):
    path = tmp_path / "mine.toml"
    path.write_text(f'against = "{reference}"\n{cell}', encoding="utf-8")
    file, plain = plausible_cell_file(path), tmp_path / "plain.toml"
    plain.write_text(cell, encoding="utf-8")
    before = plausible_cell_file(plain)
    for key in ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]"):
        assert file.cell[key] == before.cell[key]


def test_cut_offs_against_indium_in_a_cell_of_lithium(tmp_path):
    """They charge next to nothing; the key makes them what they were meant to be."""
    text = LITHIUM.replace("value = 2.5,", "value = 1.9,").replace("value = 4.25", "value = 3.628")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CellFileError, match='outside the open-circuit.*"Li-In" under'):
        ssb.load_cell(path)
    path.write_text(text.replace("value = 1.9,", "value = 2.5,"), encoding="utf-8")
    with pytest.raises(CellFileError, match='takes .* % of the lithium.*"Li-In" under'):
        ssb.load_cell(path)
    path.write_text(text.replace("[cell]", '[cell]\nagainst = "Li-In"'), encoding="utf-8")
    cell = ssb.load_cell(path)
    assert cell.entries["Upper voltage cut-off [V]"].value == pytest.approx(4.25, abs=1e-6)


def test_a_saved_cell_keeps_the_cut_offs_it_has(tmp_path):
    path = tmp_path / "mine.toml"
    text = INDIUM.replace("value = 3.728", "value = 4.35").replace("value = 2.378", "value = 3.0")
    path.write_text(text.replace("[cell]", '[cell]\nagainst = "Li"'), encoding="utf-8")
    cell = ssb.load_cell(path).with_recipe({"cell: Upper voltage cut-off [V]": 3.6})
    save_cell(cell, tmp_path / "kept.toml", {})
    kept = ssb.load_cell(tmp_path / "kept.toml")
    assert kept.entries["Upper voltage cut-off [V]"].value == 3.6
    assert kept.entries["Lower voltage cut-off [V]"].value == pytest.approx(2.378, abs=1e-6)
