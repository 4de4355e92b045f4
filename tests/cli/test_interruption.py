"""Stopped by hand or killed at any moment: what is done is kept, nothing is half written."""

import json
import os
import signal
import sqlite3
import sys
import time
import warnings
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.studies import draws
from ssb_model.system.progress import Bar
from ssb_model.system.saving import UNFINISHED, save_result
from ssb_model.system.signals import stopped_alike
from ssb_model.verbs.result import Runs

A = "NCM811_LPSCl_Si"
DRAFT = ["--option", "mesh=draft"]
ROWS = {  # verb: what it is told, how many of its rows are done when it is stopped
    "rate-test": (["--c-rates", "2,3,2", *DRAFT], 2),
    "limits": (["--c-rates", "2,3,2", "--from-full", *DRAFT], 2),
    "impedance": (["--soc", "0.3,0.5,0.7", "--per-decade", "2", *DRAFT], 2 * 19),
    "gitt": (["--pulse", "900", "--t1", "0.1", "--t2", "10", *DRAFT], 2),
    "pressure-steps": (["--steps", "5,1,5", "--c-rate", "1", *DRAFT], 2),
    "cycle": (["--cycles", "3", "--c-rate", "2", *DRAFT], 2),
}


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    """None of these tests looks at one."""
    monkeypatch.setattr(Figure, "savefig", lambda self, held, **_: held.write(b"drawn"))


@pytest.fixture
def stopped_at_two(monkeypatch):
    """Ctrl-C as the second of what a run goes through is done."""
    calls, advance = [], Bar.advance

    def interrupted(self, count=1):
        advance(self, count)
        calls.append(count)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Bar, "advance", interrupted)


@pytest.mark.parametrize("verb", ROWS)
def test_rows_that_are_done_are_told_and_saved(verb, stopped_at_two, capsys, tmp_path):
    told, count = ROWS[verb]
    assert main([verb, A, *told, "--out", str(tmp_path)]) == 130
    out, err = capsys.readouterr()
    assert "Stopped    stopped by hand" in out
    assert err.startswith("ssb: stopped by hand; what ")
    assert str(tmp_path) in err
    assert err.count("\n") == 1
    name = verb.replace("-", "_")
    saved = json.loads((tmp_path / f"{name}.json").read_text())
    assert len(saved["rows"]) == count
    assert saved.get("stopped", saved.get("conditions", {}).get("stopped")) == "stopped by hand"
    kept = {path.name for path in tmp_path.iterdir()} - {"cycle.sqlite"}
    assert kept == set(saved["files"])


def test_minimum_pressure_tells_the_runs_that_are_done(monkeypatch, capsys, tmp_path):
    calls, solve = [], draws.solve

    def interrupted(plan, points):
        calls.append(points)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return solve(plan, points)

    monkeypatch.setattr(draws, "solve", interrupted)
    command = ["min-pressure", A, "--c-rate", "1", "--from-full", "--out", str(tmp_path)]
    assert main(command) == 130
    out, err = capsys.readouterr()
    assert "not known, stopped by hand" in out
    assert err.count("\n") == 1
    saved = json.loads((tmp_path / "min_pressure.json").read_text())
    assert saved["Minimum stack pressure [MPa]"] is None
    assert saved["status"] == saved["stopped"] == "stopped by hand"
    assert saved["runs"][0]["Stack pressure [MPa]"] == 5
    assert 2 <= len(saved["runs"]) < 6


@pytest.mark.parametrize("verb", ["rate-test", "gitt"])
def test_stopped_before_anything_is_done(verb, monkeypatch, capsys, tmp_path):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Bar, "__enter__", interrupted)
    assert main([verb, A, *DRAFT, "--out", str(tmp_path)]) == 130
    err = capsys.readouterr().err
    assert err.startswith("ssb: stopped by hand; ")
    assert err.count("\n") == 1
    assert not (tmp_path / "gitt.json").exists()


def test_stopped_while_saving_the_table_is_still_shown(monkeypatch, capsys, tmp_path):
    def interrupted(self, folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(Runs, "save", interrupted)
    command = ["limits", A, "--c-rates", "3", "--from-full", *DRAFT, "--out", str(tmp_path)]
    assert main(command) == 130
    out, err = capsys.readouterr()
    assert "mAh/g" in out
    assert err.startswith("ssb: stopped by hand; what was done is shown above")
    assert not list(tmp_path.iterdir())


def as_a_command(arguments):
    sys.exit(main(arguments))


def written(path):
    """Cycles in a journal another process writes."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as database:
            return database.execute("SELECT count(*) FROM cycles").fetchone()[0]
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_the_system_stops_as_a_hand_does(started, tmp_path):
    command = ["cycle", A, "--cycles", "100000", "--c-rate", "3", *DRAFT, "--out", str(tmp_path)]
    run = started(as_a_command, command)
    while written(tmp_path / "cycle.sqlite") < 1 and run.is_alive():
        time.sleep(0.01)
    os.kill(run.pid, signal.SIGTERM)
    run.join()
    assert run.exitcode == 130
    saved = json.loads((tmp_path / "cycle.json").read_text())
    assert saved["stopped"] == "stopped by hand"
    assert len(saved["rows"]) == written(tmp_path / "cycle.sqlite") >= 1


def test_a_closed_terminal_stops_as_a_hand_does_unless_ignored():
    def handlers():
        return [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)]

    before = handlers()
    with stopped_alike():
        assert not set(handlers()) & {signal.SIG_DFL, signal.default_int_handler}
    assert handlers() == before
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
        with stopped_alike():
            assert handlers()[1] == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before[1])


def test_a_hand_that_python_would_ignore_is_heard(capsys):
    class Interrupted:
        def __del__(self):
            raise KeyboardInterrupt

    hook = sys.unraisablehook
    with pytest.raises(KeyboardInterrupt), stopped_alike():
        Interrupted()
        for _ in range(6000):
            time.sleep(0.01)
    assert sys.unraisablehook is hook
    assert not capsys.readouterr().err


def test_a_hand_of_which_a_library_makes_another_error(monkeypatch, capsys):
    def interrupted(self):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise NotImplementedError("wrong type of arguments") from None

    monkeypatch.setattr(Bar, "__enter__", interrupted)
    assert main(["limits", A, *DRAFT]) == 130
    assert capsys.readouterr().err == "ssb: stopped by hand; nothing was saved.\n"
    monkeypatch.setattr(signal, "raise_signal", lambda number: None)
    monkeypatch.setattr(Bar, "__enter__", lambda self: 1 / 0)
    assert main(["limits", A, *DRAFT]) == 1  # a fault, and said to be one
    assert "ZeroDivisionError" in capsys.readouterr().err


OLD, NEW = ("one", "two", "three"), ("two", "three", "four")
STEPS = ((Path, "write_bytes"), (Path, "unlink"), (os, "replace"))


def save(folder, names, word):
    contents = {f"{name}.csv": word.encode() for name in names}
    besides = [f"{name}.csv" for name in {*OLD, *NEW}]
    return save_result(folder, "run", {"word": word}, contents, besides)


def at_step(number, call, monkeypatch=None):
    """Before the step of that number of a save, something happens."""
    taken = []
    for owner, name in STEPS:
        real = getattr(owner, name)

        def step(*given, real=real, **named):
            taken.append(real)
            if len(taken) == number:
                call()
            return real(*given, **named)

        if monkeypatch is None:
            setattr(owner, name, step)
        else:
            monkeypatch.setattr(owner, name, step)
    return taken


def forked(call):
    """A call in a copy of this process, which costs next to nothing; its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which the copy has not
        number = os.fork()
    if number:
        return number
    code = 1
    try:
        call()
        code = 0
    finally:
        os._exit(code)


def ended(number):
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def killed_at(number, folder):
    at_step(number, lambda: os.kill(os.getpid(), signal.SIGKILL))
    save(folder, NEW, "new")


def of_one_result(folder):
    """The word of the JSON there, which every file it lists shares; and which of them miss."""
    told = json.loads((folder / "run.json").read_text())
    there = {path.name: path for path in folder.iterdir() if not path.name.endswith(UNFINISHED)}
    assert set(there) <= set(told["files"])
    for name, path in there.items():
        assert name == "run.json" or path.read_text() == told["word"]
    return told["word"], set(told["files"]) - set(there)


def test_killed_at_every_step_of_saving(tmp_path):
    """A folder never holds a mixture, nor half a file; the next save mends it."""
    seen, number, code = set(), 0, None
    while code != 0:
        number += 1
        folder = tmp_path / str(number)
        save(folder, OLD, "old")
        code = ended(forked(partial(killed_at, number, folder)))
        assert code in (0, -signal.SIGKILL)
        word, missing = of_one_result(folder)
        seen.add((word, bool(missing)))
        save(folder, OLD, "mended")
        assert of_one_result(folder) == ("mended", set())
        assert not list(folder.glob(f"*{UNFINISHED}"))
    assert number > 10
    assert {("old", False), ("new", False)} <= seen


@pytest.mark.parametrize("number", range(1, 12))
def test_a_hand_at_any_step_of_saving(number, monkeypatch, tmp_path):
    """Ctrl-C lets the files be whole first."""
    save(tmp_path, OLD, "old")
    taken = at_step(number, lambda: signal.raise_signal(signal.SIGINT), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        save(tmp_path, NEW, "new")
    while list(tmp_path.glob(f"*{UNFINISHED}")):
        time.sleep(0.01)
    assert len(taken) >= number
    assert of_one_result(tmp_path) == ("new", set())


def saves(folder, word):
    for _ in range(50):
        save(folder, OLD if word == "old" else NEW, word)


def test_two_that_save_into_one_folder(tmp_path):
    """The last one has it whole."""
    both = [forked(partial(saves, tmp_path, word)) for word in ("old", "new")]
    assert list(map(ended, both)) == [0, 0]
    assert of_one_result(tmp_path)[1] == set()


def test_a_result_leaves_alone_what_it_did_not_write(tmp_path):
    for name in ("mine.csv", "four.csv", "cell.toml"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(InputError, match=r"cell\.toml: not written by this program"):
        save_result(tmp_path, "run", {}, {"one.csv": b"1", "cell.toml": b"a cell"})
    assert len(list(tmp_path.iterdir())) == 3
    (tmp_path / "cell.toml").unlink()
    save_result(tmp_path, "run", {}, {"one.csv": b"1", "cell.toml": b"a cell"})
    listed = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(
        json.dumps(listed | {"files": ["../x", "/etc/x", "one.csv"]})
    )
    (tmp_path.parent / "x").write_text("mine")
    with pytest.raises(InputError, match=r"run\.json: not written by this program"):
        save_result(tmp_path, "run", {}, {"two.csv": b"2"}, ["one.csv"])
    save_result(tmp_path, "run", {}, {"two.csv": b"2"}, ["one.csv"], force=True)
    assert (tmp_path.parent / "x").read_text() == "mine"
    there = {path.name for path in tmp_path.iterdir()}
    kept = {"mine.csv", "four.csv", "cell.toml", "one.csv"}  # of a list changed by hand
    assert there == kept | {"run.json", "two.csv"}
    save_result(tmp_path, "run", {}, {"three.csv": b"3"}, ["two.csv"])
    assert {path.name for path in tmp_path.iterdir()} == kept | {"run.json", "three.csv"}


def test_a_name_put_into_the_json_by_hand_is_nobodys_to_delete(tmp_path):
    folder, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    elsewhere.mkdir()
    save_result(folder, "run", {}, {"run.csv": b"1", "run.old.csv": b"1"})
    (folder / "5MPa").symlink_to(elsewhere)
    (folder / "run.link.csv").symlink_to(elsewhere / "run.csv")
    mine = ("thesis.docx", "mine.csv", "elsewhere/run.csv", "5MPa/run.csv")
    for name in mine:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("mine")
    listed = json.loads((folder / "run.json").read_text())
    listed["files"] += [*mine, "run.link.csv", "run.", "run.nowhere", "C:/run.csv", 5, None]
    (folder / "run.json").write_text(json.dumps(listed))
    for force in (False, True):
        if force:
            save_result(folder, "run", {}, {"run.csv": b"2"}, ["*MPa/run.*"], force=True)
        else:
            with pytest.raises(InputError, match=r"run\.json"):
                save_result(folder, "run", {}, {"run.csv": b"2"}, ["*MPa/run.*"])
    assert all((folder / name).read_text() == "mine" for name in mine)
    assert (folder / "run.link.csv").is_symlink()
    assert (folder / "run.old.csv").exists()  # as nobody's word is taken for it
