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
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.engine.rack import Rack, Slot
from ssb_model.errors import InputError
from ssb_model.fitting.data_set import Run, RunData, Unsolved, array, held_in, sound
from ssb_model.measured.resistances import NAMES, read_resistances
from ssb_model.quantities.checks import check_positive
from ssb_model.studies.runs import NEXT_TO_NOTHING

SIGNS = {"discharge": 1, "charge": -1}
AT_REST = 1e-3  # s next to no current, which solve a rest
NEEDED = ("c_rate", "t1", "t2")
HYSTERESIS = "Initial negative hysteresis state"


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
    usual_noise = 0.05
    options: ClassVar[dict[str, Any]] = {"surface form": "differential"}

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "soc", array(f"{self.name}: soc", self.soc))
        if not ((self.soc >= 0) & (self.soc <= 1)).all():
            raise InputError(f"{self.name}: a state of charge lies between 0 and 1.")
        for name in NAMES:
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
        columns = {name: getattr(table, name) for name in ("soc", *NAMES)}
        given = {"label": Path(path).name, "per_area": table.per_area, **conditions}
        return cls(**columns, **given)

    @property
    def _all(self) -> np.ndarray:
        """A row for each state of charge."""
        return np.column_stack([getattr(self, name) for name in NAMES])

    @property
    def _known(self) -> np.ndarray:
        return np.isfinite(self._all)

    def measured(self, cell: Cell) -> np.ndarray:
        area = 1.0 if self.per_area else cell.design.area
        return self._all[self._known] * area

    def sigma(self, cell: Cell) -> np.ndarray:
        return self.deviation * self.measured(cell)

    def runs(self, rack: Rack, cell: Cell) -> list[Run]:
        return [
            self._pulsed(rack, cell, float(soc), known)
            for soc, known in zip(self.soc, self._known, strict=True)
            if known.any()
        ]

    def _pulsed(self, rack: Rack, cell: Cell, soc: float, known: np.ndarray) -> Run:
        """A rest, a pulse and a rest."""
        sign, design = SIGNS[self.direction], cell.design
        density = sign * self.c_rate * design.nominal_capacity / 3600
        start = soc + density * self.pulse / cell.rest_charge / 2
        numbers = resting(rack, cell, min(max(start, 0.0), 1.0), sign)
        current, held = density * design.area, self.held(cell)
        instants = np.array([self.t1, self.t2, self.pulse])
        voltages, state = [], None
        for part, share, times in (
            ("rest before", NEXT_TO_NOTHING, np.array([AT_REST])),
            ("pulse", 1.0, instants),
            ("rest after", 0.0, np.array([self.rest])),
        ):
            slot = Slot(numbers, share * current, *held, float(times[-1]), state)
            segment = yield slot
            if not sound(segment) or segment.stopped_by is not StoppedBy.TIME:
                raise Unsolved(f"{self.name}, SOC {soc:g}: {_broken(part, segment)}")
            state = segment.solution.y[:, -1]
            voltages.append(rack.voltage(segment.solution, times, list(slot.inputs.values())))
        before, during, after = voltages
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

    def seen(self, predicted: np.ndarray) -> GittData:
        """The same with other numbers, which are per area."""
        columns = self._spread(predicted)
        return replace(self, per_area=True, **dict(zip(NAMES, columns.T, strict=True)))

    def _spread(self, values: np.ndarray) -> np.ndarray:
        """A row for each state of charge, NaN where nothing was measured."""
        rows = np.full((len(self.soc), len(NAMES)), np.nan)
        rows[self._known] = values
        return rows

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        table = pd.DataFrame({"soc": self.soc})
        for before, values in (("", self.measured(cell)), ("model_", predicted), ("sigma_", sigma)):
            for name, column in zip(NAMES, self._spread(values).T, strict=True):
                table[f"{before}{name}_Ohm_cm2"] = 1e4 * column
        return table


def resting(rack: Rack, cell: Cell, soc: float, sign: int) -> dict[str, float]:
    """Numbers of a cell at rest where a titration from its full or empty end has come to."""
    numbers = rack.place(cell.at_soc(soc))
    if HYSTERESIS in numbers:
        first, here = (cell.window.at(at)[0] for at in (0.5 + 0.5 * sign, soc))
        decay = cell.evaluate("Negative electrode hysteresis decay")
        numbers[HYSTERESIS] = sign * (1 - 2 * math.exp(-decay * abs(here - first)))
    return numbers


def _broken(part: str, segment: Segment) -> str:
    """Why a rest or a pulse did not last as long as it should."""
    words = f"the {part} ends early by {segment.stopped_by}"
    if segment.stopped_by is StoppedBy.SOLVER:
        return f"{words}; {segment.detail}"
    return f"{words}; leave this state of charge out or mind the C-rate"
