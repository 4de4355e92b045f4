"""One output over one quantity, with a curve for each value of another."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ssb_model.analysis.crossing import crossing
from ssb_model.figures.colours import MANY
from ssb_model.figures.labels import (
    ALREADY,
    PRESSURE,
    add_legend,
    column,
    keep_words,
    more_is_better,
    value_words,
)
from ssb_model.figures.scales import Scale, arrangement, set_axis, set_log_ticks

INKS = ("#332288", "#CC6677", "#117733", "#AA4499", "#6699CC", "#999933", "#661100", "#888888")
MARKERS = "osD^v<>p"
LINES = ("-", "--", "-.", ":")
FEW = 40  # points up to which each is marked
FAILED = {"marker": "x", "color": "0.35", "ls": "", "ms": 6, "mew": 1.3}


def plot_curves(
    table, x: Scale, curves: Scale | None, panels: Scale | None, shown, output, keep
) -> Figure:
    """One panel, or one for each of the ``shown`` values of a third quantity."""
    shown = shown if panels else [None]
    lines, columns = arrangement(len(shown))
    size = (5.8, 4.2) if columns == 1 else (3.6, 3.2)
    figure = Figure((size[0] * columns, size[1] * lines + 0.6), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    kept = keep is not None and x.name == PRESSURE and more_is_better(output)
    kept = kept and len(x.values) > 1
    handles: dict = {}
    for axes, value in zip(grid.flat, shown, strict=False):
        rows = panels.rows(table, value) if panels else table
        for number, one in enumerate(curves.values if curves else [None]):
            part = curves.rows(rows, one) if curves else rows
            style = {"color": INKS[number % 8], "marker": MARKERS[number % 8], "mfc": "none"}
            style["ls"] = LINES[number % 4]
            words = [value_words(curves.name, one)] if curves else []
            if kept:
                star = _mark_minimum(axes, part, output, keep, style["color"])
                words += [star] if star and not panels else []
            handles |= _draw(axes, part, x, output, "; ".join(words), style)
        set_axis(axes, "x", x, size[0] - 0.8)
        axes.grid(alpha=0.25)
        if panels:
            axes.set_title(value_words(panels.name, value), fontsize=9)
    fills = [one.get_mfc() for axes in grid.flat for one in axes.lines if one.get_marker() == "*"]
    star = {"marker": "*", "color": "k", "ls": ":", "ms": 9}
    if fills:
        handles[keep_words(keep, x.values[-1])] = Line2D([], [], **star)
    if "w" in fills:
        handles[ALREADY] = Line2D([], [], mfc="w", **star)
    if table[output].isna().any():
        handles["failed or refused"] = Line2D([], [], **FAILED)
    set_output(grid.flat[0], table[output])
    for axes in grid[:, 0]:
        axes.set_ylabel(column(output).label)
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    add_legend(figure, handles)
    return figure


def _draw(axes, rows, x: Scale, output: str, words: str, style: dict) -> dict:
    """Points in order, joined if each was run once; crosses on the axis where nothing came."""
    rows = rows.assign(place=x.place(rows[x.name])).sort_values("place")
    place, values = rows["place"].to_numpy(), rows[output].to_numpy()
    if x.text or rows["place"].duplicated().any():
        style = {**style, "ls": ""}
    marked = len(rows) <= FEW or style["ls"] == ""
    style = {**style, "marker": style["marker"] if marked else ""}
    axes.plot(place, values, ms=5, lw=1.5, **style)
    mark_failed(axes, place[np.isnan(values)])
    return {words: Line2D([], [], **style)} if words else {}


def _mark_minimum(axes, rows, output: str, keep: float, color: str) -> str:
    """A star at the lowest pressure that keeps a share of the output, open if none lower ran."""
    rows = rows.sort_values(PRESSURE)
    pressures, values = rows[PRESSURE].to_numpy(), rows[output].to_numpy()
    pressure, at_edge = crossing(pressures, values, keep)
    if not np.isfinite(pressure) or rows[PRESSURE].duplicated().any():
        return ""
    level = values[pressures == pressure][0] if at_edge else keep * values[-1]
    axes.axvline(pressure, color=color, ls=":", lw=1.2)
    style = {"color": color, "mfc": "w" if at_edge else color}
    axes.plot(pressure, level, "*", ms=11, zorder=5, **style)
    return f"{'☆' if at_edge else '★'} at {pressure:.3g} MPa"


def mark_failed(axes, places, **style) -> None:
    """Crosses on the horizontal axis."""
    if len(places):
        on_axis = {"transform": axes.get_xaxis_transform(), "clip_on": False}
        axes.plot(places, np.full(len(places), 0.02), **FAILED, **on_axis, **style)


def set_output(axes, values) -> None:
    """Logarithmic over two decades; from zero where values come near it."""
    known = values[np.isfinite(values)]
    if not len(known):
        axes.set_yticks([])
        return
    low, high = known.min(), known.max()
    if low > 0 and high > MANY * low:
        axes.set_yscale("log")
        set_log_ticks(axes.yaxis, [low, high], 8.0)
    elif low >= 0 and low < 0.7 * high:
        axes.set_ylim(0, 1.05 * high)
    else:
        room = max(0.08 * (high - low), 5e-3 * abs(high), 1e-12)
        axes.set_ylim(low - room, high + room)
        axes.ticklabel_format(axis="y", useOffset=False)
