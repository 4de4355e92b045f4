"""What changed an interface: shares of each change, their intervals, what would tell more."""

from __future__ import annotations

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import head

COLOURS = {"contact": "C0", "interphase": "C1", "material": "C2"}
AREA = "area"


def plot_diagnosis(title: str, rows, further, answer: str) -> Figure:
    """Bars of the shares of each change above; below, intervals of the last, and widths to come."""
    steps = list(dict.fromkeys((row["From"], row["To"]) for row in rows))
    readings = list(dict.fromkeys(row["Reading"] for row in rows))
    size = 3.2 + 0.35 * len(steps) + 0.3 * len(readings)
    figure = Figure(figsize=(8.3, size + 1), layout="constrained")
    grid = figure.add_gridspec(
        2, 2, height_ratios=[1 + 0.35 * len(steps), 1.6 + 0.3 * len(readings)]
    )
    _bars(figure.add_subplot(grid[0, :]), rows, steps, readings[0])
    last = [row for row in rows if (row["From"], row["To"]) == steps[-1]]
    _intervals(figure.add_subplot(grid[1, 0]), last, readings)
    _widths(figure.add_subplot(grid[1, 1]), last, further)
    head(figure, title, answer)
    return figure


def _bars(axes, rows, steps, reading: str) -> None:
    """Mean shares beside one another, a bar a change."""
    for place, (start, end) in enumerate(steps):
        left = 0.0
        for row in rows:
            if (row["From"], row["To"], row["Reading"]) != (start, end, reading):
                continue
            if row["Part"] == AREA:
                continue
            share = 100 * row["Share"]
            colour = COLOURS[row["Part"]]
            axes.barh(place, share, left=left, color=colour, label=None if place else row["Part"])
            if share > 6:
                words = f"{share:.0f} %\n×{row['Factor']:.2f}"
                axes.text(left + share / 2, place, words, ha="center", va="center", fontsize=7)
            left += share
    axes.set_yticks(range(len(steps)), [f"{start} to {end}" for start, end in steps], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("Mean share of the change / %  (factor on the resistance below it)")
    axes.legend(fontsize=8, frameon=False, ncols=3, loc="lower right", bbox_to_anchor=(1, 1))


def _intervals(axes, rows, readings) -> None:
    """The interval of each share by each reading of the capacitance; the first is all together."""
    ticks, names = [], []
    for place, reading in enumerate(readings):
        for number, (part, colour) in enumerate(COLOURS.items()):
            row = next(r for r in rows if r["Reading"] == reading and r["Part"] == part)
            at = place + 0.22 * (number - 1)
            low, high = 100 * row["Share low"], 100 * row["Share high"]
            axes.plot([low, high], [at, at], color=colour, lw=1.5 if place else 3)
            axes.plot(100 * row["Share"], at, "o", color=colour, ms=4)
        ticks.append(place)
        names.append(reading)
    axes.set_yticks(ticks, names, fontsize=8)
    axes.set_ylim(len(readings) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share, 90 % interval / %")
    axes.grid(axis="x", alpha=0.25)


def _widths(axes, rows, further) -> None:
    """Mean width of the intervals now and, as expected, after each further measurement."""
    parts = [row for row in rows if row["Part"] in COLOURS and row["Reading"] == rows[0]["Reading"]]
    now = sum(row["Share high"] - row["Share low"] for row in parts) / len(parts)
    bars = {"now": now, **{f"with {one['Measurement']}": one["Expected width"] for one in further}}
    colours = ["0.4", *["0.75"] * len(further)]
    axes.barh(range(len(bars)), [100 * width for width in bars.values()], color=colours)
    axes.set_yticks(range(len(bars)), bars, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("Mean width of the intervals / %")
    axes.grid(axis="x", alpha=0.25)
