"""Lines of a discharge's text: what it began from, what returned, how the stack fared."""

from __future__ import annotations

from typing import Any

FIRST = "First-cycle efficiency"


def first_cycle_line(row: dict[str, Any]) -> list[str]:
    """Which share of a first charge came back, where the charge before was one."""
    returned = row.get(FIRST)
    return [f"Returned   {100 * returned:.1f} % of the first charge"] if returned else []


def before_line(row: dict[str, Any], other: str) -> str:
    """What the discharge, or the charge, began from."""
    rate, before = row[f"{other.capitalize()} C-rate"], row[f"{other.capitalize()} before"]
    capacity, ended = (
        row[f"{other.capitalize()} capacity [mA.h.cm-2]"],
        row[f"{other.capitalize()} stopped by"],
    )
    if rate is None:
        return f"{before}, {capacity:.3g} mAh cm-2 available" if other == "charge" else before
    return f"{before}, {rate:g}C to {capacity:.3g} mAh cm-2, ended by {ended}"


def stack_lines(row: dict[str, Any]) -> list[str]:
    """Pressure, thickness and plating, where there is something to say."""
    lines = []
    low, high = row["Lowest stack pressure [MPa]"], row["Highest stack pressure [MPa]"]
    if low is not None and high - low > 1e-3 * high:
        lines.append(f"Stack      {low:.2f} to {high:.2f} MPa over charge and discharge")
    if row["Thickness change [um]"] is not None:
        lines.append(
            f"Thickness  {row['Thickness change [um]']:+.2f} um over the {row['Direction']}"
        )
    margin = row.get("Plating margin [mV]")
    if margin is not None:
        when, during = row["Plating margin after [h]"], row["Plating margin during"]
        lines.append(
            f"Plating    margin {margin:.0f} mV at least, {when:.2f} h into the {during}, "
            f"{row['Plating margin depth [um]']:.1f} um from the separator"
            + (": lithium may plate" if margin < 0 else "")
        )
    return lines
