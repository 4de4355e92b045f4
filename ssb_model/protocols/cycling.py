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
    cv_until: float | None = None,
) -> Iterator[Cycle]:
    """Constant current both ways between the cut-offs (A m-2).

    Each charge goes on at the upper cut-off until ``cv_until`` (A m-2), if that is given.
    ``held`` is stack pressure and temperature. Ends early where the cell can do no more.
    """
    for number in range(1, count + 1):
        charge = bench.charge(current_density, *held, after=state, cv_until=cv_until)
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
