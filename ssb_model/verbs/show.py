"""What cells there are, and what is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.overview import cell_rows, parameter_rows, recipe_rows
from ssb_model.verbs.result import Listing, text_table


def cells() -> CellList:
    """The cells that come with the package."""
    return CellList(cell_rows())


def show(cell: Cell | str | Path) -> Overview:
    """Every parameter of a cell with where it is from, and what follows from its recipe."""
    cell = load_cell(cell)
    return Overview(cell, parameter_rows(cell), recipe_rows(cell))


@dataclass(frozen=True, repr=False)
class CellList(Listing):
    """A row per cell, in the units people use."""

    kind = "cells"
    title = "The list of cells"

    rows: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The table."""
        return text_table(self.rows)


@dataclass(frozen=True, repr=False)
class Overview(Listing):
    """A row per parameter of a cell, and one per quantity that follows from its recipe."""

    kind = "show"

    cell: Cell
    rows: list[dict[str, Any]]
    recipe: list[dict[str, Any]]

    @property
    def title(self) -> str:
        """The cell, for a reader."""
        return self.cell.title

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        head = {"cell": self.cell.name, "kind": self.kind}
        return {**head, "recipe": self.recipe, "rows": self.rows}

    @property
    def text(self) -> str:
        """Both tables."""
        recipe = f"From the recipe\n{text_table(self.recipe)}"
        return f"{self.title}\n\n{recipe}\n\nParameters\n{text_table(self.rows)}"
