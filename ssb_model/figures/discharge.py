"""A discharge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from ssb_model.figures.measured import draw_curves

if TYPE_CHECKING:
    import xarray as xr


def plot_discharge(
    title: str, row: dict[str, Any], data: xr.Dataset, axes=None, measured=()
) -> Figure:
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
    draw_curves(axes, measured)
    if not row["capacity_mAh_cm2"]:
        axes.text(0.5, 0.5, row["stopped_by"], ha="center", transform=axes.transAxes)
    axes.set_xlabel("Discharge capacity / mAh per g of active material")
    axes.set_ylabel("Voltage / V")
    axes.set_xlim(left=0)
    above = axes.secondary_xaxis("top", (lambda q: q / per_gram, lambda q: q * per_gram))
    above.set_xlabel("Capacity / mAh cm$^{-2}$")
    axes.legend(title=row["before"], loc="lower left", frameon=False)
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
