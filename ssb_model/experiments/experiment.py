"""What an experiment is made of, and how one, many or one after the other are driven."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ssb_model.cell.cell import Cell
from ssb_model.cell.state import State
from ssb_model.engine.engine import Engine, Step
from ssb_model.engine.outcome import Segment
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
