"""Procedures as steps to solve: charge, discharge, rest, cycles; how one or many are driven."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.cell.numbers import State
from ssb_model.cell.pristine import after_first_charge, pristine
from ssb_model.engine.engine import Engine, Step
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.errors import InputError, SolveError
from ssb_model.experiments.schedule import Schedule
from ssb_model.system.signals import stop_is_heard

Given = TypeVar("Given")
# an experiment: yields steps, is sent what became of each, returns what it gives
Experiment = Generator[Step, Segment, Given]

# a programme: yields experiments, is sent what each gave
Programme = Generator[Experiment[Given], Given, None]


@dataclass(frozen=True)
class Held:
    """A cell under a stack pressure [Pa] and at a temperature [K]."""

    cell: Cell  # at the state of charge it rests at where a step starts from rest
    stack_pressure: float
    temperature: float
    numbers: Mapping[str, float] = field(default_factory=dict)  # in place of the cell's

    def current(self, c_rate: float) -> float:
        """A current [A] by its C-rate."""
        return c_rate * self.cell.design.one_c * self.cell.design.area

    def flow(self, c_rate: float, start: State | None = None, **how: Any) -> Step:
        """A current by its C-rate, positive on discharge."""
        return self.step(self.current(c_rate), start, **how)

    def step(self, current: float = 0.0, start: State | None = None, **how: Any) -> Step:
        """A current [A], positive on discharge; ``how`` as in ``Step``."""
        held = (self.stack_pressure, self.temperature)
        return Step(*held, current, start=start, cell=self.cell, numbers=self.numbers, **how)


class Unsolved(Exception):
    """An experiment that has no result on this cell; says why."""


def together(engine: Engine, experiments: Sequence[Experiment[Given]]) -> list[Given | Unsolved]:
    """What each experiment gives, or why nothing; the next steps of all run in one list."""
    given: list[Given | Unsolved | None] = [None] * len(experiments)
    waiting: dict[int, Any] = {}

    def advance(k: int, step: Callable[[], Any]) -> None:
        try:
            waiting[k] = step()
        except StopIteration as end:
            given[k] = end.value
        except Unsolved as why:
            given[k] = why

    for k, experiment in enumerate(experiments):
        advance(k, lambda experiment=experiment: next(experiment))
    while waiting:
        asked, waiting = waiting, {}
        for k, segment in zip(asked, engine.run(list(asked.values())), strict=True):
            advance(k, lambda k=k, segment=segment: experiments[k].send(segment))
    return given


def at_most(experiment: Experiment[Given], longest: float) -> Experiment[Given]:
    """The same, cut off after so many seconds: runs of unlike rates then go side by side."""
    try:
        step = next(experiment)
        while True:
            step = experiment.send((yield replace(step, longest=longest)))
    except StopIteration as end:
        return end.value


def result(engine: Engine, experiment: Experiment[Given]) -> Given:
    """What one experiment gives."""
    (given,) = together(engine, [experiment])
    if isinstance(given, Unsolved):
        raise given
    return given


def stages(engine: Engine, programme: Programme[Given]) -> Iterator[Given]:
    """What each experiment of a programme gives, as soon as it is done."""
    given = None
    while True:
        try:
            experiment = programme.send(given)
        except StopIteration:
            return
        with stop_is_heard():
            given = result(engine, experiment)
        yield given


def whole(programme: Programme[Given], kept: Callable[[Given], Any]) -> Experiment[list[Any]]:
    """A programme as one experiment; of what each stage gives only what is ``kept``."""
    given, all_kept = None, []
    while True:
        try:
            experiment = programme.send(given)
        except StopIteration:
            return all_kept
        given = yield from experiment
        all_kept.append(kept(given))


FULL = (StoppedBy.UPPER_CUTOFF, StoppedBy.UPPER_CUTOFF_AT_ONCE)


def discharge(held: Held, c_rate: float, start: State | None = None) -> Experiment[Segment]:
    """To the lower cut-off at constant current."""
    return (yield held.flow(c_rate, start))


def charge(
    held: Held, c_rate: float, start: State | None = None, cv_until: float | None = None
) -> Experiment[Segment]:
    """To the upper cut-off at constant current, and there until the C-rate ``cv_until``."""
    constant = yield held.flow(-c_rate, start)
    if cv_until is None or constant.stopped_by not in FULL:
        return constant
    start = start if constant.solution is None else constant.state
    upper = held.cell.evaluate("Upper voltage cut-off [V]")
    hold = yield held.step(start=start, voltage=upper, until=held.current(cv_until))
    if hold.solution is None:
        already_that_small = hold.stopped_by is StoppedBy.CURRENT_CUTOFF
        return constant if already_that_small else hold
    if constant.solution is None:
        return hold
    return replace(hold, solution=constant.solution + hold.solution)


def rest(held: Held, duration: float, start: State | None = None) -> Experiment[Segment]:
    """``duration`` seconds without current."""
    segment = yield held.step(start=start, longest=duration)
    if segment.solution is None:
        raise SolveError(f"no rest from this state: {segment.stopped_by}; {segment.detail}.")
    return segment


@dataclass(frozen=True)
class Pair:
    """A discharge after a charge, or a charge after a discharge; where they left the cell."""

    before: Segment | None
    run: Segment | None  # none where the one before never began
    state: State | None


def pair(
    held: Held,
    direction: str,
    c_rate: float,
    rate_before: float | None = None,
    cv_until: float | None = None,
    start: State | None = None,
    pause: float = 0.0,
    alone: bool = False,
) -> Experiment[Pair]:
    """A run in a direction after one in the other, with ``pause`` seconds of rest after each.

    The one before has the same C-rate unless it is given ``rate_before``; ``alone`` leaves it
    out. Charges are held at the upper cut-off until the C-rate ``cv_until``.
    """

    def one(way: str, rate: float) -> Experiment[Segment]:
        if way == "charge":
            return charge(held, rate, start, cv_until)
        return discharge(held, rate, start)

    def paused(segment: Segment) -> Experiment[State]:
        return (yield from rest(held, pause, segment.state)).state if pause else segment.state

    before = None
    if not alone:
        other = "charge" if direction == "discharge" else "discharge"
        before = yield from one(other, c_rate if rate_before is None else rate_before)
        if before.solution is None:
            return Pair(before, None, start)
        start = yield from paused(before)
    run = yield from one(direction, c_rate)
    if run.solution is not None:
        start = yield from paused(run)
    return Pair(before, run, start)


def first_cycle(
    held: Held,
    c_rate: float,
    charge_rate: float | None = None,
    cv_until: float | None = None,
    pause: float = 0.0,
) -> Experiment[Pair]:
    """The first charge of the cell as it was put together, then a discharge; ``pause`` after each.

    The engine must leave open what the first charge changes, ``pristine.CHANGING``.
    """
    as_made = replace(held, cell=pristine(held.cell))
    before = yield from charge(
        as_made, c_rate if charge_rate is None else charge_rate, None, cv_until
    )
    if before.solution is None:
        return Pair(before, None, None)
    start = after_first_charge(held.cell.at_soc(0), before.state)
    if pause:
        start = (yield from rest(held, pause, start)).state
    run = yield from discharge(held, c_rate, start)
    if run.solution is not None:
        start = (yield from rest(held, pause, run.state)).state if pause else run.state
    return Pair(before, run, start)


@dataclass(frozen=True)
class Cycle:
    """One charge and the discharge after it; ``state`` is where they left the cell."""

    number: int
    charge: Segment
    discharge: Segment | None
    state: State | None
    stack_pressure: float  # it ran under [Pa]
    pressed: float | None = None  # to what before it, for a moment [Pa]

    @property
    def last(self) -> Segment:
        """Its discharge, or the charge after which none began."""
        return self.discharge or self.charge

    @property
    def failed(self) -> str:
        """Why the cell cannot go on, or nothing."""
        last = self.last
        return f"{last.stopped_by}: {last.detail}" if last.solution is None else ""


def cycles(
    held: Held,
    count: int,
    c_rate: float,
    charge_rate: float | None = None,
    cv_until: float | None = None,
    start: State | None = None,
    first: int = 1,
    first_charge: bool = False,
    schedule: Schedule | None = None,
) -> Programme[Cycle]:
    """Charge and discharge again and again, the first cycle numbered ``first``.

    With ``first_charge`` cycle 1 is that of the cell as it was put together. A ``schedule`` sets
    the stack pressure of each. Ends early where the cell can do no more.
    """

    def one(number: int) -> Experiment[Cycle]:
        if first_charge and number == 1:
            both = yield from first_cycle(held, c_rate, charge_rate, cv_until)
        else:
            both = yield from pair(held, "discharge", c_rate, charge_rate, cv_until, start)
        pressed = schedule and schedule.pressed(number)
        return Cycle(number, both.before, both.run, both.state, held.stack_pressure, pressed)

    for number in range(first, first + count):
        if schedule is not None:
            held, start = schedule.before(number, held, start)
        cycle = yield one(number)
        if cycle.failed:
            return
        start = cycle.state


def half_charge(
    held: Held, c_rate: float, start: State | None, pause: float
) -> Experiment[tuple[Segment | None, State | None]]:
    """Charged to half way between the window's lithium contents, then rested.

    Gives the charge, none where the cell is past half already, and the state, none where the
    charge never began.
    """
    cell = held.cell
    sto, half = cell.window.positive_empty, cell.window.at(0.5)[1]
    if start is not None:
        sto = float(np.ravel(start.solution["Positive electrode stoichiometry"].entries)[-1])
    room = cell.design.positive.connected_capacity * (sto - half)  # C m-2
    if room <= 0:  # faded so far that it never falls below half
        return None, (yield from rest(held, pause, start)).state
    density = held.current(c_rate) / cell.design.area
    charged = yield held.flow(-c_rate, start, longest=room / density)
    if charged.solution is None:
        return charged, None
    return charged, (yield from rest(held, pause, charged.state)).state


def check_window(cell: Any) -> None:
    """Refuse a cell without cut-offs to run between."""
    if cell.window is None:
        raise InputError("a symmetric cell has no discharge; solve its model with PyBaMM.")


def check_no_charge(*settings: float | None) -> None:
    """Refuse what is of a charge where there is none."""
    if any(value is not None for value in settings):
        raise InputError(
            "from rest at 100 % there is no charge before a discharge: leave out its rate and "
            "constant voltage, or from_full."
        )
