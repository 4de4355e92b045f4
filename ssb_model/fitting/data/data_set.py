"""A measurement with its conditions: all that a kind of data says of itself, in one class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.cell.numbers import held_at, held_row
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError, nearest
from ssb_model.experiments.experiment import Experiment, Held
from ssb_model.extensions import registered
from ssb_model.quantities import typed
from ssb_model.quantities.checks import check_number, check_positive, check_rate, check_temperature
from ssb_model.quantities.units import factor, to_si

Run = Experiment[np.ndarray]
CHARGES = (0.1, 0.5, 0.9)  # states of charge at which a further measurement is tried
WORDS = {str: "words in quotes", int: "a whole number", bool: "true or false"}
_KINDS: dict[str, type[DataSet]] = {}


class Key(NamedTuple):
    """A word by which a fit file or the shell says something of a data set."""

    name: str
    holds: type | str = "positive"  # or: str, int, bool, "share", "temperature", "rate"
    field: str = ""  # of the data set, where it has another name
    factor: float = 1.0  # to the data set's unit

    def value(self, given: Any) -> Any:
        """What is given, checked, in the unit of the data set."""
        if isinstance(self.holds, type):
            return check_type(self.name, given, self.holds)
        if self.holds == "rate" and isinstance(given, str):
            given = self._rate(given)
        number = check_number(self.name, given)
        if self.holds == "temperature":
            return check_temperature(to_si(number, "degC"))
        if self.holds == "share":
            if not 0 <= number <= 1:
                raise InputError(f"{self.name} must lie between 0 and 1, not {number:g}.")
            return number
        check_positive(self.name, number)
        return number * self.factor

    def _rate(self, given: str) -> float:
        """0.1 for "C/10"."""
        try:
            return typed.number(given, typed.RATE)
        except ValueError:
            raise InputError(f"{self.name}: write '{given}' as 0.1, 0.1C or C/10.") from None


KEYS = (  # of several kinds
    Key("file", str),
    Key("soc", "share"),
    Key("c_rate", "rate"),
    Key("charge_rate", "rate"),
    Key("from_full", bool),
)
COMMON = (  # of every kind; noise in the unit that a kind has for it
    Key("label", str),
    Key("sample", str),
    Key("Stack pressure [MPa]", field="stack_pressure", factor=factor("MPa", "Pa")),
    Key("Temperature [degC]", "temperature", "temperature"),
    Key("noise"),
    Key("weight"),
    Key("left_out", bool),
)


class Way(NamedTuple):
    """How a data set is given: by a file of the kind ``name``, or by a key that is its own.

    It ``takes`` the common keys besides; the first is "file", or the key that tells this way.
    """

    name: str
    takes: tuple[str, ...]
    needed: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A measurement that could be made next.

    ``made`` gives it out of ``shell`` with the numbers the model sees, out of None without one.
    """

    words: str
    made: Callable[[Any], DataSet]
    shell: DataSet | None = None


@dataclass(frozen=True, kw_only=True)
class DataSet(ABC):
    """Abstract: a measurement; pressure in Pa and temperature in K, the cell's own if left out.

    ``noise`` is its standard deviation in the unit of what was measured (a share of it where the
    kind says so); estimated from the residuals if left out. ``weight`` multiplies its part of the
    misfit, ``sample`` names the cell it was measured on, where several were. What is ``left_out``
    is not fitted but predicted by the fit.

    A class that has a ``kind`` is known from then on to ``fit``, to fit files and to the shell by
    its ``ways`` and ``keys``, to tables and figures by ``misfit`` and ``panel`` (one of
    ``figures.fit_panels`` by name, or a ``Panel``); ``ssb_model.register`` hands it to ``--with``
    and to processes begun later. What is not abstract suits a kind of one or a few numbers, each
    with a noise that is a share of it.
    """

    label: str = ""
    stack_pressure: float | None = None
    temperature: float | None = None
    noise: float | None = None
    weight: float = 1.0
    sample: str | None = None
    left_out: bool = False

    extension: ClassVar[str] = "kind of data"
    of_objects: ClassVar[bool] = False
    kind: ClassVar[str]
    usual_noise: ClassVar[float] = 0.05
    noise_unit: ClassVar[tuple[str, float]] = ("%", 1e-2)  # as people write it, and one of it
    too_far: ClassVar[float] = 0.25  # a miss that means it is another cell, or a wrong unit
    unit: ClassVar[str] = "1"
    ways: ClassVar[tuple[Way, ...]] = ()
    keys: ClassVar[tuple[Key, ...]] = ()  # of this kind alone
    panel: ClassVar[Any] = "NUMBERS"
    options: ClassVar[dict[str, Any]] = {}  # of the model that predicts it

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        if "kind" in vars(cls):
            known = _KINDS.setdefault(cls.kind, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise InputError(f"a kind of data '{cls.kind}' exists already: name it otherwise.")
            _KINDS[cls.kind] = cls

    def __post_init__(self):
        check_positive(f"{self.name}: the weight", self.weight)
        if self.noise is not None:
            check_positive(f"{self.name}: the noise", self.noise)
        fields = vars(self)
        if fields.get("charge_rate") is not None:
            check_rate(f"{self.name}: the charge rate", fields["charge_rate"])
        if fields.get("soc") is not None:
            soc = array(f"{self.name}: soc", fields["soc"])
            if not ((soc >= 0) & (soc <= 1)).all():
                raise InputError(f"{self.name}: a state of charge lies between 0 and 1.")

    @classmethod
    def known_keys(cls) -> dict[str, Key]:
        """Those of its own, of several kinds and of all, by name."""
        own = Key("noise", factor=cls.noise_unit[1])
        return {key.name: key for key in (*KEYS, *COMMON, own, *cls.keys)}

    @classmethod
    def read(cls, path: str | Path, **conditions) -> DataSet:
        """A data set out of a file; the fields that the file does not hold are given."""
        raise InputError(f"{path}: '{cls.kind}' is not read from files.")

    @classmethod
    def of_keys(cls, **fields) -> DataSet:
        """A data set of what a fit file or the shell says, without a file."""
        return cls(**fields)

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
        return held_row(*self.held(cell))

    def check(self, cell: Cell) -> list[str]:
        """Refuse what cannot be of this cell; what is worth knowing of the rest."""
        return []

    @abstractmethod
    def measured(self, cell: Cell) -> np.ndarray:
        """The numbers a prediction is compared with."""

    def sigma(self, cell: Cell) -> np.ndarray:
        """Standard deviations of ``measured``, by ``deviation``."""
        return self.deviation * self.measured(cell)

    def shared(self, cell: Cell) -> np.ndarray:
        """Errors that all numbers share, a column each: what a standard deviation does to each."""
        return np.zeros((len(self.measured(cell)), 0))

    def settled(self, common: np.ndarray) -> DataSet:
        """The same with shared errors, so many standard deviations each, taken out where it can."""
        return self

    def sharing(self, common: np.ndarray) -> str:
        """What the shared errors are, so many standard deviations each, in words; or nothing."""
        return ""

    def neighbours(self, cell: Cell) -> list[np.ndarray]:
        """Places in ``measured`` in the order in which a model's error changes slowly."""
        return [np.arange(len(self.measured(cell)))]

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        """Measured and predicted, for people: here name, unit, value, model, sigma."""
        columns = {"value": self.measured(cell), "model": predicted, "sigma": sigma}
        table = pd.DataFrame(columns)
        names = [f"{self.name} {row}" for row in range(1, len(table) + 1)]
        table.insert(0, "name", names if len(table) > 1 else [self.name])
        table.insert(1, "unit", self.unit)
        return table

    @classmethod
    def misfit(cls, table: pd.DataFrame) -> tuple[str, float, int]:
        """By what the model misses, in words; root mean square over noise; numbers compared."""
        off = table["value"] - table["model"]
        return f"{100 * rms(off / table['value']):.3g} %", rms(off / table["sigma"]), len(off)

    def afterthoughts(self, table: pd.DataFrame) -> list[str]:
        """What measured and predicted say of how it was given, in words with the cure."""
        return []

    @classmethod
    def suggested(cls, cell: Cell, held: dict[str, Any], own: bool) -> list[Candidate]:
        """Further measurements of this kind under ``held``, which is the data's ``own`` or not."""
        return []


@dataclass(frozen=True, kw_only=True)
class RunData(DataSet):
    """Abstract: a measurement that a run in time predicts."""

    @abstractmethod
    def runs(self, engine: Engine, cell: Cell) -> list[Run]:
        """What is to be run, each ending with its part of the prediction."""

    def at(self, cell: Cell, soc: float, numbers: dict[str, float] | None = None) -> Held:
        """The cell at rest at a state of charge, as it was held."""
        return Held(cell.at_soc(soc), *self.held(cell), numbers or {})


def kinds() -> dict[str, type[DataSet]]:
    """Every kind of data that is known, by name."""
    return {**_KINDS, **registered(DataSet.extension)}


def kind_named(name: str) -> type[DataSet]:
    """The class of a kind of data."""
    known = kinds()
    if name not in known:
        raise InputError(f"no kind of data '{name}'. {nearest(name, known)}")
    return known[name]


def rms(values: Any) -> float:
    """Root mean square; NaN of nothing."""
    values = np.asarray(values, float)
    return float(np.sqrt(np.mean(values**2))) if values.size else np.nan


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


def check_type(name: str, given: Any, kind: type) -> Any:
    """What is given, if it is words, a whole number or a switch as it should be."""
    if not isinstance(given, kind) or given == "" or (kind is int and isinstance(given, bool)):
        raise InputError(f"{name} must be {WORDS[kind]}, not {given!r}.")
    return given
