"""The lowest stack pressure that is enough, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.analysis.draws import SHARES, censored_quantiles
from ssb_model.analysis.drivers import first_order_indices, rank_drivers
from ssb_model.results.files import finite, save_figure, save_json
from ssb_model.results.sweep import run_words

MOST_DRIVERS = 8
PRESSURE, MINIMUM = "stack_pressure_MPa", "minimum_stack_pressure_MPa"
LEAST_DRAWS = 20  # for an interval of 5 to 95 %
GRID = 41  # pressures of the band
UNITS = {
    "capacity": "mAh/g",
    "energy": "mWh/cm2",
    "plating margin": "mV",
    "resistance": "Ohm cm2",
    "retention": "",
}


@dataclass(frozen=True, repr=False)
class MinimumPressureResult:
    """What was asked, what the cell as it stands gave, and what each draw of its ranges gave."""

    cell: str
    title: str
    asked: dict[str, Any]
    nominal: dict[str, Any]
    drawn: dict[str, list[float]]
    outcomes: list[dict[str, Any]]
    seed: int = 0
    stopped: str = ""

    @property
    def status(self) -> str:
        return self.nominal["status"]

    @property
    def minimum_stack_pressure(self) -> float | None:
        """In Pa; the lowest tried if met there, none if never met."""
        minimum = self.nominal[MINIMUM]
        return minimum and minimum * 1e6

    @property
    def minima(self) -> np.ndarray:
        """Of each draw in MPa: -inf if met at the lowest pressure tried, inf if never."""
        return np.array([row[MINIMUM] for row in self.outcomes], float)

    @cached_property
    def answer(self) -> dict[str, Any]:
        """The short answer: numbers in MPa."""
        low, median, high = self._quantiles()
        return {
            MINIMUM: self.nominal[MINIMUM],
            "interval_MPa": None if low is None else [_finite(low), _finite(high)],
            "median_MPa": _finite(median),
            "reference_pressure_MPa": self.asked["reference_pressure_MPa"],
            "share_of_draws_met": self._share(),
            "status": self.status,
            "words": self.words,
            "drivers": self.drivers,
            "draws": self.counts,
        }

    @property
    def counts(self) -> dict[str, int]:
        """How the draws ended."""
        minima = self.minima
        return {
            "asked": len(next(iter(self.drawn.values()), [])),
            "answered": int(np.count_nonzero(~np.isnan(minima))),
            "met_at_lowest": int(np.count_nonzero(minima == -np.inf)),
            "never_met": int(np.count_nonzero(minima == np.inf)),
            "failed_or_refused": int(np.count_nonzero(np.isnan(minima))),
        }

    @cached_property
    def drivers(self) -> list[dict[str, Any]]:
        """What the minimum follows, the strongest first: only what stands out from chance."""
        if not self.outcomes:
            return []
        draws = self._draws()
        ranked = [row for row in rank_drivers(draws, self.minima) if row["significant"]]
        shares = first_order_indices(draws, self.minima, self.seed) or {}
        return [
            {
                **{k: row[k] for k in ("parameter", "rank_correlation", "p_value")},
                "first_order_index": shares.get(row["parameter"], (None,))[0],
            }
            for row in ranked[:MOST_DRIVERS]
        ]

    @property
    def words(self) -> str:
        """The answer in a sentence."""
        asked = self.asked
        low, high = asked["lowest_tried_MPa"], asked["highest_tried_MPa"]
        if self.nominal[MINIMUM] is None:
            return (
                f"{self.requirement}: not met from {low:.3g} to {high:.3g} MPa, {self._nearest()}"
            )
        if self.nominal["windows"][0]["lower"] is None:
            found = f"met already at {low:.3g} MPa, the lowest tried"
        else:
            found = f"met from {self.nominal[MINIMUM]:.3g} MPa on"
        ends = [window["upper"] for window in self.nominal["windows"] if window["upper"]]
        if ends:
            found += f", lost above {ends[0]['pressure_MPa']:.3g} MPa"
        return f"{self.requirement}: {found}"

    @property
    def requirement(self) -> str:
        """What is asked of the cell."""
        asked = self.asked
        least = "at least" if asked["better"] == "higher" else "at most"
        if asked["relative"]:
            amount = (
                f"{100 * asked['target']:g} % of that at {asked['reference_pressure_MPa']:g} MPa"
            )
        else:
            amount = f"{asked['target']:g} {UNITS.get(asked['name'], '')}".rstrip()
        return f"{asked['name']} {least} {amount}"

    @property
    def run_words(self) -> str:
        """What each run was, for a reader."""
        return run_words(self.asked)

    @property
    def heading(self) -> str:
        """Of the values held against the requirement."""
        if self.asked["relative"]:
            reference = f"{self.asked['reference_pressure_MPa']:g} MPa"
            return f"{self.asked['name']}, share of that at {reference}"
        return f"{self.asked['name']} {UNITS.get(self.asked['name'], '')}".rstrip()

    @property
    def draw_words(self) -> list[str]:
        """How sure the answer is, in sentences."""
        counts, answer = self.counts, self.answer
        lines = [
            f"{counts['answered']} of {counts['asked']} answered, {len(self.drawn)} numbers drawn "
            f"from the ranges they declare, seed {self.seed}"
        ]
        if answer["interval_MPa"] is None:
            return [*lines, f"fewer than {LEAST_DRAWS} answers give no interval"]
        low, high = answer["interval_MPa"]
        tried = self.asked["lowest_tried_MPa"], self.asked["highest_tried_MPa"]
        ends = (
            f"below {tried[0]:.3g}" if low is None else f"{low:.3g}",
            f"above {tried[1]:.3g}" if high is None else f"{high:.3g}",
        )
        middle = answer["median_MPa"]
        median = "" if middle is None else f", median {middle:.3g} MPa"
        lines.append(f"5 to 95 %: {' to '.join(ends)} MPa{median}")
        if answer["share_of_draws_met"] is not None:
            share = f"{answer['share_of_draws_met']:.0%}"
            lines.append(f"at the answer above, {share} of the draws meet it")
        if not answer["drivers"]:
            lines.append("no parameter by itself stands out from chance")
        return lines

    @property
    def table(self) -> pd.DataFrame:
        """The runs of the cell as it stands, by pressure."""
        rows = pd.DataFrame(self.nominal["runs"]).sort_values(PRESSURE, ignore_index=True)
        if self.asked["relative"]:
            rows["value"] = rows["value"] / self.nominal["at_reference"]
        return rows.drop_duplicates(PRESSURE, ignore_index=True)

    @property
    def draws(self) -> pd.DataFrame:
        """Of each draw its parameters and its minimum."""
        kept = [
            {name: row[name] for name in ("draw", MINIMUM, "status", "at_reference")}
            for row in self.outcomes
        ]
        return pd.DataFrame(kept).join(pd.DataFrame(self._draws()))

    @property
    def band(self) -> pd.DataFrame | None:
        """Of the draws, 5, 50 and 95 % of the value against pressure."""
        curves = [curve for row in self.outcomes if (curve := self._curve(row)) is not None]
        if len(curves) < LEAST_DRAWS:
            return None
        low, high = self.asked["lowest_tried_MPa"], self.asked["highest_tried_MPa"]
        grid = np.geomspace(low, high, GRID)
        values = [np.interp(np.log(grid), np.log(x), y) for x, y in curves]
        spread = np.quantile(values, SHARES, axis=0)
        names = ("low", "median", "high")
        return pd.DataFrame({PRESSURE: grid, **dict(zip(names, spread, strict=True))})

    def plot(self):
        """Value against pressure with the requirement and the interval; returns the figure."""
        from ssb_model.plotting.minimum_pressure import plot_minimum_pressure

        return plot_minimum_pressure(
            self.title,
            self.run_words,
            self.table[[PRESSURE, "value"]],
            self.asked["target"],
            self._quantity,
            self.answer,
            self.band,
            self.minima if len(self.outcomes) else None,
            self.asked["better"],
        )

    @property
    def failed(self) -> bool:
        """Whether no run gave a number, or a hand stopped it."""
        return bool(self.stopped) or self._best() is None

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        head = {"cell": self.cell, "kind": "minimum-stack-pressure", **self.answer}
        more = {"asked": self.asked, "windows": self.nominal["windows"], "seed": self.seed}
        return finite({**head, **more, "stopped": self.stopped, "runs": self.nominal["runs"]})

    def save(self, folder: str | Path) -> list[Path]:
        """The answer as JSON, runs and draws as CSV, the figure as PNG and SVG."""
        folder = Path(folder)
        paths = [save_json(folder / "min_pressure.json", self.payload), folder / "min_pressure.csv"]
        self.table.to_csv(paths[1], index=False, float_format="%.8g")
        if self.outcomes:
            paths.append(folder / "min_pressure.draws.csv")
            self.draws.to_csv(paths[-1], index=False, float_format="%.8g")
        return [*paths, *save_figure(folder / "min_pressure", self.plot())]

    @property
    def _quantity(self) -> str:
        """Of the axis of a figure."""
        name, unit = self.asked["name"].capitalize(), UNITS.get(self.asked["name"], "")
        if self.asked["relative"]:
            unit = f"share of that at {self.asked['reference_pressure_MPa']:g} MPa"
        return f"{name} / {unit}" if unit else name

    def _draws(self) -> dict[str, np.ndarray]:
        """Parameters of the draws that were run."""
        run = [row["draw"] for row in self.outcomes]
        return {name: np.array(values)[run] for name, values in self.drawn.items()}

    def _share(self) -> float | None:
        """Of the draws, how many meet it at the answer for the cell as it stands."""
        known = self.minima[~np.isnan(self.minima)]
        if self.nominal[MINIMUM] is None or len(known) < LEAST_DRAWS:
            return None
        return float(np.mean(known <= self.nominal[MINIMUM]))

    def _quantiles(self) -> tuple[float | None, ...]:
        minima = self.minima
        if np.count_nonzero(~np.isnan(minima)) < LEAST_DRAWS:
            return (None,) * len(SHARES)
        return tuple(censored_quantiles(minima))

    def _curve(self, row: dict[str, Any]) -> tuple[np.ndarray, np.ndarray] | None:
        """Pressures and values of a draw, where it gave any."""
        runs = np.array([run for run in row["runs"] if run[1] is not None], float).reshape(-1, 2)
        at, values = runs[np.unique(runs[:, 0], return_index=True)[1]].T
        if self.asked["relative"]:
            values = values / (row["at_reference"] or np.nan)
        known = np.isfinite(values)
        return (at[known], values[known]) if known.any() else None

    def _nearest(self) -> str:
        """How near it comes where it is never met."""
        if self.nominal["at_reference"] == 0:
            return "the reference pressure gives nothing at all"
        best = self._best()
        return (
            "no run gave a number"
            if best is None
            else f"at best {best[1]:.4g} at {best[0]:.3g} MPa"
        )

    def _best(self) -> tuple[float, float] | None:
        """Pressure [MPa] and value of the run nearest to what is asked."""
        table = self.table
        known = table[np.isfinite(table["value"].astype(float))]
        if known.empty:
            return None
        at = (
            known["value"].idxmax() if self.asked["better"] == "higher" else known["value"].idxmin()
        )
        return float(known.loc[at, PRESSURE]), float(known.loc[at, "value"])


def _finite(value: float | None) -> float | None:
    """A number, none where it lies beyond the pressures tried."""
    return value if value is not None and math.isfinite(value) else None
