"""``ssb validate``: rows as JSON, a page and tables as files, mistakes in one line."""

import json

import pytest

from ssb_model.cli import main
from ssb_model.validation.case import cases_folder

COVERAGE = "materials/coverage"


def run(capsys, *arguments):
    status = main(["validate", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_one_row_a_target(capsys, tmp_path):
    status, out, _ = run(capsys, COVERAGE, "--json", "-", "--out", tmp_path)
    rows = json.loads(out)["rows"]
    assert status == 0
    assert len(rows) == 17
    assert all(row["case"] == COVERAGE for row in rows)
    assert {"target", "use", "kind", "measured", "model", "error", "verdict"} <= set(rows[0])
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"report.html", "report.json"}


def test_the_screen_tells_how_many_hold(capsys, tmp_path):
    status, out, _ = run(capsys, COVERAGE, "--out", tmp_path)
    assert status == 0
    assert out.startswith(
        "Materials: of 0 predicted rows 0 hold; of 17 rows that may be fitted to,"
    )
    assert f"{tmp_path / 'report.html'}" in out


def test_two_processes_give_what_one_gives(capsys, tmp_path):
    cases = tmp_path / "cases"
    text = """title = "t"
source = "Bielefeld2019"
[runs.voids]
protocol = "closure"
closure = "Heckel porosity"
data = "porosity.csv"
constants = { intercept = "LPSCl: Heckel intercept", slope = "LPSCl: Heckel slope [Pa-1]" }
[[series]]
run = "voids"
name = "at {pressure_MPa}"
measured = "value"
model = "model"
use = "check"
tolerance = "15 %"
"""
    for name in ("a", "b"):
        (cases / name).mkdir(parents=True)
        (cases / name / "case.toml").write_text(text)
        (cases / name / "porosity.csv").write_text("pressure_MPa,value\n100,0.18\n")
    for workers in (1, 2):
        out = tmp_path / f"report{workers}"
        status, _, _ = run(capsys, "--cases", cases, "--workers", workers, "--out", out)
        assert status == 0
    one, two = (tmp_path / f"report{workers}" / "report.html" for workers in (1, 2))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["materials/covrage"], "no case 'materials/covrage'. Nearest: materials/coverage"),
        (["--cases", "nowhere"], "no folder 'nowhere'"),
        ([COVERAGE, "--out", "TAKEN"], "cannot write to"),
    ],
)
def test_mistakes_are_one_line(capsys, tmp_path, arguments, words):
    taken = tmp_path / "taken"
    taken.write_text("a file, no folder")
    arguments = [str(taken) if word == "TAKEN" else word for word in arguments]
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert words in err
    assert err.count("\n") == 1


def test_the_report_stands_beside_the_cases_unless_told():
    assert (cases_folder() / "NCM811_LPSCl_Si" / "case.toml").is_file()
