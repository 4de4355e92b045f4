"""A run of many cycles on disk, whole cycle by whole cycle: what is written is never lost."""

from __future__ import annotations

import json
from typing import Any, ClassVar, NamedTuple, final

import numpy as np

from ssb_model.system.journal_file import JournalFile


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
            self._insert(row["cycle"], *texts)
            self.database.execute("REPLACE INTO state VALUES (1, ?, ?, ?)", after)
