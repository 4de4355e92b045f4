"""Charge and discharge, again and again."""

from __future__ import annotations

from collections.abc import Iterator

from ssb_model.cell.state import State
from ssb_model.engine.bench import Bench
from ssb_model.engine.outcome import Cycle


def cycles(
    bench: Bench,
    state: State | None,
    count: int,
    current_density: float,
    held: tuple[float, float],
    cv_until: float | None = None,
    charging: float | None = None,
    first: int = 1,
) -> Iterator[Cycle]:
    """Constant current between the cut-offs (A m-2); charges at ``charging`` if that is given.

    Each charge goes on at the upper cut-off until ``cv_until`` (A m-2), if that is given.
    ``held`` is stack pressure and temperature, ``first`` the number of the first cycle. Ends
    early where the cell can do no more.
    """
    charging = current_density if charging is None else charging
    for number in range(first, first + count):
        charge = bench.charge(charging, *held, after=state, cv_until=cv_until)
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
