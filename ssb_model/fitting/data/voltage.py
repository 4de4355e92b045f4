"""Voltage over time, under the current that was measured with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.errors import InputError
from ssb_model.experiments import experiment, pulses
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.capacity import CapacityData
from ssb_model.fitting.data.data_set import (
    Candidate,
    Key,
    Run,
    RunData,
    Way,
    array,
    kind_named,
    rms,
)
from ssb_model.fitting.data.stretches import (
    Stretch,
    counted,
    hidden,
    moving_pressures,
    stretches_of,
    switched_later,
    volts_of_charge,
)
from ssb_model.measured.of_a_cell import check_record
from ssb_model.measured.record import MOMENT, current_column, read_record
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import convert, factor, in_unit, said

BEYOND = 0.5  # V past its cut-offs to which a model follows a current
SINKING = 1.0  # V a whole step, by which a voltage goes on past a model's end
FALLEN = 0.1  # V past the cut-off where a solver may fail without saying more than that
CUT_OFFS = ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]")
LEAST = 0.01  # V, the lowest a cut-off is moved to
NOTHING_FLOWS = StoppedBy.CURRENT_CUTOFF
MOST_POINTS = 2000  # of a step
RATES = (0.1, 0.5, 2.0)  # of discharges that could be measured
POINTS = 60  # of such a discharge
SHARE = 0.97  # of its capacity that a record holds, away from its cliff


@dataclass(frozen=True, kw_only=True)
class VoltageData(RunData):
    """A record of voltage [V] over time [s] and current, positive on discharge.

    Current in A, or in A m-2 with ``per_area``. The cell starts at rest at ``soc``, by default
    empty where the record starts with a charge, full where it starts with a discharge; with
    ``charge_rate`` it is charged from empty to the upper cut-off at that C-rate first. The model
    follows the current as it was measured, past its cut-offs if need be; where the current falls
    at constant voltage this voltage is held and nothing is compared. ``charge`` [C or C m-2] is
    what the cycler counted up to each row, positive on discharge: it says how long each current
    flowed where rows lie far apart. Without it a switch between two rows may lie anywhere
    between, which is known of each as little as that. ``charge_error`` is the share by which the
    charge passed may be wrong, the cycler's and the mesh's: it adds to the noise where the
    voltage is steep, so that an end does not rule the rest.
    """

    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray
    per_area: bool = False
    soc: float | None = None
    charge_rate: float | None = None
    charge_error: float = 1e-4
    charge: np.ndarray | None = None
    late: Mapping[int, float] = field(default_factory=dict)  # of switches, as a fit finds them
    followed: np.ndarray | None = None  # Pa, measured at each row: what the model is held at
    record: object = field(default=None, repr=False)  # as it was read

    kind = "voltage"
    usual_noise = 1e-3
    noise_unit = ("mV", factor("mV", "V"))
    too_far = 0.03
    panel = "VOLTAGES"
    keys = (Key("current_sign", str), Key("compare", str))
    ways = (Way("record", ("file", "soc", "charge_rate", "current_sign", "compare")),)

    def __post_init__(self):
        super().__post_init__()
        for name in ("time", "current", "voltage"):
            object.__setattr__(self, name, array(f"{self.name}: {name}", getattr(self, name)))
        if not len(self.time) == len(self.current) == len(self.voltage):
            raise InputError(f"{self.name}: time, current and voltage are not equally long.")
        if self.charge is not None:
            charge = array(f"{self.name}: charge", self.charge)
            object.__setattr__(self, "charge", charge)
            if len(charge) != len(self.time):
                raise InputError(f"{self.name}: time and charge are not equally long.")
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
    def read(
        cls, path: str | Path, current_sign: str = "auto", compare: str = "voltage", **conditions
    ) -> VoltageData:
        """Out of a cycler's file; ``compare`` its voltage, or its stack pressure."""
        made = kind_named({"pressure": "stack pressure"}.get(compare, compare))
        if not issubclass(made, VoltageData):
            raise InputError(f"{path}: compare is voltage or pressure, not '{compare}'.")
        record = read_record(path, current_sign)
        current = current_column(record.table)
        columns = (record.table[name].to_numpy() for name in ("Time [s]", current, "Voltage [V]"))
        time, current, voltage = columns
        if made.kind != "voltage":
            read = record.table.get("Stack pressure [Pa]")
            conditions["pressure"] = None if read is None else read.to_numpy()
            conditions.setdefault("label", f"{Path(path).name}, {made.kind}")
        elif "Stack pressure [Pa]" in record.table:
            pressure = record.table["Stack pressure [Pa]"].to_numpy()
            if "stack_pressure" not in conditions:
                conditions |= {"stack_pressure": float(pressure.mean()), "followed": pressure}
        if "Temperature [K]" in record.table:
            conditions.setdefault("temperature", float(record.table["Temperature [K]"].mean()))
        return made(
            time=time,
            current=current,
            voltage=voltage,
            per_area=record.per_area,
            charge=counted(record.table),
            record=record,
            **{"label": Path(path).name, **conditions},
        )

    def check(self, cell: Cell) -> list[str]:
        said = self._sampling()
        if moving_pressures(self.steps, self.followed) and cell.options["stack"] == "isostatic":
            low, high = (in_unit(f(self.followed), "MPa") for f in (np.min, np.max))
            said.append(f"held at its stack pressure as measured, {low:.3g} to {high:.3g} MPa")
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

    def _sampling(self) -> list[str]:
        """How held voltages are followed, and what the sampling hides."""
        said = []
        held = [step.held for step in self.steps if step.held is not None]
        if held:
            volts = ", ".join(f"{one:.4g}" for one in dict.fromkeys(np.round(held, 3)))
            said.append(f"held at {volts} V where the current falls: followed so, not compared")
        if self.charge is None and (gaps := self.hidden[2]):
            said.append(
                f"{len(gaps)} switches of the current lie between rows up to "
                f"{max(gaps.values()):.3g} s apart: when is known no better than that, and the "
                "intervals are as wide as it asks; a column of charge would tell"
            )
        return said

    @cached_property
    def hidden(self) -> tuple[np.ndarray, np.ndarray, dict[int, float]]:
        """Volts that switches between rows hide, and how far apart the rows are."""
        known = np.inf
        if self.charge is not None:  # then as well as the clock counts
            known = float(np.abs(self.time - np.round(self.time)).max() < 2 * MOMENT)  # s
        return hidden(self.steps, self.time, self.voltage, self.deviation, known)

    def shared(self, cell: Cell) -> np.ndarray:
        return self.hidden[0][self.chosen]

    def settled(self, common: np.ndarray) -> VoltageData:
        """With the current switched when the errors found say that it was, between its rows."""
        if not len(common) or self.charge is not None:
            return self
        late = switched_later(self.late, self.hidden[2], common)
        return self if late is None else replace(self, late=late)

    @cached_property
    def steps(self) -> list[Stretch]:
        """Stretches of steady current, each from where the one before ended."""
        return stretches_of(self.time, self.current, self.voltage, self.charge, self.late)

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
        bent = self.hidden[1]
        return np.hypot(self.deviation, np.hypot(of_charge, bent)[self.chosen])

    def answer(self, engine: Engine, solution: Any, times: np.ndarray) -> np.ndarray:
        """What is compared, ``times`` [s] after a step began."""
        return engine.voltage(solution, times)

    def after_end(self, late: np.ndarray, current: float) -> np.ndarray:
        """Change by these shares of a step after the model ended: the more, the more missed."""
        return -np.sign(current) * SINKING * late

    def runs(self, engine: Engine, cell: Cell) -> list[Run]:
        return [self._run(engine, cell)]

    def _run(self, engine: Engine, cell: Cell) -> Run:
        lower, upper = (cell.evaluate(name) for name in CUT_OFFS)
        wide = (max(lower - BEYOND, LEAST), upper + BEYOND)
        area = cell.design.area if self.per_area else 1.0
        voltage = np.full(len(self.time), np.nan)
        state = None
        if self.charge_rate is not None:
            charged = yield from experiment.charge(self.at(cell, 0.0), self.charge_rate)
            if not charged.sound:
                raise Unsolved(f"{self.name}, the charge before: {charged.detail}")
            state = charged.state

        def seen(number: int, segment: Segment) -> None:
            step = self.steps[number]
            where = f"{self.name}, from {self.time[step.rows.start]:.4g} s"
            if step.held is not None:
                if segment.solution is None and segment.stopped_by is not NOTHING_FLOWS:
                    raise Unsolved(f"{where}, held at {step.held:.4g} V: {segment.detail}")
                return
            if segment.solution is None:
                raise Unsolved(f"{where}: {segment.detail}")
            end = segment.duration
            times = np.append(np.minimum(step.times, end), end)
            last = engine.voltage(segment.solution, times[-1:])[0]
            if not segment.sound and lower - FALLEN < last < upper + FALLEN:
                raise Unsolved(f"{where}: {segment.detail}")
            late = np.maximum(step.times - end, 0) / step.duration
            answer = self.answer(engine, segment.solution, times[:-1])
            voltage[step.rows] = answer + self.after_end(late, step.current)

        held = self.at(cell, self.start, dict(zip(CUT_OFFS, wide, strict=True)))
        stretches = [(step.current * area, step.duration, step.held) for step in self.steps]
        pressures = moving_pressures(self.steps, self.followed)
        given = pressures if cell.options["stack"] == "isostatic" else None
        yield from pulses.follow(held, stretches, state, seen, given)
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

    def afterthoughts(self, table: pd.DataFrame) -> list[str]:
        """Whether it begins at another potential than the state of charge it was taken to have."""
        first = table[(table["stretch"] == 0) & table["compared"]]
        if self.charge_rate is not None or not len(first) or first["Current [mA.cm-2]"].any():
            return []
        seen, model = (float(first[name].iloc[-1]) for name in ("Voltage [V]", "Model [V]"))
        if abs(seen - model) < self.too_far:
            return []
        given = "" if self.soc is None else " another"
        return [
            f"rests at {seen:.3f} V at first, where the cell at {100 * self.start:g} % of charge "
            f"has {model:.3f} V: give{given} soc, or charge_rate"
        ]

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
