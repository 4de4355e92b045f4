"""Charge a cell, discharge it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import xarray as xr

from ssb_model.cell import numbers
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at, held_row, held_words
from ssb_model.cell.points import on_points
from ssb_model.cell.pristine import CHANGING, pristine
from ssb_model.cell.state import State
from ssb_model.engine.curves import (
    areal_charge,
    before_words,
    charge_words,
    mean_voltage,
    plating,
    polarisation,
    series,
    shares_of_charge,
    stack_extremes,
)
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment, gave_up
from ssb_model.engine.soundness import said_of
from ssb_model.errors import InputError
from ssb_model.experiments import cycling
from ssb_model.experiments.experiment import Experiment, Held, Programme, result
from ssb_model.measured.of_a_cell import MeasuredCurve, measured_curves
from ssb_model.measured.pressure import under_file
from ssb_model.quantities.checks import check_positive, check_rate
from ssb_model.quantities.registry import Row
from ssb_model.quantities.units import in_unit
from ssb_model.studies.bands import Bands, Course, banded, each_of
from ssb_model.studies.runs import Settings
from ssb_model.system.signals import stop_is_heard
from ssb_model.verbs.banding import checked_conditions, kept, voltages
from ssb_model.verbs.discharge_text import FIRST, discharge_lines
from ssb_model.verbs.options import (
    DISCHARGES,
    ChargeRateOrFull,
    CvUntil,
    FirstCharge,
    FromFull,
    Measured,
    Option,
    Samples,
    Seed,
    StackPressure,
    Temperature,
)
from ssb_model.verbs.result import Result, curve_files


def engine_for(cell: Cell, first_charge: bool = False, from_full: bool = False) -> Engine:
    """The engine a cell with a state ran on, else a new one from rest at 0 % or as put together.

    Or at 100 %, which only a fresh cell can be at.
    """
    if from_full and cell.state is not None:
        raise InputError("a cell that has run is not at rest at 100 %: leave out from_full.")
    if from_full:
        numbers.check_window(cell)
        return Engine(cell.at_soc(1))
    if first_charge:
        pristine(cell)  # refuses before anything is built
        return Engine(cell.at_soc(0), differing=CHANGING)
    return Engine(cell.at_soc(0)) if cell.state is None else cell.state.engine


def opened(first_charge: bool) -> tuple[str, ...]:
    """Numbers that draws change on their way."""
    return CHANGING if first_charge else ()


def rest(
    cell: Cell | str | Path,
    duration: float,
    stack_pressure: float | None = None,
    temperature: float | None = None,
) -> Cell:
    """The cell after ``duration`` seconds without current, under a stack pressure [Pa].

    A fresh cell rests at 0 %, one that has run where it is. Pressure and temperature are the
    cell's own by default.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    check_positive("the duration of a rest", duration)
    engine = engine_for(cell)
    held = held_at(cell, stack_pressure, temperature)
    rested = cycling.rest(Held(cell, *held), duration, cell.state)
    return replace(cell, state=result(engine, rested).state)


def discharge(
    cell: Cell | str | Path,
    c_rate: Annotated[
        float, Option("{default} if left out; 1C as the cell file states it", unit="C")
    ] = 0.1,
    stack_pressure: StackPressure = None,
    temperature: Temperature = None,
    charge_rate: ChargeRateOrFull = None,
    from_full: FromFull = False,
    cv_until: CvUntil = None,
    first_charge: FirstCharge = False,
    samples: Samples = 0,
    seed: Seed = 0,
    measured: Measured = None,
) -> DischargeResult:
    """Discharge a cell at constant current after a charge at constant current.

    The charge starts from rest at 0 %, or from where an earlier run left the cell, and goes to
    the upper cut-off at ``charge_rate``, by default the discharge's own; ``from_full`` starts
    from rest at 100 % instead. With ``cv_until`` the charge goes on at the upper cut-off until
    the current has fallen to that C-rate. With ``first_charge`` that charge is the first of the
    cell as it was put together, and the row has its first-cycle efficiency. Pressure in Pa,
    temperature in K, by default the cell's own. The result's ``cell_after`` is the cell as the
    run left it: press it again, run it on. With ``samples`` so many draws of what the cell's
    files are not sure of run beside it: median and 5 to 95 % of each number, seeded; ``measured``
    lets draws count by what the cell was measured to give, as
    "Capacity [mAh/g] at 0.1C = 155 +- 3".
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    held = held_at(cell, stack_pressure, temperature)
    if from_full:
        numbers.check_no_charge(charge_rate, cv_until, first_charge or None)
    check_rate("the C-rate", c_rate)
    drive = Drive(c_rate, charge_rate, cv_until, first_charge=first_charge, from_full=from_full)
    conditions = []
    if samples or measured:
        settings = Settings(charge_rate, cv_until=cv_until)
        conditions = checked_conditions(cell, samples, seed, measured, held, settings, from_full)
    one = on_points(cell, max(c_rate, charge_rate or 0), held[1])
    nominal = drive.on(one, engine_for(one, first_charge, from_full), held)[1]
    if not samples:
        return nominal

    def runs(one: Cell) -> Programme[Any]:
        yield replace(drive, row_only=True).steps(one, held)

    axis = voltages(cell)
    each = each_of(runs, lambda told: kept(told[1], axis))
    course = Course(each, axis, soc=1.0 if from_full else 0.0, opened=opened(first_charge))
    return replace(nominal, bands=banded(cell, course, samples, seed, conditions))


@dataclass(frozen=True)
class Drive:
    """A discharge after a charge, or a charge after a discharge; rates in C, rest in s."""

    c_rate: float
    rate_before: float | None = None  # as c_rate if not given
    cv_until: float | None = None
    direction: str = "discharge"
    rest: float = 0.0
    first_charge: bool = False  # the charge before is that of the cell as it was put together
    from_full: bool = False  # from rest at 100 %, nothing before
    row_only: bool = False  # whether no more is told than the row and the curve that it is of

    def __post_init__(self):
        check_rate("the C-rate", self.c_rate)
        if self.rate_before is not None:
            check_rate(f"the {self.other} rate", self.rate_before)
        if self.cv_until is not None:
            check_rate("cv_until", self.cv_until)

    @property
    def other(self) -> str:
        """The direction of the run before."""
        return "charge" if self.direction == "discharge" else "discharge"

    @stop_is_heard()
    def on(self, cell: Cell, engine: Engine, held) -> tuple[Segment, DischargeResult]:
        """On a cell, from its state or from rest at 0 %: the run itself and what is told of it."""
        numbers.check_window(cell)
        return result(engine, self.steps(cell, held))

    def steps(self, cell: Cell, held) -> Experiment[tuple[Segment, DischargeResult]]:
        """The same as steps that an engine solves, alone or beside those of other cells."""
        at, rates = Held(cell, *held), (self.c_rate, self.rate_before, self.cv_until)
        if self.first_charge:
            done = yield from cycling.first_cycle(at, *rates, self.rest)
        else:
            alone = self.from_full or (self.direction == "charge" and cell.state is None)
            how = (*rates, cell.state, self.rest, alone)
            done = yield from cycling.pair(at, self.direction, *how)
        run = done.before if done.run is None else done.run
        return run, DischargeResult.build(cell, self, run, done.before, held, done.state)


def from_shell(
    cell: Cell,
    profile: Annotated[
        Path | None,
        Option(
            "stack pressure from the charge's start on: a record with it, or h and MPa under names",
            metavar="FILE",
        ),
    ] = None,
    data: Annotated[list[Path], DISCHARGES] = (),
    **arguments: Any,
) -> DischargeResult:
    """A discharge, measured ones beside it, under a pressure that may follow a file."""
    if profile is not None:
        cell = under_file(cell, profile)
    curves = [one for path in data for one in measured_curves(path, cell)]  # a bad file is cheap
    return discharge(cell, **arguments).beside(*curves)


@dataclass(frozen=True, repr=False)
class DischargeResult(Result):
    """One discharge: ``row`` names every number with its unit, ``data`` holds the curves."""

    kind = "discharge"

    cell: Cell
    row: dict[str, Any]
    data: xr.Dataset
    cell_after: Cell  # as the run left it, to press again or run on
    measured: list[MeasuredCurve] = field(default_factory=list)  # to draw beside
    bands: Bands | None = None

    @classmethod
    def build(
        cls,
        cell: Cell,
        drive: Drive,
        run: Segment,
        before: Segment | None,
        held: tuple[float, float],
        state: State | None,
    ) -> DischargeResult:
        """What is told of a run and the one ``before``; none in ``state`` where none began."""
        design, direction, other = cell.design, drive.direction, drive.other
        before_this = drive.c_rate if drive.rate_before is None else drive.rate_before
        rate_before = None if before is None else before_this
        began = run is not before
        data = series(run if began else None, cell, drive.row_only)
        capacity, voltage = data["Capacity [mA.h.cm-2]"].values, data["Voltage [V]"].values
        stood = in_unit(cell.rest_charge, "mA.h.cm-2") if other == "charge" else 0.0
        passed = stood if before is None else float(areal_charge(before, design)[-1])
        mean = mean_voltage(run, cell) if began else None
        how = before_words(before, other, drive.cv_until)
        row = {
            "Direction": direction,
            "C-rate": drive.c_rate,
            "Held": held_words(cell, held[0]),
            **held_row(*held),
            "Before": how if rate_before is None else f"{other}d at {rate_before:g}C, {how}",
            f"{other.capitalize()} before": how,
            f"{other.capitalize()} C-rate": rate_before,
            f"{other.capitalize()} capacity [mA.h.cm-2]": passed,
            f"{other.capitalize()} stopped by": None if before is None else str(before.stopped_by),
            "Capacity [mA.h.g-1]": float(capacity[-1]) / design.positive.grams,
            "Capacity [mA.h.cm-2]": float(capacity[-1]),
            "Energy [mW.h.cm-2]": float(np.trapezoid(voltage, capacity)),
            "Mean voltage [V]": mean,
            f"Mean {other} voltage [V]": mean_voltage(before, cell),
            "Polarisation [V]": polarisation(before, run, cell) if began else None,
            **stack_extremes(data, before),
            **shares_of_charge(data, cell),
            **plating({other: before, direction: run if began else None}, cell),
            "Stopped by": str(run.stopped_by) if began else run.ended,
            "Detail": said_of(run, before if began else None),
            "Mesh": (run.engine.cell if run.engine else cell).model_options["mesh"],
            "Changes": cell.set_by_hand,
        }
        if direction == "charge":
            row["Charged"] = charge_words(drive.cv_until)
        if drive.first_charge:
            row["Before"] = row["Before"].replace("charged", "charged for the first time", 1)
            row["Charge before"] = f"the first, {how}"
            row[FIRST] = row["Capacity [mA.h.cm-2]"] / passed if passed else None
        if not drive.row_only:
            data.attrs.update({k: v for k, v in row.items() if v is not None and k != "Changes"})
            data.attrs.update(cell=cell.name, changes=json.dumps(cell.set_by_hand))
        return cls(cell, Row(row), data, cell.in_state(state))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The one row."""
        return self.with_bands([self.row])

    @property
    def stopped(self) -> str:
        """What stopped the draws, if anything did."""
        return "" if self.bands is None else self.bands.stopped

    @property
    def title(self) -> str:
        """The cell as its file names it; what was changed has lines of its own."""
        return self.cell.design.file.words["title"]

    def plot(self, axes=None):
        """Voltage against capacity; returns the figure."""
        from ssb_model.figures.discharge import plot_discharge

        return plot_discharge(self.title, self.row, self.data, axes, self.measured, self.bands)

    @property
    def failed(self) -> bool:
        """Whether the solver gave up, which no outcome of the cell explains."""
        return bool(self.stopped) or gave_up(self.row["Stopped by"])

    @property
    def files(self) -> dict[str, bytes]:
        """Curves as CSV and netCDF, the figure."""
        curves = curve_files("discharge", self.data) | self.drawn_files
        return curves | self.figure_files(self.plot())

    @property
    def text(self) -> str:
        """The outcome in a few lines."""
        return "\n".join(discharge_lines(self))
