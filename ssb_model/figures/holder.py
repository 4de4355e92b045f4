"""The pressure a holder gives over time, and which spring keeps its swing small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import PRESSURE, column, head
from ssb_model.figures.scales import INKS, set_log_ticks
from ssb_model.laws.mechanics import series_stiffness
from ssb_model.quantities.units import convert, in_unit

if TYPE_CHECKING:
    import pandas as pd

OURS, SOFT, WINDOW = INKS[0], INKS[1], "#117733"


class Course(NamedTuple):
    """A holder and the course of its pressure, in SI; ``soft`` is that in the spring wanted."""

    time: np.ndarray
    pressure: np.ndarray
    soft: np.ndarray | None
    preload: float
    window: tuple[float, float] | None
    wanted: float  # swing
    stiffness: float
    stiffest: float  # infinite where any holder does
    compliance: float
    breathing: float


def plot_holder(title: str, words: str, held: Course) -> Figure:
    """Left the course of pressure, right the swing of a cycle against stiffness."""
    figure = Figure((10.0, 4.6), layout="constrained")
    course, swings = figure.subplots(1, 2, width_ratios=[3, 2])
    hours = convert(held.time, "s", "h")
    line = {"lw": 1.2, "color": OURS, "label": "this holder"}
    course.plot(hours, convert(held.pressure, "Pa", "MPa"), **line)
    if held.soft is not None:
        line = {"lw": 1.2, "color": SOFT, "label": f"the spring for {_mpa(held.wanted):.3g} MPa"}
        course.plot(hours, convert(held.soft, "Pa", "MPa"), **line)
    if held.window is not None:
        ends = map(_mpa, held.window)
        course.axhspan(*ends, color=WINDOW, alpha=0.12, lw=0, label="to stay within")
    label = f"set at {_mpa(held.preload):.3g} MPa"
    course.plot(0, _mpa(held.preload), "o", color="k", ms=5, zorder=5, label=label)
    course.set_xlabel("Time / h")
    course.set_ylabel(column(PRESSURE).label)
    course.set_ylim(bottom=0)
    _draw_swings(swings, held)
    for axes in (course, swings):
        axes.grid(alpha=0.25)
        axes.legend(fontsize=7, frameon=False)
    head(figure, title, words)
    return figure


def _mpa(pressure: float) -> float:
    return in_unit(pressure, "MPa")


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


def _draw_swings(axes, held: Course) -> None:
    """The swing of the last cycle over the stiffness of the holder, both wanted and had."""
    known = [each for each in (held.stiffness, held.stiffest) if np.isfinite(each)]
    stiffness = np.geomspace(min(known) / 10, max(known) * 10, 100)

    def swing(stiff):
        return series_stiffness(stiff, held.compliance) * held.breathing

    axes.plot(*_shown(stiffness, swing(stiffness)), color="0.4", lw=1.2)
    ours = _shown(held.stiffness, swing(held.stiffness))
    axes.plot(*ours, "o", color=OURS, ms=7, label="this holder")
    wanted = _mpa(held.wanted)
    axes.axhline(wanted, color="k", ls="-.", lw=1.2, label=f"wanted: {wanted:.3g} MPa or less")
    if np.isfinite(held.stiffest):
        place = _shown(held.stiffest, held.wanted)
        axes.plot(*place, "v", color=SOFT, ms=8, label="as soft as this or softer")
    axes.set_xscale("log")
    axes.set_yscale("log")
    set_log_ticks(axes.xaxis, convert(stiffness, "Pa.m-1", "MPa.um-1"), 3.5)
    axes.set_xlabel("Stiffness of the holder / MPa µm$^{-1}$")
    axes.set_ylabel("Swing of a cycle / MPa")


def _shown(stiffness, swing):
    return convert(stiffness, "Pa.m-1", "MPa.um-1"), convert(swing, "Pa", "MPa")
