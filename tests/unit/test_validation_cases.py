"""Cases as files: read, run, reported; a changed parameter shows, nothing else does."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.validation.case import cases_folder, find_cases, read_case
from ssb_model.validation.report import page
from ssb_model.validation.runs import closure_table
from ssb_model.validation.validate import validate
from validation import closures
from validation.calibration import Varied, calibrate

POWDER = """title = "a powder"
"Heckel intercept" = { value = 1.36, class = "fitted", source = "Miss2026", interval = [1.2, 1.5] }
"Heckel slope [Pa-1]" = { value = 3.65e-9, class = "fitted", source = "a", range = [2e-9, 5e-9] }
"""
CASE = """title = "Densification"
source = "Miss2026"
scatter = "15 %"
[runs.pressed]
protocol = "closure"
closure = "Heckel porosity"
data = "porosity.csv"
[runs.pressed.constants]
intercept = "powder: Heckel intercept"
slope = "powder: Heckel slope [Pa-1]"
[[series]]
run = "pressed"
name = "{pressure_MPa:.0f} MPa"
measured = "value"
model = "model"
use = "fit"
tolerance = "15 %"
[[target]]
name = "falls by half"
use = "check"
kind = "ratio"
value = 0.5
tolerance = "30 %"
cause = "another powder"
model = { run = "pressed", column = "model", where = { pressure_MPa = 300 } }
over = { run = "pressed", column = "model", where = { pressure_MPa = 100 } }
[[figure]]
title = "Porosity"
runs = ["pressed"]
x = "pressure_MPa"
y = "model"
measured = "value"
"""
TABLE = "# printed\npressure_MPa,value\n100,0.18\n300,0.087\n"


@pytest.fixture
def cases(tmp_path):
    folder = tmp_path / "cases" / "powder"
    folder.mkdir(parents=True)
    for name, text in (("case.toml", CASE), ("powder.toml", POWDER), ("porosity.csv", TABLE)):
        (folder / name).write_text(text)
    return folder.parent


def test_a_case_is_run_and_judged(cases):
    result = validate(cases=cases)
    rows = {row["target"]: row for row in result.rows}
    assert rows["100 MPa"]["model"] == pytest.approx(0.178, abs=1e-3)
    assert rows["100 MPa"]["verdict"] == "holds"
    assert rows["falls by half"]["model"] == pytest.approx(0.482, abs=1e-3)
    assert (result.count("fit"), result.count("check")) == ((2, 2), (1, 1))
    (fitted,) = [row for row in result.judged[0].fitted if row["parameter"] == "intercept"]
    assert (fitted["value"], fitted["interval"]) == (1.36, [1.2, 1.5])


def test_a_second_report_is_the_same_and_a_changed_parameter_shows(cases, tmp_path):
    first = validate(cases=cases).save(tmp_path / "first")
    again = validate(cases=cases).save(tmp_path / "again")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    powder = cases / "powder" / "powder.toml"
    powder.write_text(POWDER.replace("3.65e-9", "3.0e-9"))
    changed = validate(cases=cases)
    rows = {row["target"]: row for row in changed.rows}
    assert rows["300 MPa"]["verdict"] == "misses"
    assert changed.save(tmp_path / "changed")[1].read_text() != first[1].read_text()


def test_the_page_holds_all_and_tells_fitted_from_predicted(cases):
    text = page(validate(cases=cases).judged)
    assert "http" not in text.replace("https://pybamm.org", "")
    assert text.count("data:image/png;base64,") == 1
    assert text.index("Predicted: 1 of 1 hold") < text.index("May be fitted to: 2 of 2")
    assert "1.2 to 1.5" in text
    (cases / "powder" / "powder.toml").write_text(POWDER.replace("3.65e-9", "9e-9"))
    missed = page(validate(cases=cases).judged)
    assert 'class="miss told"' in missed
    assert "Likely cause: another powder." in missed


def test_a_table_names_its_rows_in_a_column_of_its_own(cases):
    folder = cases / "powder"
    (folder / "case.toml").write_text(CASE.replace("{pressure_MPa:.0f} MPa", "{row}"))
    (folder / "porosity.csv").write_text("row,pressure_MPa,value\nlow,100,0.18\nhigh,300,0.087\n")
    named = {row["target"]: row["model"] for row in validate(cases=cases).rows}
    assert named["low"] == pytest.approx(0.178, abs=1e-3)
    assert named["high"] < named["low"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('run = "pressed", column = "model", where = { pressure_MPa = 300', None, "no run named"),
        ('use = "check"', 'use = "guess"', "use is one of"),
        ('protocol = "closure"', 'protocol = "closures"', "no protocol 'closures'. Nearest"),
        ('closure = "Heckel porosity"', 'closure = "Heckel"', "no closure 'Heckel'. Nearest"),
        ('slope = "powder: Heckel slope [Pa-1]"', "", "the constant 'slope'"),
        ("powder: Heckel intercept", "powder: Heckel offset", "no 'Heckel offset' in powder.toml"),
        ('data = "porosity.csv"', 'data = "pores.csv"', "no file 'pores.csv' in the folder"),
        (
            'data = "porosity.csv"',
            'data = "../../outside.csv"',
            "no file '../../outside.csv' in the folder",
        ),
        ("[[figure]]", "[[figures]]", "unknown key 'figures'. Nearest: figure"),
        ('y = "model"', 'y = "modell"', "figure 'Porosity': no column 'modell'. Nearest: model"),
        (
            'x = "pressure_MPa"',
            'points = [{ x = [1, 2], y = 3 }]\nx = "pressure_MPa"',
            "a point is",
        ),
    ],
)
def test_a_case_that_cannot_be_names_what_is_wrong(cases, old, new, words):
    path = cases / "powder" / "case.toml"
    new = old.replace("pressed", "presed") if new is None else new
    path.write_text(CASE.replace(old, new))
    (cases.parent / "outside.csv").write_text(TABLE)
    with pytest.raises(InputError, match=words):
        validate(cases=cases).save(cases / "out")
    assert not (cases / "out" / "report.json").exists()


def test_a_case_that_is_not_there(cases, tmp_path):
    with pytest.raises(InputError, match="no case 'powdr'. Nearest: powder"):
        find_cases(cases, "powdr")
    with pytest.raises(InputError, match="name the folder of the cases with --cases"):
        find_cases(tmp_path / "none")


def test_every_case_of_the_project_reads_and_names_known_sources():
    bib = (data_folder() / "sources.bib").read_text()
    cases = find_cases(cases_folder())
    assert {"NCM811_LPSCl_Si", "NCM523_LPSCl_InLi", "NCM811_LPSCl_Li"} <= {c.name for c in cases}
    for case in cases:
        for source in {one.source for one in case.targets} | {case.words["source"]}:
            for key in source.split(", "):
                assert f"{{{key}," in bib, f"{case.name}: {key}"


def test_fitted_numbers_are_written_in_their_place(tmp_path):
    path = tmp_path / "powder.toml"
    path.write_text("# kept\n" + POWDER + '[other]\n"Porosity [%]" = { value = 5 }\n')
    write_fitted(path, "Heckel slope [Pa-1]", 4.123456e-9, (4e-9, 4.3e-9), "Me2026", "two points")
    write_fitted(path, "Porosity", 0.123456, (0.1, 0.2), "Me2026", "", table="other")
    data = tomllib.loads(path.read_text())
    assert path.read_text().startswith("# kept\n")
    assert data["Heckel intercept"]["value"] == 1.36
    assert data["Heckel slope [Pa-1]"] == {
        "value": 4.123e-9,
        "class": "fitted",
        "source": "Me2026",
        "range": [2e-9, 5e-9],
        "interval": [4e-9, 4.3e-9],
        "note": "two points",
    }
    assert data["other"]["Porosity [%]"]["value"] == 12.35
    with pytest.raises(InputError, match="no section"):
        write_fitted(path, "Porosity", 0.1, None, "Me2026", "", table="positive")


def test_a_calibration_finds_a_number_again_and_refuses_what_is_to_be_checked(tmp_path):
    """The film of the silicon cell, from an interface resistance the model itself gave."""
    folder = tmp_path / "cell"
    folder.mkdir()
    cell = folder / "mine.toml"
    source = (data_folder() / "cells" / "NCM811_LPSCl_Si.toml").read_text(encoding="utf-8")
    film = "Film resistance [Ohm.m2]"
    told = f'"{film}" = {{ value = 0.005, class = "assumed", source = "a test" }}'
    at = '"Loosening per strain"'
    assert at in source
    cell.write_text(source.replace(at, f"{told}\n{at}", 1), encoding="utf-8")
    text = """title = "t"
source = "Chen2024"
cell = "mine"
[runs.rest]
protocol = "at rest"
[[target]]
name = "interface"
use = "USE"
kind = "number"
value = VALUE
unit = "Ohm cm2"
tolerance = "1 %"
model = { run = "rest", column = "Positive electrode interface resistance [Ohm.cm2]" }
"""
    path = folder / "case.toml"
    path.write_text(text.replace("USE", "check").replace("VALUE", "1"))
    before = validate(cases=tmp_path, workers=1).rows[0]["model"]
    varied = [Varied(f"positive: {film}", cell, film, 0.02, 1e-3, 0.2, "positive")]
    with pytest.raises(InputError, match="is there to be checked"):
        calibrate(read_case(folder, "cell"), varied, lambda one: True)
    path.write_text(text.replace("USE", "fit").replace("VALUE", f"{before}"))
    known = tomllib.loads(cell.read_text())["positive"][film]["value"]
    found = calibrate(read_case(folder, "cell"), varied, lambda one: True)
    assert found.values[0] == pytest.approx(known, rel=1e-3)
    low, high = found.intervals[0]
    assert low < known < high < 1.1 * known
    found.write("Me2026", "again")
    assert tomllib.loads(cell.read_text())["positive"][film]["class"] == "fitted"


def test_a_number_is_as_many_deviations_off_what_is_usual():
    free = Varied("positive: Contact spot radius [um]", Path(), "", 0.03, 0.02, 0.5)
    usual = replace(free, usual=0.1)
    assert free.beyond(np.log(0.03)) == []
    assert usual.beyond(np.log(0.1)) == pytest.approx([0])
    assert usual.beyond(np.log(0.5)) == pytest.approx([1.645])  # the upper end of 90 %
    assert usual.beyond(np.log(0.02)) == pytest.approx([-1.645])


def test_a_cell_that_is_refused_holds_up_no_other_row(cases):
    """One recipe that cannot be is a row without an answer, beside those that have one."""
    source = (data_folder() / "cells" / "NCM811_LPSCl_Li.toml").read_text(encoding="utf-8")
    scarce = source.replace('"Porosity" = { value = 0.', '"Porosity" = { value = 0.5')
    assert scarce != source
    (cases / "powder" / "scarce.toml").write_text(scarce, encoding="utf-8")
    run = '[runs.scarce]\nprotocol = "at rest"\ncell = "scarce"\n'
    target = """[[target]]
name = "scarce"
use = "check"
kind = "number"
value = 10
unit = "Ohm cm2"
tolerance = "10 %"
model = { run = "scarce", column = "Positive electrode interface resistance [Ohm.cm2]" }
"""
    (cases / "powder" / "case.toml").write_text(CASE + run + target)
    result = validate(cases=cases)
    rows = {row["target"]: row for row in result.rows}
    assert rows["100 MPa"]["verdict"] == "holds"
    assert rows["scarce"]["verdict"] == "no answer"
    assert "no contact left" in rows["scarce"]["error"]
    assert result.failed


def test_closure_constants_are_those_of_the_cells(cases):
    """A table judged with a material's file follows that file."""
    run = tomllib.loads(CASE)["runs"]["pressed"]
    run["constants"]["slope"] = "LPSCl: Heckel slope [Pa-1]"
    rows = closure_table(run, read_case(cases / "powder", "powder"), "here")
    assert rows.model[1] / rows.model[0] == pytest.approx(0.482, abs=0.01)


def test_a_closure_of_ones_own_lies_in_the_folder_of_the_cases(cases):
    own = "def halved(rows, intercept, slope):\n    return rows['value'] / 2\n"
    (cases / "closures.py").write_text("import math\nfrom functools import cache\n\n\n" + own)
    path = cases / "powder" / "case.toml"
    path.write_text(CASE.replace('"Heckel porosity"', '"halved"'))
    rows = {row["target"]: row for row in validate(cases=cases).rows}
    assert rows["100 MPa"]["model"] == 0.09
    path.write_text(CASE.replace('"Heckel porosity"', '"cache"'))
    with pytest.raises(InputError, match="no closure 'cache'"):  # imported, not defined there
        validate(cases=cases)


def test_a_ratio_to_nothing_is_no_answer(cases):
    """Nothing over nothing, as of two cells that give no charge at all."""
    own = "def none(rows, intercept, slope):\n    return 0 * rows['value']\n"
    (cases / "closures.py").write_text(own)
    path = cases / "powder" / "case.toml"
    path.write_text(CASE.replace('"Heckel porosity"', '"none"'))
    rows = {row["target"]: row for row in validate(cases=cases).rows}
    assert rows["falls by half"]["verdict"] == "no answer"
    assert "nothing" in rows["falls by half"]["error"]


def test_closures_that_do_not_run_say_why(cases):
    (cases / "closures.py").write_text("import no_such_module_at_all\n")
    with pytest.raises(InputError, match=r"closures\.py does not run: ModuleNotFoundError"):
        validate(cases=cases)


def test_pistons_add_what_their_contact_resists():
    bare = closures._apparent_conductivity(0.4, 0.2, 1.0)
    assert 1 / bare == pytest.approx(1 / 0.4 + 0.2)
    light = closures._apparent_conductivity(0.4, 0.2, closures._piston_contact(5e6, 500e6, 1.0))
    assert 1 / light == pytest.approx(1 / 0.4 + 20.0)
