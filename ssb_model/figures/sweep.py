"""One output of a sweep over one, two, three or more quantities."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ssb_model.analysis.crossing import crossing
from ssb_model.figures.drawing import draw_spread
from ssb_model.figures.scales import (
    ALREADY,
    FAILED,
    INKS,
    LINES,
    MARKERS,
    MOST_SHOWN,
    PRESSURE,
    Scale,
    add_legend,
    amid,
    column,
    few,
    head,
    keep_words,
    mark_failed,
    more_is_better,
    panel_grid,
    scale_of,
    set_axis,
    set_output,
    value_words,
)
from ssb_model.figures.sweep_map import plot_each_axis, plot_maps, plot_scatter
from ssb_model.quantities.registry import band_of

LISTED = 12  # values that someone may have listed by hand
FEW = 40  # points up to which each is marked


def plot_sweep(
    title: str,
    table: pd.DataFrame,
    axes: list[str],
    output: str,
    keep: float | None = 0.95,
    runs: str = "",
) -> Figure:
    """A curve, maps or points of ``output`` over the quantities of ``axes``, by their number.

    Over stack pressure a line marks the lowest one that keeps the share ``keep`` of what the
    highest gives, for outputs of which more is better. ``runs`` says what one point is.
    """
    table = table.dropna(subset=axes)
    numbers = column(output).factor * table[output].astype(float)
    table = table.assign(**{output: numbers.where(np.isfinite(numbers))})
    scales = [scale_of(name, table[name]) for name in axes]
    table = table.assign(**{one.name: table[one.name].astype(one.kind) for one in scales})
    moving = [scale for scale in scales if len(scale.values) > 1] or scales[:1]
    fixed = [value_words(one.name, one.values[0]) for one in scales if one not in moving]
    fixed = ["at " + ", ".join(map(amid, fixed))] if fixed else []
    figure, note = _figure(table, moving, output, keep)
    head(figure, title, runs, "; ".join([*fixed, *note]))
    return figure


def is_sampled(table: pd.DataFrame, scales: list[Scale]) -> bool:
    """Whether points are drawn, not a grid with holes: next to no value comes twice.

    Along one quantity, whether many values are spaced unevenly.
    """
    if len(scales) == 1:
        return len(scales[0].values) > LISTED and not scales[0].text and _uneven(scales[0].places)
    counts = [len(scale.values) for scale in scales]
    distinct = len(table[[scale.name for scale in scales]].drop_duplicates())
    return distinct <= 0.5 * np.prod(counts) and distinct < 2 * max(counts)


def _uneven(places: np.ndarray) -> bool:
    steps = [np.diff(places), np.diff(np.log(places))] if places[0] > 0 else [np.diff(places)]
    return all(np.std(each) > 0.25 * np.mean(each) for each in steps)


def _figure(table, scales: list[Scale], output: str, keep) -> tuple[Figure, list[str]]:
    """The figure, and what it leaves out."""
    sampled = is_sampled(table, scales)
    if len(scales) > 3 or (sampled and len(scales) != 2):
        return plot_each_axis(table, scales, output), []
    if sampled:
        return plot_scatter(table, *scales, output), []
    drawn, panels = _split(scales)
    shown = few(panels.values) if panels else []
    note = []
    if panels and len(shown) < len(panels.values):
        note.append(f"{len(shown)} of {len(panels.values)} panels shown")
    names = [scale.name for scale in scales]
    numbers = [scale for scale in drawn if not scale.text]
    if len(numbers) == 2:
        if table.duplicated(names).any():
            note.append("median where a point was run more than once")
        x, y = numbers if numbers[0].name != PRESSURE else numbers[::-1]
        return plot_maps(table, x, y, panels, shown, output, keep), note
    x, curves, *_ = (*drawn, None)
    return plot_curves(table, x, curves, panels, shown, output, keep), note


def _split(scales: list[Scale]) -> tuple[list[Scale], Scale | None]:
    """Up to two quantities for the axes, and one for the panels.

    Words go to panels before numbers do, then what has the fewest values; pressure only
    if it alone has no more than fit.
    """
    panels = None
    if len(scales) == 3:
        order = sorted(scales, key=lambda one: (not one.text, len(one.values)))
        others = [one for one in order if one.name != PRESSURE]
        fit = [one for one in (*others, *order) if len(one.values) <= MOST_SHOWN]
        panels = (fit or others)[0]
    drawn = [scale for scale in scales if scale is not panels]
    return sorted(drawn, key=lambda one: one.text), panels


def plot_curves(
    table, x: Scale, curves: Scale | None, panels: Scale | None, shown, output, keep
) -> Figure:
    """One panel, or one for each of the ``shown`` values of a third quantity."""
    shown = shown if panels else [None]
    figure, grid, size = panel_grid(len(shown), (5.8, 4.2), (3.6, 3.2), (0, 0.6), sharey=True)
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
    ends = [table[name] * column(output).factor for name in band_of(output) if name in table]
    set_output(grid.flat[0], pd.concat([table[output], *ends]))
    for axes in grid[:, 0]:
        axes.set_ylabel(column(output).label)
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
    if band_of(output)[0] in rows and not x.text:
        spread = rows.to_dict("records")
        draw_spread(axes, place, spread, output, style["color"], column(output).factor)
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
