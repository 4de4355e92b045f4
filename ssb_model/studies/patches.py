"""One cell as patches under different pressures, in parallel at its terminals.

Every patch is the whole model at its own pressure. Over a step each carries a constant current;
the currents are found so that all patches end the step at one voltage, and add up to the cell's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ssb_model.cell.numbers import State
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.engine.reading import read_along
from ssb_model.experiments.experiment import FULL, Cycle, Experiment, Held, Unsolved, cycles, whole
from ssb_model.experiments.schedule import Schedule
from ssb_model.quantities.units import convert

MARGIN = "Minimum lithium plating margin [V]"
STEPS = 40  # of a charge or discharge that gives the nominal capacity
FIRST = 1 / 64  # of such a step, the first one; each may be twice the one before
TOLERANCE = 1e-4  # V between patches at the end of a step
MOST_TRIES = 12
NUDGE = 0.02  # of the mean current, to see how a patch answers
SHORTEST = 1 / 256  # of a step, below which a cut-off is reached


def aged(
    held: Held, count: int, c_rate: float, cv_until: float | None, loss: float
) -> Experiment[tuple[Held, State | None]]:
    """A patch by itself after so many cycles, pressed by what has lost a share of its force."""
    schedule = Schedule(held.stack_pressure, loss=loss, over=count)
    last: dict[str, Any] = {}

    def kept(cycle: Cycle) -> None:
        last.update(number=cycle.number, failed=cycle.failed, state=cycle.state)

    yield from whole(cycles(held, count, c_rate, cv_until=cv_until, schedule=schedule), kept)
    if last["failed"]:
        raise Unsolved(f"cycle {last['number']} of a patch: {last['failed']}.")
    return schedule.before(count + 1, held, last["state"])


@dataclass(frozen=True)
class Instant:
    """The end of a step: currents of the patches over the mean, charge each passed [C m-2]."""

    time: float
    voltage: float
    currents: np.ndarray
    passed: np.ndarray  # per area of the patch, positive either way
    margins: np.ndarray | None  # against plating, least of the step [V]; of graphite


@dataclass
class Parallel:
    """Patches of one engine's cell, each held at its own pressure, and where they stand."""

    engine: Engine
    held: list[Held]
    shares: np.ndarray  # of the area, together 1
    states: list[State | None]
    stopped: StoppedBy | None = None
    detail: str = ""
    longest: float = np.inf  # s, of a step; who drives may set it between steps

    @classmethod
    def of(
        cls,
        engine: Engine,
        held: list[Held],
        shares: np.ndarray,
        states: list[State | None] | None = None,
    ) -> Parallel:
        """From their states, or all at rest where the engine's cell rests."""
        return cls(engine, held, shares, list(states or [None] * len(held)))

    def flow(self, c_rate: float) -> Iterator[Instant]:
        """Constant current of the whole cell until the first patch meets a cut-off.

        ``c_rate`` is positive on discharge.
        """
        if len(self.held) == 1:  # the plain cell
            yield from self._plain(c_rate)
            return
        one_c = self.held[0].cell.design.one_c
        whole = convert(1 / abs(c_rate), "h", "s") / STEPS
        length, time, over = FIRST * whole, 0.0, np.ones(len(self.held))
        passed, slope, trend = np.zeros(len(self.held)), None, 0.0
        while True:
            found = self._step(c_rate, over + trend * length, length, slope)
            if found is None:
                length /= 4
                if length < SHORTEST * whole:
                    return
                continue
            before, (over, voltage, segments, slope) = over, found
            trend = (over - before) / length if time else 0.0
            self.states = [segment.state for segment in segments]
            time += length
            passed = passed + np.abs(c_rate) * one_c * over * length
            yield Instant(time, voltage, over, passed, self._margins(segments))
            length = min(2 * length, whole, self.longest)

    def hold(self, cv_until: float) -> None:
        """At the upper cut-off, where all have one voltage, each until its own C-rate is so low."""
        if self.stopped not in FULL:
            return
        upper = self.held[0].cell.evaluate("Upper voltage cut-off [V]")
        steps = [
            held.step(start=state, voltage=upper, until=held.current(cv_until))
            for held, state in zip(self.held, self.states, strict=True)
        ]
        for k, segment in enumerate(self.engine.run(steps)):
            if segment.solution is not None:
                self.states[k] = segment.state

    def _plain(self, c_rate: float) -> Iterator[Instant]:
        (segment,) = self.engine.run([self.held[0].flow(c_rate, self.states[0])])
        self.stopped, self.detail = segment.stopped_by, segment.detail
        if segment.solution is None:
            return
        self.states, one = [segment.state], np.ones(1)
        margins = self._margins([segment])
        times = segment.solution.t - segment.solution.t[0]
        density = abs(c_rate) * self.held[0].cell.design.one_c
        for time, voltage in zip(times[1:], segment.along["Voltage [V]"][1:], strict=True):
            yield Instant(float(time), float(voltage), one, density * time * one, margins)

    def _margins(self, segments: list[Segment]) -> np.ndarray | None:
        if "negative" not in self.held[0].cell.model_options.porous:
            return None
        read = (read_along(segment.solution, [MARGIN])[MARGIN] for segment in segments)
        return np.array([np.min(values) for values in read])

    def _run(self, c_rate: float, over: np.ndarray, length: float) -> list[Segment]:
        steps = [
            held.flow(c_rate * float(one), state, longest=length)
            for held, one, state in zip(self.held, over, self.states, strict=True)
        ]
        return self.engine.run(steps)

    def _step(self, c_rate, over, length, slope):
        """Currents over the mean that end a step at one voltage; none where a patch cannot."""
        before = None
        for _ in range(MOST_TRIES):
            segments = self._run(c_rate, over, length)
            voltages = self._ends(segments, length)
            if voltages is None:
                return None
            if np.ptp(voltages) < TOLERANCE:
                return over, float(self.shares @ voltages), segments, slope
            if slope is None:
                nudged = self._ends(self._run(c_rate, over + NUDGE, length), length)
                if nudged is None:
                    return None
                slope = (nudged - voltages) / NUDGE
            elif before is not None:
                moved = over - before[0]
                secant = np.where(
                    np.abs(moved) > 1e-9, (voltages - before[1]) / np.where(moved, moved, 1), slope
                )
                slope = np.where(secant * slope > 0, secant, slope)
            before = (over, voltages)
            common = (self.shares @ (voltages / slope)) / (self.shares @ (1 / slope))
            over = over + (common - voltages) / slope
            over = over / (self.shares @ over)
        self.detail = "the currents of the patches were not found"
        return None

    def _ends(self, segments: list[Segment], length: float) -> np.ndarray | None:
        """Voltages at the end of a step that all went through; else keeps what stopped one."""
        for segment in segments:
            whole = segment.solution is not None and segment.duration > (1 - 1e-9) * length
            if not whole:
                self.stopped, self.detail = segment.stopped_by, segment.detail
                return None
        return np.array([segment.along["Voltage [V]"][-1] for segment in segments])
