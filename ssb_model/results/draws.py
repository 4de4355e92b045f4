"""What the draws of a cell's declared ranges say of its minimum pressure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.analysis.draws import SHARES, censored_quantiles, quantile_errors
from ssb_model.analysis.drivers import first_order_indices, rank_drivers

PRESSURE, MINIMUM = "stack_pressure_MPa", "minimum_stack_pressure_MPa"
MOST_DRIVERS = 8
LEAST_DRAWS = 20  # for an interval of 5 to 95 %
GRID = 41  # pressures of the band


@dataclass(frozen=True, repr=False)
class Draws:
    """``drawn`` holds the numbers by name, ``outcomes`` a row a draw that was run."""

    drawn: dict[str, list[float]]
    outcomes: list[dict[str, Any]]
    seed: int
    asked: dict[str, Any]

    def __bool__(self) -> bool:
        return bool(self.outcomes)

    @cached_property
    def minima(self) -> np.ndarray:
        """In MPa: -inf if met at the lowest pressure tried, inf if never, NaN if set aside."""
        return np.array([row[MINIMUM] for row in self.outcomes], float)

    @property
    def known(self) -> np.ndarray:
        """Minima of the draws that have an answer."""
        return self.minima[~np.isnan(self.minima)]

    @property
    def counts(self) -> dict[str, int]:
        """How the draws ended."""
        minima = self.minima
        aside = [row["aside"] for row in self.outcomes]
        return {
            "asked": len(next(iter(self.drawn.values()), [])),
            "run": len(minima),
            "answered": len(self.known),
            "met_at_lowest": int(np.count_nonzero(minima == -np.inf)),
            "never_met": int(np.count_nonzero(minima == np.inf)),
            "nothing_at_reference": aside.count("nothing at the reference"),
            "not_as_measured": aside.count("not as measured"),
            "failed_or_refused": aside.count("failed or refused"),
        }

    @cached_property
    def quantiles(self) -> list[float] | None:
        """5, 50 and 95 % of the minima, infinite beyond the pressures tried; none of too few."""
        return None if len(self.known) < LEAST_DRAWS else censored_quantiles(self.known)

    @property
    def errors(self) -> list[tuple[float, float]] | None:
        """Within what each of these lies for so few draws, at 90 %."""
        return None if len(self.known) < LEAST_DRAWS else quantile_errors(self.known)

    @property
    def at_reference(self) -> list[float] | None:
        """5, 50 and 95 % of what the draws give at the reference pressure, dead ones included."""
        values = [row["at_reference"] for row in self.outcomes if row["at_reference"] is not None]
        return None if len(values) < LEAST_DRAWS else censored_quantiles(values)

    @cached_property
    def drivers(self) -> list[dict[str, Any]]:
        """What the minimum follows, the strongest first: only what stands out from chance."""
        if not self:
            return []
        parameters = self.parameters
        ranked = [row for row in rank_drivers(parameters, self.minima) if row["significant"]]
        shares = first_order_indices(parameters, self.minima, self.seed) or {}
        return [
            {
                **{name: row[name] for name in ("parameter", "rank_correlation", "p_value")},
                "first_order_index": shares.get(row["parameter"], (None,))[0],
            }
            for row in ranked[:MOST_DRIVERS]
        ]

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The numbers of the draws that were run."""
        run = [row["draw"] for row in self.outcomes]
        return {name: np.array(values)[run] for name, values in self.drawn.items()}

    @property
    def table(self) -> pd.DataFrame:
        """Of each draw its minimum, how it ended and its numbers."""
        names = ("draw", MINIMUM, "status", "aside", "at_reference")
        kept = [{name: row[name] for name in names} for row in self.outcomes]
        return pd.DataFrame(kept).join(pd.DataFrame(self.parameters))

    @property
    def band(self) -> pd.DataFrame | None:
        """Of the draws that answered, 5, 50 and 95 % of the value against pressure."""
        answered = [row for row in self.outcomes if not row["aside"]]
        curves = [curve for row in answered if (curve := self._curve(row)) is not None]
        if len(curves) < LEAST_DRAWS:
            return None
        low, high = self.asked["lowest_tried_MPa"], self.asked["highest_tried_MPa"]
        grid = np.geomspace(low, high, GRID)
        values = [np.interp(np.log(grid), np.log(x), y) for x, y in curves]
        spread = np.quantile(values, SHARES, axis=0)
        names = ("low", "median", "high")
        return pd.DataFrame({PRESSURE: grid, **dict(zip(names, spread, strict=True))})

    def share_met(self, pressure: float | None) -> float | None:
        """Of the draws, how many meet it at a pressure [MPa]."""
        if pressure is None or len(self.known) < LEAST_DRAWS:
            return None
        return float(np.mean(self.known <= pressure))

    def _curve(self, row: dict[str, Any]) -> tuple[np.ndarray, np.ndarray] | None:
        """Pressures and values of a draw, where it gave any."""
        runs = np.array([run for run in row["runs"] if run[1] is not None], float).reshape(-1, 2)
        at, values = runs[np.unique(runs[:, 0], return_index=True)[1]].T
        if self.asked["relative"]:
            values = values / row["at_reference"]
        known = np.isfinite(values)
        return (at[known], values[known]) if known.any() else None
