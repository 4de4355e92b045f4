"""Charge and discharge, again and again."""

from __future__ import annotations

from collections.abc import Iterator

from ssb_model.outcome import Cycle
from ssb_model.simulate import Bench
from ssb_model.state import State


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
