"""Points solved in processes and on a Dask cluster, some of which are killed: the same numbers."""

import contextlib
import importlib.util
import io
import json
import multiprocessing
import os
import pty
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from ssb_model.cell import load_cell
from ssb_model.cli import main
from ssb_model.errors import InputError, SolveError
from ssb_model.studies import places
from ssb_model.studies.runs import Settings
from ssb_model.studies.solve import solve
from ssb_model.studies.sweep import planned, sweep

A = "NCM811_LPSCl_Si"
OVER = {
    "stack_pressure": [1e6, 5e6],
    "c_rate": [0.5, 1.0, 1.5, 2.0],
    "positive: Porosity [%]": [8, 10, 12, 14, 95],
}
NOWHERE = "tcp://127.0.0.1:1"
OWN = """
import os, signal, time

def twice(cell, c_rate, **_):
    if c_rate > 1.4:
        raise ValueError("too fast")
    return {"twice": 2 * c_rate, "area": cell.design.area}

def wait(cell, **_):
    time.sleep(0.3)
    return {"waited": 0.3}

def die(cell, **_):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def here(**options):
    return sweep(A, OVER, "from full", **options)


@pytest.fixture(scope="module", autouse=True)
def nobody_there():
    """A command that looks for a scheduler where there is none, while other tests run."""
    command = [sys.executable, "-m", "ssb_model", "sweep", A, "--over", "pressure=1,5"]
    process = subprocess.Popen(
        [*command, "--scheduler", NOWHERE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    begun = time.monotonic()
    yield process, begun
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def dask():
    """The address of two workers of one thread each."""
    distributed = pytest.importorskip("distributed")
    with (
        contextlib.redirect_stderr(io.StringIO()),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A module of a user's own, importable here."""
    name = f"own_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module(name)
    yield module
    del sys.modules[name]


@pytest.fixture(scope="module")
def rows():
    return here().rows


@pytest.fixture(scope="module")
def parts():
    """A plan and its points in eight parts."""
    conditions = {"c_rate": 1.0, "stack_pressure": None, "temperature": None, "soc": 0.5}
    plan, points = planned(load_cell(A), OVER, "from full", conditions, Settings())
    numbers = list(points)
    return plan, [{n: points[n] for n in numbers[k::8]} for k in range(8)]


def test_a_study_in_two_processes(rows):
    assert here(workers=2).rows == rows


def test_a_study_on_a_cluster(dask, rows):
    assert here(scheduler=dask).rows == rows
    assert len(rows) == 40
    assert sum(row["stopped_by"] == "refused" for row in rows) == 8


def test_a_process_is_killed(parts):
    plan, batches = parts
    done = places.processes(plan, batches, 2)
    got = list(next(done).items())
    for child in multiprocessing.active_children():
        os.kill(child.pid, signal.SIGKILL)
    for each in done:
        got += each.items()
    assert sorted(n for n, _ in got) == list(range(40))
    assert dict(got) == {n: row for batch in batches for n, row in solve(plan, batch).items()}


def test_a_worker_of_a_cluster_is_killed(dask, parts):
    from distributed import Client

    plan, batches = parts
    with Client(dask, set_as_default=False) as client:
        pids = client.run(os.getpid)
    done = places.cluster(plan, batches, dask)
    got = list(next(done).items())
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    for each in done:
        got += each.items()
    assert sorted(n for n, _ in got) == list(range(40))
    assert dict(got) == {n: row for batch in batches for n, row in solve(plan, batch).items()}


def test_ones_own_function_in_processes(own):
    over = {"c_rate": [0.5, 1.0, 1.5]}
    result = sweep(A, over, own.twice, workers=2)
    assert result.rows == sweep(A, over, own.twice).rows
    assert [row.get("twice") for row in result.rows] == [1.0, 2.0, None]
    assert result.rows[2]["detail"] == "ValueError: too fast"
    assert result.failed


def test_ones_own_function_on_a_cluster(dask, own):
    """Workers that cannot import it say so at once; with its file they run it."""
    from distributed import Client

    over = {"c_rate": [0.5, 1.0, 1.5]}
    with pytest.raises(InputError, match=r"No module named 'own_.*Client\.upload_file") as error:
        sweep(A, over, own.twice, scheduler=dask)
    assert "\n" not in str(error.value)
    with Client(dask, set_as_default=False) as client:
        client.upload_file(own.__file__)
    result = sweep(A, over, own.twice, scheduler=dask)
    assert result.rows == sweep(A, over, own.twice).rows
    assert result.rows[0]["twice"] == 1.0


def test_a_function_made_on_the_spot(dask):
    """Dask carries it along; processes cannot."""
    factor = 3
    over = {"c_rate": [0.5, 1.0]}

    def thrice(cell, c_rate, **_):
        return {"thrice": factor * c_rate}

    assert [row["thrice"] for row in sweep(A, over, thrice, scheduler=dask).rows] == [1.5, 3.0]
    with pytest.raises(InputError, match="put it in a file of its own"):
        sweep(A, over, thrice, workers=2)


def test_a_point_that_ends_every_worker(dask, own):
    from distributed import Client

    with Client(dask, set_as_default=False) as client:
        client.upload_file(own.__file__)
    with pytest.raises(SolveError, match="workers ended again and again"):
        sweep(A, {"c_rate": [0.5, 1.0]}, own.die, scheduler=dask)


def test_processes_that_never_begin(own, monkeypatch):
    monkeypatch.setattr(places, "MOST_RESTARTS", 0)
    with pytest.raises(SolveError, match="ended 1 times, before anything was done"):
        sweep(A, {"c_rate": [0.5, 1.0]}, own.die, workers=1)


def test_ctrl_c_on_a_cluster(dask, tmp_path):
    """Of the command: its table, no traceback; called again it goes on."""
    arguments = ["sweep", A, "--run", "from full", "--over", "pressure=1:20:70"]
    arguments += ["--c-rate", "1", "--scheduler", dask, "--out", str(tmp_path)]
    terminal, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ssb_model", *arguments],
        stdout=subprocess.PIPE,
        stderr=its,
        text=True,
        start_new_session=True,
    )
    os.close(its)
    shown = os.read(terminal, 4096)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    with contextlib.suppress(OSError):  # nobody writes to it any more
        while more := os.read(terminal, 4096):
            shown += more
    os.close(terminal)
    assert process.returncode == 1
    assert "Stopped" in out
    assert b"left" in shown
    assert b"Traceback" not in shown
    first = json.loads((tmp_path / "sweep.json").read_text())["rows"]
    assert 0 < len(first) < 70
    assert main(arguments) == 0
    told = json.loads((tmp_path / "sweep.json").read_text())["rows"]
    assert all(row in told for row in first)
    pressures = np.linspace(1, 20, 70) * 1e6
    assert told == sweep(A, {"stack_pressure": pressures}, "from full", c_rate=1).rows


def test_without_dask_the_error_names_the_extra(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: None)
    with pytest.raises(InputError, match=r"install ssb-model\[cluster\]") as error:
        here(scheduler=NOWHERE)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:8786", "tcp://", ""])
def test_no_address_at_all(address):
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="no Dask scheduler answers") as error:
        here(scheduler=address)
    assert "\n" not in str(error.value)


def test_no_scheduler_at_an_address(nobody_there):
    """One line within 15 s, nothing else on the screen."""
    pytest.importorskip("distributed")
    process, begun = nobody_there
    out, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert out == ""
    assert err.count("\n") == 1
    assert f"ssb: no Dask scheduler answers at {NOWHERE}" in err
    assert time.monotonic() - begun < 90  # the others' time


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "2"])
def test_numbers_of_workers_that_are_none(workers):
    with pytest.raises(InputError, match="number of workers"):
        here(workers=workers)


def test_workers_or_a_scheduler():
    with pytest.raises(InputError, match="workers or a scheduler"):
        here(workers=2, scheduler=NOWHERE)
