"""What somebody else wrote stays byte for byte, whatever a listing, a link or a name says."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.parameters.library import data_folder
from ssb_model.system.journals import Journal
from ssb_model.system.locks import Lock
from ssb_model.system.marks import is_ours, sealed_json
from ssb_model.system.saving import save_result

A = "NCM811_LPSCl_Si"
RUN = ["discharge", A, "--c-rate", "3", "--from-full", "--option", "mesh=draft"]
FILM = "Positive electrode film resistance [Ohm.m2]"
VERBS = {
    "discharge": ([], "discharge"),
    "rate-test": ([], "rate_test"),
    "gitt": ([], "gitt"),
    "impedance": ([], "impedance"),
    "limits": ([], "limits"),
    "cycle": ([], "cycle"),
    "pressure-steps": ([], "pressure_steps"),
    "min-pressure": ([], "min_pressure"),
    "sweep": (["--over", "pressure=1,2"], "sweep"),
    "fit": (
        ["--data", "quantity=positive_capacitance_uF_cm2,value=310", "--vary", FILM],
        "fit",
    ),
    "pressure-window": ([], "pressure_window"),
    "holder": (["--spring", "100"], "holder"),
    "uneven": (["--patches", "2,5"], "uneven"),
    "diagnose": (["--resistance", "20,50", "--capacitance", "300,200"], "diagnose"),
    "validate": (["--cases", "cases"], "report"),
}
CASE = 'title = "t"\nsource = "s"\n'


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch, tmp_path):
    """None of these tests looks at one; the folder is the one a command runs in."""
    monkeypatch.setattr(Figure, "savefig", lambda self, held, **_: held.write(b"drawn"))
    monkeypatch.chdir(tmp_path)


def snapshot(folder):
    """Files with their bytes, and where links lead."""
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else "other"
        for path in folder.rglob("*")
    }


def listing(*names):
    return json.dumps({"kind": "discharge", "files": list(names), "rows": []}).encode()


def sealed(**files):
    """A listing with mark and hashes, of somebody who knows how they are made."""
    return sealed_json({"files": list(files)}, files)


def hostile(folder, stem, trick):
    """Something in the way of a result, or a listing that names what is not of it."""
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "record.csv").write_bytes(b"weeks of cycling")
    foreign = {
        "json": (f"{stem}.json", listing("thesis.docx", f"{stem}.docx", "../outside/record.csv")),
        "table": (f"{stem}.csv", b"my,own\n"),
        "picture": (f"{stem}.png", b"a photograph"),
        "lock": (f".{stem}.lock", b"my door"),
    }
    if trick in foreign:
        name, content = foreign[trick]
        (folder / name).write_bytes(content)
    elif trick == "link":
        (folder / f"{stem}.csv").symlink_to(outside / "record.csv")
    elif trick == "link of a JSON":
        (folder / f"{stem}.json").symlink_to(outside / "record.csv")
    elif trick == "hard link":
        os.link(outside / "record.csv", folder / f"{stem}.csv")
    elif trick == "changed":
        (folder / f"{stem}.json").write_bytes(sealed(**{f"{stem}.csv": b"a\n"}))
        (folder / f"{stem}.csv").write_bytes(b"a\nand my own remark\n")


TRICKS = [
    *("json", "table", "picture", "lock"),
    *("link", "link of a JSON", "hard link", "changed"),
]


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_in_the_way_stays(verb, trick, tmp_path, capsys):
    more, stem = VERBS[verb]
    folder = tmp_path / "results"
    folder.mkdir()
    (tmp_path / "cases" / "one").mkdir(parents=True)
    (tmp_path / "cases" / "one" / "case.toml").write_text(CASE)
    (folder / "thesis.docx").write_bytes(b"three years")
    (folder / f"{stem}.docx").write_bytes(b"notes")
    hostile(folder, verb.replace("-", "_") if trick == "lock" else stem, trick)
    before = snapshot(tmp_path)
    cell = [] if verb == "validate" else [A]
    assert main([verb, *cell, *more, "--out", str(folder)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "--force" in err or "in the way of a lock" in err
    assert snapshot(tmp_path) == before


def test_a_folder_with_files_of_others_keeps_them(tmp_path, capsys):
    folder = tmp_path / "results"
    (folder / ".unfinished").mkdir(parents=True)
    (folder / "elsewhere").symlink_to(tmp_path / "outside")
    (tmp_path / "outside").mkdir()
    for name in ("thesis.docx", "discharge.docx", "discharge.toml", ".unfinished/mine", "a.json"):
        (folder / name).write_bytes(b"mine")
    (folder / "b.json").write_bytes(sealed(**{"thesis.docx": b"mine", "discharge.docx": b"mine"}))
    (folder / "c.json").write_bytes(listing("thesis.docx", "elsewhere/x.csv", "/etc/passwd"))
    before = snapshot(tmp_path)
    for _ in range(2):
        assert main([*RUN, "--out", str(folder)]) == 0
    after = snapshot(tmp_path)
    assert {name: after.get(name) for name in before} == before
    written = {f"results/discharge.{one}" for one in ("json", "csv", "nc", "png", "svg")}
    assert set(after) - set(before) == written
    capsys.readouterr()
    (folder / "discharge.csv").write_bytes(b"with my remarks\n")
    assert main([*RUN, "--out", str(folder)]) == 2
    assert "discharge.csv: not written by this program, or changed" in capsys.readouterr().err
    assert (folder / "discharge.csv").read_bytes() == b"with my remarks\n"
    assert main([*RUN, "--out", str(folder), "--force"]) == 0
    assert (folder / "discharge.csv").read_bytes() != b"with my remarks\n"


def test_a_result_is_not_written_through_a_link(tmp_path):
    """Nor over another file from Python, unless told to."""
    (tmp_path / "there").mkdir()
    (tmp_path / "5MPa").symlink_to(tmp_path / "there")
    with pytest.raises(InputError, match="not written by this program"):
        save_result(tmp_path, "cycle", {"a": 1}, {"5MPa/cycle.csv": b"x"}, ("*MPa/cycle.*",))
    assert not list((tmp_path / "there").iterdir())
    (tmp_path / "cycle.csv").write_bytes(b"mine")
    with pytest.raises(InputError, match="cycle.csv"):
        save_result(tmp_path, "cycle", {"a": 1}, {"cycle.csv": b"x"})
    save_result(tmp_path, "cycle", {"a": 1}, {"cycle.csv": b"x"}, force=True)
    save_result(tmp_path, "cycle", {"a": 2}, {"cycle.csv": b"y"})
    assert (tmp_path / "cycle.csv").read_bytes() == b"y"
    save_result(tmp_path, "cycle", {"a": 3}, {})
    assert not (tmp_path / "cycle.csv").exists()


@pytest.mark.parametrize("what", ["cell", "text", "JSON", "device", "pipe", "result of --out"])
def test_json_over_something_else(what, tmp_path, capsys):
    path = tmp_path / "x.json"
    more = []
    if what == "cell":
        path = tmp_path / "other.toml"
        path.write_text((data_folder() / "cells" / f"{A}.toml").read_text())
    elif what == "text":
        path.write_text("notes")
    elif what == "JSON":
        path.write_bytes(listing("x.json"))
    elif what == "device":
        path = Path(os.devnull)
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path, more = tmp_path / "out" / "discharge.csv", ["--out", str(tmp_path / "out")]
        path.parent.mkdir()
    before = snapshot(tmp_path)
    assert main([*RUN, *more, "--json", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert snapshot(tmp_path) == before


def test_json_of_ours_is_written_anew_and_a_file_in_use_never(tmp_path, capsys):
    path = tmp_path / "x.json"
    for _ in range(2):
        assert main(["cells", "--json", str(path)]) == 0
    path.write_text(path.read_text().replace("Si", "Xx", 1))
    assert main(["cells", "--json", str(path)]) == 2
    own = tmp_path / "own.py"
    own.write_text("print('mine')")
    assert main(["cells", "--with", str(own), "--json", str(own), "--force"]) == 2
    assert own.read_text() == "print('mine')"
    capsys.readouterr()


@pytest.mark.parametrize("name", ["mine.toml", "record.csv", "profile.csv", "link.json"])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_json_over_what_the_run_reads(name, force, tmp_path, capsys):
    """Neither by its name nor by a link to it, and not with --force."""
    (tmp_path / "mine.toml").write_text((data_folder() / "cells" / f"{A}.toml").read_text())
    (tmp_path / "profile.csv").write_text("h,MPa\n0,5\n9,6\n")
    rows = "".join(f"{360 * t},5,{4.1 - t / 100}\n" for t in range(60))
    (tmp_path / "record.csv").write_text("time/s,I/mA,Ecell/V\n" + rows)
    (tmp_path / "link.json").symlink_to(tmp_path / "record.csv")
    before = snapshot(tmp_path)
    reads = ["mine.toml", "--data", "record.csv", "--profile", "profile.csv"]
    assert main(["discharge", *reads, "--json", f"./{name}", *force]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert snapshot(tmp_path) == before


def test_marks():
    content = sealed_json({"a": [1.5, None]}, {"b.csv": b"x"})
    assert json.loads(content)["hashes"] == {"b.csv": hashlib.sha256(b"ssb_model\nx").hexdigest()}


def test_a_mark_holds_as_long_as_nothing_changes(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(sealed_json({"a": 1}))
    assert is_ours(path)
    path.write_bytes(sealed_json({"a": 1}).replace(b"1", b"2", 1))
    assert not is_ours(path)


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_what_sqlite_would_take_stays(ending, tmp_path):
    other = tmp_path / f"cycle.sqlite{ending}"
    other.write_bytes(b"a diary")
    with pytest.raises(InputError, match="in the way of the journal"):
        Journal(tmp_path / "cycle.sqlite", {"cell": "x"})
    assert snapshot(tmp_path) == {other.name: b"a diary"}


def test_a_journal_is_no_link(tmp_path):
    Journal(tmp_path / "a.sqlite", {"cell": "x"}).__exit__()
    (tmp_path / "b.sqlite").symlink_to(tmp_path / "a.sqlite")
    with pytest.raises(InputError, match="is a link"):
        Journal(tmp_path / "b.sqlite", {"cell": "y"}, fresh=True)


def test_a_lock_takes_no_other_file_for_one(tmp_path):
    target, name = tmp_path / "mine", tmp_path / ".cycle.lock"
    target.write_bytes(b"mine")
    name.symlink_to(target)
    with pytest.raises(InputError, match="in the way of a lock"):
        Lock(name)
    name.unlink()
    name.write_bytes(b"mine")
    with pytest.raises(InputError, match="in the way of a lock"):
        Lock(name)
    name.unlink()
    Lock(name).release()
    assert snapshot(tmp_path) == {"mine": b"mine"}
