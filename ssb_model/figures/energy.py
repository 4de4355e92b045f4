"""Where the mass of a cell as a product sits, and what that leaves of its energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import PRESSURE, column, head
from ssb_model.figures.scales import INKS, MARKERS

if TYPE_CHECKING:
    import pandas as pd

SPECIFIC = "Specific energy [W.h.kg-1]"
BARE = "Specific energy of the bare cell [W.h.kg-1]"


def plot_energy(title: str, rows: pd.DataFrame, parts: pd.DataFrame, words: str) -> Figure:
    """Left the parts at two pressures, right energy per mass with the holder and without."""
    figure = Figure((9.6, 4.6), layout="constrained")
    masses, energy = figure.subplots(1, 2)
    pressures = sorted(parts[PRESSURE].unique())
    shown = list(dict.fromkeys((pressures[0], pressures[-1])))
    names = list(dict.fromkeys(parts["Part"]))
    height = 0.8 / len(shown)
    for k, pressure in enumerate(shown):
        of = parts[parts[PRESSURE] == pressure].groupby("Part")["Mass [g]"].sum()
        grams = [float(of.get(name, 0.0)) for name in names]
        places = [place + (k - (len(shown) - 1) / 2) * height for place in range(len(names))]
        bars = masses.barh(places, grams, height, color=INKS[k], label=f"{pressure:g} MPa")
        labels = [f"{one:,.4g} g, {100 * one / sum(grams):.2g} %" for one in grams]
        masses.bar_label(bars, labels, fontsize=7, padding=2)
    masses.set_yticks(range(len(names)), names)
    masses.invert_yaxis()
    masses.margins(x=0.35)
    masses.set_xlabel(column("Mass [g]").label)
    masses.legend(fontsize=8, frameon=False, loc="center right", title="Stack pressure")
    if SPECIFIC in rows:
        for k, (rate, each) in enumerate(rows.groupby("C-rate")):
            each = each.sort_values(PRESSURE)
            style = {"color": INKS[k % len(INKS)], "marker": MARKERS[k % len(MARKERS)], "mfc": "w"}
            energy.plot(each[PRESSURE], each[SPECIFIC], label=f"{rate:g}C", **style)
            if (each["Holder mass [g]"] > 0).any():
                energy.plot(
                    each[PRESSURE], each[BARE], ls="--", label=f"{rate:g}C, bare cell", **style
                )
        energy.legend(fontsize=8, frameon=False)
    energy.set_ylim(bottom=0)
    energy.set_xlabel(column(PRESSURE).label)
    energy.set_ylabel(column(SPECIFIC).label)
    energy.grid(alpha=0.25)
    head(figure, title, words)
    return figure
