"""The journal of a sweep keeps whole chunks of points, of one run, from one process at a time."""

import json
import math
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import tracemalloc

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.system.journals import Journal, PointJournal

RUN = {"cell": "A", "design": ["x", "y"], "points": 100, "seed": None}
CHUNK = 16
WRITER = f"""
import sys
from ssb_model.system.journals import PointJournal

print("ready", flush=True)
with PointJournal(sys.argv[1], {RUN!r}) as log:
    for first in range(len(log), int(sys.argv[2]), {CHUNK}):
        numbers = range(first, first + {CHUNK})
        log.add({{n: {{"point": n, "x": n / 7, "y": [n / 3] * 50}} for n in numbers}})
        print(first + {CHUNK}, flush=True)
"""
HOLDER = f"""
import os, sys, time
from ssb_model.system.journals import PointJournal

log = PointJournal(sys.argv[1], {RUN!r})
log.add({{0: {{"x": 1}}}})
if hasattr(os, "fork") and os.fork() == 0:  # a worker that outlives its parent
    time.sleep(60)
    os._exit(0)
print("holds", flush=True)
time.sleep(60)
"""


def start(script, *arguments):
    """Another process, in a group of its own."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def chunk(first):
    return {n: {"x": n / 3} for n in range(first, first + CHUNK)}


def test_what_is_written_is_read_bit_by_bit(tmp_path):
    path = tmp_path / "a.sqlite"
    numbers = [0.1 + 0.2, 1 / 3, 5e-324, -0.0, 1.7976931348623157e308, np.float64(1e-7)]
    numbers += [math.nan, math.inf, -math.inf]
    row = {"numbers": numbers, "none": None, "said": "4 µm, -10 °C\n", "ok": True, "whole": 2**53}
    with PointJournal(path, RUN) as log:
        assert (len(log), log.done(), list(log.rows())) == (0, set(), [])
        log.add({7: {"x": 1}, 3: row})
        log.add({np.int64(5): {}})
        log.add({})
    with PointJournal(path, RUN) as log:
        assert (len(log), log.done()) == (3, {3, 5, 7})
        read = list(log.rows())
    assert [number for number, _ in read] == [3, 5, 7]
    assert read[1:] == [(5, {}), (7, {"x": 1})]
    bits = struct.Struct(f"{len(numbers)}d").pack
    assert bits(*read[0][1].pop("numbers")) == bits(*row.pop("numbers"))
    assert read[0][1] == row


def test_a_chunk_is_whole_or_not_there():
    with PointJournal(None, RUN) as log:
        log.add(chunk(0))
        with pytest.raises(InputError, match="point 15 .*another run writes to the same journal"):
            log.add({16: {"x": 0}, 15: {"x": 0}, 17: {"x": 0}})
        with pytest.raises(TypeError):
            log.add({18: {"x": 0}, 19: {"x": object()}})
        assert dict(log.rows()) == chunk(0)
        log.add(chunk(CHUNK))
        assert log.done() == set(range(2 * CHUNK))
        assert log.path is None


def test_rows_are_not_all_in_memory_and_may_be_added_to_meanwhile(tmp_path):
    with PointJournal(tmp_path / "a.sqlite", RUN) as log:
        log.add({n: {"text": "x" * 2000} for n in range(2000)})
        tracemalloc.start()
        for number, _ in log.rows():
            if number == 100:
                log.add({5000: {"x": 1}})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 200_000
        assert number >= 1999
        assert len(log) == 2001


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"cell": "B", "points": 7}, 'cell: "A" there, "B" now'),
        ({"points": 200}, "points: 100 there, 200 now"),
        ({"sampling": "grid"}, "sampling: nothing there"),
    ],
)
def test_another_run_is_refused_with_the_first_difference(tmp_path, other, said):
    path = tmp_path / "a.sqlite"
    with PointJournal(path, RUN) as log:
        log.add(chunk(0))
    with pytest.raises(InputError, match=said) as error:
        PointJournal(path, RUN | other)
    assert "another folder, or start anew" in str(error.value)
    with PointJournal(path, RUN) as log:
        assert dict(log.rows()) == chunk(0)
    with PointJournal(path, RUN | other, fresh=True) as log:
        assert len(log) == 0
        log.add(chunk(0))
    with pytest.raises(InputError):
        PointJournal(path, RUN)


def test_points_and_cycles_are_not_mixed_up(tmp_path):
    points, cycles = tmp_path / "points.sqlite", tmp_path / "cycles.sqlite"
    PointJournal(points, RUN).__exit__()
    Journal(cycles, RUN).__exit__()
    before = points.read_bytes(), cycles.read_bytes()
    for fresh in (False, True):
        with pytest.raises(InputError, match="a journal of cycles, not one of points: take ano"):
            PointJournal(cycles, RUN, fresh)
        with pytest.raises(InputError, match="a journal of points, not one of cycles: take ano"):
            Journal(points, RUN, fresh)
    assert (points.read_bytes(), cycles.read_bytes()) == before


def test_what_is_no_journal_is_left_alone(tmp_path):
    text, other = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("what a reader wrote, longer than a header of a database " * 5)
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE points (mine)")
    database.close()
    for path in (text, other):
        before = path.read_bytes()
        for fresh in (False, True):
            with pytest.raises(InputError, match="no journal of points"):
                PointJournal(path, RUN, fresh)
        assert path.read_bytes() == before
    for path in (tmp_path / "nowhere" / "a.sqlite", tmp_path):
        with pytest.raises(InputError, match="see to the folder"):
            PointJournal(path, RUN)


def test_a_folder_without_rights_is_refused(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "a.sqlite"
    with PointJournal(path, RUN) as log:
        log.add(chunk(0))
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write anywhere")
        with pytest.raises(InputError, match=r"see to the folder, its room and its rights; points"):
            PointJournal(folder / "b.sqlite", RUN)
        with PointJournal(path, RUN) as log:
            assert dict(log.rows()) == chunk(0)
            with pytest.raises(InputError, match="see to the folder"):
                log.add(chunk(CHUNK))
    finally:
        folder.chmod(0o700)


def test_one_process_at_a_time(tmp_path):
    path = tmp_path / "a.sqlite"
    holder = start(HOLDER, path)
    try:
        assert holder.stdout.readline() == "holds\n"
        for fresh in (False, True):
            began = time.perf_counter()
            with pytest.raises(InputError, match="in use by another run: wait .* or take ano") as e:
                PointJournal(path, RUN, fresh)
            assert time.perf_counter() - began < 10
            assert "\n" not in str(e.value)
        holder.kill()
        holder.wait()
        with PointJournal(path, RUN) as log:
            assert list(log.rows()) == [(0, {"x": 1})]
            log.add({1: {}})
            with pytest.raises(InputError, match="in use by another run"):
                PointJournal(path, RUN)
            log.add({2: {}})
    finally:
        holder.kill()
        if hasattr(os, "killpg"):
            os.killpg(holder.pid, signal.SIGKILL)
        holder.communicate()


def test_killed_at_any_moment_nothing_is_lost_and_nothing_twice(tmp_path):
    path, whole = tmp_path / "a.sqlite", tmp_path / "whole.sqlite"
    moments, there = random.Random(7), 0
    for _ in range(10):
        writer = start(WRITER, path, 10**9)
        assert writer.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 0.08))
        writer.kill()
        said, _ = writer.communicate()
        told = [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
        with PointJournal(path, RUN) as log:
            assert len(log) >= max([there, *told])
            there = len(log)
            assert there % CHUNK == 0
            assert [number for number, _ in log.rows()] == list(range(there))
    assert there > 0
    for file in (path, whole):
        assert start(WRITER, file, there + 10 * CHUNK).communicate()[0]
    with PointJournal(path, RUN) as one, PointJournal(whole, RUN) as other:
        assert len(one) == there + 10 * CHUNK
        assert json.dumps(list(one.rows())) == json.dumps(list(other.rows()))
