"""What the verbs share: options about the cell, units, and where results go."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssb_model.errors import InputError

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell


def cell_options(parser: argparse.ArgumentParser) -> None:
    """The cell a verb works on, and what it may change about it."""
    parser.add_argument("cell", help="name of a cell, or path of your own TOML file")
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
        "--option",
        action="append",
        default=[],
        metavar="NAME=CHOICE",
        help="a choice of the model, as contact=plastic or film=growing; may be repeated",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar='"NAME [UNIT]"=VALUE',
        help="any parameter of 'ssb show', in SI; may be repeated",
    )


def cv_option(parser: argparse.ArgumentParser, name: str, default: float | None = None) -> None:
    otherwise = "not held if left out" if default is None else f"{default:g} if left out"
    parser.add_argument(
        name,
        type=float,
        default=default,
        metavar="C",
        help=f"hold the upper cut-off after each charge until this C-rate; {otherwise}",
    )


def pressures_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pressure",
        type=numbers,
        metavar="MPa,MPa,...",
        help="stack pressures in MPa, a fresh cell each; the cell's own if left out",
    )


def pressures_of(options: argparse.Namespace) -> list[float] | None:
    """Stack pressures in Pa, none where the cell's own is meant."""
    return options.pressure and [pressure * 1e6 for pressure in options.pressure]


def data_option(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--data",
        action="append",
        default=[],
        type=place,
        metavar="FILE",
        help=f"{what} to lay beside: CSV with units, Neware or BioLogic text; may be repeated",
    )


def curves_of(options: argparse.Namespace, cell: Cell, direction: str = "discharge") -> list:
    """Curves of the measured files a command names; before the run, so that a bad one is cheap."""
    from ssb_model.results.measured import measured_curves

    return [curve for path in options.data for curve in measured_curves(path, cell, direction)]


def output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=place, metavar="FOLDER", help="tables, JSON and figure")
    json_option(parser)


def json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", type=named, metavar="FILE", help="write JSON to a file, or - for the screen"
    )


def named(text: str) -> str:
    """A name a file or folder can have; argparse says which option was wrong."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a file or folder.")
    return text


def place(text: str) -> Path:
    """The path of a file or folder."""
    return Path(named(text))


def numbers(text: str) -> list[float]:
    """ "5,1,500" as numbers; argparse says which option was wrong."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}': write numbers with commas between, as 5,1,5."
        ) from None


def cell_of(options: argparse.Namespace) -> Cell:
    """The cell a command names, with what its options change."""
    from ssb_model.cell.cell import load_cell

    return changed(load_cell(options.cell), options)


def changed(cell: Cell, options: argparse.Namespace) -> Cell:
    """A cell with what a command's options change."""
    from ssb_model.cell.holding import stiffness_name
    from ssb_model.studies.axes import GRAIN_SIZE

    stack = [] if options.stack is None else [("stack", options.stack)]
    cell = cell.with_options(each_once([*map(_choice, options.option), *stack]))
    changes = list(map(assignment, options.set))
    if options.grain_size is not None:
        size = GRAIN_SIZE.check(cell, options.grain_size * 1e-6)
        changes += [(name, size) for name in GRAIN_SIZE.names(cell)]
    if options.stiffness is not None:
        changes.append((stiffness_name(cell), options.stiffness * 1e12))
    return cell.with_values(each_once(changes), source="command line")


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """By name; a name that comes twice is refused, as one of its values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"'{twice}' is given twice: give one value.")
    return found


def _choice(text: str) -> tuple[str, str]:
    """("contact", "plastic") from "contact=plastic"."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--option '{text}': write it as name=choice.")
    return name.strip(), value.strip()


def assignment(text: str) -> tuple[str, float]:
    """("Name [unit]", 1.0) from "Name [unit]=1"."""
    name, equals, value = text.rpartition("=")
    if not equals:
        raise InputError(f"--set '{text}': write it as \"Name [unit]\"=value.")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise InputError(f"--set '{text}': '{value}' is not a number.") from None


def si(value: float | None, factor: float, offset: float = 0.0) -> float | None:
    return None if value is None else value * factor + offset
