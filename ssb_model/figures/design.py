"""The front of a search for designs, one goal against the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.labels import column, head
from ssb_model.figures.scales import INKS
from ssb_model.quantities.registry import band_of

if TYPE_CHECKING:
    import pandas as pd

Goal = tuple[str, int]


def plot_design(
    title: str, front: pd.DataFrame, tried: pd.DataFrame, goals: Sequence[Goal], words: str
) -> Figure:
    """A panel a pair of goals; of one goal alone the best so far over what was tried."""
    pairs = list(combinations(goals, 2))
    figure = Figure((6.4 if len(pairs) < 2 else 4.4 * len(pairs), 4.6), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, max(1, len(pairs))))
    for panel, (second, first) in zip(panels, pairs, strict=False):
        x, y = (column(one[0]) for one in (first, second))
        panel.plot(
            x.factor * tried[first[0]], y.factor * tried[second[0]], ".", color="0.8", ms=4,
            label="tried",
        )  # fmt: skip
        ordered = front.sort_values(first[0])
        line = {"ls": "-" if len(goals) == 2 else "", "drawstyle": "default"}
        panel.plot(
            x.factor * ordered[first[0]], y.factor * ordered[second[0]], marker="o", mfc="w",
            color=INKS[0], label="none beats these", **line,
        )  # fmt: skip
        _band(panel, ordered, first[0], second[0], x.factor, y.factor)
        panel.set_xlabel(x.label)
        panel.set_ylabel(y.label)
        _focus(panel, y.factor * ordered[second[0]])
        panel.legend(fontsize=8, frameon=False)
    if not pairs:
        ((name, sign),) = goals
        of = column(name)
        best = sign * np.fmax.accumulate(sign * tried[name].to_numpy(float))
        panels[0].plot(np.arange(1, len(best) + 1), of.factor * best, color=INKS[0])
        panels[0].set_xlabel("Designs tried")
        panels[0].set_ylabel(of.label)
    for panel in panels:
        panel.grid(alpha=0.25)
    head(figure, title, words)
    return figure


def _band(panel, front: pd.DataFrame, x: str, y: str, of_x: float, of_y: float) -> None:
    """5 to 95 % of draws, where there are any."""
    low, _, high = band_of(y)
    if low not in front:
        return
    ends = [of_y * front[name].to_numpy(float) for name in (low, high)]
    panel.vlines(
        of_x * front[x], *ends, color=INKS[0], alpha=0.5, lw=1.5, label="5 to 95 % of draws"
    )


def _focus(panel, values: pd.Series) -> None:
    """What is tried far below the front is not what one looks at."""
    reach = float(values.max() - values.min())
    if reach > 0:
        panel.set_ylim(values.min() - 0.6 * reach, values.max() + 0.25 * reach)
