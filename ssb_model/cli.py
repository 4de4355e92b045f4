"""The command ``ssb``: arguments in, functions called, tables out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ssb_model.errors import InputError, SolidStateError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 for a mistake of the user, 1 for a run that failed."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except SolidStateError as error:
        print(f"ssb: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, head or less, has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("ssb: stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ssb", description="All-solid-state cells, from the recipe to the discharge."
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    cells = verbs.add_parser("cells", help="list the cells that come with the package")
    cells.set_defaults(run=_cells)
    _json_option(cells)

    show = verbs.add_parser("show", help="every parameter of a cell, where it is from")
    show.add_argument("cell", help="name of a cell, or path of your own TOML file")
    show.set_defaults(run=_show)
    _json_option(show)

    discharge = verbs.add_parser("discharge", help="charge a cell, discharge it, say what it gave")
    discharge.add_argument("cell", help="name of a cell, or path of your own TOML file")
    discharge.add_argument(
        "--c-rate",
        type=float,
        default=0.1,
        help="0.1 if left out; 1C as the cell file states it",
    )
    discharge.add_argument("--pressure", type=float, metavar="MPa", help="stack pressure in MPa")
    discharge.add_argument("--temperature", type=float, metavar="C", help="in degrees Celsius")
    discharge.add_argument(
        "--grain-size", type=float, metavar="um", help="of the electrolyte, in every layer"
    )
    discharge.add_argument(
        "--set",
        action="append",
        default=[],
        metavar='"NAME [UNIT]"=VALUE',
        help="any parameter of 'ssb show', in SI; may be repeated",
    )
    before = discharge.add_mutually_exclusive_group()
    before.add_argument(
        "--charge-rate", type=float, help="C-rate of the charge before; same if left out"
    )
    before.add_argument("--from-full", action="store_true", help="start from rest at 100 %%")
    discharge.add_argument(
        "--out", type=Path, metavar="FOLDER", help="CSV, netCDF, JSON and figure"
    )
    discharge.set_defaults(run=_discharge)
    _json_option(discharge)
    return parser


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", metavar="FILE", help="write JSON to a file, or - for the screen")


def _write_json(options: argparse.Namespace, payload: dict) -> bool:
    """Write ``payload`` where asked; true if the screen is taken by it."""
    if options.json is None:
        return False
    text = json.dumps(payload, indent=2)
    if options.json == "-":
        print(text)
        return True
    try:
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {options.json}: {error.strerror}.") from None
    return False


def _cells(options: argparse.Namespace) -> int:
    from ssb_model.overview import cell_rows
    from ssb_model.tables import text_table

    rows = cell_rows()
    if not _write_json(options, {"kind": "cells", "rows": rows}):
        print(text_table(rows))
    return 0


def _show(options: argparse.Namespace) -> int:
    from ssb_model.cell import load_cell
    from ssb_model.overview import parameter_rows, recipe_rows
    from ssb_model.tables import text_table

    cell = load_cell(options.cell)
    recipe, parameters = recipe_rows(cell), parameter_rows(cell)
    payload = {"cell": cell.name, "kind": "show", "recipe": recipe, "rows": parameters}
    if not _write_json(options, payload):
        print(f"{cell.design.file.words['title']}\n\nFrom the recipe\n{text_table(recipe)}\n")
        print(f"Parameters\n{text_table(parameters)}")
    return 0


def _discharge(options: argparse.Namespace) -> int:
    from ssb_model.cell import load_cell
    from ssb_model.protocols.discharge import discharge
    from ssb_model.tables import discharge_text

    if options.out is not None:
        _make_folder(options.out)
    cell = load_cell(options.cell)
    changes = dict(_assignment(text, cell.entries) for text in options.set)
    if options.grain_size is not None:
        for name in cell.entries:
            if name.endswith("solid electrolyte grain size [m]"):
                changes[name] = options.grain_size * 1e-6
    result = discharge(
        cell.with_values(changes, source="command line"),
        options.c_rate,
        stack_pressure=None if options.pressure is None else options.pressure * 1e6,
        temperature=None if options.temperature is None else options.temperature + 273.15,
        charge_rate=options.charge_rate,
        from_full=options.from_full,
    )
    if not _write_json(options, result.payload):
        print(discharge_text(result))
    if options.out is not None:
        paths = result.save(options.out)
        if options.json != "-":
            print("Wrote " + ", ".join(str(path) for path in paths))
    return 1 if result.failed else 0


def _make_folder(folder: Path) -> None:
    """Before the run, so that a folder that cannot be costs nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror}.") from None


def _assignment(text: str, known) -> tuple[str, float]:
    """("Name [unit]", 1.0) from "Name [unit]=1"."""
    name, equals, value = text.rpartition("=")
    if not equals:
        raise InputError(f"--set '{text}': write it as \"Name [unit]\"=value.")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise InputError(f"--set '{text}': '{value}' is not a number.") from None


if __name__ == "__main__":
    sys.exit(main())
