"""One rate after the other."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from ssb_model.figures.measured import draw_curves


def _before(runs) -> str:
    """What came before each run, in one phrase."""
    row = runs[-1].row
    other = "charge" if row["direction"] == "discharge" else "discharge"
    rates = {run.row[f"{other}_c_rate"] for run in runs} - {None}
    if not rates:
        return row["before"]
    at = "the same rate" if len(rates) > 1 else f"{rates.pop():g}C"
    return f"{other}d at {at}, {row[f'{other}_before']}"


def plot_rate_test(title: str, runs, measured=()) -> Figure:
    """Curves at each pressure, slow rates dark and fast ones light; capacity against rate."""
    way = runs[0].row["direction"].capitalize()
    held = list(dict.fromkeys(run.row["held"] for run in runs))
    rates = sorted({run.row["c_rate"] for run in runs})
    shades = dict(zip(rates, colormaps["viridis"](np.linspace(0, 0.9, len(rates))), strict=True))
    figure = Figure(figsize=(4.2 * (len(held) + 1), 4.2), layout="constrained")
    *panels, against_rate = figure.subplots(1, len(held) + 1)
    for axes, words in zip(panels, held, strict=True):
        seen = set()
        for run in runs:
            row = run.row
            if row["held"] != words or not row["capacity_mAh_cm2"]:
                continue
            per_gram = row["capacity_mAh_g"] / row["capacity_mAh_cm2"]
            again = row["c_rate"] in seen
            seen.add(row["c_rate"])
            axes.plot(
                run.data["capacity"] * per_gram,
                run.data["voltage"],
                ls="--" if again else "-",
                color=shades[row["c_rate"]],
                label=f"{row['c_rate']:g}C" + (", again" if again else ""),
            )
        draw_curves(axes, measured)
        axes.set_title(words, fontsize=9)
        axes.set_xlabel(f"{way} capacity / mAh g$^{{-1}}$")
        axes.set_xlim(left=0)
        axes.grid(alpha=0.25)
        axes.legend(fontsize=7, frameon=False, loc="upper right")
        axes.sharey(panels[0])
    panels[0].set_ylabel("Voltage / V")
    for marker, words in zip("osD^vP*X", held, strict=False):
        rows = [run.row for run in runs if run.row["held"] == words]
        points = [(row["c_rate"], row["capacity_mAh_g"]) for row in rows]
        first = dict(reversed(points))  # at each rate; what comes again has no line
        (line,) = against_rate.plot(*zip(*sorted(first.items()), strict=True), ls=":")
        style = {"color": line.get_color(), "fillstyle": "none", "ls": "", "label": words}
        against_rate.plot(*zip(*points, strict=True), marker=marker, **style)
    against_rate.set_xscale("log")
    against_rate.set_xticks(rates, [f"{rate:g}" for rate in rates])
    against_rate.minorticks_off()
    against_rate.set_xlabel("C-rate")
    against_rate.set_ylabel(f"{way} capacity / mAh g$^{{-1}}$")
    against_rate.set_ylim(bottom=0)
    against_rate.grid(alpha=0.25)
    against_rate.legend(fontsize=7, frameon=False)
    figure.suptitle(f"{title}; {_before(runs)}", fontsize=10)
    return figure
