"""Binaries of makers, through readers that somebody installs: their tables read as text is."""

import itertools
import sys
import types

import numpy as np
import pandas as pd
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.record import read_record
from tests.cycler_files import ROWS, words

PAIRS = list(itertools.pairwise(ROWS))


def as_neware(path):
    """A table as NewareNDA gives it."""
    return pd.DataFrame(
        {
            "Index": [row.n for row in ROWS],
            "Cycle": [row.cycle for row in ROWS],
            "Step": [row.step for row in ROWS],
            "Step_Index": [1 for _ in ROWS],  # of the schedule, which may repeat
            "Status": [words(row, "Rest", "CC_Chg", "CC_DChg") for row in ROWS],
            "Time": [row.step_time for row in ROWS],
            "Voltage": [row.voltage for row in ROWS],
            "Current(mA)": [-1e3 * row.current for row in ROWS],
            "Timestamp": pd.to_datetime([row.day for row in ROWS]),
        }
    )


class OfBioLogic:
    """Data as galvani gives them."""

    def __init__(self, path):
        rows = [(row.time, row.voltage, -1e3 * row.current, row.step - 1) for row in ROWS]
        kinds = [("time/s", float), ("Ewe/V", float), ("<I>/mA", float), ("Ns", int)]
        kinds.append(("half cycle", int))
        self.data = np.array([(*row, row[3]) for row in rows], dtype=kinds)


class OfGcpl(OfBioLogic):
    """A mode whose binary keeps charge and no current, and both electrodes' potentials."""

    def __init__(self, path):
        charge = -1e3 * np.cumsum([0.0, *(b.current * (b.time - a.time) for a, b in PAIRS)]) / 3600
        rows = zip([row.time for row in ROWS], charge, [row.voltage for row in ROWS], strict=True)
        kinds = [("time/s", float), ("(Q-Qo)/mA.h", float), ("Ewe/V", float), ("Ece/V", float)]
        self.data = np.array([(t, q, u + 0.1, 0.1) for t, q, u in rows], dtype=kinds)


@pytest.fixture
def readers(monkeypatch):
    neware = types.ModuleType("NewareNDA")
    neware.read = as_neware
    galvani, inner = types.ModuleType("galvani"), types.ModuleType("galvani.BioLogic")
    inner.MPRfile = OfBioLogic
    galvani.BioLogic = inner
    for module in (neware, galvani, inner):
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.parametrize(
    ("name", "maker"), [("a.nda", "Neware"), ("a.ndax", "Neware"), ("a.mpr", "BioLogic")]
)
def test_what_a_reader_gives_is_read(readers, tmp_path, name, maker):
    path = tmp_path / name
    path.write_bytes(b"binary\0")
    record = read_record(path)
    assert record.kind == maker
    table = record.table
    np.testing.assert_allclose(table["Time [s]"], [row.time for row in ROWS], atol=1e-3)
    np.testing.assert_allclose(table["Current [A]"], [row.current for row in ROWS], atol=1e-12)
    np.testing.assert_allclose(table["Voltage [V]"], [row.voltage for row in ROWS])
    if maker == "Neware":
        assert table["Step"].tolist() == [row.step for row in ROWS]


def test_a_current_that_is_not_kept_follows_from_the_charge(readers, monkeypatch, tmp_path):
    monkeypatch.setattr(sys.modules["galvani.BioLogic"], "MPRfile", OfGcpl)
    path = tmp_path / "gcpl.mpr"
    path.write_bytes(b"binary\0")
    record = read_record(path)
    assert record.kind == "BioLogic"
    found = record.table["Current [A]"]
    np.testing.assert_allclose(found, [row.current for row in ROWS], atol=1e-12)
    np.testing.assert_allclose(record.table["Voltage [V]"], [row.voltage for row in ROWS])
    assert any("less 'Ece/V'" in note for note in record.notes)


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a shebang")
def test_arbin_s_res_through_mdbtools(monkeypatch, tmp_path):
    names = "Test_ID,Data_Point,Test_Time,Step_Index,Cycle_Index,Current,Voltage"
    rows = [
        f"1,{row.n},{row.time},{row.step},{row.cycle},{-row.current},{row.voltage}"
        for row in reversed(ROWS)
    ]
    table, program = tmp_path / "table.csv", tmp_path / "mdb-export"
    table.write_text("\n".join([names, *rows]) + "\n")
    program.write_text(f"#!/bin/sh\ncat '{table}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    path = tmp_path / "a.res"
    path.write_bytes(b"\0\1Standard Jet DB\0")
    record = read_record(path)
    assert record.kind == "Arbin"
    np.testing.assert_allclose(record.table["Current [A]"], [row.current for row in ROWS])
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(InputError, match="finds no Channel_Normal_Table"):
        read_record(path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="or install mdbtools"):
        read_record(path)


def test_what_a_reader_will_not_read(readers, monkeypatch, tmp_path):
    def refuses(path):
        raise KeyError("no such format")

    monkeypatch.setattr(sys.modules["NewareNDA"], "read", refuses)
    path = tmp_path / "a.nda"
    path.write_bytes(b"binary\0")
    with pytest.raises(InputError, match="NewareNDA cannot read it .*: export .csv from BTSDA"):
        read_record(path)


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("a.nda", r"pip install .ssb-model\[readers\]"),
        ("a.mpr", "pip install galvani"),
        ("a.xlsx", r"pip install .ssb-model\[readers\]"),
    ],
)
def test_a_reader_that_is_not_there_is_named(monkeypatch, tmp_path, name, cure):
    for module in ("NewareNDA", "galvani", "galvani.BioLogic", "openpyxl"):
        monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / name
    path.write_bytes(b"binary\0")
    with pytest.raises(InputError, match=f"a binary file; export it as text .* or {cure}"):
        read_record(path)
