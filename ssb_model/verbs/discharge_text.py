"""A discharge, or a charge, in a few lines."""

from __future__ import annotations

from typing import Any

from ssb_model.submodels.blend import KINDS
from ssb_model.verbs.result import of_draws

FIRST = "First-cycle efficiency"
DRAWN = {  # of draws: the word, its unit, its column and how many figures
    "Capacity": ("mAh/g", "Capacity [mA.h.g-1]", ".4g"),
    "Energy": ("mWh cm-2", "Energy [mW.h.cm-2]", ".3g"),
    "Voltage": ("V on average", "Mean voltage [V]", ".3f"),
    "Polarised": ("V", "Polarisation [V]", ".3f"),
    "Plating": ("mV of margin", "Plating margin [mV]", ".3g"),
    "Returned": ("of the first charge", FIRST, ".1%"),
}


def discharge_lines(result: Any) -> list[str]:
    """The cell, what was done, what it gave and how sure that is."""
    row = result.row
    mean, detail, way = row["Mean voltage [V]"], row["Detail"], row["Direction"]
    other = "charge" if way == "discharge" else "discharge"
    changes = result.minded + [
        f"Changed    {name} " + ("by points" if isinstance(value, dict) else f"= {value:g}")
        for name, value in row["Changes"].items()
    ]
    lines = [
        result.title,
        *changes,
        f"{other.capitalize():<9}  {_before_words(row, other)}",
        f"{way.capitalize():<9}  {row['C-rate']:g}C, {row['Held']}, "
        f"{row['Temperature [degC]']:g} °C",
        f"Capacity   {row['Capacity [mA.h.g-1]']:.1f} mAh per g of active material, "
        f"{row['Capacity [mA.h.cm-2]']:.3f} mAh cm-2",
        f"Energy     {row['Energy [mW.h.cm-2]']:.2f} mWh cm-2"
        + ("" if mean is None else f" at {mean:.3f} V on average"),
        *_first_cycle_line(row),
        *_kinds_lines(row, result.cell.design),
        *_stack_lines(row),
        f"Ended by   {row['Stopped by']}" + (f" ({detail})" if detail else ""),
    ]
    (row,) = result.rows
    for word, (unit, name, form) in DRAWN.items() if result.bands else ():
        if spread := of_draws(row, name, form):
            lines.append(f"{word:<9}  {spread} {unit}, of draws")
    stopped = [f"Stopped    {result.stopped}"] if result.stopped else []
    return lines + result.draw_lines + stopped


def _before_words(row: dict[str, Any], other: str) -> str:
    """What the discharge, or the charge, began from."""
    rate, before = row[f"{other.capitalize()} C-rate"], row[f"{other.capitalize()} before"]
    capacity, ended = (
        row[f"{other.capitalize()} capacity [mA.h.cm-2]"],
        row[f"{other.capitalize()} stopped by"],
    )
    if rate is None:
        return f"{before}, {capacity:.3g} mAh cm-2 available" if other == "charge" else before
    return f"{before}, {rate:g}C to {capacity:.3g} mAh cm-2, ended by {ended}"


def _first_cycle_line(row: dict[str, Any]) -> list[str]:
    """Which share of a first charge came back, where the charge before was one."""
    returned = row.get(FIRST)
    return [f"Returned   {100 * returned:.1f} % of the first charge"] if returned else []


def _kinds_lines(row: dict[str, Any], design: Any) -> list[str]:
    """Who gave or took the charge, in an electrode with two kinds of active material."""
    lines = []
    for Domain in ("Positive", "Negative"):
        kinds = getattr(getattr(design, Domain.lower()), "kinds", ())
        named = zip(KINDS, kinds, strict=True) if kinds else ()
        shares = [
            (one, row[f"{Domain} electrode {kind} host share of charge"]) for kind, one in named
        ]
        if shares and None not in [share for _, share in shares]:
            whole = sum(one.capacity for one in kinds)
            told = (
                f"{one.words} {100 * share:.1f} % (holds {100 * one.capacity / whole:.1f} %)"
                for one, share in shares
            )
            lines.append(f"Shares     of the charge: {', '.join(told)}")
    return lines


def _stack_lines(row: dict[str, Any]) -> list[str]:
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
