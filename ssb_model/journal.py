"""A run of many cycles on disk, whole cycle by whole cycle: what is written is never lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ssb_model.errors import InputError

APPLICATION = 0x53534231  # marks the file as one of ours
FORMAT = {"format of the journal": 1}
UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
LONGEST = 60  # letters of a value in a message
TABLES = (
    "CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE cycles (cycle INTEGER PRIMARY KEY, row TEXT NOT NULL, spectrum TEXT NOT NULL)",
    "CREATE TABLE state (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), "
    "y BLOB NOT NULL, t REAL NOT NULL, inputs TEXT NOT NULL)",
    f"PRAGMA application_id = {APPLICATION}",
)


class Stored(NamedTuple):
    """The numbers of a state: state vector, time [s], inputs."""

    y: np.ndarray
    t: float
    inputs: dict[str, float]


class Journal:
    """Rows, spectra and the last state of one run, in a file or, without a path, in memory.

    ``identity`` says by name what the run is; a file of another run is refused, unless
    ``fresh`` empties it first.
    """

    def __init__(self, path: str | Path | None, identity: dict[str, Any], fresh: bool = False):
        self.path = None if path is None else Path(path)
        identity = {name: json.dumps(value) for name, value in (FORMAT | identity).items()}
        with self._telling():
            self.database = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
        try:
            self._open(identity, fresh)
        except BaseException:
            self.database.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_) -> None:
        self.database.close()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One a cycle."""
        found = self._read("SELECT row FROM cycles ORDER BY cycle")
        return [json.loads(row) for (row,) in found]

    @property
    def spectra(self) -> list[dict[str, Any]]:
        """One row a frequency of each cycle that has a spectrum."""
        found = self._read("SELECT spectrum FROM cycles ORDER BY cycle")
        return [row for (spectrum,) in found for row in json.loads(spectrum)]

    @property
    def state(self) -> Stored | None:
        """Where the last whole cycle left the cell, none before the first."""
        for y, t, inputs in self._read("SELECT y, t, inputs FROM state"):
            return Stored(np.frombuffer(y, "<f8").astype(float), t, json.loads(inputs))
        return None

    def add(self, row: dict[str, Any], spectrum: list[dict[str, Any]], state: Stored) -> None:
        """One cycle and the state after it, all or nothing."""
        after = (np.asarray(state.y, "<f8").tobytes(), state.t, json.dumps(state.inputs))
        texts = (json.dumps(row), json.dumps(spectrum))
        with self._transaction():
            try:
                self.database.execute("INSERT INTO cycles VALUES (?, ?, ?)", (row["cycle"], *texts))
            except sqlite3.IntegrityError:
                raise InputError(
                    f"{self.path}: cycle {row['cycle']} is there already, another run writes to "
                    "the same journal; let that one finish."
                ) from None
            self.database.execute("REPLACE INTO state VALUES (1, ?, ?, ?)", after)

    def _read(self, query: str) -> list[tuple]:
        with self._telling():
            return self.database.execute(query).fetchall()

    def _open(self, identity: dict[str, str], fresh: bool) -> None:
        with self._telling():
            self.database.execute("PRAGMA synchronous = EXTRA")
        with self._transaction():
            there = self._check_ours()
            if there and fresh:
                for table in ("run", "cycles", "state"):
                    self.database.execute(f"DROP TABLE {table}")
            if fresh or not there:
                for statement in TABLES:
                    self.database.execute(statement)
                self.database.executemany("INSERT INTO run VALUES (?, ?)", identity.items())
            self._check_same(identity)

    def _check_ours(self) -> bool:
        """Whether a journal is there; false where nothing is, refused where something else is."""
        ((mark,),) = self._read("PRAGMA application_id")
        ((tables,),) = self._read("SELECT count(*) FROM sqlite_master")
        if mark != APPLICATION and (mark or tables):
            raise self._no_journal()
        return mark == APPLICATION

    def _check_same(self, now: dict[str, str]) -> None:
        """Refuse a journal of another run and name the first difference."""
        before = dict(self._read("SELECT name, value FROM run ORDER BY rowid"))
        for name in [*now, *before]:
            was, wanted = before.get(name, "nothing"), now.get(name, "nothing")
            if was != wanted:
                raise InputError(
                    f"{self.path} is the journal of another run ({name}: {was[:LONGEST]} there, "
                    f"{wanted[:LONGEST]} now): take another folder, or start "
                    "anew over it (fresh, --fresh)."
                )

    def _no_journal(self) -> InputError:
        return InputError(
            f"{self.path} is no journal of cycles, or a damaged one: take another file."
        )

    @contextmanager
    def _transaction(self):
        with self._telling():
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.database.execute("COMMIT")
            finally:
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")

    @contextmanager
    def _telling(self):
        """What SQLite says, as a line with the cure."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise InputError(
                f"cannot use {self.path} as a journal ({error}): see to the folder, its room and "
                "its rights; cycles written before are kept."
            ) from None
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) not in UNREADABLE:
                raise
            raise self._no_journal() from None
