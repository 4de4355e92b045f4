"""Which way a current flows, told by what the voltage does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ssb_model.errors import InputError, nearest
from ssb_model.measured.maker import Csv, Maker
from ssb_model.measured.sheet import Sheet

SIGNS = ("auto", "charge positive", "discharge positive")
AGREE = 0.8  # share of the voltage changes that must point one way
AGREE_WITH_TYPES = 0.9  # share of rows whose current goes one way with the step type
LEAST = 5e-3  # V of voltage changes in all, below which they tell nothing
STEADY = 0.05  # spread of a current that counts as constant, share of it
SWITCH = 0.1  # change of current that counts as switched, share of the largest
REST = 1e-3  # share of the largest current below which none flows


def ways(current: np.ndarray) -> np.ndarray:
    """Sign of the current, 0 where next to none flows."""
    largest = np.abs(current).max(initial=0.0)
    return np.where(np.abs(current) > REST * largest, np.sign(current), 0.0)


def stretches(labels: np.ndarray) -> list[tuple[int, int]]:
    """First row and row after the last of each run of equal labels."""
    edges = np.flatnonzero(np.diff(labels)) + 1
    bounds = [0, *map(int, edges), len(labels)]
    return list(pairwise(bounds))


def rises_with_voltage(current: np.ndarray, voltage: np.ndarray) -> float | None:
    """1 where positive current raises the voltage, -1 where it lowers it, None undecided.

    Counted are the change of voltage [V] along each stretch of constant current and the jump
    wherever the current [A or A m-2] is switched.
    """
    votes = []
    for first, end in stretches(ways(current)):
        middle = np.median(current[first:end])
        steady = np.abs(current[first:end] - middle) <= STEADY * abs(middle)
        points = voltage[first:end][steady]
        if middle and len(points) > 1:
            tenth = max(len(points) // 10, 1)
            votes.append(np.sign(middle) * (points[-tenth:].mean() - points[:tenth].mean()))
    switched = np.abs(np.diff(current)) > SWITCH * np.abs(current).max(initial=0.0)
    votes += list((np.sign(np.diff(current)) * np.diff(voltage))[switched])
    total = np.abs(votes).sum()
    if total < LEAST or abs(np.sum(votes)) < (2 * AGREE - 1) * total:
        return None
    return float(np.sign(np.sum(votes)))


def by_step_type(sheet: Sheet, current: np.ndarray, maker: type[Maker]) -> tuple[np.ndarray, str]:
    """Current positive on discharge and how the step types told; no word where they do not."""
    columns = sheet.of_any(maker.step_types)
    if not columns:
        return current, ""
    heading, steps = sheet.headings[columns[0]], sheet.column(columns[0])
    way = steps.map({step: maker.way(step) for step in steps.unique()}).to_numpy(float)
    flowing = (way != 0) & (current != 0)
    if not flowing.any():
        return current, ""
    if (current >= 0).all() and (way < 0).any():
        return np.abs(current) * -way + 0.0, f"no sign in the file; taken from '{heading}'"
    share = np.mean(current[flowing] * way[flowing] > 0)
    if share >= AGREE_WITH_TYPES:
        return 0.0 - current, f"positive on charge in the file, as '{heading}' says"
    if share <= 1 - AGREE_WITH_TYPES:
        return current, f"positive on discharge in the file, as '{heading}' says"
    raise InputError(
        f"{sheet.source}: current and '{heading}' disagree in {100 * min(share, 1 - share):.0f} % "
        "of the rows; give current_sign='charge positive' or 'discharge positive'."
    )


def discharge_positive(
    source: str,
    current: np.ndarray,
    voltage: np.ndarray,
    asked: str,
    maker: type[Maker] = Csv,
) -> tuple[np.ndarray, str]:
    """Current positive on discharge, and how that was known.

    ``asked`` is one of ``SIGNS``; ``maker`` may have a convention of its own.
    """
    if asked not in SIGNS:
        raise InputError(f"unknown current_sign '{asked}'. {nearest(asked, SIGNS)}")
    if not current.any():
        return current, "no current flows"
    seen = rises_with_voltage(current, voltage)
    told = {None: "", 1.0: "charge", -1.0: "discharge"}[seen]
    if asked != "auto":
        positive, note = asked.split()[0], "as given"
        if told and told != positive:
            note += f", though the voltage moves as if positive on {told}"
    elif maker.positive_on:
        positive, note = maker.positive_on, f"{maker.name}'s convention"
        if told and told != positive:
            moves = "rises" if seen > 0 else "falls"
            raise InputError(
                f"{source}: {maker.name} counts {positive} as positive, but the voltage {moves} "
                f"with positive current; give current_sign='{told} positive' or '{positive} "
                "positive'."
            )
    elif told:
        positive, note = told, f"positive current {'raises' if seen > 0 else 'lowers'} the voltage"
    else:
        raise InputError(
            f"{source}: the voltage does not tell which way positive current flows; give "
            "current_sign='charge positive' or 'discharge positive'."
        )
    factor = -1.0 if positive == "charge" else 1.0
    return factor * current + 0.0, f"positive on {positive} in the file: {note}"
