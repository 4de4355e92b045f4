"""The window of stack pressure against rate, and how long lithium takes to a short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import PRESSURE, column, head
from ssb_model.figures.scales import INKS, set_log_ticks

if TYPE_CHECKING:
    import pandas as pd

WINDOW = "#117733"
LOWER = {  # column: label, colour, marker
    "Least pressure for the job": ("enough for the job", INKS[0], "o"),
    "Least pressure against voids": ("creep refills what stripping takes", INKS[4], "s"),
    "Least pressure against plating": ("nothing plates on charge", INKS[3], "D"),
}
GREATEST = "Greatest pressure against creep"
TOO_MUCH = INKS[1]


def plot_pressure_window(
    title: str,
    words: str,
    rows: pd.DataFrame,
    creep: pd.DataFrame | None,
    hours: float,
    own: float,
) -> Figure:
    """Ends of the window [MPa] over the C-rate; beside it hours to a short over pressure.

    ``creep`` is none for a cell without lithium metal: there the window has no upper end.
    """
    panels = 1 if creep is None else 2
    figure = Figure((6.4 if panels == 1 else 10.0, 4.8), layout="constrained")
    window, *beside = figure.subplots(1, panels, squeeze=False)[0]
    rows = rows.sort_values("C-rate")
    _draw_window(window, rows, own)
    if beside:
        _draw_hours(beside[0], creep, hours, own)
    for axes in (window, *beside):
        axes.grid(alpha=0.25)
    head(figure, title, words)
    window.legend(fontsize=7, frameon=False, loc="best")
    return figure


def _draw_window(axes, rows, own: float) -> None:
    rates = rows["C-rate"].to_numpy(float)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(rates[0] / 1.25, rates[-1] * 1.25)
    ends, drawn = [], [own]
    for name, (label, ink, marker) in LOWER.items():
        if f"{name} [MPa]" not in rows:
            continue
        values = rows[f"{name} [MPa]"].to_numpy(float)
        ends.append(values)
        drawn += list(_draw_end(axes, rows, name, values, ink, marker, label))
    least = np.max(ends, axis=0)
    if f"{GREATEST} [MPa]" in rows:
        greatest = rows[f"{GREATEST} [MPa]"].to_numpy(float)
        label = "lithium creeps through the separator"
        drawn += list(_draw_end(axes, rows, GREATEST, greatest, TOO_MUCH, "v", label))
    else:
        greatest = np.full_like(least, np.inf)
    shown = np.array([x for x in drawn if np.isfinite(x) and x > 0])
    low, high = shown.min() / 1.5, shown.max() * 2
    fine = np.geomspace(rates[0], rates[-1], 200)
    if len(rates) == 1:  # a stripe of its own
        fine = rates[0] * np.array([0.95, 1.05])
    lower, upper = (
        np.exp(np.interp(np.log(fine), np.log(rates), np.log(np.clip(each, low, 10 * high))))
        for each in (np.nan_to_num(least, nan=np.inf), greatest)
    )
    fill = {"color": WINDOW, "alpha": 0.15, "lw": 0, "label": "window"}
    axes.fill_between(fine, lower, np.minimum(upper, high), where=upper > lower, **fill)
    axes.axhline(own, color="k", ls=":", lw=1, label=f"the cell's own, {own:g} MPa")
    axes.set_ylim(low, high)
    set_log_ticks(axes.xaxis, rates, 4)
    set_log_ticks(axes.yaxis, np.array([low, high]), 4)
    axes.set_xlabel("C-rate")
    axes.set_ylabel(column(PRESSURE).label)


def _draw_end(axes, rows, name: str, values, ink: str, marker: str, label: str):
    """One end with its interval; what was drawn."""
    rates = rows["C-rate"].to_numpy(float)
    axes.plot(rates, values, marker=marker, color=ink, lw=1.6, ms=5, mfc="w", label=label)
    names = [f"{name} {end} [MPa]" for end in ("low", "high")]
    if not set(names) <= set(rows.columns):
        return values
    bands = rows[names].to_numpy(float).T
    limited = [np.clip(np.nan_to_num(band, nan=np.nan, posinf=1e6), 1e-3, 1e6) for band in bands]
    if len(rates) > 1:
        axes.fill_between(rates, *limited, color=ink, alpha=0.12, lw=0)
    else:
        axes.vlines(rates, *limited, color=ink, alpha=0.5, lw=3)
    return [*values, *(x for band in bands for x in band if np.isfinite(x) and x < 1e3)]


def _draw_hours(axes, creep, hours: float, own: float) -> None:
    """Hours until lithium is through, with 5 to 95 % of the draws."""
    at = creep[PRESSURE]
    names = ["Time to short low [h]", "Time to short [h]", "Time to short high [h]"]
    low, middle, high = (creep[name].to_numpy(float) for name in names)
    floor, ceiling = 0.01, 1e6
    known = np.isfinite(low)
    band = {"color": TOO_MUCH, "alpha": 0.15, "lw": 0, "label": "5–95 % of the draws"}
    axes.fill_between(at[known], low[known], np.minimum(high[known], ceiling), **band)
    axes.plot(at, middle, color=TOO_MUCH, lw=1.8, label="lithium is through after")
    axes.axhline(hours, color="k", ls="-.", lw=1.2, label=f"asked for: {hours:g} h")
    axes.axvline(own, color="k", ls=":", lw=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(floor, ceiling)
    axes.set_xlim(at.min(), at.max())
    set_log_ticks(axes.xaxis, at.to_numpy(float), 4)
    axes.set_xlabel(column(PRESSURE).label)
    axes.set_ylabel("Time to a short / h")
    axes.legend(fontsize=7, frameon=False, loc="lower left")
