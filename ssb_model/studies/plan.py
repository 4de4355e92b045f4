"""A study as data: a cell, what is varied about it, what is run at each point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from math import prod, sqrt
from typing import Any

from ssb_model.analysis.draws import latin_hypercube
from ssb_model.cell.cell import Cell
from ssb_model.cell.numbers import held_at
from ssb_model.cell.saving import cell_identity, numbers, plain
from ssb_model.errors import InputError, SolidStateError
from ssb_model.numerics.solver import can_compile
from ssb_model.quantities.checks import check_whole
from ssb_model.studies.axes import CONDITIONS, OF_CYCLES, Axis, Changed, axes_of, made
from ssb_model.studies.runs import Settings

Values = tuple[Any, ...]  # of a point, in the order of the axes
Row = dict[str, Any]
SOLVES = {"discharge": 2, "cycles": 200}  # of a point
MANY = 2000  # solves that gain what compiling takes
MOST_POINTS = 1_000_000
MESHES = {"charge": "coarse"}  # a margin against plating is 23 mV too high on the draft mesh


@dataclass(frozen=True)
class Plan:
    """A cell, what varies about it and what is run at each point; goes to other processes."""

    cell: Cell
    axes: tuple[Axis, ...]
    run: str | Callable[..., Row] = "discharge"
    settings: Settings = field(default_factory=Settings)
    conditions: dict[str, float] = field(default_factory=dict)  # where no axis varies them
    differing: tuple[str, ...] = ()  # parameters the points differ in
    compiled: bool = False  # takes seconds, changes no number

    def for_many(self, points: int) -> Plan:
        """The same plan, compiled if it pays for so many points."""
        return replace(self, compiled=points * SOLVES.get(self.run, 1) >= MANY and can_compile())

    @property
    def identity(self) -> dict[str, Any]:
        """By name what a study is, its points apart."""
        return {
            "run": self.run if isinstance(self.run, str) else plain(self.run),
            **self.settings.shown,
            **self.conditions,
            "differing": list(self.differing),
            **cell_identity(self._as_run(self.cell)),
        }

    @cached_property
    def key(self) -> str:
        return _digest(self.identity)

    def made(self, values: Values) -> Cell:
        """The cell of a point."""
        return self._as_run(made(self.cell, self.of_the_cell(values)))

    def _as_run(self, cell: Cell) -> Cell:
        """Cycling ages a cell as its file declares, where no axis chose otherwise."""
        return cell.that_ages() if self.run == "cycles" else cell

    def conditions_of(self, values: Values) -> dict[str, float]:
        """How a point is driven and held; SI."""
        varied = {a.name: v for a, v in zip(self.axes, values, strict=True) if a.name in CONDITIONS}
        return self.conditions | varied

    @property
    def common(self) -> Row:
        """The conditions that hold at every point, as tables show them."""
        return {
            CONDITIONS[name].column: CONDITIONS[name].shown(value)
            for name, value in self.conditions.items()
        }

    @property
    def how(self) -> Row:
        """What was run, for the result."""
        return {
            "run": self.run if isinstance(self.run, str) else self.run.__name__,
            **self.settings.shown,
            **self.common,
            "mesh": self.cell.model_options["mesh"],
            "changes": self.cell.set_by_hand,
        }

    def shown(self, values: Values) -> Row:
        """Where a point stands, as tables show it."""
        return self.common | {a.column: a.shown(v) for a, v in zip(self.axes, values, strict=True)}

    def of_the_cell(self, values: Values) -> dict[Axis, Any]:
        pairs = zip(self.axes, values, strict=True)
        return {axis: value for axis, value in pairs if isinstance(axis, Changed)}


def planned(
    cell: Cell,
    over: Mapping[str, Sequence[Any]],
    run: str | Callable[..., dict[str, Any]],
    conditions: dict[str, Any],
    settings: Settings,
    samples: int | None = None,
    seed: int = 0,
) -> tuple[Plan, dict[int, Values]]:
    """The plan of a study and its points by number."""
    if cell.window is None:
        raise InputError("a symmetric cell has no window to run in; solve its model with PyBaMM.")
    if cell.state is not None:
        raise InputError("a study starts from fresh cells: load the cell by its name.")
    cell.check_no_profile()
    cell = cell.that_ages() if run == "cycles" else cell
    cell = cell.on_mesh(MESHES.get(run, "draft"))
    axes = axes_of(cell, over)
    if samples is not None:
        check_whole("the number of samples", samples, least=2, most=MOST_POINTS)
    elif prod(map(len, axes.values())) > MOST_POINTS:
        raise InputError(f"a grid of more than {MOST_POINTS} points: take fewer, or draw samples.")
    drawn = list(product(*axes.values())) if samples is None else _drawn(axes, samples, seed)
    held = held_at(cell, conditions.pop("stack_pressure"), conditions.pop("temperature"))
    fixed = {**conditions, "stack_pressure": held[0], "temperature": held[1]}
    varied = {axis.name for axis in axes}
    scheduled = [name for name in OF_CYCLES if name in varied or name in fixed]
    if scheduled and run != "cycles" and not callable(run):
        raise InputError(f"'{scheduled[0]}' is of many cycles: take the run 'cycles'.")
    if len({"repress_pressure", "repress_every"} & {*scheduled}) == 1:
        raise InputError("pressing again takes 'repress_pressure' and 'repress_every' together.")
    if run != "pulse" and not callable(run):
        fixed.pop("soc")
        if "soc" in varied:
            raise InputError(
                f"the run '{run}' begins at one state of charge: vary that of a pulse."
            )
    plan = Plan(
        cell,
        tuple(axes),
        run,
        settings,
        {
            name: CONDITIONS[name].check(cell, value)
            for name, value in fixed.items()
            if name not in varied
        },
        differing(cell, along(cell, axes)),
    )
    return plan, dict(enumerate(drawn))


def _drawn(axes: dict[Axis, list[Any]], count: int, seed: int) -> list[Values]:
    """Draws between the limits of each axis."""
    ranges = {}
    for axis, limits in axes.items():
        if len(limits) != 2 or any(isinstance(limit, str) for limit in limits):
            raise InputError(f"to draw '{axis.name}' give its two limits, not {limits}.")
        low, high = sorted(limits)
        ranges[axis.name] = (sqrt(low * high) if low > 0 else (low + high) / 2, low, high)
    draws = latin_hypercube(ranges, count, seed)
    return list(zip(*(draws[axis.name].tolist() for axis in axes), strict=True))


def differing(cell: Cell, others: Iterable[Cell]) -> tuple[str, ...]:
    """Parameters that are another number in any of ``others``."""
    own, names = numbers(cell), set()
    for other in others:
        names |= {name for name, number in numbers(other).items() if number != own.get(name)}
    return tuple(sorted(names))


def along(cell: Cell, axes: Mapping[Axis, Sequence[Any]]) -> Iterator[Cell]:
    """Cells along each axis from ``cell`` on, those that can be made."""
    for axis, values in axes.items():
        for value in _telling(values) if isinstance(axis, Changed) else ():
            with suppress(SolidStateError):  # a point says so for itself
                yield made(cell, {axis: value})


def _digest(plain_data: Any) -> str:
    return hashlib.sha256(json.dumps(plain_data).encode()).hexdigest()


def _telling(values: Sequence[Any], most: int = 9) -> Sequence[Any]:
    """Some of many values, the ends among them."""
    if len(values) <= most:
        return values
    ordered = sorted(values)
    return [ordered[k * (len(ordered) - 1) // (most - 1)] for k in range(most)]
