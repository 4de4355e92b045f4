"""The file of a journal and what SQLite puts beside it; sums of what is kept in it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError

BESIDE = ("-journal", "-wal", "-shm")  # names that SQLite takes beside its file
ROLLBACK = bytes.fromhex("d9d505f920a163d7")  # how its journal begins


def sum_of(*values: Any) -> str:
    """A hash of what is kept under one number."""
    return hashlib.sha256(repr(values).encode(errors="backslashreplace")).hexdigest()


def _of_sqlite(path: Path) -> bool:
    """Whether a file beside a journal is one that SQLite puts there, or is empty."""
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        begin = file.read(len(ROLLBACK))
    return begin == ROLLBACK or not begin.strip(b"\0")


def check_alone(path: Path) -> None:
    """Refuse what SQLite would write through, wait for or delete and is none of ours."""
    if path.is_symlink() or not (path.is_file() or path.is_dir() or not path.exists()):
        raise InputError(f"{path} is a link, a pipe or a device: take another folder.")
    for ending in BESIDE:
        beside = Path(f"{path}{ending}")
        if beside.is_symlink() or (beside.exists() and not _of_sqlite(beside)):
            raise InputError(
                f"{beside} is in the way of the journal, which would need its name: move it, "
                "or take another folder."
            )
