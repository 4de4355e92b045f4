"""How a cell was held, beside what was measured on it."""

from __future__ import annotations

import numpy as np

from ssb_model.measured.headings import find
from ssb_model.measured.quantities import OTHERS
from ssb_model.measured.sheet import Sheet

RANGES = {  # SI: (lowest, highest, what a person reads)
    "stack_pressure": (0.0, 2e9, "between 0 and 2000 MPa"),
    "temperature": (200.0, 450.0, "between -73 and 177 degC"),
}


def held_columns(sheet: Sheet, notes: list[str]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Stack pressure [Pa] and temperature [K] of each row, None where the file has none."""
    columns: list[np.ndarray | None] = []
    for key, (low, high, words) in RANGES.items():
        quantity = OTHERS[key]
        column = find(sheet.source, sheet.headings, quantity)
        if column is not None and np.isnan(sheet.numbers(column, needed=False)).all():
            notes.append(f"left out: column '{column.heading}' has no numbers")
            column = None
        if column is None:
            columns.append(None)
            continue
        values = sheet.si(column, quantity)
        wrong = (values < low) | (values > high)
        sheet.refuse(
            column.heading, wrong, f"a {quantity.word} lies {words}", "mind the unit in the heading"
        )
        columns.append(values)
    return columns[0], columns[1]
