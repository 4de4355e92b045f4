"""What a record must be: in range, in order, long enough."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured.direction import ways
from ssb_model.measured.headings import COUNT, Found, Quantity
from ssb_model.measured.sheet import Sheet

VOLTAGES = (-1.0, 6.0)  # V, of one cell
LARGEST = {"A": 100.0, "A_m2": 1e4}  # of a laboratory cell
LIKE_MILLI = 20.0  # median beyond which numbers under V are mV
FEWEST = 3
MOMENT = 1e-6  # s, between the two rows of a switched current


def check_voltage(sheet: Sheet, found: Found, volts: np.ndarray) -> None:
    """Refuse voltages [V] no single cell has."""
    low, high = VOLTAGES
    outside = (volts < low) | (volts > high)
    if not outside.any():
        return
    if np.median(np.abs(volts)) > LIKE_MILLI:
        raise InputError(
            f"{sheet.source}: column '{found.heading}' reaches {np.abs(volts).max():g} V, which "
            "looks like mV; write [mV] in the heading."
        )
    first = int(np.argmax(outside))
    raise InputError(
        f"{sheet.source}: {sheet.place} {sheet.places[first]}, column '{found.heading}': "
        f"{volts[first]:g} V is outside {low:g} to {high:g} V; mend the unit or remove the row."
    )


def check_current(sheet: Sheet, found: Found, current: np.ndarray, unit: str) -> None:
    """Refuse currents [A or A m-2] no laboratory cell sees."""
    beyond = np.abs(current) > LARGEST[unit]
    if beyond.any():
        first = int(np.argmax(beyond))
        raise InputError(
            f"{sheet.source}: {sheet.place} {sheet.places[first]}, column '{found.heading}': "
            f"{current[first]:g} {unit.replace('_m2', ' m-2')} is too much for a laboratory cell; "
            "mend the unit in the heading (mA, uA?)."
        )


def ordered(sheet: Sheet, found: Found, table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The table with times that rise, and notes of what that took.

    A row at the time of the one before is dropped if the current flows the same way; if it was
    switched there, both count, a moment apart.
    """
    time = table["time_s"].to_numpy()
    falls = np.append(False, np.diff(time) < 0)
    if falls.any():
        first = int(np.argmax(falls))
        raise InputError(
            f"{sheet.source}: {sheet.place} {sheet.places[first]}, column '{found.heading}': time "
            f"falls from {time[first - 1]:g} to {time[first]:g} s; give one test a file, or a "
            "column 'Total time [s]'."
        )
    again = np.append(False, np.diff(time) == 0)
    way = ways(table.filter(regex="^current_").to_numpy()[:, 0])
    repeated = again & np.append(False, np.diff(way) == 0)
    notes = []
    if repeated.any():
        notes.append(
            f"{repeated.sum()} rows at the time of the row before dropped, the first at "
            f"{sheet.place} {sheet.places[int(np.argmax(repeated))]}"
        )
    table = table[~repeated].reset_index(drop=True)
    if len(table) < FEWEST:
        raise InputError(
            f"{sheet.source}: {len(table)} points in time; a record has {FEWEST} or more."
        )
    time = table["time_s"].to_numpy(copy=True)
    switched = np.flatnonzero(np.diff(time) == 0) + 1
    for row in switched:
        time[row] = time[row - 1] + MOMENT
    if len(switched):
        notes.append(f"{len(switched)} rows where the current was switched set {MOMENT:g} s later")
    return table.assign(time_s=time), notes


def whole(values: np.ndarray, quantity: Quantity) -> np.ndarray:
    """Counts as integers where all of them are."""
    counts = quantity.units is COUNT and np.isfinite(values).all()
    return values.astype(int) if counts and (values == np.round(values)).all() else values
