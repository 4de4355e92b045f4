"""The report for people: its words, and one HTML page that holds its figures."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ssb_model.errors import InputError, nearest
from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import amid, column, value_words
from ssb_model.validation.judge import Judged, count, kinds, rows_of, summary
from ssb_model.validation.target import HOLDS, MISSES, NO_COUNTERPART, REPORTED, USES, Row

TITLE = "The model beside published measurements"
INTRODUCTION = (
    "Rows that may be fitted to: each case's calibrate script says which of them it used, and no "
    "other; rows 'predicted' were used for nothing. The tolerance says when a row holds; the "
    "scatter is that between builds, batches or laboratories as published. A row that agrees "
    "more closely than its scatter shows no more than agreement within it. Intervals of fitted "
    "numbers are of 95 %, with the tolerances (cells) or the residuals (materials) as errors "
    "that are normal and independent, which they are not quite; they end at the bounds searched."
)
HEADS = ("target", "measured", "model", "error", "tolerance", "scatter", "verdict", "source")
RUN_HEADS = ("run", "protocol", "cell", "what it sets")
FITTED_HEADS = ("of", "parameter", "value", "interval 95 %", "source", "note")
ORDER = ("check", "fit", "report")  # of the tables: what was predicted comes first
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; }
h2 { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-size: 13px; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #e4e4e4;
  vertical-align: top; }
th { border-bottom: 2px solid #999; }
tr.miss td { color: #b00020; }
tr.remark td { border-bottom: 1px solid #e4e4e4; color: #555; padding-top: 0; }
tr.told td { border-bottom: none; }
.first { font-size: 18px; font-weight: 600; }
img { max-width: 100%; }
"""


def first_words(judged: Sequence[Judged], stopped: str = "") -> list[str]:
    """The top of the report: how many rows hold."""
    words = []
    for name, cases in kinds(judged).items():
        hold, total = count(cases, "check")
        fit, of_fit = count(cases, "fit")
        words.append(
            f"{name}: of {total} predicted rows {hold} hold; of {of_fit} rows that may be fitted "
            f"to, {fit} hold."
        )
    if stopped:
        words.append(f"Not all of it: {stopped}.")
    first = [row for row in rows_of(judged) if row["headline"]]
    return words + [f"{row['case']}: {row['target']}: {sentence(row)}." for row in first]


def sentence(row: Row) -> str:
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
            held = f": {hold} of {total} hold" if total and use != "report" else ""
            found.append((f"{USES[use].capitalize()}{held}", rows))
    return found


def cells_of_row(row: Row) -> list[str]:
    """A row under ``HEADS``."""
    unit = f" {row['unit']}" if row["unit"] and not isinstance(row["measured"], str) else ""
    scatter = row["scatter"] + (" (within)" if row["within_scatter"] else "")
    measured = f"{number(row['measured'])}{unit}"
    model = number(row["model"])
    if model and not isinstance(row["model"], str):
        model += unit
    shown = {**row, "measured": measured, "model": model, "scatter": scatter}
    return [shown[head] for head in HEADS]


def remark(row: Row) -> str:
    """Note, and the cause of what does not hold."""
    parts = [row["note"]]
    if row["verdict"] in (MISSES, NO_COUNTERPART) and row["cause"]:
        parts.append(f"Likely cause: {row['cause']}")
    if row["verdict"] == REPORTED:
        parts.append(row["cause"])
    return " ".join(part.rstrip(".") + "." for part in parts if part)


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
    limits = " to ".join(map(number, row["interval"] or ()))
    of, value = ", ".join(row["of"]), number(row["value"])
    return [of, row["parameter"], value, limits, row["source"], row["note"]]


def number(value: Any) -> str:
    """Three or four figures of a number; words as they are."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:.4g}" if abs(value) >= 1000 else f"{value:.3g}"


def page(judged: Sequence[Judged], stopped: str = "") -> str:
    """The whole report."""
    parts = [f"<h1>{TITLE}</h1>"]
    words = first_words(judged, stopped)
    counts = len(kinds(judged))
    parts += [f'<p class="first">{escape(first)}</p>' for first in words[:counts]]
    parts += map(_paragraph, words[counts:])
    parts.append(_paragraph(INTRODUCTION))
    if judged:
        cases, body = summary(judged), []
        for case, *cells in (row.values() for row in cases):
            link = f'<a href="#{escape(case)}">{escape(case)}</a>'
            body.append(f"<tr><td>{link}</td>{_cells(cells)}</tr>")
        parts.append(_table(list(cases[0]), body))
    for one in judged:
        parts += _case(one)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _case(judged: Judged) -> list[str]:
    case = judged.case
    parts = [f'<h2 id="{escape(case.name)}">{escape(case.title)}</h2>']
    parts.append(_paragraph(f"Case {case.name}. {case.words['note']}"))
    for run, why in judged.failed.items():
        parts.append(_paragraph(f"The run '{run}' gave nothing: {why}"))
    for title, rows in sections(judged):
        parts.append(f"<h3>{escape(title)}</h3>")
        parts.append(_table(HEADS, (_row(row) for row in rows)))
    for name, figure in figures_of(judged):
        parts.append(
            f'<p><img alt="{escape(name)}" src="data:image/png;base64,{_png(figure)}"></p>'
        )
    parts.append("<h3>Runs</h3>")
    body = (f"<tr>{_cells(cells)}</tr>" for cells in run_cells(judged))
    parts.append(_table(RUN_HEADS, body))
    if judged.fitted:
        parts.append("<h3>Fitted numbers, SI</h3>")
        body = (f"<tr>{_cells(fitted_cells(row))}</tr>" for row in judged.fitted)
        parts.append(_table(FITTED_HEADS, body))
    return parts


def _row(row: Row) -> str:
    miss = "" if row["verdict"] in (HOLDS, REPORTED) else "miss"
    words = remark(row)
    classes = " ".join(kind for kind in (miss, "told" if words else "") if kind)
    text = f'<tr class="{classes}">{_cells(cells_of_row(row))}</tr>'
    if words:
        text += f'<tr class="remark"><td colspan="{len(HEADS)}">{escape(words)}</td></tr>'
    return text


def _table(heads: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    return f"<table><tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>"


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _png(figure) -> str:
    """The picture as text, without the date or version that would make two reports differ."""
    held = io.BytesIO()
    figure.savefig(held, format="png", dpi=110, metadata={"Software": None})
    return base64.b64encode(held.getvalue()).decode("ascii")


MARKERS = "osD^vP*X"
NARROW = 200.0  # times the lowest value: below that a decade takes more than one number


def figures_of(judged: Judged) -> Iterator[tuple[str, Figure]]:
    """Title and figure of each the case asks for, where any of its runs gave something."""
    for wanted in judged.case.figures:
        runs = [name for name in wanted["runs"] if name in judged.tables]
        if runs:
            tables = {label_of(judged, name): judged.tables[name] for name in runs}
            _check_columns(wanted, tables, judged.case.name)
            yield wanted["title"], _figure(wanted, tables)


def label_of(judged: Judged, name: str) -> str:
    """What a line is called: the run's label, or its name."""
    run = judged.case.runs[name.partition(".")[0]]
    return run.get("label", name.partition(".")[0].replace("_", " "))


def _figure(wanted: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Figure:
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.subplots()
    lines = list(_lines(wanted, tables))
    shades = colormaps["viridis"](np.linspace(0, 0.88, max(len(lines), 1)))
    x, ys = column(wanted["x"]), _listed(wanted["y"])
    measured = wanted.get("measured", "")
    for (words, rows), shade, marker in zip(lines, shades, MARKERS * 9, strict=False):
        rows = rows.sort_values(wanted["x"]) if "Frequency [Hz]" not in rows else rows
        for y, style in zip(ys, ("-", "--", ":", "-."), strict=False):
            told = amid(column(y).words) if len(ys) > 1 or not words else ""
            label = ", ".join(part for part in (words, told) if part)
            drawn = -rows[y] if y.startswith("Z_im") else rows[y] * column(y).factor
            mark = "." if wanted.get("marks") else ""
            axes.plot(
                rows[wanted["x"]] * x.factor, drawn, style, color=shade, marker=mark, label=label
            )
        if measured:
            of_it = {"color": shade, "fillstyle": "none", "ls": "", "marker": marker}
            axes.plot(rows[wanted["x"]] * x.factor, rows[measured], label="measured", **of_it)
    of_points: dict[str, list[dict[str, Any]]] = {}
    for point in wanted.get("points", ()):
        of_points.setdefault(point.get("label", "published"), []).append(point)
    for (words, points), marker in zip(of_points.items(), "*hp8dX", strict=False):
        at = [np.concatenate([np.atleast_1d(point[key]) for point in points]) for key in "xy"]
        axes.plot(*at, marker, color="tab:red", ms=8, fillstyle="none", label=words)
    for name in wanted.get("log", ()):
        getattr(axes, f"set_{name}scale")("log")
        one = getattr(axes, f"{name}axis")
        low, high = one.get_view_interval()
        if high < NARROW * low:
            one.set_major_locator(LogLocator(subs=(1, 2, 5)))
        one.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        one.set_minor_formatter(NullFormatter())
    if "y_limit" in wanted:
        axes.set_ylim(0, wanted["y_limit"])
    if wanted["x"].startswith("Z_re"):
        axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel(wanted.get("x_label", x.label))
    minus = "$-$" if ys[0].startswith("Z_im") else ""
    axes.set_ylabel(wanted.get("y_label", minus + column(ys[0]).label))
    axes.set_title(wanted["title"], fontsize=10)
    axes.grid(alpha=0.25)
    _legend(axes)
    return figure


def _check_columns(wanted: dict[str, Any], tables: dict[str, pd.DataFrame], case: str) -> None:
    asked = [wanted["x"], *_listed(wanted["y"]), wanted.get("by"), wanted.get("measured")]
    for rows in tables.values():
        for name in filter(None, asked):
            if name not in rows:
                place = f"{case}/case.toml, figure '{wanted['title']}'"
                raise InputError(f"{place}: no column '{name}'. {nearest(name, list(rows))}")


def _lines(wanted: dict[str, Any], tables) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each line's words and rows: a run, or a value of the column ``by`` in one."""
    for run, rows in tables.items():
        for name, value in wanted.get("where", {}).items():
            rows = rows[np.isclose(rows[name].to_numpy(float), value)]
        of_run = run if len(tables) > 1 else ""
        by = wanted.get("by")
        if by is None:
            yield of_run, rows
            continue
        for value, part in rows.groupby(by, sort=True):
            words = value if isinstance(value, str) else value_words(by, value)
            yield f"{of_run}, {words}" if of_run else words, part


def _legend(axes) -> None:
    """Each label once, beside the axes where there are many."""
    handles, labels = axes.get_legend_handles_labels()
    once = dict(zip(reversed(labels), reversed(handles), strict=True))
    once = {label: once[label] for label in labels}
    if len(once) > 1:
        where = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "handlelength": 3}
        axes.legend(once.values(), once.keys(), fontsize=7.5, frameon=False, **where)


def _listed(given) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
