"""``ssb sweep`` as one types it, stops it and kills it."""

import json
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from ssb_model.cli import main

A = "NCM811_LPSCl_Si"
FEW = ["--over", "pressure=1,5", "--over", "c-rate=1:2:3", "--run", "from-full"]
MANY = ["--over", "pressure=1:20:48", "--over", "c-rate=1,1.5", "--run", "from full"]
WRITTEN = ("sweep.csv", "sweep.json", "sweep.minimum_pressure.csv")


def command(*arguments):
    return [sys.executable, "-m", "ssb_model", "sweep", A, *map(str, arguments)]


def begin(*arguments):
    """The command in a session of its own, standard error a terminal's."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=its, text=True, start_new_session=True
    )
    os.close(its)
    return process, ours


def said_until(terminal, pattern, longest=30):
    """What a terminal shows until it shows a pattern, or to the end."""
    said, end = "", time.monotonic() + longest
    while not (pattern and re.search(pattern, said)):
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        assert ready, f"not shown: {pattern}; {said}"
        try:
            said += os.read(terminal, 4096).decode()
        except OSError:  # the last who wrote to it has ended
            break
    return said


def ended(process, terminal):
    """What a command leaves behind: code, table, the rest of its terminal."""
    out, _ = process.communicate(timeout=30)
    said = said_until(terminal, None)
    os.close(terminal)
    return process.returncode, out, said


def told(folder):
    return json.loads((Path(folder) / "sweep.json").read_text())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A folder where the command ran undisturbed, and how long it took."""
    folder, began = tmp_path_factory.mktemp("whole"), time.monotonic()
    done = subprocess.run(command(*MANY, "--out", folder), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, time.monotonic() - began


def assert_as_whole(folder, whole):
    for name in WRITTEN:
        assert (folder / name).read_bytes() == (whole[0] / name).read_bytes(), name
    points = [(row["stack_pressure_MPa"], row["c_rate"]) for row in told(folder)["rows"]]
    assert len(points) == len(set(points)) == 96


def test_a_map(capsys, tmp_path):
    assert main(["sweep", A, *FEW, "--out", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert "Points     6 of 6" in captured.out
    assert "pressure_for_95_percent_MPa" in captured.out
    assert captured.err == ""
    table = pd.read_csv(tmp_path / "sweep.csv")
    assert list(table["stack_pressure_MPa"]) == [1, 1, 1, 5, 5, 5]
    assert list(table["c_rate"]) == [1, 1.5, 2] * 2
    rows = told(tmp_path)["rows"]
    assert main(["sweep", A, *FEW, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == rows


def test_units_and_names(capsys):
    """What people type is what the model is given."""
    over = {
        "stack_pressure=1,5": ("stack_pressure_MPa", [1, 5]),
        "grain-size=1,3": ("grain_size_um", [1, 3]),
        "temperature=25,60": ("temperature_C", [25, 60]),
        "positive: Porosity [%]=9,12": ("positive: Porosity [%]", [9, 12]),
        "option contact=memory, plastic": ("option contact", ["memory", "plastic"]),
        "c-rate=1:4:3:log": ("c_rate", [1, 2, 4]),
    }
    for text, (column, values) in over.items():
        assert main(["sweep", A, "--over", text, "--run", "from full", "--json", "-"]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert [row[column] for row in rows] == [pytest.approx(v) for v in values]
        assert len({row["capacity_mAh_g"] for row in rows}) == len(rows)


def test_killed_ten_times_nothing_is_lost_and_nothing_twice(tmp_path, whole):
    moments, killed = random.Random(11), 0
    for _ in range(10):
        process = subprocess.Popen(
            command(*MANY, "--out", tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            process.communicate(timeout=moments.uniform(0.2, 0.8) * whole[1])
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed > 0
    done = subprocess.run(command(*MANY, "--out", tmp_path), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert_as_whole(tmp_path, whole)


@pytest.mark.parametrize("where", [[], ["--workers", "2"]])
def test_ctrl_c_tells_what_is_done_and_keeps_it(tmp_path, whole, where):
    process, terminal = begin(*MANY, *where, "--out", tmp_path)
    shown = said_until(terminal, r"\d+/96, .* left")
    assert re.search(r"sweep \[#+ *\] \d+/96, [\d.]+(/s|e.d\d+/s| s each), \d+ s left", shown)
    os.killpg(process.pid, signal.SIGINT)
    stopped = time.monotonic()
    code, out, rest = ended(process, terminal)
    assert time.monotonic() - stopped < 10
    assert code == 1
    assert "Stopped    " in out
    assert re.search(r"Points     \d+ of 96", out)
    assert "Traceback" not in shown + rest
    first = told(tmp_path)
    assert 0 < len(first["rows"]) < 96
    assert first["stopped"]
    assert main(["sweep", A, *MANY, *where, "--out", str(tmp_path)]) == 0
    assert_as_whole(tmp_path, whole)


def test_workers_hear_no_ctrl_c_while_they_begin(tmp_path):
    """They take seconds to import; a terminal tells all of them at once."""
    process, terminal = begin(*MANY, "--workers", "2", "--out", tmp_path)
    wait_for((tmp_path / "sweep.sqlite").exists)
    time.sleep(0.7)
    os.killpg(process.pid, signal.SIGINT)
    code, out, rest = ended(process, terminal)
    assert code == 1
    assert re.search(r"Points     \d+ of 96", out)
    assert rest.replace("\r", "").strip("\n") == ""


def test_workers_end_with_the_command(tmp_path):
    """Killed, it leaves none behind."""
    psutil = pytest.importorskip("psutil")
    process, terminal = begin(*MANY, "--workers", "2", "--out", tmp_path)
    said_until(terminal, r"\d+/96")
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 2
    process.kill()
    process.communicate()
    os.close(terminal)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def wait_for(holds, longest=20):
    end = time.monotonic() + longest
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_two_at_once_in_one_folder(tmp_path, capsys):
    process, terminal = begin(*MANY, "--out", tmp_path)
    try:
        wait_for(lambda: (tmp_path / "sweep.sqlite").exists())
        time.sleep(0.1)
        os.kill(process.pid, signal.SIGSTOP)
        assert main(["sweep", A, *MANY, "--out", str(tmp_path)]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert "sweep.sqlite is in use by another run" in captured.err
    finally:
        process.kill()
        ended(process, terminal)


def test_another_study_in_the_same_folder(tmp_path, capsys):
    assert main(["sweep", A, *FEW, "--out", str(tmp_path)]) == 0
    other = ["sweep", A, *FEW[:2], "--run", "charge", "--out", str(tmp_path)]
    capsys.readouterr()
    assert main(other) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "is the journal of another run" in captured.err
    assert "--fresh" in captured.err
    assert main([*other, "--fresh"]) == 0
    assert [row["c_rate"] for row in told(tmp_path)["rows"]] == [0.5, 0.5]


def test_a_point_that_failed_is_in_the_table(capsys):
    over = ["--over", "positive: Porosity [%]=12,95", "--run", "from full"]
    assert main(["sweep", A, *over, "--c-rate", "1"]) == 0
    out = capsys.readouterr().out
    assert "1 refused" in out
    assert "no contact left" in out
    assert main(["sweep", A, *over[:1], over[1].replace("12,", ""), *over[2:]]) == 0
    assert "1 refused" in capsys.readouterr().out


OVER = ["--over", "pressure=1,5"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--over", "pressure"], "write it as name=1,2,5"),
        (["--over", "pressure="], "write it as name=1,2,5"),
        (["--over", "=1,2"], "write it as name=1,2,5"),
        (["--over", "pressure=1,x"], "'1,x' are no numbers"),
        (["--over", "pressure=1,,5"], "are no numbers"),
        (["--over", "pressure=1:x:5"], "write a range as 1:20:8"),
        (["--over", "pressure=1:5:1"], "write a range as 1:20:8"),
        (["--over", "pressure=1:5:2.5"], "write a range as 1:20:8"),
        (["--over", "pressure=1:5:3:lin"], "write a range as 1:20:8"),
        (["--over", "pressure=0:5:3:log"], "between numbers above 0"),
        (["--over", "presure=1,5"], "Nearest: stack_pressure"),
        (["--over", "stack_presure=1,5"], "Nearest: stack_pressure"),
        (["--over", "Bonded shar=0.1,0.2"], "Nearest: "),
        (["--over", "positive: Porosty [%]=9,12"], "Nearest: positive: Porosity"),
        (["--over", "positive: Porosity [um]=9,12"], "unit 'um' does not fit"),
        (["--over", "option contct=plastic"], "contct"),
        (["--over", "option contact=elastic"], "it can be"),
        (["--over", "Stack pressure [Pa]=1e6,5e6"], "vary 'stack_pressure'"),
        (["--over", "pressure=1,5,1"], "has a value twice"),
        (["--over", "pressure=5:5:3"], "has a value twice"),
        (["--over", "pressure=1,5", "--over", "pressure=2,3"], "twice"),
        (["--over", "pressure=-1,5"], "positive"),
        (["--over", "pressure=0,5"], "positive"),
        (["--over", "pressure=nan,5"], "number"),
        (["--over", "pressure=5e6"], "more than any press"),
        (["--over", "stack_pressure=5e6"], "more than any press"),
        (["--over", "c-rate=0,1"], "C-rate"),
        (["--over", "temperature=400"], "temperature"),
        (["--over", "grain-size=-1"], "grain size"),
        (["--over", "soc=0.2,0.5"], "begins at one state of charge"),
        (["--over", "soc=0.2,1.5", "--run", "pulse"], "a pulse starts above 0"),
        ([*OVER, "--run", "pulse", "--soc", "2"], "a pulse starts above 0"),
        ([*OVER, "--c-rate", "0"], "C-rate"),
        ([*OVER, "--charge-rate", "-1"], "charge rate"),
        ([*OVER, "--run", "cycles", "--cycles", "1"], "number of cycles"),
        ([*OVER, "--run", "pulse", "--seconds", "0"], "pulse"),
        ([*OVER, "--samples", "1"], "at least 2 draws"),
        (["--over", "pressure=1,3,5", "--samples", "4"], "give its two limits"),
        (["--over", "option contact=memory,plastic", "--samples", "4"], "give its two limits"),
        ([*OVER, "--output", "capacity"], "Nearest: capacity_mAh"),
        ([*OVER, "--workers", "0"], "number of workers"),
        ([*OVER, "--fresh"], "no journal to start anew"),
        ([*OVER, "--out", "/proc/nowhere"], "cannot write to"),
    ],
)
def test_mistakes_are_one_line_and_code_2(capsys, arguments, complaint):
    """Before anything is solved."""
    assert main(["sweep", A, *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("ssb: ")
    assert captured.err.count("\n") == 1
    assert complaint in captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [*OVER, "--run", "discharg"],
        [*OVER, "--samples", "2.5"],
        [*OVER, "--workers", "two"],
        [*OVER, "--workers", "2", "--scheduler", "tcp://127.0.0.1:8786"],
    ],
)
def test_a_mistyped_command_is_one_line(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["sweep", A, *arguments])
    assert stopped.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
