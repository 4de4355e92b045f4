"""Processes and a Dask cluster give what this process gives, killed workers or not."""

import importlib.util
import multiprocessing
import os
import signal
import threading
from math import sqrt

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError
from ssb_model.studies import workers

A = "NCM811_LPSCl_Si"
OVER = {
    "stack_pressure": np.geomspace(1e6, 5e6, 8).tolist(),
    "c_rate": [0.6, 0.8, 1.0],
    "grain_size": [1e-6, 2e-6, 4e-6, 6e-6],
}


@pytest.fixture(scope="module")
def rows():
    """In this process, on all cores."""
    return ssb.sweep(A, OVER, run="from full").rows


@pytest.fixture(scope="module")
def local_cluster():
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    yield cluster
    cluster.close()


def test_processes_give_the_same(rows):
    assert ssb.sweep(A, OVER, run="from full", workers=2).rows == rows


def test_cluster_gives_the_same(rows, local_cluster):
    address = local_cluster.scheduler_address
    assert ssb.sweep(A, OVER, run="from full", scheduler=address).rows == rows


def test_a_killed_worker_of_the_cluster_loses_nothing(rows, local_cluster, monkeypatch):
    solved = workers.cluster

    def killed(plan, batches, scheduler):
        for number, answer in enumerate(solved(plan, batches, scheduler)):
            if number == 0:
                worker = next(iter(local_cluster.workers.values()))
                os.kill(worker.pid, signal.SIGKILL)
            yield answer

    monkeypatch.setattr(workers, "cluster", killed)
    address = local_cluster.scheduler_address
    assert ssb.sweep(A, OVER, run="from full", scheduler=address).rows == rows


def test_a_killed_process_loses_nothing(rows, monkeypatch):
    """Whichever child process there is after the first batch."""
    solved = workers.processes

    def killed(plan, batches, workers):
        for number, answer in enumerate(solved(plan, batches, workers)):
            if number == 0:
                children = {c.pid for c in multiprocessing.active_children()}
                os.kill(min(children), signal.SIGKILL)
            yield answer

    monkeypatch.setattr(workers, "processes", killed)
    assert ssb.sweep(A, OVER, run="from full", workers=2).rows == rows


def test_own_function_in_workers(tmp_path):
    """Something importable: here of the standard library, given numbers by name."""
    over = {"stack_pressure": [1e6, 4e6]}
    result = ssb.sweep(A, over, run=sqrt, workers=1)
    assert [row["Stopped by"] for row in result.rows] == ["failed", "failed"]
    assert "TypeError" in result.rows[0]["Detail"]
    with pytest.raises(InputError, match="workers must be able to import"):
        ssb.sweep(A, over, run=lambda cell, **_: {}, workers=1)


def test_interrupt_keeps_what_is_done(rows, tmp_path, monkeypatch):
    """Ctrl-C after the first batch: told as such, and gone on with."""
    solved, journal = workers.here, tmp_path / "map.sqlite"

    def interrupted(plan, batches):
        for number, answer in enumerate(solved(plan, batches)):
            if number == 1:
                raise KeyboardInterrupt
            yield answer

    with monkeypatch.context() as patch:
        patch.setattr(workers, "here", interrupted)
        stopped = ssb.sweep(A, OVER, run="from full", journal=journal)
    assert stopped.stopped == "stopped by hand"
    assert 0 < len(stopped.rows) < len(rows)
    assert ssb.sweep(A, OVER, run="from full", journal=journal).rows == rows


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"ssb-model\[cluster\]"):
        ssb.sweep(A, {"c_rate": [0.5]}, scheduler="tcp://127.0.0.1:1")


def test_two_studies_in_two_threads():
    """Each as if it were alone."""
    overs = [{"c_rate": [0.5, 0.8]}, {"stack_pressure": [1e6, 2e6]}]
    alone = [ssb.sweep(A, over, run="from full").rows for over in overs]
    together: dict[int, list] = {}

    def one(number):
        together[number] = ssb.sweep(A, overs[number], run="from full").rows

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[0], together[1]] == alone
