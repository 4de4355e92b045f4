"""Voltage over time, under the current that was measured with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.bench import LONGEST
from ssb_model.engine.rack import Rack, Slot
from ssb_model.errors import InputError
from ssb_model.fitting.data_set import Run, RunData, Unsolved, array, sound
from ssb_model.fitting.steps import Step, steps_of, volts_of_charge
from ssb_model.measured.plausible import check_record
from ssb_model.measured.record import current_column, read_record
from ssb_model.quantities.checks import check_number, check_positive

BEYOND = 0.5  # V past its cut-offs to which a model follows a current
SINKING = 1.0  # V a whole step, by which a voltage goes on past a model's end
FALLEN = 0.1  # V past the cut-off where a solver may fail without saying more than that
CUT_OFFS = ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]")
LEAST = 0.01  # V, the lowest a cut-off is moved to
MOST_POINTS = 2000  # of a step


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
        if self.soc is not None and not 0 <= self.soc <= 1:
            raise InputError(f"{self.name}: a state of charge lies between 0 and 1.")
        if self.charge_rate is not None:
            check_positive(f"{self.name}: the charge rate", self.charge_rate)
            if self.soc is not None:
                raise InputError(f"{self.name}: give soc or charge_rate, not both.")
        if not 0 <= check_number(f"{self.name}: the error of charge", self.charge_error) < 1:
            raise InputError(f"{self.name}: the error of charge is a share from 0 to 1.")

    @classmethod
    def read(cls, path: str | Path, current_sign: str = "auto", **conditions) -> VoltageData:
        """Out of a cycler's file."""
        record = read_record(path, current_sign)
        current = current_column(record.table)
        columns = (record.table[name].to_numpy() for name in ("time_s", current, "voltage_V"))
        time, current, voltage = columns
        if "stack_pressure_Pa" in record.table:
            conditions.setdefault("stack_pressure", float(record.table["stack_pressure_Pa"].mean()))
        if "temperature_K" in record.table:
            conditions.setdefault("temperature", float(record.table["temperature_K"].mean()))
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
    def steps(self) -> list[Step]:
        """Stretches of steady current, each from where the one before ended."""
        return steps_of(self.time, self.current, self.voltage)

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

    def runs(self, rack: Rack, cell: Cell) -> list[Run]:
        return [self._run(rack, cell)]

    def _run(self, rack: Rack, cell: Cell) -> Run:
        lower, upper = (cell.evaluate(name) for name in CUT_OFFS)
        wide = (max(lower - BEYOND, LEAST), upper + BEYOND)
        numbers = rack.place(cell.at_soc(self.start)) | dict(zip(CUT_OFFS, wide, strict=True))
        area = cell.design.area if self.per_area else 1.0
        voltage = np.full(len(self.time), np.nan)
        state = None
        if self.charge_rate is not None:
            slot = self._charge(rack, cell)
            segment = yield slot
            if not sound(segment):
                raise Unsolved(f"{self.name}, the charge before: {segment.detail}")
            state = segment.solution.y[:, -1]
        for step in self.steps:
            slot = Slot(numbers, step.current * area, *self.held(cell), step.duration, state)
            segment = yield slot
            where = f"{self.name}, from {self.time[step.rows.start]:.4g} s"
            if segment.solution is None:
                raise Unsolved(f"{where}: {segment.detail}")
            solution = segment.solution
            end = float(solution.t[-1])
            times = np.append(np.minimum(step.times, end), end)
            *seen, last = rack.voltage(solution, times, list(slot.inputs.values()))
            if not sound(segment) and lower - FALLEN < last < upper + FALLEN:
                raise Unsolved(f"{where}: {segment.detail}")
            late = np.maximum(step.times - end, 0) / step.duration
            voltage[step.rows] = seen - np.sign(step.current) * SINKING * late
            state = solution.y[:, -1]
        return voltage[self.chosen]

    def _charge(self, rack: Rack, cell: Cell) -> Slot:
        """From empty to the upper cut-off."""
        design = cell.design
        density = self.charge_rate * design.nominal_capacity / 3600
        longest = LONGEST * design.positive.theoretical_capacity / density
        numbers = rack.place(cell.at_soc(0.0))
        return Slot(numbers, -density * design.area, *self.held(cell), longest)

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        area = 1.0 if self.per_area else cell.design.area
        table = pd.DataFrame(
            {
                "time_s": self.time,
                "capacity_mAh_cm2": np.nan,
                "stretch": -1,
                "current_mA_cm2": 0.1 * self.current / area,
                "voltage_V": self.voltage,
                "model_V": np.nan,
                "sigma_V": np.nan,
                "compared": False,
            }
        )
        for number, step in enumerate(self.steps):
            rows = table.index[step.rows]
            table.loc[rows, "capacity_mAh_cm2"] = abs(step.current) * step.times / area / 3.6e4
            table.loc[rows, "stretch"] = number
        table.loc[self.chosen, ["model_V", "sigma_V"]] = np.column_stack([predicted, sigma])
        table.loc[self.chosen, "compared"] = True
        return table[table["stretch"] >= 0].reset_index(drop=True)
