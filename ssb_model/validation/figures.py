"""What a case draws: columns of its runs against each other, measured points over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ssb_model.errors import InputError, nearest
from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import amid, column, value_words
from ssb_model.validation.judge import Judged

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
