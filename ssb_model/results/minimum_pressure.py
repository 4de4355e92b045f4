"""The lowest stack pressure that is enough, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.results.draws import LEAST_DRAWS, MINIMUM, PRESSURE, Draws
from ssb_model.results.sweep import run_words
from ssb_model.system.saving import csv_bytes, figure_bytes, finite, save_result

UNITS = {
    "capacity": "mAh/g",
    "energy": "mWh/cm2",
    "plating margin": "mV",
    "resistance": "Ohm cm2",
    "retention": "",
}
NOISE = 1e-3  # of a value: what mesh and solver leave of it
FLAT = 0.03  # of a pressure: more is worth a word


@dataclass(frozen=True, repr=False)
class MinimumPressureResult:
    """What was asked, what the cell as it stands gave, and what draws of its ranges gave."""

    cell: str
    title: str
    asked: dict[str, Any]
    nominal: dict[str, Any]
    draws: Draws
    stopped: str = ""

    @property
    def status(self) -> str:
        return self.nominal["status"]

    @property
    def minimum_stack_pressure(self) -> float | None:
        """In Pa; the lowest tried if met there, none if never met."""
        minimum = self.nominal[MINIMUM]
        return minimum and minimum * 1e6

    @cached_property
    def answer(self) -> dict[str, Any]:
        """The short answer; pressures in MPa, null where one lies beyond those tried."""
        low, median, high = self.draws.quantiles or (None, None, None)
        return finite(
            {
                MINIMUM: self.nominal[MINIMUM],
                "interval_MPa": None if low is None else [low, high],
                "median_MPa": median,
                "errors_of_interval_and_median_MPa": self.draws.errors
                and [list(pair) for pair in self.draws.errors],
                "reference_pressure_MPa": self.asked["reference_pressure_MPa"],
                "share_of_draws_met": self.draws.share_met(self.nominal[MINIMUM]),
                "at_reference": self.nominal["at_reference"],
                "from_full": self.nominal["from_full"],
                "at_reference_of_draws": self.draws.at_reference,
                "status": self.status,
                "words": self.words,
                "draw_words": self.draw_words,
                "drivers": self.draws.drivers,
                "draws": self.draws.counts,
            }
        )

    @property
    def words(self) -> str:
        """The answer in a sentence."""
        asked = self.asked
        low, high = asked["lowest_tried_MPa"], asked["highest_tried_MPa"]
        if "by hand" in self.status:
            return f"{self.requirement}: not known, {self.status} after the runs below"
        if self.nominal[MINIMUM] is None:
            tried = f"from {low:.3g} to {high:.3g} MPa"
            return f"{self.requirement}: not met {tried}, {self._nearest()}"
        if self.nominal["windows"][0]["lower"] is None:
            found = f"met already at {low:.3g} MPa, the lowest tried"
        else:
            found = f"met from {self.nominal[MINIMUM]:.3g} MPa on"
        for number, window in enumerate(self.nominal["windows"]):
            if number:
                found += f", met again from {window['lower']['pressure_MPa']:.3g} MPa on"
            if window["upper"]:
                found += f", lost above {window['upper']['pressure_MPa']:.3g} MPa"
        return f"{self.requirement}: {found}{self._beside()}"

    @property
    def requirement(self) -> str:
        """What is asked of the cell."""
        asked = self.asked
        least = "at least" if asked["better"] == "higher" else "at most"
        if asked["relative"]:
            reference = f"that at {asked['reference_pressure_MPa']:g} MPa"
            amount = f"{100 * asked['target']:g} % of {reference}"
        else:
            amount = f"{asked['target']:g} {UNITS.get(asked['name'], '')}".rstrip()
        rate = f" at {asked['c_rate']:g}C" if "c_rate" in asked else ""
        return f"{asked['name']}{rate} {least} {amount}"

    @property
    def run_words(self) -> str:
        """What each run was, for a reader."""
        return run_words(self.asked)

    @property
    def from_full_words(self) -> str:
        """The same question to a cell that was charged to the full before."""
        beside = self.nominal["from_full"]
        if beside is None:
            return ""
        least = beside[MINIMUM]
        found = beside["status"] if least is None else f"{least:.3g} MPa, {beside['status']}"
        return f"discharged from rest at 100 % instead: {found}"

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
        draws, counts = self.draws, self.draws.counts
        if not draws:
            return []
        aside = {
            "give nothing at the reference": counts["nothing_at_reference"],
            "are not as measured": counts["not_as_measured"],
            "failed or were refused": counts["failed_or_refused"],
        }
        left = "".join(f", {count} {why}" for why, count in aside.items() if count)
        lines = [
            f"{counts['answered']} of {counts['asked']} answer{left}; {len(draws.drawn)} numbers "
            f"drawn from the ranges they declare, seed {draws.seed}"
        ]
        if draws.quantiles is None:
            return [*lines, f"fewer than {LEAST_DRAWS} answers give no interval"]
        low, high = self.asked["lowest_tried_MPa"], self.asked["highest_tried_MPa"]
        if draws.quantiles[0] == math.inf:
            return [*lines, f"not even 5 % of them meet it up to {high:.3g} MPa"]
        if draws.quantiles[2] == -math.inf:
            return [*lines, f"95 % of them meet it already at {low:.3g} MPa"]
        ends = [self._told(value) for value in draws.quantiles]
        sure = [_within(*error) for error in draws.errors]
        share = draws.share_met(self.nominal[MINIMUM])
        met = "" if share is None else f"; the answer above is for {share:.0%} of them"
        lines += [
            f"5 to 95 %: {ends[0]} to {ends[2]} MPa, median {ends[1]} MPa",
            f"{ends[2]} MPa is enough for 95 % of them{met}",
            f"so many draws tell 5 % to {sure[0]}, the median to {sure[1]}, 95 % to {sure[2]} MPa",
        ]
        if self.asked["relative"] and draws.at_reference:
            unit = UNITS.get(self.asked["name"], "")
            low, median, high = draws.at_reference
            lines.append(
                f"at the reference they give {low:.3g} to {high:.3g} {unit}, median {median:.3g}; "
                f"the cell as it stands {self.nominal['at_reference']:.3g}"
            )
        if not draws.drivers:
            lines.append("no parameter by itself stands out from chance")
        return lines

    @property
    def table(self) -> pd.DataFrame:
        """The runs of the cell as it stands, by pressure."""
        rows = pd.DataFrame(self.nominal["runs"]).sort_values(PRESSURE, ignore_index=True)
        if self.asked["relative"]:
            rows["value"] = rows["value"] / (self.nominal["at_reference"] or np.nan)
        return rows.drop_duplicates(PRESSURE, ignore_index=True)

    def plot(self):
        """Value against pressure with the requirement and the interval; returns the figure."""
        from ssb_model.figures.minimum_pressure import plot_minimum_pressure

        answer = {**self.answer, "status": self.words}
        if self.draws.quantiles and not np.isfinite(self.draws.quantiles).any():
            answer["interval_MPa"] = None  # all on one side of the pressures tried
        return plot_minimum_pressure(
            self.title,
            self.run_words,
            self.table[[PRESSURE, "value"]],
            self.asked["target"],
            self._quantity,
            answer,
            self.draws.band,
            self.draws.minima if self.draws.quantiles else None,
            self.asked["better"],
        )

    @property
    def failed(self) -> bool:
        """Whether no run gave a number, or a hand stopped it."""
        return bool(self.stopped) or (self._best() is None and self.nominal["at_reference"] != 0)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        head = {"cell": self.cell, "kind": "minimum-stack-pressure", **self.answer}
        more = {"asked": self.asked, "windows": self.nominal["windows"], "seed": self.draws.seed}
        return finite({**head, **more, "stopped": self.stopped, "runs": self.nominal["runs"]})

    def save(self, folder: str | Path) -> list[Path]:
        """The answer as JSON, runs and draws as CSV, the figure as PNG and SVG."""
        files = {"min_pressure.csv": csv_bytes(self.table)}
        if self.draws:
            files["min_pressure.draws.csv"] = csv_bytes(self.draws.table)
        files |= figure_bytes("min_pressure", self.plot())
        return save_result(folder, "min_pressure", self.payload, files)

    @property
    def _quantity(self) -> str:
        """Of the axis of a figure."""
        name, unit = self.asked["name"].capitalize(), UNITS.get(self.asked["name"], "")
        if self.asked["relative"]:
            unit = f"share of that at {self.asked['reference_pressure_MPa']:g} MPa"
        return f"{name} / {unit}" if unit else name

    def _told(self, pressure: float) -> str:
        """A pressure, or on which side of those tried it lies."""
        if math.isfinite(pressure):
            return f"{pressure:.3g}"
        if pressure < 0:
            return f"below {self.asked['lowest_tried_MPa']:.3g}"
        return f"above {self.asked['highest_tried_MPa']:.3g}"

    def _beside(self) -> str:
        """What a reader should know of the runs next to the answer."""
        table, minimum = self.table, self.nominal[MINIMUM]
        above = table[table[PRESSURE] >= minimum * (1 - 1e-9)].iloc[0]
        told = ""
        if self.asked["output"] != "capacity_mAh_g" and "capacity_mAh_g" in above:
            told = f" (it passes {above['capacity_mAh_g']:.3g} mAh/g there)"
        below = table[table[PRESSURE] < above[PRESSURE]]
        if len(below) and np.isfinite([above["value"], below["value"].iloc[-1]]).all():
            ratio = math.log(above[PRESSURE] / below[PRESSURE].iloc[-1])
            step = abs(above["value"] - below["value"].iloc[-1])
            unsure = NOISE * abs(self.asked["target"]) * ratio / step if step else 1.0
            if self.nominal["windows"][0]["lower"] and unsure > FLAT:
                told += f"; so flat there that it is known to about {min(unsure, 1):.0%}"
        return told

    def _nearest(self) -> str:
        """How near it comes where it is never met."""
        if self.nominal["at_reference"] == 0:
            return "the cell gives nothing at the reference pressure"
        best = self._best()
        if best is None:
            why = {row["detail"] for row in self.nominal["runs"] if row.get("detail")}
            return "; ".join(["no run gave a number", *sorted(why)[:1]])
        return f"at best {best[1]:.4g} at {best[0]:.3g} MPa"

    def _best(self) -> tuple[float, float] | None:
        """Pressure [MPa] and value of the run nearest to what is asked."""
        table = self.table
        known = table[np.isfinite(table["value"].astype(float))]
        if known.empty:
            return None
        values = known["value"]
        at = values.idxmax() if self.asked["better"] == "higher" else values.idxmin()
        return float(known.loc[at, PRESSURE]), float(known.loc[at, "value"])


def _within(low: float, high: float) -> str:
    """Two limits, either of which so few draws may leave open."""
    if math.isinf(low):
        return "nothing" if math.isinf(high) else f"{high:.3g} or less"
    return f"{low:.3g} or more" if math.isinf(high) else f"{low:.3g} to {high:.3g}"
