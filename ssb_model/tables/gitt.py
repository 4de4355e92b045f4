"""A titration, every so many pulses."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.gitt import GittResult

COLUMNS = {  # heading: key
    "pulse": "pulse",
    "SOC": "soc",
    "V at rest": "voltage_V",
    "R1": "R1_ohm_cm2",
    "R2": "R2_ohm_cm2",
    "R3": "R3_ohm_cm2",
    "all": "R_total_ohm_cm2",
    "D app. m2/s": "diffusivity_m2_s",
    "note": "flag",
}
SHOWN = 20
NUMBERS = re.compile(r" \([^)]*\)")


def _letters(flag: str, notes: dict[str, str]) -> str:
    """Letters for what a flag says; what is new is added to the notes."""
    said = [NUMBERS.sub("", part) for part in flag.split("; ") if part]
    for part in said:
        notes.setdefault(part, ascii_lowercase[len(notes)])
    return " ".join(notes[part] for part in said)


def gitt_text(result: GittResult) -> str:
    """Resistances over the state of charge, and where they cross."""
    c = result.conditions
    lines = [
        result.title,
        f"GITT       {c['c_rate']:g}C for {c['pulse_s']:g} s, rest {c['rest_s']:g} s",
    ]
    if c["stopped"]:
        lines.append(f"Stopped    {c['stopped']}")
    for one in [*result.titrations, *result.measured]:
        rows = one.analysis.rows
        every = -(-len(rows) // SHOWN)
        shown = [row for row in rows if (row["pulse"] - 1) % every == 0 or row is rows[-1]]
        cross = ", ".join(f"{100 * soc:.0f} %" for soc in one.crossings) or "nowhere"
        ended = f", ended by {one.stopped_by}" if one.stopped_by else ""
        lines += [
            "",
            f"{one.label}: {len(rows)} pulses{ended}; R2 and R3 cross at SOC {cross}",
            f"  R1 faster than {one.split['t1']:.3g} s, R2 up to {one.split['t2']:.3g} s, R3 the "
            "rest of the pulse; Ohm cm2",
        ]
        lines += [f"  {note}" for note in one.notes]
        lines += [f"  left out: {note}" for note in one.analysis.conditions["left_out"]]
        notes: dict[str, str] = {}
        table = [{head: row[key] for head, key in COLUMNS.items()} for row in shown]
        for row in table:
            row["note"] = _letters(row["note"], notes)
        lines.append(text_table(table))
        lines += [f"  {letter}  {text}" for text, letter in notes.items()]
    return "\n".join(lines)
