"""A sweep of many points on disk, all or nothing of each chunk: what is written is never lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, ClassVar, final

from ssb_model.errors import InputError
from ssb_model.system.journal_file import JournalFile


@final
class PointJournal(JournalFile):
    """Rows of numbered points, in a file or, without a path, in memory.

    One process at a time has the file: SQLite's lock is held until the journal is closed or its
    process ends, however it ends. Meanwhile that process must not read the file by other means
    (closing any handle on it gives a POSIX lock away), and no forked worker may close the journal.
    """

    keeps = "point"
    layout = 1
    tables: ClassVar = {"points": "point INTEGER PRIMARY KEY, row TEXT NOT NULL"}
    begin = "BEGIN EXCLUSIVE"
    patience = 1  # s; a process killed just now has not let go at once

    def __len__(self) -> int:
        ((count,),) = self._read("SELECT count(*) FROM points")
        return count

    def done(self) -> set[int]:
        """The numbers of the points that are there."""
        with self._telling():
            return {number for (number,) in self.database.execute("SELECT point FROM points")}

    def add(self, rows: dict[int, dict[str, Any]]) -> None:
        """Points by number, all or nothing."""
        texts = {int(number): json.dumps(row) for number, row in rows.items()}
        with self._transaction():
            for number, text in texts.items():
                self._insert(number, text)

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Number and row of each point, in order of number, read one by one."""
        with self._telling():
            query = "SELECT point, row FROM points ORDER BY point"
            for number, row in self.database.execute(query):
                yield number, json.loads(row)

    def _prepare(self, identity: dict[str, str], fresh: bool) -> None:
        """Keep the lock this transaction has; before it, two that wait would block each other."""
        self.database.execute("PRAGMA locking_mode = EXCLUSIVE")
        super()._prepare(identity, fresh)

    def _unusable(self, error: sqlite3.OperationalError) -> InputError:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
            return super()._unusable(error)
        return InputError(
            f"{self.path} is in use by another run: wait until that one has ended, or take "
            "another folder."
        )
