"""Within what a cell of a laboratory nobody has seen may lie: draws of its file and of its oxide.

A cell is drawn from the ranges its files declare, as ``ssb_model.studies.draws`` does for every
verb, and NCM811 from the laboratories whose capacities are known. Shares of rows inside say
whether bands are honest: half of the rows should lie inside the band of 50 %, nine in ten inside
that of 90 %. Rows of a laboratory hang together, so that the shares of few laboratories scatter:
``scatter`` draws laboratories anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.studies.draws import draws_of
from ssb_model.studies.many_cells import made as of_draws
from validation.laboratories.rows import Row, made, run_all

DRAWS = 64
ENDS = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = ("low", "lower", "median", "upper", "high")


def bands(
    rows: Sequence[Row], oxide: Mapping[str, tuple[float, float]], seed: int = 0
) -> pd.DataFrame:
    """5, 25, 50, 75 and 95 % of what one more draw would give for each row.

    ``oxide`` names numbers of NCM811: the mean of their logarithm between laboratories, and how
    far one may lie from it.
    """
    found = np.full((len(rows), DRAWS), np.nan)
    for name in dict.fromkeys(row.cell for row in rows):
        numbers = [number for number, row in enumerate(rows) if row.cell == name]
        drawn = draws_of(made(name, {}), DRAWS, seed)
        chance = np.random.default_rng(seed)
        for key, (mean, spread) in oxide.items():
            own = np.exp(mean + spread * chance.standard_normal(DRAWS))
            if key in drawn:  # what the cell's own file says stands
                drawn[key] = own.tolist()
        each = of_draws(made(name, {}), drawn)
        draws = [draw for draw, cell in enumerate(each) if isinstance(cell, Cell)]
        cells = [each[draw] for draw in draws]
        pairs = [(rows[number], cell) for cell in cells for number in numbers]
        told = np.reshape(run_all(pairs), (len(cells), len(numbers)))
        found[np.ix_(numbers, draws)] = told.T
    with np.errstate(all="ignore"):
        quantiles = np.nanquantile(found, ENDS, axis=1, method="weibull").T
    return pd.DataFrame(quantiles, columns=NAMES)


def inside(table: pd.DataFrame, low: str, high: str) -> pd.Series:
    """Which measured numbers lie in a band of the table, ends included."""
    return table.measured.between(table[low], table[high])


def scatter(hit: pd.Series, laboratory: pd.Series, seed: int = 0) -> tuple[float, float]:
    """5 and 95 % of the share of rows inside, had other laboratories of the kind been seen."""
    chance = np.random.default_rng(seed)
    groups = [group.to_numpy(float) for _, group in hit.groupby(laboratory)]
    drawn = chance.integers(len(groups), size=(2000, len(groups)))
    shares = [np.concatenate([groups[k] for k in one]).mean() for one in drawn]
    return tuple(np.quantile(shares, [0.05, 0.95]))
