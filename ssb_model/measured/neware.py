"""Text written by Neware's data analyser: flat or layered, clock times, times that start anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured.headings import Found, canonical
from ssb_model.measured.sheet import Sheet, separator_of, split

LAYERS = (
    ("cycle id", "cycle index", "cycle"),
    ("step id", "step index", "steps", "step"),
    ("record id", "datapoint", "record index", "record number"),
)
TYPES = ("step type", "step name", "status", "state")
TOTALS = ("total time", "test time")
AGREE = 0.9  # share of rows whose current goes one way with the step type


def is_flat(headings: Sequence[str]) -> bool:
    """Whether the headings of a table are those of a flat export."""
    names = {canonical(heading) for heading in headings}
    return bool(names & {"step type", "record id", "datapoint", "record number"}) and bool(
        names & {"step type", *LAYERS[0], *LAYERS[1]}
    )


def is_layered(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether cycles, steps and records stand indented under one another."""
    if len(lines) < 3:
        return False
    heads, _ = split(lines[:3], separator_of(lines[0][1]))
    return all(
        len(head) > depth
        and not any(cell.strip() for cell in head[:depth])
        and canonical(head[depth]) in LAYERS[depth]
        for depth, head in enumerate(heads)
    )


def layered(source: str, lines: Sequence[tuple[int, str]]) -> Sheet:
    """Records of a layered export as a flat sheet with cycle, step and step type before them."""
    separator = separator_of(lines[0][1])
    rows, places = split(lines, separator)
    rows = [[cell.strip() for cell in row] for row in rows]
    heads, (_, step_head, record_head) = rows[:3], rows[:3]
    types = [at for at, name in enumerate(step_head) if canonical(name) in TYPES]
    flat, kept = [], []
    cycle = step = kind = ""
    for row, place in zip(rows[3:], places[3:], strict=True):
        if row in heads:
            continue
        if row[0]:
            cycle = row[0]
        elif len(row) > 1 and row[1]:
            step = row[1]
            kind = row[types[0]] if types and len(row) > types[0] else ""
        else:
            flat.append([cycle, step, kind, *row[2:]])
            kept.append(place)
    if not flat:
        raise InputError(f"{source}: no records under the cycles; export the record layer as well.")
    headings = ["Cycle Index", "Step Index", "Step Type", *record_head[2:]]
    return Sheet(source, headings, flat, kept, separator != ",")


def total_time(sheet: Sheet, found: Found, time: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Time since the test began [s], added up where the file's starts anew with every step."""
    if found.name in TOTALS or not (np.diff(time) < 0).any():
        return time, []
    anew = np.append(False, np.diff(time) < 0) & (time == 0)
    for index, heading in enumerate(sheet.headings):
        if canonical(heading) in (*LAYERS[0], *LAYERS[1], *TYPES):
            text = sheet.column(index)
            anew |= (text != text.shift(fill_value=text[0])).to_numpy()
    before = np.append(0.0, np.where(anew[1:], time[:-1], 0.0))
    note = f"'{found.heading}' starts anew with every step and was added up"
    return time + np.cumsum(before), [note]


def by_step_type(sheet: Sheet, current: np.ndarray) -> tuple[np.ndarray, str]:
    """Current positive on discharge and how the step types told; no word where they do not."""
    index = next((i for i, name in enumerate(sheet.headings) if canonical(name) in TYPES), None)
    if index is None:
        return current, ""
    way = _way(sheet.column(index))
    flowing = (way != 0) & (current != 0)
    if not flowing.any():
        return current, ""
    signed = current[flowing] * way[flowing]
    heading = sheet.headings[index]
    if (current >= 0).all() and (way < 0).any():
        return np.abs(current) * -way + 0.0, f"no sign in the file; taken from '{heading}'"
    share = np.mean(signed > 0)
    if share >= AGREE:
        return 0.0 - current, f"positive on charge in the file, as '{heading}' says"
    if share <= 1 - AGREE:
        return current, f"positive on discharge in the file, as '{heading}' says"
    raise InputError(
        f"{sheet.source}: current and '{heading}' disagree in {100 * min(share, 1 - share):.0f} % "
        "of the rows; give current_sign='charge positive' or 'discharge positive'."
    )


def _way(kinds: pd.Series) -> np.ndarray:
    """1 where a step charges, -1 where it discharges, 0 at rest."""
    words = {kind: _way_of(kind.casefold()) for kind in kinds.unique()}
    return kinds.map(words).to_numpy(float)


def _way_of(kind: str) -> float:
    if kind == "d" or any(word in kind for word in ("dchg", "disch", "放电")):
        return -1.0
    if kind == "c" or any(word in kind for word in ("chg", "charge", "充电")):
        return 1.0
    return 0.0
