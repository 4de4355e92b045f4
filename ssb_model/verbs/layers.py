"""Many layers in one pouch: in parallel at the terminals, heat through them in series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at
from ssb_model.engine.engine import Engine
from ssb_model.engine.reading import read_last
from ssb_model.experiments.experiment import Held, check_window
from ssb_model.laws import heat as law
from ssb_model.quantities.checks import check_positive, check_rates, check_whole
from ssb_model.quantities.units import in_columns, in_unit
from ssb_model.studies.patches import Instant, Parallel
from ssb_model.submodels.stack import LAYERS
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import options as opt
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Tabled, text_table

GROUPS = 5  # of neighbours at one temperature, from a face to the middle
MOST_LAYERS = 500
WARMING, FALL = 0.15, 0.03  # K and V in a step: the next one is as warm as this one's end
OPEN = "Bulk open-circuit voltage [V]"
PARTS = (*LAYERS, "Positive current collector", "Negative current collector")


def layers(
    cell: Cell | str | Path,
    layers: opt.Layers = 10,
    c_rate: opt.CRates = (0.5, 1.0),
    cooling: Annotated[
        float,
        Option("W per m2 and K that each face gives off, {default}: still air", metavar="N"),
    ] = 10.0,
    stack_pressure: opt.StackPressure = None,
    temperature: opt.Temperature = None,
) -> LayersResult:
    """So many layers of a cell in one pouch, discharged from rest at 100 % at each C-rate.

    All are in parallel at the terminals, each the whole model at a temperature of its own. Heat
    of their losses flows through one after the other to both faces, into surroundings at the
    ``temperature``. Two layers are a bilayer. Beside stands one layer that stays as cold.
    """
    cell = load_cell(cell)
    check_window(cell)
    cell.check_no_profile()
    check_whole("the number of layers", layers, most=MOST_LAYERS)
    check_positive("the cooling", cooling)
    rates = check_rates(c_rate)
    pressure, ambient = held_at(cell, stack_pressure, temperature)
    cell = cell.with_options({"stack": "isostatic"}).on_mesh("draft")
    engine, held = Engine(cell.at_soc(1)), Held(cell, pressure, ambient)
    pile = Pile.of(cell, layers, cooling)
    runs, stopped = [], ""
    try:
        for rate in progress(rates, len(rates), "rates"):
            alone = Parallel.of(engine, [held], np.ones(1))
            runs.append((rate, pile.discharged(engine, held, rate), list(alone.flow(rate))))
    except KeyboardInterrupt:
        stopped = BY_HAND
    return LayersResult(cell, pile, held, runs, stopped)


@dataclass(frozen=True)
class Pile:
    """Layers on one another: which are together, and how heat leaves them."""

    group: np.ndarray  # of each layer, from a face to the middle and back
    capacity: float
    resistance: float
    cooling: float

    @classmethod
    def of(cls, cell: Cell, count: int, cooling: float) -> Pile:
        """Foils count half, as neighbours share them."""

        def each(what: str) -> list[float]:
            return [cell.evaluate(f"{part} {what}") for part in PARTS]

        half = [1.0, 1.0, 1.0, 0.5, 0.5]
        thick = [share * x for share, x in zip(half, each("thickness [m]"), strict=True)]
        capacity = law.areal_capacity(
            thick, each("density [kg.m-3]"), each("specific heat capacity [J.kg-1.K-1]")
        )
        depth = np.minimum(np.arange(count), np.arange(count)[::-1])
        group = np.minimum(depth * GROUPS // max((count + 1) // 2, GROUPS), GROUPS - 1)
        resistance = law.series_resistance(thick, each("thermal conductivity [W.m-1.K-1]"))
        return cls(group, float(capacity), float(resistance), cooling)

    def discharged(self, engine: Engine, held: Held, c_rate: float) -> Discharged:
        """All of them together, step by step; heat of a step warms the next one."""
        names, counts = np.unique(self.group, return_counts=True)
        if len(names) == 1:  # all alike; two of them, as one alone keeps its temperature
            names, counts = np.array([names[0]] * 2), np.array([1, 1])
        cold = held.temperature
        parallel = Parallel.of(engine, [held] * len(names), counts / counts.sum())
        rise, before, found = np.zeros(len(self.group)), 0.0, []
        density = c_rate * held.cell.design.one_c
        for instant in parallel.flow(c_rate):
            rest = [read_last(one.solution, [OPEN])[OPEN][0] for one in parallel.states]
            source = law.made(density * instant.currents, np.array(rest), instant.voltage)
            of_group = dict(zip(names, source, strict=True))
            heat = np.array([of_group[name] for name in self.group])
            how = (self.capacity, self.resistance, self.cooling)
            length, colder = instant.time - before, rise
            rise = law.step(rise, heat, length, *how)
            moved = max(
                float(np.abs(rise - colder).max()) / WARMING,
                abs(instant.voltage - found[-1][0].voltage) / FALL if found else 0.0,
            )
            parallel.longest = length / max(moved, 1e-9)
            before = instant.time
            means = [cold + float(rise[self.group == name].mean()) for name in names]
            parallel.held = [Held(held.cell, held.stack_pressure, mean) for mean in means]
            found.append((instant, cold + rise))
        return Discharged(found, str(parallel.stopped), parallel.detail, counts / counts.sum())


@dataclass(frozen=True)
class Discharged:
    """The instants of a discharge with the temperature of each layer [K]."""

    course: list[tuple[Instant, np.ndarray]]
    stopped_by: str
    detail: str
    shares: np.ndarray


@dataclass(frozen=True, repr=False)
class LayersResult(Tabled):
    """One row a C-rate."""

    kind, index = "layers", "C-rate"

    cell: Cell
    pile: Pile
    held: Held
    runs: list[tuple[float, Discharged, list[Instant]]]
    stopped: str = ""

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row a C-rate."""
        return [self._row(*run) for run in self.runs]

    def _row(self, rate: float, run: Discharged, alone: list[Instant]) -> dict[str, Any]:
        grams = self.cell.design.positive.grams

        def given(passed: float) -> float:
            return in_unit(passed, "mA.h.cm-2") / grams

        last = run.course[-1][0].passed @ run.shares if run.course else 0.0
        warm = np.array([one for _, one in run.course] or [[self.held.temperature]])
        over = np.array([one.currents for one, _ in run.course] or [[1.0]])
        return {
            "C-rate": rate,
            "Capacity [mA.h.g-1]": given(float(last)),
            "Capacity of one layer [mA.h.g-1]": given(float(alone[-1].passed[0]) if alone else 0.0),
            "Lowest voltage in 10 s [V]": self._lowest(run),
            **in_columns(
                {
                    "Highest temperature [degC]": float(warm.max()),
                    "Lowest temperature then [degC]": float(warm[warm.max(axis=1).argmax()].min()),
                    "Stack pressure [MPa]": self.held.stack_pressure,
                    "Temperature [degC]": self.held.temperature,
                }
            ),
            "Most current over mean": float(over.max()),
            "Stopped by": run.stopped_by,
            "Detail": run.detail,
        }

    @staticmethod
    def _lowest(run: Discharged) -> float | None:
        """Over the first ten seconds and the step they end in; none where it ended before."""
        if not run.course or run.course[-1][0].time < 10:
            return None
        times = [one.time for one, _ in run.course]
        until = next(k for k, time in enumerate(times) if time >= 10)
        return min(one.voltage for one, _ in run.course[: until + 1])

    def plot(self):
        """Voltage of the pile and temperature of its middle and its face, over the charge."""
        from ssb_model.figures.design import plot_layers

        grams, curves = self.cell.design.positive.grams, {}
        for rate, run, _ in self.runs:
            passed = [
                in_unit(one.passed @ run.shares, "mA.h.cm-2") / grams for one, _ in run.course
            ]
            volts = [one.voltage for one, _ in run.course]
            warm = in_unit(np.array([one for _, one in run.course]), "degC")
            curves[rate] = (passed, volts, warm)
        return plot_layers(self.title, curves, self.words)

    @property
    def words(self) -> str:
        """What is piled, for a reader."""
        count = len(self.pile.group)
        return f"{count} layers, {self.pile.cooling:g} W/m2/K at each face"

    @property
    def text(self) -> str:
        """What the pile gives at each C-rate, and how warm it gets."""
        names = {"C-rate": "C-rate", "mAh/g": "Capacity [mA.h.g-1]"}
        names |= {"one layer": "Capacity of one layer [mA.h.g-1]"}
        names |= {"V in 10 s": "Lowest voltage in 10 s [V]"}
        names |= {"warmest, °C": "Highest temperature [degC]"}
        names |= {"coolest then": "Lowest temperature then [degC]"}
        names |= {"current over mean": "Most current over mean", "stopped by": "Stopped by"}
        lines = self.head(f"Pile       {self.words}")
        return "\n".join([*lines, "", text_table(self.rows, names)] if self.rows else lines)
