"""One output of a sweep over one, two, three or more quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from ssb_model.figures.labels import PRESSURE, amid, column, head, value_words
from ssb_model.figures.scales import MOST_SHOWN, Scale, few, scale_of
from ssb_model.figures.sweep_curves import plot_curves
from ssb_model.figures.sweep_map import plot_maps
from ssb_model.figures.sweep_points import plot_each_axis, plot_scatter

if TYPE_CHECKING:
    import pandas as pd

LISTED = 12  # values that someone may have listed by hand


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
