"""How a cell is held, in words and by name."""

from __future__ import annotations

from ssb_model.cell import Cell
from ssb_model.errors import InputError
from ssb_model.parameters.changes import PROFILE
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
