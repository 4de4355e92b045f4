"""What limits a cell: the voltage lost in a discharge, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import xarray as xr

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at, pressures_of
from ssb_model.engine.outcome import Segment
from ssb_model.measured.record import measured_curves
from ssb_model.quantities.checks import check_positive, check_several
from ssb_model.quantities.names import LOSSES
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND, stop_is_heard
from ssb_model.verbs.discharge import (
    DischargeResult,
    Drive,
    check_no_charge,
    discharged_from_full,
    engine_for,
    engine_full,
)
from ssb_model.verbs.options import (
    DISCHARGES,
    ChargeRateOrFull,
    CvUntil,
    FromFull,
    Option,
    StackPressures,
    Temperature,
)
from ssb_model.verbs.result import Runs, text_table

PARTS = {  # our name: (PyBaMM's name, for a reader)
    "series": ("Contact overpotential [V]", "series (faces)"),
    "separator": ("Separator loss [V]", "separator"),
    "negative_electrode": ("Negative electrode loss [V]", "negative electrode"),
    "composite_ionic": ("Positive electrode ionic loss [V]", "composite, ionic"),
    "composite_electronic": ("Positive electrode electronic loss [V]", "composite, electronic"),
    "charge_transfer": ("Positive electrode charge-transfer loss [V]", "charge transfer"),
    "film": ("Positive electrode film loss [V]", "film"),
    "contact_spots": ("Positive electrode contact spot loss [V]", "contact spots"),
    "particle_diffusion": ("Positive electrode particle diffusion loss [V]", "particle diffusion"),
    "uneven_lithium": ("Positive electrode uneven lithium loss [V]", "uneven through depth"),
}
NEGATIVE = {  # what the negative electrode's own part is made of
    f"negative_{name.replace(' ', '_').replace('-', '_')}": f"Negative electrode {name} loss [V]"
    for name in LOSSES
}
AT_REST = "Bulk open-circuit voltage [V]"


def limits(
    cell: Cell | str | Path,
    c_rates: Annotated[
        float | Sequence[float],
        Option("one discharge each, {default} if left out", ("--c-rates", "--c-rate"), unit="C"),
    ] = 0.5,
    stack_pressure: StackPressures = None,
    temperature: Temperature = None,
    charge_rate: ChargeRateOrFull = None,
    from_full: FromFull = False,
    cv_until: CvUntil = None,
) -> LimitsResult:
    """Split the overpotential of a discharge over separator, ions, electrons, reaction, ...

    A charge and a discharge at each C-rate and stack pressure [Pa], each from where the cell
    is (a fresh one from rest at 0 %); the charge as in ``discharge``. The loss is the
    difference to rest at the same lithium contents, and its parts sum to it; what hysteresis
    costs is in none of them.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    rates = [check_positive("a C-rate", rate) for rate in check_several("C-rates", c_rates)]
    pressures = pressures_of(cell, stack_pressure, temperature)
    if from_full:
        check_no_charge(charge_rate, cv_until)
    Drive(rates[0], charge_rate, cv_until)  # checked before the first run
    steps = [(pressure, rate) for pressure in pressures for rate in rates]
    engine = engine_full(cell) if from_full else engine_for(cell)
    runs: list[Losses] = []
    stopped = ""
    try:
        for pressure, rate in progress(steps, len(steps), "limits"):
            held = held_at(cell, pressure, temperature)
            with stop_is_heard():
                if from_full:
                    segment, discharge = discharged_from_full(cell, engine, rate, held)
                else:
                    segment, discharge = Drive(rate, charge_rate, cv_until).on(cell, engine, held)
                run = Losses.build(cell, segment, discharge)
            runs.append(run)
    except KeyboardInterrupt:
        stopped = BY_HAND
    return LimitsResult(cell, runs, stopped)


def from_shell(
    cell: Cell, data: Annotated[list[Path], DISCHARGES] = (), **arguments: Any
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
    def build(cls, cell: Cell, segment: Segment, discharge: DischargeResult) -> Losses:
        data = discharge.data[["capacity", "voltage"]]
        solution = segment.solution if discharge.row["capacity_mAh_cm2"] else None
        names = {**{name: variable for name, (variable, _) in PARTS.items()}, **NEGATIVE}
        for name, variable in names.items():
            data[name] = _series(solution, variable, data["capacity"], 1e3, "mV")
        data["open_circuit_voltage"] = _series(solution, AT_REST, data["capacity"], 1.0, "V")
        data["loss"] = 1e3 * (data["open_circuit_voltage"] - data["voltage"])
        data["loss"].attrs["units"] = "mV"
        passed = data["capacity"].values
        means = {name: _mean(data[name].values, passed) for name in ("loss", *names)}
        ends = {name: float(data[name].values[-1]) for name in PARTS} if solution else {}
        row = {
            **discharge.row,
            **{f"mean_{name}_mV": value for name, value in means.items()},
            "largest": _largest({name: means[name] for name in PARTS}),
            "largest_at_end": _largest(ends),
        }
        return cls(row, data.assign_attrs(discharge.data.attrs))


def _series(solution, variable, like, factor, unit) -> xr.DataArray:
    values = np.full(like.shape, np.nan)
    if solution is not None:
        values = np.broadcast_to(factor * np.ravel(solution[variable].entries), like.shape)
    return xr.DataArray(values.copy(), dims=like.dims, attrs={"units": unit})


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
        for run in self.runs:
            row = run.row
            lines += [
                "",
                f"{row['c_rate']:g}C, {row['held']}, {row['temperature_C']:g} °C, {row['before']}: "
                f"{row['capacity_mAh_g']:.1f} mAh/g, {row['stopped_by']}",
            ]
            if row["capacity_mAh_cm2"]:
                most, last = (PARTS[row[key]][1] for key in ("largest", "largest_at_end"))
                lines.append(f"  Mostly {most}; when it ended, mostly {last}")
                lines.append(_parts_table(run))
        return "\n".join(lines)


def _parts_table(run: Losses) -> str:
    """The parts of the loss, largest first, and all of it."""
    mean = {name: run.row[f"mean_{name}_mV"] for name in ("loss", *PARTS)}
    parts = sorted(PARTS, key=lambda name: -mean[name])
    return text_table(
        [
            {
                "part": "all" if name == "loss" else PARTS[name][1],
                "mean mV": round(mean[name], 1),
                "share %": round(100 * mean[name] / mean["loss"], 1),
                "at the end mV": round(float(run.data[name].values[-1]), 1),
            }
            for name in (*parts, "loss")
        ]
    )
