"""Figures; no physics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

if TYPE_CHECKING:
    import xarray as xr


def plot_discharge(title: str, row: dict[str, Any], data: xr.Dataset, axes=None) -> Figure:
    """Voltage against capacity, per gram of active material below, per area above."""
    if axes is None:
        figure = Figure(figsize=(5.5, 4.0), layout="constrained")
        axes = figure.add_subplot()
    per_gram = row["capacity_mAh_g"] / row["capacity_mAh_cm2"] if row["capacity_mAh_cm2"] else 1.0
    label = f"{row['c_rate']:g}C, {row['stack_pressure_MPa']:g} MPa, {row['temperature_C']:g} °C"
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
