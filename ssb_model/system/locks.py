"""Locks that end with the process that holds them; what SQLite puts beside a journal."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt

SAVING = ".saving.lock"
MARK = b"lock of ssb_model\n"
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
TAKEN = (BlockingIOError, PermissionError)  # what systems say of a lock another has
PAUSE = 0.02  # s, between two tries to take a lock others hold


class Lock:
    """A lock file in nobody else's hands; a BlockingIOError where another process has it."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.held = _lock_file(self.path)

    def release(self) -> None:
        """Let go, and leave no file behind.

        A name is taken away while nobody else can have the lock. Windows deletes no file that is
        open: there it goes after that, and stays if somebody else has it by then.
        """
        removed = self._removed()
        os.close(self.held)
        if not removed:
            self._removed()

    def _removed(self) -> bool:
        try:
            self.path.unlink()
        except OSError:
            return False
        return True


@contextmanager
def alone_in(folder: str | Path) -> Iterator[None]:
    """One thread of one process at a time is in here with a folder; the others wait."""
    if fcntl is None:
        lock = _waited_for(Path(folder) / SAVING)
        try:
            yield
        finally:
            lock.release()
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _waited_for(path: Path) -> Lock:
    while True:
        try:
            return Lock(path)
        except BlockingIOError:
            time.sleep(PAUSE)


def _lock_file(path: Path) -> int:
    """An open file this process has locked, and that is still the one of that name."""
    while True:
        _check_plain(path)
        held = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666)
        try:
            _lock(held)
            if os.path.samestat(os.fstat(held), os.stat(path)):
                _mark(held, path)
                return held
        except FileNotFoundError:  # who had it has just ended
            pass
        except TAKEN:
            os.close(held)
            raise BlockingIOError from None
        except OSError:  # a file system without locks
            return held
        os.close(held)


def _check_plain(path: Path) -> None:
    """Refuse what is there under the name of a lock and is none."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise InputError(f"{path} is in the way of a lock: move it, or take another folder.")


def _mark(held: int, path: Path) -> None:
    """Write into a lock that it is one; another file of its name is let go and refused."""
    if fcntl is None:  # Windows locks what it would read
        return
    before = os.pread(held, len(MARK) + 1, 0)
    if not before:
        os.pwrite(held, MARK, 0)
    elif before != MARK:
        os.close(held)
        raise InputError(f"{path} is in the way of a lock: move it, or take another folder.")


def _lock(held: int) -> None:
    """Lock an open file, or raise one of TAKEN."""
    if fcntl is not None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        msvcrt.locking(held, msvcrt.LK_NBLCK, 1)


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
