"""A titration: record, and resistances over the state of charge."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.ticker import (
    LogFormatterSciNotation,
    LogLocator,
    NullFormatter,
    ScalarFormatter,
)

RESISTANCES = {  # key: (label, style, colour)
    "R1_ohm_cm2": ("R1, ohmic", "o", "C0"),
    "R2_ohm_cm2": ("R2, charge transfer", "s", "C1"),
    "R3_ohm_cm2": ("R3, diffusion", "^", "C2"),
    "R_total_ohm_cm2": ("all three", "x", "k"),
}


def plot_gitt(title: str, titrations, measured, conditions) -> Figure:
    """Simulated titrations filled, dark to light; measured ones open and red."""
    figure = Figure(figsize=(9.5, 7.5), layout="constrained")
    (record, potential), (resistance, diffusivity) = figure.subplots(2, 2)
    shades = colormaps["viridis"](np.linspace(0, 0.8, len(titrations)))
    drawn = [(one, color, {}) for one, color in zip(titrations, shades, strict=True)]
    drawn += [(one, "C3", {"mfc": "none"}) for one in measured]
    labelled = False
    for one, color, open_ in drawn:
        record.plot(one.record["time"] / 3600, one.record["voltage"], lw=0.7, color=color)
        for direction, ls in (("discharge", "-"), ("charge", "--")):
            rows = [row for row in one.analysis.rows if row["direction"] == direction]
            if not rows:
                continue
            soc = [100 * row["soc"] for row in rows]
            style = {"ls": ls, "marker": ".", "color": color, **open_}
            if direction == "charge":
                style["mfc"] = "none"
            rest = [row["voltage_V"] for row in rows]
            potential.plot(soc, rest, label=f"{one.label}, {direction}", **style)
            D = [row["diffusivity_m2_s"] or np.nan for row in rows]
            diffusivity.plot(soc, D, label=None if labelled else "apparent", **style)
            if not labelled:
                D = [row["particle_diffusivity_m2_s"] for row in rows]
                diffusivity.plot(soc, D, color="0.6", label="of the particles")
            style["lw"] = 0.8
            for key, (label, marker, of_part) in RESISTANCES.items():
                values = [np.nan if row[key] is None else row[key] for row in rows]
                mark = {"marker": marker, "ms": 3, "label": None if labelled else label}
                if len(drawn) == 1:
                    mark["color"] = of_part
                resistance.plot(soc, values, **{**style, **mark})
            labelled = True
    _label(record, potential, resistance, diffusivity)
    c, split = conditions, titrations[0].split
    figure.suptitle(
        f"{title}\n{c['c_rate']:g}C for {c['pulse_s']:g} s, rest {c['rest_s']:g} s; R1 faster than "
        f"{split['t1']:.2g} s, R2 up to {split['t2']:.2g} s",
        fontsize=10,
    )
    return figure


def _label(record, potential, resistance, diffusivity) -> None:
    record.set_xlabel("Time / h")
    record.set_ylabel("Voltage / V")
    potential.set_ylabel("Voltage after rest / V")
    resistance.set_ylabel("Resistance / $\\Omega$ cm$^2$")
    resistance.set_yscale("log")
    resistance.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    resistance.yaxis.set_major_formatter(ScalarFormatter())
    resistance.yaxis.set_minor_formatter(NullFormatter())
    diffusivity.set_ylabel("Diffusivity / m$^2$ s$^{-1}$")
    diffusivity.set_yscale("log")
    diffusivity.yaxis.set_minor_formatter(NullFormatter())
    diffusivity.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    diffusivity.yaxis.set_major_formatter(LogFormatterSciNotation(labelOnlyBase=False))
    for axes in (potential, resistance, diffusivity):
        axes.set_xlabel("State of charge / %")
    for axes in (potential, resistance, diffusivity):
        axes.legend(fontsize=7, frameon=False)
    for axes in (record, potential, resistance, diffusivity):
        axes.grid(alpha=0.25)
