"""How a run ends: always a reason, never a bare solver code."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ssb_model.quantities.units import said

if TYPE_CHECKING:
    import pybamm

    from ssb_model.cell.cell import Cell
    from ssb_model.cell.numbers import State


class StoppedBy(StrEnum):
    """Why a run ended."""

    LOWER_CUTOFF = "lower voltage cut-off"
    UPPER_CUTOFF = "upper voltage cut-off"
    LOWER_CUTOFF_AT_ONCE = "lower voltage cut-off at once"
    UPPER_CUTOFF_AT_ONCE = "upper voltage cut-off at once"
    RESERVOIR_EMPTY = "negative reservoir empty"
    SPOTS_EMPTY = "contact spots empty"
    SPOTS_FULL = "contact spots full"
    CURRENT_CUTOFF = "current cut-off at constant voltage"
    TIME = "time limit"
    SOLVER = "solver failed"


REFUSED, FAILED = "refused", "failed"  # of a cell that cannot be, of one that cannot be solved


def gave_up(ended: str) -> bool:
    """Whether an end, of which tables and journals keep the words, is that of a failed solve."""
    return StoppedBy.SOLVER in ended or ended == FAILED


ALONG = (
    *("Discharge capacity [A.h]", "Voltage [V]", "Current [A]"),
    *("Stack pressure [Pa]", "Stack gap [m]", "Cell thickness change [m]"),
)


@dataclass(frozen=True)
class Segment:
    """What became of a step: its solution (none if it never began) and its end."""

    solution: pybamm.Solution | None
    stopped_by: StoppedBy
    detail: str = ""
    doubt: str = ""  # what cannot be in it, solved with all care; part of the detail
    engine: Any = field(default=None, repr=False, compare=False)  # on which it ran

    @property
    def failed(self) -> bool:
        """Whether the solver gave up."""
        return self.stopped_by is StoppedBy.SOLVER

    @property
    def sound(self) -> bool:
        """Whether it ended somewhere to go on from."""
        return self.solution is not None and not self.failed

    @property
    def ended(self) -> str:
        """Why it ended, or never began."""
        return f"{'never began: ' if self.solution is None else ''}{self.stopped_by}"

    @cached_property
    def state(self) -> State:
        """Where it ended, to go on from."""
        from ssb_model.cell.numbers import State, instant

        of = self.solution  # its parts may be of several forms of the model
        last = (of.all_ts[-1][-1], of.all_ys[-1][:, -1], of.all_models[-1], of.all_inputs[-1])
        return State(instant(*last), self.engine)

    @cached_property
    def along(self) -> dict[str, np.ndarray]:
        """What nearly all that is told of it hangs on, at every instant: read once."""
        from ssb_model.engine.reading import read_along

        return read_along(self.solution, ALONG)

    @property
    def duration(self) -> float:
        """Seconds it lasted."""
        return 0.0 if self.solution is None else float(self.solution.t[-1] - self.solution.t[0])


EVENTS = {
    "Current cut-off": StoppedBy.CURRENT_CUTOFF,
    "Minimum voltage [V]": StoppedBy.LOWER_CUTOFF,
    "Maximum voltage [V]": StoppedBy.UPPER_CUTOFF,
    "Negative reservoir empty": StoppedBy.RESERVOIR_EMPTY,
    "Negative contact spots empty": StoppedBy.SPOTS_EMPTY,
    "Positive contact spots empty": StoppedBy.SPOTS_EMPTY,
    "Negative contact spots full": StoppedBy.SPOTS_FULL,
    "Positive contact spots full": StoppedBy.SPOTS_FULL,
}
AT_ONCE = {
    StoppedBy.LOWER_CUTOFF: StoppedBy.LOWER_CUTOFF_AT_ONCE,
    StoppedBy.UPPER_CUTOFF: StoppedBy.UPPER_CUTOFF_AT_ONCE,
}
SENTENCE = {
    StoppedBy.SPOTS_EMPTY: "no lithium left under the contact spots of the {electrode} "
    "electrode: the current through them is more than the particles feed",
    StoppedBy.SPOTS_FULL: "no room left under the contact spots of the {electrode} electrode: "
    "the current through them is more than the particles take away",
}
OUTSIDE = "the voltage is outside the window as soon as the current flows"
STEEP = "hangs steeply on its rate"  # said of a capacity
GAP = 1e-9  # m; a gap smaller than this is rounding


def ended(cell: Cell, solution: pybamm.Solution) -> Segment:
    """A solution of a cell with its reason."""
    event = solution.termination.removeprefix("event: ")
    of_a_law = event != solution.termination and event not in EVENTS
    details = [event if of_a_law else _sentence(event), _lost_contact(cell, solution)]
    reason = EVENTS.get(event, StoppedBy.TIME)
    return Segment(solution, reason, "; ".join(filter(None, details)))


def _lost_contact(cell: Cell, solution: pybamm.Solution) -> str:
    """A gap between the cell and what holds it, said with when it opened."""
    if cell.model_options["stack"] == "isostatic":
        return ""
    gap = np.broadcast_to(solution["Stack gap [m]"].entries, solution.t.shape)
    if gap.max() < GAP:
        return ""
    opened = solution.t[np.argmax(gap > GAP)] - solution.t[0]
    return (
        f"contact with the holder lost after {said(opened, 'h', '.2f')}: a gap of "
        f"{said(gap.max(), 'um', '.2f')}, "
        "set a higher stack pressure or a softer spring"
    )


def _sentence(event: str) -> str:
    """What a typed event means for a reader."""
    return SENTENCE.get(EVENTS.get(event), "").format(electrode=event.split()[0].lower())


def at_once(event: str) -> Segment:
    """A run that an event of ``EVENTS`` ends as it begins."""
    reason = EVENTS[event]
    return Segment(None, AT_ONCE.get(reason, reason), _sentence(event) or OUTSIDE)


def failure(message: str) -> Segment:
    """What PyBaMM says when a run cannot begin or go on, as an outcome."""
    from ssb_model.numerics.solver import ENDS_AS_IT_BEGINS

    for name in EVENTS:
        if ENDS_AS_IT_BEGINS in message and name in message:
            return at_once(name)
    said = message.strip().splitlines()[0]
    detail = f"no solution from this state; a lower rate may have one. The solver says: {said}"
    return Segment(None, StoppedBy.SOLVER, detail)
