"""Stack pressure through life: pressed in formation, less in use, pressed again now and then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ssb_model.cell.numbers import State
from ssb_model.errors import InputError
from ssb_model.quantities.checks import check_pressure, check_whole
from ssb_model.quantities.units import in_columns, said

FORMATION_CYCLES = 3


@dataclass(frozen=True)
class Schedule:
    """What the stack is set to cycle by cycle [Pa].

    ``formation`` holds in the first ``formation_cycles``, ``hold`` after them. Before each cycle
    that follows a multiple of ``every`` the resting cell is pressed to ``again`` for a moment.
    What presses it may tire: of each pressure the share ``loss`` is gone ``over`` cycles later.
    """

    hold: float
    formation: float | None = None
    formation_cycles: int = FORMATION_CYCLES
    again: float | None = None
    every: int | None = None
    loss: float = 0.0
    over: int = 1

    @classmethod
    def of(
        cls,
        cell: Any,
        hold: float,
        formation_pressure: float | None,
        formation_cycles: int | None,
        repress_pressure: float | None,
        repress_every: int | None,
    ) -> Schedule | None:
        """As a verb is asked for it, checked; none where one pressure holds throughout."""
        if formation_pressure is None and formation_cycles is not None:
            raise InputError("formation cycles need a pressure of their own: --formation-pressure.")
        if (repress_pressure is None) != (repress_every is None):
            raise InputError(
                "pressing again takes a pressure and how often: --repress-pressure and "
                "--repress-every together."
            )
        if formation_pressure is None and repress_pressure is None:
            return None
        cell.check_no_profile()
        for name, value in (("formation", formation_pressure), ("repress", repress_pressure)):
            if value is not None:
                check_pressure(f"the {name} pressure", value)
        count = FORMATION_CYCLES if formation_cycles is None else formation_cycles
        check_whole("the number of formation cycles", count)
        if repress_every is not None:
            check_whole("the number of cycles between pressings", repress_every)
        return cls(hold, formation_pressure, count, repress_pressure, repress_every)

    def pressure(self, number: int) -> float:
        """Under which a cycle runs."""
        whole = self.formation if number <= self.forming else self.hold
        return whole * (1 - self.loss * (number - 1) / self.over)

    def pressed(self, number: int) -> float | None:
        """What the cell is pressed to for a moment before a cycle, if it is."""
        due = self.every is not None and number > 1 and (number - 1) % self.every == 0
        return self.again if due else None

    def mean(self, count: int) -> float:
        """Over so many cycles, each counted alike; moments count nothing."""
        return sum(self.pressure(number) for number in range(1, count + 1)) / count

    def before(self, number: int, held: Any, start: State | None) -> tuple[Any, State | None]:
        """How the cell is held in a cycle, and its state once it is set to that.

        A cell that is put together (no state) begins under the pressure of its first cycle.
        """
        wanted, pressed = self.pressure(number), self.pressed(number)
        if start is not None:
            laws = held.cell.contact_laws
            if pressed is not None:
                start = start.press(pressed, laws).press(wanted, laws)
            elif start.set_pressure != wanted:
                start = start.press(wanted, laws)
        return replace(held, stack_pressure=wanted), start

    @property
    def forming(self) -> int:
        """How many cycles come before those under ``hold``."""
        return 0 if self.formation is None else self.formation_cycles

    @property
    def shown(self) -> dict[str, Any]:
        """By name, as results and journals keep it."""
        shown: dict[str, Any] = {}
        if self.formation is not None:
            shown |= in_columns({"Formation pressure [MPa]": self.formation})
            shown["Formation cycles"] = self.formation_cycles
        if self.every is not None:
            shown |= in_columns({"Repress pressure [MPa]": self.again})
            shown["Repress every"] = self.every
        return shown

    @property
    def words(self) -> str:
        """For a reader."""
        words = [f"{said(self.hold, 'MPa')}"]
        if self.formation is not None:
            first = "cycle 1" if self.formation_cycles == 1 else f"cycles 1-{self.formation_cycles}"
            words = [f"{said(self.formation, 'MPa')} in {first}, then {words[0]}"]
        if self.every is not None:
            words.append(f"pressed to {said(self.again, 'MPa')} after every {self.every} cycles")
        return "; ".join(words)
