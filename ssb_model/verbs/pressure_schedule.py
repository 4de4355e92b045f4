"""What a cell keeps for the mean pressure it is held at: formation, hold and pressing again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at
from ssb_model.errors import InputError
from ssb_model.quantities.checks import check_rate, check_several, check_whole
from ssb_model.quantities.units import in_unit, said, to_si
from ssb_model.studies.window import Lithium
from ssb_model.verbs.options import CvUntil, Cycles, Fresh, Option, Temperature
from ssb_model.verbs.result import Tabled, text_table
from ssb_model.verbs.sweep import sweep

MEAN, FRONT = "Mean stack pressure [MPa]", "On the front"
OUTPUTS = {"retention": "Retention", "capacity": "Last capacity [mA.h.g-1]"}
HOLDS = (0.4, 1.0, 2.5)  # of the cell's own pressure
FORMING = 10.0  # of it
NOISE = 1e-3  # of a value: what mesh and solver leave of it
COLUMNS = {  # heading: key
    "mean MPa": MEAN,
    "held at": "Stack pressure [MPa]",
    "formation at": "Formation pressure [MPa]",
    "pressed every": "Repress every",
    "retention": "Retention",
    "first mAh/g": "Capacity [mA.h.g-1]",
    "last mAh/g": "Last capacity [mA.h.g-1]",
    "front": FRONT,
    "stopped by": "Stopped by",
}


def pressure_schedule(
    cell: Cell | str | Path,
    hold: Annotated[
        Sequence[float] | None,
        Option(
            "stack pressures in use in MPa; 0.4, 1 and 2.5 times the cell's own if left out",
            ("--pressure",),
            unit="MPa",
            metavar="MPa,...",
        ),
    ] = None,
    formation_pressure: Annotated[
        Sequence[float] | None,
        Option(
            "of the first cycles, 0 for none; 0 and 10 times the cell's own, or what lithium "
            "stands for so long, if left out",
            unit="MPa",
            metavar="MPa,...",
        ),
    ] = None,
    repress_every: Annotated[
        Sequence[float] | None,
        Option(
            "press the resting cell again after every N cycles, 0 for never; 0 and, without "
            "lithium metal, a fifth of all cycles if left out",
            metavar="N,...",
        ),
    ] = None,
    repress_pressure: Annotated[
        float | None,
        Option("to what; as in fabrication if left out", unit="MPa", metavar="MPa"),
    ] = None,
    formation_cycles: Annotated[
        int, Option("under the formation pressure, {default}", metavar="N")
    ] = 3,
    c_rate: Annotated[float, Option("of the discharges, {default}", unit="C")] = 0.5,
    charge_rate: Annotated[
        float | None, Option("C-rate of the charges; as the discharges if left out", unit="C")
    ] = None,
    cv_until: CvUntil = None,
    cycles: Cycles = 100,
    temperature: Temperature = None,
    criterion: Annotated[
        str,
        Option(
            "what is to be much at little pressure; {default} if left out",
            choices=("retention", "capacity"),
        ),
    ] = "retention",
    workers: Annotated[int | None, Option("N processes, not this one's cores", metavar="N")] = None,
    journal: str | Path | None = None,
    fresh: Fresh = False,
) -> PressureScheduleResult:
    """Cycle a cell under every schedule of pressure of a grid; which are worth their pressure.

    A schedule has a ``formation_pressure`` [Pa] for the first ``formation_cycles``, a ``hold``
    pressure after them, and a ``repress_pressure`` to which the resting cell is pressed for a
    moment after every ``repress_every`` cycles. Each is cycled ``cycles`` times in use, after those
    of formation, at ``c_rate``, ageing as the cell's file declares. On the front are those that no
    other schedule beats in both the mean pressure over all cycles and the ``criterion``:
    "retention", against the first cycle in use, or "capacity", what the last cycle gives. With
    ``journal``, a file, schedules are kept as they are done: the same call goes on where the last
    one ended.
    """
    cell = load_cell(cell)
    if criterion not in OUTPUTS:
        raise InputError(f"the criterion is retention or capacity, not {criterion!r}.")
    own, temperature = held_at(cell, None, temperature)
    check_whole("the number of cycles", cycles, least=2)
    if hold is None:
        hold = [share * own for share in HOLDS]
    lithium = Lithium.of(cell, temperature)
    if formation_pressure is None:
        most = FORMING * own
        if lithium is not None:  # for as long as formation takes
            forming = to_si(2 * formation_cycles / check_rate("the C-rate", c_rate), "h")
            most = min(most, float(lithium.greatest(forming)))
        formation_pressure = [0.0, most] if most > own else [0.0]
    if repress_every is None:
        repress_every = [0, max(1, cycles // 5)] if lithium is None else [0]
    if repress_pressure is None:
        repress_pressure = cell.design.file.cell["Fabrication pressure [Pa]"]
    over = {
        "stack_pressure": check_several("the pressures in use", hold),
        "formation_pressure": check_several("formation pressures", formation_pressure),
        "repress_every": check_several("numbers of cycles", repress_every),
        "repress_pressure": [repress_pressure],
        "formation_cycles": [formation_cycles],
    }
    how = {"charge_rate": charge_rate, "cv_until": cv_until, "cycles": cycles}
    study = sweep(
        cell,
        over,
        "cycles",
        c_rate,
        temperature=temperature,
        workers=workers,
        journal=journal,
        fresh=fresh,
        output=OUTPUTS[criterion],
        **how,
    )
    most = max(*over["stack_pressure"], *over["formation_pressure"])
    if any(over["repress_every"]):
        most = max(most, repress_pressure)
    short = None if lithium is None else float(lithium.time_to_short(most))
    asked = study.how | {"formation cycles": formation_cycles}
    asked |= {"Repress pressure [MPa]": in_unit(repress_pressure, "MPa"), "criterion": criterion}
    rows = marked(study.rows, OUTPUTS[criterion])
    return PressureScheduleResult(
        cell, rows, asked, study.words, study.size, (most, short), study.stopped
    )


def marked(rows: Sequence[dict[str, Any]], output: str) -> list[dict[str, Any]]:
    """Rows in the order of mean pressure, each with whether it is on the front.

    On it is what no row of no more pressure beats in ``output``. Less than a thousandth more is
    nothing, and of rows that are alike the one that presses least often stands for all.
    """

    def order(row: dict[str, Any]) -> tuple:
        often = 1 / row["Repress every"] if row["Repress every"] else 0.0
        return row.get(MEAN) or np.inf, often, row["Formation pressure [MPa]"]

    found = [{**row, FRONT: ""} for row in sorted(rows, key=order)]
    best, last = 0.0, None
    for row in found:
        if (row.get(output) or 0.0) > best * (1 + NOISE):
            best = row[output]
            if last is not None and row[MEAN] <= last[MEAN] * (1 + NOISE):
                last[FRONT] = ""
            row[FRONT], last = "yes", row
    return found


def schedule_words(row: dict[str, Any]) -> str:
    """A schedule in a few words, for a figure or a line."""
    words = [f"{row['Stack pressure [MPa]']:.4g} MPa"]
    if row["Formation pressure [MPa]"]:
        words.append(f"after {row['Formation pressure [MPa]']:.4g}")
    if row["Repress every"]:
        words.append(f"pressed every {row['Repress every']:g}")
    return ", ".join(words)


@dataclass(frozen=True, repr=False)
class PressureScheduleResult(Tabled):
    """One row a schedule, from the least mean pressure on."""

    kind, index = "pressure-schedule", "Schedule"
    told, rows_fail = ("asked", "size"), True

    cell: Cell
    rows: list[dict[str, Any]]
    asked: dict[str, Any]
    words: str
    size: int  # schedules asked for
    highest: tuple[float, float | None]  # pressure of all [Pa], time of lithium to a short [s]
    stopped: str = ""

    @property
    def front(self) -> list[dict[str, Any]]:
        """The schedules no other beats in both."""
        return [row for row in self.rows if row[FRONT]]

    @property
    def output(self) -> str:
        """The column that is to be much."""
        return OUTPUTS[self.asked["criterion"]]

    @property
    def minded(self) -> list[str]:
        """With what lithium would do under the highest pressure of all."""
        most, short = self.highest
        lithium = []
        if short is not None:
            lithium = [
                f"Mind       under {said(most, 'MPa')} lithium is through the separator in "
                f"{in_unit(short, 'h'):.2g} h by the law of creep, which no cycle here is told "
                "of: see pressure-window"
            ]
        return [*super().minded, *lithium]

    def plot(self):
        """What each schedule keeps against its mean pressure, the front marked."""
        from ssb_model.figures.pressure import plot_pressure_schedule

        labels = [schedule_words(row) for row in self.front]
        return plot_pressure_schedule(self.title, self.words, self.table, self.output, labels)

    @property
    def text(self) -> str:
        """Every schedule under what was run."""
        lines = self.head(f"Schedules  {self.words}")
        pressed = [f"{self.asked['formation cycles']} cycles of formation"]
        if any(row["Repress every"] for row in self.rows):
            pressed.append(f"again to {self.asked['Repress pressure [MPa]']:g} MPa for a moment")
        lines.append(f"Pressed    {', '.join(pressed)}; where the table says so")
        lines.append(f"Points     {len(self.rows)} of {self.size}")
        if not self.rows:
            return "\n".join(lines)
        front = "; ".join(schedule_words(row) for row in self.front)
        lines.append(f"Front      {front or 'none: no schedule ran through'}")
        return "\n".join([*lines, "", text_table(self.rows, COLUMNS)])
