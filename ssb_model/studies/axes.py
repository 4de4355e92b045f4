"""What a study varies: conditions of a run, numbers of the model, the recipe, choices."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError, nearest
from ssb_model.models.options import own_options
from ssb_model.parameters.changes import check_change, followed
from ssb_model.parameters.declared import checked, declared, full_name
from ssb_model.quantities.checks import (
    check_number,
    check_pressure,
    check_rate,
    check_temperature,
    check_whole,
)
from ssb_model.quantities.registry import unit_of
from ssb_model.quantities.units import in_unit, said, split, to_si

SMALLEST_GRAIN, LARGEST_GRAIN = 1e-9, 1e-3  # m
GRAINS = "solid electrolyte grain size [m]"
OPTION = "option "
NOMINAL = "Nominal areal capacity [C.m-2]"
LOADINGS = ("Active material loading", "Composite loading")
CONDITIONS_OF_A_FILE = {
    "cell: Stack pressure [Pa]": "'stack_pressure'",
    "cell: Temperature [K]": "'temperature'",
}


@dataclass(frozen=True)
class Axis(ABC):
    """Abstract: one thing varied. ``column`` heads it in tables, in the units people use."""

    name: str
    column: str

    def shown(self, value: Any) -> Any:
        """A value as tables show it."""
        return value if self.column == self.name else in_unit(value, unit_of(self.column))

    @abstractmethod
    def check(self, cell: Cell, value: Any) -> Any:
        """The value, or a refusal with its cure."""


@dataclass(frozen=True)
class Condition(Axis):
    """How a run is driven or held."""

    def check(self, cell: Cell, value: Any) -> float:
        if self.name == "stack_pressure":
            cell.check_no_profile()
            return check_pressure("the stack pressure", value)
        if self.name == "temperature":
            return check_temperature(value)
        if self.name == "c_rate":
            return check_rate("a C-rate", value)
        if self.name in OF_CYCLES:
            return _check_of_cycles(cell, self.name, value)
        if not 0 < check_number("the state of charge", value) <= 1:
            raise InputError(f"a pulse starts above 0 and at most at 1 of charge, not {value:g}.")
        return float(value)


def _check_of_cycles(cell: Cell, name: str, value: Any) -> float:
    """Of a schedule; 0 leaves formation or pressing again out."""
    cell.check_no_profile()
    words = name.replace("_", " ")
    if name == "formation_cycles" or name == "repress_every":
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        return check_whole(words, value, least=int(name == "formation_cycles"))
    return value if check_number(words, value) == 0 else check_pressure(words, value)


@dataclass(frozen=True)
class Changed(Axis, ABC):
    """Abstract: something of the cell itself."""

    @staticmethod
    @abstractmethod
    def set(cell: Cell, changes: dict[str, Any]) -> Cell:
        """The cell with values by what ``names`` calls them."""

    def names(self, cell: Cell) -> list[str]:
        return [self.name]

    def changes(self, cell: Cell, value: Any) -> dict[str, Any]:
        """What of the cell becomes what."""
        return dict.fromkeys(self.names(cell), value)

    def check(self, cell: Cell, value: Any) -> Any:
        return check_number(f"a value of '{self.name}'", value)


@dataclass(frozen=True)
class Recipe(Changed):
    """A number of the cell file or of a material's; of draws, options do not follow it."""

    following: bool = True

    @staticmethod
    def set(cell: Cell, changes: dict[str, float]) -> Cell:
        return cell.with_recipe(changes)

    def check(self, cell: Cell, value: float) -> float:
        value = super().check(cell, value)
        for name in checked(cell.design.file, {self.name: value}):
            if name in CONDITIONS_OF_A_FILE:
                raise InputError(f"a run sets '{name}' itself: vary {CONDITIONS_OF_A_FILE[name]}.")
        return value


@dataclass(frozen=True)
class Loading(Recipe):
    """Of the positive electrode; what 1C passes, and with it an N/P ratio, follow in proportion."""

    def changes(self, cell: Cell, value: float) -> dict[str, float]:
        section, nominal = cell.design.file.positive, cell.design.file.cell.entries[NOMINAL].value
        base, unit = split(self.name.partition(": ")[2])
        times = to_si(value, unit) / section[f"{base} [kg.m-2]"]
        return {self.name: value, f"cell: {NOMINAL}": times * nominal}

    @classmethod
    def follows(cls, cell: Cell, axis: Axis, others: Sequence[str]) -> bool:
        """Whether an axis is such a loading, of a cell whose file says what 1C passes."""
        owner, _, key = axis.name.partition(": ")
        given = NOMINAL in cell.design.file.cell and f"cell: {NOMINAL}" not in others
        return (
            isinstance(axis, Recipe) and given and owner == "positive" and split(key)[0] in LOADINGS
        )


class Choice(Changed):
    """An option of the model."""

    @staticmethod
    def set(cell: Cell, changes: dict[str, Any]) -> Cell:
        return cell.with_options(changes)

    def names(self, cell: Cell) -> list[str]:
        return [self.name.removeprefix(OPTION)]

    def check(self, cell: Cell, value: Any) -> Any:
        try:
            made(cell, {self: value})
        except TypeError:  # a list of lists, a number that is none
            raise InputError(f"'{self.name}' has no choice {value!r}.") from None
        return value


class Parameter(Changed):
    """A number of the model, by its PyBaMM name."""

    @staticmethod
    def set(cell: Cell, changes: dict[str, float]) -> Cell:
        return cell.with_values(changes)

    def check(self, cell: Cell, value: float) -> float:
        value = super().check(cell, value)
        for name in self.names(cell):
            check_change(name, value, cell.entries, declared(cell.design.file))
        followed(self.names(cell), cell.options, cell.entries)
        return value


class GrainSize(Parameter):
    """Of the electrolyte, in every layer."""

    def check(self, cell: Cell, value: float) -> float:
        value = super().check(cell, value)
        if not SMALLEST_GRAIN < value < LARGEST_GRAIN:
            raise InputError(f"a grain of {said(value, 'um')} is none of a powder: mind the unit.")
        return value

    def names(self, cell: Cell) -> list[str]:
        return [name for name in cell.entries if name.endswith(GRAINS)]


CONDITIONS = {
    "stack_pressure": Condition("stack_pressure", "Stack pressure [MPa]"),
    "c_rate": Condition("c_rate", "C-rate"),
    "temperature": Condition("temperature", "Temperature [degC]"),
    "soc": Condition("soc", "State of charge"),
    "formation_pressure": Condition("formation_pressure", "Formation pressure [MPa]"),
    "formation_cycles": Condition("formation_cycles", "Formation cycles"),
    "repress_pressure": Condition("repress_pressure", "Repress pressure [MPa]"),
    "repress_every": Condition("repress_every", "Repress every"),
}
OF_CYCLES = tuple(CONDITIONS)[4:]  # a schedule of pressure
GRAIN_SIZE = GrainSize("grain_size", "Grain size [um]")
OF_THE_RUN = {
    "Stack pressure [Pa]": "stack_pressure",
    "Ambient temperature [K]": "temperature",
    "Initial temperature [K]": "temperature",
    "Current function [A]": "c_rate",
}
# the recipe makes a cell anew, so it comes before what is set on it
ORDER = (Choice, Recipe, Parameter)


def axis_of(cell: Cell, name: str) -> Axis:
    """What a name varies: a condition, "grain_size", a parameter, "positive: Porosity"."""
    if not isinstance(name, str):
        raise InputError(f"what is varied has a name in quotes, not {name!r}.")
    if name in CONDITIONS:
        return CONDITIONS[name]
    if name == GRAIN_SIZE.name:
        return GRAIN_SIZE
    if name.startswith(OPTION):
        return Choice(name, name)
    if name in OF_THE_RUN:
        raise InputError(f"a run sets '{name}' itself: vary '{OF_THE_RUN[name]}'.")
    if name in cell.entries:
        return Parameter(name, name)
    if ":" in name:
        return Recipe(name, name)
    known = [*CONDITIONS, GRAIN_SIZE.name, *cell.entries, *declared(cell.design.file)]
    known += [OPTION + option for option in own_options()]
    raise InputError(f"nothing to vary by the name '{name}'. {nearest(name, known)}")


def axes_of(cell: Cell, over: Mapping[str, Sequence[Any]]) -> dict[Axis, list[Any]]:
    """Names and values of a study, each checked."""
    if not over or not isinstance(over, Mapping):
        raise InputError("give something to vary, as {'stack_pressure': [1e6, 5e6]}.")
    axes = {}
    taken: dict[str, str] = {}
    for name, given in over.items():
        values = [given] if isinstance(given, str) or not np.ndim(given) else list(given)
        axis = axis_of(cell, name)
        for target in targets(cell, axis):
            if target in taken:
                raise InputError(
                    f"'{taken[target]}' and '{name}' vary the same '{target}': leave out one."
                )
            taken[target] = name
        axes[axis] = [axis.check(cell, _plain(value)) for value in values]
        if not axes[axis]:
            raise InputError(f"'{name}' has no values to try: give some.")
        if len(set(axes[axis])) < len(axes[axis]):
            raise InputError(f"'{name}' has a value twice: give each once.")
    return axes


def targets(cell: Cell, axis: Axis) -> list[str]:
    """What an axis sets, under one name each."""
    if isinstance(axis, Recipe):
        return [full_name(declared(cell.design.file), axis.name)]
    return axis.names(cell) if isinstance(axis, Changed) else [axis.name]


def made(cell: Cell, values: Mapping[Axis, Any]) -> Cell:
    """The cell with everything varied of it set."""
    for kind in ORDER:
        of_kind = {axis: value for axis, value in values.items() if isinstance(axis, kind)}
        changes = {
            k: v for axis, value in of_kind.items() for k, v in axis.changes(cell, value).items()
        }
        if kind is Recipe and not all(axis.following for axis in of_kind):
            cell = cell.with_recipe(changes, following=False)
        elif changes:
            cell = kind.set(cell, changes)
    return cell


def _plain(value: Any) -> Any:
    """A number of numpy's as Python's own."""
    return value.item() if isinstance(value, np.generic) else value
