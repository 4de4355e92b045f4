"""Age a cell, then step its stack pressure and see what each step does to its contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import State, held_at
from ssb_model.cell.points import on_points
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import StoppedBy, areal_charge, charge_words
from ssb_model.engine.reading import gauge_row
from ssb_model.errors import InputError
from ssb_model.experiments import experiment
from ssb_model.experiments.experiment import cycles
from ssb_model.quantities.checks import check_pressure, check_rate, check_several, check_whole
from ssb_model.quantities.units import in_columns
from ssb_model.studies.bands import Bands, Course, Told, banded
from ssb_model.studies.runs import Settings
from ssb_model.system.progress import progress
from ssb_model.system.saving import csv_bytes
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import options as opt
from ssb_model.verbs.drawn import checked_conditions
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Tabled, drawn_table, text_table

READING_RATE = 0.05  # C-rate of the charge to half, so slow that aged cells get there
REST = 3600.0  # s at half charge before the first reading


def pressure_steps(
    cell: Cell | str | Path,
    steps: Annotated[
        float | Sequence[float],
        Option(
            "stack pressures in MPa; 5,1,5,500,5 if left out", unit="MPa", default="5,1,5,500,5"
        ),
    ],
    cycles_before: Annotated[int, Option("cycles before the first step", metavar="N")] = 0,
    cycle_rate: opt.CycleRate = 0.2,
    discharge_rate: Annotated[
        float,
        Option("of the charge and discharge at each step, {default}", ("--c-rate",), unit="C"),
    ] = 0.1,
    cycle_pressure: Annotated[
        float | None,
        Option("stack pressure of them in MPa; the first step's if left out", unit="MPa"),
    ] = None,
    temperature: opt.Temperature = None,
    cycle_cv_until: opt.CycleCvUntil = 0.05,
    ageing: opt.Ageing = True,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    measured: opt.Measured = None,
) -> PressureStepsResult:
    """Resistances, capacitances, contact and capacity along a sequence of stack pressures [Pa].

    The cell is cycled ``cycles_before`` times at ``cycle_rate`` under ``cycle_pressure`` (by
    default the first step's; charges go on at constant voltage to the C-rate
    ``cycle_cv_until``, none for constant current alone), charged to half and rested. At each
    step the stack is set to the pressure; what a small signal would see is read from the state
    itself. A charge and a discharge at ``discharge_rate`` under that pressure follow on a copy,
    so that the capacity of one step leaves no mark on the next. Where cycles come before, the
    cell ages as its file declares, unless ``ageing`` is false. ``samples``, ``seed`` and
    ``measured`` as in ``discharge``.
    """
    cell = load_cell(cell)
    pressures = [
        check_pressure("a pressure step", step) for step in check_several("pressure steps", steps)
    ]
    cell.check_no_profile()
    if cell.window is None or cell.state is not None:
        raise InputError("pressure steps start from a fresh, full cell: load it by its name.")
    check_whole("the number of cycles before", cycles_before, least=0)
    check_rate("the cycle rate", cycle_rate)
    check_rate("the discharge rate", discharge_rate)
    aged_at = pressures[0] if cycle_pressure is None else cycle_pressure
    held = held_at(cell, aged_at, temperature)
    if cycle_cv_until is not None:
        check_rate("cycle_cv_until", cycle_cv_until)

    settings = Settings(cv_until=cycle_cv_until)
    conditions = checked_conditions(cell, samples, seed, measured, held, settings)
    cell = cell.that_ages() if ageing and cycles_before else cell
    cell = on_points(cell, max(cycle_rate, discharge_rate), held[1])
    engine = Engine(cell.at_soc(0))
    state: State | None = None
    aged: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    stopped = read_at = ""
    try:
        ageing = cycles(
            experiment.Held(cell, *held), cycles_before, cycle_rate, cv_until=cycle_cv_until
        )
        for cycle in progress(experiment.stages(engine, ageing), cycles_before, "cycling"):
            if cycle.failed:
                stopped = f"cycle {cycle.number}: {cycle.failed}"
                break
            state = cycle.state
            aged.append(cycle_row(cycle, cell))
        state, read_at = _half_charged(engine, experiment.Held(cell, *held), state)
        for number, pressure in enumerate(progress(pressures, len(pressures), "pressure steps"), 1):
            state = state.press(pressure, cell.contact_laws)
            step = read_step(
                cell, number, state, experiment.Held(cell, pressure, held[1]), discharge_rate
            )
            rows.append(experiment.result(engine, step))
    except KeyboardInterrupt:
        stopped = BY_HAND
    told = (cell, rows, aged, (cycle_rate, cycle_cv_until), held, read_at)
    if not samples or stopped:
        return PressureStepsResult.build(*told, stopped)

    def drawn(one: Cell) -> experiment.Experiment[list[Told]]:
        on, state = experiment.Held(one, *held), None
        for cycle in cycles(on, cycles_before, cycle_rate, cv_until=cycle_cv_until):
            state = (yield from cycle).state
        _, state = yield from experiment.half_charge(on, READING_RATE, state, REST)
        if state is None:
            raise experiment.Unsolved("it cannot be charged for the readings.")
        steps = []
        for number, pressure in enumerate(pressures, 1):
            state = state.press(pressure, one.contact_laws)
            at = experiment.Held(one, pressure, held[1])
            steps.append(Told((yield from read_step(one, number, state, at, discharge_rate))))
        return steps

    bands = banded(cell, Course(drawn, key=("Step",)), samples, seed, conditions)
    return replace(PressureStepsResult.build(*told, bands.stopped), bands=bands)


def read_step(
    cell: Cell, number: int, state: State, held: experiment.Held, rate: float
) -> experiment.Experiment[dict[str, Any]]:
    """What is read at a step just set, and the discharge that follows on a copy."""
    row = in_columns({"Step": number, "Stack pressure [MPa]": held.stack_pressure})
    row |= gauge_row(state, cell)
    both = yield from next(cycles(held, 1, rate, start=state))
    return row | discharge_row(both, cell, rate)


def _half_charged(engine: Engine, held: experiment.Held, state: State | None) -> tuple[State, str]:
    """At rest half way between the window's lithium contents; says how far it came."""
    charged, rested = experiment.result(
        engine, experiment.half_charge(held, READING_RATE, state, REST)
    )
    if charged is None:
        return rested, "end of the last discharge, rested"
    if rested is None:
        raise InputError(
            f"the cell cannot be charged for the readings ({charged.stopped_by}): fewer cycles, a "
            "lower cycle rate or a higher cycle pressure may let it."
        )
    full = charged.stopped_by == StoppedBy.UPPER_CUTOFF
    return rested, "upper cut-off short of half charge, rested" if full else "half charge, rested"


def discharge_row(cycle: experiment.Cycle, cell: Cell, rate: float) -> dict[str, Any]:
    """The discharge that followed, and the charge before it."""
    return {
        "Discharge C-rate": rate,
        "Charge before": f"CC at {rate:g}C, no CV",
        **_capacity(cycle, cell),
        "Stopped by": cycle.last.ended,
    }


def cycle_row(cycle: experiment.Cycle, cell: Cell) -> dict[str, Any]:
    """Capacity and contact of one cycle."""
    return {
        "Cycle": cycle.number,
        **_capacity(cycle, cell),
        **gauge_row(cycle.state, cell),
    }


def _capacity(cycle: experiment.Cycle, cell: Cell) -> dict[str, float]:
    charge = areal_charge(cycle.discharge, cell.design)[-1]
    return {"Discharge capacity [mA.h.g-1]": float(charge / cell.design.positive.grams)}


STEP_COLUMNS = {  # heading: key
    "step": "Step",
    "MPa": "Stack pressure [MPa]",
    "R separator": "Separator ionic resistance [Ohm.cm2]",
    "R positive": "Positive electrode interface resistance [Ohm.cm2]",
    "R negative": "Negative electrode interface resistance [Ohm.cm2]",
    "C positive": "Positive electrode interface capacitance [uF.cm-2]",
    "C negative": "Negative electrode interface capacitance [uF.cm-2]",
    "contact pos.": "Positive electrode contact fraction",
    "contact neg.": "Negative electrode contact fraction",
    "loosened pos.": "Positive electrode loosened share",
    "mAh/g": "Discharge capacity [mA.h.g-1]",
    "stopped by": "Stopped by",
}


DRAWN = {  # heading of draws: key
    "R separator": "Separator ionic resistance [Ohm.cm2]",
    "R positive": "Positive electrode interface resistance [Ohm.cm2]",
    "contact pos.": "Positive electrode contact fraction",
    "mAh/g": "Discharge capacity [mA.h.g-1]",
}


@dataclass(frozen=True, repr=False)
class PressureStepsResult(Tabled):
    """One row a pressure step, one row a cycle before them; units in the names."""

    kind, index = "pressure-steps", "Step"
    told = ("conditions", "cycles")
    besides = ("cycles.csv",)

    cell: Cell
    steps: list[dict[str, Any]]
    cycles: list[dict[str, Any]]
    conditions: dict[str, Any]
    bands: Bands | None = None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a step; units in the names."""
        return self.with_bands(self.steps)

    @classmethod
    def build(cls, cell, rows, aged, cycled, held, read_at, stopped) -> PressureStepsResult:
        conditions = {
            "Stack": cell.model_options["stack"],
            "Cycles before": len(aged),
            "Cycle C-rate": cycled[0],
            "Cycle charge": charge_words(cycled[1]),
            **in_columns({"Cycle pressure [MPa]": held[0], "Temperature [degC]": held[1]}),
            "Steps read at": read_at,
            "Cycles read at": "end of each discharge, under current",
            "stopped": stopped,
            "Changes": cell.set_by_hand,
        }
        return cls(cell, rows, aged, conditions)

    @property
    def title(self) -> str:
        """The cell as its file names it; what was changed is in the conditions."""
        return self.cell.design.file.words["title"]

    @property
    def stopped(self) -> str:
        """What stopped it, if anything did."""
        return self.conditions["stopped"]

    def plot(self):
        """Resistance, contact and capacity against the history; returns the figure."""
        from ssb_model.figures.cycling import plot_pressure_steps

        return plot_pressure_steps(self.title, self.rows, self.cycles, self.conditions)

    @property
    def files(self) -> dict[str, bytes]:
        """Steps and cycles as CSV, the figure."""
        cycles = {"cycles.csv": csv_bytes(pd.DataFrame(self.cycles))} if self.cycles else {}
        return super().files | cycles

    @property
    def text(self) -> str:
        """The steps as a table under a line that says what came before."""
        how, cycled = self.conditions, []
        if how["Cycles before"]:
            first, last = (self.cycles[n]["Discharge capacity [mA.h.g-1]"] for n in (0, -1))
            cycled = [
                f"Cycled     {how['Cycles before']} times at {how['Cycle C-rate']:g}C "
                f"({how['Cycle charge']}) "
                f"and {how['Cycle pressure [MPa]']:g} MPa, {first:.1f} to {last:.1f} mAh/g"
            ]
        lines = self.head(*cycled)
        if self.rows:
            lines += [
                f"Read at {how['Steps read at']}: R in Ohm cm2, C in uF cm-2; capacity after a "
                f"charge ({self.rows[0]['Charge before']}) under the same pressure",
                "",
                text_table(self.rows, STEP_COLUMNS),
                *drawn_table(self, "Step", DRAWN),
            ]
        return "\n".join(lines)
