"""Capacity, efficiency, voltage, resistance and contact cycle by cycle; spectra."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

PANELS = (  # label, then (key, factor, legend, marker, colour) of each curve
    ("Discharge capacity / mAh g$^{-1}$", (("discharge_capacity_mAh_g", 1, "", "o", "C3"),)),
    ("Coulombic efficiency / %", (("coulombic_efficiency", 100, "", "D", "C4"),)),
    (
        "Mean voltage / V",
        (
            ("mean_charge_voltage_V", 1, "charge", "^", "C5"),
            ("mean_voltage_V", 1, "discharge", "v", "C7"),
        ),
    ),
    ("Polarisation / mV", (("polarisation_V", 1e3, "", "o", "k"),)),
    (
        "Interface resistance / $\\Omega$ cm$^2$",
        (
            ("positive_interface_Ohm_cm2", 1, "positive", "s", "C1"),
            ("negative_interface_Ohm_cm2", 1, "negative", "^", "C2"),
        ),
    ),
    (
        "Contact fraction",
        (
            ("positive_contact_fraction", 1, "positive", "s", "C1"),
            ("negative_contact_fraction", 1, "negative", "^", "C2"),
        ),
    ),
)
FEW = 30  # cycles up to which each is marked
LEAST_SPAN = {"Coulombic efficiency / %": 0.2, "Mean voltage / V": 0.02, "Polarisation / mV": 2.0}


def plot_cycling(title: str, rows, spectra, conditions, measured=()) -> Figure:
    """Six panels against the cycle number; below, Nyquist, early cycles dark, late ones light."""
    figure = Figure(figsize=(8.3, 10.5 if spectra else 8.0), layout="constrained")
    heights = [1, 1, 1, *([1.3] if spectra else [])]
    grid = figure.add_gridspec(len(heights), 2, height_ratios=heights)
    panels = [figure.add_subplot(grid[row, column]) for row in range(3) for column in range(2)]
    for axes, (label, curves) in zip(panels, PANELS, strict=True):
        _against_cycle(axes, rows, label, curves)
        axes.sharex(panels[0])
    draw_measured(panels[0], measured)
    for axes in panels[4:]:
        axes.set_xlabel("Cycle")
    if spectra:
        _nyquist(figure, figure.add_subplot(grid[3, :]), spectra)
    how = conditions
    cycled = (
        f"{how['c_rate']:g}C after charge at {how['charge_c_rate']:g}C, {how['charge']}; "
        f"{how['held']}, {how['temperature_C']:g} °C"
    )
    figure.suptitle(f"{title}\n{cycled}", fontsize=10)
    return figure


def _against_cycle(axes, rows, label, curves) -> None:
    """Curves by cycle; a first efficiency far below the others is written, not drawn."""
    drawn = []
    for key, factor, legend, marker, color in curves:
        points = [
            (row["cycle"], factor * row[key])
            for row in rows
            if row.get(key) is not None and row["discharge_capacity_mAh_g"]
        ]
        if key == "coulombic_efficiency" and len(points) > 2 and points[0][0] == 1:
            (_, first), *points = points
            axes.set_title(f"cycle 1: {first:.1f} %", fontsize=8, loc="left")
        if not points:
            continue
        x, y = zip(*points, strict=True)
        shape = {"marker": marker, "ms": 4, "mfc": "none"} if len(rows) <= FEW else {}
        axes.plot(x, y, color=color, label=legend, **shape)
        drawn += y
    axes.set_ylabel(label, fontsize=9)
    axes.grid(alpha=0.25)
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if label in ("Discharge capacity / mAh g$^{-1}$", "Interface resistance / $\\Omega$ cm$^2$"):
        axes.set_ylim(0, 1.15 * max([*drawn, 1e-9]))
    elif drawn:
        middle = (min(drawn) + max(drawn)) / 2
        span = max(1.2 * (max(drawn) - min(drawn)), LEAST_SPAN.get(label, 0.02))
        axes.set_ylim(middle - span / 2, middle + span / 2)
    if drawn and len(curves) > 1:
        axes.legend(fontsize=8, frameon=False)


def draw_measured(axes, measured) -> None:
    """Capacity of each measured discharge, counted as cycles."""
    if measured:
        capacities = [curve.capacity[-1] for curve in measured]
        numbers = range(1, len(capacities) + 1)
        axes.plot(numbers, capacities, "k.", ms=4, label="measured")
        axes.legend(fontsize=8, frameon=False, loc="lower left")


def _nyquist(figure, axes, spectra) -> None:
    """Equal axes, a colour bar for the cycle."""
    numbers = list(dict.fromkeys(row["cycle"] for row in spectra))
    scale = Normalize(numbers[0], max(numbers[-1], numbers[0] + 1))
    shades = ListedColormap(colormaps["viridis"](np.linspace(0, 0.9, 256)))
    for number in numbers:
        Z = [(r["Z_re_ohm_cm2"], -r["Z_im_ohm_cm2"]) for r in spectra if r["cycle"] == number]
        shade = shades(scale(number))
        axes.plot(*np.transpose(Z), ".-", ms=3, lw=1.2, color=shade, label=f"cycle {number}")
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("Z' / $\\Omega$ cm$^2$")
    axes.set_ylabel("$-$Z'' / $\\Omega$ cm$^2$")
    axes.grid(alpha=0.25)
    axes.set_title("charged, rested 10 min", fontsize=8, loc="left")
    if len(numbers) <= 8:
        axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper left")
    else:
        bar = figure.colorbar(ScalarMappable(scale, shades), ax=axes, label="Cycle", pad=0.02)
        bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
