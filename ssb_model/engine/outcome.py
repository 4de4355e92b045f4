"""How a run ends: always a reason, never a bare solver code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pybamm


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


@dataclass(frozen=True)
class Segment:
    """One stretch at constant current: its solution (none if it never began) and its end."""

    solution: pybamm.Solution | None
    stopped_by: StoppedBy
    detail: str = ""


@dataclass(frozen=True)
class Cycle:
    """One charge and the discharge after it; ``state`` is where it left the cell."""

    number: int
    charge: Segment
    discharge: Segment | None
    state: Any

    @property
    def failed(self) -> str:
        """Why the cell cannot go on, or nothing."""
        last = self.discharge or self.charge
        if last.solution is None:
            return f"{last.stopped_by}: {last.detail}"
        return ""
