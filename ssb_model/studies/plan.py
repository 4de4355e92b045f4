"""A study as data: a cell, what is varied about it, what is run at each point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from ssb_model.cell.cell import Cell
from ssb_model.cell.identity import cell_identity, numbers, plain
from ssb_model.errors import SolidStateError
from ssb_model.numerics.solver import can_compile
from ssb_model.parameters.changes import written
from ssb_model.studies.axes import CONDITIONS, Axis, Changed, made
from ssb_model.studies.runs import Settings

Values = tuple[Any, ...]  # of a point, in the order of the axes
Row = dict[str, Any]
SOLVES = {"discharge": 2, "cycles": 200}  # of a point
MANY = 2000  # solves that gain what compiling takes


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
            **asdict(self.settings),
            **self.conditions,
            "differing": list(self.differing),
            **cell_identity(self.cell),
        }

    @cached_property
    def key(self) -> str:
        return _digest(self.identity)

    def made(self, values: Values) -> Cell:
        """The cell of a point."""
        return made(self.cell, self.of_the_cell(values))

    def conditions_of(self, values: Values) -> dict[str, float]:
        """How a point is driven and held; SI."""
        varied = {a.name: v for a, v in zip(self.axes, values, strict=True) if a.name in CONDITIONS}
        return self.conditions | varied

    @property
    def told(self) -> Row:
        """What holds at every point, as tables show it."""
        return {
            CONDITIONS[name].column: CONDITIONS[name].shown(value)
            for name, value in self.conditions.items()
        }

    @property
    def how(self) -> Row:
        """What was run, for the result."""
        return {
            "run": self.run if isinstance(self.run, str) else self.run.__name__,
            **asdict(self.settings),
            **self.told,
            "mesh": self.cell.model_options["mesh"],
            "changes": self.cell.recipe | written(self.cell.changes),
        }

    def shown(self, values: Values) -> Row:
        """Where a point stands, as tables show it."""
        return self.told | {a.column: a.shown(v) for a, v in zip(self.axes, values, strict=True)}

    def of_the_cell(self, values: Values) -> dict[Axis, Any]:
        pairs = zip(self.axes, values, strict=True)
        return {axis: value for axis, value in pairs if isinstance(axis, Changed)}


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
