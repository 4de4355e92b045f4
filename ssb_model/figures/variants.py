"""Variants of cells over each other: discharges, and capacities against the C-rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import set_log_steps

COLOURS = (  # told apart by most eyes, in the order variants come
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#999933"),
    "#44AA99",
)
DASHES = ("-", "--", "-.", ":")
MARKERS = "osD^vP*Xh"
GREY = "0.35"
MOST_BESIDE = 2  # entries of a legend in a row


@dataclass(frozen=True)
class Shown:
    """A variant as it is drawn: capacity [mAh/g] and voltage [V], capacity at each C-rate."""

    label: str
    curve: Sequence[Sequence[float]]
    rates: Sequence[float] = ()
    capacities: Sequence[float | None] = ()
    band: Sequence[Sequence[float]] = ()  # around 5 to 95 % of draws, of the curve
    band_of_rates: Sequence[Sequence[float]] = ()


@dataclass(frozen=True)
class Beside:
    """What was measured: discharges by their labels, pairs of C-rate and capacity."""

    curves: dict[str, Any] = field(default_factory=dict)
    capacities: Sequence[Sequence[float]] = ()


def plot_variants(title: str, variants: Sequence[Shown], beside: Beside | None = None) -> Figure:
    """Curves left, capacities against the C-rate right; what was measured as grey points."""
    beside = beside or Beside()
    figure = Figure(figsize=(9.2, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for number, one in enumerate(variants):
        style = {"color": COLOURS[number % len(COLOURS)], "ls": DASHES[number % len(DASHES)]}
        if len(one.curve):
            left.plot(*np.transpose(one.curve), lw=1.8, label=one.label, **style)
        known = [
            (rate, value)
            for rate, value in zip(one.rates, one.capacities, strict=True)
            if value is not None
        ]
        if known:
            marker = MARKERS[number % len(MARKERS)]
            right.plot(*zip(*known, strict=True), marker=marker, label=one.label, **style)
        for axes, around in ((left, one.band), (right, one.band_of_rates)):
            if len(around):
                words = "5 to 95 % of draws"
                axes.fill(
                    *np.transpose(around), color=style["color"], alpha=0.18, lw=0, label=words
                )
    for label, points in beside.curves.items():
        left.plot(*np.transpose(points), ls="", marker=".", ms=2.5, color=GREY, label=label)
    if len(beside.capacities):
        points = np.transpose(beside.capacities)
        right.plot(*points, ls="", marker="x", color=GREY, label="measured")
    left.set_xlabel("Discharge capacity / mAh g$^{-1}$")
    left.set_ylabel("Voltage / V")
    right.set_xlabel("C-rate")
    right.set_ylabel("Discharge capacity / mAh g$^{-1}$")
    right.set_xscale("log")
    right.set_ylim(bottom=0)
    left.set_xlim(left=0)
    set_log_steps(right.xaxis)
    for axes in (left, right):
        axes.grid(alpha=0.25)
    drawn = [axes.get_legend_handles_labels() for axes in (left, right)]
    entries = {label: handle for one in drawn for handle, label in zip(*one, strict=True)}
    if entries:
        figure.legend(
            entries.values(),
            entries.keys(),
            fontsize=8,
            frameon=False,
            loc="outside lower center",
            ncols=min(len(entries), MOST_BESIDE),
        )
    figure.suptitle(title, fontsize=10)
    return figure
