"""A run on disk, piece by whole piece, cycles or points: what is written is never lost."""

from __future__ import annotations

import json
import math
import sqlite3
from abc import ABC
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self, final

import numpy as np

from ssb_model.errors import InputError
from ssb_model.quantities.registry import renamed
from ssb_model.system.locks import check_alone, sum_of

APPLICATIONS = {"cycle": 0x53534231, "point": 0x53534232}  # marks a file as one of ours
UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
LONGEST = 60  # letters of a value in a message
RUN = "name TEXT PRIMARY KEY, value TEXT NOT NULL"
SUMS = "number INTEGER PRIMARY KEY, sum TEXT NOT NULL"  # of what is kept; journals before had none
PLAIN = (int, float, str, bool, type(None), list, dict)


def check_fresh(journal: str | Path | None, fresh: bool) -> None:
    """Refuse to start anew what is not kept."""
    if fresh and journal is None:
        raise InputError("there is no journal to start anew: give one (--out FOLDER keeps it).")


class JournalFile(ABC):
    """What one run has written, in an SQLite file or, without a path, in memory.

    ``identity`` says by name what the run is; a file of another run is refused, unless
    ``fresh`` empties it first. A subclass says what it keeps one by one (a key of
    APPLICATIONS, its table the plural), the number of its format and its tables.
    """

    keeps: ClassVar[str]
    layout: ClassVar[int]
    tables: ClassVar[dict[str, str]]
    begin: ClassVar[str] = "BEGIN IMMEDIATE"
    patience: ClassVar[float] = 30  # s, while another process uses the file

    def __init__(self, path: str | Path | None, identity: dict[str, Any], fresh: bool = False):
        check_fresh(path, fresh)
        self.path = None if path is None else Path(path)
        identity = {"format of the journal": self.layout} | identity
        texts = {name: json.dumps(value) for name, value in identity.items()}
        if self.path is not None:
            check_alone(self.path)
        with self._telling():
            self.database = sqlite3.connect(
                path or ":memory:", isolation_level=None, timeout=self.patience
            )
        try:
            with self._telling():
                self.database.execute("PRAGMA synchronous = EXTRA")
            with self._transaction():
                self._prepare(texts, fresh)
        except BaseException:
            self.database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.database.close()

    def _read(self, query: str) -> list[tuple]:
        with self._telling():
            return self.database.execute(query).fetchall()

    def _insert(self, number: int, *values: str) -> None:
        """One of what the journal keeps, the first of its number."""
        places = ", ".join("?" * (1 + len(values)))
        try:
            self.database.execute(f"INSERT INTO {self.keeps}s VALUES ({places})", (number, *values))
            self._sum(number, *values)
        except sqlite3.IntegrityError:
            raise InputError(
                f"{self.path}: {self.keeps} {number} is there already, another run writes to "
                "the same journal; let that one finish."
            ) from None

    def _sum(self, number: int, *values: str | bytes | float) -> None:
        """Keep the sum of what was written under a number, 0 for a state."""
        if self.sums:
            self.database.execute("REPLACE INTO sums VALUES (?, ?)", (number, sum_of(*values)))

    def _check_sum(self, number: int, *values: Any) -> None:
        """Refuse what is not as it was written."""
        if not self.sums:
            return
        kept = self._read(f"SELECT sum FROM sums WHERE number = {number}")
        if kept != [(sum_of(*values),)]:
            raise self._damaged(number)

    def _row(self, number: int, text: Any) -> dict[str, Any]:
        """A row as it was written, under the names of now."""
        try:
            row = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            raise self._damaged(number) from None
        if not isinstance(row, dict) or not all(isinstance(one, PLAIN) for one in row.values()):
            raise self._damaged(number)
        return renamed(row)

    def _damaged(self, number: int) -> InputError:
        what = f"{self.keeps} {number}" if number else "its last state"
        return InputError(
            f"{self.path}: {what} is not as it was written, the journal is damaged: take another "
            "folder, or start anew over it (fresh, --fresh)."
        )

    def _prepare(self, identity: dict[str, str], fresh: bool) -> None:
        """Inside a transaction: make the journal, or see that it is this run's."""
        there, tables = self._check_ours(), {"run": RUN, "sums": SUMS} | self.tables
        if there and fresh:
            for table in tables:
                self.database.execute(f"DROP TABLE IF EXISTS {table}")
        if fresh or not there:
            for table, columns in tables.items():
                self.database.execute(f"CREATE TABLE {table} ({columns})")
            self.database.execute(f"PRAGMA application_id = {APPLICATIONS[self.keeps]}")
            self.database.executemany("INSERT INTO run VALUES (?, ?)", identity.items())
        self._check_same(identity)
        known = "SELECT count(*) FROM sqlite_master WHERE name = 'sums'"
        self.sums = bool(self._read(known)[0][0])

    def _check_ours(self) -> bool:
        """Whether a journal is there; false where nothing is, refused where something else is."""
        ((mark,),) = self._read("PRAGMA application_id")
        ((tables,),) = self._read("SELECT count(*) FROM sqlite_master")
        if mark == APPLICATIONS[self.keeps]:
            self._check_plain()
            return True
        for other, application in APPLICATIONS.items():
            if mark == application:
                raise InputError(
                    f"{self.path} is a journal of {other}s, not one of {self.keeps}s: "
                    "take another file."
                )
        if mark or tables:
            raise self._no_journal()
        return False

    def _check_plain(self) -> None:
        """Refuse what is more than tables: a view or a trigger would run of itself."""
        kinds = "SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')"
        ((other,),) = self._read(kinds)
        if other:
            raise self._no_journal()

    def _check_same(self, now: dict[str, str]) -> None:
        """Refuse a journal of another run and name the first difference."""
        before = dict(self._read("SELECT name, value FROM run ORDER BY rowid"))
        for name in [*now, *before]:
            was, wanted = str(before.get(name, "nothing")), now.get(name, "nothing")
            if was != wanted:
                raise InputError(
                    f"{self.path} is the journal of another run ({name!s}: {was[:LONGEST]} there, "
                    f"{wanted[:LONGEST]} now): take another folder, or start "
                    "anew over it (fresh, --fresh)."
                )

    def _no_journal(self) -> InputError:
        return InputError(
            f"{self.path} is no journal of {self.keeps}s, or a damaged one: take another, or "
            "delete it."
        )

    def _unusable(self, error: sqlite3.OperationalError) -> InputError:
        return InputError(
            f"cannot use {self.path} as a journal ({error}): see to the folder, its room and "
            f"its rights; {self.keeps}s written before are kept."
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._telling():
            self.database.execute(self.begin)
            try:
                yield
                self.database.execute("COMMIT")
            finally:
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What SQLite says, as a line with the cure."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from None
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) not in UNREADABLE:
                raise
            raise self._no_journal() from None


class Stored(NamedTuple):
    """The numbers of a state: state vector, time [s], inputs."""

    y: np.ndarray
    t: float
    inputs: dict[str, float]


@final
class Journal(JournalFile):
    """Rows, spectra and the last state of one run, in a file or, without a path, in memory."""

    keeps = "cycle"
    layout = 1
    tables: ClassVar = {
        "cycles": "cycle INTEGER PRIMARY KEY, row TEXT NOT NULL, spectrum TEXT NOT NULL",
        "state": "only_one INTEGER PRIMARY KEY CHECK (only_one = 1), "
        "y BLOB NOT NULL, t REAL NOT NULL, inputs TEXT NOT NULL",
    }

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One a cycle."""
        return [row for row, _ in self._cycles()]

    @property
    def spectra(self) -> list[dict[str, Any]]:
        """One row a frequency of each cycle that has a spectrum."""
        return [row for _, spectrum in self._cycles() for row in spectrum]

    def _cycles(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Row and spectrum of each cycle, checked."""
        found = self._read("SELECT cycle, row, spectrum FROM cycles ORDER BY cycle")
        first: dict[str, Any] = {}
        for wanted, (number, row, spectrum) in enumerate(found, start=1):
            if number != wanted:
                raise self._damaged(wanted)
            self._check_sum(number, row, spectrum)
            told = self._row(number, row)
            first = first or told
            if told.get("Cycle") != number or set(told) != set(first):
                raise self._damaged(number)
            try:
                listed = [self._row(number, json.dumps(one)) for one in json.loads(spectrum)]
            except (ValueError, TypeError, RecursionError):
                raise self._damaged(number) from None
            yield told, listed

    @property
    def state(self) -> Stored | None:
        """Where the last whole cycle left the cell, none before the first."""
        for y, t, inputs in self._read("SELECT y, t, inputs FROM state"):
            self._check_sum(0, y, t, inputs)
            try:
                numbers = {name: float(value) for name, value in json.loads(inputs).items()}
                state = Stored(np.frombuffer(y, "<f8").astype(float), float(t), numbers)
            except (ValueError, TypeError, AttributeError, RecursionError):
                raise self._damaged(0) from None
            if not (np.isfinite(state.y).all() and math.isfinite(state.t)):
                raise self._damaged(0)
            return state
        return None

    def restored(self, size: int, inputs: Collection[str]) -> Stored:
        """The last state, of so many numbers and with these inputs."""
        state = self.state
        if state is None or len(state.y) != size or not set(inputs) <= set(state.inputs):
            raise self._damaged(0)
        return state

    def add(self, row: dict[str, Any], spectrum: list[dict[str, Any]], state: Stored) -> None:
        """One cycle and the state after it, all or nothing."""
        after = (np.asarray(state.y, "<f8").tobytes(), state.t, json.dumps(state.inputs))
        texts = (json.dumps(row), json.dumps(spectrum))
        with self._transaction():
            self._insert(row["Cycle"], *texts)
            self.database.execute("REPLACE INTO state VALUES (1, ?, ?, ?)", after)
            self._sum(0, *after)


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
        return {number for (number,) in self._read("SELECT point FROM points")}

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
                self._check_sum(number, row)
                yield number, self._row(number, row)

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
