"""The journal keeps whole cycles, of one run, and says no to everything else."""

import sqlite3

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.system.journals import Journal, Stored

RUN = {"cell": "A", "c_rate": 0.2, "option contact": ("memory", "memory"), "state before": None}
STATE = Stored(np.array([0.1, 1 / 3, 5e-324]), 4.7e6 + 1e-9, {"Current function [A]": 0.1 + 0.2})


def row(number):
    return {"Cycle": number, "Discharge capacity [mA.h.g-1]": number / 3, "Mean voltage [V]": None}


def test_what_is_written_is_read_bit_by_bit(tmp_path):
    path = tmp_path / "a.sqlite"
    with Journal(path, RUN) as log:
        assert (log.rows, log.spectra, log.state) == ([], [], None)
        log.add(row(1), [{"Cycle": 1, "Frequency [Hz]": 1 / 7}], STATE._replace(t=0.0))
        log.add(row(2), [], STATE)
    with Journal(path, RUN) as log:
        assert log.rows == [row(1), row(2)]
        assert log.spectra == [{"Cycle": 1, "Frequency [Hz]": 1 / 7}]
        assert np.array_equal(log.state.y, STATE.y)
        assert log.state[1:] == STATE[1:]


def test_a_cycle_is_whole_or_not_there(tmp_path):
    path = tmp_path / "a.sqlite"
    with Journal(path, RUN) as log:
        log.add(row(1), [], STATE)
        with pytest.raises(sqlite3.IntegrityError):  # the second of the two writes
            log.add(row(2), [], STATE._replace(t=None))
        assert log.rows == [row(1)]
    with Journal(path, RUN) as log:
        assert log.rows == [row(1)]
        assert np.array_equal(log.state.y, STATE.y)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"c_rate": 0.5}, r"c_rate: 0\.2 there, 0\.5 now"),
        ({"cell": "B", "c_rate": 0.5}, 'cell: "A" there, "B" now'),
        ({"Particle radius [m]": 1e-6}, r"Particle radius \[m\]: nothing there"),
        ({"option contact": ("memory", "Hertz")}, "option contact"),
    ],
)
def test_another_run_is_refused_with_the_first_difference(tmp_path, other, said):
    path = tmp_path / "a.sqlite"
    with Journal(path, RUN) as log:
        log.add(row(1), [], STATE)
    with pytest.raises(InputError, match=said) as error:
        Journal(path, RUN | other)
    assert "another folder, or start anew" in str(error.value)
    with Journal(path, RUN | other, fresh=True) as log:
        assert log.rows == []
        assert log.state is None
    with pytest.raises(InputError):
        Journal(path, RUN)


def test_what_is_no_journal_is_left_alone(tmp_path):
    text, other = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("what a reader wrote, longer than a header of a database " * 5)
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE cycles (mine)")
    database.close()
    for path in (text, other):
        before = path.read_bytes()
        for fresh in (False, True):
            with pytest.raises(InputError, match="no journal"):
                Journal(path, RUN, fresh)
        assert path.read_bytes() == before
    with pytest.raises(InputError, match="see to the folder"):
        Journal(tmp_path / "nowhere" / "a.sqlite", RUN)
    with pytest.raises(InputError, match="see to the folder"):
        Journal(tmp_path, RUN)


def test_an_empty_file_becomes_one(tmp_path):
    """What a run leaves that is killed before its first write."""
    path = tmp_path / "a.sqlite"
    path.touch()
    with Journal(path, RUN) as log:
        log.add(row(1), [], STATE)
        assert log.rows == [row(1)]


def test_two_runs_do_not_write_to_one_journal(tmp_path):
    path = tmp_path / "a.sqlite"
    with Journal(path, RUN) as one, Journal(path, RUN) as two:
        one.add(row(1), [], STATE)
        with pytest.raises(InputError, match="another run writes"):
            two.add(row(1), [], STATE)
        one.add(row(2), [], STATE)
        assert two.rows == [row(1), row(2)]


def test_in_memory_without_a_path():
    with Journal(None, RUN) as log:
        log.add(row(1), [], STATE)
        assert log.rows == [row(1)]
        assert log.path is None
