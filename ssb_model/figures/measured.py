"""Measured curves beside simulated ones."""

from __future__ import annotations

MARKERS = "oxs^+dv"
SHADES = ("0.0", "0.45", "0.25", "0.6")


def draw_curves(axes, curves) -> None:
    """Voltage over capacity as points, each curve with a marker and a grey of its own."""
    for number, curve in enumerate(curves):
        style = {"marker": MARKERS[number % len(MARKERS)], "color": SHADES[number % len(SHADES)]}
        axes.plot(curve.capacity, curve.voltage, ls="", ms=2.5, label=curve.label, **style)
