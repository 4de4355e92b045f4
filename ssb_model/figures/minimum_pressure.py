"""The lowest stack pressure that is enough, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ssb_model.analysis.draws import censored_quantiles
from ssb_model.figures import scales
from ssb_model.figures.drawing import Figure

if TYPE_CHECKING:
    import pandas as pd

INK, SHADE, ANSWER, SPAN = "#332288", "#88CCEE", "#AA3377", "0.5"
LIMIT = {"higher": "or more", "lower": "or less"}
WIDTH = 6.6  # inches
MARKED = (5, 50, 95)  # per cent
LETTERS = 90  # of a line of the title
BOX = {"boxstyle": "round,pad=0.15", "fc": "w", "ec": "none", "alpha": 0.8}


def plot_minimum_pressure(
    title: str,
    words: str,
    curve: pd.DataFrame,
    target: float,
    quantity: str,
    answer: Mapping[str, Any],
    band: pd.DataFrame | None = None,
    minima: ArrayLike | None = None,
    better: str = "higher",
) -> Figure:
    """Runs of the nominal cell and the target; below, what share of the draws meets it.

    ``curve`` has Stack pressure [MPa] and value; ``band`` Stack pressure [MPa], low, median and
    high, from 5 to 95 % of the draws. ``minima`` is the minimum [MPa] of each draw: -inf if met
    at the lowest pressure tried, +inf if never, NaN if the draw failed.
    """
    panels = 1 if minima is None else 2
    figure = Figure((WIDTH, 4.8 if panels == 1 else 7.4), layout="constrained")
    heights = {"height_ratios": [3, 2][:panels]}
    runs, *below = figure.subplots(panels, sharex=True, squeeze=False, **heights)[:, 0]
    runs.set_xscale("log")
    tried = _tried(curve, band)
    marked = _pressures(answer, minima)
    shown = np.concatenate([tried, marked[(marked > 0) & np.isfinite(marked)]])
    runs.set_xlim(shown.min() / 1.25, shown.max() * 1.25)
    scales.set_log_ticks(runs.xaxis, shown, WIDTH - 1)
    _draw_span(runs, answer, tried, drawn=minima is not None or band is not None)
    _draw_runs(runs, curve, target, answer, band, better)
    runs.set_ylabel(quantity)
    _draw_answer([runs, *below], answer, target, tried)
    if below:
        _draw_share(below[0], np.asarray(minima, float).ravel(), tried)
    for axes in (runs, *below):
        axes.grid(alpha=0.25)
        axes.tick_params(labelbottom=True)
    (below or [runs])[-1].set_xlabel(scales.column(scales.PRESSURE).label)
    scales.head(figure, title, words)
    weight = "bold" if answer["Minimum stack pressure [MPa]"] is None else "normal"
    status = scales.in_lines(answer["status"], int((WIDTH - 1.2) * scales.LETTERS_PER_INCH))
    runs.set_title(status, fontsize=9, loc="left", fontweight=weight)
    handles = runs.get_legend_handles_labels()
    figure.legend(*handles, fontsize=8, frameon=False, loc="outside lower center", ncols=2)
    return figure


def _tried(curve, band) -> np.ndarray:
    """Pressures at which there was a run."""
    tables = [table for table in (curve, band) if table is not None]
    return np.unique(np.concatenate([table[scales.PRESSURE].to_numpy(float) for table in tables]))


def _pressures(answer, minima) -> np.ndarray:
    """All that is marked, none as NaN."""
    known = [answer["Minimum stack pressure [MPa]"], *(answer["Interval [MPa]"] or ())]
    more = [] if minima is None else np.ravel(minima)
    return np.concatenate([np.array(known, float), np.asarray(more, float)])


def _draw_runs(axes, curve, target: float, answer, band, better: str) -> None:
    if band is not None:
        at = band[scales.PRESSURE]
        shade = {"color": SHADE, "alpha": 0.5, "lw": 0, "label": "values, 5–95 % of the draws"}
        axes.fill_between(at, band["low"], band["high"], **shade)
        middle = {"color": INK, "ls": "--", "lw": 1.2, "label": "values, median of the draws"}
        axes.plot(at, band["median"], **middle)
    curve = curve.sort_values(scales.PRESSURE)
    at, values = curve[scales.PRESSURE].to_numpy(float), curve["value"].to_numpy(float)
    nominal = {"color": INK, "mfc": "w", "label": "nominal cell, runs"}
    known = np.isfinite(values)
    axes.plot(at[known], values[known], "o-", lw=1.6, ms=5, zorder=3, **nominal)
    if not known.all():
        scales.mark_failed(axes, at[~known], label="failed or refused")
    reference = answer["Reference pressure [MPa]"]
    there = known & np.isclose(at, np.nan if reference is None else reference)
    if there.any():
        label = f"reference, {reference:g} MPa"
        axes.plot(at[there], values[there], "D", color=INK, ms=7, zorder=4, label=label)
    label = f"target: {target:.4g} {LIMIT[better]}"
    axes.axhline(target, color="k", ls="-.", lw=1.2, label=label)
    others = [] if band is None else [band["low"], band["high"]]
    scales.set_output(axes, np.concatenate([values, [target], *others]))


def _draw_span(axes, answer, tried, drawn: bool) -> None:
    """The interval of the answer, open to a side that has no end."""
    if answer["Interval [MPa]"] is None:
        return
    low, high = answer["Interval [MPa]"]
    ends = [low or axes.get_xlim()[0], high or axes.get_xlim()[1]]
    words = [
        f"{low:.3g}" if low else f"below {tried[0]:.3g}",
        f"{high:.3g}" if high else f"above {tried[-1]:.3g}",
    ]
    what = "5–95 % of the draws" if drawn else "interval"
    label = f"minimum, {what}: {' to '.join(words)} MPa"
    axes.axvspan(*ends, color=SPAN, alpha=0.15, lw=0, label=label, zorder=0)


def _draw_answer(panels, answer, target: float, tried) -> None:
    """A line through all panels, with the number away from the target."""
    minimum = answer["Minimum stack pressure [MPa]"]
    if minimum is None:
        return
    for axes in panels:
        label = "minimum of the nominal cell" if axes is panels[0] else None
        axes.axvline(minimum, color=ANSWER, lw=1.6, label=label, zorder=2)
    low, high = panels[0].get_ylim()
    up = target < low + 0.3 * (high - low)
    right = np.log(minimum / tried[0]) > 0.7 * np.log(tried[-1] / tried[0])
    words = f"{minimum:.3g} MPa"
    style = {"color": ANSWER, "fontsize": 11, "fontweight": "bold", "bbox": BOX, "zorder": 6}
    panels[0].annotate(
        f"at or below {words}" if minimum <= tried[0] else words,
        (minimum, 0.95 if up else 0.05),
        (-6 if right else 6, 0),
        xycoords=panels[0].get_xaxis_transform(),
        textcoords="offset points",
        ha="right" if right else "left",
        va="top" if up else "bottom",
        **style,
    )


def _draw_share(axes, minima: np.ndarray, tried: np.ndarray) -> None:
    """Cumulative share over the pressures tried; -inf is met at the lowest, +inf never."""
    axes.set_ylabel("Draws that meet it / %")
    axes.set_ylim(0, 104)
    known = np.sort(minima[~np.isnan(minima)])
    failed = len(minima) - len(known)
    style = {"fontsize": 8, "loc": "left"}
    if not len(known):
        axes.set_title(f"no result from {failed} draws", **style)
        return
    finite = known[np.isfinite(known)]
    at = np.concatenate([[tried[0]], finite, [max(tried[-1], *finite[-1:], tried[0])]])
    share = 100 * np.searchsorted(known, at, side="right") / len(known)
    axes.plot(at, share, color=INK, lw=1.6, drawstyle="steps-post")
    words = []
    for level in MARKED:
        (pressure,) = censored_quantiles(known, (level / 100,))
        words.append(f"{level} %: {_met(pressure, tried)}")
        if np.isfinite(pressure):
            axes.vlines(pressure, 0, level, color=INK, ls=":", lw=1)
            axes.plot(pressure, level, "o", color=INK, ms=6, mec="w", zorder=4)
    more = f" ({failed} more set aside)" if failed else ""
    told = f"{len(known)} draws{more}; enough for {'; '.join(words)}"
    axes.set_title(scales.in_lines(told, LETTERS), **style)
    first, never = 100 * np.isneginf(known).mean(), 100 * np.isposinf(known).mean()
    if first:
        _tell(axes, f"{first:.2g} % already at {tried[0]:.3g} MPa", "left", first < 50)
    if never:
        _tell(axes, f"{never:.2g} % never up to {tried[-1]:.3g} MPa", "right", never > 50)


def _met(pressure: float, tried: np.ndarray) -> str:
    if np.isposinf(pressure):
        return "none tried"
    if np.isneginf(pressure):
        return f"{tried[0]:.3g} MPa or less"
    return f"{pressure:.3g} MPa"


def _tell(axes, words: str, side: str, top: bool) -> None:
    """A share at an end of the curve, in the corner that the curve leaves free."""
    at = (0.02 if side == "left" else 0.98, 0.93 if top else 0.07)
    style = {"ha": side, "va": "top" if top else "bottom", "bbox": BOX, "zorder": 6}
    axes.text(*at, words, fontsize=8, transform=axes.transAxes, **style)
