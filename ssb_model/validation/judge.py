"""A case run and judged: a row for each target, tables to draw, the fitted numbers it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import suppress
from dataclasses import dataclass, field

import pandas as pd

from ssb_model.errors import RecipeError, SolidStateError, SolveError
from ssb_model.parameters.entry import Entry
from ssb_model.system.signals import no_interrupt, pool
from ssb_model.validation.case import Case, rows_as_targets
from ssb_model.validation.runs import CLOSURE, Runs, cell_of, constants
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
        """How many rows of a use hold, and how many there are."""
        verdicts = [row["verdict"] for row in self.rows if row["use"] == use]
        return verdicts.count(HOLDS), sum(verdict in COUNTED for verdict in verdicts)


def judge(case: Case) -> Judged:
    """Run a case and judge its targets; keep what its figures draw."""
    runs = Runs(case)
    tables = {}
    try:
        targets = [*case.targets, *rows_as_targets(case, runs)]
        rows = [target.judged(runs) for target in targets]
        for name in sorted({name for figure in case.figures for name in figure["runs"]}):
            with suppress(SolveError):
                tables[name] = runs[name]
    except SolidStateError as error:
        raise type(error)(f"{case.name}: {error}") from None
    failed = {name: str(made) for name, made in runs.made.items() if isinstance(made, SolveError)}
    return Judged(case, rows, tables, _fitted(case), failed)


def judge_all(cases: list[Case], workers: int) -> Iterator[Judged]:
    """Yield each case as it is done; ``workers`` processes run side by side."""
    if workers < 2 or len(cases) < 2:
        yield from map(judge, cases)
        return
    order = sorted(cases, key=lambda one: -len(one.runs))  # what takes longest first
    with pool(workers) as executor:
        with no_interrupt():
            futures = [executor.submit(judge, one) for one in order]
        for future in as_completed(futures):
            yield future.result()


def count(judged: Sequence[Judged], use: str) -> tuple[int, int]:
    """How many rows of a use hold in several cases, and how many there are."""
    counts = [one.count(use) for one in judged]
    return sum(hold for hold, _ in counts), sum(total for _, total in counts)


def kinds(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Cells and materials apart: a table of one material has many rows that say one thing."""
    materials = [one for one in judged if one.case.name.startswith(MATERIALS)]
    cells = [one for one in judged if one not in materials]
    return {name: of for name, of in (("Cells", cells), ("Materials", materials)) if of}


def rows_of(judged: Sequence[Judged]) -> list[Row]:
    """One row per target, its case first."""
    return [{"case": one.case.name, **row} for one in judged for row in one.rows]


def summary(judged: Sequence[Judged]) -> list[Row]:
    """One row per case: how many of the rows fitted to, and of those predicted, hold."""
    rows = []
    for one in judged:
        row: Row = {"case": one.case.name}
        for use, words in (("check", "predicted"), ("fit", "may be fitted to")):
            hold, total = one.count(use)
            row[f"{words}, hold"] = f"{hold} of {total}" if total else ""
        verdicts = [one_row["verdict"] for one_row in one.rows]
        for words, verdict in (("no counterpart", NO_COUNTERPART), ("reported", REPORTED)):
            row[words] = str(verdicts.count(verdict) or "")
        rows.append(row)
    return rows


def _fitted(case: Case) -> list[Row]:
    """The fitted numbers that the cells and closures of a case run on, each once."""
    found: dict[tuple, Row] = {}  # by what the reader sees: cells share their materials' numbers
    for name, run in case.runs.items():
        if run["protocol"] == CLOSURE:
            owner, entries = name, constants(run, case.folder, name)
        else:
            owner = run.get("cell", case.words["cell"])
            try:
                entries = cell_of(case, {"cell": owner}).entries
            except RecipeError:  # its rows say why
                continue
        for key, entry in entries.items():
            if entry.kind == "fitted":
                row = found.setdefault((key, entry.value, entry.source), _row(key, entry))
                row["of"] = [*dict.fromkeys([*row["of"], owner])]
    return list(found.values())


def _row(key: str, entry: Entry) -> Row:
    return {
        "of": [],
        "parameter": key.replace("_", " ") if "[" not in key else key,
        "value": float(entry.value),
        "interval": None if entry.interval is None else list(map(float, entry.interval)),
        "source": entry.source,
        "note": entry.note,
    }
