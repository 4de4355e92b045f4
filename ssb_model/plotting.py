"""Figures; no physics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    import xarray as xr


def plot_discharge(title: str, row: dict[str, Any], data: xr.Dataset, axes=None) -> Figure:
    """Voltage against capacity, per gram of active material below, per area above."""
    per_gram = row["capacity_mAh_g"] / row["capacity_mAh_cm2"] if row["capacity_mAh_cm2"] else 1.0
    breathes = _varies(data["stack_pressure"].values)
    if axes is None:
        figure = Figure(figsize=(5.5, 6.2 if breathes else 4.0), layout="constrained")
        axes, *below = figure.subplots(
            2 if breathes else 1, squeeze=False, height_ratios=[2, 1] if breathes else [1]
        )[:, 0]
        if breathes:
            _plot_stack(below[0], data)
    pressure = f"{row['stack_pressure_MPa']:g} MPa {row['stack']}"
    label = f"{row['c_rate']:g}C, {pressure}, {row['temperature_C']:g} °C"
    axes.plot(data["capacity"] * per_gram, data["voltage"], lw=1.8, label=label)
    if not row["capacity_mAh_cm2"]:
        axes.text(0.5, 0.5, row["stopped_by"], ha="center", transform=axes.transAxes)
    axes.set_xlabel("Discharge capacity / mAh per g of active material")
    axes.set_ylabel("Voltage / V")
    axes.set_xlim(left=0)
    above = axes.secondary_xaxis("top", (lambda q: q / per_gram, lambda q: q * per_gram))
    above.set_xlabel("mAh cm$^{-2}$")
    rate = row["charge_c_rate"]
    before = (
        row["charge_before"] if rate is None else f"charged {row['charge_before']} at {rate:g}C"
    )
    axes.legend(title=before, loc="lower left", frameon=False)
    axes.set_title(title, fontsize=10)
    axes.grid(alpha=0.25)
    return axes.figure


def _varies(values) -> bool:
    return bool(np.ptp(values) > 1e-3 * np.max(values))


def _plot_stack(axes, data: xr.Dataset) -> None:
    """Stack pressure and thickness changes against time."""
    hours = data["time"] / 3600
    axes.plot(hours, data["stack_pressure"], color="C1", lw=1.8)
    axes.set_xlabel("Time of discharge / h")
    axes.set_ylabel("Stack pressure / MPa", color="C1")
    axes.set_xlim(left=0)
    axes.grid(alpha=0.25)
    right = axes.twinx()
    for part, style in (("cell", "-"), ("positive", "--"), ("negative", ":")):
        right.plot(hours, data[f"{part}_thickness_change"], style, color="C2", label=part)
    right.set_ylabel("Thickness change / µm", color="C2")
    right.legend(fontsize=8, frameon=False)


RESISTANCES = (
    ("separator_resistance_Ohm_cm2", "separator", "o-"),
    ("positive_interface_Ohm_cm2", "positive interface", "s-"),
    ("negative_interface_Ohm_cm2", "negative interface", "^-"),
)
CONTACT = (
    ("positive_contact_fraction", "positive, contact fraction", "s-", "C1"),
    ("negative_contact_fraction", "negative, contact fraction", "^-", "C2"),
    ("positive_bonded_share", "positive, bonded share", "s:", "C1"),
    ("negative_bonded_share", "negative, bonded share", "^:", "C2"),
)


def plot_pressure_steps(title: str, rows, cycles, conditions) -> Figure:
    """Resistance, contact and capacity: the cycles before on the left, the steps on the right."""
    figure = Figure(figsize=(8.5 if cycles else 6.0, 7.0), layout="constrained")
    columns = 2 if cycles else 1
    grid = figure.subplots(3, columns, squeeze=False, sharey="row", sharex="col")
    panels = [(grid[:, -1], rows, range(1, len(rows) + 1))]
    if cycles:
        panels.append((grid[:, 0], cycles, [row["cycle"] for row in cycles]))
    for (resistance, contact, capacity), table, x in panels:
        step = table is rows
        for number, (key, label, style) in enumerate(RESISTANCES):
            values = [row[key] for row in table]
            resistance.plot(x, values, style if step else "-", color=f"C{number}", label=label)
        for key, label, style, color in CONTACT:
            if key in table[0]:
                values = [row[key] for row in table]
                contact.plot(x, values, style if step else style[1:], color=color, label=label)
        values = [row["discharge_capacity_mAh_g"] for row in table]
        capacity.plot(x, values, "D-" if step else "-", color="C3")
        for axes in (resistance, contact, capacity):
            axes.grid(alpha=0.25)
    last = grid[:, -1]
    last[2].set_xticks(range(1, len(rows) + 1), [f"{row['stack_pressure_MPa']:g}" for row in rows])
    last[2].set_xlabel("Stack pressure of each step / MPa")
    rate = rows[0]["discharge_c_rate"]
    last[2].set_title(f"{rate:g}C discharge after {rate:g}C charge", fontsize=9)
    first = grid[:, 0]
    first[0].set_ylabel("Resistance / $\\Omega$ cm$^2$")
    first[0].set_yscale("log")
    first[1].set_ylabel("Share")
    first[1].set_ylim(0, 1)
    first[2].set_ylabel("Capacity / mAh g$^{-1}$")
    most = max(row["discharge_capacity_mAh_g"] for row in [*rows, *cycles])
    first[2].set_ylim(0, 1.1 * max(most, 1))
    last[0].legend(fontsize=8, frameon=False)
    last[1].legend(fontsize=7, frameon=False)
    if cycles:
        cycled = conditions["cycle_c_rate"]
        first[2].set_title(f"{cycled:g}C discharge after {cycled:g}C charge", fontsize=9)
        first[2].set_xlabel(f"Cycle at {conditions['cycle_pressure_MPa']:g} MPa")
    figure.suptitle(title, fontsize=10)
    return figure
