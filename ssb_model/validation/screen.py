"""The report on a terminal."""

from __future__ import annotations

from ssb_model.validation import wording
from ssb_model.validation.result import ValidationResult
from ssb_model.validation.target import HOLDS, REPORTED


def validation_text(result: ValidationResult) -> str:
    """How many rows hold, by case, and each that does not."""
    from ssb_model.tables.text import text_table

    lines = [*wording.first_words(result), ""]
    if result.summary:
        lines += [text_table(result.summary), ""]
    missed = [row for row in result.rows if row["verdict"] not in (HOLDS, REPORTED)]
    if missed:
        heads = ("target", "measured", "model", "error", "tolerance")
        rows = []
        for row in missed:
            told = dict(zip(wording.HEADS, wording.cells_of_row(row), strict=True))
            rows.append({"case": row["case"], **{head: told[head] for head in heads}})
        lines += ["What does not hold:", "", text_table(rows)]
    return "\n".join(lines).rstrip()
