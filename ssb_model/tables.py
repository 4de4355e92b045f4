"""Plain text for the terminal."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssb_model.results.discharge import DischargeResult
    from ssb_model.results.pressure_steps import PressureStepsResult
    from ssb_model.results.rate_test import RateTestResult


def text_table(rows: list[dict[str, Any]]) -> str:
    """Rows under their keys, columns as wide as needed, the last one folded to the terminal."""
    heads = list(rows[0])
    cells = [[_text(row[head]) for head in heads] for row in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    room = max(shutil.get_terminal_size((120, 24)).columns - sum(widths[:-1]) - 2 * len(heads), 30)
    lines = []
    for line in [heads, ["-" * min(w, room) for w in widths], *cells]:
        left = "  ".join(part.ljust(width) for part, width in zip(line[:-1], widths, strict=False))
        folded = textwrap.wrap(line[-1], room) or [""]
        lines.append(f"{left}  {folded[0]}".rstrip())
        lines += [" " * (len(left) + 2) + rest for rest in folded[1:]]
    return "\n".join(lines)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def discharge_text(result: DischargeResult) -> str:
    """The outcome of a discharge in a few lines."""
    row = result.row
    rate = row["charge_c_rate"]
    before = (
        f"from rest at 100 %, {row['charge_capacity_mAh_cm2']:.3g} mAh cm-2 available"
        if rate is None
        else f"{row['charge_before']}, {rate:g}C to {row['charge_capacity_mAh_cm2']:.3g} mAh cm-2, "
        f"ended by {row['charge_stopped_by']}"
    )
    mean = "" if row["mean_voltage_V"] is None else f" at {row['mean_voltage_V']:.3f} V on average"
    changes = [
        f"Changed    {name} " + ("by points" if isinstance(value, dict) else f"= {value:g}")
        for name, value in row["changes"].items()
    ]
    ended = row["stopped_by"] + (f" ({row['detail']})" if row["detail"] else "")
    return "\n".join(
        [
            result.title,
            *changes,
            f"Charge     {before}",
            f"Discharge  {row['c_rate']:g}C, {row['held']}, {row['temperature_C']:g} °C",
            f"Capacity   {row['capacity_mAh_g']:.1f} mAh per g of active material, "
            f"{row['capacity_mAh_cm2']:.3f} mAh cm-2",
            f"Energy     {row['energy_mWh_cm2']:.2f} mWh cm-2{mean}",
            *_stack_lines(row),
            f"Ended by   {ended}",
        ]
    )


def _stack_lines(row: dict[str, Any]) -> list[str]:
    """Pressure, thickness and plating, where there is something to say."""
    lines = []
    low, high = row["stack_pressure_lowest_MPa"], row["stack_pressure_highest_MPa"]
    if low is not None and high - low > 1e-3 * high:
        lines.append(f"Stack      {low:.2f} to {high:.2f} MPa over charge and discharge")
    if row["thickness_change_um"] is not None:
        lines.append(f"Thickness  {row['thickness_change_um']:+.2f} um over the discharge")
    margin = row.get("plating_margin_mV")
    if margin is not None:
        when, during = row["plating_margin_after_h"], row["plating_margin_during"]
        lines.append(
            f"Plating    margin {margin:.0f} mV at least, {when:.2f} h into the {during}, "
            f"{row['plating_margin_depth_um']:.1f} um from the separator"
            + (": lithium may plate" if margin < 0 else "")
        )
    return lines


STEP_COLUMNS = {  # heading: key
    "step": "step",
    "MPa": "stack_pressure_MPa",
    "R separator": "separator_resistance_Ohm_cm2",
    "R positive": "positive_interface_Ohm_cm2",
    "R negative": "negative_interface_Ohm_cm2",
    "C positive": "positive_capacitance_uF_cm2",
    "C negative": "negative_capacitance_uF_cm2",
    "contact pos.": "positive_contact_fraction",
    "contact neg.": "negative_contact_fraction",
    "bonded pos.": "positive_bonded_share",
    "mAh/g": "discharge_capacity_mAh_g",
    "stopped by": "stopped_by",
}


def pressure_steps_text(result: PressureStepsResult) -> str:
    """The steps as a table under a line that says what came before."""
    conditions = result.conditions
    lines = [result.title]
    if conditions["cycles_before"]:
        first, last = (result.cycles[n]["discharge_capacity_mAh_g"] for n in (0, -1))
        lines.append(
            f"Cycled     {conditions['cycles_before']} times at {conditions['cycle_c_rate']:g}C "
            f"({conditions['cycle_charge']}) "
            f"and {conditions['cycle_pressure_MPa']:g} MPa, {first:.1f} to {last:.1f} mAh/g"
        )
    if conditions["stopped"]:
        lines.append(f"Stopped    {conditions['stopped']}")
    if not result.rows:
        return "\n".join(lines)
    rows = [
        {head: row[key] for head, key in STEP_COLUMNS.items() if key in row} for row in result.rows
    ]
    before = result.rows[0]["charge_before"]
    return "\n".join(
        [
            *lines,
            f"Read at {conditions['steps_read_at']}: R in Ohm cm2, C in uF cm-2; capacity after a "
            f"charge ({before}) under the same pressure",
            "",
            text_table(rows),
        ]
    )


RATE_COLUMNS = {  # heading: key
    "C-rate": "c_rate",
    "held": "held",
    "charged at": "charge_c_rate",
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
    lines.append(
        f"Charged    {result.rows[0]['charge_before']}, at the rates below; "
        f"{result.rows[0]['temperature_C']:g} °C"
    )
    rows = [{head: row[key] for head, key in RATE_COLUMNS.items()} for row in result.rows]
    return "\n".join([*lines, "", text_table(rows)])
