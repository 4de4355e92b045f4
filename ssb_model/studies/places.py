"""Where the points of a study are solved: in this process, in several, on a Dask cluster."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any

from ssb_model.errors import InputError, SolveError
from ssb_model.studies.plan import Plan, Row, Values
from ssb_model.studies.solve import solve

Batch = dict[int, Values]
MOST_RESTARTS = 3  # of a pool of processes one of which was killed
AHEAD = 2  # batches waiting per worker


def here(plan: Plan, batches: Sequence[Batch]) -> Iterator[dict[int, Row]]:
    """In this process, a thread a core."""
    for batch in batches:
        yield solve(plan, batch)


def processes(plan: Plan, batches: Sequence[Batch], workers: int) -> Iterator[dict[int, Row]]:
    """In ``workers`` processes of one thread each; one that is killed is replaced."""
    left = list(batches)
    for _ in range(1 + MOST_RESTARTS):
        try:
            for batch, rows in _in_a_pool(plan, left, workers):
                left.remove(batch)
                yield rows
            return
        except BrokenProcessPool:
            continue
    raise SolveError(
        f"workers ended {1 + MOST_RESTARTS} times, most likely for want of memory: take fewer."
    )


def _in_a_pool(
    plan: Plan, batches: Sequence[Batch], workers: int
) -> Iterator[tuple[Batch, dict[int, Row]]]:
    """Batches as they are done; few wait, so that a long study is never in memory whole."""
    waiting = iter(list(batches))
    running: dict[Future, Batch] = {}
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf)
    try:
        while True:
            while len(running) < AHEAD * workers and (batch := next(waiting, None)) is not None:
                running[pool.submit(solve, plan, batch, 1)] = batch
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _deaf() -> None:
    """A worker leaves Ctrl-C to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def cluster(plan: Plan, batches: Sequence[Batch], scheduler: str) -> Iterator[dict[int, Row]]:
    """On a Dask cluster by its scheduler's address; it gives a lost worker's batches to others."""
    if importlib.util.find_spec("distributed") is None:
        raise InputError(
            "a scheduler needs Dask's 'distributed': install ssb-model[cluster], here and on the "
            "workers."
        )
    from distributed import Client, as_completed

    with _connected(Client, scheduler) as client:
        workers = max(1, sum(client.nthreads().values()))
        waiting = iter(batches)

        def submitted(count: int) -> list:
            return [
                client.submit(solve, plan, batch, 1, pure=False) for batch in islice(waiting, count)
            ]

        done = as_completed(submitted(AHEAD * workers))
        for future in done:
            yield future.result()
            done.update(submitted(1))


def _connected(client: Any, scheduler: str):
    try:
        return client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"no Dask scheduler answers at {scheduler} ({said}): start one with 'dask scheduler' "
            "and give the address it prints."
        ) from None
