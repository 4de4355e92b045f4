"""One output of a sweep over one, two, three or more quantities."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from ssb_model.analysis.crossing import crossing
from ssb_model.figures.drawing import Figure, draw_spread
from ssb_model.figures.scales import (
    ALREADY,
    FAILED,
    INKS,
    LINES,
    MARKERS,
    MOST_SHOWN,
    PRESSURE,
    SHADES,
    Scale,
    add_colour_bar,
    add_legend,
    amid,
    colours,
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
    tick_locator,
    value_words,
)
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


FINE = 5  # values a side from which lines of equal value are drawn
CELL = (0.3, 0.2)  # inches that a written number needs
BESIDE = 9.0  # points from the middle of a cell to its number, where a line may pass
HATCHED = {"fc": "0.9", "ec": "0.5", "hatch": "////", "lw": 0}
DOTS = {"marker": "o", "ls": "", "ms": 4, "mew": 0, "color": "#332288"}
HALO = [withStroke(linewidth=2.0, foreground="w")]
DASHED = (0, (2, 1.5))


def plot_maps(table, x: Scale, y: Scale, panels: Scale | None, shown, output, keep) -> Figure:
    """One map, or one for each of the ``shown`` values of a third quantity; same colours."""
    shown = shown if panels else [None]
    both = {"sharex": True, "sharey": True}
    figure, grid, size = panel_grid(len(shown), (5.2, 4.0), (3.3, 3.1), (1.3, 0.9), **both)
    inside = (size[0] - 0.8, size[1] - 0.8)
    norm, handles = colours(table[output]), {}
    for place, (axes, value) in enumerate(zip(grid.flat, shown, strict=False)):
        rows = panels.rows(table, value) if panels else table
        points = rows.groupby([y.name, x.name])[output]
        values, run = (
            each.unstack().reindex(index=y.values, columns=x.values).to_numpy(float)
            for each in (points.median(), points.size())
        )
        run = np.isfinite(run)
        set_axis(axes, "x", x, inside[0])
        set_axis(axes, "y", y, inside[1])
        line = keep is not None and y.name == PRESSURE and more_is_better(output)
        handles |= _draw_values(axes, values, run, x, y, norm, inside, BESIDE if line else 0.0)
        if line:
            handles |= _draw_minimum(axes, values, x, y, keep)
        if panels:
            axes.set_title(value_words(panels.name, value), fontsize=9)
        axes.tick_params(labelbottom=True)
        if place % grid.shape[1]:
            axes.set_ylabel("")
    add_colour_bar(figure, list(grid.flat), table[output], norm, output)
    add_legend(figure, handles)
    return figure


def _draw_values(axes, values, run, x: Scale, y: Scale, norm, inside, above) -> dict:
    """Colours, with numbers where there is room or lines of equal value where points are many."""
    across, up = x.edges(), y.edges()
    axes.pcolormesh(across, up, np.ma.masked_invalid(values), norm=norm, cmap=SHADES)
    for line, row in np.argwhere(run & np.isnan(values)):
        corner, width = (across[row], up[line]), np.diff(across)[row]
        axes.add_patch(Rectangle(corner, width, np.diff(up)[line], **HATCHED))
    axes.set_xlim(across[0], across[-1])
    axes.set_ylim(up[0], up[-1])
    handles = {}
    room = [size * scale.narrowest() for size, scale in zip(inside, (x, y), strict=True)]
    if room[0] >= CELL[0] and room[1] >= CELL[1] + above / 36:
        for line, row in np.argwhere(np.isfinite(values)):
            value = values[line, row]
            ink = "k" if norm(value) > 0.55 else "w"
            at = (x.places[row], y.places[line])
            where = {"xytext": (0, above), "textcoords": "offset points", "zorder": 6}
            style = {"color": ink, "fontsize": 7, "ha": "center", "va": "center"}
            axes.annotate(number(value), at, **where, **style)
        if _draw_contours(axes, values, x, y, np.zeros(1)):
            handles["zero"] = Line2D([], [], color="k", lw=1.8)
    elif min(values.shape) >= FINE:
        levels = tick_locator(norm).tick_values(norm.vmin, norm.vmax)
        _draw_contours(axes, values, x, y, levels)
    if np.any(run & np.isnan(values)):
        handles["failed or refused"] = Patch(**HATCHED)
    if not run.all():
        handles["not run"] = Patch(fc="w", ec="0.6", lw=0.6)
    return handles


def _draw_contours(axes, values, x: Scale, y: Scale, levels) -> bool:
    """At the levels that are reached, if any; bold at zero, labelled if there are others."""
    known = values[np.isfinite(values)]
    reached = levels[(levels > known.min(initial=np.inf)) & (levels < known.max(initial=-np.inf))]
    if not len(reached):
        return False
    style = {"levels": reached, "colors": "k", "alpha": 0.8}
    style["linewidths"] = [0.7 if level else 1.8 for level in reached]
    lines = axes.contour(x.places, y.places, np.ma.masked_invalid(values), **style)
    if len(levels) > 1:
        for text in axes.clabel(lines, fontsize=7, fmt=number):
            text.set(path_effects=HALO, zorder=6)
    return True


def number(value: float) -> str:
    """Three digits."""
    digits = ".3g" if abs(value) < 1000 else ".0f"
    return f"{value:{digits}}".replace("-", "−")


def _draw_minimum(axes, values, x: Scale, y: Scale, keep: float) -> dict:
    """The line above which a share of the value at the highest pressure is kept."""
    found = [crossing(y.values, outputs, keep) for outputs in values.T]
    at = np.array([each.pressure for each in found])
    edge = np.array([each.at_edge for each in found])
    halo = [withStroke(linewidth=4.0, foreground="w")]
    for here in range(len(at) - 1):
        ends = slice(here, here + 2)
        ls = DASHED if edge[ends].any() else "-"
        axes.plot(x.places[ends], at[ends], ls=ls, color="k", lw=2, path_effects=halo, zorder=4)
    handles = {}
    style = {"color": "k", "marker": "o", "ms": 5 if len(at) <= 12 else 3.5, "zorder": 5}
    if np.isfinite(at).any():
        axes.plot(x.places[~edge], at[~edge], ls="", **style)
        handles[keep_words(keep, y.values[-1])] = Line2D([], [], lw=2, **style)
    if edge.any():
        axes.plot(x.places[edge], at[edge], ls="", mfc="w", **style)
        handles[ALREADY] = Line2D([], [], ls=DASHED, lw=2, mfc="w", **style)
    return handles


def plot_scatter(table, x: Scale, y: Scale, output: str) -> Figure:
    """Coloured by the output; crosses where nothing came."""
    figure = Figure((6.8, 4.9), layout="constrained")
    axes = figure.subplots()
    norm = colours(table[output])
    values = table[output].to_numpy()
    across, up = x.place(table[x.name]), y.place(table[y.name])
    known = np.isfinite(values)
    style = {"norm": norm, "cmap": SHADES, "s": 28, "edgecolors": "0.3", "linewidths": 0.4}
    axes.scatter(across[known], up[known], c=values[known], **style)
    if not known.all():
        axes.plot(across[~known], up[~known], **FAILED)
    set_axis(axes, "x", x, 4.6, ticks_at_values=False)
    set_axis(axes, "y", y, 4.0, ticks_at_values=False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
    add_colour_bar(figure, axes, values, norm, output)
    add_legend(figure, _failed(known))
    return figure


def plot_each_axis(table, scales: list[Scale], output: str) -> Figure:
    """The output against each quantity, whatever the others are."""
    figure, grid, size = panel_grid(len(scales), (5.8, 4.2), (3.4, 2.9), (0, 0.8), sharey=True)
    values = table[output].to_numpy()
    known = np.isfinite(values)
    faint = float(np.clip(40 / max(len(table), 1), 0.15, 0.7))
    for axes, scale in zip(grid.flat, scales, strict=False):
        place = scale.place(table[scale.name])
        axes.plot(place[known], values[known], alpha=faint, **DOTS)
        mark_failed(axes, place[~known], alpha=faint)
        set_axis(axes, "x", scale, size[0] - 0.8, len(scale.values) < len(table) / 2)
        axes.grid(alpha=0.25)
    set_output(grid.flat[0], table[output])
    for axes in grid[:, 0]:
        axes.set_ylabel(column(output).label)
    add_legend(figure, _failed(known))
    return figure


def _failed(known) -> dict:
    if known.all():
        return {}
    return {f"failed or refused ({(~known).sum()} of {known.size})": Line2D([], [], **FAILED)}
