"""Discharge or charge a cell at one rate after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at, pressures_of
from ssb_model.cell.points import on_points
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError, SolveError
from ssb_model.experiments.experiment import Experiment, Programme, check_window, stages, together
from ssb_model.measured.of_a_cell import MeasuredCurve, measured_curves
from ssb_model.quantities.checks import check_choice, check_number, check_rates, check_whole
from ssb_model.studies.bands import Course, banded, each_of
from ssb_model.studies.runs import Settings
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import discharge
from ssb_model.verbs import options as opt
from ssb_model.verbs.drawn import checked_conditions, kept, voltages
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Runs, of_draws, text_table

C_RATES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 0.1)
DIRECTIONS = ("discharge", "charge")
MOST_REPEATS = 10_000


def rate_test(
    cell: Cell | str | Path,
    c_rates: Annotated[
        float | Sequence[float], Option("in this order; {default} if left out", unit="C")
    ] = C_RATES,
    stack_pressure: opt.StackPressures = None,
    temperature: opt.Temperature = None,
    charge_rate: Annotated[
        float | None, Option("C-rate of every charge; as the discharge if left out", unit="C")
    ] = None,
    repeats: Annotated[int, Option("discharges at each rate, {default}")] = 1,
    cv_until: opt.CvUntil = None,
    activation_pressure: Annotated[
        float | None, Option("cycles at 0.1C under this pressure before", unit="MPa")
    ] = None,
    activation_rate: float = 0.1,
    direction: Annotated[Literal["discharge", "charge"], Option("the rows")] = "discharge",
    discharge_rate: Annotated[
        float | None, Option("before charges; as the charge if left out", unit="C")
    ] = None,
    rest: Annotated[float, Option("after each charge and discharge, {default}", unit="s")] = 0.0,
    from_full: Annotated[bool, Option("every discharge from rest at 100 %, no charges")] = False,
    first_charge: opt.FirstCharge = False,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    measured: opt.Measured = None,
    activation_cycles: Annotated[
        int, Option("how many under the activation pressure, {default}", metavar="N")
    ] = 1,
) -> RateTestResult:
    """Charge and discharge a cell at each rate in turn, one fresh cell a stack pressure [Pa].

    A cell that has run, ``cell_after`` of another result, goes on from there, under one pressure.

    The charge before each discharge runs at the same constant current, or at ``charge_rate``,
    without constant voltage unless ``cv_until`` names the C-rate that ends one. Each rate comes
    ``repeats`` times; the cell goes through all of them in order and remembers; ``rest`` seconds
    follow each charge and each discharge. With ``direction`` "charge" the charges are the rows,
    each after a discharge at the same rate or at ``discharge_rate``. With
    ``activation_pressure`` ``activation_cycles`` at ``activation_rate`` under that pressure come
    before, and are no rows. With ``first_charge`` the first charge of all is that of the cell as it
    was put together. ``from_full`` discharges a fresh cell from rest at 100 % at every rate
    instead, all at once. The mesh is what the cell asks for at the highest of the rates.

    With ``samples`` so many draws of what the cell's files are not sure of go through the same
    test: median and 5 to 95 % of each number, on the draft mesh, seeded. ``measured``, as
    "Capacity [mAh/g] at 0.1C = 155 +- 3" (after a charge at the same rate or at
    ``charge_rate``), lets draws count by how well they give it.
    """
    cell = load_cell(cell)
    rates = check_rates(c_rates)
    check_whole("the number of times each rate comes", repeats, most=MOST_REPEATS)
    check_whole("the number of activation cycles", activation_cycles)
    check_choice("the direction", direction, DIRECTIONS)
    if activation_cycles > 1 and activation_pressure is None:
        raise InputError("activation cycles need a pressure of their own: --activation-pressure.")
    if check_number("the rest", rest) < 0:
        raise InputError(f"the rest is zero or more seconds, not {rest:g}.")
    pressures = pressures_of(cell, stack_pressure, temperature)
    held = [held_at(cell, pressure, temperature) for pressure in pressures]
    rates = [rate for rate in rates for _ in range(repeats)]
    other = discharge_rate if direction == "discharge" else charge_rate
    if other is not None:
        word = "charge" if direction == "charge" else "discharge"
        raise InputError(f"the {word}s run at the rates of the test: leave out the {word} rate.")
    if cell.state is not None and (len(pressures) > 1 or first_charge or samples or from_full):
        raise InputError(
            "a cell that has run goes through a rate test once, from where it is: give one "
            "pressure and leave out first_charge, samples and from_full."
        )
    if first_charge and direction == "charge":
        raise InputError("a first charge comes before a discharge: leave out the direction.")
    if from_full:
        left_out = (charge_rate, cv_until, activation_pressure, rest or None)
        left_out = (*left_out, first_charge or None)
        if direction == "charge" or any(value is not None for value in left_out):
            raise InputError(
                "from rest at 100 % there is no charge, rest or activation before a discharge: "
                "leave them out."
            )
    before = charge_rate if direction == "discharge" else discharge_rate
    settings = Settings(charge_rate, cv_until=cv_until)
    conditions = checked_conditions(cell, samples, seed, measured, held[0], settings, from_full)
    check_window(cell)
    first = None
    if activation_pressure is not None:
        at = held_at(cell, activation_pressure, temperature)
        each = [discharge.Drive(activation_rate, cv_until=cv_until)] * activation_cycles
        each[0] = replace(each[0], first_charge=first_charge)
        first = each, at
    one = discharge.Drive(rates[0], before, cv_until, direction, rest, from_full=from_full)
    drives = [replace(one, c_rate=rate) for rate in rates]
    if first_charge and first is None:
        drives[0] = replace(drives[0], first_charge=True)

    def runs(one: Cell, row_only: bool = False) -> Programme[discharge.DischargeResult]:
        each = [replace(drive, row_only=row_only) for drive in drives]
        return _runs(one, each, held, first)

    fastest = max(*rates, before or 0, 0 if first is None else activation_rate)
    as_drawn, cell = cell, on_points(cell, fastest, held[0][1])
    engine = discharge.engine_for(cell, first_charge, from_full)
    if from_full:
        nominal = RateTestResult(cell, together(engine, [*runs(cell)]))
    else:
        nominal = _as_it_stands(cell, engine, runs, held, rates)
    if not samples or nominal.stopped:
        return nominal
    axis = voltages(cell)
    each = each_of(lambda one: runs(one, row_only=True), lambda told: kept(told, axis))
    course = Course(
        each, axis, soc=1.0 if from_full else 0.0, opened=discharge.opened(first_charge)
    )
    bands = banded(as_drawn, course, samples, seed, conditions)
    return replace(nominal, bands=bands, stopped=bands.stopped)


def _runs(cell: Cell, drives, held, first) -> Programme[discharge.DischargeResult]:
    """A fresh cell a pressure through all rates; under the first one's a cycle before.

    From full each rate has a fresh cell, and nothing waits for what the one before gave.
    """
    for where in held:
        used, before = cell, first
        for drive in drives:
            given = yield _run(used, drive, where, before)
            used, before = cell if drive.from_full else given.cell_after, None


def _run(cell: Cell, drive: discharge.Drive, where, first) -> Experiment[discharge.DischargeResult]:
    if first is not None:
        activations, at = first
        for activation in activations:
            cell = (yield from activation.steps(cell, at))[1].cell_after
    return (yield from drive.steps(cell, where))[1]


def _as_it_stands(cell: Cell, engine: Engine, runs, held, rates) -> RateTestResult:
    """The test of the cell itself; what ended it early is told."""
    done: list[discharge.DischargeResult] = []
    stopped = ""
    each = stages(engine, runs(cell))
    try:
        for run in progress(each, len(held) * len(rates), "rate test"):
            done += [run]
    except KeyboardInterrupt:
        stopped = BY_HAND
    except SolveError as error:
        stopped = str(error)
    return RateTestResult(cell, done, stopped)


def from_shell(
    cell: Cell, data: Annotated[list[Path], opt.DISCHARGES] = (), **arguments: Any
) -> RateTestResult:
    """A rate test, measured discharges or charges beside it."""
    rows = arguments.get("direction", "discharge")
    curves = [one for path in data for one in measured_curves(path, cell, rows)]
    return rate_test(cell, **arguments).beside(*curves)


DRAWN = {  # heading of draws: key, and how many figures
    "mAh/g of draws": ("Capacity [mA.h.g-1]", ".4g"),
    "mWh/cm2 of draws": ("Energy [mW.h.cm-2]", ".3g"),
    "mean V of draws": ("Mean voltage [V]", ".3f"),
}
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

        return plot_rate_test(self.title, self.runs, self.measured, self.bands)

    @property
    def text(self) -> str:
        """The discharges as a table under a line that says how the cell was charged."""
        if not self.runs:
            return "\n".join(self.head())
        row = self.rows[0]
        how = "charges" + f" ({row['Charged']})" if "Charged" in row else "discharges"
        line = f"Rate test  {how}, {row['Temperature [degC]']:g} °C, {row['Mesh']} mesh"
        return "\n".join([*self.head(line), "", self._text_table(), *self._measured_text()])

    def _measured_text(self) -> list[str]:
        """What was measured beside, a line a stretch."""
        rows = [
            {"measured": one.label, "C-rate": one.c_rate, "mAh/g": float(one.capacity[-1]),
             "mAh/cm2": float(one.areal_capacity[-1])}
            for one in self.measured
        ]  # fmt: skip
        return ["", text_table(rows)] if rows else []

    def _text_table(self) -> str:
        if self.bands is None:
            return text_table(self.rows, RATE_COLUMNS)
        own = {head: RATE_COLUMNS[head] for head in ("C-rate", "held", "mAh/g")}
        ended = {"stopped by": RATE_COLUMNS["stopped by"]}
        rows = [
            {**row, **{head: of_draws(row, key, form) for head, (key, form) in DRAWN.items()}}
            for row in self.rows
        ]
        return text_table(rows, own | {head: head for head in DRAWN} | ended)
