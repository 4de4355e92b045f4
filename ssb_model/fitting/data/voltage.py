"""Voltage over time, under the current that was measured with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment
from ssb_model.errors import InputError
from ssb_model.experiments import cycling, pulses
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.capacity import CapacityData
from ssb_model.fitting.data.data_set import Candidate, Key, Run, RunData, Way, array, rms
from ssb_model.measured.plausible import check_record
from ssb_model.measured.record import current_column, read_record
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import convert, factor, in_unit, said

STEADY = 0.05  # change of a current, of it, from which on it counts as another step
RESTING = 1e-3  # of the largest current: below it the cell rests
HELD = 5e-3  # V within which a voltage counts as held while the current falls
LINGERS = 0.02  # of a step's length, for which its end is felt in the next
BEYOND = 0.5  # V past its cut-offs to which a model follows a current
SINKING = 1.0  # V a whole step, by which a voltage goes on past a model's end
FALLEN = 0.1  # V past the cut-off where a solver may fail without saying more than that
CUT_OFFS = ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]")
LEAST = 0.01  # V, the lowest a cut-off is moved to
MOST_POINTS = 2000  # of a step
RATES = (0.1, 0.5, 2.0)  # of discharges that could be measured
POINTS = 60  # of such a discharge
SHARE = 0.97  # of its capacity that a record holds, away from its cliff


@dataclass(frozen=True)
class Stretch:
    """A stretch of steady current; times count from where the stretch before ended."""

    current: float  # A or A m-2
    times: np.ndarray  # s, of its rows
    rows: slice
    compared: bool

    @property
    def duration(self) -> float:
        return float(self.times[-1])


@dataclass(frozen=True, kw_only=True)
class VoltageData(RunData):
    """A record of voltage [V] over time [s] and current, positive on discharge.

    Current in A, or in A m-2 with ``per_area``. The cell starts at rest at ``soc``, by default
    empty where the record starts with a charge, full where it starts with a discharge; with
    ``charge_rate`` it is charged from empty to the upper cut-off at that C-rate first. The model
    follows the current as it was measured, past its cut-offs if need be; where the current falls
    at constant voltage it is followed in small steps and the voltage is not compared.
    ``charge_error`` is the share by which the charge passed may be wrong, the cycler's and the
    mesh's: it adds to the noise where the voltage is steep, so that an end does not rule the rest.
    """

    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray
    per_area: bool = False
    soc: float | None = None
    charge_rate: float | None = None
    charge_error: float = 1e-4
    record: object = field(default=None, repr=False)  # as it was read

    kind = "voltage"
    usual_noise = 1e-3
    noise_unit = ("mV", factor("mV", "V"))
    too_far = 0.03
    panel = "VOLTAGES"
    keys = (Key("current_sign", str),)
    ways = (Way("record", ("file", "soc", "charge_rate", "current_sign")),)

    def __post_init__(self):
        super().__post_init__()
        for name in ("time", "current", "voltage"):
            object.__setattr__(self, name, array(f"{self.name}: {name}", getattr(self, name)))
        if not len(self.time) == len(self.current) == len(self.voltage):
            raise InputError(f"{self.name}: time, current and voltage are not equally long.")
        if len(self.time) < 3:
            raise InputError(f"{self.name}: {len(self.time)} rows; give at least 3.")
        back = np.diff(self.time) <= 0
        if back.any():
            raise InputError(f"{self.name}: time goes back or stands at row {np.argmax(back) + 2}.")
        if not np.any(self.current):
            raise InputError(f"{self.name}: no current flows.")
        if self.charge_rate is not None and self.soc is not None:
            raise InputError(f"{self.name}: give soc or charge_rate, not both.")
        if not 0 <= check_number(f"{self.name}: the error of charge", self.charge_error) < 1:
            raise InputError(f"{self.name}: the error of charge is a share from 0 to 1.")

    @classmethod
    def read(cls, path: str | Path, current_sign: str = "auto", **conditions) -> VoltageData:
        """Out of a cycler's file."""
        record = read_record(path, current_sign)
        current = current_column(record.table)
        columns = (record.table[name].to_numpy() for name in ("Time [s]", current, "Voltage [V]"))
        time, current, voltage = columns
        if "Stack pressure [Pa]" in record.table:
            conditions.setdefault(
                "stack_pressure", float(record.table["Stack pressure [Pa]"].mean())
            )
        if "Temperature [K]" in record.table:
            conditions.setdefault("temperature", float(record.table["Temperature [K]"].mean()))
        return cls(
            time=time,
            current=current,
            voltage=voltage,
            per_area=record.per_area,
            record=record,
            **{"label": Path(path).name, **conditions},
        )

    def check(self, cell: Cell) -> list[str]:
        said = []
        if self.record is not None and self.start == 1 and self.soc is None:
            said.append(
                "begins with a discharge: taken as from rest at 100 %; if it was charged at "
                "constant current, give charge_rate, and soc if it rested elsewhere"
            )
        if self.record is None:
            return said
        if self.record.kind == "CSV" and self.record.sign_note.startswith("positive on charge"):
            said.append(f"the current was turned round: {self.record.sign_note}")
        return said + check_record(
            self.record,
            area=cell.design.area,
            one_c=cell.design.nominal_capacity,
            lower=cell.evaluate(CUT_OFFS[0]),
            upper=cell.evaluate(CUT_OFFS[1]),
        )

    @cached_property
    def steps(self) -> list[Stretch]:
        """Stretches of steady current, each from where the one before ended."""
        return stretches_of(self.time, self.current, self.voltage)

    @cached_property
    def chosen(self) -> np.ndarray:
        """The rows compared."""
        chosen = [
            np.arange(step.rows.start, step.rows.stop)[:: -(-len(step.times) // MOST_POINTS)]
            for step in self.steps
            if step.compared
        ]
        return np.concatenate(chosen)

    @property
    def start(self) -> float:
        """State of charge at rest, before all else."""
        if self.soc is not None or self.charge_rate is not None:
            return self.soc or 0.0
        return 0.0 if next(step.current for step in self.steps if step.current) < 0 else 1.0

    def measured(self, cell: Cell) -> np.ndarray:
        return self.voltage[self.chosen]

    def sigma(self, cell: Cell) -> np.ndarray:
        of_charge = volts_of_charge(self.steps, self.voltage, self.charge_error)
        return np.hypot(self.deviation, of_charge[self.chosen])

    def runs(self, engine: Engine, cell: Cell) -> list[Run]:
        return [self._run(engine, cell)]

    def _run(self, engine: Engine, cell: Cell) -> Run:
        lower, upper = (cell.evaluate(name) for name in CUT_OFFS)
        wide = (max(lower - BEYOND, LEAST), upper + BEYOND)
        area = cell.design.area if self.per_area else 1.0
        voltage = np.full(len(self.time), np.nan)
        state = None
        if self.charge_rate is not None:
            charged = yield from cycling.charge(self.at(cell, 0.0), self.charge_rate)
            if not charged.sound:
                raise Unsolved(f"{self.name}, the charge before: {charged.detail}")
            state = charged.state

        def seen(number: int, segment: Segment) -> None:
            step = self.steps[number]
            where = f"{self.name}, from {self.time[step.rows.start]:.4g} s"
            if segment.solution is None:
                raise Unsolved(f"{where}: {segment.detail}")
            end = segment.duration
            times = np.append(np.minimum(step.times, end), end)
            *volts, last = engine.voltage(segment.solution, times)
            if not segment.sound and lower - FALLEN < last < upper + FALLEN:
                raise Unsolved(f"{where}: {segment.detail}")
            late = np.maximum(step.times - end, 0) / step.duration
            voltage[step.rows] = volts - np.sign(step.current) * SINKING * late

        held = self.at(cell, self.start, dict(zip(CUT_OFFS, wide, strict=True)))
        stretches = [(step.current * area, step.duration) for step in self.steps]
        yield from pulses.follow(held, stretches, state, seen)
        return voltage[self.chosen]

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        area = 1.0 if self.per_area else cell.design.area
        table = pd.DataFrame(
            {
                "Time [s]": self.time,
                "Capacity [mA.h.cm-2]": np.nan,
                "stretch": -1,
                "Current [mA.cm-2]": in_unit(self.current / area, "mA.cm-2"),
                "Voltage [V]": self.voltage,
                "Model [V]": np.nan,
                "Sigma [V]": np.nan,
                "compared": False,
            }
        )
        for number, step in enumerate(self.steps):
            rows = table.index[step.rows]
            passed = abs(step.current) * step.times / area
            table.loc[rows, "Capacity [mA.h.cm-2]"] = in_unit(passed, "mA.h.cm-2")
            table.loc[rows, "stretch"] = number
        table.loc[self.chosen, ["Model [V]", "Sigma [V]"]] = np.column_stack([predicted, sigma])
        table.loc[self.chosen, "compared"] = True
        return table[table["stretch"] >= 0].reset_index(drop=True)

    @classmethod
    def misfit(cls, table: pd.DataFrame) -> tuple[str, float, int]:
        table = table[table["compared"]]
        off = table["Voltage [V]"] - table["Model [V]"]
        return said(rms(off), "mV", ".3g"), rms(off / table["Sigma [V]"]), len(off)

    @classmethod
    def to_come(
        cls, time: np.ndarray, current: float, soc: float, held: dict[str, Any]
    ) -> VoltageData:
        """A record that could be measured, its current per area; its voltage is not known yet."""
        flat = np.full(len(time), current)
        return cls(time=time, current=flat, voltage=flat, soc=soc, per_area=True, **held)

    @classmethod
    def suggested(cls, cell: Cell, held: dict[str, Any], own: bool) -> list[Candidate]:
        """Discharges to just before their ends, which a model is asked for first."""
        one_c, mass = cell.design.one_c, cell.design.positive.mass_of_active

        def discharge(seen: CapacityData) -> VoltageData:
            current = seen.c_rate[0] * one_c
            charge = convert(seen.capacity[0], "mA.h.g-1", "C.kg-1") * mass
            lasting = SHARE * charge / current
            return cls.to_come(np.linspace(0, lasting, POINTS), current, 1.0, held)

        return [
            Candidate(
                f"discharge at {rate:g}C at {said(held['stack_pressure'], 'MPa', '.3g')}",
                discharge,
                CapacityData(c_rate=[rate], capacity=[1.0], from_full=True, **held),
            )
            for rate in RATES
        ]


def stretches_of(time: np.ndarray, current: np.ndarray, voltage: np.ndarray) -> list[Stretch]:
    """Stretches of steady current, each from where the one before ended."""
    still = np.abs(current) < RESTING * np.abs(current).max()
    current = np.where(still, 0.0, current)
    steps: list[Stretch] = []
    edges = _edges(current)
    for first, end in zip(edges, [*edges[1:], len(current)], strict=True):
        times = time[first:end] - time[max(first - 1, 0)]
        if times[-1] == 0:  # a first row by itself
            continue
        charge = np.sum(current[first:end] * np.diff(times, prepend=0.0))
        rows = slice(first, end)
        mean = float(charge / times[-1])
        steps.append(Stretch(mean, times, rows, _compared(mean, rows, voltage, steps)))
    return steps


def _edges(current: np.ndarray) -> list[int]:
    """Rows at which two in succession differ from the mean of those before."""
    edges, mean, count = [0], current[0], 1
    for row in range(1, len(current)):
        now, then = current[row], current[min(row + 1, len(current) - 1)]
        if all(abs(one - mean) > STEADY * max(abs(mean), abs(one)) for one in (now, then)):
            edges.append(row)
            mean, count = now, 1
        else:
            mean, count = mean + (now - mean) / (count + 1), count + 1
    return edges


def _compared(current: float, rows: slice, voltage: np.ndarray, before: list[Stretch]) -> bool:
    """Whether voltage says something here: not where it is held while the current falls."""
    if not before:
        return True
    last = before[-1].current
    if last * current <= 0 or abs(current) >= abs(last):
        return True
    return bool(np.ptp(voltage[before[-1].rows.stop - 1 : rows.stop]) > HELD)


def volts_of_charge(steps: Sequence[Stretch], voltage: np.ndarray, error: float) -> np.ndarray:
    """Volts that a share ``error`` of the charge passed makes, by how steep a record is there."""
    volts = np.zeros(len(voltage))
    ended, lasted = 0.0, 0.0
    for step in steps:
        here = volts[step.rows]
        if len(step.times) > 1 and step.current:
            here[:] = error * np.abs(np.gradient(voltage[step.rows], step.times)) * step.times
        early = step.times < LINGERS * lasted
        here[early] = np.maximum(here[early], ended)
        ended, lasted = float(here[-1]), step.duration
    return volts
