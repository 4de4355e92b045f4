"""Where a command's results go: seen to before the run, written after it."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from ssb_model.cli.stopping import how_to_go_on, verb_of
from ssb_model.errors import InputError, SolidStateError
from ssb_model.system.saving import check_replaceable, replace_file
from ssb_model.system.signals import BY_HAND

try:
    import fcntl
except ImportError:  # not on Windows: nobody sees there that another run has the folder
    fcntl = None  # type: ignore[assignment]

PROBE = b" " * 4096


def reserve(options: argparse.Namespace) -> None:
    """Before a run: its folder can be written to and is no other run's, and so for its JSON."""
    if options.json not in (None, "-"):
        path = Path(os.path.realpath(options.json))
        try:
            if not path.exists() or path.is_file():
                check_replaceable(path)
                _probe(path.parent)
            elif path.is_dir():
                check_replaceable(path)
        except OSError as error:
            raise InputError(cannot_write(options.json, error, "--json")) from None
    if options.out is None:
        return
    _check_not_read(options)
    try:
        options.made = [one for one in (options.out, *options.out.parents) if not one.exists()]
        options.out.mkdir(parents=True, exist_ok=True)
        _probe(options.out)
        if fcntl is not None:
            options.lock = _locked(options.out / f".{verb_of(options)}.lock")
    except BlockingIOError:
        raise InputError(
            f"another 'ssb {verb_of(options).replace('_', '-')}' writes to {options.out}: wait "
            "until that one has ended, or take another folder."
        ) from None
    except OSError as error:
        raise InputError(cannot_write(options.out, error)) from None


def release(options: argparse.Namespace) -> None:
    """After a run, however it ended."""
    lock = getattr(options, "lock", None)
    if lock is not None:
        with suppress(OSError):
            (options.out / f".{verb_of(options)}.lock").unlink()
        os.close(lock)
    for folder in getattr(options, "made", ()):  # empty where the run was refused
        with suppress(OSError):
            folder.rmdir()


def report(options: argparse.Namespace, result, text) -> int:
    """To files and to the screen, as asked; gives the exit code.

    Files first, whoever reads the screen may leave; what cannot be saved is still shown.
    """
    paths: list[Path] = []
    trouble: list[str] = []
    stopped = BY_HAND in getattr(result, "stopped", "")
    try:
        if options.out is not None:
            try:
                paths = result.save(options.out)
            except OSError as error:
                trouble.append(cannot_write(options.out, error))
            except SolidStateError as error:
                trouble.append(f"not saved to {options.out}: {error}")
        on_screen = options.json == "-"
        try:
            write_json(options, result.payload)
        except SolidStateError as error:
            trouble.append(str(error))
    except KeyboardInterrupt:
        stopped, on_screen = True, options.json == "-" and not paths
    if not on_screen:
        print(text(result))
    if paths and not on_screen:
        print("Wrote " + ", ".join(str(path) for path in paths))
    if trouble:
        raise InputError(" ".join(trouble))
    if stopped:
        kept = how_to_go_on(options)
        print(f"ssb: {BY_HAND}; {kept or _what_is_left(options, bool(paths))}.", file=sys.stderr)
        return 130
    return 1 if result.failed else 0


def write_json(options: argparse.Namespace, payload: dict) -> bool:
    """Write ``payload`` where asked; true if the screen is taken by it."""
    if options.json is None:
        return False
    text = json.dumps(payload, indent=2) + "\n"
    if options.json == "-":
        sys.stdout.write(text)
        return True
    try:
        replace_file(options.json, text.encode())
    except OSError as error:
        raise InputError(cannot_write(options.json, error, "--json")) from None
    return False


def cannot_write(where: str | Path, error: OSError, option: str = "--out") -> str:
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


def _probe(folder: Path) -> None:
    """An error where a small file does not find its place."""
    path = folder / f".{os.getpid()}.probe"
    try:
        path.write_bytes(PROBE)
    finally:
        path.unlink(missing_ok=True)


def _locked(path: Path) -> int:
    """The lock of a verb in a folder, this process's until it ends, however it ends."""
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(held), os.stat(path)):
                return held
        except FileNotFoundError:  # who had it has just ended
            pass
        except (BlockingIOError, PermissionError):
            os.close(held)
            raise BlockingIOError from None
        except OSError:  # a file system without locks
            return held
        os.close(held)


def _check_not_read(options: argparse.Namespace) -> None:
    """Refuse to write results over what a run reads."""
    mine = re.compile(rf"{verb_of(options)}\.|data_\d+\.csv|(posterior|cycles)\.csv")
    for given in getattr(options, "data", None) or []:
        path = Path(str(given).partition(",")[0])
        there = path.is_file() and path.resolve().parent == options.out.resolve()
        if there and mine.match(path.name):
            raise InputError(
                f"results would be written over {path}: take another folder with --out."
            )
