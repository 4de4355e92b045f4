"""A record cut into stretches of steady current, and what an error of its charge does to volts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STEADY = 0.05  # change of a current, of it, from which on it counts as another step
RESTING = 1e-3  # of the largest current: below it the cell rests
HELD = 5e-3  # V within which a voltage counts as held while the current falls
LINGERS = 0.02  # of a step's length, for which its end is felt in the next


@dataclass(frozen=True)
class Step:
    """A stretch of steady current; times count from where the stretch before ended."""

    current: float  # A or A m-2
    times: np.ndarray  # s, of its rows
    rows: slice
    compared: bool

    @property
    def duration(self) -> float:
        return float(self.times[-1])


def steps_of(time: np.ndarray, current: np.ndarray, voltage: np.ndarray) -> list[Step]:
    """Stretches of steady current, each from where the one before ended."""
    still = np.abs(current) < RESTING * np.abs(current).max()
    current = np.where(still, 0.0, current)
    steps: list[Step] = []
    edges = _edges(current)
    for first, end in zip(edges, [*edges[1:], len(current)], strict=True):
        times = time[first:end] - time[max(first - 1, 0)]
        if times[-1] == 0:  # a first row by itself
            continue
        charge = np.sum(current[first:end] * np.diff(times, prepend=0.0))
        rows = slice(first, end)
        mean = float(charge / times[-1])
        steps.append(Step(mean, times, rows, _compared(mean, rows, voltage, steps)))
    return steps


def _edges(current: np.ndarray) -> list[int]:
    """Rows at which two in succession differ from the mean of those before."""
    edges, mean, count = [0], current[0], 1
    for row in range(1, len(current)):
        now, then = current[row], current[min(row + 1, len(current) - 1)]
        if all(abs(one - mean) > STEADY * max(abs(mean), abs(one)) for one in (now, then)):
            edges.append(row)
            mean, count = now, 1
        else:
            mean, count = mean + (now - mean) / (count + 1), count + 1
    return edges


def _compared(current: float, rows: slice, voltage: np.ndarray, before: list[Step]) -> bool:
    """Whether voltage says something here: not where it is held while the current falls."""
    if not before:
        return True
    last = before[-1].current
    if last * current <= 0 or abs(current) >= abs(last):
        return True
    return bool(np.ptp(voltage[before[-1].rows.stop - 1 : rows.stop]) > HELD)


def volts_of_charge(steps: Sequence[Step], voltage: np.ndarray, error: float) -> np.ndarray:
    """Volts that a share ``error`` of the charge passed makes, by how steep a record is there."""
    volts = np.zeros(len(voltage))
    ended, lasted = 0.0, 0.0
    for step in steps:
        here = volts[step.rows]
        if len(step.times) > 1 and step.current:
            here[:] = error * np.abs(np.gradient(voltage[step.rows], step.times)) * step.times
        early = step.times < LINGERS * lasted
        here[early] = np.maximum(here[early], ended)
        ended, lasted = float(here[-1]), step.duration
    return volts
