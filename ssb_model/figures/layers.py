"""A pile of layers on discharge: its voltage and how warm its middle and its faces get."""

from __future__ import annotations

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import column, head
from ssb_model.figures.scales import INKS


def plot_layers(title: str, curves: dict, words: str) -> Figure:
    """Left voltage, right temperature over capacity; a line a C-rate, faces dashed."""
    figure = Figure((9.0, 4.4), layout="constrained")
    volts, warm = figure.subplots(1, 2)
    for k, (rate, (passed, voltage, layers)) in enumerate(curves.items()):
        if not len(passed):
            continue
        ink = INKS[k % len(INKS)]
        volts.plot(passed, voltage, color=ink, label=f"{rate:g}C")
        middle = layers[:, layers.shape[1] // 2]
        warm.plot(passed, middle, color=ink, label=f"{rate:g}C, middle")
        warm.plot(passed, layers[:, 0], "--", color=ink, label=f"{rate:g}C, face")
    volts.set_ylabel(column("Voltage [V]").label)
    warm.set_ylabel(column("Temperature [degC]").label)
    for axes in (volts, warm):
        axes.set_xlabel(column("Capacity [mA.h.g-1]").label)
        axes.grid(alpha=0.25)
        axes.legend(fontsize=8, frameon=False)
    head(figure, title, words)
    return figure
