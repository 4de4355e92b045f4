"""Discharges: one, several, at one rate after another, what limits each; measured as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps

from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import set_log_steps
from ssb_model.quantities.names import LAYERS
from ssb_model.quantities.registry import band_of
from ssb_model.quantities.units import convert, in_unit

if TYPE_CHECKING:
    import xarray as xr


POINTS = "oxs^+dv"
GREYS = ("0.0", "0.45", "0.25", "0.6")
ORDER = {  # from the voltage at rest down: name, label, colour
    "Positive electrode particle diffusion loss [mV]": ("particle diffusion", "#332288"),
    "Positive electrode uneven lithium loss [mV]": ("uneven through depth", "#6699CC"),
    "Positive electrode contact spot loss [mV]": ("contact spots", "#88CCEE"),
    "Positive electrode charge-transfer loss [mV]": ("charge transfer", "#117733"),
    "Positive electrode film loss [mV]": ("film", "#999933"),
    "Positive electrode ionic loss [mV]": ("ions in the composite", "#DDCC77"),
    "Positive electrode electronic loss [mV]": ("electrons in the composite", "#661100"),
    "Separator loss [mV]": ("separator", "#CC6677"),
    "Contact overpotential [mV]": ("layer faces", "#888888"),
    "Negative electrode loss [mV]": ("negative electrode", "#AA4499"),
}
HATCH = {
    "Positive electrode charge-transfer loss [mV]": "//",
    "Positive electrode film loss [mV]": "..",
    "Separator loss [mV]": "\\\\",
    "Negative electrode loss [mV]": "xx",
}
COLUMNS = 4


def plot_discharge(
    title: str, row: dict[str, Any], data: xr.Dataset, axes=None, measured=(), bands=None
) -> Figure:
    """Voltage against capacity, per gram of active material below, per area above."""
    per_gram = (
        row["Capacity [mA.h.g-1]"] / row["Capacity [mA.h.cm-2]"]
        if row["Capacity [mA.h.cm-2]"]
        else 1.0
    )
    breathes = not row["Held"].endswith(" MPa, isostatic")
    alone = axes is None
    if alone:
        figure = Figure(figsize=(5.5, 6.2 if breathes else 4.0), layout="constrained")
        heights = [2, 1] if breathes else [1]
        axes, *below = figure.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0]
        for stack in below:
            _plot_stack(stack, data)
    label = f"{row['C-rate']:g}C, {row['Temperature [degC]']:g} °C, {row['Held']}"
    axes.plot(data["Capacity [mA.h.cm-2]"] * per_gram, data["Voltage [V]"], lw=1.8, label=label)
    draw_band(axes, bands, 0, row, "C0", f"5 to 95 % of {bands.asked} draws" if bands else "")
    _draw_measured(axes, measured)
    if not row["Capacity [mA.h.cm-2]"]:
        axes.text(0.5, 0.5, row["Stopped by"], ha="center", transform=axes.transAxes)
    axes.set_xlabel("Discharge capacity / mAh per g of active material")
    axes.set_ylabel("Voltage / V")
    axes.set_xlim(left=0)
    above = axes.secondary_xaxis("top", (lambda q: q / per_gram, lambda q: q * per_gram))
    above.set_xlabel("Capacity / mAh cm$^{-2}$")
    if alone and len(measured) > 1:  # more lines than there is room for beside the curves
        where = {"loc": "outside lower center", "ncols": 2, "fontsize": 8}
        axes.figure.legend(title=row["Before"], frameon=False, **where)
    else:
        axes.legend(title=row["Before"], loc="lower left", frameon=False)
    axes.set_title(title, fontsize=10)
    axes.grid(alpha=0.25)
    return axes.figure


def draw_band(axes, bands, number: int, row, color, label: str = "", median: bool = True) -> None:
    """Capacity of draws at each voltage: 5 to 95 % filled, the median a thin line."""
    curve = None if bands is None else bands.curve(number, row)
    if curve is None:
        return
    low, middle, high = curve
    voltages = bands.course.axis
    axes.fill_betweenx(voltages, low, high, color=color, alpha=0.15, lw=0, label=label or None)
    if median:
        axes.plot(middle, voltages, "-", color=color, lw=0.8)


def _plot_stack(axes, data: xr.Dataset) -> None:
    """Stack pressure and thickness changes against time."""
    hours = in_unit(data["Time [s]"], "h")
    axes.plot(hours, data["Stack pressure [MPa]"], color="C1", lw=1.8)
    axes.set_xlabel("Time of discharge / h")
    axes.set_ylabel("Stack pressure / MPa", color="C1")
    axes.set_xlim(left=0)
    axes.grid(alpha=0.25)
    right = axes.twinx()
    for part, style in (("cell", "-"), ("positive", "--"), ("negative", ":"), ("separator", "-.")):
        right.plot(
            hours,
            data[f"{LAYERS.get(part, 'Cell')} thickness change [um]"],
            style,
            color="C2",
            label=part,
        )
    right.set_ylabel("Thickness change / µm", color="C2")
    right.legend(fontsize=8, frameon=False)


def plot_rate_test(title: str, runs, measured=(), bands=None) -> Figure:
    """Curves at each pressure, slow rates dark and fast ones light; capacity against rate."""
    way = runs[0].row["Direction"].capitalize()
    held = list(dict.fromkeys(run.row["Held"] for run in runs))
    rates = sorted({run.row["C-rate"] for run in runs})
    shades = dict(zip(rates, colormaps["viridis"](np.linspace(0, 0.9, len(rates))), strict=True))
    figure = Figure(figsize=(4.2 * (len(held) + 1), 4.2), layout="constrained")
    *panels, against_rate = figure.subplots(1, len(held) + 1)
    for axes, words in zip(panels, held, strict=True):
        seen = set()
        for number, run in enumerate(runs):
            rate = run.row["C-rate"]
            if run.row["Held"] != words:
                continue
            if rate not in seen:
                draw_band(axes, bands, number, run.row, shades[rate], median=False)
            if not run.row["Capacity [mA.h.cm-2]"]:
                continue
            style, label = ("--", f"{rate:g}C, again") if rate in seen else ("-", f"{rate:g}C")
            seen.add(rate)
            x = _per_gram(run.row, run.data)
            axes.plot(x, run.data["Voltage [V]"], style, color=shades[rate], label=label)
        _draw_measured(axes, measured)
        axes.set_title(words, fontsize=9)
        axes.set_xlabel(f"{way} capacity / mAh g$^{{-1}}$")
        axes.set_xlim(left=0)
        axes.grid(alpha=0.25)
        corner = "lower left" if way == "Discharge" else "lower right"  # where no curve is
        axes.legend(fontsize=7, frameon=False, loc=corner)
        axes.sharey(panels[0])
    panels[0].set_ylabel("Voltage / V")
    for marker, words in zip("osD^vP*X", held, strict=False):
        rows = [run.row for run in runs if run.row["Held"] == words]
        points = [(row["C-rate"], row["Capacity [mA.h.g-1]"]) for row in rows]
        first = dict(reversed(points))  # at each rate; what comes again has no line
        (line,) = against_rate.plot(*zip(*sorted(first.items()), strict=True), ls=":")
        style = {"color": line.get_color(), "fillstyle": "none", "ls": "", "label": words}
        against_rate.plot(*zip(*points, strict=True), marker=marker, **style)
        if bands is not None:
            _band_of_rates(against_rate, runs, bands, words, line.get_color())
    seen = [(one.c_rate, one.capacity[-1]) for one in measured if one.c_rate]
    if seen:
        against_rate.plot(*zip(*seen, strict=True), "k+", ms=9, label="measured")
    against_rate.set_xscale("log")
    against_rate.set_xticks(rates, [f"{rate:g}" for rate in rates])
    against_rate.minorticks_off()
    against_rate.set_xlabel("C-rate")
    against_rate.set_ylabel(f"{way} capacity / mAh g$^{{-1}}$")
    against_rate.set_ylim(bottom=0)
    against_rate.grid(alpha=0.25)
    against_rate.legend(fontsize=7, frameon=False)
    figure.suptitle(f"{title}; {_before(runs)}", fontsize=10)
    return figure


def _band_of_rates(axes, runs, bands, held: str, color) -> None:
    """Capacity of draws at each rate, where it comes first: 5 to 95 % filled."""
    name, found = "Capacity [mA.h.g-1]", {}
    for number, run in enumerate(runs):
        spread = [bands.of_row(number, run.row).get(one) for one in band_of(name)]
        if run.row["Held"] == held and None not in spread:
            found.setdefault(run.row["C-rate"], spread)
    if found:
        rates = sorted(found)
        low, median, high = np.array([found[rate] for rate in rates]).T
        label = f"5 to 95 % of {bands.asked} draws, and their median"
        axes.fill_between(rates, low, high, color=color, alpha=0.18, lw=0, label=label)
        axes.plot(rates, median, "-", color=color, lw=0.8)


def _per_gram(row: dict[str, Any], data: xr.Dataset) -> np.ndarray:
    """Capacity along a run, per gram of active material."""
    return (
        data["Capacity [mA.h.cm-2]"].values
        * row["Capacity [mA.h.g-1]"]
        / row["Capacity [mA.h.cm-2]"]
    )


def _before(runs) -> str:
    """What came before each run, in one phrase."""
    row = runs[-1].row
    other = "charge" if row["Direction"] == "discharge" else "discharge"
    rates = {run.row[f"{other.capitalize()} C-rate"] for run in runs} - {None}
    if not rates:
        return row["Before"]
    at = "the same rate" if len(rates) > 1 else f"{rates.pop():g}C"
    return f"{other}d at {at}, {row[f'{other.capitalize()} before']}"


def plot_limits(title: str, runs, measured=()) -> Figure:
    """One panel a discharge; the widest band is what costs most."""
    rates = len({run.row["C-rate"] for run in runs})
    whole = rates <= COLUMNS and len(runs) % rates == 0  # then a line a pressure
    columns = rates if whole and len(runs) > rates else min(COLUMNS, len(runs))
    lines = -(-len(runs) // columns)
    figure = Figure(figsize=(max(4.2 * columns, 6.5), 3.9 * lines + 0.9), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    handles = {}
    for axes, run in zip(grid.flat, runs, strict=False):
        _draw_losses(axes, run)
        _draw_measured(axes, measured)
        found = zip(*axes.get_legend_handles_labels(), strict=True)
        handles.update({label: handle for handle, label in found})
    for axes in list(grid.flat)[len(runs) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("Voltage / V")
    below = {"loc": "outside lower center", "ncols": 4, "fontsize": 8, "frameon": False}
    figure.legend(handles.values(), handles.keys(), **below)
    figure.suptitle(title, fontsize=10)
    return figure


def _draw_losses(axes, run) -> None:
    row, data = run.row, run.data
    axes.set_title(f"{row['C-rate']:g}C, {row['Held']}; {row['Before']}", fontsize=8)
    axes.set_xlabel("Discharge capacity / mAh g$^{-1}$")
    axes.grid(alpha=0.25)
    if not row["Capacity [mA.h.cm-2]"]:
        axes.text(0.5, 0.5, row["Stopped by"], ha="center", transform=axes.transAxes, fontsize=8)
        return
    x = _per_gram(row, data)
    top = data["Open-circuit voltage [V]"].values
    axes.plot(x, top, "k--", lw=1.4, label="at rest")
    for name, (label, color) in ORDER.items():
        bottom = top - convert(data[name].values, "mV", "V")
        if np.any(np.abs(data[name].values) > 0):
            style = {"color": color, "hatch": HATCH.get(name), "ec": "white", "lw": 0}
            axes.fill_between(x, bottom, top, label=label, **style)
        top = bottom
    axes.plot(x, data["Voltage [V]"], "k", lw=1.6, label="under current")
    axes.set_xlim(left=0)


def _draw_measured(axes, curves) -> None:
    """Voltage over capacity as points, each curve with a marker and a grey of its own."""
    for number, curve in enumerate(curves):
        style = {"marker": POINTS[number % len(POINTS)], "color": GREYS[number % len(GREYS)]}
        axes.plot(curve.capacity, curve.voltage, ls="", ms=2.5, label=curve.label, **style)


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
