"""What the least pressure was found to be as a table: its runs, and beside them the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ssb_model.quantities.registry import band_of
from ssb_model.studies.question import MINIMUM, PRESSURE

if TYPE_CHECKING:
    from ssb_model.verbs.minimum_stack_pressure import MinimumPressureResult


def least_table(result: MinimumPressureResult, said: Sequence[str]) -> pd.DataFrame:
    """The runs by pressure; target, answer and interval in each row, the sentences one a row."""
    low, median, high = band_of(MINIMUM)
    answer, ends = result.answer, result.answer["Interval [MPa]"] or (None, None)
    beside = {
        "target": result.asked["target"],
        "Reference pressure [MPa]": answer["Reference pressure [MPa]"],
        MINIMUM: answer[MINIMUM],
        low: ends[0],
        median: answer["Median [MPa]"],
        high: ends[1],
    }
    runs = result.table
    table = runs.assign(**{name: value for name, value in beside.items() if value is not None})
    sentences = pd.DataFrame({"Answer": [one for one in said if one]})
    return pd.concat([table, sentences], axis=1)


def warnings_of(runs: pd.DataFrame) -> list[str]:
    """What is to be minded of runs, and at which pressures."""
    if "Detail" not in runs:
        return []
    told = runs[runs["Detail"].fillna("").astype(bool)]
    return [
        f"Mind at {', '.join(f'{one:.3g}' for one in rows[PRESSURE])} MPa: {detail}"
        for detail, rows in told.groupby("Detail", sort=False)
    ]
