"""Charge a cell, discharge it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at
from ssb_model.cell.state import State
from ssb_model.engine.bench import Bench
from ssb_model.engine.outcome import Segment
from ssb_model.errors import InputError
from ssb_model.quantities.checks import (
    check_positive,
)
from ssb_model.results.discharge import DischargeResult
from ssb_model.system.signals import stop_is_heard


def bench_for(cell: Cell) -> Bench:
    """The bench a cell with a state ran on, else a new one from rest at 0 %."""
    if cell.state is not None:
        return cell.state.bench
    return Bench(cell.at_soc(0))


def discharge(
    cell: Cell | str | Path,
    c_rate: float = 0.1,
    stack_pressure: float | None = None,
    temperature: float | None = None,
    charge_rate: float | None = None,
    from_full: bool = False,
    cv_until: float | None = None,
) -> DischargeResult:
    """Discharge a cell at constant current after a charge at constant current.

    The charge starts from rest at 0 %, or from where an earlier run left the cell, and goes to
    the upper cut-off at ``charge_rate``, by default the discharge's own; ``from_full`` starts
    from rest at 100 % instead. With ``cv_until`` the charge goes on at the upper cut-off until
    the current has fallen to that C-rate. Pressure in Pa, temperature in K, by default the
    cell's own. The result's ``cell_after`` is the cell as the run left it: press it again, run
    it on.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    held = held_at(cell, stack_pressure, temperature)
    if from_full:
        check_no_charge(charge_rate, cv_until)
        return discharged_from_full(cell, bench_full(cell), c_rate, held)[1]
    drive = Drive(c_rate, charge_rate, cv_until)
    return drive.on(cell, bench_for(cell), held)[1]


@dataclass(frozen=True)
class Drive:
    """A discharge after a charge, or a charge after a discharge; rates in C, rest in s."""

    c_rate: float
    rate_before: float | None = None  # as c_rate if not given
    cv_until: float | None = None
    direction: str = "discharge"
    rest: float = 0.0

    def __post_init__(self):
        check_positive("the C-rate", self.c_rate)
        if self.rate_before is not None:
            other = "charge" if self.direction == "discharge" else "discharge"
            check_positive(f"the {other} rate", self.rate_before)
        if self.cv_until is not None:
            check_positive("cv_until", self.cv_until)

    @stop_is_heard()
    def on(self, cell: Cell, bench: Bench, held) -> tuple[Segment, DischargeResult]:
        """On a cell, from its state or from rest at 0 %: the run itself and what is told of it."""
        if cell.window is None:
            raise InputError("a symmetric cell has no discharge; solve its model with PyBaMM.")
        one_c = cell.design.nominal_capacity / 3600
        current = self.c_rate * one_c
        current_before = current if self.rate_before is None else self.rate_before * one_c
        until = None if self.cv_until is None else self.cv_until * one_c

        def charge(at, after):
            return bench.charge(at, *held, after=after, cv_until=until)

        def discharged(at, after):
            return bench.run(at, *held, after=after)

        state, before = cell.state, None
        first, second = charge, discharged
        if self.direction == "charge":
            first, second = discharged, charge
        if self.direction == "discharge" or state is not None:
            before = first(current_before, state)
            if before.solution is None:
                return before, self._told(cell, before, before, held, cell)
            state = self._rested(bench, bench.state(before), held)
        run = second(current, state)
        if run.solution is not None:
            state = self._rested(bench, bench.state(run), held)
        after = cell if state is None else replace(cell, state=state)
        return run, self._told(cell, run, before, held, after)

    def _rested(self, bench: Bench, state: State, held) -> State:
        if not self.rest:
            return state
        return bench.rested(state, self.rest, *held)

    def _told(self, cell, run, before, held, after) -> DischargeResult:
        rate_before = self.c_rate if self.rate_before is None else self.rate_before
        if before is None:
            rate_before = None
        rates = (self.c_rate, rate_before, self.cv_until)
        return DischargeResult.build(cell, run, before, *rates, *held, after, self.direction)


def check_no_charge(*settings: float | None) -> None:
    """Refuse what is of a charge where there is none."""
    if any(value is not None for value in settings):
        raise InputError(
            "from rest at 100 % there is no charge before a discharge: leave out its rate and "
            "constant voltage, or from_full."
        )


def bench_full(cell: Cell) -> Bench:
    """A bench on which a fresh cell rests at 100 %."""
    if cell.state is not None:
        raise InputError("a cell that has run is not at rest at 100 %: leave out from_full.")
    if cell.window is None:
        raise InputError("a symmetric cell has no discharge; solve its model with PyBaMM.")
    return Bench(cell.at_soc(1))


def discharged_from_full(
    cell: Cell, bench: Bench, c_rate: float, held: tuple[float, float]
) -> tuple[Segment, DischargeResult]:
    """One discharge from rest at 100 %."""
    check_positive("the C-rate", c_rate)
    run = bench.run(c_rate * cell.design.nominal_capacity / 3600, *held)
    return run, told_from_full(cell, bench, run, c_rate, held)


def told_from_full(cell, bench, run, c_rate, held) -> DischargeResult:
    """What is told of a discharge from rest at 100 %."""
    after = cell if run.solution is None else replace(cell, state=bench.state(run))
    return DischargeResult.build(cell, run, None, c_rate, None, None, *held, after)
