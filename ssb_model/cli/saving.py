"""Where a command's results go: seen to before the run, written after it, kept if stopped."""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssb_model.errors import InputError, SolidStateError, plain
from ssb_model.parameters.library import cell_names, cell_path, read_toml
from ssb_model.system import saving
from ssb_model.system.locks import Lock
from ssb_model.system.marks import ENDINGS, check_ours, sealed_json
from ssb_model.system.signals import BY_HAND
from ssb_model.system.user_files import check_file, is_file

if TYPE_CHECKING:
    from ssb_model.verbs.result import Result

FORCE = "--force"


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
            raise InputError(_cannot_write(options.json, error, "--json")) from None
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
        raise InputError(_cannot_write(options.out, error)) from None


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
                trouble.append(_cannot_write(options.out, error))
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
        kept = _how_to_go_on(options)
        left = plain(kept or _what_is_left(options, bool(paths)))
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
            raise InputError(_cannot_write(options.json, error, "--json")) from None


def _cannot_write(where: str | Path, error: OSError, option: str = "--out") -> str:
    """What the system says, and the cure."""
    return (
        f"cannot write to {where} ({error.strerror or error}): see to its room and its rights, "
        f"or take another {option}."
    )


def _what_is_left(options: argparse.Namespace, saved: bool) -> str:
    done = "what was done is shown above"
    if options.out is None:
        return f"{done}, the same command starts anew"
    if not saved:
        return f"{done}, it may not be in {options.out}"
    return f"what was done is in {options.out}, the same command starts anew"


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


def say_stopped(options: argparse.Namespace) -> int:
    """Of a run that has nothing to show; gives the exit code."""
    with suppress(OSError):
        left = plain(_how_to_go_on(options) or "nothing was saved")
        print(f"ssb: {BY_HAND}; {left}.", file=sys.stderr)
    return 130


def say_system(error: OSError) -> int:
    """What the system refused, most often to show more on the screen; gives the exit code."""
    what = f"{error.filename}" if error.filename else "cannot write to the screen"
    with suppress(OSError):
        print(f"ssb: {plain(what)} ({error.strerror or error}).", file=sys.stderr)
    leave_screen()
    return 2


def leave_screen() -> None:
    """What is still to be shown is not: Python would try once more, and complain, as it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _how_to_go_on(options: argparse.Namespace) -> str:
    """Where the run keeps a journal; nothing where it does not."""
    out: Path | None = getattr(options, "out", None)
    if out is None or not any(out.glob(f"{options.verb.stem}*.sqlite")):
        return ""
    fresh = " without --fresh" if getattr(options, "fresh", False) else ""
    return f"what is done is kept in {out}, the same command{fresh} goes on from there"


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
