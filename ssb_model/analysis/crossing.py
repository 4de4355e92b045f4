"""The lowest stack pressure that keeps a share of what the highest one gives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

PRESSURE = "Stack pressure [MPa]"


class Crossing(NamedTuple):
    """A pressure, in the unit given; ``at_edge`` if it is the lowest one that has a value."""

    pressure: float
    at_edge: bool


def crossing(pressures: ArrayLike, values: ArrayLike, keep: float) -> Crossing:
    """Lowest pressure at which values reach ``keep`` times the value at the highest pressure.

    Between neighbours values go linearly with the logarithm of pressure, or with pressure itself
    from zero up. Points without a value are passed over; NaN if the one at the highest pressure
    has none or is not positive.
    """
    order = np.argsort(np.asarray(pressures, float), kind="stable")
    p, v = np.asarray(pressures, float)[order], np.asarray(values, float)[order]
    if not len(p) or not np.isfinite(v[-1]) or v[-1] <= 0:
        return Crossing(np.nan, False)
    p, v = p[np.isfinite(v)], v[np.isfinite(v)]
    least = keep * v[-1]
    met = np.flatnonzero(v >= least)
    if not len(met):
        return Crossing(np.nan, False)
    first = met[0]
    if first == 0:
        return Crossing(float(p[0]), True)
    low, high = p[first - 1], p[first]
    share = (least - v[first - 1]) / (v[first] - v[first - 1])
    if low <= 0:
        return Crossing(float(low + share * (high - low)), False)
    return Crossing(float(low * (high / low) ** share), False)


def lowest_pressures(
    table: pd.DataFrame, others: list[str], output: str, keep: float
) -> pd.DataFrame:
    """The crossing of an output at each combination of the ``others``, and the runs beside it."""
    groups = table.groupby(others, sort=False) if others else [((), table)]
    rows = []
    for values, group in groups:
        found = crossing(group[PRESSURE], group[output].astype(float), keep)
        known = group.loc[group[output].notna(), PRESSURE]
        rows.append(
            {
                **dict(zip(others, values, strict=True)),
                f"Pressure for {100 * keep:g} % [MPa]": found.pressure,
                "Of that at [MPa]": known.max(),
                "Run below [MPa]": known[known < found.pressure].max(),
                "Run above [MPa]": known[known >= found.pressure].min(),
            }
        )
    return pd.DataFrame(rows)
