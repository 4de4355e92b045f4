"""A validation: rows of targets by case, tables to draw, and the numbers the model used."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ssb_model.system.saving import csv_bytes, finite, save_result
from ssb_model.validation.case import Case
from ssb_model.validation.target import HOLDS, MISSES, NO_ANSWER, NO_COUNTERPART, REPORTED, Row

MATERIALS = "materials/"
COUNTED = (HOLDS, MISSES, NO_ANSWER)


@dataclass(frozen=True)
class Judged:
    """One case after its runs."""

    case: Case
    rows: list[Row]
    tables: dict[str, pd.DataFrame]  # that its figures draw
    fitted: list[Row]  # numbers of its cells that were fitted, with intervals and sources
    failed: dict[str, str] = field(default_factory=dict)  # runs that gave nothing, and why

    def count(self, use: str) -> tuple[int, int]:
        """Of the rows of a use: how many hold, how many there are."""
        verdicts = [row["verdict"] for row in self.rows if row["use"] == use]
        return verdicts.count(HOLDS), sum(verdict in COUNTED for verdict in verdicts)


@dataclass(frozen=True)
class ValidationResult:
    """Every target of every case."""

    judged: list[Judged]
    stopped: str = ""

    @property
    def rows(self) -> list[Row]:
        """One row a target."""
        return [{"case": one.case.name, **row} for one in self.judged for row in one.rows]

    @property
    def table(self) -> pd.DataFrame:
        """One row a target."""
        return pd.DataFrame(self.rows)

    @property
    def summary(self) -> list[Row]:
        """One row a case: how many of the rows fitted to, and of those predicted, hold."""
        rows = []
        for one in self.judged:
            row: Row = {"case": one.case.name}
            for use, words in (("check", "predicted"), ("fit", "may be fitted to")):
                hold, total = one.count(use)
                row[f"{words}, hold"] = f"{hold} of {total}" if total else ""
            verdicts = [one_row["verdict"] for one_row in one.rows]
            for words, verdict in (("no counterpart", NO_COUNTERPART), ("reported", REPORTED)):
                row[words] = str(verdicts.count(verdict) or "")
            rows.append(row)
        return rows

    @property
    def kinds(self) -> dict[str, list[Judged]]:
        """Cells, and the tables of materials: many rows that say one thing count apart."""
        materials = [one for one in self.judged if one.case.name.startswith(MATERIALS)]
        cells = [one for one in self.judged if one not in materials]
        return {name: of for name, of in (("Cells", cells), ("Materials", materials)) if of}

    def count(self, use: str, cases: list[Judged] | None = None) -> tuple[int, int]:
        """Of the rows of a use: how many hold, how many there are."""
        counts = [one.count(use) for one in (self.judged if cases is None else cases)]
        return sum(hold for hold, _ in counts), sum(total for _, total in counts)

    @property
    def headlines(self) -> list[Row]:
        """The rows a reader should see first."""
        return [row for row in self.rows if row["headline"]]

    @property
    def failed(self) -> bool:
        """Whether a hand stopped it or a run gave nothing."""
        unanswered = any(row["verdict"] == NO_ANSWER for row in self.rows)
        return bool(self.stopped) or unanswered or any(one.failed for one in self.judged)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON: one row a target."""
        return finite({"kind": "validate", "stopped": self.stopped, "rows": self.rows})

    def save(self, folder: str | Path) -> list[Path]:
        """One HTML page that holds all, the tables as Markdown, CSV and JSON."""
        from ssb_model.validation.markdown import markdown
        from ssb_model.validation.page import page

        files = {
            "report.md": markdown(self).encode(),
            "report.html": page(self).encode(),
            "report.csv": csv_bytes(self.table),
        }
        return save_result(folder, "report", self.payload, files)
