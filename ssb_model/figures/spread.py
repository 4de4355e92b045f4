"""The spread of draws behind a curve: 5 to 95 % filled, the median a thin line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ssb_model.quantities.registry import band_of


def draw_spread(
    axes, x: Sequence[float], rows: Sequence[dict[str, Any]], name: str, color, factor: float = 1
) -> list[float]:
    """Of a column of rows that have one; gives the ends, for limits of an axis."""
    columns = band_of(name)
    points = [
        (at, *(factor * row[one] for one in columns))
        for at, row in zip(x, rows, strict=True)
        if row.get(columns[0]) is not None
    ]
    if not points:
        return []
    where, low, median, high = np.array(points).T
    axes.fill_between(where, low, high, color=color, alpha=0.15, lw=0)
    axes.plot(where, median, "-", color=color, lw=0.7)
    return [*low, *high]
