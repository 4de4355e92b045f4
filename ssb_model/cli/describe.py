"""What cells there are, and what is known of each."""

from __future__ import annotations

import argparse

from ssb_model.cli.common import json_option
from ssb_model.cli.saving import write_json


def add_cells(verbs) -> None:
    cells = verbs.add_parser("cells", help="list the cells that come with the package")
    cells.set_defaults(run=_cells)
    json_option(cells)


def _cells(options: argparse.Namespace) -> int:
    from ssb_model.cell.overview import cell_rows
    from ssb_model.tables.text import text_table

    rows = cell_rows()
    if not write_json(options, {"kind": "cells", "rows": rows}):
        print(text_table(rows))
    return 0


def add_show(verbs) -> None:
    show = verbs.add_parser("show", help="every parameter of a cell, where it is from")
    show.add_argument("cell", help="name of a cell, or path of your own TOML file")
    show.set_defaults(run=_show)
    json_option(show)


def _show(options: argparse.Namespace) -> int:
    from ssb_model.cell.cell import load_cell
    from ssb_model.cell.overview import parameter_rows, recipe_rows
    from ssb_model.tables.text import text_table

    cell = load_cell(options.cell)
    recipe, parameters = recipe_rows(cell), parameter_rows(cell)
    payload = {"cell": cell.name, "kind": "show", "recipe": recipe, "rows": parameters}
    if not write_json(options, payload):
        print(f"{cell.design.file.words['title']}\n\nFrom the recipe\n{text_table(recipe)}\n")
        print(f"Parameters\n{text_table(parameters)}")
    return 0
