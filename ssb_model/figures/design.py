"""What a cell can be as a product: the front of a search, energy and mass, layers in a pouch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import INKS, MARKERS, PRESSURE, column, head
from ssb_model.quantities.registry import band_of

if TYPE_CHECKING:
    import pandas as pd


Goal = tuple[str, int]


def plot_design(
    title: str, front: pd.DataFrame, tried: pd.DataFrame, goals: Sequence[Goal], words: str
) -> Figure:
    """A panel a pair of goals; of one goal alone the best so far over what was tried."""
    pairs = list(combinations(goals, 2))
    figure = Figure((6.4 if len(pairs) < 2 else 4.4 * len(pairs), 4.6), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, max(1, len(pairs))))
    for panel, (second, first) in zip(panels, pairs, strict=False):
        x, y = (column(one[0]) for one in (first, second))
        panel.plot(
            x.factor * tried[first[0]], y.factor * tried[second[0]], ".", color="0.8", ms=4,
            label="tried",
        )  # fmt: skip
        ordered = front.sort_values(first[0])
        line = {"ls": "-" if len(goals) == 2 else "", "drawstyle": "default"}
        panel.plot(
            x.factor * ordered[first[0]], y.factor * ordered[second[0]], marker="o", mfc="w",
            color=INKS[0], label="none beats these", **line,
        )  # fmt: skip
        _band(panel, ordered, first[0], second[0], x.factor, y.factor)
        panel.set_xlabel(x.label)
        panel.set_ylabel(y.label)
        _focus(panel, y.factor * ordered[second[0]])
        panel.legend(fontsize=8, frameon=False)
    if not pairs:
        ((name, sign),) = goals
        of = column(name)
        best = sign * np.fmax.accumulate(sign * tried[name].to_numpy(float))
        panels[0].plot(np.arange(1, len(best) + 1), of.factor * best, color=INKS[0])
        panels[0].set_xlabel("Designs tried")
        panels[0].set_ylabel(of.label)
    for panel in panels:
        panel.grid(alpha=0.25)
    head(figure, title, words)
    return figure


def _band(panel, front: pd.DataFrame, x: str, y: str, of_x: float, of_y: float) -> None:
    """5 to 95 % of draws, where there are any."""
    low, _, high = band_of(y)
    if low not in front:
        return
    ends = [of_y * front[name].to_numpy(float) for name in (low, high)]
    panel.vlines(
        of_x * front[x], *ends, color=INKS[0], alpha=0.5, lw=1.5, label="5 to 95 % of draws"
    )


def _focus(panel, values: pd.Series) -> None:
    """What is tried far below the front is not what one looks at."""
    reach = float(values.max() - values.min())
    if reach > 0:
        panel.set_ylim(values.min() - 0.6 * reach, values.max() + 0.25 * reach)


SPECIFIC = "Specific energy [W.h.kg-1]"
BARE = "Specific energy of the bare cell [W.h.kg-1]"


def plot_energy(title: str, rows: pd.DataFrame, parts: pd.DataFrame, words: str) -> Figure:
    """Left the parts at two pressures, right energy per mass with the holder and without."""
    figure = Figure((9.6, 4.6), layout="constrained")
    masses, energy = figure.subplots(1, 2)
    pressures = sorted(parts[PRESSURE].unique())
    shown = list(dict.fromkeys((pressures[0], pressures[-1])))
    names = list(dict.fromkeys(parts["Part"]))
    height = 0.8 / len(shown)
    for k, pressure in enumerate(shown):
        of = parts[parts[PRESSURE] == pressure].groupby("Part")["Mass [g]"].sum()
        grams = [float(of.get(name, 0.0)) for name in names]
        places = [place + (k - (len(shown) - 1) / 2) * height for place in range(len(names))]
        bars = masses.barh(places, grams, height, color=INKS[k], label=f"{pressure:g} MPa")
        labels = [f"{one:,.4g} g, {100 * one / sum(grams):.2g} %" for one in grams]
        masses.bar_label(bars, labels, fontsize=7, padding=2)
    masses.set_yticks(range(len(names)), names)
    masses.invert_yaxis()
    masses.margins(x=0.35)
    masses.set_xlabel(column("Mass [g]").label)
    masses.legend(fontsize=8, frameon=False, loc="center right", title="Stack pressure")
    if SPECIFIC in rows:
        for k, (rate, each) in enumerate(rows.groupby("C-rate")):
            each = each.sort_values(PRESSURE)
            style = {"color": INKS[k % len(INKS)], "marker": MARKERS[k % len(MARKERS)], "mfc": "w"}
            energy.plot(each[PRESSURE], each[SPECIFIC], label=f"{rate:g}C", **style)
            if (each["Holder mass [g]"] > 0).any():
                energy.plot(
                    each[PRESSURE], each[BARE], ls="--", label=f"{rate:g}C, bare cell", **style
                )
        energy.legend(fontsize=8, frameon=False)
    energy.set_ylim(bottom=0)
    energy.set_xlabel(column(PRESSURE).label)
    energy.set_ylabel(column(SPECIFIC).label)
    energy.grid(alpha=0.25)
    head(figure, title, words)
    return figure


def plot_layers(title: str, curves: dict, words: str) -> Figure:
    """Left voltage, right temperature over capacity; a line a C-rate, faces dashed."""
    figure = Figure((9.0, 4.4), layout="constrained")
    volts, warm = figure.subplots(1, 2)
    for k, (rate, (passed, voltage, layers)) in enumerate(curves.items()):
        if not len(passed):
            continue
        ink = INKS[k % len(INKS)]
        volts.plot(passed, voltage, color=ink, label=f"{rate:g}C")
        middle = layers[:, layers.shape[1] // 2]
        warm.plot(passed, middle, color=ink, label=f"{rate:g}C, middle")
        warm.plot(passed, layers[:, 0], "--", color=ink, label=f"{rate:g}C, face")
    volts.set_ylabel(column("Voltage [V]").label)
    warm.set_ylabel(column("Temperature [degC]").label)
    for axes in (volts, warm):
        axes.set_xlabel(column("Capacity [mA.h.g-1]").label)
        axes.grid(alpha=0.25)
        axes.legend(fontsize=8, frameon=False)
    head(figure, title, words)
    return figure
