"""Current pulses between rests in a record of galvanostatic titration."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from ssb_model.errors import InputError

RESTING = 0.02  # of the largest current: below it a sample counts as rest
UNSTEADY = 0.05  # of a pulse's mean current, by which its end may differ
CUT_SHORT = 0.98  # of the median duration of the pulses in the same direction
STEEPER = 1.5  # times: what an OCP's slope may change by where one cannot see how it bends
TAIL = 0.1  # of a rest, over which its end is a straight line


@dataclass(frozen=True)
class Pulse:
    """A pulse with the rests around it; samples are those under current."""

    start: float  # s, the last sample of the rest before
    time: np.ndarray  # s since ``start``
    charge: np.ndarray  # A s m-2 passed since ``start``, positive on discharge
    voltage: np.ndarray  # V
    current: float  # A m-2, mean
    before: float  # V at the end of the rest before
    after: float  # V at the end of the rest after
    drift: float | None  # V s-1 at the end of the rest after
    rest: float  # s, the rest after
    tails: tuple[int, int]  # samples behind ``before`` and ``after``
    charge_before: float  # A s m-2 since the record's first sample
    flags: list[str] = field(default_factory=list)
    moving: float = 0.0  # V s-1, at the end of the rest before, beyond what memory explains
    relaxing: float = 0.0  # V s-1, at the end of the rest after, that memory explains
    scatter: tuple[float | None, float | None] = (None, None)  # V, of the samples of both
    memory: np.ndarray | None = None  # A s m-2, by which what earlier pulses left leads, a sample

    @property
    def duration(self) -> float:
        """Of the pulse [s]."""
        return float(self.time[-1])

    @property
    def end(self) -> float:
        """Time of the last sample under current [s]."""
        return self.start + self.duration

    @property
    def steady_change(self) -> float:
        """Fall of the quasi-open-circuit potential over the pulse [V]."""
        return self.before - self.after

    @property
    def overpotential(self) -> np.ndarray:
        """OCP(Q(t)) - V(t), the OCP linear in charge between the ends of the two rests [V]."""
        share = self.charge / self.charge[-1]
        return self.before - self.steady_change * share - self.voltage

    @property
    def noise(self) -> float:
        """Scatter of neighbouring samples under current [V], by their second differences."""
        if self.voltage.size < 4:
            return 0.0
        return float(np.median(np.abs(np.diff(self.voltage, 2))) / (0.6745 * np.sqrt(6)))


class SweepPotential:
    """OCP over charge passed in the record, from all quasi-OCPs of pulses in one direction.

    Monotone cubics between the ends of the rests, straight lines beyond them; one pulse by
    itself has a straight line. ``leads`` [A s m-2], one for the end of each rest, say how far
    the surface of the particles was ahead of their mean: the curve is that of the surface then.
    Leads that would turn the order of the charges around are not believed.
    """

    def __init__(self, sweep: Sequence[Pulse], leads: Sequence[float] | None = None):
        self.sign = np.sign(sweep[0].current)
        charges = [each.charge_before for each in sweep]
        charges.append(sweep[-1].charge_before + sweep[-1].charge[-1])
        self.leads = np.zeros(len(charges)) if leads is None else np.array(leads)
        self.known = self.sign * (np.array(charges) + self.leads)
        if np.any(np.diff(self.known) <= 0):
            self.leads = np.zeros(len(charges))
            self.known = self.sign * np.array(charges)
        volts = np.array([*(each.before for each in sweep), sweep[-1].after])
        self.curve = PchipInterpolator(self.known, volts)
        self.end_slopes = (np.diff(volts) / np.diff(self.known))[[0, -1]]

    def __call__(self, charge):
        """Potential [V] at charge [A s m-2]."""
        along = self.sign * np.asarray(charge, dtype=float)
        first, last = self.known[0], self.known[-1]
        below, above = np.minimum(along - first, 0), np.maximum(along - last, 0)
        inside = self.curve(np.clip(along, first, last))
        return inside + self.end_slopes[0] * below + self.end_slopes[1] * above

    def steepened(self, distance: float) -> float:
        """Factor by which slopes in the record change at most over a distance [A s m-2].

        So much may change beyond it as well; between 1 and 2, STEEPER where it is not seen.
        """
        slopes = np.diff(self.curve(self.known)) / np.diff(self.known)
        steps = int(np.ceil(distance / np.mean(np.diff(self.known))))
        apart = min(steps, slopes.size - 1)
        if apart < 1 or not np.all(slopes / slopes[0] > 0):
            return STEEPER
        changes = np.abs(np.log(slopes[apart:] / slopes[:-apart]))
        return float(np.exp(min(changes.max(), np.log(2.0))))

    def unsure(self, charge: np.ndarray) -> float:
        """How far [V] another smooth curve through the same points lies off, within the record."""
        along = self.sign * np.asarray(charge, dtype=float)
        along = along[(along > self.known[0]) & (along < self.known[-1])]
        if along.size == 0 or self.known.size < 3:
            return 0.0
        other = CubicSpline(self.known, self.curve(self.known))
        return float(np.max(np.abs(other(along) - self.curve(along))))

    def continued(self, factor: float) -> SweepPotential:
        """The same within the record, with the slopes beyond it times a factor."""
        other = copy(self)
        other.end_slopes = factor * self.end_slopes
        return other

    def beyond(self, charge: float) -> float:
        """How far a charge lies past the last quasi-OCP [A s m-2], negative before it."""
        return float(self.sign * charge - self.known[-1])


def sweeps(pulses: Sequence[Pulse]) -> list[list[Pulse]]:
    """Pulses that follow one another in one direction, with no charge in between."""
    found: list[list[Pulse]] = []
    for pulse in pulses:
        if found and pulse.current * found[-1][-1].current > 0:
            last = found[-1][-1]
            gap = pulse.charge_before - last.charge_before - last.charge[-1]
            if abs(gap) < 0.01 * abs(last.charge[-1]):
                found[-1].append(pulse)
                continue
        found.append([pulse])
    return found


def checked(time, current_density, voltage) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three arrays of one length, finite, in order of time."""
    arrays = [np.asarray(each, dtype=float) for each in (time, current_density, voltage)]
    if len({each.shape for each in arrays}) != 1 or arrays[0].ndim != 1:
        raise InputError("time, current density and voltage are columns of one length.")
    if arrays[0].size < 3:
        raise InputError("A record needs a rest, a pulse and a rest; this one has no samples.")
    if not all(np.all(np.isfinite(each)) for each in arrays):
        raise InputError("The record holds empty or infinite samples; drop those rows first.")
    if np.any(np.diff(arrays[0]) < 0):
        raise InputError("Time runs backwards in the record; sort it or give one test at a time.")
    return arrays[0], arrays[1], arrays[2]


def passed_charge(time: np.ndarray, current: np.ndarray) -> np.ndarray:
    """Charge since the first sample [A s m-2]; a current holds since the sample before it."""
    flowing = np.where(np.abs(current) > RESTING * np.max(np.abs(current)), current, 0.0)
    return np.concatenate([[0.0], np.cumsum(flowing[1:] * np.diff(time))])


def _stretches(time: np.ndarray, current: np.ndarray) -> tuple[np.ndarray, list]:
    """Signs of the current, nought at rest, and the first and the end of each run of one sign."""
    largest = float(np.max(np.abs(current)))
    sign = np.where(np.abs(current) > RESTING * largest, np.sign(current), 0.0)
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1), time.size]
    return sign, list(pairwise(edges))


def currents(time: np.ndarray, current: np.ndarray) -> list[tuple[float, float, float]]:
    """From, to [s] and mean [A m-2] of every stretch of current, pulse or not."""
    charge = passed_charge(time, current)
    sign, stretches = _stretches(time, current)
    found = []
    for first, end in stretches:
        begun, ended = float(time[max(first - 1, 0)]), float(time[end - 1])
        if sign[first] != 0 and ended > begun:
            passed = float(charge[end - 1] - charge[max(first - 1, 0)])
            found.append((begun, ended, passed / (ended - begun)))
    return found


def find_pulses(
    time: np.ndarray, current: np.ndarray, voltage: np.ndarray
) -> tuple[list[Pulse], list[str]]:
    """Pulses in order of time, and one line for each stretch of current left out.

    Counts only what has a rest on both sides, each at least half as long as the stretch itself:
    that leaves out the charge before a titration and a last pulse which the record breaks off.
    """
    if not np.any(current):
        raise InputError("The record holds no current; give the current density in A m-2.")
    sign, stretches = _stretches(time, current)
    charge = passed_charge(time, current)
    pulses, left_out = [], []
    for place, (first, end) in enumerate(stretches):
        if sign[first] == 0:
            continue
        where = f"current from {time[first]:g} to {time[end - 1]:g} s"
        if place in (0, len(stretches) - 1):
            side = "before" if place == 0 else "after"
            left_out.append(f"{where}: no rest {side} it in the record")
            continue
        rests = [stretches[place - 1], stretches[place + 1]]
        spans = [time[rests[0][1] - 1] - time[rests[0][0]], time[rests[1][1] - 1] - time[end - 1]]
        if any(sign[rest[0]] != 0 for rest in rests):
            left_out.append(f"{where}: turns into the other direction without a rest")
        elif time[end - 1] == time[first - 1]:
            left_out.append(f"{where}: lasts no time")
        elif min(spans) < 0.5 * (time[end - 1] - time[first - 1]):
            left_out.append(f"{where}: a rest beside it is shorter than half of it")
        else:
            pulses.append(_pulse(time, current, voltage, charge, rests, first, end))
    if not pulses:
        reason = f" ({left_out[0]})" if left_out else ""
        raise InputError(f"No pulse with a rest before and after it{reason}; record both rests.")
    _mark_short(pulses)
    return pulses, left_out


def _pulse(time, current, voltage, charge, rests, first, end) -> Pulse:
    start = float(time[first - 1])
    inside = np.arange(first, end)[time[first:end] > start]
    mean = float(charge[end - 1] - charge[first - 1]) / float(time[end - 1] - start)
    ends = [_rest_end(time[a:b], voltage[a:b]) for a, b in rests]
    (before, moving, *_), (after, drift, *_) = ends
    flags = []
    late = current[(first + end) // 2 : end]
    if abs(np.mean(late[-max(1, late.size // 5) :]) / mean - 1) > UNSTEADY:
        flags.append("current not constant")
    return Pulse(
        start=start,
        time=time[inside] - start,
        charge=charge[inside] - charge[first - 1],
        voltage=voltage[inside],
        current=mean,
        before=before,
        after=after,
        drift=drift,
        rest=float(time[rests[1][1] - 1] - time[end - 1]),
        tails=(ends[0][2], ends[1][2]),
        scatter=(ends[0][3], ends[1][3]),
        charge_before=float(charge[first - 1]),
        flags=flags,
        moving=moving or 0.0,
    )


def _rest_end(
    time: np.ndarray, voltage: np.ndarray
) -> tuple[float, float | None, int, float | None]:
    """Potential [V], drift [V s-1] at a rest's end by a line through its last tenth; samples.

    And their scatter [V] about that line.
    """
    tail = time >= time[-1] - TAIL * (time[-1] - time[0])
    since, volts = time[tail] - time[-1], voltage[tail]
    if since.size < 3:
        since, volts = time[-3:] - time[-1], voltage[-3:]
    if since[0] == 0:
        return float(volts[-1]), None, 1, None
    slope, end = np.polyfit(since, volts, 1)
    scatter = None
    if since.size > 2:
        left = volts - slope * since - end
        scatter = float(np.sqrt(np.sum(left**2) / (since.size - 2)))
    return float(end), float(slope), int(since.size), scatter


def _mark_short(pulses: list[Pulse]) -> None:
    for direction in (1, -1):
        same = [pulse for pulse in pulses if pulse.current * direction > 0]
        usual = np.median([pulse.duration for pulse in same]) if same else 0.0
        for pulse in same:
            if pulse.duration < CUT_SHORT * usual:
                pulse.flags.append("cut short")
