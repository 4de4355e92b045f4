"""Losses of a discharge, largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.results.limits import PARTS
from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.limits import LimitsResult


def limits_text(result: LimitsResult) -> str:
    """For each discharge the mean of each part and what it is at the end."""
    lines = [result.title]
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    for run in result.runs:
        row = run.row
        lines += [
            "",
            f"{row['c_rate']:g}C, {row['held']}, {row['temperature_C']:g} °C, {row['before']}: "
            f"{row['capacity_mAh_g']:.1f} mAh/g, {row['stopped_by']}",
        ]
        if not row["capacity_mAh_cm2"]:
            continue
        loss = row["mean_loss_mV"]
        parts = sorted(PARTS, key=lambda name: -row[f"mean_{name}_mV"])
        rows = [
            {
                "part": PARTS[name][1],
                "mean mV": round(row[f"mean_{name}_mV"], 1),
                "share %": round(100 * row[f"mean_{name}_mV"] / loss, 1),
                "at the end mV": round(float(run.data[name].values[-1]), 1),
            }
            for name in parts
        ]
        rows.append(
            {
                "part": "all",
                "mean mV": round(loss, 1),
                "share %": 100.0,
                "at the end mV": round(float(run.data["loss"].values[-1]), 1),
            }
        )
        most, last = (PARTS[row[key]][1] for key in ("largest", "largest_at_end"))
        lines.append(f"  Mostly {most}; when it ended, mostly {last}")
        lines.append(text_table(rows))
    return "\n".join(lines)
