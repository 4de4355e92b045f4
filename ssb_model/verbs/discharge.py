"""Charge a cell, discharge it, say in a few lines what it gave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import xarray as xr

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import State, held_at, held_row, held_words
from ssb_model.cell.points import on_points
from ssb_model.cell.pristine import CHANGING, pristine
from ssb_model.engine import outcome
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment
from ssb_model.engine.soundness import said_of
from ssb_model.errors import InputError
from ssb_model.experiments import experiment
from ssb_model.experiments.experiment import Experiment, Held, Programme, result
from ssb_model.measured.of_a_cell import MeasuredCurve, measured_curves
from ssb_model.measured.pressure import under_file
from ssb_model.quantities.checks import check_positive, check_rate
from ssb_model.quantities.registry import Row
from ssb_model.quantities.units import in_unit
from ssb_model.studies.bands import Bands, Course, banded, each_of
from ssb_model.studies.runs import Settings
from ssb_model.submodels.blend import KINDS
from ssb_model.system.signals import stop_is_heard
from ssb_model.verbs import options as opt
from ssb_model.verbs.drawn import checked_conditions, kept, voltages
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Result, curve_files, of_draws


def engine_for(cell: Cell, first_charge: bool = False, from_full: bool = False) -> Engine:
    """The engine a cell with a state ran on, else a new one from rest at 0 % or as put together.

    Or at 100 %, which only a fresh cell can be at.
    """
    if from_full and cell.state is not None:
        raise InputError("a cell that has run is not at rest at 100 %: leave out from_full.")
    if from_full:
        experiment.check_window(cell)
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
    cell = load_cell(cell)
    check_positive("the duration of a rest", duration)
    engine = engine_for(cell)
    held = held_at(cell, stack_pressure, temperature)
    rested = experiment.rest(Held(cell, *held), duration, cell.state)
    return replace(cell, state=result(engine, rested).state)


def discharge(
    cell: Cell | str | Path,
    c_rate: Annotated[
        float, Option("{default} if left out; 1C as the cell file states it", unit="C")
    ] = 0.1,
    stack_pressure: opt.StackPressure = None,
    temperature: opt.Temperature = None,
    charge_rate: opt.ChargeRateOrFull = None,
    from_full: opt.FromFull = False,
    cv_until: opt.CvUntil = None,
    first_charge: opt.FirstCharge = False,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    measured: opt.Measured = None,
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
    cell = load_cell(cell)
    held = held_at(cell, stack_pressure, temperature)
    if from_full:
        experiment.check_no_charge(charge_rate, cv_until, first_charge or None)
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
        experiment.check_window(cell)
        return result(engine, self.steps(cell, held))

    def steps(self, cell: Cell, held) -> Experiment[tuple[Segment, DischargeResult]]:
        """The same as steps that an engine solves, alone or beside those of other cells."""
        at, rates = Held(cell, *held), (self.c_rate, self.rate_before, self.cv_until)
        if self.first_charge:
            done = yield from experiment.first_cycle(at, *rates, self.rest)
        else:
            alone = self.from_full or (self.direction == "charge" and cell.state is None)
            how = (*rates, cell.state, self.rest, alone)
            done = yield from experiment.pair(at, self.direction, *how)
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
    data: Annotated[list[Path], opt.DISCHARGES] = (),
    **arguments: Any,
) -> DischargeResult:
    """A discharge, measured ones beside it, under a pressure that may follow a file."""
    if profile is not None:
        cell = under_file(cell, profile)
    beside = [one for path in data for one in measured_curves(path, cell)]  # a bad file is cheap
    return discharge(cell, **arguments).beside(*beside)


@dataclass(frozen=True, repr=False)
class DischargeResult(Result):
    """One discharge: ``row`` names every number with its unit, ``data`` holds the curves."""

    kind, rows_fail = "discharge", True

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
        data = outcome.series(run if began else None, cell, drive.row_only)
        capacity, voltage = data["Capacity [mA.h.cm-2]"].values, data["Voltage [V]"].values
        stood = in_unit(cell.rest_charge, "mA.h.cm-2") if other == "charge" else 0.0
        passed = stood if before is None else float(outcome.areal_charge(before, design)[-1])
        mean = outcome.mean_voltage(run, cell) if began else None
        how = outcome.before_words(before, other, drive.cv_until)
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
            f"Mean {other} voltage [V]": outcome.mean_voltage(before, cell),
            "Polarisation [V]": outcome.polarisation(before, run, cell) if began else None,
            **outcome.stack_extremes(data, before),
            **outcome.shares_of_charge(data, cell),
            **outcome.plating({other: before, direction: run if began else None}, cell),
            "Stopped by": str(run.stopped_by) if began else run.ended,
            "Detail": said_of(run, before if began else None),
            "Mesh": (run.engine.cell if run.engine else cell).model_options["mesh"],
            "Changes": cell.set_by_hand,
        }
        if direction == "charge":
            row["Charged"] = outcome.charge_words(drive.cv_until)
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
    def files(self) -> dict[str, bytes]:
        """Curves as CSV and netCDF, the figure."""
        tables = curve_files("discharge", self.data) | self.drawn_files
        return tables | self.figure_files(self.plot())

    @property
    def text(self) -> str:
        """The outcome in a few lines."""
        return "\n".join(discharge_lines(self))


FIRST = "First-cycle efficiency"
DRAWN = {  # of draws: the word, its unit, its column and how many figures
    "Capacity": ("mAh/g", "Capacity [mA.h.g-1]", ".4g"),
    "Energy": ("mWh cm-2", "Energy [mW.h.cm-2]", ".3g"),
    "Voltage": ("V on average", "Mean voltage [V]", ".3f"),
    "Polarised": ("V", "Polarisation [V]", ".3f"),
    "Plating": ("mV of margin", "Plating margin [mV]", ".3g"),
    "Returned": ("of the first charge", FIRST, ".1%"),
}


def discharge_lines(result: Any) -> list[str]:
    """The cell, what was done, what it gave and how sure that is."""
    row = result.row
    mean, detail, way = row["Mean voltage [V]"], row["Detail"], row["Direction"]
    other = "charge" if way == "discharge" else "discharge"
    changes = result.minded + [
        f"Changed    {name} " + ("by points" if isinstance(value, dict) else f"= {value:g}")
        for name, value in row["Changes"].items()
    ]
    lines = [
        result.title,
        *changes,
        f"{other.capitalize():<9}  {_before_words(row, other)}",
        f"{way.capitalize():<9}  {row['C-rate']:g}C, {row['Held']}, "
        f"{row['Temperature [degC]']:g} °C",
        f"Capacity   {row['Capacity [mA.h.g-1]']:.1f} mAh per g of active material, "
        f"{row['Capacity [mA.h.cm-2]']:.3f} mAh cm-2",
        f"Energy     {row['Energy [mW.h.cm-2]']:.2f} mWh cm-2"
        + ("" if mean is None else f" at {mean:.3f} V on average"),
        *_first_cycle_line(row),
        *_kinds_lines(row, result.cell.design),
        *_stack_lines(row),
        f"Ended by   {row['Stopped by']}" + (f" ({detail})" if detail else ""),
    ]
    (row,) = result.rows
    for word, (unit, name, form) in DRAWN.items() if result.bands else ():
        if spread := of_draws(row, name, form):
            lines.append(f"{word:<9}  {spread} {unit}, of draws")
    stopped = [f"Stopped    {result.stopped}"] if result.stopped else []
    return lines + result.draw_lines + stopped


def _before_words(row: dict[str, Any], other: str) -> str:
    """What the discharge, or the charge, began from."""
    rate, before = row[f"{other.capitalize()} C-rate"], row[f"{other.capitalize()} before"]
    capacity, ended = (
        row[f"{other.capitalize()} capacity [mA.h.cm-2]"],
        row[f"{other.capitalize()} stopped by"],
    )
    if rate is None:
        return f"{before}, {capacity:.3g} mAh cm-2 available" if other == "charge" else before
    return f"{before}, {rate:g}C to {capacity:.3g} mAh cm-2, ended by {ended}"


def _first_cycle_line(row: dict[str, Any]) -> list[str]:
    """Which share of a first charge came back, where the charge before was one."""
    returned = row.get(FIRST)
    return [f"Returned   {100 * returned:.1f} % of the first charge"] if returned else []


def _kinds_lines(row: dict[str, Any], design: Any) -> list[str]:
    """Who gave or took the charge, in an electrode with two kinds of active material."""
    lines = []
    for Domain in ("Positive", "Negative"):
        kinds = getattr(getattr(design, Domain.lower()), "kinds", ())
        named = zip(KINDS, kinds, strict=True) if kinds else ()
        shares = [
            (one, row[f"{Domain} electrode {kind} host share of charge"]) for kind, one in named
        ]
        if shares and None not in [share for _, share in shares]:
            whole = sum(one.capacity for one in kinds)
            told = (
                f"{one.words} {100 * share:.1f} % (holds {100 * one.capacity / whole:.1f} %)"
                for one, share in shares
            )
            lines.append(f"Shares     of the charge: {', '.join(told)}")
    return lines


def _stack_lines(row: dict[str, Any]) -> list[str]:
    """Pressure, thickness and plating, where there is something to say."""
    lines = []
    low, high = row["Lowest stack pressure [MPa]"], row["Highest stack pressure [MPa]"]
    if low is not None and high - low > 1e-3 * high:
        lines.append(f"Stack      {low:.2f} to {high:.2f} MPa over charge and discharge")
    if row["Thickness change [um]"] is not None:
        lines.append(
            f"Thickness  {row['Thickness change [um]']:+.2f} um over the {row['Direction']}"
        )
    margin = row.get("Plating margin [mV]")
    if margin is not None:
        when, during = row["Plating margin after [h]"], row["Plating margin during"]
        lines.append(
            f"Plating    margin {margin:.0f} mV at least, {when:.2f} h into the {during}, "
            f"{row['Plating margin depth [um]']:.1f} um from the separator"
            + (": lithium may plate" if margin < 0 else "")
        )
    return lines
