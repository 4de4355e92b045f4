"""Charge and discharge, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssb_model.outcome import Segment
from ssb_model.simulate import Bench
from ssb_model.state import State


@dataclass(frozen=True)
class Cycle:
    """One charge and the discharge after it; ``state`` is where the cycle left the cell."""

    number: int
    charge: Segment
    discharge: Segment | None
    state: State | None

    @property
    def failed(self) -> str:
        """Why the cell cannot go on, or nothing."""
        last = self.discharge or self.charge
        if last.solution is None:
            return f"{last.stopped_by}: {last.detail}"
        return ""


def cycles(
    bench: Bench,
    state: State | None,
    count: int,
    current_density: float,
    held: tuple[float, float],
) -> Iterator[Cycle]:
    """Constant current both ways between the cut-offs, without constant voltage (A m-2).

    ``held`` is stack pressure and temperature. Ends early where the cell can do no more.
    """
    for number in range(1, count + 1):
        charge = bench.run(-current_density, *held, after=state)
        discharge = None
        if charge.solution is not None:
            state = bench.state(charge)
            discharge = bench.run(current_density, *held, after=state)
            if discharge.solution is not None:
                state = bench.state(discharge)
        cycle = Cycle(number, charge, discharge, state)
        yield cycle
        if cycle.failed:
            return
