"""What limits a cell: losses stacked between the voltage under current and at rest."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from ssb_model.figures.measured import draw_curves

ORDER = {  # from the voltage at rest down: name, label, colour
    "particle_diffusion": ("particle diffusion", "#332288"),
    "uneven_lithium": ("uneven through depth", "#6699CC"),
    "contact_spots": ("contact spots", "#88CCEE"),
    "charge_transfer": ("charge transfer", "#117733"),
    "film": ("film", "#999933"),
    "composite_ionic": ("ions in the composite", "#DDCC77"),
    "composite_electronic": ("electrons in the composite", "#661100"),
    "separator": ("separator", "#CC6677"),
    "series": ("layer faces", "#888888"),
    "negative_electrode": ("negative electrode", "#AA4499"),
}
HATCH = {"charge_transfer": "//", "film": "..", "separator": "\\\\", "negative_electrode": "xx"}
COLUMNS = 4


def plot_limits(title: str, runs, measured=()) -> Figure:
    """One panel a discharge; the widest band is what costs most."""
    rates = len({run.row["c_rate"] for run in runs})
    whole = rates <= COLUMNS and len(runs) % rates == 0  # then a line a pressure
    columns = rates if whole and len(runs) > rates else min(COLUMNS, len(runs))
    lines = -(-len(runs) // columns)
    figure = Figure(figsize=(max(4.2 * columns, 6.5), 3.9 * lines + 0.9), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    handles = {}
    for axes, run in zip(grid.flat, runs, strict=False):
        _panel(axes, run)
        draw_curves(axes, measured)
        found = zip(*axes.get_legend_handles_labels(), strict=True)
        handles.update({label: handle for handle, label in found})
    for axes in list(grid.flat)[len(runs) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("Voltage / V")
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside lower center",
        ncols=4,
        fontsize=8,
        frameon=False,
    )
    figure.suptitle(title, fontsize=10)
    return figure


def _panel(axes, run) -> None:
    row, data = run.row, run.data
    axes.set_title(f"{row['c_rate']:g}C, {row['held']}; {row['before']}", fontsize=8)
    axes.set_xlabel("Discharge capacity / mAh g$^{-1}$")
    axes.grid(alpha=0.25)
    if not row["capacity_mAh_cm2"]:
        axes.text(0.5, 0.5, row["stopped_by"], ha="center", transform=axes.transAxes, fontsize=8)
        return
    x = data["capacity"].values * row["capacity_mAh_g"] / row["capacity_mAh_cm2"]
    top = data["open_circuit_voltage"].values
    axes.plot(x, top, "k--", lw=1.4, label="at rest")
    for name, (label, color) in ORDER.items():
        bottom = top - data[name].values / 1e3
        if np.any(np.abs(data[name].values) > 0):
            style = {"color": color, "hatch": HATCH.get(name), "ec": "white", "lw": 0}
            axes.fill_between(x, bottom, top, label=label, **style)
        top = bottom
    axes.plot(x, data["voltage"], "k", lw=1.6, label="under current")
    axes.set_xlim(left=0)
