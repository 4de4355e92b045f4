"""A disk that is full, a folder without rights, a folder in use: one line, and nothing is lost."""

import io
import os
import resource
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.parameters.library import data_folder
from ssb_model.system.journals import Journal, Stored

A = "NCM811_LPSCl_Si"
QUICK = ["discharge", A, "--c-rate", "3", "--from-full", "--option", "mesh=draft"]
SEEN = "quantity=positive_capacitance_uF_cm2,value=310"
VERBS = {
    "discharge": [],
    "rate-test": [],
    "gitt": [],
    "impedance": [],
    "limits": [],
    "cycle": [],
    "pressure-steps": [],
    "min-pressure": [],
    "sweep": ["--over", "pressure=1,2"],
    "fit": ["--data", SEEN, "--vary", "Positive electrode coverage ceiling"],
    "validate": [],
}
FULL = OSError(28, os.strerror(28))


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    """None of these tests looks at one."""
    monkeypatch.setattr(Figure, "savefig", lambda self, held, **_: held.write(b"drawn"))


@pytest.fixture
def full(monkeypatch):
    """A disk with room for so many files more; those it has no room for are half written."""
    write, left = Path.write_bytes, []

    def full_after(count):
        left[:] = [None] * count

    def written(path, content):
        if left:
            left.pop()
            return write(path, content)
        write(path, content[: len(content) // 2])
        raise FULL

    monkeypatch.setattr(Path, "write_bytes", written)
    return full_after


def all_in(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("option", ["--out", "--json"])
@pytest.mark.parametrize("verb", VERBS)
def test_found_out_before_the_run(verb, option, full, capsys, tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "mine.json").write_text("mine")
    target = folder if option == "--out" else folder / "new.json"
    cell = ["materials/coverage", "--out", str(folder)] if verb == "validate" else [A]
    assert main([verb, *cell, *VERBS[verb], option, str(target)]) == 2
    out, err = capsys.readouterr()
    assert not out  # no table: no run
    assert err.startswith(f"ssb: cannot write to {target} (No space left on device): ")
    assert f"another {option}" in err
    assert err.count("\n") == 1
    assert all_in(folder) == {"mine.json": b"mine"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a whole result."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", lambda self, held, **_: held.write(b"drawn"))
        assert main([*QUICK, "--grain-size", "2", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("room", [1, 4])
def test_found_out_after_the_run_the_table_is_shown(room, saved, full, capsys):
    before = all_in(saved)
    full(room)
    assert main([*QUICK, "--out", str(saved)]) == 2
    out, err = capsys.readouterr()
    assert "mAh per g" in out
    assert "No space left" in err
    assert err.count("\n") == 1
    assert all_in(saved) == before


def test_json_that_finds_no_room_after_the_run(full, capsys, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text("mine")
    full(1)
    assert main([*QUICK, "--json", str(file), "--force"]) == 2
    out, err = capsys.readouterr()
    assert "mAh per g" in out
    assert "another --json" in err
    assert all_in(tmp_path) == {"mine.json": b"mine"}


def limited(size, arguments, said):
    """A command that may write so many bytes to a file, what it says in a file."""
    with open(said, "w", encoding="utf-8") as sys.stderr:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        code = main(arguments)
    sys.exit(code)


def test_a_real_limit(saved, started, tmp_path):
    before = all_in(saved)
    run = started(limited, 20_000, [*QUICK, "--out", str(saved)], tmp_path / "said")
    run.join()
    assert run.exitcode == 2
    assert (tmp_path / "said").read_text().startswith(f"ssb: cannot write to {saved} (File too")
    assert all_in(saved) == before


def filled(path):
    """Cycles into a journal until it takes no more; how many it took is the exit code."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    with Journal(path, {"cell": "x"}) as journal:
        for number in range(1, 100):
            try:
                journal.add({"Cycle": number}, [{"Z": number}] * 500, Stored(np.ones(9), 1.0, {}))
            except InputError as error:
                sys.exit(number - 1 if "written before are kept" in str(error) else 0)


def test_a_journal_that_finds_no_room_keeps_what_it_has(started, tmp_path):
    run = started(filled, tmp_path / "cycle.sqlite")
    run.join()
    with Journal(tmp_path / "cycle.sqlite", {"cell": "x"}) as journal:
        assert len(journal.rows) == run.exitcode > 1
        journal.add({"Cycle": run.exitcode + 1}, [], Stored(np.ones(9), 1.0, {}))


@pytest.mark.parametrize("option", ["--out", "--json"])
def test_without_rights(option, monkeypatch, capsys, tmp_path):
    """As root has all rights, the system's answer is played."""
    refused = PermissionError(13, os.strerror(13))

    def write(*_):
        raise refused

    monkeypatch.setattr(Path, "write_bytes", write)
    assert main([*QUICK, option, str(tmp_path / "new")]) == 2
    err = capsys.readouterr().err
    assert "Permission denied" in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_to_be_written_over(monkeypatch, capsys, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text("mine")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file)
    assert main([*QUICK, "--json", str(file)]) == 2
    assert "Permission denied" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_data_are_not_written_over(capsys, tmp_path):
    file = tmp_path / "discharge.csv"
    file.write_text("time/s,I/mA,Ecell/V\n" + "".join(f"{t},-1,{4 - t / 99}\n" for t in range(99)))
    assert main([*QUICK, "--data", str(file), "--out", str(tmp_path)]) == 2
    assert "would be written over" in capsys.readouterr().err
    (tmp_path / "5MPa").mkdir()
    one = tmp_path / "5MPa" / "cycle.csv"
    one.write_text(file.read_text())
    assert main(["cycle", A, "--data", str(one), "--out", str(tmp_path)]) == 2
    assert f"would be written over {one}" in capsys.readouterr().err
    assert main(["fit", A, "--data", f"{file},pressure=5", "--vary", "x", "--out", "x"]) == 2


@pytest.mark.parametrize("where", ["cell", "data", "profile", "fit file", "data of a fit file"])
def test_json_is_not_written_over_what_a_run_reads(where, capsys, tmp_path):
    cell, data, profile = (tmp_path / name for name in ("mine.toml", "data.csv", "profile.csv"))
    cell.write_text((data_folder() / "cells" / f"{A}.toml").read_text())
    data.write_text("time/s,I/mA,Ecell/V\n" + "".join(f"{t},-1,{4 - t / 99}\n" for t in range(99)))
    profile.write_text("h,MPa\n0,5\n1,6\n")
    fit = tmp_path / "fit.toml"
    vary = '[vary]\n"Positive electrode coverage ceiling" = {}\n'
    fit.write_text(f'cell = "{A}"\n{vary}[[data]]\nfile = "data.csv"\n')
    files = {"cell": cell, "data": data, "profile": profile, "fit file": fit}
    target = files.get(where, data)
    (tmp_path / "link.json").symlink_to(target)
    before = all_in(tmp_path)
    command = ["discharge", str(cell), "--data", str(data), "--profile", str(profile)]
    if "fit" in where:
        command = ["fit", str(fit)]
    for path in (str(target), str(tmp_path / "link.json")):
        assert main([*command, "--json", path]) == 2
        err = capsys.readouterr().err
        assert "results would be written over" in err or "not written by this program" in err
        assert "--json" in err
        assert err.count("\n") == 1
    assert all_in(tmp_path) == before


def test_a_link_stays_one_and_a_device_is_refused(capsys, tmp_path):
    there, link = tmp_path / "there.json", tmp_path / "link.json"
    there.write_text("old")
    link.symlink_to(there)
    assert main(["cells", "--json", str(link)]) == 2
    assert "--force" in capsys.readouterr().err
    assert there.read_text() == "old"
    for _ in range(2):
        assert main(["cells", "--json", str(link), "--force"]) == 0
    assert main(["cells", "--json", str(link)]) == 0  # ours by now
    assert link.is_symlink()
    assert "rows" in there.read_text()
    capsys.readouterr()
    assert main(["cells", "--json", os.devnull]) == 2
    assert "a pipe or a device" in capsys.readouterr().err
    assert main(["cells", "--json", str(tmp_path)]) == 2
    assert "directory" in capsys.readouterr().err.lower()


def test_a_screen_that_takes_nothing(monkeypatch, capsys):
    class Full(io.StringIO):
        def write(self, text):
            raise FULL

    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["cells"]) == 2
    assert capsys.readouterr().err == "ssb: cannot write to the screen (No space left on device).\n"


def held(folder):
    """A run into a folder that never ends."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr("ssb_model.verbs.discharge.discharge", lambda *_, **__: signal.pause())
    main([*QUICK, "--out", str(folder)])


def test_two_runs_into_one_folder(started, capsys, tmp_path):
    """The second is refused at once; a killed one holds nobody up, and another verb may."""
    run = started(held, tmp_path)
    lock = tmp_path / ".discharge.lock"
    while not lock.exists() and run.is_alive():
        time.sleep(0.01)
    command = [*QUICK, "--out", str(tmp_path)]
    code = main(command)
    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith(f"ssb: another 'ssb discharge' writes to {tmp_path}: wait")
    assert main(["limits", *QUICK[1:], "--out", str(tmp_path)]) == 0
    run.kill()
    run.join()
    assert lock.exists()
    assert main(command) == 0
    assert not lock.exists()
    assert {"discharge.json", "limits.json"} < set(all_in(tmp_path))
