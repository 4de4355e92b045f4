"""Schedules of pressure: what each keeps against its mean pressure, and which are worth it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import column, head
from ssb_model.figures.scales import INKS, MARKERS, set_log_ticks

if TYPE_CHECKING:
    import pandas as pd

MEAN = "Mean stack pressure [MPa]"
FORMATION, EVERY = "Formation pressure [MPa]", "Repress every"


def plot_pressure_schedule(
    title: str, words: str, rows: pd.DataFrame, output: str, labels: Sequence[str]
) -> Figure:
    """Every schedule over its mean pressure, a colour a formation, a marker a pressing again.

    The front is a line of steps, its points named by ``labels`` in the order of the rows.
    """
    figure = Figure((8.4, 5.2), layout="constrained")
    axes = figure.subplots()
    shown = column(output)
    if not {MEAN, output} <= {*rows}:
        head(figure, title, "no schedule ran")
        return figure
    known = rows[rows[output].notna() & rows[MEAN].notna()]
    forming, often = (sorted(known[name].unique()) for name in (FORMATION, EVERY))
    for (formation, every), each in known.groupby([FORMATION, EVERY]):
        words_of = f"formation at {formation:.4g} MPa" if formation else "no formation"
        if every:
            again = each["Repress pressure [MPa]"].iloc[0]
            words_of += f", to {again:.4g} MPa after every {every:g} cycles"
        axes.plot(
            each[MEAN],
            shown.factor * each[output],
            MARKERS[often.index(every) % len(MARKERS)],
            color=INKS[forming.index(formation) % len(INKS)],
            mfc="w",
            label=words_of,
        )
    front = known[known["On the front"] == "yes"]
    axes.plot(
        [*front[MEAN], known[MEAN].max()],
        [shown.factor * kept for kept in (*front[output], front[output].max())],
        color="0.4",
        lw=1,
        drawstyle="steps-post",
        zorder=0,
        label="nothing keeps more at less pressure",
    )
    for label, x, y in zip(labels, front[MEAN], shown.factor * front[output], strict=True):
        axes.annotate(label, (x, y), (4, 5), textcoords="offset points", fontsize=7)
    axes.set_xscale("log")
    if len(known):
        set_log_ticks(axes.xaxis, known[MEAN].to_numpy(float), 6.5)
        axes.set_xlim(known[MEAN].min() / 1.25, known[MEAN].max() * 1.6)
    axes.set_xlabel(column(MEAN).label)
    axes.set_ylabel(shown.label)
    axes.margins(y=0.12)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=7, frameon=False, loc="best")
    head(figure, title, words)
    return figure
