"""Plain text for the terminal."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssb_model.results.discharge import DischargeResult


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
    changes = [f"Changed    {name} = {value:g}" for name, value in row["changes"].items()]
    ended = row["stopped_by"] + (f" ({row['detail']})" if row["detail"] else "")
    return "\n".join(
        [
            result.title,
            *changes,
            f"Charge     {before}",
            f"Discharge  {row['c_rate']:g}C at {row['stack_pressure_MPa']:g} MPa, "
            f"{row['temperature_C']:g} °C",
            f"Capacity   {row['capacity_mAh_g']:.1f} mAh per g of active material, "
            f"{row['capacity_mAh_cm2']:.3f} mAh cm-2",
            f"Energy     {row['energy_mWh_cm2']:.2f} mWh cm-2{mean}",
            f"Ended by   {ended}",
        ]
    )
