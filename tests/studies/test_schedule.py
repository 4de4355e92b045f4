"""Stack pressure through life: formation, use, pressing again; and what mean pressure buys."""

from functools import cache

import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.experiments.schedule import Schedule
from ssb_model.studies import workers
from ssb_model.validation.case import Case
from ssb_model.validation.runs import prepared
from ssb_model.verbs.pressure_schedule import FRONT, MEAN, marked

A = "NCM811_LPSCl_Si"
HOW = {"c_rate": 1.0, "cv_until": None, "stack_pressure": 5e6}
FORMED = "Formation pressure [MPa]"
HELD = "Stack pressure [MPa]"
CONTACT = "Positive electrode contact fraction"


@cache
def draft():
    return ssb.load_cell(A).with_options({"mesh": "draft"})


@cache
def plain():
    return ssb.cycle(draft(), 3, **HOW)


def test_a_schedule_of_one_pressure_is_the_plain_run():
    one = ssb.cycle(draft(), 3, **HOW, formation_pressure=5e6, formation_cycles=2)
    pd.testing.assert_frame_equal(one.table, plain().table, rtol=1e-9, atol=1e-12)


def test_formation_then_use_then_pressed_again(tmp_path):
    """Cut off after any cycle it goes on with the same pressures."""
    how = HOW | {"formation_pressure": 50e6, "formation_cycles": 1}
    how |= {"repress_pressure": 1e9, "repress_every": 2}
    whole = ssb.cycle(draft(), 3, **how)
    assert list(whole.table[HELD]) == [50, 5, 5]
    assert list(whole.table["Pressed before [MPa]"].fillna(0)) == [0, 0, 1000]
    contact = whole.table[CONTACT]
    assert contact[0] > plain().table[CONTACT][0]  # more pressure, more contact
    assert contact[2] > 1.1 * plain().table[CONTACT][2]  # harder than ever before
    assert "50 MPa in cycle 1, then 5 MPa; pressed to 1000 MPa" in str(whole)
    for count in (2, 3):
        again = ssb.cycle(draft(), count, **how, journal=tmp_path / "run.sqlite")
    pd.testing.assert_frame_equal(again.table, whole.table, rtol=1e-5, atol=1e-9)


def test_mean_pressure_counts_cycles_alike():
    assert Schedule(2e6, 10e6, 3).mean(12) == pytest.approx(4e6)
    assert Schedule(2e6, 10e6, 3).mean(2) == pytest.approx(10e6)
    assert Schedule(2e6, again=1e9, every=1).mean(5) == 2e6


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"formation_cycles": 2}, "--formation-pressure"),
        ({"repress_every": 2}, "--repress-pressure"),
        ({"formation_pressure": -1e6}, "formation pressure"),
        ({"repress_pressure": 1e8, "repress_every": 0}, "between pressings"),
    ],
)
def test_what_cannot_be(how, said):
    with pytest.raises(InputError, match=said):
        ssb.cycle(draft(), 3, **HOW, **how)


def row(mean, kept, every=0, formation=0.0):
    return {MEAN: mean, "Retention": kept, "Repress every": every} | {FORMED: formation}


def test_the_front_is_what_nothing_beats():
    """Alike within a thousandth counts as alike, and then whoever presses less is named."""
    rows = [row(5, 0.9), row(2, 0.7), row(2, 0.7001, 10), row(3, 0.69), row(2, 0.8, 5)]
    rows += [row(9, None), row(9, 0.9004)]
    found = marked(rows, "Retention")
    assert [(r[MEAN], r["Repress every"]) for r in found if r[FRONT]] == [(2, 5), (5, 0)]
    assert [r[MEAN] for r in found] == [2, 2, 2, 3, 5, 9, 9]


def test_a_grid_of_schedules_cut_off_and_gone_on_with(tmp_path, monkeypatch):
    """The shell's; a hand stops it after the first batch, the same call ends it."""
    monkeypatch.setitem(workers.BATCHES, "cycles", 2)
    command = ["pressure-schedule", A, "--cycles", "2", "--c-rate", "1", "--pressure", "2,20"]
    command += ["--formation-pressure", "0,50", "--formation-cycles", "1", "--repress-every", "0"]
    command += ["--out", str(tmp_path)]
    solve, done = workers.solve, []

    def stopping(plan, batch, threads=None):
        if done:
            raise KeyboardInterrupt
        done.append(batch)
        return solve(plan, batch, threads)

    with monkeypatch.context() as patched:
        patched.setattr(workers, "solve", stopping)
        assert main(command) != 0
    assert len(pd.read_csv(tmp_path / "pressure_schedule.csv")) == 2
    assert main(command) == 0
    table = pd.read_csv(tmp_path / "pressure_schedule.csv")
    assert list(table[MEAN]) == [2, 18, 20, 30]
    assert table["On the front"].notna().any()
    assert (tmp_path / "pressure_schedule.png").exists()


def test_a_rate_test_after_formation_is_the_one_that_begins_with_it():
    """Cycles under another pressure before, run as such or as activation of the test."""
    how = {"cv_until": None, "stack_pressure": 50e6, "ageing": False}
    alone = ssb.cycle(draft(), 2, 1.0, **how)
    after = ssb.rate_test(alone.cell_after, 0.7, stack_pressure=5e6)
    first = {"activation_pressure": 50e6, "activation_rate": 1.0, "activation_cycles": 2}
    whole = ssb.rate_test(draft(), 0.7, stack_pressure=5e6, **first)
    given = [one.rows[0]["Capacity [mA.h.g-1]"] for one in (after, whole)]
    assert given[0] == pytest.approx(given[1], rel=1e-6)
    with pytest.raises(InputError, match="one pressure"):
        ssb.rate_test(alone.cell_after, 2.0, stack_pressure=[5e6, 2e6])
    with pytest.raises(InputError, match="--activation-pressure"):
        ssb.rate_test(draft(), 2.0, activation_cycles=2)


def test_a_case_takes_a_schedule(tmp_path):
    """In the units of cases; a misspelt key is refused before anything runs."""
    run = {"protocol": "cycle", "count": 3, "Formation pressure [MPa]": 50, "repress_every": 2}
    run |= {"Repress pressure [MPa]": 500, "formation_cycles": 1}
    words = {"title": "one", "source": "nobody", "cell": A}
    runs = {"good": run, "bad": run | {"Forming pressure [MPa]": 50}}
    case = Case(tmp_path, "one", words, runs, [], [], [])
    assert callable(prepared(case, "good"))
    with pytest.raises(InputError, match="Forming|forming"):
        prepared(case, "bad")
