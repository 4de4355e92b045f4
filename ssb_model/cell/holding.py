"""How a cell is held: pressure and temperature of a run, in numbers, in words and by name."""

from __future__ import annotations

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError
from ssb_model.parameters.changes import PROFILE
from ssb_model.quantities.checks import check_pressure, check_several, check_temperature
from ssb_model.submodels.stack import STIFFNESS


def stiffness_name(cell: Cell) -> str:
    """The parameter that says how stiff what holds the cell is."""
    stack = cell.model_options["stack"]
    if stack not in STIFFNESS:
        raise InputError(
            f"an {stack} stack has no stiffness: hold the cell by a 'spring' or a 'rigid' frame: "
            "--stack in the shell, or with_options({'stack': ...}) in Python."
        )
    return STIFFNESS[stack]


def held_words(cell: Cell, stack_pressure: float) -> str:
    """Pressure and what gives it, for a reader."""
    stack = cell.model_options["stack"]
    if PROFILE in cell.changes:
        return f"profile of stack pressure, {stack}"
    if stack in STIFFNESS:
        stack = f"{stack}, {cell.evaluate(stiffness_name(cell)) / 1e12:g} MPa/um"
    return f"{stack_pressure / 1e6:g} MPa, {stack}"


def held_at(
    cell: Cell, stack_pressure: float | None, temperature: float | None
) -> tuple[float, float]:
    """Stack pressure and temperature of a run, checked; the cell's own where none is given."""
    if stack_pressure is not None:
        cell.check_no_profile()
    else:
        stack_pressure = cell.entries["Stack pressure [Pa]"].value
    if np.ndim(stack_pressure):
        raise InputError("this run takes one stack pressure, not several: give one number.")
    if temperature is None:
        temperature = cell.entries["Ambient temperature [K]"].value
    return check_pressure("the stack pressure", stack_pressure), check_temperature(temperature)


def pressures_of(cell: Cell, stack_pressure, temperature: float | None) -> list[float | None]:
    """Stack pressures of runs one after the other, each checked before the first is run."""
    pressures = [None]
    if stack_pressure is not None:
        pressures = check_several("stack pressures", stack_pressure)
    for pressure in pressures:
        held_at(cell, pressure, temperature)
    if len(set(pressures)) < len(pressures):
        raise InputError("each stack pressure comes once: the same cell would run twice.")
    return pressures
