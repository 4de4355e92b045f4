"""A discharge in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssb_model.results.discharge import DischargeResult


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
