"""What nobody foresaw: one sentence for the user, and a file with the details to send."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

from ssb_model import __version__
from ssb_model.errors import one_line

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
