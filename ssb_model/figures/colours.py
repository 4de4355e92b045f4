"""Colours for the values of an output."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from ssb_model.figures.labels import column

SHADES = colormaps["viridis"]
MANY = 100.0  # times the lowest value, from which a scale is logarithmic


def colours(values) -> Normalize:
    """One scale for all panels."""
    known = values[np.isfinite(values)]
    if not len(known):
        return Normalize(0, 1)
    low, high = float(known.min()), float(known.max())
    if low > 0 and high > MANY * low:
        return LogNorm(low, high)
    return Normalize(low, high if high > low else low + max(abs(low), 1.0) * 1e-3)


def add_colour_bar(figure: Figure, axes, values, norm, output: str) -> None:
    """With the name and unit of the output; no numbers where there is no value."""
    bar = figure.colorbar(ScalarMappable(norm, SHADES), ax=axes, label=column(output).label)
    bar.locator = tick_locator(norm) if np.isfinite(values).any() else NullLocator()
    if isinstance(norm, LogNorm):
        bar.formatter = FuncFormatter(lambda value, _: f"{value:g}")
    bar.minorticks_off()
    bar.update_ticks()


def tick_locator(norm):
    """Where the colour bar has ticks and a map lines of equal value."""
    if isinstance(norm, LogNorm):
        return LogLocator(subs=(1, 2, 5))
    return MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])
