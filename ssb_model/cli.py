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

    from ssb_model.cell import Cell


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
    discharge.add_argument(
        "--profile",
        type=Path,
        metavar="CSV",
        help="stack pressure in time: a line of names, then h and MPa, from the charge's start on",
    )
    _cell_options(discharge)
    before = discharge.add_mutually_exclusive_group()
    before.add_argument(
        "--charge-rate", type=float, help="C-rate of the charge before; same if left out"
    )
    before.add_argument("--from-full", action="store_true", help="start from rest at 100 %%")
    discharge.set_defaults(run=_discharge)
    _output_options(discharge)

    steps = verbs.add_parser(
        "pressure-steps", help="age a cell, step its stack pressure, read resistances and contact"
    )
    steps.add_argument("cell", help="name of a cell, or path of your own TOML file")
    steps.add_argument(
        "--steps",
        type=_numbers,
        default="5,1,5,500,5",
        metavar="MPa,MPa,...",
        help="stack pressures in MPa; 5,1,5,500,5 if left out",
    )
    steps.add_argument(
        "--cycles-before", type=int, default=0, metavar="N", help="cycles before the first step"
    )
    steps.add_argument("--cycle-rate", type=float, default=0.2, help="C-rate of them, 0.2")
    steps.add_argument(
        "--cycle-pressure",
        type=float,
        metavar="MPa",
        help="stack pressure of them in MPa; the first step's if left out",
    )
    steps.add_argument(
        "--c-rate", type=float, default=0.1, help="of the charge and discharge at each step, 0.1"
    )
    _cell_options(steps)
    steps.set_defaults(run=_pressure_steps)
    _output_options(steps)
    return parser


def _cell_options(parser: argparse.ArgumentParser) -> None:
    """What a verb may change about the cell."""
    parser.add_argument("--temperature", type=float, metavar="C", help="in degrees Celsius")
    parser.add_argument(
        "--grain-size", type=float, metavar="um", help="of the electrolyte, in every layer"
    )
    parser.add_argument(
        "--stack",
        choices=["isostatic", "spring", "rigid"],
        help="how the cell is held; as the cell file says if left out",
    )
    parser.add_argument(
        "--stiffness",
        type=float,
        metavar="MPa/um",
        help="of spring or frame, in MPa per um; the cell's own if left out",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar='"NAME [UNIT]"=VALUE',
        help="any parameter of 'ssb show', in SI; may be repeated",
    )


def _output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="tables, JSON and figure")
    _json_option(parser)


def _numbers(text: str) -> list[float]:
    """ "5,1,500" as numbers; argparse says which option was wrong."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}': write numbers with commas between, as 5,1,5."
        ) from None


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
    from ssb_model.cell import PROFILE
    from ssb_model.parameters.profile import read_profile
    from ssb_model.protocols.discharge import discharge
    from ssb_model.tables import discharge_text

    if options.out is not None:
        _make_folder(options.out)
    cell = _cell_of(options)
    if options.profile is not None:
        cell = cell.with_values(
            {PROFILE: read_profile(options.profile)}, source=options.profile.name
        )
    result = discharge(
        cell,
        options.c_rate,
        stack_pressure=_si(options.pressure, 1e6),
        temperature=_si(options.temperature, 1, 273.15),
        charge_rate=options.charge_rate,
        from_full=options.from_full,
    )
    _report(options, result, discharge_text)
    return 1 if result.failed else 0


def _pressure_steps(options: argparse.Namespace) -> int:
    from ssb_model.protocols.pressure_steps import pressure_steps
    from ssb_model.tables import pressure_steps_text

    if options.out is not None:
        _make_folder(options.out)
    result = pressure_steps(
        _cell_of(options),
        [pressure * 1e6 for pressure in options.steps],
        cycles_before=options.cycles_before,
        cycle_rate=options.cycle_rate,
        discharge_rate=options.c_rate,
        cycle_pressure=_si(options.cycle_pressure, 1e6),
        temperature=_si(options.temperature, 1, 273.15),
    )
    _report(options, result, pressure_steps_text)
    return 1 if result.conditions["stopped"] else 0


def _cell_of(options: argparse.Namespace) -> Cell:
    """The cell a command names, with what its options change."""
    from ssb_model.cell import load_cell

    cell = load_cell(options.cell)
    if options.stack is not None:
        cell = cell.with_options({"stack": options.stack})
    changes = dict(_assignment(text) for text in options.set)
    if options.grain_size is not None:
        for name in cell.entries:
            if name.endswith("solid electrolyte grain size [m]"):
                changes[name] = options.grain_size * 1e-6
    if options.stiffness is not None:
        changes[cell.stiffness_name] = options.stiffness * 1e12
    return cell.with_values(changes, source="command line")


def _si(value: float | None, factor: float, offset: float = 0.0) -> float | None:
    return None if value is None else value * factor + offset


def _report(options: argparse.Namespace, result, text) -> None:
    """To the screen and to files, as asked."""
    if not _write_json(options, result.payload):
        print(text(result))
    if options.out is not None:
        paths = result.save(options.out)
        if options.json != "-":
            print("Wrote " + ", ".join(str(path) for path in paths))


def _make_folder(folder: Path) -> None:
    """Before the run, so that a folder that cannot be costs nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror}.") from None


def _assignment(text: str) -> tuple[str, float]:
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
