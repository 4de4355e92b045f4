"""Records that cannot be of the cell they are said to be of."""

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.of_a_cell import check_record
from ssb_model.measured.record import read_record

# an invented cell of 1 cm2 with 2 mAh between 2.5 and 4.2 V
CELL = {"area": 1e-4, "one_c": 20.0 * 3600, "lower": 2.5, "upper": 4.2}
HEAD = "Time [s],Current [mA],Voltage [V]"


def stretch(start, current, first, last, count=10, step=360.0):
    """Rows under constant current with a voltage that goes straight."""
    times = start + step * np.arange(count)
    return [(t, current, v) for t, v in zip(times, np.linspace(first, last, count), strict=True)]


# 1 mA: a rest on lines 2 to 6, a discharge on lines 7 to 16, a charge on lines 17 to 26
REST = stretch(0, 0, 4.1, 4.1, 5)
DISCHARGE = stretch(1800, 1.0, 3.9, 3.3)
CHARGE = stretch(5400, -1.0, 3.5, 4.0)
ROWS = [*REST, *DISCHARGE, *CHARGE]


def record_of(tmp_path, rows, head=HEAD, sign="discharge positive"):
    text = "\n".join([head, *(",".join(map(str, map(float, row))) for row in rows)])
    path = tmp_path / "record.csv"
    path.write_text(text, encoding="utf-8")
    return read_record(path, sign)


def refusal(record, **other):
    with pytest.raises(InputError) as error:
        check_record(record, **{**CELL, **other})
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(f"{record.source}: ")
    return message


def changed(rows, place, volts=None, current=None, factor=1.0):
    """Rows with one of them, by its line in the file, or all currents changed."""
    rows = [(t, factor * i, v) for t, i, v in rows]
    if place:
        t, i, v = rows[place - 2]
        rows[place - 2] = (t, i if current is None else current, v if volts is None else volts)
    return rows


def test_lines_of_a_record(tmp_path):
    rows = [*ROWS[:7], ROWS[6], *ROWS[7:]]
    record = record_of(tmp_path, rows, f"# invented\n\n{HEAD}")
    assert len(record.lines) == len(record.table) == len(ROWS)
    assert list(record.lines) == [*range(4, 11), *range(12, 30)]
    assert "the first at line 11" in record.notes[0]


def test_a_sound_record(tmp_path):
    assert check_record(record_of(tmp_path, ROWS), **CELL) == []


def test_current_per_area(tmp_path):
    head = HEAD.replace("Current [mA]", "Current [mA/cm2]")
    record = record_of(tmp_path, ROWS, head)
    assert check_record(record, **CELL) == []
    message = refusal(record, one_c=20.0 * 3.6)
    assert "current of up to 500C" in message
    assert message.endswith("1C of this cell of 1 cm2 is 0.002 mA/cm2.")


@pytest.mark.parametrize(
    ("rows", "where", "wrong", "cure"),
    [
        (changed(ROWS, 9, volts=1.9), "line 9: ", "1.9 V while", "mind the unit (mV?), take the"),
        (changed(ROWS, 26, volts=4.6), "line 26: ", "of a cell run from 2.5 to 4.2 V", "or remove"),
        (
            stretch(0, 1.0, 1.2, 0.8),
            "lines 2, 3, 4 and 7 more: ",
            "0.8 V while current flows",
            "take the cell this is",
        ),
        (
            [(t, i, v / 1e3) for t, i, v in ROWS],
            "lines 7, 8, 9 and 17 more: ",
            "V while current flows",
            "look like V under a heading of mV; mend the heading",
        ),
        (
            changed(ROWS, 8, current=120.0),
            "line 8: ",
            "current of up to 60C, above 50C",
            "1C of this cell of 1 cm2 is 2 mA",
        ),
        (
            changed(ROWS, 0, factor=1000.0),
            "lines 7, 8, 9 and 17 more: ",
            "current of up to 500C",
            "mind the unit of current (mA or A, per area or not) and the area",
        ),
        (
            changed(ROWS, 0, factor=1e-4),
            "lines 7 to 26: ",
            "nowhere above 5e-05C, below C/2000",
            "1C of this cell of 1 cm2 is 2 mA",
        ),
        (
            stretch(0, 1.0, 4.1, 3.3, step=3600.0),
            "lines 2 to 11: ",
            "4.5 times the charge that 1C passes in an hour",
            "mind the unit of current or time and the area",
        ),
        (
            [*REST, *stretch(1800, 1.0, 3.3, 3.9), *CHARGE],
            "lines 7 to 16: ",
            "the voltage rises by 600 mV over a discharge",
            "give current_sign='charge positive' or 'discharge positive', or mend the columns",
        ),
        (
            stretch(0, 1.0, 3.9, 3.955),
            "lines 2 to 11: ",
            "the voltage rises by 55 mV over a discharge",
            "mend the columns",
        ),
        (
            [*REST, *DISCHARGE, *stretch(5400, -1.0, 4.0, 3.9)],
            "lines 17 to 26: ",
            "the voltage falls by 100 mV over a charge",
            "the current's sign or the columns do not belong together",
        ),
        (
            [*stretch(0, -1.0, 4.0, 3.4), *[(3600 + 60 * n, -(0.9**n), 3.4) for n in range(30)]],
            "lines 2 to 12: ",  # the twelfth begins a constant voltage
            "the voltage falls by 600 mV over a charge",
            "mend the columns",
        ),
    ],
)
def test_refused_in_one_line(tmp_path, rows, where, wrong, cure):
    message = refusal(record_of(tmp_path, rows))
    assert where in message
    assert wrong in message
    assert cure in message


def test_an_area_ten_times_too_small(tmp_path):
    record = record_of(tmp_path, stretch(0, 1.0, 4.0, 3.0, step=720.0))
    assert "9 times the charge that 1C passes" in refusal(record, area=1e-5)


@pytest.mark.parametrize(
    "rows",
    [
        [*DISCHARGE, (5400, 1, 3.4), *stretch(5760, -1, 3.5, 3.3, 4), (8000, 0, 3.4)],  # pulse
        [*stretch(0, 2.0, 3.9, 3.0), *stretch(3600, 0.2, 3.4, 3.55)],  # a smaller current after
        stretch(0, 1.0, 3.9, 3.945),
        [*stretch(0, 1.0, 3.9, 3.3), *stretch(3600, 1.0, 3.3, 3.4)],  # falls on the whole
        [(60 * n, -(0.9**n), 4.2 - 0.002 * n) for n in range(40)],  # constant voltage
        changed(ROWS, 3, current=0.0),
        changed(ROWS, 16, volts=2.21),
    ],
)
def test_not_refused(tmp_path, rows):
    assert check_record(record_of(tmp_path, rows), **CELL) == []


def test_notes_of_what_is_odd(tmp_path):
    late = [*DISCHARGE, *stretch(5400 + 7200, 1.0, 3.3, 3.2)]
    (note,) = check_record(record_of(tmp_path, late), **CELL)
    assert (
        note
        == "line 12: up to 7.56e+03 s since the row before while current flows, 360 s as a rule"
    )
    (note,) = check_record(record_of(tmp_path, changed(ROWS, 3, volts=0.5)), **CELL)
    assert note == "line 3: at rest outside 2.5 to 4.2 V"
    resting = record_of(tmp_path, REST)
    assert check_record(resting, **CELL) == ["no current flows"]


def test_samples_that_thin_out_have_no_gap(tmp_path):
    times = 1800 + np.logspace(-1, 3.5, 40)
    rows = [*REST, *((t, 1.0, 3.9 - 1e-4 * (t - 1800)) for t in times)]
    assert check_record(record_of(tmp_path, rows), **CELL) == []


def test_a_gap_while_no_current_flows_is_none(tmp_path):
    rows = [*REST, *stretch(1e6, 1.0, 3.9, 3.3)]
    assert check_record(record_of(tmp_path, rows), **CELL) == []


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("4000", "line 5, column 'Time [s]': time falls from 5000 to 4000 s; give one test a file"),
        ("nan", "line 5, column 'Time [s]': 'nan' is no number; fill or remove the row"),
        ("", "line 5, column 'Time [s]': blank; fill or remove the row"),
    ],
)
def test_times_are_refused_when_read(tmp_path, time, message):
    path = tmp_path / "record.csv"
    path.write_text(f"{HEAD}\n0,1,3.9\n4500,1,3.8\n5000,1,3.7\n{time},1,3.6\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(path)
    assert str(error.value).startswith(f"{path}: {message}")
