"""What draws of a cell go through and leave: discharges, titrations, spectra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ssb_model.analysis.spectrum import Spectrum
from ssb_model.analysis.titration import Titration
from ssb_model.cell.cell import Cell
from ssb_model.cell.saving import structure
from ssb_model.engine.outcome import charge_at
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.errors import InputError, SolidStateError
from ssb_model.experiments.experiment import Experiment, Held, Unsolved, whole
from ssb_model.experiments.pulses import titration
from ssb_model.quantities.units import said
from ssb_model.studies.bands import Course, Told, check_draws
from ssb_model.studies.conditioning import Condition
from ssb_model.studies.many_cells import FAILED, ManyCells
from ssb_model.studies.runs import Settings
from ssb_model.system.signals import stop_is_heard

REST_POINTS = 11  # of the rest before the first pulse, in which nothing happens


@dataclass(frozen=True)
class Titrated:
    """The pulses of one drawn cell after the other, split as those of the cell itself."""

    signs: tuple[int, ...]
    c_rate: float
    pulse: float
    rest: float
    splits: list[tuple[tuple[float, float], dict[str, Any]]]  # how held [Pa, K], and split

    def of(self, cell: Cell) -> Experiment[list[Told]]:
        """Rows of all pulses under all pressures."""
        told: list[Told] = []
        for held, split in self.splits:
            on = Held(cell, *held)
            still = yield on.step(longest=1.0)
            early = min(split["t1"], self.pulse / 2)
            run = titration(on, self.signs, self.c_rate, self.pulse, self.rest, early)
            pulses = yield from whole(run, lambda each: each.segments)
            segments = [segment for pair in pulses for segment in pair]
            if not segments or still.solution is None:
                raise Unsolved(f"no pulse from rest at {said(held[0], 'MPa')}.")
            before = (np.linspace(-self.rest, 0, REST_POINTS), still.along["Voltage [V]"][-1])
            done = Titration.simulated(cell, segments, before, held, split)
            told += [Told(row) for row in done.analysis.rows]
        return told


def no_runs(cell: Cell) -> Experiment[list[Told]]:
    """Nothing that an engine solves."""
    yield from ()
    return []


@dataclass(frozen=True)
class Spectra(Course):
    """Spectra of drawn cells at rest; of the whole cell, as sizes of layers are drawn too."""

    at: Sequence[tuple[float, tuple[float, float]]] = ()  # state of charge, and held [Pa, K]
    frequencies: Sequence[float] = ()  # Hz, from high to low

    def given(self, many: ManyCells, cells: list[Cell]) -> list[list[Told] | str]:
        """Of each its spectra, or why none: nothing is solved in time."""
        alike: dict[str, list[Cell]] = {}
        for cell in cells:
            alike.setdefault(structure(cell), []).append(cell)
        return [self._of(many, cell, alike[structure(cell)]) for cell in cells]

    @stop_is_heard()
    def _of(self, many: ManyCells, cell: Cell, beside: list[Cell]) -> list[Told] | str:
        f, told = np.array(self.frequencies), []
        try:
            small = many.built(structure(cell), beside, SmallSignal)
            for soc, held in self.at:
                on = cell.at_soc(soc)
                state = small.settled(Held(on, *held).step())
                Z = small.linearised(state, on).impedance(f)
                whole_cell = {"cell": Z["cell"]}
                spectrum = Spectrum.simulated(on, soc, held, 0.0, f, whole_cell, state)
                told += [Told(row) for row in spectrum.rows]
        except (SolidStateError, RuntimeError) as error:
            return f"{FAILED}: {str(error).splitlines()[0]}"
        return told


VOLTAGES = 121  # of an axis from cut-off to cut-off


def checked_conditions(
    cell: Cell,
    samples: int,
    seed: int,
    measured: str | Sequence[str] | None,
    held: tuple[float, float],
    settings: Settings,
    from_full: bool = False,
) -> list[Condition]:
    """What was measured, read; refused before anything is run."""
    check_draws(cell, samples, measured, seed)
    given = [measured] if isinstance(measured, str) else list(measured or ())
    if from_full and any(text.strip().startswith("Charge") for text in given):
        raise InputError("from rest at 100 % there is no charge to have measured: leave it out.")
    return [Condition.read(text, held, settings, from_full) for text in given]


def voltages(cell: Cell) -> np.ndarray:
    """From the lower cut-off to the upper [V]."""
    low, high = (cell.evaluate(f"{end} voltage cut-off [V]") for end in ("Lower", "Upper"))
    return np.linspace(low, high, VOLTAGES)


def kept(run: Any, axis: np.ndarray, row: dict[str, Any] | None = None) -> Told:
    """Of a discharge or a charge its row, and its capacity [mAh/g] at each voltage.

    ``row`` is what else is told of the run, if there is more.
    """
    passed = charge_at(axis, run.data, run.row["Direction"] == "discharge")
    return Told(dict(row or run.row), passed / run.cell.design.positive.grams)
