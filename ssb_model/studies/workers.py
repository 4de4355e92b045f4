"""Points of a study solved in batches: in this process, in several, on a Dask cluster."""

from __future__ import annotations

import importlib.util
import logging
import pickle
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import groupby, islice
from math import ceil
from typing import Any

from ssb_model.errors import InputError, SolveError
from ssb_model.quantities.checks import check_whole
from ssb_model.studies.plan import Plan, Row, Values
from ssb_model.studies.solve import solve
from ssb_model.system.journals import PointJournal
from ssb_model.system.progress import Bar
from ssb_model.system.signals import BY_HAND, no_interrupt, pool

Batch = dict[int, Values]
BATCH = 32  # points solved, and written, at a time
BATCHES = {"cycles": 4}  # of runs that take long: what a stop takes with it
MOST_WORKERS = 1000
MOST_RESTARTS = 3  # of a pool of processes one of which was killed
PARTS = 8  # of a list that is waited for, on a cluster
AHEAD = 2  # batches waiting per worker


def check_workers(workers: int | None, scheduler: str | None) -> None:
    """Refuse what nobody could work with."""
    if workers is not None:
        check_whole("the number of workers", workers, most=MOST_WORKERS)
    if workers is not None and scheduler is not None:
        raise InputError("give workers or a scheduler: a cluster has its own workers.")


def solved(
    plan: Plan,
    points: dict[int, Values],
    log: PointJournal,
    workers: int | None,
    scheduler: str | None,
) -> str:
    """Solve what the journal does not hold yet; gives what stopped it, if anything did."""
    done = log.done()
    left = {number: values for number, values in points.items() if number not in done}
    plan = plan.for_many(len(left))
    batches = _batches(plan, left)
    with Bar(len(points), "sweep", len(done)) as bar:
        try:
            for rows in _rows(plan, batches, workers, scheduler):
                log.add(rows)
                bar.advance(len(rows))
        except KeyboardInterrupt:
            return BY_HAND
        except SolveError as error:
            if not log.done():
                raise
            return str(error)
    return ""


def at_once(plan: Plan, points: dict[int, Values], scheduler: str | None) -> dict[int, Row]:
    """A row of each of some points, in small batches where a cluster shares them."""
    size = BATCH if scheduler is None else max(1, len(points) // PARTS)
    found: dict[int, Row] = {}
    for rows in _rows(plan, _batches(plan, points, size), None, scheduler):
        found |= rows
    return found


def _rows(
    plan: Plan, batches: list[dict[int, Values]], workers: int | None, scheduler: str | None
) -> Iterator[dict[int, Row]]:
    """Batches as they are done, by whoever is to solve them."""
    if scheduler is not None:
        return cluster(plan, batches, scheduler)
    if workers is not None:
        return processes(plan, batches, workers)
    return here(plan, batches)


def here(plan: Plan, batches: Sequence[Batch]) -> Iterator[dict[int, Row]]:
    """In this process, a thread a core."""
    for batch in batches:
        yield solve(plan, batch)


def processes(plan: Plan, batches: Sequence[Batch], workers: int) -> Iterator[dict[int, Row]]:
    """In ``workers`` processes of one thread each; one that is killed is replaced."""
    _check_found(plan.run)
    left = list(batches)
    for _ in range(1 + MOST_RESTARTS):
        try:
            for batch, rows in _in_a_pool(plan, left, workers):
                left.remove(batch)
                yield rows
            return
        except BrokenProcessPool:
            continue
    why = "most likely for want of memory: take fewer."
    if len(left) == len(batches):
        why = "before anything was done: a script asks for them below if __name__ == '__main__':"
        why += " only; else take fewer, they may want memory."
    raise SolveError(f"workers ended {1 + MOST_RESTARTS} times, {why}")


def _check_found(run: Any) -> None:
    """Refuse a function that another process cannot import."""
    try:
        pickle.dumps(run)
        nowhere = run.__module__ == "__main__" and not hasattr(sys.modules["__main__"], "__file__")
    except (pickle.PicklingError, AttributeError, TypeError):
        nowhere = callable(run)
    if nowhere:
        raise InputError(
            "workers must be able to import your function: put it in a file of its own and import "
            "it from there, or leave out workers."
        )


def _in_a_pool(
    plan: Plan, batches: Sequence[Batch], workers: int
) -> Iterator[tuple[Batch, dict[int, Row]]]:
    """Batches as they are done; few wait, so that a long study is never in memory whole."""
    waiting = iter(list(batches))
    running: dict[Future, Batch] = {}
    with pool(workers) as executor:
        while True:
            while len(running) < AHEAD * workers and (batch := next(waiting, None)) is not None:
                with no_interrupt():
                    running[executor.submit(solve, plan, batch, 1)] = batch
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()


def cluster(plan: Plan, batches: Sequence[Batch], scheduler: str) -> Iterator[dict[int, Row]]:
    """On a Dask cluster by its scheduler's address; it gives a lost worker's batches to others."""
    if importlib.util.find_spec("distributed") is None:
        raise InputError(
            "a scheduler needs Dask's 'distributed': install ssb-model[cluster], here and on the "
            "workers."
        )
    from cloudpickle import dumps
    from distributed import Client, KilledWorker, as_completed

    with _silent("distributed.client"), _connected(Client, scheduler) as client:

        def submitted(count: int) -> list:
            return [
                client.submit(solve, there, batch, 1, pure=False)
                for batch in islice(waiting, count)
            ]

        try:
            # by itself: what a worker cannot read as part of a task it is sent again for ever
            there = client.submit(pickle.loads, dumps(plan), pure=False)
            _check_read(there.exception())
            waiting = iter(batches)
            futures = submitted(AHEAD * max(1, sum(client.nthreads().values())))
            done = as_completed(futures, loop=client.loop)
            for future in done:
                yield future.result()
                done.update(submitted(1))
        except KilledWorker:
            raise SolveError(
                "the cluster's workers ended again and again, most likely for want of memory: "
                "take fewer of them to a machine."
            ) from None
        except (CancelledError, OSError):
            raise SolveError(f"the Dask scheduler at {scheduler} is gone.") from None


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """What a library logs of its way down stays unsaid; an error says it once."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _check_read(error: BaseException | None) -> None:
    if error is not None:
        raise InputError(
            f"the cluster's workers cannot read the study ({type(error).__name__}: {error}): "
            "install ssb-model[cluster] there, and give them the file of your own function "
            "(Client.upload_file, or PYTHONPATH before they start)."
        )


def _connected(client: Any, scheduler: str):
    try:
        return client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"no Dask scheduler answers at {scheduler} ({said}): start one with 'dask scheduler' "
            "and give the address it prints."
        ) from None


def _batches(plan: Plan, points: dict[int, Values], size: int = BATCH) -> list[dict[int, Values]]:
    """Points together that run side by side: at one rate, or from one charge; cells alike."""

    def alike(number: int) -> tuple:
        changed = tuple(map(repr, plan.of_the_cell(points[number]).values()))
        conditions = plan.conditions_of(points[number])
        rate = conditions.pop("c_rate")
        charged = (changed, *conditions.values())
        one_charge = plan.run == "discharge" and plan.settings.charge_rate is not None
        return (charged, rate, number) if one_charge else (rate, changed, number)

    order = sorted(points, key=alike)
    groups = [list(group) for _, group in groupby(order, lambda number: alike(number)[0])]
    if len(groups) > len(order) / 2:  # drawn: hardly any comes twice
        groups = [order]
    most = size if callable(plan.run) else min(size, BATCHES.get(plan.run, size))
    whole = _joined(groups, most)
    cut = [part for group in whole for part in _parts(group, most)]
    return [{number: points[number] for number in part} for part in cut]


def _joined(groups: list[list[int]], most: int) -> list[list[int]]:
    """Groups of less than a batch together, as far as they fit."""
    whole: list[list[int]] = []
    for group in groups:
        if whole and len(whole[-1]) + len(group) <= most:
            whole[-1] = whole[-1] + group
        else:
            whole.append(group)
    return whole


def _parts(numbers: list[int], most: int) -> list[list[int]]:
    """As few parts as hold no more than ``most`` each, of even size."""
    size = ceil(len(numbers) / ceil(len(numbers) / most))
    return [numbers[k : k + size] for k in range(0, len(numbers), size)]
