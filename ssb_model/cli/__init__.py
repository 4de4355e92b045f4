"""The command ``ssb``: arguments in, the function of a verb called, its result shown and saved."""

from __future__ import annotations

import argparse
import inspect
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from ssb_model import __version__
from ssb_model.cli import saving
from ssb_model.cli.arguments import (
    FROM_SHELL,
    OneLine,
    VerbParser,
    add_files,
    arguments_of,
    takes_cell,
)
from ssb_model.errors import InputError, SolidStateError, SolveError, one_line, plain
from ssb_model.quantities.typed import each_once
from ssb_model.system.progress import any_letter_is_shown
from ssb_model.system.signals import no_more_interrupts, stopped_alike
from ssb_model.system.user_files import files_read
from ssb_model.verbs import VERBS, Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import ModuleType

    from ssb_model.cell.cell import Cell


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 a mistake of the user, 1 a run that failed, 130 one stopped."""
    any_letter_is_shown()
    typed = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = parser(typed).parse_args(typed)
    except SolidStateError as error:  # of a file of the user's own
        print(f"ssb: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        return say_unforeseen(error, typed)
    heard: list[int] = []
    try:
        with stopped_alike() as heard, files_read() as options.read:
            code = run(options)
            sys.stdout.flush()
            return code
    except SolidStateError as error:
        print(f"ssb: {error}", file=sys.stderr)
        return 1 if isinstance(error, SolveError) else 2
    except BrokenPipeError:  # the reader, head or less, has seen enough
        saving.leave_screen()
        return 0
    except OSError as error:
        return saving.say_system(error)
    except KeyboardInterrupt:
        if arguments is None:
            no_more_interrupts()
        return saving.say_stopped(options)
    except Exception as error:
        return saving.say_stopped(options) if heard else say_unforeseen(error, typed)
    finally:
        if arguments is None:
            no_more_interrupts()
        saving.release(options)


def parser(typed: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Every verb with its options; those of the user's own files where none of ours is typed."""
    whole = OneLine(
        prog="ssb", description="All-solid-state cells, from the recipe to the discharge."
    )
    whole.add_argument("--version", action="version", version=f"ssb {__version__}")
    known = whole.add_subparsers(required=True, metavar="COMMAND", parser_class=VerbParser)
    verbs = VERBS | _own_verbs(typed)
    for verb in verbs.values():
        one = known.add_parser(verb.name, help=verb.summary, description=verb.description or None)
        one.verb = verb
    return whole


def _own_verbs(typed: Sequence[str]) -> dict[str, Verb]:
    """Verbs that files and packages of the user's register, where none of ours is typed."""
    if not typed or typed[0] in VERBS or typed[0].startswith("-"):
        return {}
    from ssb_model.extensions import registered

    files = OneLine(add_help=False)
    add_files(files)
    _load(files.parse_known_args(typed)[0].files)
    return registered(Verb.extension)


def _load(files: Sequence[Path]) -> None:
    """Let files of the user's own add to the package."""
    if files:
        from ssb_model.extensions import load_extension

        for path in files:
            load_extension(path)


def run(options: argparse.Namespace) -> int:
    """Carry out the verb a command names; gives the exit code."""
    verb = options.verb
    saving.check_files(options)
    _load(options.files)
    module = import_module(verb.home)
    function = getattr(module, verb.attribute)
    target = getattr(module, FROM_SHELL, function)
    options.gives = _gives(verb, module, function)
    takes = {*inspect.signature(function).parameters, *inspect.signature(target).parameters}
    given = {
        argument.name: getattr(options, argument.name)
        for argument in arguments_of(verb)
        if hasattr(options, argument.name)
    }
    if "change" in takes:
        given |= {"cell": options.cell, "change": lambda cell: _changed(cell, options)}
    elif takes_cell(verb):
        given["cell"] = _cell(options)
    if "typed_on_cell" in takes:
        given["typed_on_cell"] = _typed_on_cell(options)
    if options.out is None and hasattr(module, "default_folder"):
        options.out = module.default_folder(**given)
    if "reserve" in takes:
        given["reserve"] = lambda: saving.reserve(options)
    else:
        saving.reserve(options)
    if "force" in takes:
        given["force"] = options.force
    if "journal" in takes and options.out is not None:
        given["journal"] = options.out / f"{verb.stem}.sqlite"
    given.pop("out", None)
    return saving.report(options, target(**given))


def _gives(verb: Verb, module: ModuleType, function: Callable) -> tuple[str, tuple[str, ...]]:
    """How the files of a verb's result are named: their stem, and patterns of others."""
    told = inspect.signature(function).return_annotation
    kind = getattr(module, told.split(" | ")[0], None) if isinstance(told, str) else told
    besides = getattr(kind, "besides", ())
    name = getattr(kind, "name", "") or getattr(kind, "kind", "")
    stem = name.replace("-", "_") if isinstance(name, str) and name else verb.stem
    return stem, besides if isinstance(besides, tuple) else ()


def _cell(options: argparse.Namespace) -> Cell:
    """The cell a command names, with what its options change."""
    from ssb_model.cell.cell import load_cell

    return _changed(load_cell(options.cell), options)


def _changed(cell: Cell, options: argparse.Namespace) -> Cell:
    """A cell with what a command's options change."""
    from ssb_model.cell.numbers import stiffness_name
    from ssb_model.studies.axes import GRAIN_SIZE

    stack = [] if options.stack is None else [("stack", options.stack)]
    cell = cell.with_options(each_once([*map(_choice, options.option), *stack]))
    changes = list(map(_assignment, options.set))
    if options.grain_size is not None:
        size = GRAIN_SIZE.check(cell, options.grain_size)
        changes += [(name, size) for name in GRAIN_SIZE.names(cell)]
    if options.stiffness is not None:
        changes.append((stiffness_name(cell), options.stiffness))
    cell = cell.with_values(each_once(changes), source="command line")
    for words in cell.options_that_followed:
        print(plain(f"Option     {words}, which a number that was set needs"), file=sys.stderr)
    return cell


def _typed_on_cell(options: argparse.Namespace) -> list[str]:
    """What options change about the cell, by the names that a study has for it."""
    names = [name for name, _ in map(_assignment, options.set)]
    names += [f"option {name}" for name, _ in map(_choice, options.option)]
    names += [] if options.stack is None else ["option stack"]
    return names + ([] if options.grain_size is None else ["grain_size"])


def _choice(text: str) -> tuple[str, str | tuple[str, ...]]:
    """("contact", "plastic") from "contact=plastic", a pair from "film=constant,growing"."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--option '{text}': write it as name=choice.")
    choices = tuple(one.strip() for one in value.split(","))
    return name.strip(), choices if len(choices) > 1 else choices[0]


def _assignment(text: str) -> tuple[str, float]:
    """("Name [unit]", 1.0) from "Name [unit]=1"."""
    name, equals, value = text.rpartition("=")
    if not equals:
        raise InputError(f"--set '{text}': write it as \"Name [unit]\"=value.")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise InputError(f"--set '{text}': '{value}' is not a number.") from None


OTHERS = ("pybamm", "casadi", "numpy", "scipy", "matplotlib", "pandas", "xarray")


def say_unforeseen(error: Exception, typed: Sequence[str]) -> int:
    """Tell the user what to send, and where the details are; gives the exit code."""
    kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    words = one_line(kind)[:200].rstrip(".")
    try:
        where = f"the details are in {_written(error, typed)}: send it"
    except OSError:
        where = "the details found no room: send the command"
    with suppress(OSError):
        print(
            f"ssb: a fault of this program, not of yours ({words}); {where}, with the files the "
            "command names, to who looks after ssb_model; results saved before are as they were.",
            file=sys.stderr,
        )
    return 1


def _written(error: Exception, typed: Sequence[str]) -> str:
    """A new file with the command, versions and the traceback; its path."""
    handle, path = tempfile.mkstemp(prefix="ssb-fault-", suffix=".txt")
    lines = [
        "ssb " + " ".join(map(repr, typed)),
        f"ssb_model {__version__}, Python {platform.python_version()}, {platform.platform()}",
        *(f"{name} {_version(name)}" for name in OTHERS),
        "",
        *traceback.format_exception(error),
    ]
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("\n".join(lines))
    return path


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is missing"
