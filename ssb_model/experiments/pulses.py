"""Pulses of current between rests, and records of current that are followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ssb_model.cell.numbers import State
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.experiments.experiment import Experiment, Held, Programme

NEXT_TO_NOTHING = 1e-6  # of a current: at rest, and solved
AT_REST = 1e-3  # s next to no current


class Pulse(NamedTuple):
    """A pulse and the rest after it, none where the pulse never began."""

    push: Segment
    relax: Segment | None

    @property
    def whole(self) -> bool:
        """Whether there is a rest to go on from."""
        return self.relax is not None and self.relax.solution is not None

    @property
    def segments(self) -> list[Segment]:
        """Both together, so that none stands without the other; a lone pulse says why."""
        if self.whole:
            return [self.push, self.relax]
        if self.relax is None:
            return []
        return [replace(self.push, stopped_by=self.relax.stopped_by, detail=self.relax.detail)]


def quasi_rest(held: Held, c_rate: float) -> Experiment[Segment]:
    """An instant next to no current, which solves a rest."""
    return (yield held.flow(NEXT_TO_NOTHING * c_rate, longest=AT_REST))


def pulse(
    held: Held,
    c_rate: float,
    duration: float,
    relaxation: float,
    start: State | None = None,
    early: float | None = None,
) -> Experiment[Pulse]:
    """A pulse and the rest after it, seconds each.

    An instant ``early`` seconds after the beginning is solved.
    """
    push = yield held.flow(c_rate, start, longest=duration, early=early)
    if push.solution is None:
        return Pulse(push, None)
    return Pulse(push, (yield held.step(start=push.state, longest=relaxation)))


def titration(
    held: Held,
    signs: Iterable[int],
    c_rate: float,
    duration: float,
    relaxation: float,
    early: float | None = None,
) -> Programme[Pulse]:
    """Pulses with their rests in each direction of ``signs``, until a cut-off ends it."""
    start = None
    for sign in signs:
        while True:
            both = yield pulse(held, sign * c_rate, duration, relaxation, start, early)
            if not both.whole:
                if both.relax is None:
                    break
                return
            start = both.relax.state
            if both.push.stopped_by is not StoppedBy.TIME:
                break


def follow(
    held: Held,
    stretches: Iterable[tuple[float, float, float | None]],
    start: State | None,
    seen: Callable[[int, Segment], None],
    pressures: Sequence[float] | None = None,
) -> Experiment[None]:
    """Currents [A] or held voltages [V] for so many seconds each; ``seen`` is told of each.

    The stack is set to ``pressures`` [Pa], one for each, where they are given. ``seen`` may raise
    ``Unsolved``, and does so where one never began. A voltage at which no current is left is a
    rest for as long as it was held.
    """
    for number, (current, duration, voltage) in enumerate(stretches):
        if pressures is not None:
            held = replace(held, stack_pressure=pressures[number])
            start = start and start.press(held.stack_pressure, held.cell.contact_laws)
        if voltage is None:
            segment = yield held.step(current, start, longest=duration)
            seen(number, segment)
            start = segment.state
            continue
        until = NEXT_TO_NOTHING * abs(held.current(1.0))
        segment = yield held.step(start=start, voltage=voltage, until=until, longest=duration)
        seen(number, segment)
        left = duration
        if segment.solution is not None:
            start, left = segment.state, duration - segment.duration
        if left > AT_REST * duration:
            start = (yield held.step(start=start, longest=left)).state
