"""Capacity, resistance and contact cycle by cycle, and over a sequence of stack pressures."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.ticker import MaxNLocator

from ssb_model.figures.drawing import Figure, draw_spread
from ssb_model.figures.scales import set_nyquist
from ssb_model.quantities import units
from ssb_model.quantities.registry import band_of

MILLI = units.factor("V", "mV")
PANELS = (  # label, then (key, factor, legend, marker, colour) of each curve
    ("Discharge capacity / mAh g$^{-1}$", (("Discharge capacity [mA.h.g-1]", 1, "", "o", "C3"),)),
    ("Coulombic efficiency / %", (("Coulombic efficiency", 100, "", "D", "C4"),)),
    (
        "Mean voltage / V",
        (
            ("Mean charge voltage [V]", 1, "Charge", "^", "C5"),
            ("Mean voltage [V]", 1, "discharge", "v", "C7"),
        ),
    ),
    ("Polarisation / mV", (("Polarisation [V]", MILLI, "", "o", "k"),)),
    (
        "Interface resistance / $\\Omega$ cm$^2$",
        (
            ("Positive electrode interface resistance [Ohm.cm2]", 1, "positive", "s", "C1"),
            ("Negative electrode interface resistance [Ohm.cm2]", 1, "negative", "^", "C2"),
        ),
    ),
    (
        "Contact fraction",
        (
            ("Positive electrode contact fraction", 1, "positive", "s", "C1"),
            ("Negative electrode contact fraction", 1, "negative", "^", "C2"),
        ),
    ),
)
BESIDE = (  # label, then (key, factor) of the solid curve and of the dashed one if there are two
    ("Discharge capacity / mAh g$^{-1}$", ("Discharge capacity [mA.h.g-1]", 1)),
    ("Retention / %", ("Retention", 100)),
    ("Polarisation / mV", ("Polarisation [V]", MILLI)),
    (
        "Interface resistance / $\\Omega$ cm$^2$\n(dashed: negative)",
        ("Positive electrode interface resistance [Ohm.cm2]", 1),
        ("Negative electrode interface resistance [Ohm.cm2]", 1),
    ),
)
MARKERS = "osD^vP*X"
FEW = 30  # cycles up to which each is marked
STEPS = (  # of each row of panels, its curves: key, legend, style, colour
    (
        ("Separator ionic resistance [Ohm.cm2]", "separator", "o-", "C0"),
        ("Positive electrode interface resistance [Ohm.cm2]", "positive interface", "s-", "C1"),
        ("Negative electrode interface resistance [Ohm.cm2]", "negative interface", "^-", "C2"),
    ),
    (
        ("Positive electrode contact fraction", "contact fraction, positive", "s-", "C1"),
        ("Negative electrode contact fraction", "contact fraction, negative", "^-", "C2"),
        ("Positive electrode loosened share", "loosened share, positive", "s:", "C1"),
        ("Negative electrode loosened share", "loosened share, negative", "^--", "C2"),
    ),
    (("Discharge capacity [mA.h.g-1]", "", "D-", "C3"),),
)
FEW_STEPS = 20  # points up to which each is marked
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
    _draw_measured(panels[0], measured)
    for axes in panels[4:]:
        axes.set_xlabel("Cycle")
    if spectra:
        _nyquist(figure, figure.add_subplot(grid[3, :]), spectra)
    how = conditions
    cycled = (
        f"{how['C-rate']:g}C after charge at {how['Charge C-rate']:g}C, {how['Charge']}; "
        f"{how['Held']}, {how['Temperature [degC]']:g} °C"
    )
    figure.suptitle(f"{title}\n{cycled}", fontsize=10)
    return figure


def plot_cycling_set(results, measured=()) -> Figure:
    """Several stack pressures in four panels; each has its colour and marker."""
    figure = Figure(figsize=(9.0, 7.0), layout="constrained")
    panels = list(figure.subplots(2, 2).flat)
    for number, result in enumerate(results):
        rows = [row for row in result.rows if row["Discharge capacity [mA.h.g-1]"]]
        few = len(rows) <= FEW
        style = {"color": f"C{number}", "mfc": "none", "ms": 4}
        style["marker"] = MARKERS[number % len(MARKERS)] if few else None
        for axes, (_, *curves) in zip(panels, BESIDE, strict=True):
            for (key, factor), ls in zip(curves, ("-", "--"), strict=False):
                points = [(r["Cycle"], factor * r[key]) for r in rows if r[key] is not None]
                label = result.conditions["Held"] if ls == "-" else None
                axes.plot(*zip(*points, strict=True), ls, label=label, **style)
    for axes, (label, *_) in zip(panels, BESIDE, strict=True):
        axes.set_ylabel(label, fontsize=9)
        axes.margins(y=0.1)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("Cycle")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.25)
    _draw_measured(panels[0], measured)
    panels[0].legend(fontsize=8, frameon=False, loc="lower left")
    how = results[0].conditions
    figure.suptitle(
        f"{results[0].title}\n{how['C-rate']:g}C after charge at {how['Charge C-rate']:g}C, "
        f"{how['Charge']}; {how['Temperature [degC]']:g} °C",
        fontsize=10,
    )
    return figure


def _against_cycle(axes, rows, label, curves) -> None:
    """Curves by cycle; a first efficiency far below the others is written, not drawn."""
    drawn = []
    for key, factor, legend, marker, color in curves:
        points = [
            (row["Cycle"], factor * row[key])
            for row in rows
            if row.get(key) is not None and row["Discharge capacity [mA.h.g-1]"]
        ]
        if key == "Coulombic efficiency" and len(points) > 2 and points[0][0] == 1:
            (_, first), *points = points
            axes.set_title(f"cycle 1: {first:.1f} %", fontsize=8, loc="left")
        if not points:
            continue
        x, y = zip(*points, strict=True)
        shape = {"marker": marker, "ms": 4, "mfc": "none"} if len(rows) <= FEW else {}
        axes.plot(x, y, color=color, label=legend, **shape)
        drawn += [*y, *_spread_of(axes, rows, set(x), key, color, factor)]
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


def _spread_of(axes, rows, cycles: set, key: str, color, factor: float) -> list[float]:
    """Of draws, at the cycles of the curve itself."""
    shown = [row for row in rows if row["Cycle"] in cycles]
    return draw_spread(axes, [row["Cycle"] for row in shown], shown, key, color, factor)


def _draw_measured(axes, measured) -> None:
    """Capacity of each measured discharge, counted as cycles."""
    if measured:
        capacities = [curve.capacity[-1] for curve in measured]
        numbers = range(1, len(capacities) + 1)
        axes.plot(numbers, capacities, "k.", ms=4, label="measured")
        axes.legend(fontsize=8, frameon=False, loc="lower left")


def _nyquist(figure, axes, spectra) -> None:
    """Equal axes, a colour bar for the cycle."""
    numbers = list(dict.fromkeys(row["Cycle"] for row in spectra))
    scale = Normalize(numbers[0], max(numbers[-1], numbers[0] + 1))
    shades = ListedColormap(colormaps["viridis"](np.linspace(0, 0.9, 256)))
    for number in numbers:
        Z = [(r["Z_re [Ohm.cm2]"], -r["Z_im [Ohm.cm2]"]) for r in spectra if r["Cycle"] == number]
        shade = shades(scale(number))
        axes.plot(*np.transpose(Z), ".-", ms=3, lw=1.2, color=shade, label=f"cycle {number}")
    set_nyquist(axes)
    axes.set_title("charged, rested 10 min", fontsize=8, loc="left")
    if len(numbers) <= 8:
        axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper left")
    else:
        bar = figure.colorbar(ScalarMappable(scale, shades), ax=axes, label="Cycle", pad=0.02)
        bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def plot_pressure_steps(title: str, rows, cycles, conditions) -> Figure:
    """Resistance, contact and capacity: the cycles before on the left, the steps on the right."""
    figure = Figure(figsize=(10.0 if cycles else 7.5, 7.5), layout="constrained")
    grid = figure.subplots(3, 2 if cycles else 1, squeeze=False, sharey="row", sharex="col")
    panels = [(grid[:, -1], rows, range(1, len(rows) + 1))]
    if cycles:
        panels.append((grid[:, 0], cycles, [row["Cycle"] for row in cycles]))
    for column, table, x in panels:
        marked = table is rows or len(table) <= FEW_STEPS
        for axes, curves in zip(column, STEPS, strict=True):
            for key, label, style, color in curves:
                if key in table[0]:
                    values = [row[key] for row in table]
                    shape = style if marked else style[1:]
                    axes.plot(x, values, shape, color=color, label=label, fillstyle="none")
                    draw_spread(axes, x, table, key, color)
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
    axes[2].set_ylim(0, 1.1 * max(1, *_capacities(table)))


def _capacities(table) -> list[float]:
    """Of rows and, where there are draws, the high end of them."""
    name = "Discharge capacity [mA.h.g-1]"
    return [max(row[name], row.get(band_of(name)[2]) or 0) for row in table]


def _label_steps(axes, rows, conditions) -> None:
    rate = rows[0]["Discharge C-rate"]
    axes[0].set_title(f"steps, read at {conditions['Steps read at']}", fontsize=9)
    axes[2].set_title(f"{rate:g}C discharge after {rate:g}C charge, CC, no CV", fontsize=9)
    axes[2].set_xticks(
        range(1, len(rows) + 1), [f"{row['Stack pressure [MPa]']:g}" for row in rows]
    )
    axes[2].set_xlabel("Stack pressure of each step / MPa")
    for number, row in enumerate(rows, start=1):
        if row["Stopped by"].startswith("never began"):
            axes[2].annotate("never began ", (number, 0), rotation=90, ha="right", fontsize=8)


def _label_cycles(axes, conditions) -> None:
    rate, charge = conditions["Cycle C-rate"], conditions["Cycle charge"]
    pressure = conditions["Cycle pressure [MPa]"]
    axes.set_title(f"{rate:g}C discharge after {rate:g}C charge, {charge}", fontsize=9)
    axes.set_xlabel(f"Cycle at {pressure:g} MPa, read at the end of its discharge")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
