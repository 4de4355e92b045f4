"""The pressure a holder gives over time, and which spring keeps its swing small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import PRESSURE, column, head
from ssb_model.figures.scales import INKS, set_log_ticks
from ssb_model.laws.mechanics import series_stiffness
from ssb_model.quantities.units import convert, in_unit

if TYPE_CHECKING:
    import pandas as pd

    from ssb_model.verbs.holder import HolderResult

OURS, SOFT, WINDOW = INKS[0], INKS[1], "#117733"


def plot_holder(result: HolderResult) -> Figure:
    """Left the course of pressure, right the swing of a cycle against stiffness."""
    figure = Figure((10.0, 4.6), layout="constrained")
    course, swings = figure.subplots(1, 2, width_ratios=[3, 2])
    hours = convert(result.growth.time, "s", "h")
    course.plot(
        hours, convert(result.pressure, "Pa", "MPa"), color=OURS, lw=1.2, label="this holder"
    )
    if np.isfinite(result.stiffest):
        soft = result.pressure_in(result.stiffest, result.asked.preload)
        label = f"the spring for {in_unit(result.asked.swing, 'MPa'):.3g} MPa"
        course.plot(hours, convert(soft, "Pa", "MPa"), color=SOFT, lw=1.2, label=label)
    if result.asked.window is not None:
        low, high = (in_unit(p, "MPa") for p in result.asked.window)
        course.axhspan(low, high, color=WINDOW, alpha=0.12, lw=0, label="to stay within")
    set_at = in_unit(result.asked.preload, "MPa")
    course.plot(0, set_at, "o", color="k", ms=5, zorder=5, label=f"set at {set_at:.3g} MPa")
    course.set_xlabel("Time / h")
    course.set_ylabel(column(PRESSURE).label)
    course.set_ylim(bottom=0)
    _draw_swings(swings, result)
    for axes in (course, swings):
        axes.grid(alpha=0.25)
        axes.legend(fontsize=7, frameon=False)
    head(figure, result.title, "; ".join(result.answers[:1]))
    return figure


def plot_measured(title: str, curve: pd.DataFrame, stiffness: dict[str, Any]) -> Figure:
    """A measured pressure and what the breathing of the cell explains of it."""
    figure = Figure((7.0, 4.4), layout="constrained")
    axes = figure.subplots()
    measured = {"color": "0.55", "marker": ".", "ms": 3, "ls": "", "label": "measured"}
    axes.plot(curve["Time [h]"], curve["Stack pressure [MPa]"], **measured)
    label = "breathing and creep"
    axes.plot(curve["Time [h]"], curve["Explained pressure [MPa]"], color=OURS, lw=1.4, label=label)
    axes.set_xlabel("Time / h")
    axes.set_ylabel(column(PRESSURE).label)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8, frameon=False)
    ends = " to ".join(f"{stiffness[end]:.3g}" for end in ("Lowest", "Highest"))
    head(figure, title, f"holder and layers together {ends} MPa/um")
    return figure


def _draw_swings(axes, result: HolderResult) -> None:
    """The swing of the last cycle over the stiffness of the holder, both wanted and had."""
    had = result.stiffness
    known = [had, *([result.stiffest] if np.isfinite(result.stiffest) else [])]
    stiffness = np.geomspace(min(known) / 10, max(known) * 10, 100)
    swing = series_stiffness(stiffness, result.compliance) * result.breathing
    axes.plot(*_shown(stiffness, swing), color="0.4", lw=1.2)
    own = series_stiffness(had, result.compliance) * result.breathing
    axes.plot(*_shown(had, own), "o", color=OURS, ms=7, label="this holder")
    wanted = in_unit(result.asked.swing, "MPa")
    axes.axhline(wanted, color="k", ls="-.", lw=1.2, label=f"wanted: {wanted:.3g} MPa or less")
    if np.isfinite(result.stiffest):
        place = _shown(result.stiffest, result.asked.swing)
        axes.plot(*place, "v", color=SOFT, ms=8, label="softer than this")
    axes.set_xscale("log")
    axes.set_yscale("log")
    set_log_ticks(axes.xaxis, in_unit(1.0, "MPa.um-1") * stiffness, 3.5)
    axes.set_xlabel("Stiffness of the holder / MPa µm$^{-1}$")
    axes.set_ylabel("Swing of a cycle / MPa")


def _shown(stiffness, swing):
    return convert(stiffness, "Pa.m-1", "MPa.um-1"), convert(swing, "Pa", "MPa")
