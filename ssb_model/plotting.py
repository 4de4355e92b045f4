"""Figures; no physics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    import xarray as xr


def plot_discharge(title: str, row: dict[str, Any], data: xr.Dataset, axes=None) -> Figure:
    """Voltage against capacity, per gram of active material below, per area above."""
    per_gram = row["capacity_mAh_g"] / row["capacity_mAh_cm2"] if row["capacity_mAh_cm2"] else 1.0
    breathes = not row["held"].endswith(" MPa, isostatic")
    if axes is None:
        figure = Figure(figsize=(5.5, 6.2 if breathes else 4.0), layout="constrained")
        axes, *below = figure.subplots(
            2 if breathes else 1, squeeze=False, height_ratios=[2, 1] if breathes else [1]
        )[:, 0]
        if breathes:
            _plot_stack(below[0], data)
    label = f"{row['c_rate']:g}C, {row['temperature_C']:g} °C, {row['held']}"
    axes.plot(data["capacity"] * per_gram, data["voltage"], lw=1.8, label=label)
    if not row["capacity_mAh_cm2"]:
        axes.text(0.5, 0.5, row["stopped_by"], ha="center", transform=axes.transAxes)
    axes.set_xlabel("Discharge capacity / mAh per g of active material")
    axes.set_ylabel("Voltage / V")
    axes.set_xlim(left=0)
    above = axes.secondary_xaxis("top", (lambda q: q / per_gram, lambda q: q * per_gram))
    above.set_xlabel("Capacity / mAh cm$^{-2}$")
    rate = row["charge_c_rate"]
    before = (
        row["charge_before"] if rate is None else f"charged {row['charge_before']} at {rate:g}C"
    )
    axes.legend(title=before, loc="lower left", frameon=False)
    axes.set_title(title, fontsize=10)
    axes.grid(alpha=0.25)
    return axes.figure


def _plot_stack(axes, data: xr.Dataset) -> None:
    """Stack pressure and thickness changes against time."""
    hours = data["time"] / 3600
    axes.plot(hours, data["stack_pressure"], color="C1", lw=1.8)
    axes.set_xlabel("Time of discharge / h")
    axes.set_ylabel("Stack pressure / MPa", color="C1")
    axes.set_xlim(left=0)
    axes.grid(alpha=0.25)
    right = axes.twinx()
    for part, style in (("cell", "-"), ("positive", "--"), ("negative", ":"), ("separator", "-.")):
        right.plot(hours, data[f"{part}_thickness_change"], style, color="C2", label=part)
    right.set_ylabel("Thickness change / µm", color="C2")
    right.legend(fontsize=8, frameon=False)


RESISTANCES = (
    ("separator_resistance_Ohm_cm2", "separator", "o-", "C0"),
    ("positive_interface_Ohm_cm2", "positive interface", "s-", "C1"),
    ("negative_interface_Ohm_cm2", "negative interface", "^-", "C2"),
)
CONTACT = (
    ("positive_contact_fraction", "contact fraction, positive", "s-", "C1"),
    ("negative_contact_fraction", "contact fraction, negative", "^-", "C2"),
    ("separator_bonded_share", "bonded share, separator", "o:", "C0"),
    ("positive_bonded_share", "bonded share, positive", "s:", "C1"),
    ("negative_bonded_share", "bonded share, negative", "^--", "C2"),
)
CAPACITY = (("discharge_capacity_mAh_g", "", "D-", "C3"),)
FEW = 20  # points up to which each is marked


def plot_pressure_steps(title: str, rows, cycles, conditions) -> Figure:
    """Resistance, contact and capacity: the cycles before on the left, the steps on the right."""
    figure = Figure(figsize=(10.0 if cycles else 7.5, 7.5), layout="constrained")
    grid = figure.subplots(3, 2 if cycles else 1, squeeze=False, sharey="row", sharex="col")
    panels = [(grid[:, -1], rows, range(1, len(rows) + 1))]
    if cycles:
        panels.append((grid[:, 0], cycles, [row["cycle"] for row in cycles]))
    for column, table, x in panels:
        marked = table is rows or len(table) <= FEW
        for axes, curves in zip(column, (RESISTANCES, CONTACT, CAPACITY), strict=True):
            for key, label, style, color in curves:
                if key in table[0]:
                    values = [row[key] for row in table]
                    shape = style if marked else style[1:]
                    axes.plot(x, values, shape, color=color, label=label, fillstyle="none")
            axes.grid(alpha=0.25)
    _label_steps(grid[:, -1], rows, conditions)
    _label_rows(grid[:, 0], [*rows, *cycles])
    if cycles:
        _label_cycles(grid[2, 0], conditions)
    for axes in grid[:2, -1]:
        axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.suptitle(title, fontsize=10)
    return figure


def _label_rows(axes, table) -> None:
    axes[0].set_ylabel("Resistance / $\\Omega$ cm$^2$")
    axes[0].set_yscale("log")
    axes[1].set_ylabel("Share")
    axes[1].set_ylim(0, 1.05)
    axes[2].set_ylabel("Capacity / mAh g$^{-1}$")
    axes[2].set_ylim(0, 1.1 * max(1, *(row["discharge_capacity_mAh_g"] for row in table)))


def _label_steps(axes, rows, conditions) -> None:
    rate = rows[0]["discharge_c_rate"]
    axes[0].set_title(f"steps, read at {conditions['steps_read_at']}", fontsize=9)
    axes[2].set_title(f"{rate:g}C discharge after {rate:g}C charge, CC, no CV", fontsize=9)
    axes[2].set_xticks(range(1, len(rows) + 1), [f"{row['stack_pressure_MPa']:g}" for row in rows])
    axes[2].set_xlabel("Stack pressure of each step / MPa")
    for number, row in enumerate(rows, start=1):
        if row["stopped_by"].startswith("never began"):
            axes[2].annotate("never began ", (number, 0), rotation=90, ha="right", fontsize=8)


def _label_cycles(axes, conditions) -> None:
    rate, charge = conditions["cycle_c_rate"], conditions["cycle_charge"]
    pressure = conditions["cycle_pressure_MPa"]
    axes.set_title(f"{rate:g}C discharge after {rate:g}C charge, {charge}", fontsize=9)
    axes.set_xlabel(f"Cycle at {pressure:g} MPa, read at the end of its discharge")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def plot_rate_test(title: str, runs) -> Figure:
    """Curves at each pressure, slow rates dark and fast ones light; capacity against rate."""
    held = list(dict.fromkeys(run.row["held"] for run in runs))
    rates = sorted({run.row["c_rate"] for run in runs})
    shades = dict(zip(rates, colormaps["viridis"](np.linspace(0, 0.9, len(rates))), strict=True))
    figure = Figure(figsize=(4.2 * (len(held) + 1), 4.2), layout="constrained")
    *panels, against_rate = figure.subplots(1, len(held) + 1)
    for axes, words in zip(panels, held, strict=True):
        seen = set()
        for run in runs:
            row = run.row
            if row["held"] != words or not row["capacity_mAh_cm2"]:
                continue
            per_gram = row["capacity_mAh_g"] / row["capacity_mAh_cm2"]
            again = row["c_rate"] in seen
            seen.add(row["c_rate"])
            axes.plot(
                run.data["capacity"] * per_gram,
                run.data["voltage"],
                ls="--" if again else "-",
                color=shades[row["c_rate"]],
                label=f"{row['c_rate']:g}C" + (", again" if again else ""),
            )
        axes.set_title(words, fontsize=9)
        axes.set_xlabel("Discharge capacity / mAh g$^{-1}$")
        axes.set_xlim(left=0)
        axes.grid(alpha=0.25)
        axes.legend(fontsize=7, frameon=False, loc="upper right")
        axes.sharey(panels[0])
    panels[0].set_ylabel("Voltage / V")
    for marker, words in zip("osD^vP*X", held, strict=False):
        rows = [run.row for run in runs if run.row["held"] == words]
        points = [(row["c_rate"], row["capacity_mAh_g"]) for row in rows]
        first = dict(reversed(points))  # at each rate; what comes again has no line
        (line,) = against_rate.plot(*zip(*sorted(first.items()), strict=True), ls=":")
        style = {"color": line.get_color(), "fillstyle": "none", "ls": "", "label": words}
        against_rate.plot(*zip(*points, strict=True), marker=marker, **style)
    against_rate.set_xscale("log")
    against_rate.set_xticks(rates, [f"{rate:g}" for rate in rates])
    against_rate.minorticks_off()
    against_rate.set_xlabel("C-rate")
    against_rate.set_ylabel("Discharge capacity / mAh g$^{-1}$")
    against_rate.set_ylim(bottom=0)
    against_rate.grid(alpha=0.25)
    against_rate.legend(fontsize=7, frameon=False)
    charge = {run.row["charge_c_rate"] for run in runs}
    how = "at the same rate" if len(charge) > 1 else f"at {charge.pop():g}C"
    figure.suptitle(f"{title}; charged {runs[0].row['charge_before']}, {how}", fontsize=10)
    return figure
