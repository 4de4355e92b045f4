"""The words of a report, the same in HTML, Markdown and on the screen."""

from __future__ import annotations

from typing import Any

from ssb_model.validation.result import Judged, ValidationResult
from ssb_model.validation.target import MISSES, NO_COUNTERPART, REPORTED, USES, Row

INTRODUCTION = (
    "Rows that may be fitted to: each case's calibrate script says which of them it used, and no "
    "other; rows 'predicted' were used for nothing. The tolerance says when a row holds; the "
    "scatter is that between builds, batches or laboratories as published. A row that agrees "
    "more closely than its scatter shows no more than agreement within it. Intervals of fitted "
    "numbers are of 95 %, with the tolerances (cells) or the residuals (materials) as errors "
    "that are normal and independent, which they are not quite; they end at the bounds searched."
)
HEADS = ("target", "measured", "model", "error", "tolerance", "scatter", "verdict", "source")
FITTED_HEADS = ("of", "parameter", "value", "interval 95 %", "source", "note")
ORDER = ("check", "fit", "report")  # of the tables: what was predicted comes first


def first_words(result: ValidationResult) -> list[str]:
    """The top of the report: how many rows hold."""
    words = []
    for name, cases in result.kinds.items():
        hold, total = result.count("check", cases)
        fit, of_fit = result.count("fit", cases)
        words.append(
            f"{name}: of {total} predicted rows {hold} hold; of {of_fit} rows that may be fitted "
            f"to, {fit} hold."
        )
    if result.stopped:
        words.append(f"Not all of it: {result.stopped}.")
    return words + [f"{row['case']}: {row['target']}: {told(row)}." for row in result.headlines]


def told(row: Row) -> str:
    """One row in a sentence."""
    model = number(row["model"])
    found = f"measured {number(row['measured'])}" + (f", model {model}" if model else "")
    return f"{row['verdict']} ({found})"


def sections(judged: Judged) -> list[tuple[str, list[Row]]]:
    """The targets of a case by use, those that are predicted first."""
    found = []
    for use in ORDER:
        rows = [row for row in judged.rows if row["use"] == use]
        if rows:
            hold, total = judged.count(use)
            count = f": {hold} of {total} hold" if total and use != "report" else ""
            found.append((f"{USES[use].capitalize()}{count}", rows))
    return found


def cells_of_row(row: Row) -> list[str]:
    """A row under ``HEADS``."""
    unit = f" {row['unit']}" if row["unit"] and not isinstance(row["measured"], str) else ""
    scatter = row["scatter"] + (" (within)" if row["within_scatter"] else "")
    measured = f"{number(row['measured'])}{unit}"
    model = number(row["model"])
    if model and not isinstance(row["model"], str):
        model += unit
    return [
        row["target"],
        measured,
        model,
        row["error"],
        row["tolerance"],
        scatter,
        row["verdict"],
        row["source"],
    ]


def remark(row: Row) -> str:
    """Note, and the cause of what does not hold."""
    parts = [row["note"]]
    if row["verdict"] in (MISSES, NO_COUNTERPART) and row["cause"]:
        parts.append(f"Likely cause: {row['cause']}")
    if row["verdict"] == REPORTED:
        parts.append(row["cause"])
    return " ".join(part.rstrip(".") + "." for part in parts if part)


RUN_HEADS = ("run", "protocol", "cell", "what it sets")


def run_cells(judged: Judged) -> list[list[str]]:
    """Each run of a case under ``RUN_HEADS``, with all it changes."""
    lines = []
    for name, run in judged.case.runs.items():
        cell = "" if run["protocol"] == "closure" else run.get("cell", judged.case.words["cell"])
        flat = {}
        for key, value in run.items():
            if key in ("recipe", "values", "options", "constants", "where"):
                flat |= value
            elif key not in ("protocol", "cell", "label", "note"):
                flat[key] = value
        sets = "; ".join(f"{key} = {_plain(value)}" for key, value in flat.items())
        lines.append([name, run["protocol"], cell, sets])
    return lines


def _plain(value: Any) -> str:
    """A value of a case as a reader would write it."""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return f"{_plain(value.get('value', ''))} ({value.get('class', '')})"
    return f"{value:g}" if isinstance(value, float) else str(value)


def fitted_cells(row: Row) -> list[str]:
    """A fitted number under ``FITTED_HEADS``."""
    ends = row["interval"]
    limits = "" if ends is None else " to ".join(map(number, ends))
    return [
        ", ".join(row["of"]),
        row["parameter"],
        number(row["value"]),
        limits,
        row["source"],
        row["note"],
    ]


def number(value: Any) -> str:
    """Three or four figures of a number; words as they are."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:.4g}" if abs(value) >= 1000 else f"{value:.3g}"
