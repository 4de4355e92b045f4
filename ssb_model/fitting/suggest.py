"""Which further measurement would tell more, by what the model says it would see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssb_model.fitting.capacity import CapacityData
from ssb_model.fitting.data_set import DataSet, Unsolved
from ssb_model.fitting.directions import Directions
from ssb_model.fitting.number import NumberData
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.separation import along, percent, relative
from ssb_model.fitting.spectrum import SpectrumData
from ssb_model.fitting.voltage import VoltageData

RATES = (0.1, 0.5, 2.0)
CHARGES = (0.1, 0.5, 0.9)
OTHER_PRESSURES = (0.25, 4.0)  # times the one the data have
FREQUENCIES = np.logspace(6, -3, 37)
POINTS = 60  # of a discharge
SHARE = 0.97  # of a discharge's capacity that a record holds, away from its cliff
QUANTITIES = {
    "positive_capacitance_uF_cm2": "capacitance of the positive electrode's contact",
    "negative_capacitance_uF_cm2": "capacitance of the negative electrode's contact",
    "separator_resistance_Ohm_cm2": "resistance of the separator",
}
UNKNOWN = 1.5  # relative deviation: still a factor 20 either way
HARDLY, MUCH = 1.1, 1e3  # times better: not worth it, and more than a number says
PULSE = np.geomspace(1e-2, 72.0, 25)  # s


@dataclass(frozen=True)
class Suggestion:
    """A measurement that could be made, and what it would leave unknown."""

    experiment: str
    noise: str
    now: float  # relative deviation of what is known least
    after: float  # the same with this measurement besides

    @property
    def better(self) -> float:
        """Times it would be known better."""
        return self.now / self.after

    @property
    def helps(self) -> bool:
        """Whether it is worth a thought."""
        return self.better >= HARDLY and self.after <= UNKNOWN

    @property
    def sentence(self) -> str:
        """For a reader."""
        then = f"known to {percent(self.after)} then"
        if self.better < MUCH:
            then += f", {self.better:.2g} times better"
        return f"{self.experiment} ({self.noise}): {then}."


def suggestions(
    problem: Problem, x: np.ndarray, J: np.ndarray, loose: Sequence[np.ndarray]
) -> list[Suggestion]:
    """Candidates, the best of each kind, the one that helps the loose directions most first.

    Each is taken at the best fit, with the noise such a measurement usually has. ``loose`` are
    directions of relative change; without any, what counts is the least known one.
    """
    if problem.cell.window is None:
        return []  # a symmetric cell has one state and no discharge
    made = _candidates(problem, x)
    slopes = problem.beside([one for _, one in made]).slopes(x)
    scale = np.array([relative(one, here) for one, here in zip(problem.free, x, strict=True)])
    before = Directions.of(J * scale)
    aims = list(loose) or [before.vectors[0]]
    now = max(along(before, v) for v in aims)
    found = []
    for (experiment, one), rows in zip(made, slopes, strict=True):
        if rows is None:
            continue
        after = Directions.of(np.vstack([J, rows]) * scale)
        left = max(along(after, v) for v in aims)
        found.append(Suggestion(experiment, _noise(one), now, left))
    found.sort(key=lambda one: one.after)
    kinds = [one.experiment.split(" at ")[0].split(",")[0] for one in found]
    return [one for k, one in enumerate(found) if kinds[k] not in kinds[:k]]


def _noise(data: DataSet) -> str:
    if data.kind == "voltage":
        return f"with {1e3 * data.deviation:g} mV"
    return f"with {100 * data.deviation:g} %"


def _candidates(problem: Problem, x: np.ndarray) -> list[tuple[str, DataSet]]:
    """What could be measured on this cell, as the model would see it."""
    first = problem.data[0]
    pressure, temperature = first.held(problem.cell)
    pressed = problem.cell.entries["Fabrication pressure [Pa]"].value
    pressures = [pressure, *(min(pressed, factor * pressure) for factor in OTHER_PRESSURES)]
    found: list[tuple[str, DataSet]] = []
    for P in pressures:
        held = {"stack_pressure": P, "temperature": temperature, "sample": first.sample}
        where = f"at {P / 1e6:.3g} MPa"
        found += _at_rest(problem, x, held, where, pressure == P)
        found += _discharges(problem, x, held, where)
    one_c = problem.cell.design.nominal_capacity / 3600
    held = {"stack_pressure": pressure, "temperature": temperature, "sample": first.sample}
    for soc in CHARGES:
        words = f"GITT pulse of {PULSE[-1]:g} s at 0.5C, SOC {soc:g}, at {pressure / 1e6:.3g} MPa"
        found.append((words, _record(np.append(0.0, PULSE), 0.5 * one_c, soc, held)))
    return found


def _at_rest(
    problem: Problem, x: np.ndarray, held: dict, where: str, numbers: bool
) -> list[tuple[str, DataSet]]:
    flat = np.ones(len(FREQUENCIES))
    shells: list[tuple[str, DataSet]] = [
        (
            f"impedance at SOC {soc:g} {where}",
            SpectrumData(frequency=FREQUENCIES, impedance=flat, soc=soc, **held),
        )
        for soc in CHARGES
    ]
    if numbers:
        shells += [
            (f"{words} {where}", NumberData(quantity=quantity, value=1.0, **held))
            for quantity, words in QUANTITIES.items()
        ]
    return [(words, one) for words, one in _seen(problem, x, shells) if one is not None]


def _discharges(
    problem: Problem, x: np.ndarray, held: dict, where: str
) -> list[tuple[str, DataSet]]:
    """Records to just before their ends."""
    design = problem.cell.design
    one_c = design.nominal_capacity / 3600
    grams = 3.6e3 * design.positive.mass_of_active  # C m-2 per mAh g-1
    shells = [
        ("", CapacityData(c_rate=[rate], capacity=[1.0], from_full=True, **held)) for rate in RATES
    ]
    found = []
    for rate, (_, one) in zip(RATES, _seen(problem, x, shells), strict=True):
        if one is not None:
            lasting = SHARE * one.capacity[0] * grams / (rate * one_c)
            record = _record(np.linspace(0, lasting, POINTS), rate * one_c, 1.0, held)
            found.append((f"discharge at {rate:g}C {where}", record))
    return found


def _record(time: np.ndarray, current: float, soc: float, held: dict) -> VoltageData:
    flat = np.full(len(time), current)
    return VoltageData(time=time, current=flat, voltage=flat, soc=soc, per_area=True, **held)


def _seen(problem: Problem, x: np.ndarray, shells) -> list[tuple[str, DataSet | None]]:
    """The same with the numbers the model gives, none where it gives none."""
    (predicted,) = problem.beside([one for _, one in shells]).predictor.predictions([x])
    filled = []
    for (words, one), values in zip(shells, predicted, strict=True):
        known = not isinstance(values, Unsolved) and np.all(values[: len(values) // 2 or None])
        filled.append((words, one.seen(values) if known else None))
    return filled
