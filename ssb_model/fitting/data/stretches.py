"""A record cut into stretches: of steady current, of a voltage held; what sampling hides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ssb_model.quantities.units import convert

STEADY = 0.05  # change of a current, of it, from which on it counts as another step
RESTING = 1e-3  # of the largest current: below it the cell rests
HELD = 5e-3  # V within which a voltage counts as held while the current falls
AT_IT = 1e-3  # V from a held voltage, within which a row is taken as at it
FEWEST = 3  # rows of a voltage that is followed as held
LINGERS = 0.02  # of a step's length, for which its end is felt in the next
SHIFT = 1.0  # of the time between two rows: how far from the first a switch may be
DAMPED = 0.6  # of the move of a switch that is found
STILL = 0.03  # of the time between two rows: a switch found so near again stays where it is
MOVES = 0.02  # of a stack pressure, from one stretch to another: less is its noise
BEYOND = 0.02  # of the largest current, by which a count of charge may leave those beside it
AROUND = 3  # rows either way of one, of which its slope is taken at most
MOSTLY = 0.8  # of the rows, where a count must agree with the currents
BENT = 0.3  # of the square of a time: mean of half of it, over where a switch may be
FELT = 0.05  # of the noise, which a switch must move the voltage by to be told


@dataclass(frozen=True)
class Stretch:
    """Rows under steady current, or under a voltage held; times from where the one before ended."""

    current: float  # A or A m-2, mean
    times: np.ndarray  # s, of its rows
    rows: slice
    compared: bool
    held: float | None = None  # V, in place of the current
    ended: float = 0.0  # s, where it lasts on after its last row

    @property
    def duration(self) -> float:
        return max(float(self.times[-1]), self.ended)


def stretches_of(
    time: np.ndarray,
    current: np.ndarray,
    voltage: np.ndarray,
    charge: np.ndarray | None = None,
    late: Mapping[int, float] | None = None,
) -> list[Stretch]:
    """Stretches of steady current, each from where the one before ended.

    A current holds since the row before, unless ``charge`` that has passed up to each row says
    where between two rows it was switched, or ``late`` how many seconds after the row before a
    row it was. Where the current falls at constant voltage this is
    one stretch of a voltage held, begun when the voltage got there.
    """
    still = np.abs(current) < RESTING * np.abs(current).max()
    current = np.where(still, 0.0, current)
    edges = _edges(current)
    blocks = _joined(list(zip(edges, [*edges[1:], len(current)], strict=True)), current, voltage)
    steps: list[Stretch] = []
    begun = float(time[0])
    for number, (first, end, held) in enumerate(blocks):
        last = float(time[end - 1])
        ends = last
        if number + 1 < len(blocks):
            ends = _switched(time, current, voltage, charge, end, blocks[number + 1][2])
            ends += (late or {}).get(end, 0.0)
        times = time[first:end] - begun
        lasts = ends - begun
        if lasts <= 0:  # a first row by itself
            continue
        rows = slice(first, end)
        if charge is None:
            since = np.diff(np.append(begun, time[first:end]))
            passed = np.sum(current[first:end] * since) + current[end - 1] * (ends - last)
        else:
            at = np.interp([begun, ends], time, charge)
            passed = at[1] - at[0]
            if ends > last or begun < time[first]:  # within intervals of a switch
                inner = charge[end - 1] - charge[first]
                passed = inner + current[first] * (time[first] - begun)
                passed += current[end - 1] * (ends - last)
        mean = 0.0 if current[first] == 0 else float(passed / lasts)
        compared = held is None and _compared(mean, rows, voltage, steps)
        steps.append(Stretch(mean, np.maximum(times, 0.0), rows, compared, held, lasts))
        begun = ends
    return steps


def _switched(time, current, voltage, charge, end: int, held: float | None) -> float:
    """When the current was switched between the rows before and at ``end``."""
    before, after = float(time[end - 1]), float(time[end])
    if held is not None and end > 1:  # when the voltage got there
        slope = (voltage[end - 1] - voltage[end - 2]) / (before - time[end - 2])
        if slope:
            there = before + (held - voltage[end - 1]) / slope
            return float(np.clip(there, before, after))
        return before
    one, other = current[end - 1], current[end]
    if charge is None or one == other:
        return before
    passed = charge[end] - charge[end - 1]
    return float(
        np.clip(before + (passed - other * (after - before)) / (one - other), before, after)
    )


def _joined(
    blocks: list[tuple[int, int]], current: np.ndarray, voltage: np.ndarray
) -> list[tuple[int, int, float | None]]:
    """Blocks of rows, those of one voltage held together with it."""
    found: list[tuple[int, int, float | None]] = []
    k = 0
    while k < len(blocks):
        first, end = blocks[k]
        last = k
        while last + 1 < len(blocks) and _falls(blocks, last, current, voltage):
            last += 1
        if last > k:
            stop = blocks[last][1]
            start = blocks[k + 1][0]
            level = float(np.median(voltage[start:stop]))
            while start > first + 1 and abs(voltage[start - 1] - level) < AT_IT:
                start -= 1  # rows that are there already, their current hardly fallen
            if stop - start >= FEWEST:
                found += [(first, start, None), (start, stop, level)]
            else:
                found += [(a, b, None) for a, b in blocks[k : last + 1]]
        else:
            found.append((first, end, None))
        k = last + 1
    return found


def _falls(blocks, k: int, current: np.ndarray, voltage: np.ndarray) -> bool:
    """Whether the current of the next block is less, at the voltage where this one ended."""
    (first, end), (after, stop) = blocks[k], blocks[k + 1]
    one, other = np.mean(current[first:end]), np.mean(current[after:stop])
    if one * other <= 0 or abs(other) >= abs(one):
        return False
    return _level(voltage[end - 1 : stop])


def _level(volts: np.ndarray) -> bool:
    """Whether a voltage stays where it was, but for noise."""
    early, late = volts[: len(volts) // 2 + 1], volts[len(volts) // 2 :]
    return bool(abs(np.median(late) - np.median(early)) <= HELD and np.ptp(volts) <= 2 * HELD)


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


def _compared(current: float, rows: slice, voltage: np.ndarray, before: list[Stretch]) -> bool:
    """Whether voltage says something here: not where it is held while the current falls."""
    if not before:
        return True
    last = before[-1].current
    if last * current <= 0 or abs(current) >= abs(last):
        return True
    return not _level(voltage[before[-1].rows.stop - 1 : rows.stop])


def volts_of_charge(steps: Sequence[Stretch], voltage: np.ndarray, error: float) -> np.ndarray:
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


def hidden(
    steps: Sequence[Stretch],
    time: np.ndarray,
    voltage: np.ndarray,
    noise: float,
    known: float = np.inf,
) -> tuple[np.ndarray, np.ndarray, dict[int, float]]:
    """What later switches of the current would do to the voltage: a column of volts for each.

    Without a count of charge a switch lies anywhere between two rows. Later by a while it moves
    what follows in time, and all that follows by a charge, up to a voltage that is held. Of a
    column one is what a standard deviation of the switch does. Besides: volts of each row by which
    its curve bends over such a while, so that a column says it badly; by the first row after each
    switch the time since the row before, or to which it is ``known`` [s].
    """
    columns, gaps, bent = [], {}, np.zeros(len(time))
    for number, after in enumerate(steps):
        first = after.rows.start
        if after.held is not None or first == 0:
            continue
        gap = min(float(time[first] - time[first - 1]), known)
        if gap <= 0:
            continue
        before = steps[number - 1] if number else None
        late = SHIFT * gap
        column = np.zeros(len(time))
        column[after.rows] = -late * _slope(after, voltage)
        more = -late * after.current  # charge
        per_charge = 0.0
        if before is not None and before.held is None:
            more += late * before.current
            per_charge = _per_charge(before, voltage)
            column[after.rows] += late * before.current * per_charge
        for later in steps[number + 1 :]:
            if later.held is not None:
                break
            per_charge = _per_charge(later, voltage) or per_charge
            column[later.rows] = more * per_charge
            if later.current:
                column[later.rows] = more * _slope(later, voltage) / later.current
        for step in steps[number:]:
            if step.held is not None:
                break
            if len(step.times) > 2 and step.current:
                share = 1.0 if step is after else more / (late * step.current)
                bend = np.gradient(_slope(step, voltage), step.times)
                bent[step.rows] = np.hypot(bent[step.rows], BENT * bend * (share * gap) ** 2)
        if np.abs(column).max() > FELT * noise:
            columns.append(column)
            gaps[first] = gap
    return np.array(columns).reshape(len(columns), len(time)).T, bent, gaps


def switched_later(
    late: Mapping[int, float], gaps: Mapping[int, float], common: np.ndarray
) -> dict[int, float] | None:
    """``late`` of each switch, moved by standard deviations found; none where all stay as they are.

    A switch stays between its rows. Two near each other push one another: moves are damped.
    """
    moved = {
        row: float(np.clip(late.get(row, 0.0) + DAMPED * SHIFT * gap * by, 0.0, gap))
        for (row, gap), by in zip(gaps.items(), common, strict=True)
    }
    still = all(abs(moved[row] - late.get(row, 0.0)) < STILL * gap for row, gap in gaps.items())
    return None if still else {**late, **moved}


def moving_pressures(steps: Sequence[Stretch], followed: np.ndarray | None) -> list[float] | None:
    """Mean stack pressure of each stretch, where what was measured moves from one to another."""
    if followed is None:
        return None
    means = [float(np.mean(followed[step.rows])) for step in steps]
    return means if np.ptp(means) > MOVES * np.mean(means) else None


def _per_charge(step: Stretch, voltage: np.ndarray) -> float:
    """Volts per charge late in a stretch under current."""
    if not step.current or len(step.times) < 2:
        return 0.0
    slope = _slope(step, voltage)
    return float(np.median(slope[len(slope) // 2 :])) / step.current


def counted(table: pd.DataFrame) -> np.ndarray | None:
    """Charge up to each row, positive on discharge, by the cycler's own count; none without one.

    A count that starts anew, or tells another charge than the currents beside it allow, is none
    there: the current is taken to hold since the row before.
    """
    names = {"Capacity [A.h]": "Current [A]", "Capacity [A.h.m-2]": "Current [A.m-2]"}
    found = [(name, of) for name, of in names.items() if name in table and of in table]
    if not found:
        return None
    (name, of) = found[0]
    current, seconds = table[of].to_numpy(), np.diff(table["Time [s]"].to_numpy())
    steps = convert(np.diff(table[name].to_numpy()), "h", "s")
    plain = current[1:] * seconds
    low, high = np.minimum(current[1:], current[:-1]), np.maximum(current[1:], current[:-1])
    slack = BEYOND * np.abs(current).max() * seconds
    way = np.sign(current[1:] + current[:-1])
    for sign in (way, np.ones_like(way), -np.ones_like(way)):  # of one way, or of either
        told = np.abs(steps) * sign if sign is way else steps * sign
        good = (told >= low * seconds - slack) & (told <= high * seconds + slack)
        if sign is way:
            good &= current[1:] * current[:-1] >= 0
        if np.mean(good[seconds > 0]) > MOSTLY:
            passed = np.where(good, told, plain)
            return np.append(0.0, np.cumsum(passed))
    return None


def _slope(step: Stretch, voltage: np.ndarray) -> np.ndarray:
    """Volts per second at each row, over some rows either way where noise would hide it."""
    count = len(step.times)
    if count < 2:
        return np.zeros(count)
    volts, reach = voltage[step.rows], max(1, min(AROUND, count // 8))
    place = np.arange(count)
    near = np.minimum(reach, np.minimum(place, count - 1 - place))
    low, high = place - near, place + near
    low[-1], high[0] = count - 2, 1
    return (volts[high] - volts[low]) / (step.times[high] - step.times[low])
