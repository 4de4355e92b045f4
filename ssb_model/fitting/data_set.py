"""A measurement with its conditions, and what a model of the cell would have given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.cell.holding import held_at
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.engine.rack import Rack, Slot
from ssb_model.errors import InputError
from ssb_model.quantities.checks import check_positive

Run = Generator[Slot, Segment, np.ndarray]


class Unsolved(Exception):
    """A model that has no answer here; says why."""


@dataclass(frozen=True, kw_only=True)
class DataSet(ABC):
    """Abstract: a measurement; pressure in Pa and temperature in K, the cell's own if left out.

    ``noise`` is its standard deviation in the unit of what was measured (a share of it where the
    kind says so); estimated from the residuals if left out. ``weight`` multiplies its part of the
    misfit, ``sample`` names the cell it was measured on, where several were.
    """

    label: str = ""
    stack_pressure: float | None = None
    temperature: float | None = None
    noise: float | None = None
    weight: float = 1.0
    sample: str | None = None

    kind: ClassVar[str]
    usual_noise: ClassVar[float]
    options: ClassVar[dict[str, Any]] = {}

    def __post_init__(self):
        check_positive(f"{self.name}: the weight", self.weight)
        if self.noise is not None:
            check_positive(f"{self.name}: the noise", self.noise)

    @property
    def name(self) -> str:
        return self.label or self.kind

    @property
    def deviation(self) -> float:
        """Noise as given, else what such a measurement usually has."""
        return self.usual_noise if self.noise is None else self.noise

    def held(self, cell: Cell) -> tuple[float, float]:
        """Stack pressure and temperature."""
        return held_at(cell, self.stack_pressure, self.temperature)

    def conditions(self, cell: Cell) -> dict[str, float]:
        """As tables and figures show them."""
        pressure, temperature = self.held(cell)
        return {"stack_pressure_MPa": pressure / 1e6, "temperature_C": temperature - 273.15}

    def check(self, cell: Cell) -> list[str]:
        """Refuse what cannot be of this cell; what is worth knowing of the rest."""
        return []

    @abstractmethod
    def measured(self, cell: Cell) -> np.ndarray:
        """The numbers a prediction is compared with."""

    @abstractmethod
    def sigma(self, cell: Cell) -> np.ndarray:
        """Standard deviations of ``measured``, by ``deviation``."""

    @abstractmethod
    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        """Measured and predicted, for people."""


@dataclass(frozen=True, kw_only=True)
class RunData(DataSet):
    """Abstract: a measurement that a run in time predicts."""

    @abstractmethod
    def runs(self, rack: Rack, cell: Cell) -> list[Run]:
        """What is to be run, each ending with its part of the prediction."""


def sound(segment: Segment) -> bool:
    """Whether a run came to an end of its own."""
    return segment.solution is not None and segment.stopped_by is not StoppedBy.SOLVER


def array(name: str, values: Any) -> np.ndarray:
    """Finite numbers in a row."""
    try:
        numbers = np.asarray(values, float).ravel()
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers.") from None
    if not numbers.size:
        raise InputError(f"{name} is empty.")
    if not np.isfinite(numbers).all():
        first = int(np.argmax(~np.isfinite(numbers)))
        raise InputError(f"{name}: entry {first + 1} is no finite number.")
    return numbers


def held_in(path: str | Path, table: Any, given: Container[str]) -> dict[str, float]:
    """Stack pressure and temperature of a file, where they are not given; one of each."""
    columns = {"stack_pressure": table.stack_pressure_Pa, "temperature": table.temperature_K}
    held = {}
    for name, column in columns.items():
        if column is None or name in given:
            continue
        if np.ptp(column) > 0:
            word = name.replace("_", " ")
            raise InputError(f"{path}: several values of {word}; give a file for each.")
        held[name] = float(column[0])
    return held
