"""The report as Markdown: tables only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ssb_model.validation import wording
from ssb_model.validation.result import ValidationResult


def markdown(result: ValidationResult) -> str:
    """The whole report."""
    lines = ["# The model beside published measurements", ""]
    lines += [f"{words}\n" for words in (*wording.first_words(result), wording.INTRODUCTION)]
    if result.summary:
        lines += table(list(result.summary[0]), [list(row.values()) for row in result.summary])
    for judged in result.judged:
        lines += [f"## {judged.case.title}", "", f"Case `{judged.case.name}`.", ""]
        if judged.case.words["note"]:
            lines += [judged.case.words["note"], ""]
        lines += [f"The run '{run}' gave nothing: {why}\n" for run, why in judged.failed.items()]
        for title, rows in wording.sections(judged):
            cells = [[*wording.cells_of_row(row), wording.remark(row)] for row in rows]
            lines += [f"### {title}", "", *table([*wording.HEADS, "remark"], cells)]
        lines += ["### Runs", "", *table(wording.RUN_HEADS, wording.run_cells(judged))]
        if judged.fitted:
            cells = [wording.fitted_cells(row) for row in judged.fitted]
            lines += ["### Fitted numbers, SI", "", *table(wording.FITTED_HEADS, cells)]
    return "\n".join(lines)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table, an empty one after it."""

    def line(cells):
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return [line(heads), line("---" for _ in heads), *map(line, rows), ""]
