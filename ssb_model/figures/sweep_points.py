"""Points of a sweep that lie on no grid, or over too many quantities for a map."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ssb_model.figures.colours import SHADES, add_colour_bar, colours
from ssb_model.figures.labels import add_legend, column
from ssb_model.figures.scales import Scale, arrangement, set_axis
from ssb_model.figures.sweep_curves import FAILED, mark_failed, set_output

DOTS = {"marker": "o", "ls": "", "ms": 4, "mew": 0, "color": "#332288"}


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
    lines, columns = arrangement(len(scales))
    size = (5.8, 4.2) if columns == 1 else (3.4, 2.9)
    figure = Figure((size[0] * columns, size[1] * lines + 0.8), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
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
    for axes in list(grid.flat)[len(scales) :]:
        axes.set_visible(False)
    add_legend(figure, _failed(known))
    return figure


def _failed(known) -> dict:
    if known.all():
        return {}
    return {f"failed or refused ({(~known).sum()} of {known.size})": Line2D([], [], **FAILED)}
