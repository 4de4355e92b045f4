"""One rate after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.rate_test import RateTestResult


RATE_COLUMNS = {  # heading: key
    "C-rate": "c_rate",
    "held": "held",
    "before": "before",
    "mAh/g": "capacity_mAh_g",
    "mAh/cm2": "capacity_mAh_cm2",
    "mWh/cm2": "energy_mWh_cm2",
    "mean V": "mean_voltage_V",
    "polarisation V": "polarisation_V",
    "stopped by": "stopped_by",
}


def rate_test_text(result: RateTestResult) -> str:
    """The discharges as a table under a line that says how the cell was charged."""
    lines = [result.title]
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    if not result.rows:
        return "\n".join(lines)
    row = result.rows[0]
    how = "charges" + f" ({row['charged']})" if "charged" in row else "discharges"
    lines.append(f"Rate test  {how}, {row['temperature_C']:g} °C, {row['mesh']} mesh")
    rows = [{head: row[key] for head, key in RATE_COLUMNS.items()} for row in result.rows]
    return "\n".join([*lines, "", text_table(rows)])
