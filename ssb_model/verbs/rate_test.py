"""Discharge or charge a cell at one rate after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at, pressures_of
from ssb_model.errors import InputError, SolveError
from ssb_model.experiments.experiment import Held
from ssb_model.measured.curves import MeasuredCurve, measured_curves
from ssb_model.quantities.checks import check_number, check_rate, check_several, check_whole
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs.discharge import (
    DischargeResult,
    Drive,
    engine_for,
    engine_full,
    told_from_full,
)
from ssb_model.verbs.options import DISCHARGES, CvUntil, Option, StackPressures, Temperature
from ssb_model.verbs.result import Runs, text_table

C_RATES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 0.1)
DIRECTIONS = ("discharge", "charge")
MOST_REPEATS = 10_000


def rate_test(
    cell: Cell | str | Path,
    c_rates: Annotated[
        float | Sequence[float], Option("in this order; {default} if left out", unit="C")
    ] = C_RATES,
    stack_pressure: StackPressures = None,
    temperature: Temperature = None,
    charge_rate: Annotated[
        float | None, Option("C-rate of every charge; as the discharge if left out", unit="C")
    ] = None,
    repeats: Annotated[int, Option("discharges at each rate, {default}")] = 1,
    cv_until: CvUntil = None,
    activation_pressure: Annotated[
        float | None, Option("one cycle at 0.1C under this pressure before", unit="MPa")
    ] = None,
    activation_rate: float = 0.1,
    direction: Annotated[Literal["discharge", "charge"], Option("the rows")] = "discharge",
    discharge_rate: Annotated[
        float | None, Option("before charges; as the charge if left out", unit="C")
    ] = None,
    rest: Annotated[float, Option("after each charge and discharge, {default}", unit="s")] = 0.0,
    from_full: Annotated[bool, Option("every discharge from rest at 100 %, no charges")] = False,
) -> RateTestResult:
    """Charge and discharge a cell at each rate in turn, one fresh cell a stack pressure [Pa].

    The charge before each discharge runs at the same constant current, or at ``charge_rate``,
    without constant voltage unless ``cv_until`` names the C-rate that ends one. Each rate comes
    ``repeats`` times; the cell goes through all of them in order and remembers; ``rest`` seconds
    follow each charge and each discharge. With ``direction`` "charge" the charges are the rows,
    each after a discharge at the same rate or at ``discharge_rate``. With
    ``activation_pressure`` a first cycle at ``activation_rate`` under that pressure comes
    before, and is no row. ``from_full`` discharges a fresh cell from rest at 100 % at every rate
    instead, all at once. The mesh is the coarse one unless the cell's options name one.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    rates = [check_rate("a C-rate", rate) for rate in check_several("C-rates", c_rates)]
    check_whole("the number of times each rate comes", repeats, most=MOST_REPEATS)
    if cell.state is not None:
        raise InputError("a rate test starts from a fresh cell: load it by its name.")
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise InputError(f"the direction is one of {', '.join(DIRECTIONS)}, not '{direction}'.")
    if check_number("the rest", rest) < 0:
        raise InputError(f"the rest is zero or more seconds, not {rest:g}.")
    cell = cell.on_mesh("coarse")
    pressures = pressures_of(cell, stack_pressure, temperature)
    held = [held_at(cell, pressure, temperature) for pressure in pressures]
    rates = [rate for rate in rates for _ in range(repeats)]
    other = discharge_rate if direction == "discharge" else charge_rate
    if other is not None:
        word = "charge" if direction == "charge" else "discharge"
        raise InputError(f"the {word}s run at the rates of the test: leave out the {word} rate.")
    if from_full:
        left_out = (charge_rate, cv_until, activation_pressure, rest or None)
        if direction == "charge" or any(value is not None for value in left_out):
            raise InputError(
                "from rest at 100 % there is no charge, rest or activation before a discharge: "
                "leave them out."
            )
        return _from_full(cell, rates, held)
    before = charge_rate if direction == "discharge" else discharge_rate
    drives = [Drive(rate, before, cv_until, direction, rest) for rate in rates]
    if activation_pressure is not None:
        first = Drive(activation_rate, cv_until=cv_until)
        at = held_at(cell, activation_pressure, temperature)
    engine = engine_for(cell)
    runs: list[DischargeResult] = []
    stopped, used, last = "", cell, None
    steps = [(where, drive) for where in held for drive in drives]
    try:
        for where, drive in progress(steps, len(steps), "rate test"):
            if where is not last:
                used, last = replace(cell, state=None), where
                if activation_pressure is not None:
                    used = first.on(used, engine, at)[1].cell_after
            run = drive.on(used, engine, where)[1]
            used = run.cell_after
            runs.append(run)
    except KeyboardInterrupt:
        stopped = BY_HAND
    except SolveError as error:
        stopped = str(error)
    return RateTestResult(cell, runs, stopped)


def _from_full(cell: Cell, rates: list[float], held: list[tuple[float, float]]) -> RateTestResult:
    """Every rate and pressure from one state, solved together."""
    engine = engine_full(cell)
    longest = engine.longest(cell, Held(cell, *held[0]).current(min(rates)))
    steps = [(where, rate) for where in held for rate in rates]
    segments = engine.run([Held(cell, *where).flow(rate, longest=longest) for where, rate in steps])
    runs = [
        told_from_full(cell, segment, rate, where)
        for segment, (where, rate) in zip(segments, steps, strict=True)
    ]
    return RateTestResult(cell, runs)


def from_shell(
    cell: Cell, data: Annotated[list[Path], DISCHARGES] = (), **arguments: Any
) -> RateTestResult:
    """A rate test, measured discharges or charges beside it."""
    rows = arguments.get("direction", "discharge")
    curves = [one for path in data for one in measured_curves(path, cell, rows)]
    return rate_test(cell, **arguments).beside(*curves)


RATE_COLUMNS = {  # heading: key
    "C-rate": "C-rate",
    "held": "Held",
    "before": "Before",
    "mAh/g": "Capacity [mA.h.g-1]",
    "mAh/cm2": "Capacity [mA.h.cm-2]",
    "mWh/cm2": "Energy [mW.h.cm-2]",
    "mean V": "Mean voltage [V]",
    "polarisation V": "Polarisation [V]",
    "stopped by": "Stopped by",
}


@dataclass(frozen=True, repr=False)
class RateTestResult(Runs):
    """Discharges or charges in the order they were run."""

    kind = "rate-test"

    def read(self, measured: MeasuredCurve | str | Path) -> list[MeasuredCurve]:
        """The discharges of a file, or its charges where the rows are charges."""
        direction = self.rows[0]["Direction"] if self.runs else "discharge"
        return measured_curves(measured, self.cell, direction)

    def plot(self):
        """Curves at each pressure, and capacity against rate; returns the figure."""
        from ssb_model.figures.discharge import plot_rate_test

        return plot_rate_test(self.title, self.runs, self.measured)

    @property
    def text(self) -> str:
        """The discharges as a table under a line that says how the cell was charged."""
        if not self.runs:
            return "\n".join(self.head())
        row = self.rows[0]
        how = "charges" + f" ({row['Charged']})" if "Charged" in row else "discharges"
        line = f"Rate test  {how}, {row['Temperature [degC]']:g} °C, {row['Mesh']} mesh"
        return "\n".join([*self.head(), line, "", text_table(self.rows, RATE_COLUMNS)])
