"""The lowest stack pressure, in a sentence and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.minimum_pressure import MinimumPressureResult


def minimum_pressure_text(result: MinimumPressureResult) -> str:
    """The answer, how sure it is, what it follows, and the runs it rests on."""
    answer = result.answer
    lines = [result.title, f"Runs       {result.run_words}", f"Answer     {result.words}"]
    if result.from_full_words:
        lines.append(f"Beside     {result.from_full_words}")
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    lines += [f"Draws      {line}" for line in result.draw_words]
    if answer["drivers"]:
        rows = [
            {
                "the minimum follows": row["parameter"],
                "rank correlation": f"{row['rank_correlation']:+.2f}",
            }
            for row in answer["drivers"]
        ]
        lines += ["", text_table(rows)]
    rows = [
        {"MPa": row["stack_pressure_MPa"], result.heading: row["value"]}
        | {"ended": row.get("stopped_by", "")}
        for row in result.table.to_dict("records")
    ]
    return "\n".join([*lines, "", text_table(rows)])
