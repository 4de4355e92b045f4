"""Which value of one quantity is best, against others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import offset_copy

from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import (
    INKS,
    LINES,
    MARKERS,
    Scale,
    add_legend,
    amid,
    column,
    few,
    head,
    scale_of,
    set_axis,
    value_words,
)

if TYPE_CHECKING:
    import pandas as pd

CLOSE = 0.01  # relative difference from the best that makes no difference
APART = 7.0  # points between the markers of lines at one value


def plot_best(
    title: str,
    table: pd.DataFrame,
    of: str,
    against: list[str],
    output: str,
    lowest: bool = False,
) -> Figure:
    """The value of ``of`` with the highest ``output``, or lowest; a panel each of ``against``.

    Bars span the values whose output comes within 1 % of the best; an open marker at an end of
    the range tried is no optimum.
    """
    table = table.dropna(subset=[of, *against])
    scales = {name: scale_of(name, table[name]) for name in (of, *against)}
    kinds = {name: table[name].astype(scale.kind) for name, scale in scales.items()}
    table = table.assign(**kinds)
    y = scales[of]
    size = (4.6, 4.0)
    columns = len(against)
    figure = Figure((max(size[0] * columns, 6.0), size[1] + 1.2), layout="constrained")
    panels = figure.subplots(1, columns, squeeze=False, sharey=True)[0]
    for axes, name in zip(panels, against, strict=True):
        others = [scales[each] for each in against if each != name]
        _draw(axes, table, scales[name], y, others, output, lowest)
        set_axis(axes, "x", scales[name], size[0] - 1.0)
        set_axis(axes, "y", y, size[1] - 1.0)
        axes.set_xlim(scales[name].edges()[[0, -1]])
        _draw_ends(axes, y)
        axes.grid(alpha=0.25)
    for axes in panels[1:]:
        axes.set_ylabel("")
    way = "lowest" if lowest else "highest"
    beside = "; lines side by side at each value" if columns > 1 else ""
    head(figure, title, f"best: {way} {amid(column(output).words)}{beside}")
    grey = {"color": "0.3", "marker": "o", "ls": ""}
    handles = {
        "best of those tried": Line2D([], [], **grey),
        "at an end of the range tried: no optimum": Line2D([], [], mfc="w", **grey),
        f"within {100 * CLOSE:g} % of the best": Patch(fc="0.3", alpha=0.3),
    }
    add_legend(figure, handles)
    return figure


def _draw(axes, table, x: Scale, y: Scale, others: list[Scale], output: str, lowest: bool) -> None:
    """A line for each set of values of the other quantities, side by side at each value."""
    names = [scale.name for scale in others]
    every = tuple(table[names].drop_duplicates().sort_values(names).to_numpy()) if names else ((),)
    sets = few(every)
    for number, words in enumerate(sets):
        rows = table
        for name, word in zip(names, words, strict=True):
            rows = rows[rows[name] == word]
        found = []
        for value in x.values:
            part = rows[rows[x.name] == value]
            best = best_of(y.place(part[y.name]), part[output].to_numpy(float), lowest)
            if best is not None:
                found.append((x.place([value])[0], *best))
        if not found:
            continue
        at, best, low, high, end = np.array(found, float).T
        shift = APART * (number - (len(sets) - 1) / 2)
        beside = offset_copy(axes.transData, axes.figure, x=shift, units="points")
        style = {"color": INKS[number], "transform": beside}
        axes.vlines(at, low, high, lw=6, alpha=0.3, **style)
        label = ", ".join(value_words(*pair) for pair in zip(names, words, strict=True))
        ls = "" if x.text else LINES[number % 4]
        axes.plot(at, best, ls=ls, lw=1.0, **style)
        mark = {"marker": MARKERS[number], "ms": 5, "ls": "", **style}
        inside = end == 0
        axes.plot(at[inside], best[inside], **mark)
        axes.plot(at[~inside], best[~inside], mfc="w", **mark)
        if label:
            axes.plot([], [], color=INKS[number], marker=MARKERS[number], ms=5, ls=ls, label=label)
    if names:
        short = all(len(text) <= 20 for text in axes.get_legend_handles_labels()[1])
        above = {
            "loc": "lower left",
            "bbox_to_anchor": (0, 1),
            "ncols": 1 + short,
            "alignment": "left",
        }
        left_out = f"{len(sets)} of {len(every)} lines" if len(sets) < len(every) else None
        axes.legend(title=left_out, title_fontsize=7, fontsize=7, frameon=False, **above)


def best_of(places, values, lowest: bool = False) -> tuple[float, float, float, bool] | None:
    """Place of the best value, lowest and highest place as good, and whether it is at an end."""
    known = np.isfinite(values)
    if not known.any():
        return None
    order = np.argsort(places[known], kind="stable")
    places, values = places[known][order], values[known][order]
    worth = -values if lowest else values
    if not lowest and values.max() <= 0:  # nothing anywhere is nothing to choose from
        return None
    best = int(np.argmax(worth))
    good = worth >= worth[best] - CLOSE * abs(worth[best])
    worse = np.flatnonzero(~good)
    first = worse[worse < best].max(initial=-1) + 1
    last = worse[worse > best].min(initial=len(good)) - 1
    end = best in (0, len(good) - 1)
    return float(places[best]), float(places[first]), float(places[last]), end


def _draw_ends(axes, y: Scale) -> None:
    """Dotted lines at the smallest and the largest value tried."""
    if y.text:
        return
    low, high = np.log(y.places[[0, -1]]) if y.log else y.places[[0, -1]]
    room = 0.09 * (high - low) or 1.0
    ends = np.array([low - room, high + room])
    axes.set_ylim(np.exp(ends) if y.log else ends)
    words = {"ha": "right", "fontsize": 7, "color": "0.3", "textcoords": "offset points"}
    for place, word, up in ((y.places[0], "smallest", -3), (y.places[-1], "largest", 3)):
        axes.axhline(place, color="0.4", ls=":", lw=1)
        where = {"xycoords": axes.get_yaxis_transform(), "va": "top" if up < 0 else "bottom"}
        axes.annotate(f"{word} tried", (0.99, place), (0, up), **where, **words)
