"""Files a user names: all that is read of them is opened here."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
    if "\0" in str(path):
        raise InputError(f"cannot read {str(path)!r}: no file has such a name.")
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise InputError(f"cannot read {path}: a pipe or a device; name a file.")
        with open(path, "rb") as file:
            data = b"" if found.st_size > largest else file.read(largest + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from None
    if max(found.st_size, len(data)) > largest:
        raise InputError(
            f"{path}: larger than {largest / 1e6:g} MB, the most that is read: thin it out or "
            "cut it into several."
        )
    seen = _seen.get()
    if seen is not None:
        seen.append(Path(path))
    return data


def inside(path: str | Path, folder: Path) -> bool:
    """Whether a path, its links followed, lies in a folder or below it."""
    try:
        return Path(path).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # too long, not a name, links in a circle
        return False
