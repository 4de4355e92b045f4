"""What limits a cell: the voltage lost in a discharge, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import xarray as xr

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at, pressures_of
from ssb_model.cell.points import on_points
from ssb_model.engine.outcome import Segment
from ssb_model.engine.reading import read_along
from ssb_model.experiments.experiment import Programme, check_no_charge
from ssb_model.measured.of_a_cell import measured_curves
from ssb_model.quantities.checks import check_rates
from ssb_model.quantities.names import LOSSES
from ssb_model.quantities.registry import mean_of, quantity
from ssb_model.quantities.units import in_unit
from ssb_model.studies.bands import Course, banded, each_of
from ssb_model.studies.runs import Settings
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND, stop_is_heard
from ssb_model.verbs import options as opt
from ssb_model.verbs.discharge import (
    DischargeResult,
    Drive,
    engine_for,
)
from ssb_model.verbs.drawn import checked_conditions, kept, voltages
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Runs, of_draws, text_table

PARTS = (
    "Contact overpotential [mV]",
    "Separator loss [mV]",
    "Negative electrode loss [mV]",
    *(f"Positive electrode {name} loss [mV]" for name in LOSSES),
)
# what the negative electrode's own part is made of
NEGATIVE = tuple(f"Negative electrode {name} loss [mV]" for name in LOSSES)
AT_REST = "Open-circuit voltage [V]"


def limits(
    cell: Cell | str | Path,
    c_rates: Annotated[
        float | Sequence[float],
        Option("one discharge each, {default} if left out", ("--c-rates", "--c-rate"), unit="C"),
    ] = 0.5,
    stack_pressure: opt.StackPressures = None,
    temperature: opt.Temperature = None,
    charge_rate: opt.ChargeRateOrFull = None,
    from_full: opt.FromFull = False,
    cv_until: opt.CvUntil = None,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    measured: opt.Measured = None,
) -> LimitsResult:
    """Split the overpotential of a discharge over separator, ions, electrons, reaction, ...

    A charge and a discharge at each C-rate and stack pressure [Pa], each from where the cell
    is (a fresh one from rest at 0 %); the charge as in ``discharge``. The loss is the
    difference to rest at the same lithium contents, and its parts sum to it; what hysteresis
    costs is in none of them. ``samples``, ``seed`` and ``measured`` as in ``discharge``.
    """
    cell = load_cell(cell)
    rates = check_rates(c_rates)
    pressures = pressures_of(cell, stack_pressure, temperature)
    if from_full:
        check_no_charge(charge_rate, cv_until)
    Drive(rates[0], charge_rate, cv_until)  # checked before the first run
    settings, at = (
        Settings(charge_rate, cv_until=cv_until),
        held_at(cell, pressures[0], temperature),
    )
    conditions = checked_conditions(cell, samples, seed, measured, at, settings, from_full)
    steps = [(pressure, rate) for pressure in pressures for rate in rates]
    as_drawn, cell = cell, on_points(cell, max(*rates, charge_rate or 0), at[1])
    engine = engine_for(cell, from_full=from_full)
    runs: list[Losses] = []
    stopped = ""
    try:
        for pressure, rate in progress(steps, len(steps), "limits"):
            held = held_at(cell, pressure, temperature)
            with stop_is_heard():
                drive = Drive(rate, charge_rate, cv_until, from_full=from_full)
                run = Losses.build(*drive.on(cell, engine, held))
            runs.append(run)
    except KeyboardInterrupt:
        stopped = BY_HAND
    if not samples or stopped:
        return LimitsResult(cell, runs, stopped)

    def drawn(one: Cell) -> Programme[tuple[Segment, DischargeResult]]:
        for pressure, rate in steps:
            held = held_at(cell, pressure, temperature)
            drive = Drive(rate, charge_rate, cv_until, from_full=from_full, row_only=True)
            yield drive.steps(one, held)

    axis = voltages(cell)
    each = each_of(drawn, lambda told: kept(told[1], axis, Losses.build(*told).row))
    course = Course(each, axis, soc=1.0 if from_full else 0.0)
    bands = banded(as_drawn, course, samples, seed, conditions)
    return LimitsResult(cell, runs, bands.stopped, bands=bands)


def from_shell(
    cell: Cell, data: Annotated[list[Path], opt.DISCHARGES] = (), **arguments: Any
) -> LimitsResult:
    """Losses, measured discharges beside them."""
    curves = [one for path in data for one in measured_curves(path, cell)]
    return limits(cell, **arguments).beside(*curves)


@dataclass(frozen=True, repr=False)
class Losses:
    """One discharge: its parts [mV] over capacity in ``data``, their means in ``row``."""

    row: dict[str, Any]
    data: xr.Dataset

    @classmethod
    def build(cls, segment: Segment, discharge: DischargeResult) -> Losses:
        data = discharge.data[["Capacity [mA.h.cm-2]", "Voltage [V]"]]
        passed = data["Capacity [mA.h.cm-2]"].values
        solution = segment.solution if discharge.row["Capacity [mA.h.cm-2]"] else None
        names = (*PARTS, *NEGATIVE)
        known = {name: quantity(name).quantity for name in (*names, AT_REST)}
        read = solution and read_along(solution, [of.variable for of in known.values()])
        for name, of in known.items():
            values = np.full(passed.shape, np.nan)
            if solution is not None:
                values[:] = of.converted(read[of.variable])
            data[name] = ("point", values, {"units": of.unit})
        data["Loss [mV]"] = in_unit(data[AT_REST] - data["Voltage [V]"], "mV")
        data["Loss [mV]"].attrs["units"] = "mV"
        means = {name: _mean(data[name].values, passed) for name in ("Loss [mV]", *names)}
        ends = {name: float(data[name].values[-1]) for name in PARTS} if solution else {}
        row = {
            **discharge.row,
            **{mean_of(name): value for name, value in means.items()},
            "Largest": _largest({name: means[name] for name in PARTS}),
            "Largest at end": _largest(ends),
        }
        return cls(row, data.assign_attrs(discharge.data.attrs))


def _mean(values: np.ndarray, passed: np.ndarray) -> float | None:
    """Over the charge passed."""
    return float(np.trapezoid(values, passed) / passed[-1]) if passed[-1] else None


def _largest(parts: dict[str, float | None]) -> str | None:
    known = {name: value for name, value in parts.items() if value is not None}
    return max(known, key=known.get) if known else None


@dataclass(frozen=True, repr=False)
class LimitsResult(Runs):
    """Discharges and their losses, in the order they were run."""

    kind = "limits"

    def plot(self):
        """Voltage at rest and under current, what lies between filled; returns the figure."""
        from ssb_model.figures.discharge import plot_limits

        return plot_limits(self.title, self.runs, self.measured)

    @property
    def text(self) -> str:
        """For each discharge the mean of each part and what it is at the end, largest first."""
        lines = self.head()
        for run, row in zip(self.runs, self.rows, strict=True):
            lines += [
                "",
                f"{row['C-rate']:g}C, {row['Held']}, {row['Temperature [degC]']:g} °C, "
                f"{row['Before']}: {row['Capacity [mA.h.g-1]']:.1f} mAh/g, {row['Stopped by']}",
            ]
            if drawn := of_draws(row, "Capacity [mA.h.g-1]"):
                lines.append(f"  {drawn} mAh/g, of draws")
            if row["Capacity [mA.h.cm-2]"]:
                most, last = (
                    quantity(row[key]).quantity.words for key in ("Largest", "Largest at end")
                )
                lines.append(f"  Mostly {most}; when it ended, mostly {last}")
                lines.append(_parts_table(run, row))
        return "\n".join(lines)


def _parts_table(run: Losses, row: dict[str, Any]) -> str:
    """The parts of the loss, largest first, and all of it."""
    mean = {name: run.row[mean_of(name)] for name in ("Loss [mV]", *PARTS)}
    parts = sorted(PARTS, key=lambda name: -mean[name])
    return text_table(
        [
            {
                "part": "all" if name == "Loss [mV]" else quantity(name).quantity.words,
                "mean mV": round(mean[name], 1),
                "share %": round(100 * mean[name] / mean["Loss [mV]"], 1),
                "at the end mV": round(float(run.data[name].values[-1]), 1),
            }
            | (
                {"mean mV of draws": drawn}
                if (drawn := of_draws(row, mean_of(name), ".3g"))
                else {}
            )
            for name in (*parts, "Loss [mV]")
        ]
    )
