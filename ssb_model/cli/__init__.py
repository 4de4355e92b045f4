"""The command ``ssb``: arguments in, the function of a verb called, its result shown and saved.

Where results go is seen to before the run; they are written after it, and kept if it is stopped.
"""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssb_model import __version__
from ssb_model.cli import mistakes
from ssb_model.cli.arguments import (
    FROM_SHELL,
    OneLine,
    VerbParser,
    add_files,
    arguments_of,
    takes_cell,
)
from ssb_model.errors import InputError, SolidStateError, SolveError, plain
from ssb_model.parameters.library import cell_names, cell_path, read_toml
from ssb_model.quantities.typed import each_once
from ssb_model.system import saving
from ssb_model.system.locks import Lock
from ssb_model.system.marks import ENDINGS, check_ours, sealed_json
from ssb_model.system.progress import any_letter_is_shown
from ssb_model.system.signals import BY_HAND, no_more_interrupts, stopped_alike
from ssb_model.system.user_files import check_file, files_read, is_file
from ssb_model.verbs import VERBS, Verb

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from ssb_model.cell.cell import Cell
    from ssb_model.verbs.result import Result


FORCE = "--force"


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
        return mistakes.say_unforeseen(error, typed)
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
        mistakes.leave_screen()
        return 0
    except OSError as error:
        return mistakes.say_system(error)
    except KeyboardInterrupt:
        if arguments is None:
            no_more_interrupts()
        return mistakes.say_stopped(options)
    except Exception as error:
        return mistakes.say_stopped(options) if heard else mistakes.say_unforeseen(error, typed)
    finally:
        if arguments is None:
            no_more_interrupts()
        release(options)


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
    check_files(options)
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
        given["reserve"] = lambda: reserve(options)
    else:
        reserve(options)
    if "force" in takes:
        given["force"] = options.force
    if "journal" in takes and options.out is not None:
        given["journal"] = options.out / f"{verb.stem}.sqlite"
    given.pop("out", None)
    return report(options, target(**given))


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


def reserve(options: argparse.Namespace) -> None:
    """Before a run: its folder can be written to and is no other run's, and so for its JSON."""
    if options.json not in (None, "-"):
        path = Path(os.path.realpath(options.json))
        saving.check_not_read(path, _read(options), "--json")
        try:
            if path.exists():
                saving.check_replaceable(path)
            saving.check_room(path.parent)
        except OSError as error:
            raise InputError(mistakes.cannot_write(options.json, error, "--json")) from None
        _check_apart(options, path)
        if not options.force:
            check_ours(path.parent, [path.name], "--json", FORCE)
    if options.out is None:
        return
    _check_not_read(options)
    try:
        if not options.force and options.out.is_dir():
            check_ours(options.out, _in_the_way(options), "--out", FORCE)
        options.made = [one for one in (options.out, *options.out.parents) if not one.exists()]
        options.out.mkdir(parents=True, exist_ok=True)
        saving.check_room(options.out)
        options.lock = Lock(options.out / f".{options.verb.stem}.lock")
    except BlockingIOError:
        raise InputError(
            f"another 'ssb {options.verb.name}' writes to {options.out}: wait "
            "until that one has ended, or take another folder."
        ) from None
    except OSError as error:
        raise InputError(mistakes.cannot_write(options.out, error)) from None


def _in_the_way(options: argparse.Namespace) -> list[str]:
    """What lies in the folder of --out under names that this verb gives its results."""
    stem, besides = options.gives
    names = [path.name for path in options.out.iterdir()]
    for pattern in besides:
        names += [path.relative_to(options.out).as_posix() for path in options.out.glob(pattern)]
    own = [f"{stem}.*", *besides]
    return [
        name
        for name in dict.fromkeys(names)
        if Path(name).suffix in ENDINGS and any(fnmatchcase(name, pattern) for pattern in own)
    ]


def _check_apart(options: argparse.Namespace, path: Path) -> None:
    """Refuse to write JSON where --out writes something else."""
    stem, besides = options.gives
    if options.out is None or path.parent != options.out.resolve():
        return
    if any(fnmatchcase(path.name, own) for own in (f"{stem}.*", *besides)):
        raise InputError(f"{options.json} is written by --out already: leave out --json.")


def release(options: argparse.Namespace) -> None:
    """After a run, however it ended."""
    lock = getattr(options, "lock", None)
    if lock is not None:
        lock.release()
    for folder in getattr(options, "made", ()):  # empty where the run was refused
        with suppress(OSError):
            folder.rmdir()


def report(options: argparse.Namespace, result: Result) -> int:
    """To files and to the screen, as asked; gives the exit code.

    Files first, whoever reads the screen may leave; what cannot be saved is still shown.
    """
    paths: list[Path] = []
    trouble: list[str] = []
    stopped = BY_HAND in result.stopped
    try:
        if options.out is not None:
            try:
                paths = result.save(options.out, **({"force": True} if options.force else {}))
            except OSError as error:
                trouble.append(mistakes.cannot_write(options.out, error))
            except SolidStateError as error:
                trouble.append(f"not saved to {options.out}: {error}")
        on_screen = options.json == "-"
        try:
            _write_json(options, result.whole_payload)
        except SolidStateError as error:
            trouble.append(str(error))
    except KeyboardInterrupt:
        stopped, on_screen = True, options.json == "-" and not paths
    if not on_screen:
        print(plain(result))
    if paths and not on_screen:
        print(plain("Wrote " + ", ".join(str(path) for path in paths)))
    if trouble:
        raise InputError(" ".join(trouble))
    if stopped:
        kept = mistakes.how_to_go_on(options)
        left = plain(kept or mistakes.what_is_left(options, bool(paths)))
        print(f"ssb: {BY_HAND}; {left}.", file=sys.stderr)
        return 130
    return 1 if result.failed else 0


def _write_json(options: argparse.Namespace, payload: dict[str, Any]) -> None:
    """To a file or the screen, as asked."""
    if options.json == "-":
        sys.stdout.write(saving.json_bytes(payload).decode())
    elif options.json is not None:
        path = Path(os.path.realpath(options.json))
        saving.check_not_read(path, _read(options), "--json")
        if not options.force:
            check_ours(path.parent, [path.name], "--json", FORCE)
        try:
            saving.replace_file(path, sealed_json(payload))
        except OSError as error:
            raise InputError(mistakes.cannot_write(options.json, error, "--json")) from None


def _check_not_read(options: argparse.Namespace) -> None:
    """Refuse to write results over what a run reads."""
    own = rf"([^/]*MPa/)?{options.verb.stem}\.|data_\d+\.csv|(posterior|cycles)\.csv"
    out = options.out.resolve()
    for path in filter(is_file, _read(options)):
        there = path.resolve()
        if there.is_relative_to(out) and re.match(own, there.relative_to(out).as_posix()):
            saving.check_not_read(there, [path], "--out")


def _read(options: argparse.Namespace) -> list[Path]:
    """Files that the command names, and those it has read so far."""
    named = [getattr(options, name, None) for name in ("cell", "profile")]
    data = [str(given).partition(",")[0] for given in getattr(options, "data", None) or []]
    named += [*data, *options.files]
    return [Path(str(name)) for name in named if name] + getattr(options, "read", [])


def check_files(options: argparse.Namespace) -> None:
    """Refuse a cell, data and a JSON that the command could do nothing with."""
    cell = getattr(options, "cell", None)
    if isinstance(cell, str) and cell not in cell_names():
        read_toml(cell_path(cell))
    reads = ("file",) if options.verb.name == "read" else ()  # of others it is what they write
    for name in ("data", "profile", "table", "spectra", *reads):
        given = getattr(options, name, None) or []
        for one in given if isinstance(given, (list, tuple)) else [given]:
            if isinstance(one, Path):
                check_file(one)
    if options.json not in (None, "-"):
        path = Path(os.path.realpath(options.json))
        try:
            if path.exists() and not path.is_dir():  # of a folder the system says it later
                saving.check_replaceable(path)
        except OSError:
            return
        if not options.force and path.is_file() and not _is_read(options, path):
            check_ours(path.parent, [path.name], "--json", FORCE)


def _is_read(options: argparse.Namespace, path: Path) -> bool:
    """Whether it is a file of the command's own, which is refused with other words."""
    data = [str(one).partition(",")[0] for one in getattr(options, "data", None) or []]
    named = [getattr(options, "cell", None), getattr(options, "profile", None), *data]
    return any(one and os.path.realpath(str(one)) == str(path) for one in named)
