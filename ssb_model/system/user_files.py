"""Files a user names: all that is read of them is opened here."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from ssb_model.errors import InputError

LARGEST = 50_000_000  # bytes of a file that is read
_seen: ContextVar[list[Path] | None] = ContextVar("_seen", default=None)


@contextmanager
def files_read() -> Iterator[list[Path]]:
    """Gives a list that every file read in here is added to."""
    paths: list[Path] = []
    token = _seen.set(paths)
    try:
        yield paths
    finally:
        _seen.reset(token)


def is_file(path: str | Path) -> bool:
    """Whether a file is there; a path that cannot be is none."""
    return os.path.isfile(path)


def read_bytes(path: str | Path, largest: int = LARGEST) -> bytes:
    """All that a file holds; what has no end, like a pipe or a device, is refused unopened."""
    size = check_file(path)
    try:
        with open(path, "rb") as file:
            data = b"" if size > largest else file.read(largest + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from None
    if max(size, len(data)) > largest:
        raise InputError(
            f"{path}: larger than {largest / 1e6:g} MB, the most that is read: thin it out or "
            "cut it into several."
        )
    seen = _seen.get()
    if seen is not None:
        seen.append(Path(path))
    return data


def check_file(path: str | Path) -> int:
    """The size of a file [bytes]; refused where there is none, or something without an end."""
    if "\0" in str(path):
        raise InputError(f"cannot read {str(path)!r}: no file has such a name.")
    try:
        found = os.stat(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from None
    except UnicodeEncodeError:
        raise InputError(f"cannot read {path}: no file has such a name.") from None
    plain = stat.S_ISREG(found.st_mode) and found.st_dev not in _of_the_system()
    if not plain and not stat.S_ISDIR(found.st_mode):
        raise InputError(f"cannot read {path}: a pipe or a device; name a file.")
    return found.st_size


@cache
def _of_the_system() -> frozenset[int]:
    """File systems whose files are questions to the system; some wait for an answer for ever."""
    found = set()
    for root in ("/proc", "/sys"):
        with suppress(OSError):
            found.add(os.stat(root).st_dev)
    with suppress(OSError):  # where one of them is an empty folder, all else is on its device
        found.discard(os.stat("/").st_dev)
    return frozenset(found)


def inside(path: str | Path, folder: Path) -> bool:
    """Whether a path, its links followed, lies in a folder or below it."""
    try:
        return Path(path).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # too long, not a name, links in a circle
        return False
