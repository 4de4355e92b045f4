"""A maker of cyclers of one's own is one class in one file; a file is read once, whoever asks."""

import importlib.util
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from matplotlib.figure import Figure

from ssb_model import extensions, register
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.measured import sheet
from ssb_model.measured.capacities import read_capacities
from ssb_model.measured.kinds import kind_of
from ssb_model.measured.maker import Maker, opened
from ssb_model.measured.record import read_record
from ssb_model.measured.spectrum import read_spectrum

ACME = '''
"""Text of an invented cycler."""

import ssb_model as ssb
from ssb_model.measured.maker import Maker


@ssb.register
class Acme(Maker):
    """German headings without units, currents without a sign, times from zero with every step."""

    name = "Acme"
    opening = ("Acme Cycler",)
    columns = {
        "Zeit": "Time [min]",
        "Strom": "Current [mA]",
        "Spannung": "Voltage [mV]",
        "Zyklus": "Cycle",
        "Druck": "Stack pressure [bar]",
    }
    step_types = ("Zustand",)
    charging = ("laden",)
    discharging = ("entladen",)
    anew_with = ("Zustand",)
'''
HEADINGS = "Zeit;Zustand;Strom;Spannung;Zyklus;Druck"
ROWS = [  # what the cycler writes
    (0, "Ruhe", 0, 3200, 1, 50),
    (10, "Ruhe", 0, 3200, 1, 50),
    (0, "Laden", 1.5, 3300, 1, 50),
    (60, "Laden", 1.5, 4200, 1, 50),
    (0, "Entladen", 2.5, 4100, 1, 50),
    (1, "Entladen", 2.5, 4000, 1, 50),
    (30, "Entladen", 2.5, 3000, 2, 50),
]
TIMES = [0, 600, 600, 4200, 4200, 4260, 6000]
CURRENTS = [0, 0, -1.5e-3, -1.5e-3, 2.5e-3, 2.5e-3, 2.5e-3]


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """The makers of one test are not those of the next."""
    known = {}
    monkeypatch.setenv(extensions.FILES, "")
    monkeypatch.setattr(extensions, "_registered", known)
    monkeypatch.setattr(extensions, "_done", set())
    return lambda: list(known.get(Maker.extension, {}).values())


@pytest.fixture
def acme(tmp_path):
    """The module of a maker of one's own, outside the package."""
    path = tmp_path / "acme.py"
    path.write_text(ACME, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("acme", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(tmp_path, rows=ROWS, headings=HEADINGS, top="Acme Cycler 3;Kanal 7\nProgramm: 12\n"):
    path = tmp_path / "measured.csv"
    text = "\n".join(";".join(map(str, row)).replace(".", ",") for row in rows)
    path.write_text(f"{top}{headings}\n{text}\n", encoding="utf-8")
    return path


def test_recognised_and_read(acme, tmp_path):
    path = write(tmp_path)
    assert kind_of(path) == "record"
    record = read_record(path)
    assert record.kind == "Acme"
    np.testing.assert_allclose(record.table["Time [s]"], TIMES, atol=1e-5)
    np.testing.assert_allclose(record.table["Current [A]"], CURRENTS)
    np.testing.assert_allclose(record.table["Voltage [V]"], [row[3] / 1e3 for row in ROWS])
    np.testing.assert_allclose(record.table["Stack pressure [Pa]"], 5e6)
    assert list(record.table["Cycle"]) == [row[4] for row in ROWS]
    assert record.sign_note == "no sign in the file; taken from 'Zustand'"
    assert record.notes[0] == "'Zeit' starts anew with every step and was added up"
    kinds = [stretch.kind for stretch in record.stretches()]
    assert kinds == ["rest", "charge", "discharge", "discharge"]


def test_without_it_the_file_is_refused(tmp_path):
    path = write(tmp_path, top="")
    with pytest.raises(InputError, match="no kind of data"):
        kind_of(path)
    with pytest.raises(InputError, match="no column of time"):
        read_record(path)


def test_a_mistake_is_told_by_the_files_own_words(acme, tmp_path):
    rows = [*ROWS[:3], (60, "Laden", "x", 4200, 1, 50), *ROWS[4:]]
    with pytest.raises(InputError, match=r"line 7, column 'Strom': 'x' is no number"):
        read_record(write(tmp_path, rows))


def test_laid_beside_a_run(acme, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(Figure, "savefig", lambda self, held, **_: held.write(b"drawn"))
    command = ["discharge", "NCM811_LPSCl_Si", "--c-rate", "3", "--from-full"]
    rows = [(t, step, 100 * current, *rest) for t, step, current, *rest in ROWS]  # of this cell
    command += ["--option", "mesh=draft", "--data", str(write(tmp_path, rows))]
    assert main(command) == 0
    assert not capsys.readouterr().err


@pytest.mark.parametrize(("positive", "sign"), [("charge", -1), ("discharge", 1)])
def test_known_by_headings_and_a_convention(positive, sign, tmp_path):
    @register
    class Other(Maker):
        name = "Other"
        known_by = (("Kanal", "Channel"), ("Spannung",))
        columns: ClassVar = {"Zeit": "Time [s]", "Strom": "Current [A]", "Spannung": "Voltage [V]"}
        positive_on = positive

    rows = [(10 * n, 7, 1, 3.5) for n in range(5)]  # the voltage does not tell
    record = read_record(write(tmp_path, rows, "Zeit;Kanal;Strom;Spannung", "Batch 12\n"))
    assert record.kind == "Other"
    np.testing.assert_allclose(record.table["Current [A]"], sign)
    assert record.sign_note == f"positive on {positive} in the file: Other's convention"
    rows = [(10 * n, 7, 1, 3.5 + sign * n / 10) for n in range(5)]
    path = write(tmp_path, rows, "Zeit;Kanal;Strom;Spannung", "Batch 12\n")
    with pytest.raises(InputError, match=rf"Other counts {positive} as positive, but the voltage"):
        read_record(path)


def test_other_kinds_of_data(tmp_path):
    @register
    class Acme(Maker):
        name = "Acme"
        opening = ("Acme",)
        columns: ClassVar = {
            "Frequenz": "Frequency [kHz]",
            "Wirk": "Z_re [mOhm]",
            "Blind": "-Z_im [mOhm]",
            "Rate": "C-rate",
            "Ladung": "Discharge capacity [mAh/g]",
        }

    rows = [(10.0**-n, 20 + n, 3 + n) for n in range(5)]
    path = write(tmp_path, rows, "Frequenz;Wirk;Blind")
    assert kind_of(path) == "spectrum"
    spectrum = read_spectrum(path)
    np.testing.assert_allclose(spectrum.frequency_Hz, [1e3 * row[0] for row in rows])
    expected = [1e-3 * (real - 1j * imaginary) for _, real, imaginary in rows]
    np.testing.assert_allclose(spectrum.impedance_Ohm, expected)
    path = write(tmp_path, [("C/10", 150), (1, 120)], "Rate;Ladung")
    assert kind_of(path) == "capacities"
    np.testing.assert_allclose(read_capacities(path).capacity, [150, 120])


def test_what_is_no_maker_is_refused(registered):
    class Known(Maker):
        opening = ("x",)

    with pytest.raises(InputError, match="cannot be registered"):
        register(dict)
    with pytest.raises(InputError, match="cannot be registered"):
        register(Known)
    with pytest.raises(InputError, match="'Neware' is there already"):
        register(type("Own", (Known,), {"name": "Neware"}))
    with pytest.raises(InputError, match="positive_on is 'charge' or 'discharge'"):
        register(type("Own", (Known,), {"name": "Own", "positive_on": "up"}))
    with pytest.raises(InputError, match="say how its files are known"):
        register(type("Own", (Maker,), {"name": "Own"}))
    for name, wrong in (("step_types", "Zustand"), ("known_by", ("Zeit", "Strom"))):
        with pytest.raises(InputError, match=rf"Own: {name} is a tuple"):
            register(type("Own", (Known,), {"name": "Own", name: wrong}))
    for wrong in ("Currant [mA]", "Current", "Current [kA]"):
        with pytest.raises(InputError, match=r"'Current \[mA\]'") as error:
            register(type("Own", (Known,), {"name": "Own", "columns": {"Strom": wrong}}))
        assert f"'{wrong}' ('Strom')" in str(error.value)
    assert registered() == []


def test_a_file_that_is_run_again_replaces_its_maker(registered):
    for _ in range(2):
        made = register(type("Own", (Maker,), {"name": "Own", "opening": ("x",)}))
    assert registered() == [made]


@pytest.mark.parametrize("own", [True, False])
def test_a_file_is_read_and_its_table_parsed_once(own, request, monkeypatch, tmp_path):
    if own:
        request.getfixturevalue("acme")
        path = write(tmp_path)
    else:
        rows = [(n, 1, 4 - n / 10) for n in range(9)]
        path = write(tmp_path, rows, "Time [s];Current [mA];Voltage [V]", "")
    calls = []
    for name in ("read_bytes", "split"):
        real = getattr(sheet, name)
        monkeypatch.setattr(sheet, name, lambda *a, r=real, n=name: calls.append(n) or r(*a))
    file = opened(path)
    assert kind_of(file) == "record"
    table = read_record(file).table
    assert sorted(calls) == ["read_bytes", "split"]
    assert table.equals(read_record(path).table)
    assert (Path(file), str(file)) == (path, str(path))


LABELLED = (
    "Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Step Index / 1,"
    "Ambient Temperature / degC,Surface Temperature T1 / degC,Applied Pressure / Pa"
)
NAMED = (
    "test_time_second,voltage_volt,current_ampere,cycle_count,step_count,step_index,"
    "ambient_temperature_celsius,temperature_t1_celsius,applied_pressure_pa"
)


@pytest.mark.parametrize("headings", [LABELLED, NAMED])
def test_the_battery_data_format_is_read_and_written_without_loss(headings, tmp_path):
    """Steps by their count, not a row's place in one; the temperature of the cell, not the room."""
    rows = [
        f"{60 * k},{3.0 + 0.01 * k},{0.0 if k < 5 else 1e-3},1,{1 if k < 5 else 2},{k % 5},"
        f"20.0,24.9,{5e6 + 1e4 * k}"
        for k in range(40)
    ]
    path = tmp_path / "cell.bdf.csv"
    path.write_text("\n".join([headings, *rows]) + "\n")
    table = read_record(path).table
    assert table["Step"].tolist() == [1] * 5 + [2] * 35
    assert table["Temperature [K]"].to_numpy() == pytest.approx(298.05)
    assert table["Applied pressure [Pa]"].iloc[-1] == 5.39e6
    for spelling in ("labels", "names"):
        again = tmp_path / f"{spelling}.bdf.csv"
        assert main(["read", str(path), "--to", str(again), "--spelling", spelling]) == 0
        assert ",24.9," in again.read_text()
        columns = [name for name in table if name in read_record(again).table]
        assert columns == list(table)
        assert read_record(again).table[columns].equals(table[columns])
