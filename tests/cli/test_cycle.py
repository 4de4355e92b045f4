"""Many cycles: cut off anywhere, gone on with, and what they say of the cell."""

import gc
import json
import random
import sqlite3
import time
import tracemalloc
from contextlib import closing
from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import ssb_model as ssb
from ssb_model.cell.numbers import held_at
from ssb_model.cell.points import mesh_for
from ssb_model.cli import parser, release, run
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.system.journals import Journal
from ssb_model.verbs.cycle import cycle
from tests.runs import at_rest

A = "NCM811_LPSCl_Si"
COUNT = 5
HOW = {"c_rate": 0.5, "stack_pressure": 5e6}
SPECTRA = {"impedance_every": 3, "impedance_frequencies": [1e5, 10, 1e-2]}


@cache
def draft():
    """The cell on few points: what is tested here is not how finely it is solved."""
    return ssb.load_cell(A).with_options({"mesh": "draft"})


def command(*arguments):
    """The verb alone, as ``ssb`` calls it."""
    options = parser().parse_args(["cycle", A, "--option", "mesh=draft", *arguments])
    try:
        return run(options)
    finally:
        release(options)


@pytest.fixture(scope="module")
def whole():
    """Never cut off, kept in memory."""
    return cycle(draft(), COUNT, **HOW, **SPECTRA)


@pytest.fixture(scope="module")
def plain():
    """The same without spectra, which take most of the time."""
    return cycle(draft(), COUNT, **HOW)


def same(one, other):
    """Alike but for what the solver remembers: rows to some 1e-11, spectra to 1e-6."""
    frames = [[pd.DataFrame(rows) for rows in (run.rows, run.spectra)] for run in (one, other)]
    for here, there in zip(*frames, strict=True):
        pd.testing.assert_frame_equal(here, there, rtol=1e-5, atol=1e-9)
    return True


def written(path):
    """Cycles in a journal another process writes, or was killed at writing.

    A reader that may not write cannot take back what a killed writer had begun.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as database:
            return database.execute("SELECT count(*) FROM cycles").fetchone()[0]
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_killed_twice_and_gone_on_with(tmp_path, whole, started):
    """SIGKILL at a random moment of a random cycle; the table is that of a run never cut off."""
    path, chance = tmp_path / "cycle.sqlite", random.Random(1)
    for least in sorted(chance.sample(range(1, COUNT - 1), 2)):
        run = started(cycle, draft(), COUNT, journal=path, **HOW, **SPECTRA)
        while written(path) < least and run.is_alive():
            time.sleep(0.01)
        time.sleep(0.1 * chance.random())
        run.kill()
        run.join()
        assert written(path) >= least
    resumed = cycle(draft(), COUNT, journal=path, **HOW, **SPECTRA)
    assert same(resumed, whole)
    pd.testing.assert_frame_equal(resumed.table, whole.table, rtol=1e-5)
    assert not resumed.stopped


def test_a_hand_loses_nothing(tmp_path, plain, monkeypatch):
    """Ctrl-C in the middle of a discharge: the cycles before are kept and told."""
    path, calls, run = tmp_path / "cycle.sqlite", [], Engine.run

    def interrupted(self, *arguments, **named):
        calls.append(arguments)
        if len(calls) == 12:
            raise KeyboardInterrupt
        return run(self, *arguments, **named)

    monkeypatch.setattr(Engine, "run", interrupted)
    stopped = cycle(draft(), COUNT, journal=path, **HOW)
    assert stopped.stopped == "stopped by hand"
    assert stopped.failed
    done = len(stopped.rows)
    assert 1 < done < COUNT
    assert stopped.rows == plain.rows[:done]
    assert same(cycle(draft(), COUNT, journal=path, **HOW), plain)


def test_more_cycles_continue_a_finished_run(tmp_path, plain):
    path = tmp_path / "cycle.sqlite"
    short = cycle(draft(), 3, journal=path, **HOW)
    assert short.rows == plain.rows[:3]
    longer = cycle(draft(), COUNT, journal=path, **HOW)
    assert same(longer, plain)
    last = [ended.cell_after.state.solution for ended in (longer, plain)]
    np.testing.assert_allclose(last[0].y, last[1].y, rtol=1e-5, atol=1e-6)
    with pytest.raises(InputError, match="5 cycles of this run already"):
        cycle(draft(), 3, journal=path, **HOW)
    with pytest.raises(InputError, match=r"C-rate: 0\.5 there, 0\.4 now"):
        cycle(draft(), COUNT, journal=path, **(HOW | {"c_rate": 0.4}))
    other = draft().with_values({"Positive electrode contact hardness [Pa]": 1e9})
    with pytest.raises(InputError, match=r"Positive electrode contact hardness \[Pa\]"):
        cycle(other, COUNT, journal=path, **HOW)


def test_spectra_leave_no_mark(whole, plain):
    assert plain.spectra == []
    assert plain.rows == whole.rows
    numbers = [row["Cycle"] for row in whole.spectra]
    assert list(dict.fromkeys(numbers)) == [1, 3, 5]
    assert [row["Frequency [Hz]"] for row in whole.spectra[:3]] == [1e5, 10, 1e-2]
    for row in whole.spectra:  # both electrodes make the cell
        parts = row["Z_re_positive [Ohm.cm2]"] + row["Z_re_negative [Ohm.cm2]"]
        assert parts == pytest.approx(row["Z_re [Ohm.cm2]"])
    low = [row["Z_re [Ohm.cm2]"] for row in whole.spectra if row["Frequency [Hz]"] == 1e-2]
    assert low == sorted(low)  # contact is lost


def test_no_lithium_is_lost(whole):
    """What a charge puts in comes out but for what fading leaves in; the cell holds what it held.

    A charge makes up for the discharge before it, so that a cycle returns no less of it than the
    discharges shrink, and no more than all.
    """
    efficiency = np.array([row["Coulombic efficiency"] for row in whole.rows])
    gave = np.array([row["Discharge capacity [mA.h.g-1]"] for row in whole.rows])
    assert efficiency[0] < 0.8  # from rest at 0 %, much further down than 0.5C gets
    assert (gave[1:] / gave[:-1] <= efficiency[1:]).all()
    assert (efficiency[1:] < 1).all()
    engine = Engine(draft().at_soc(0))
    before = at_rest(engine, 5e6, 303.15)
    after = whole.cell_after.state
    total = [float(s.solution["Total lithium [mol]"].entries[-1]) for s in (before, after)]
    assert total[1] == pytest.approx(total[0], rel=1e-6)
    assert whole.conditions["Mesh"] == "draft"


def test_less_pressure_fades_faster(whole):
    """At 0.5 MPa breathing loosens what 5 MPa holds."""
    loose, held = (cycle(draft(), COUNT, 0.2, stack_pressure=one) for one in (0.5e6, 5e6))
    assert loose.rows[-1]["Retention"] < held.rows[-1]["Retention"] - 0.01 < 1 - 0.01
    fades = [row["Retention"] for row in loose.rows]
    assert fades == sorted(fades, reverse=True)


def test_charge_rate_and_hold(whole):
    fast = cycle(A, 2, charge_rate=1.0, cv_until=None, **HOW)
    cell = ssb.load_cell(A).that_ages()
    asked = mesh_for(cell, 1.0, held_at(cell, None, None)[1])  # at the higher of the two rates
    assert fast.conditions["Mesh"] == asked
    first, row = whole.rows[1], fast.rows[1]
    assert (row["Charge C-rate"], row["C-rate"]) == (1.0, 0.5)
    assert row["Charge before"] == "CC, no CV"
    assert first["Charge before"] == "CC-CV to 0.05C"
    assert row["Charge capacity [mA.h.g-1]"] < first["Charge capacity [mA.h.g-1]"]


def test_a_cell_that_has_run_goes_on_from_there(whole):
    discharged = cycle(draft(), 2, **HOW).cell_after
    again = cycle(discharged, 1, **HOW)
    for name in ("Coulombic efficiency", "Discharge capacity [mA.h.g-1]"):
        assert again.rows[0][name] == whole.rows[2][name]


def test_a_cell_that_can_do_no_more(capsys, tmp_path):
    """At 0.1 MPa and 4C the charge alone cannot begin: said with its reason, and no failure."""
    out = ["--out", str(tmp_path)]
    code = command("--cycles", "3", "--c-rate", "4", "--no-cv", "--pressure", "0.1", *out)
    assert code == 0
    assert "Stopped    cycle 1: upper voltage cut-off at once" in capsys.readouterr().out
    payload = json.loads((tmp_path / "cycle.json").read_text())
    (row,) = payload["rows"]
    assert row["Stopped by"] == "never began: upper voltage cut-off at once"
    assert row["Discharge capacity [mA.h.g-1]"] == 0
    assert row["Retention"] is None


def test_files_and_screen(capsys, tmp_path):
    arguments = ["--cycles", "13", "--c-rate", "0.5", "--impedance-every", "10"]
    out = ["--out", str(tmp_path)]
    assert command(*arguments, *out) == 0
    text = capsys.readouterr().out
    assert "mesh draft" in text
    assert "of cycle 1 at cycle 13" in text
    assert 15 < len(text.splitlines()) < 22
    frame = pd.read_csv(tmp_path / "cycle.csv")
    assert list(frame["Cycle"]) == list(range(1, 14))
    assert len(pd.read_csv(tmp_path / "cycle.spectra.csv")) == 3 * 64
    with xr.open_dataset(tmp_path / "cycle.nc") as data:
        assert data["Discharge capacity [mA.h.g-1]"].attrs["units"] == "mA.h.g-1"
        assert data["Z_re [Ohm.cm2]"].dims == ("Spectrum cycle", "Frequency [Hz]")
        assert data["Positive electrode interface resistance [Ohm.cm2]"].attrs["units"] == "Ohm.cm2"
        assert list(data["Spectrum cycle"].values) == [1, 10, 13]
    for ending in ("png", "svg"):
        assert (tmp_path / f"cycle.{ending}").stat().st_size > 1e4
    assert command(*arguments, *out, "--json", "-") == 0  # all there already
    payload = json.loads(capsys.readouterr().out)
    assert payload["kind"] == "cycling"
    assert len(payload["rows"]) == 13
    with pytest.raises(InputError, match="another folder, or start anew"):
        command("--cycles", "1", "--c-rate", "0.4", *out)
    assert command("--cycles", "1", "--c-rate", "0.4", *out, "--fresh") == 0


def test_memory_does_not_grow_with_cycles(monkeypatch):
    """No curve is kept: from cycle 4 to 9 next to nothing is added."""
    used, add = [], Journal.add

    def watched(self, *cycle):
        add(self, *cycle)
        if not used:
            tracemalloc.start()  # not before: what is watched takes thrice the time
        gc.collect()
        used.append(tracemalloc.get_traced_memory()[0])

    monkeypatch.setattr(Journal, "add", watched)
    try:
        cycle(draft(), 9, c_rate=1)
    finally:
        tracemalloc.stop()
    assert used[8] - used[3] < 1e5  # bytes; the curves of one cycle are more than 5e5


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"count": True},
        {"c_rate": 0},
        {"charge_rate": -1},
        {"impedance_every": 0},
        {"impedance_every": 1, "impedance_frequencies": []},
        {"impedance_every": 1, "impedance_frequencies": [-1]},
        {"stack_pressure": 5},
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        cycle(draft(), **wrong)
    with pytest.raises(InputError):
        cycle(ssb.load_cell(A).at_soc(0.5).symmetric())


def test_several_pressures_each_with_its_journal(tmp_path, capsys):
    arguments = ["--cycles", "2", "--c-rate", "0.5", "--pressure", "5,1", "--out", str(tmp_path)]
    assert command(*arguments, "--json", "-") == 0
    payload = json.loads(capsys.readouterr().out)
    assert [row["Stack pressure [MPa]"] for row in payload["rows"]] == [5] * 2 + [1] * 2
    tight, loose = payload["rows"][1], payload["rows"][3]
    assert loose["Discharge capacity [mA.h.g-1]"] < tight["Discharge capacity [mA.h.g-1]"]
    for name in ("cycle_5MPa.sqlite", "cycle_1MPa.sqlite", "5MPa/cycle.png", "cycle.svg"):
        assert (tmp_path / name).exists()
    (alone,) = [cycle(draft(), 2, 0.5, stack_pressure=1e6).rows]
    assert alone == payload["rows"][2:]
    assert command(*arguments) == 0
    assert "1 MPa, isostatic" in capsys.readouterr().out


def test_measured_capacities_are_drawn_beside(tmp_path):
    time = np.arange(0, 40000, 100.0)
    current = np.where((time // 10000) % 2 == 0, 8.0, -8.0)  # mA, charge positive
    voltage = 3.2 + np.where(current > 0, 1, -1) * ((time % 10000) - 5000) / 1e4
    path = tmp_path / "synthetic.csv"
    columns = {"time/s": time, "I/mA": current, "Ecell/V": voltage}
    pd.DataFrame(columns).to_csv(path, index=False)
    assert command("--cycles", "2", "--data", str(path), "--out", str(tmp_path / "out")) == 0
    assert "measured" in (tmp_path / "out" / "cycle.svg").read_text(encoding="utf-8")
