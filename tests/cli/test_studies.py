"""``ssb sweep`` and ``ssb min-pressure``: killed and gone on with, refused in one line."""

import json
import random
import re
import signal
import subprocess
import sys
import time

import pytest

from ssb_model.cli import main

A = "NCM811_LPSCl_Si"
SSB = [sys.executable, "-m", "ssb_model"]
MAP = ["sweep", A, "--over", "pressure=1:10:12:log", "--over", "c-rate=0.4:1:6", "--over"]
MAP += ["grain-size=1,2,4", "--run", "from-full"]
FILLED = 100_000  # bytes of a journal with some of the points
WRITTEN = ("sweep.csv", "sweep.json", "sweep.nc", "sweep.minimum_pressure.csv")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The files of a run never cut off."""
    folder = tmp_path_factory.mktemp("whole")
    assert main([*MAP, "--out", str(folder)]) == 0
    return {name: content(folder / name) for name in WRITTEN}


def content(path):
    """What a file says, of JSON without the hashes of the pictures beside it."""
    if path.suffix != ".json":
        return path.read_bytes()
    told = json.loads(path.read_text())
    return {name: value for name, value in told.items() if name not in ("hashes", "seal")}


def test_killed_ten_times_and_gone_on_with(tmp_path, whole, started):
    """SIGKILL at random moments, some of them before anything is written."""
    chance = random.Random(5)
    for _ in range(10):
        run = started(main, [*MAP, "--out", str(tmp_path)])
        time.sleep(chance.uniform(0.0, 1.6))
        run.kill()
        run.join()
        assert run.exitcode in (-signal.SIGKILL, 0)
    assert main([*MAP, "--out", str(tmp_path)]) == 0
    assert {name: content(tmp_path / name) for name in WRITTEN} == whole


def hears_interrupts():
    """As in a terminal: a background job's children ignore Ctrl-C from their start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupted_says_so_and_goes_on(tmp_path, whole):
    """Ctrl-C once the journal has some of the points: no traceback, a table of what is done."""
    command = [*SSB, *MAP, "--out", str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    run = subprocess.Popen(command, preexec_fn=hears_interrupts, **pipes)
    journal = tmp_path / "sweep.sqlite"
    while not (journal.exists() and journal.stat().st_size > FILLED) and run.poll() is None:
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert err.startswith(f"ssb: stopped by hand; what is done is kept in {tmp_path}")
    assert err.count("\n") == 1
    assert run.returncode == 130
    assert "stopped by hand" in out
    assert 0 < int(re.search(r"Points +(\d+) of 216", out)[1]) < 216
    assert main([*MAP, "--out", str(tmp_path)]) == 0
    assert (tmp_path / "sweep.csv").read_bytes() == whole["sweep.csv"]


def test_minimum_pressure_as_json(capsys):
    assert main(["min-pressure", A, "--c-rate", "0.1", "--keep", "0.95", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["Minimum stack pressure [MPa]"] == pytest.approx(1.66, rel=0.02)
    assert told["Reference pressure [MPa]"] == 5
    assert told["status"] == "found"
    assert told["Interval [MPa]"] is None
    assert told["drivers"] == []


def test_a_voltage_held_after_each_charge_gives_more(capsys):
    capacities = []
    for held in ([], ["--cv-until", "C/10"]):
        assert (
            main(["sweep", A, "--over", "pressure=2,5", "--c-rate", "1", *held, "--json", "-"]) == 0
        )
        rows = json.loads(capsys.readouterr().out)["rows"]
        capacities.append([row["Capacity [mA.h.g-1]"] for row in rows])
    assert all(more > 1.02 * less for less, more in zip(*capacities, strict=True))


def test_minimum_pressure_with_draws(capsys, tmp_path):
    command = ["min-pressure", A, "--c-rate", "0.3", "--samples", "20", "--out", str(tmp_path)]
    command += ["--range", "NCM811: Release pressure [Pa]", "--range", "positive: Porosity"]
    assert main(command) == 0
    first = capsys.readouterr().out
    assert "5 to 95 %" in first
    assert main(command) == 0  # every draw is in the journal
    assert capsys.readouterr().out == first
    files = {path.name for path in tmp_path.iterdir()}
    assert {"min_pressure.json", "min_pressure.draws.csv", "min_pressure.sqlite"} <= files


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        ("sweep A", "required: --over"),
        ("sweep A --over pressure", "write it as name=1,2,5"),
        ("sweep A --over pressure=", "write it as name=1,2,5"),
        ("sweep A --over pressure=a,b", "no numbers"),
        ("sweep A --over pressure=1:20:x", "write a range as 1:20:8"),
        ("sweep A --over pressure=0:20:8:log", "above 0"),
        ("sweep A --over presure=1,2", "Nearest: stack_pressure"),
        ("sweep A --over pressure=1,1", "twice"),
        ("sweep A --over pressure=1 --over pressure=2", "names something twice"),
        ("sweep A --over pressure=-1,2", "positive"),
        ("sweep A --over soc=0.1,0.5", "that of a pulse"),
        ("sweep A --over pressure=1,2 --output nonsense", "no output 'nonsense'"),
        ("sweep A --over pressure=1:2:3 --samples 5", "two limits"),
        ("sweep A --over pressure=1,2 --workers 0", "workers is 1"),
        ("sweep A --over pressure=1,2 --workers 2 --scheduler x", "not allowed with"),
        ("sweep A --over pressure=1,2 --fresh", "no journal"),
        ("sweep A --over pressure=1,2 --run pulse --cv-until 0.1", "--cv-until is of no use"),
        ("min-pressure A --criterion capasity", "invalid choice"),
        ("min-pressure A --criterion resistance", "give a limit"),
        ("min-pressure A --criterion plating-margin", "no margin against"),
        ("min-pressure A --between 5", "two pressures"),
        ("min-pressure A --between 5,1", "lower one first"),
        ("min-pressure A --keep 95", "below 1"),
        ("min-pressure A --measured 150", "two limits"),
        ("min-pressure A --measured 170,150 --samples 20", "between two limits"),
        ("min-pressure A --range Hold --samples 20", "declares no range"),
    ],
)
def test_mistakes_are_refused_in_one_line(capsys, arguments, cure):
    words = [A if word == "A" else word for word in arguments.split()]
    try:
        code = main(words)
    except SystemExit as refused:  # argparse
        code = refused.code
    err = capsys.readouterr().err
    assert code == 2
    assert cure in err
    assert err.count("\n") == 1


def test_a_journal_of_something_else(tmp_path, capsys):
    (tmp_path / "sweep.sqlite").write_text("not a database")
    assert main([*MAP, "--out", str(tmp_path)]) == 2
    assert "sweep.sqlite" in capsys.readouterr().err
