"""Why a solved run ended, or why one could not begin, in words of the cell."""

from __future__ import annotations

import numpy as np
import pybamm

from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.numerics.solver import ENDS_AS_IT_BEGINS

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
GAP = 1e-9  # m; a gap smaller than this is rounding


def ended(cell: Cell, solution: pybamm.Solution) -> Segment:
    """A solution of a cell with its reason."""
    event = solution.termination.removeprefix("event: ")
    details = [_sentence(event), _lost_contact(cell, solution)]
    reason = EVENTS.get(event, StoppedBy.TIME)
    return Segment(solution, reason, "; ".join(filter(None, details)))


def _lost_contact(cell: Cell, solution: pybamm.Solution) -> str:
    """A gap between the cell and what holds it, said with when it opened."""
    if cell.model_options["stack"] == "isostatic":
        return ""
    gap = np.broadcast_to(solution["Stack gap [m]"].entries, solution.t.shape)
    if gap.max() < GAP:
        return ""
    hours = (solution.t[np.argmax(gap > GAP)] - solution.t[0]) / 3600
    return (
        f"contact with the holder lost after {hours:.2f} h: a gap of {gap.max() * 1e6:.2f} um, "
        "set a higher stack pressure or a softer spring"
    )


def _sentence(event: str) -> str:
    """What a typed event means for a reader."""
    return SENTENCE.get(EVENTS.get(event), "").format(electrode=event.split()[0].lower())


def failure(message: str) -> Segment:
    """What PyBaMM says when a run cannot begin or go on, as an outcome."""
    for name, reason in EVENTS.items():
        if ENDS_AS_IT_BEGINS in message and name in message:
            detail = (
                _sentence(name) or "the voltage is outside the window as soon as the current flows"
            )
            return Segment(None, AT_ONCE.get(reason, reason), detail)
    said = message.strip().splitlines()[0]
    detail = f"no solution from this state; a lower rate may have one. The solver says: {said}"
    return Segment(None, StoppedBy.SOLVER, detail)
