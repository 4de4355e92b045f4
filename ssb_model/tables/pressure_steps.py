"""A sequence of stack pressures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.pressure_steps import PressureStepsResult


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
