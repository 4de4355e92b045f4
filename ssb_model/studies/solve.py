"""The points of a study solved: cells of one structure side by side on one built model."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from numbers import Real
from typing import Any, TypeVar

from ssb_model.cell.cell import Cell
from ssb_model.cell.saving import numbers, structure
from ssb_model.engine.engine import side_by_side
from ssb_model.engine.outcome import FAILED, REFUSED
from ssb_model.errors import InputError, SolidStateError
from ssb_model.studies.plan import Plan, Row, Values
from ssb_model.studies.runs import Stand, rows_of
from ssb_model.system.signals import stop_is_heard

Kept = TypeVar("Kept")


class Cache(OrderedDict):
    """The last few things made, by key."""

    def __init__(self, most: int):
        super().__init__()
        self.most = most

    def get_or_make(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        if key not in self:
            self[key] = make()
            if len(self) > self.most:
                self.popitem(last=False)
        self.move_to_end(key)
        return self[key]


# of this process; a batch at a time, whoever asks
_LOCK = threading.Lock()
_ENGINES, _CELLS = Cache(2), Cache(300)


def solve(plan: Plan, points: dict[int, Values], threads: int | None = None) -> dict[int, Row]:
    """A row of each point by its number; one that fails says why and holds nobody up.

    A row does not depend on which points are solved with it, where, or on how many threads,
    within what ``Engine`` says of it.
    """
    with _LOCK:
        rows = _solve(plan, points, threads)
    return {number: plan.shown(points[number]) | rows[number] for number in points}


def _solve(plan: Plan, points: dict[int, Values], threads: int | None) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    engines: dict[tuple, dict[int, Stand]] = {}
    for number, values in points.items():
        try:
            cell, alike = _cell(plan, values)
        except SolidStateError as error:
            rows[number] = {"Stopped by": REFUSED, "Detail": str(error)}
            continue
        if callable(plan.run):
            rows[number] = _own(plan, cell, values)
            continue
        stand = Stand(cell, **plan.conditions_of(values))
        engines.setdefault(alike, {})[number] = stand
    for alike, stands in engines.items():
        rows |= _run(plan, (alike, plan.differing, threads), stands)
    return rows


def _cell(plan: Plan, values: Values) -> tuple[Cell, tuple]:
    """The cell of a point, and what it shares with those it may run beside."""

    def make() -> tuple[Cell, tuple]:
        cell = plan.made(values)
        return cell, _alike(plan, cell)

    of_the_cell = tuple(plan.of_the_cell(values).items())
    return _CELLS.get_or_make((plan.key, of_the_cell), make)


def _alike(plan: Plan, cell: Cell) -> tuple:
    """What the cells of one engine share: all but the numbers the plan says differ."""
    shared = {name: v for name, v in numbers(cell).items() if name not in plan.differing}
    return structure(cell), tuple(sorted(shared.items()))


@stop_is_heard()
def _run(plan: Plan, key: tuple, stands: dict[int, Stand]) -> dict[int, Row]:
    """Side by side on the engine of a key; if that fails, one by one."""
    threads = key[-1]
    cell = next(iter(stands.values())).cell
    try:
        engine = _ENGINES.get_or_make(
            key, lambda: side_by_side(cell, plan.differing, threads=threads, compiled=plan.compiled)
        )
    except Exception as error:  # no point of this engine can be solved
        return dict.fromkeys(stands, _failed(error))
    try:
        rows = rows_of(plan.run, engine, list(stands.values()), plan.settings)
    except Exception as error:
        if len(stands) > 1:
            return {n: row for k in stands for n, row in _run(plan, key, {k: stands[k]}).items()}
        rows = [_failed(error)]
    return dict(zip(stands, rows, strict=True))


def _own(plan: Plan, cell: Cell, values: Values) -> Row:
    """What a user's own function says of a point."""
    try:
        row = _kept(plan.run(cell, **plan.conditions_of(values)))
    except Exception as error:
        return _failed(error)
    return {"Stopped by": "", "Detail": "", **row}


def _kept(given: Any) -> Row:
    """What a function returned as a journal keeps it: numpy's numbers as Python's own."""
    if not isinstance(given, Mapping):
        raise InputError(f"numbers by name were to come, not {type(given).__name__}.")
    row = {str(n): value.item() if hasattr(value, "item") else value for n, value in given.items()}
    for name, value in row.items():
        if not isinstance(value, Real | str | None):
            raise InputError(f"'{name}' is no number but {type(value).__name__}.")
    return row


def _failed(error: Exception) -> Row:
    said = (str(error).strip() or "no word").splitlines()[0]
    return {"Stopped by": FAILED, "Detail": f"{type(error).__name__}: {said}"}
