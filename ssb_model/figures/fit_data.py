"""Data and model of a fit over each other, residuals below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ssb_model.figures import scales
from ssb_model.figures.drawing import Figure
from ssb_model.figures.fit_panels import GREY, PALE

MOST_ALONE = 9  # data sets of one kind that have a panel each
BAND = 2.0  # of the noise
LETTERS = 17.0  # of 7 point per inch


def fit_data_figure(sets: Sequence, title: str = "") -> Figure:
    """A panel for each data set, or for each conditions where there are many of a kind."""
    panels = panels_of(sets)
    lines, columns = scales.arrangement(len(panels))
    width = 6.2 if columns == 1 else 4.3
    heights = [_height(panels[line * columns : (line + 1) * columns]) for line in range(lines)]
    size = (width * columns, sum(heights) + 2.4 * lines + 0.6)
    figure = Figure(size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08)
    ratios = [ratio for height in heights for ratio in (height, 1.1)]
    grid = figure.add_gridspec(2 * lines, columns, height_ratios=ratios)
    handles = _handles(sets)
    for number, (alike, named) in enumerate(panels):
        line, place = divmod(number, columns)
        panel = alike[0].panel
        in_line = [other[0].panel for other, _ in panels[line * columns : (line + 1) * columns]]
        main = figure.add_subplot(grid[2 * line, place])
        shared = None if panel.own_axis else main
        below = figure.add_subplot(grid[2 * line + 1, place], sharex=shared)
        below.axhspan(-BAND, BAND, color="0.9", lw=0, zorder=0)
        below.axhline(0, color="0.5", lw=0.8)
        names = _names(alike, named)
        handles |= panel.draw(main, below, alike, names, width - 1.0)
        below.set_ylabel("Residual / noise", fontsize=9)
        _residual_limits(below)
        for axes in (main, below):
            axes.grid(alpha=0.25)
        if shared and any(other.own_axis for other in in_line):
            main.set_xlabel(below.get_xlabel())
        elif shared:
            main.tick_params(labelbottom=False)
        _entitle(main, alike, named, width)
    figure.align_ylabels()
    scales.head(figure, title)
    scales.add_legend(figure, handles)
    return figure


def panels_of(sets: Sequence) -> list[tuple[list, list[str]]]:
    """Data sets that share a panel, and the conditions that its title tells."""
    panels = []
    for kind in dict.fromkeys(one.kind for one in sets):
        alike = [one for one in sets if one.kind == kind]
        every = list(dict.fromkeys(name for one in alike for name in one.conditions))
        if len(alike) <= MOST_ALONE:
            panels += [([one], every) for one in alike]
            continue
        choices = [
            (_grouped(alike, names), list(names))
            for count in range(len(every), -1, -1)
            for names in combinations(every, count)
        ]
        fitting = [choice for choice in choices if len(choice[0]) <= MOST_ALONE]
        groups, named = max(fitting, key=lambda choice: len(choice[0]))
        panels += [(group, named) for group in groups]
    return panels


def _grouped(sets, names) -> list[list]:
    groups: dict = {}
    for one in sets:
        groups.setdefault(tuple(one.conditions.get(name) for name in names), []).append(one)
    return list(groups.values())


def _height(panels) -> float:
    """Of the upper axes in a line of panels [inch]."""
    rows = [alike[0].panel.row * sum(len(one.table) for one in alike) for alike, _ in panels]
    return max([2.7, *rows])


def _names(sets, named) -> list[str]:
    """Of data sets in the legend of their panel: what its title does not tell."""
    if len(sets) == 1:
        return [""]
    same = len({one.label for one in sets}) == 1
    names = []
    for number, one in enumerate(sets):
        others = {name: value for name, value in one.conditions.items() if name not in named}
        words = ([] if same else [one.label]) + _conditions(others)
        names.append(", ".join(words) or str(number + 1))
    return names


def _conditions(conditions: dict[str, float]) -> list[str]:
    words = []
    for name, value in conditions.items():
        if name in (scales.PRESSURE, "Temperature [degC]"):
            words.append(f"{value:.4g} {scales.column(name).unit}")
        else:
            words.append(scales.amid(scales.value_words(name, value)))
    return words


def _entitle(axes, sets, named, width: float) -> None:
    """Name and conditions, above the legend of the panel if it has one."""
    first = sets[0]
    told = _conditions({name: first.conditions[name] for name in named if name in first.conditions})
    if len(sets) == 1:
        told += [f"weight {first.weight:.3g}"] if first.weight != 1 else []
        told += ["noise estimated"] if first.noise_from == "estimated" else []
    same = len({one.label for one in sets}) == 1
    left_out = axes.get_title()
    words = scales.in_lines(first.label, int(12 * (width - 0.8)))
    lines = [words if same else f"{len(sets)} data sets", ", ".join(told), left_out]
    handles, labels = axes.get_legend_handles_labels()
    rows = 0
    if handles:
        fitting = int((width - 0.9) * LETTERS / (max(len(_plain(label)) for label in labels) + 5))
        columns = max(1, min(fitting, len(labels), 4))
        rows = -(-len(labels) // columns)
        where = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns}
        tight = {"borderaxespad": 0.1, "columnspacing": 1.2, "handlelength": 1.4}
        axes.legend(handles, labels, fontsize=7, frameon=False, **where, **tight)
    axes.set_title("\n".join(filter(None, lines)), fontsize=9, pad=(7 if rows else 5) + 12.5 * rows)


def _plain(label: str) -> str:
    return label.replace("$^{", "").replace("}$", "")


def _handles(sets) -> dict:
    """What all panels have in common."""
    bars = any(one.panel.bars for one in sets)
    open_ = {"color": GREY, "marker": "o", "ms": 4, "mfc": "none", "ls": ""}
    handles = {
        "measured" + (" (bars: ± noise)" if bars else ""): Line2D([], [], **open_),
        "model": Line2D([], [], color=GREY, lw=1.5),
        f"± {BAND:g} times the noise": Patch(fc="0.9"),
    }
    if any("compared" in one.table and not one.table["compared"].all() for one in sets):
        handles["not compared"] = Line2D([], [], **{**open_, "color": PALE})
    return handles


def _residual_limits(axes) -> None:
    """The same on both sides of nothing, wide enough for all that is compared."""
    drawn = [line.get_ydata() for line in axes.lines if line.get_color() != PALE]
    values = np.concatenate([np.asarray(each, float) for each in drawn])
    most = np.abs(values[np.isfinite(values)]).max(initial=0.0)
    axes.set_ylim(-max(1.15 * most, 4.0), max(1.15 * most, 4.0))
    axes.yaxis.set_major_locator(MaxNLocator(4, symmetric=True, integer=True))
