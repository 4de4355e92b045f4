"""The command, as one types it."""

import json
import subprocess
import sys

import pandas as pd
import pytest
import xarray as xr

from ssb_model.cli import main


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_cells(capsys):
    code, out, _ = run(capsys, "cells")
    assert code == 0
    assert out.count("Kawaguchi") == 2
    code, out, _ = run(capsys, "cells", "--json", "-")
    assert {row["Name"] for row in json.loads(out)["rows"]} > {"NCM811_LPSCl_Si"}


def test_show(capsys, cell_name):
    code, out, _ = run(capsys, "show", cell_name, "--json", "-")
    shown = json.loads(out)
    assert code == 0
    assert all(row["class"] and row["source"] for row in shown["rows"])
    assert any(row["quantity"] == "N/P ratio" for row in shown["recipe"])
    code, out, _ = run(capsys, "show", cell_name)
    assert "From the recipe" in out
    assert "Positive electrode contact hardness" in out


def test_discharge_writes_all(capsys, tmp_path):
    folder, file = tmp_path / "out", tmp_path / "row.json"
    code, out, _ = run(
        capsys,
        "discharge",
        "NCM811_LPSCl_Si",
        "--c-rate",
        "0.5",
        "--pressure",
        "5",
        "--out",
        str(folder),
        "--json",
        str(file),
    )
    assert code == 0
    assert "mAh per g of active material" in out
    row = json.loads(file.read_text())["rows"][0]
    assert row["Stopped by"] == "lower voltage cut-off"
    assert row["Charge before"] == "CC, no CV"
    assert row["Stack pressure [MPa]"] == 5
    curve = pd.read_csv(folder / "discharge.csv")
    assert curve["Voltage [V]"].is_monotonic_decreasing
    assert curve["Capacity [mA.h.cm-2]"].iloc[-1] == pytest.approx(row["Capacity [mA.h.cm-2]"])
    with xr.open_dataset(folder / "discharge.nc") as data:
        assert data["Voltage [V]"].attrs["units"] == "V"
        assert data.attrs["cell"] == "NCM811_LPSCl_Si"
    assert (folder / "discharge.png").stat().st_size > 1e4


def test_discharge_options_reach_the_model(capsys):
    rows = []
    for extra in (
        [],
        ["--grain-size", "1"],
        ["--temperature", "60"],
        ["--from-full"],
        ["--set", "Positive electrode film resistance [Ohm.m2]=0.01"],
        ["--charge-rate", "0.1"],
    ):
        extra = ["--option", "mesh=coarse", *extra]
        _, out, _ = run(
            capsys, "discharge", "NCM811_LPSCl_Si", "--c-rate", "0.5", "--json", "-", *extra
        )
        rows.append(json.loads(out)["rows"][0]["Capacity [mA.h.g-1]"])
    assert len({round(capacity, 3) for capacity in rows}) == len(rows)
    assert rows[2] > rows[0]  # warm
    assert rows[3] > rows[0]  # charged fully
    assert rows[4] < 0.99 * rows[0]  # a film, where the cell has none


def test_a_run_outside_the_window_is_an_outcome(capsys):
    code, out, _ = run(
        capsys, "discharge", "NCM811_LPSCl_Si", "--c-rate", "50", "--from-full", "--json", "-"
    )
    row = json.loads(out)["rows"][0]
    assert code == 0
    assert row["Stopped by"] == "lower voltage cut-off at once"
    assert row["Capacity [mA.h.g-1]"] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["show", "NCM811_LPSC"], "Nearest"),
        (["discharge", "NCM811_LPSCl_Si", "--pressure", "5e6"], "more than any press"),
        (["discharge", "NCM811_LPSCl_Si", "--pressure", "0"], "positive"),
        (["discharge", "NCM811_LPSCl_Si", "--c-rate", "0"], "C-rate"),
        (["discharge", "NCM811_LPSCl_Si", "--set", "Nonsense=1"], "no parameter"),
        (["discharge", "NCM811_LPSCl_Si", "--set", "Nonsense"], "write it as"),
        (["discharge", "NCM811_LPSCl_Si", "--set", "Bonded share=x"], "not a number"),
        (["discharge", "NCM811_LPSCl_Si", "--temperature", "400"], "temperature"),
        (["discharge", "NCM811_LPSCl_Si", "--grain-size", "-1"], "grain size"),
        (["cells", "--json", "/nowhere/cells.json"], "cannot write"),
    ],
)
def test_mistakes_are_one_line_and_code_2(capsys, arguments, complaint):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("ssb: ")
    assert err.count("\n") == 1
    assert complaint in err


WAY = """
import os
import sys

import ssb_model.verbs.discharge
from pathlib import Path
from ssb_model.cli import main

home, passed = str(Path(ssb_model.__file__).parent) + os.sep, set()


def seen(frame, event, _):
    passed.add(frame.f_code)


sys.settrace(seen)  # functions as they are called, none of their lines
main(sys.argv[1:])
sys.settrace(None)
ours = [code for code in passed if code.co_filename.startswith(home)]
called = [code.co_filename for code in ours if code.co_flags & 2 and code.co_name[0] != "<"]
passed = {path[len(home) :].replace(os.sep, "/") for path in called}
print(*sorted(passed), sep="\\n")
"""
# what all floors stand on, what a cell file becomes equations by, and what draws
GROUND = ("laws", "numerics", "quantities", "system", "submodels", "models", "parameters")
ELSEWHERE = (*GROUND, "figures")


def test_a_discharge_passes_few_files_from_the_shell_to_its_csv(tmp_path):
    """Who follows it reads no more than these, besides the model itself."""
    command = ["discharge", "NCM811_LPSCl_Si", "--c-rate", "3", "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", WAY, *command, "--option", "mesh=draft"],
        capture_output=True,
        text=True,
        check=True,
    )
    passed = done.stdout[done.stdout.index("Wrote") :].splitlines()[1:]
    assert (tmp_path / "discharge.csv").is_file()
    assert "verbs/discharge.py" in passed
    way = [path for path in passed if path.split("/")[0] not in ELSEWHERE]
    assert len(way) <= 15, " ".join(way)


def test_installed_command():
    done = subprocess.run(
        [sys.executable, "-m", "ssb_model", "show", "nothing"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["impedance", "NCM811_LPSCl_Si", "--soc", "abc"],
        ["nonsense"],
        ["rate-test", "NCM811_LPSCl_Si", "--pressure", "-1,5"],
        ["cycle", "NCM811_LPSCl_Si", "--cycles", "2.5"],
        ["discharge", "NCM811_LPSCl_Si", "--from-full", "--charge-rate", "1"],
    ],
)
def test_a_mistyped_command_is_one_line(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
