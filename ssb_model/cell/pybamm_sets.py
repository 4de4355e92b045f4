"""Cells that come with the package as PyBaMM parameter sets: a function for each, by its name.

The entry points that name them are made of the files in ``parameter_sets`` when the package is
built.
"""

from __future__ import annotations

from functools import partial
from typing import Any


def parameter_set(cell: str) -> dict[str, Any]:
    """A charged cell's parameters as PyBaMM takes them."""
    from ssb_model.cell.cell import load_cell

    return {key: entry.value for key, entry in load_cell(cell).entries.items()}


def __getattr__(name: str) -> Any:
    from ssb_model.parameters.library import cell_names

    found = [cell for cell in cell_names() if cell.casefold() == name.casefold()]
    if not found:
        raise AttributeError(f"no cell '{name}' comes with this package")
    return partial(parameter_set, found[0])
