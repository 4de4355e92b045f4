"""Files made to break their reader are refused in one line, at once and in little memory."""

import os
import resource
import socket
import sqlite3
import sys
import time

import pytest

import ssb_model as ssb
from ssb_model.errors import SolidStateError
from ssb_model.fitting.data.reading import read_data_set
from ssb_model.fitting.fit_file import read_fit_file
from ssb_model.measured.pressure import read_profile
from ssb_model.parameters.library import data_folder
from ssb_model.system.journals import Journal
from ssb_model.system.user_files import LARGEST
from ssb_model.validation.case import Case, find_cases, rows_as_targets
from ssb_model.validation.runs import cell_of

SECONDS, BYTES = 1.0, 200e6
PER_UNIT = 1 if sys.platform == "darwin" else 1024  # of the system's word on memory
SILICON = (data_folder() / "cells" / "NCM811_LPSCl_Si.toml").read_text(encoding="utf-8")
READERS = {
    "cell": (ssb.load_cell, "x.toml"),
    "fit file": (read_fit_file, "x.toml"),
    "record": (ssb.read_record, "x.csv"),
    "spectrum": (ssb.read_spectrum, "x.csv"),
    "data": (read_data_set, "x.csv"),
    "profile": (read_profile, "x.csv"),
}
CONTENTS = {
    "nothing": b"",
    "brackets": b"a = " + b"[" * 100_000,
    "tables": b"[" * 100_000,
    "braces": b"a = " + b"{a=" * 50_000,
    "JSON brackets": b'{"rows": ' + b"[" * 100_000,
    "dotted keys": b"a." * 100_000 + b"a = 1",
    "digits": b"a = " + b"1" * 250_000,
    "many digits": b"C-rate,Capacity [mAh/g]\n" + b"1" * 1_000_000 + b"x,5\n",
    "infinite": b"Time [s],Voltage [V],Current [A]\n0,1e999,1\n1,1,1\n2,1,1\n",
    "NUL": b"a = 1\n\0" * 10,
    "late NUL": b"# " + b"a" * 5000 + b"\n\0\0,\0\n" * 10,
    "binary": bytes(range(256)) * 100,
    "UTF-16": "a = 1\n".encode("utf-16"),
    "wrong encoding": b"title = '\xff\xe9'\n",
    "a quote left open": b'Time [s],Voltage [V],Current [A]\n"' + b"1,2,3\n" * 40_000,
    "one line": b"a," * 5_000_000,
    "lines": b"1\n" * 2_000_000,
    "blanks": b" " * 2_000_000 + b"[",
    "a long key": b'"' + b"k" * 200_000 + b'" = 1\n',
    "an escape": b'"\\u001b[2J" = 1\n',
    "header lines": b"EC-Lab ASCII FILE\nNb header lines : " + b"9" * 6000 + b"\ntime/s\tx\n",
}


@pytest.fixture
def quick_and_small():
    """Checks what a call took."""
    memory, began = _peak(), time.perf_counter()
    yield
    assert time.perf_counter() - began < SECONDS
    assert _peak() - memory < BYTES


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PER_UNIT


def refused(call, *given) -> str:
    with pytest.raises(SolidStateError) as error:
        call(*given)
    told = str(error.value)
    assert told.isprintable()
    assert len(told) < 1100
    return told


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("reader", READERS)
def test_content(reader, content, tmp_path, quick_and_small):
    read, name = READERS[reader]
    (tmp_path / name).write_bytes(CONTENTS[content])
    assert refused(read, tmp_path / name)


@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file(reader, tmp_path, monkeypatch, quick_and_small):
    read, name = READERS[reader]
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    others = (tmp_path, "pipe", "heard", "/dev/zero", "/proc/self/mem", "/proc/kmsg", name)
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind("heard")
        for path in others:
            assert refused(read, path)


@pytest.mark.parametrize("reader", READERS)
def test_gigabytes(reader, tmp_path, quick_and_small):
    read, name = READERS[reader]
    with open(tmp_path / name, "wb") as file:
        file.truncate(20_000_000_000)
    assert "larger than" in refused(read, tmp_path / name)


def test_the_largest_file_that_is_read_is_within_memory():
    assert LARGEST * 3 < BYTES


@pytest.mark.parametrize("table", ["../../../etc/passwd", "/etc/passwd", "link.csv"])
def test_a_table_outside_the_folder(table, tmp_path):
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    entry = f'"Volume change" = {{ table = "{table}", class = "measured", source = "x" }}\n'
    text = SILICON.replace("[positive]\n", "[positive]\n" + entry, 1)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    told = refused(ssb.load_cell, tmp_path / "mine.toml")
    assert "outside the folder" in told
    assert "root" not in told


@pytest.mark.parametrize("name", ["../secret", "/etc/secret"])
def test_a_material_outside_the_folder(name, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SILICON.replace('"NCM811"', f'"{name}"'), encoding="utf-8")
    assert "is a path" in refused(ssb.load_cell, path)


def case(folder, **given):
    words = {"title": "t", "source": "s", "scatter": "", "note": "", "cell": "../x"}
    return Case(folder, "one", words, {}, [], [given] if given else [], [])


def test_a_cell_outside_the_cases(tmp_path):
    (tmp_path / "cases" / "one").mkdir(parents=True)
    told = refused(cell_of, case(tmp_path / "cases" / "one"), {"cell": "../../secret"})
    assert "outside the folder of the cases" in told


def test_a_case_outside_the_cases(tmp_path):
    (tmp_path / "cases" / "one").mkdir(parents=True)
    for place in (tmp_path, tmp_path / "cases" / "one"):
        (place / "case.toml").write_text('title = "t"\nsource = "s"\n')
    assert "no case" in refused(find_cases, tmp_path / "cases", "../")


def test_names_of_targets_are_no_programs(tmp_path):
    import pandas as pd

    row = {"run": "r", "measured": "m", "model": "m", "use": "report"}
    tables = {"r": pd.DataFrame({"m": [1.0]})}
    asked = case(tmp_path, name="{m.__class__} {m:9999999999} {m:.2f}", **row)
    (target,) = rows_as_targets(asked, tables)
    assert target.name == "{m.__class__} {m:9999999999} 1.00"


@pytest.mark.parametrize(
    "trick",
    [
        "CREATE VIEW more AS SELECT * FROM cycles",
        "CREATE TRIGGER more AFTER INSERT ON cycles BEGIN DELETE FROM run; END",
    ],
)
def test_a_journal_that_would_do_something(trick, tmp_path):
    path = tmp_path / "run.sqlite"
    Journal(path, {"cell": "x"}).__exit__()
    Journal(path, {"cell": "x"}).__exit__()
    with sqlite3.connect(path) as database:
        database.execute(trick)
    database.close()
    assert "no journal" in refused(Journal, path, {"cell": "x"})
