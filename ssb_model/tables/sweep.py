"""A sweep in a few lines: the points, or what they come to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.sweep import SweepResult

MOST_ROWS = 40


def sweep_text(result: SweepResult) -> str:
    """What was run, how it ended, and each point or the best and worst of many."""
    lines = [result.title, f"Sweep      {result.words}"]
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    rows = result.rows
    lines.append(f"Points     {len(rows)} of {result.size}")
    ends = Counter(row["stopped_by"] for row in rows)
    lines += [f"           {count} {end}" for end, count in ends.most_common() if end]
    if not rows or result.output is None:
        return "\n".join(lines)
    if len(rows) > MOST_ROWS:
        known = [row for row in rows if row.get(result.output) is not None]
        rows = sorted(known, key=lambda row: row[result.output])
        lines += ["", f"Lowest and highest {result.output}"]
        rows = [*rows[:1], *rows[1:][-1:]]
    columns = [*result.axes, result.output, "stopped_by", "detail"]
    if rows:
        lines += ["", text_table([{name: row.get(name) for name in columns} for row in rows])]
    least = result.minimum_pressures()
    if least is not None and len(least) <= MOST_ROWS:
        lines += ["", text_table(least.to_dict("records"))]
    return "\n".join(lines)
