"""Many cycles in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.cycling import CyclingResult
    from ssb_model.results.cycling_set import CyclingSet

MOST = 12  # lines of the table
COLUMNS = {  # heading: (key, factor, digits after the point)
    "cycle": ("cycle", 1, 0),
    "charge mAh/g": ("charge_capacity_mAh_g", 1, 2),
    "mAh/g": ("discharge_capacity_mAh_g", 1, 2),
    "retention %": ("retention", 100, 2),
    "CE %": ("coulombic_efficiency", 100, 3),
    "mean V": ("mean_voltage_V", 1, 4),
    "polarisation V": ("polarisation_V", 1, 4),
    "R positive": ("positive_interface_Ohm_cm2", 1, 2),
    "R negative": ("negative_interface_Ohm_cm2", 1, 2),
    "contact pos.": ("positive_contact_fraction", 1, 4),
}


def cycling_text(result: CyclingResult | CyclingSet) -> str:
    """Each run in a few lines."""
    return "\n\n".join(_run(one) for one in getattr(result, "results", [result]))


def _run(result: CyclingResult) -> str:
    """First, last and some cycles between, under lines that say how it was cycled."""
    how, rows = result.conditions, result.rows
    lines = [
        result.title,
        f"Cycled     {how['c_rate']:g}C after charge at {how['charge_c_rate']:g}C "
        f"({how['charge']}), {how['held']}, {how['temperature_C']:g} °C; mesh {how['mesh']}",
    ]
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    if result.failed:
        lines.append(_how_to_go_on(result))
    if not rows:
        return "\n".join(lines)
    whole = [row for row in rows if row["discharge_capacity_mAh_g"]]
    if whole:
        first, last = whole[0]["cycle"], whole[-1]
        lines.append(
            f"Retention  {100 * last['retention']:.2f} % of cycle {first} at cycle {last['cycle']}"
        )
    lines.append(f"R in Ohm cm2, read at the {how['gauges_read_at']}")
    shown = [
        {head: _digits(row.get(key), *form) for head, (key, *form) in COLUMNS.items()}
        | {"stopped by": row["stopped_by"]}
        for row in _some(rows)
    ]
    return "\n".join([*lines, "", text_table(shown)])


def _how_to_go_on(result: CyclingResult) -> str:
    if result.journal is None:
        return "Go on      not possible: the run has no journal; --out FOLDER keeps one"
    whole = len(result.rows) - (1 if "solver failed" in result.stopped else 0)
    return f"Go on      the same command goes on with cycle {whole + 1} ({result.journal})"


def _some(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most so many rows, evenly over all, the first and the last among them."""
    steps = min(len(rows), MOST) - 1
    return [rows[round(k * (len(rows) - 1) / max(steps, 1))] for k in range(steps + 1)]


def _digits(value: float | None, factor: float, digits: int) -> str:
    return "" if value is None else f"{factor * value:.{digits}f}"
