"""What a command says of what went wrong: stopped, refused by the system, or not foreseen."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ssb_model import __version__
from ssb_model.errors import one_line, plain
from ssb_model.system.signals import BY_HAND

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


def say_stopped(options: argparse.Namespace) -> int:
    """Of a run that has nothing to show; gives the exit code."""
    with suppress(OSError):
        left = plain(how_to_go_on(options) or "nothing was saved")
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


def how_to_go_on(options: argparse.Namespace) -> str:
    """Where the run keeps a journal; nothing where it does not."""
    out: Path | None = getattr(options, "out", None)
    if out is None or not any(out.glob(f"{options.verb.stem}*.sqlite")):
        return ""
    fresh = " without --fresh" if getattr(options, "fresh", False) else ""
    return f"what is done is kept in {out}, the same command{fresh} goes on from there"


def what_is_left(options: argparse.Namespace, saved: bool) -> str:
    done = "what was done is shown above"
    if options.out is None:
        return f"{done}, the same command starts anew"
    if not saved:
        return f"{done}, it may not be in {options.out}"
    return f"what was done is in {options.out}, the same command starts anew"


def cannot_write(where: str | Path, error: OSError, option: str = "--out") -> str:
    """What the system says, and the cure."""
    return (
        f"cannot write to {where} ({error.strerror or error}): see to its room and its rights, "
        f"or take another {option}."
    )
