"""The corpus of files of makers: each read right, or refused for the reason it deserves."""

import re

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.kinds import kind_of
from ssb_model.measured.maker import MeasuredFile
from ssb_model.measured.record import read_record
from ssb_model.measured.spectrum import read_spectrum
from tests.cycler_files import RECORDS, REFUSED, ROWS, SPECTRA, F, Z

TRUE = {
    "Time [s]": [row.time for row in ROWS],
    "Current [A]": [row.current for row in ROWS],
    "Voltage [V]": [row.voltage for row in ROWS],
}
COLUMNS = {"Temperature": "Temperature [K]", "Capacity": "Capacity [A.h]"}
COLUMNS |= {f"{word} pressure": f"{word} pressure [Pa]" for word in ("Stack", "Applied")}
WAYS = ["rest", "charge", "rest", "discharge"] * 2


def names(files):
    return [file.name for file in files]


def placed(file, folder):
    path = folder / file.name
    path.write_bytes(file.data)
    return path


def test_the_corpus_is_as_large_as_promised():
    everything = [*RECORDS, *SPECTRA, *REFUSED]
    assert len(everything) >= 60
    assert len({file.maker for file in [*RECORDS, *SPECTRA]}) >= 14
    assert len({file.name for file in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("file", RECORDS, ids=names(RECORDS))
def test_a_record_is_read_right(file, tmp_path):
    if file.name.endswith(".xlsx"):
        pytest.importorskip("openpyxl")
    measured = MeasuredFile(placed(file, tmp_path), dict(file.units))
    assert kind_of(measured) == "record"
    record = read_record(measured)
    assert record.kind == file.maker
    table = record.table
    time = table["Time [s]"].to_numpy()
    np.testing.assert_allclose(time - time[0], TRUE["Time [s]"], atol=1e-3)
    np.testing.assert_allclose(table["Current [A]"], TRUE["Current [A]"], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(table["Voltage [V]"], TRUE["Voltage [V]"], rtol=1e-6)
    for name in file.has:
        assert COLUMNS.get(name, name) in table, (name, list(table), record.notes)
    if "Cycle" in table:
        cycles = table["Cycle"] - table["Cycle"].iloc[0] + 1
        assert list(cycles) == [row.cycle for row in ROWS]
    if "Step" in table:
        assert len(set(table["Step"])) == 8
    if "Stack pressure" in file.has:
        np.testing.assert_allclose(
            table["Stack pressure [Pa]"], [1e6 * row.pressure for row in ROWS], rtol=1e-6
        )
    if "Temperature" in file.has:
        assert table["Temperature [K]"].iloc[0] == pytest.approx(298.15)
    assert [stretch.kind for stretch in record.stretches()] == WAYS
    for curve, cycle in zip(record.discharges(), (1, 2), strict=True):
        true = max(r.charge for r in ROWS if r.kind == "discharge" and r.cycle == cycle)
        assert curve["Capacity [A.h]"].iloc[-1] == pytest.approx(true, rel=1e-3)


@pytest.mark.parametrize("file", SPECTRA, ids=names(SPECTRA))
def test_a_spectrum_is_read_right(file, tmp_path):
    if file.name.endswith(".xlsx"):
        pytest.importorskip("openpyxl")
    measured = MeasuredFile(placed(file, tmp_path))
    assert kind_of(measured) == "spectrum"
    spectrum = read_spectrum(measured)
    np.testing.assert_allclose(spectrum.frequency_Hz, F, rtol=1e-6)
    np.testing.assert_allclose(spectrum.impedance_Ohm, Z, rtol=1e-6)
    assert not any("taken as its negative" in note for note in spectrum.notes)


@pytest.mark.parametrize("file", REFUSED, ids=names(REFUSED))
def test_a_file_is_refused_for_its_reason(file, tmp_path):
    if file.name.endswith(".xlsx"):
        pytest.importorskip("openpyxl")
    path = placed(file, tmp_path)
    reader = read_spectrum if "gamry" in file.name else read_record
    with pytest.raises(InputError) as error:
        reader(path)
    assert re.search(file.says, str(error.value)), str(error.value)
    assert "\n" not in str(error.value)
