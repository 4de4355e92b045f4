"""A cell whose pressure is uneven: what it gives, and what its patches carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import PRESSURE, column, head
from ssb_model.figures.scales import INKS, MARKERS, set_log_ticks

if TYPE_CHECKING:
    import pandas as pd


def plot_uneven(title: str, rows: pd.DataFrame, patches: pd.DataFrame) -> Figure:
    """Left the capacity over the C-rate, even and uneven; right currents of the patches."""
    figure = Figure((9.0, 4.4), layout="constrained")
    capacity, currents = figure.subplots(1, 2)
    rows = rows.sort_values("C-rate")
    for k, (name, label) in enumerate(
        (("Capacity if even [mA.h.g-1]", "even"), ("Capacity [mA.h.g-1]", "uneven"))
    ):
        style = {"color": INKS[k], "marker": MARKERS[k], "mfc": "w", "label": label}
        capacity.plot(rows["C-rate"], rows[name], **style)
    capacity.set_xscale("log")
    set_log_ticks(capacity.xaxis, rows["C-rate"].to_numpy(float), 3.5)
    capacity.set_ylim(0, 1.08 * capacity.get_ylim()[1])  # room for the marks
    capacity.set_xlabel("C-rate")
    capacity.set_ylabel(column("Capacity [mA.h.g-1]").label)
    for k, (rate, each) in enumerate(patches.groupby("C-rate") if len(patches) else ()):
        ink = INKS[k % len(INKS)]
        share = each["Share of charge"] / each["Share of area"]
        currents.plot(each[PRESSURE], share, "o-", color=ink, mfc="w", label=f"charge, {rate:g}C")
        most = each["Most current over mean"]
        currents.plot(each[PRESSURE], most, ":", color=ink, label=f"highest current, {rate:g}C")
    currents.axhline(1, color="0.6", lw=1)
    currents.set_xlabel(column(PRESSURE).label)
    currents.set_ylabel("Of a patch over the mean")
    for axes in (capacity, currents):
        axes.grid(alpha=0.25)
        axes.legend(fontsize=8, frameon=False)
    head(figure, title, "one cell as patches in parallel at its terminals")
    return figure
