"""The bar of long work: on a terminal, nothing elsewhere, every item passed on."""

import io
import sys
import time

import pytest

from ssb_model.system.progress import Bar, duration, progress


@pytest.fixture
def clock(monkeypatch):
    """A list of one number, the time [s]."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_quiet_where_nobody_looks(capsys):
    assert list(progress(range(3), 3, "counting")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert list(progress(range(3), 3, "counting")) == [0, 1, 2]
    shown = terminal.getvalue()
    assert "counting" in shown
    assert "3/3" in shown
    assert shown.endswith("\n")


@pytest.mark.parametrize(
    ("seconds", "done", "said"),
    [
        (10, 50, "5/s, 10 s left"),
        (10, 99, "9.9/s, 0 s left"),
        (10, 5, "2 s each, 3 min left"),
        (600, 5, "2 min each, 3.2 h left"),
    ],
)
def test_pace_and_time_left(clock, seconds, done, said):
    bar = Bar(100, "solving")
    clock[0] += seconds
    bar.advance(done)
    assert bar.speed == said


def test_what_was_there_before_is_no_pace(clock):
    bar = Bar(100, "solving", done=80)
    clock[0] += 10
    bar.advance(10)
    assert bar.speed == "1 s each, 10 s left"


def test_a_line_covers_the_one_before(monkeypatch, clock):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with Bar(1000, "solving") as bar:
        for seconds, done in ((3000, 9), (1, 90), (1, 900), (1, 1)):
            clock[0] += seconds
            bar.advance(done)
    lines = terminal.getvalue().rstrip("\n").split("\r")[1:]
    assert len(lines) == 4
    for line, before in zip(lines[1:], lines, strict=False):
        assert len(line) >= len(before)
    assert lines[-1].rstrip().endswith("1000/1000, 3 s each, 0 s left")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (45, "45 s"), (720, "12 min"), (5990, "100 min"), (12600, "3.5 h")],
)
def test_durations(seconds, said):
    assert duration(seconds) == said
