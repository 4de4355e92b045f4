"""Resistances over the state of charge, as galvanostatic titration splits them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ssb_model.analysis.gitt_pulses import Pulse, SweepPotential
from ssb_model.analysis.gitt_split import cut
from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.errors import InputError
from ssb_model.experiments import pulses
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import (
    CHARGES,
    Candidate,
    Key,
    Run,
    RunData,
    Way,
    array,
    held_in,
    rms,
)
from ssb_model.fitting.data.voltage import VoltageData
from ssb_model.measured.headings import RESISTANCES
from ssb_model.measured.resistances import read_resistances
from ssb_model.quantities.checks import check_positive
from ssb_model.quantities.registry import current
from ssb_model.quantities.units import in_unit, said

SIGNS = {"discharge": 1, "charge": -1}
NEEDED = ("c_rate", "t1", "t2")
HYSTERESIS = "Initial negative hysteresis state"
COMING = (0.5, np.append(0.0, np.geomspace(1e-2, 72.0, 25)))  # C-rate and s of a pulse to try


@dataclass(frozen=True, kw_only=True)
class GittData(RunData):
    """Resistances of pulses at ``c_rate`` over the state of charge in the middle of each.

    In Ohm m2, or in Ohm of the whole cell with ``per_area`` false; NaN where not measured. R1 is
    everything faster than ``t1``, R2 relaxes between ``t1`` and ``t2`` [s], R3 is the rest up to
    the end of the pulse, as ``gitt_analysis`` cuts them by its method "cut". Noise is a share of
    each.

    Every pulse of the model starts from rest, with the hysteresis that a titration of this
    direction has there; what else earlier pulses left in the cell is not in it. That is below
    0.2 % of each resistance with indium-lithium and 0.5 % with silicon where pulses of 72 s have
    rests of 5000 s; rests of 600 s leave some 3 % in R3, up to 25 % near the empty end.
    """

    soc: np.ndarray
    R1: np.ndarray | None = None
    R2: np.ndarray | None = None
    R3: np.ndarray | None = None
    per_area: bool = True
    c_rate: float
    t1: float
    t2: float
    pulse: float = 72.0
    rest: float = 5000.0
    direction: str = "discharge"

    kind = "gitt"
    panel = "RESISTANCES_OVER_SOC"
    keys = (
        *(Key(current(f"{word}_s"), field=word) for word in ("t1", "t2", "pulse", "rest")),
        Key("direction", str),
    )
    ways = (
        Way(
            "resistances",
            ("file", "c_rate", "t1 [s]", "t2 [s]", "Pulse [s]", "Rest [s]", "direction"),
            needed=("c_rate", "t1 [s]", "t2 [s]"),
        ),
    )
    options: ClassVar[dict[str, Any]] = {"surface form": "differential"}

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "soc", array(f"{self.name}: soc", self.soc))
        for name in RESISTANCES:
            object.__setattr__(self, name, self._resistance(name))
        if not self._known.any():
            raise InputError(f"{self.name}: no resistance is given; give R1, R2 or R3.")
        for word in ("c_rate", "t1", "t2", "pulse", "rest"):
            check_positive(f"{self.name}: {word}", getattr(self, word))
        if not self.t1 < self.t2 < self.pulse:
            raise InputError(f"{self.name}: t1, t2 and pulse are times in s with t1 < t2 < pulse.")
        if self.direction not in SIGNS:
            raise InputError(
                f"{self.name}: the direction is one of {', '.join(SIGNS)}, not '{self.direction}'."
            )

    def _resistance(self, name: str) -> np.ndarray:
        """Positive numbers or NaN, one a state of charge."""
        given = getattr(self, name)
        try:
            values = np.ravel(np.asarray(np.nan * self.soc if given is None else given, float))
        except (TypeError, ValueError):
            raise InputError(f"{self.name}: {name} must be numbers.") from None
        if len(values) != len(self.soc):
            raise InputError(f"{self.name}: soc and {name} are not equally many.")
        if np.isinf(values).any() or (values <= 0).any():
            raise InputError(f"{self.name}: {name} is positive, or NaN where it was not measured.")
        return values

    @classmethod
    def read(cls, path: str | Path, **conditions) -> GittData:
        """Out of a table of resistances over the state of charge."""
        missing = [name for name in NEEDED if name not in conditions]
        if missing:
            raise InputError(
                f"{path}: say how the pulses were measured and split: GittData.read(path, "
                f"c_rate=..., t1=..., t2=...); not given: {', '.join(missing)}."
            )
        table = read_resistances(path)
        conditions = conditions | held_in(path, table, conditions)
        columns = {name: getattr(table, name) for name in ("soc", *RESISTANCES)}
        given = {"label": Path(path).name, "per_area": table.per_area, **conditions}
        return cls(**columns, **given)

    @property
    def _all(self) -> np.ndarray:
        """A row for each state of charge."""
        return np.column_stack([getattr(self, name) for name in RESISTANCES])

    @property
    def _known(self) -> np.ndarray:
        return np.isfinite(self._all)

    def measured(self, cell: Cell) -> np.ndarray:
        area = 1.0 if self.per_area else cell.design.area
        return self._all[self._known] * area

    def neighbours(self, cell: Cell) -> list[np.ndarray]:
        """Of each resistance by itself over the state of charge."""
        place = self._spread(np.arange(int(self._known.sum())))
        columns = (column[np.isfinite(column)].astype(int) for column in place.T)
        return [column for column in columns if column.size]

    def runs(self, engine: Engine, cell: Cell) -> list[Run]:
        return [
            self._pulsed(engine, cell, float(soc), known)
            for soc, known in zip(self.soc, self._known, strict=True)
            if known.any()
        ]

    def _pulsed(self, engine: Engine, cell: Cell, soc: float, known: np.ndarray) -> Run:
        """A rest, a pulse and a rest."""
        sign, design = SIGNS[self.direction], cell.design
        rate = sign * self.c_rate
        density = rate * design.one_c
        start = min(max(soc + density * self.pulse / cell.rest_charge / 2, 0.0), 1.0)
        held = self.at(cell, start, hysteresis(cell, start, sign))
        still = yield from pulses.quasi_rest(held, rate)
        self._check("rest before", soc, still)
        done = yield from pulses.pulse(held, rate, self.pulse, self.rest, still.state)
        for part, segment in zip(("pulse", "rest after"), done, strict=True):
            self._check(part, soc, segment)
        instants = np.array([self.t1, self.t2, self.pulse])
        times = (np.array([still.duration]), instants, np.array([self.rest]))
        before, during, after = (
            engine.voltage(segment.solution, at)
            for segment, at in zip((still, *done), times, strict=True)
        )
        pulse = Pulse(
            start=0.0,
            time=instants,
            charge=density * instants,
            voltage=during,
            current=density,
            before=float(before[-1]),
            after=float(after[-1]),
            drift=None,
            rest=self.rest,
            tails=(1, 1),
            charge_before=0.0,
        )
        split = cut(pulse, self.t1, self.t2, SweepPotential([pulse]))
        return np.array([split.R1, split.R2, split.diffusion])[known]

    def _check(self, part: str, soc: float, segment: Segment) -> None:
        if not segment.sound or segment.stopped_by is not StoppedBy.TIME:
            raise Unsolved(f"{self.name}, SOC {soc:g}: {_broken(part, segment)}")

    def seen(self, predicted: np.ndarray) -> GittData:
        """The same with other numbers, which are per area."""
        columns = self._spread(predicted)
        return replace(self, per_area=True, **dict(zip(RESISTANCES, columns.T, strict=True)))

    def _spread(self, values: np.ndarray) -> np.ndarray:
        """A row for each state of charge, NaN where nothing was measured."""
        rows = np.full((len(self.soc), len(RESISTANCES)), np.nan)
        rows[self._known] = values
        return rows

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        table = pd.DataFrame({"State of charge": self.soc})
        for before, values in (("", self.measured(cell)), ("Model ", predicted), ("Sigma ", sigma)):
            for name, column in zip(RESISTANCES, self._spread(values).T, strict=True):
                table[f"{before}{name} [Ohm.cm2]"] = in_unit(column, "Ohm.cm2")
        return table

    @classmethod
    def misfit(cls, table: pd.DataFrame) -> tuple[str, float, int]:
        measured, model, sigma = (
            table[[f"{of}{name} [Ohm.cm2]" for name in RESISTANCES]].to_numpy(float)
            for of in ("", "Model ", "Sigma ")
        )
        known = np.isfinite(measured)
        off = (measured - model)[known]
        return (
            f"{100 * rms(off / measured[known]):.3g} % of each",
            rms(off / sigma[known]),
            len(off),
        )

    @classmethod
    def suggested(cls, cell: Cell, held: dict[str, Any], own: bool) -> list[Candidate]:
        """Single pulses, as records."""
        rate, time = COMING
        where = f"at {said(held['stack_pressure'], 'MPa', '.3g')}"
        current = rate * cell.design.one_c
        return [
            Candidate(
                f"GITT pulse of {time[-1]:g} s at {rate:g}C, SOC {soc:g}, {where}",
                lambda _, soc=soc: VoltageData.to_come(time, current, soc, held),
            )
            for soc in CHARGES
            if own
        ]


def hysteresis(cell: Cell, soc: float, sign: int) -> dict[str, float]:
    """Where hysteresis stands in a titration that came from its full or empty end."""
    if HYSTERESIS not in cell.entries:
        return {}
    first, here = (cell.window.at(at)[0] for at in (0.5 + 0.5 * sign, soc))
    decay = cell.evaluate("Negative electrode hysteresis decay")
    return {HYSTERESIS: sign * (1 - 2 * math.exp(-decay * abs(here - first)))}


def _broken(part: str, segment: Segment) -> str:
    """Why a rest or a pulse did not last as long as it should."""
    words = f"the {part} ends early by {segment.stopped_by}"
    if segment.stopped_by is StoppedBy.SOLVER:
        return f"{words}; {segment.detail}"
    return f"{words}; leave this state of charge out or mind the C-rate"
