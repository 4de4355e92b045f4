"""``ssb read``: what is understood of a file, and the file written anew."""

import json

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.verbs.samples import folder
from tests.cycler_files import RECORDS, SPECTRA

LAYERED = ("neware_layers.csv", "pressures.bdf.csv", "maccor.txt", "gcpl.mpt", "novonix.csv")


def placed(name, folder, files=RECORDS):
    path = folder / name
    path.write_bytes(next(file.data for file in files if file.name == name))
    return path


def test_it_says_what_was_understood(tmp_path, capsys):
    path = placed("neware_zh_gbk.csv", tmp_path)
    assert main(["read", str(path), "--one-c", "2"]) == 0
    out = capsys.readouterr().out
    for part in (
        "Neware, a record",
        "'电流(mA)' is Current [A]",
        "positive on charge in the file, as '工步类型' says",
        "2 charges, 2 discharges, 4 rests",
        "Cycles     1 to 2",
        "by current as by its own column",
    ):
        assert part in out
    rows = ssb.read(path, one_c=2e-3).rows
    assert [row["Kind"] for row in rows] == ["rest", "charge", "rest", "discharge"] * 2
    assert rows[3]["Charge [mA.h]"] == pytest.approx(2.0, rel=1e-3)
    assert rows[3]["C-rate"] == pytest.approx(1.0)
    assert rows[3]["First line"] == 95


@pytest.mark.parametrize("name", LAYERED)
@pytest.mark.parametrize("spelling", ["labels", "names"])
def test_round_trip_through_bdf_is_lossless(tmp_path, name, spelling):
    path = placed(name, tmp_path)
    first, second = tmp_path / "first.bdf.csv", tmp_path / "second.bdf.csv"
    ssb.read(path, to=first, spelling=spelling)
    ssb.read(first, to=second, spelling=spelling)
    assert first.read_bytes() == second.read_bytes()
    before, after = ssb.read_record(path).table, ssb.read_record(first).table
    assert list(before) == list(after)
    for column in before:
        np.testing.assert_allclose(before[column], after[column], rtol=1e-14, atol=0)
    head = first.read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith({"labels": "Test Time / s", "names": "test_time_second"}[spelling])


@pytest.mark.parametrize("to", ["tidy.csv", "eis.bdf.csv"])
def test_a_spectrum_written_anew(tmp_path, to):
    path = placed("eis.DTA", tmp_path, SPECTRA)
    ssb.read(path, to=tmp_path / to)
    before, after = ssb.read_spectrum(path), ssb.read_spectrum(tmp_path / to)
    np.testing.assert_array_equal(before.frequency_Hz, after.frequency_Hz)
    np.testing.assert_array_equal(before.impedance_Ohm, after.impedance_Ohm)


def test_units_that_a_file_does_not_say(tmp_path, capsys):
    path, tidy = placed("no_units.csv", tmp_path), tmp_path / "tidy.csv"
    assert main(["read", str(path)]) == 2
    assert '--unit "time=s"' in capsys.readouterr().err
    units = ["--unit", "time=s", "--unit", "current=mA", "--unit", "voltage=V"]
    assert main(["read", str(path), *units, "--to", str(tidy)]) == 0
    assert ssb.read_record(tidy).table["Current [A]"].max() == pytest.approx(2e-3)
    assert main(["read", str(path), "--unit", "curent=mA"]) == 2
    assert "no column 'curent' to be in mA. Nearest: current" in capsys.readouterr().err


def test_per_area_needs_the_area_for_bdf(tmp_path, capsys):
    path = tmp_path / "per_area.csv"
    rows = "\n".join(f"{60 * n},1.0,{4 - 0.01 * n}" for n in range(10))
    path.write_text(f"Time [s],Current density [mA/cm2],Voltage [V]\n{rows}\n")
    to = tmp_path / "cell.bdf.csv"
    assert main(["read", str(path), "--to", str(to)]) == 2
    assert "give the cell's area" in capsys.readouterr().err
    assert main(["read", str(path), "--to", str(to), "--area", "0.785"]) == 0
    assert ssb.read_record(to).table["Current [A]"].max() == pytest.approx(0.785e-3)


def test_it_does_not_write_over_what_it_reads(tmp_path, capsys):
    path = placed("plain.csv", tmp_path)
    before = path.read_bytes()
    assert main(["read", str(path), "--to", str(path)]) == 2
    assert "results would be written over" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_beside_the_cell_it_may_be_of(tmp_path, capsys):
    cell, record = folder() / "cell.toml", folder() / "rate_test_neware.csv"
    assert main(["read", str(record), "--cell", str(cell)]) == 0
    assert "this can be of cell" in capsys.readouterr().out
    row = ssb.read(record, cell=cell).rows[3]
    assert row["C-rate"] == pytest.approx(0.1, rel=1e-3)
    of_one_gram = row["Charge [mA.h]"] / 0.785 / (0.012 * 0.7)
    assert row["Charge [mA.h.g-1]"] == pytest.approx(of_one_gram, rel=1e-6)
    swapped = tmp_path / "wrong_unit.csv"
    swapped.write_text(record.read_text().replace("Current(mA)", "Current(A)"))
    assert main(["read", str(swapped), "--cell", str(cell)]) == 0
    assert "this cannot be of cell: " in capsys.readouterr().out


def test_json_holds_all_of_it(tmp_path, capsys):
    assert main(["read", str(placed("arbin_aux.csv", tmp_path)), "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] == "Arbin, a record"
    assert told["Pressure"].endswith("MPa measured")
    assert len(told["rows"]) == 8
