"""Galvanostatic intermittent titration: pulses and rests until the window ends."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import Annotated, Any, Literal

import numpy as np
import xarray as xr

from ssb_model.analysis.gitt import METHODS
from ssb_model.analysis.spectrum_check import time_constants
from ssb_model.analysis.titration import Titration
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at, pressures_of
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment
from ssb_model.errors import InputError, SolveError
from ssb_model.experiments.experiment import Held, stages
from ssb_model.experiments.pulses import titration
from ssb_model.quantities.checks import check_positive, check_rate
from ssb_model.quantities.units import said
from ssb_model.studies.bands import Bands, Course, banded
from ssb_model.studies.runs import Settings
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs.banding import checked_conditions
from ssb_model.verbs.drawn import REST_POINTS, Titrated
from ssb_model.verbs.impedance import PER_DECADE, between, impedance
from ssb_model.verbs.options import (
    Measured,
    Option,
    Samples,
    Seed,
    StackPressures,
    Temperature,
    beside,
)
from ssb_model.verbs.result import Result, curve_files, drawn_table, in_a_row, text_table

BAND = (1e-3, 1e5)  # Hz, of the impedance that tells R1, R2 and R3 apart
FORM = "surface form"
DIRECTIONS = {"discharge": (1,), "charge": (-1,), "both": (1, -1)}
COLUMNS = {  # heading: key
    "pulse": "Pulse",
    "SOC": "State of charge",
    "V at rest": "Voltage [V]",
    "R1": "R1 [Ohm.cm2]",
    "R2": "R2 [Ohm.cm2]",
    "R1+R2": "R1 + R2 [Ohm.cm2]",
    "R3": "R3 [Ohm.cm2]",
    "all": "R_total [Ohm.cm2]",
    "D app. m2/s": "Diffusivity [m2.s-1]",
    "note": "Flag",
}
DRAWN = {  # heading of draws: key
    "SOC": "State of charge",
    **{f"{name} Ohm cm2": f"{name} [Ohm.cm2]" for name in ("R1", "R2", "R3")},
    "D app. m2/s": "Diffusivity [m2.s-1]",
}
KEY = ("Stack pressure [MPa]", "Direction", "Pulse")  # what tells pulses apart
SHOWN = 20  # rows of a table
LATER = 3.0  # times a t1 that is given, up to which R2 is sought at least
LATEST = 0.5  # of a pulse, up to which R2 may relax where an impedance tells
NUMBERS = re.compile(r" \([^)]*\)")


def gitt(
    cell: Cell | str | Path,
    c_rate: Annotated[float, Option("of the pulses, {default}", unit="C")] = 0.5,
    pulse: Annotated[float, Option("{default} s", metavar="s")] = 72.0,
    rest: Annotated[float, Option("{default} s", metavar="s")] = 5000.0,
    direction: Annotated[Literal["discharge", "charge", "both"], Option()] = "discharge",
    stack_pressure: StackPressures = None,
    temperature: Temperature = None,
    t1: Annotated[
        float | None, Option("R1 is faster; from an impedance if left out", metavar="s")
    ] = None,
    t2: Annotated[
        float | None, Option("R2 is faster, R3 slower; from an impedance if left out", metavar="s")
    ] = None,
    method: Annotated[
        Literal["fit", "cut"], Option("fit each pulse, or read it at t1 and t2")
    ] = "fit",
    samples: Samples = 0,
    seed: Seed = 0,
    measured: Measured = None,
) -> GittResult:
    """Pulses at ``c_rate`` of ``pulse`` seconds with ``rest`` seconds after each, and their split.

    One fresh cell a stack pressure [Pa]. A discharge starts from rest at 100 %, a charge from
    rest at 0 %, "both" discharges and charges again; a cut-off ends a direction. Each pulse's
    resistance is split by ``t1`` and ``t2`` [s] into R1 (ohmic), R2 (charge transfer) and R3
    (diffusion); where they are not given an impedance of the same cell at half charge gives
    them. The double layers are on, else all charge transfer would be instantaneous. ``samples``,
    ``seed`` and ``measured`` as in ``discharge``; pulses of draws are split at the same times.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    if cell.window is None or cell.state is not None:
        raise InputError("a titration starts from a fresh, full cell: load it by its name.")
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise InputError(f"the direction is one of {', '.join(DIRECTIONS)}, not '{direction}'.")
    check_rate("the C-rate", c_rate)
    for name, value in (("the pulse", pulse), ("the rest", rest)):
        check_positive(name, value)
    if rest < pulse / 2:
        raise InputError(
            f"a rest of {rest:g} s is too short for pulses of {pulse:g} s: give at least half of "
            "that, or there is no quasi-open-circuit potential."
        )
    cell.check_no_profile()
    for name, value in (("t1", t1), ("t2", t2)):
        if value is not None and not check_positive(name, value) < pulse:
            raise InputError(f"{name} lies within a pulse, below {pulse:g} s, not at {value:g} s.")
    if t1 is not None and t2 is not None and not t1 < t2:
        raise InputError(f"t1 comes before t2, and {t1:g} s does not come before {t2:g} s.")
    if method not in METHODS:
        raise InputError(f"the method is one of {', '.join(METHODS)}, not '{method}'.")
    pressures = pressures_of(cell, stack_pressure, temperature)
    runs = [held_at(cell, pressure, temperature) for pressure in pressures]
    weighed_by = checked_conditions(cell, samples, seed, measured, runs[0], Settings())
    as_drawn, cell = cell.with_options(_layers(cell)), _prepared(cell)
    current = c_rate * cell.design.one_c
    signs = DIRECTIONS[direction]
    start = 1.0 if signs[0] > 0 else 0.0
    engine = Engine(cell.at_soc(start))
    count = len(signs) * int(cell.rest_charge / (current * pulse) + 1)
    titrations: list[Titration] = []
    splits: list[tuple[tuple[float, float], dict[str, Any]]] = []
    stopped = ""
    for held in runs:
        segments: list[Segment] = []
        try:
            times = _times(cell, held, t1, t2, pulse)
            early = min(times["t1"], pulse / 2)  # an instant solved in each pulse
            run = titration(Held(cell, *held), signs, c_rate, pulse, rest, early)
            done = stages(engine, run)
            for each in progress(done, count, f"GITT at {said(held[0], 'MPa')}"):
                segments.extend(each.segments)
        except KeyboardInterrupt:
            stopped = BY_HAND
            if not segments and not titrations:  # nothing to tell
                raise
            if not segments:
                break
        if not segments:
            raise SolveError(
                f"no pulse from rest at {said(held[0], 'MPa')}: lower the C-rate of {c_rate:g}."
            )
        at_rest = engine.at_rest(Held(cell, *held).step()).solution
        voltage = float(np.ravel(at_rest["Voltage [V]"].entries)[0])
        before = (np.linspace(-rest, 0, REST_POINTS), voltage)
        split = {**times, "method": method, "soc_start": start}
        splits.append((held, split))
        titrations.append(Titration.simulated(cell, segments, before, held, split))
        if stopped:
            break
    conditions = {
        "C-rate": c_rate,
        "Pulse [s]": pulse,
        "Rest [s]": rest,
        "Mesh": cell.model_options["mesh"],
        "stopped": stopped,
        "Changes": cell.set_by_hand,
    }
    if not samples or stopped:
        return GittResult(cell, titrations, conditions)
    drawn = Titrated(signs, c_rate, pulse, rest, splits)
    course = Course(drawn.of, soc=start, key=KEY)
    bands = banded(as_drawn, course, samples, seed, weighed_by)
    return GittResult(cell, titrations, conditions | {"stopped": bands.stopped}, bands=bands)


def _prepared(cell: Cell) -> Cell:
    """With double layers and a mesh for many runs, where the user chose neither."""
    return cell.on_mesh("coarse").with_options(_layers(cell))


def _layers(cell: Cell) -> dict[str, str]:
    """The option that has double layers, where the user made no choice."""
    return {} if FORM in cell.options else {FORM: "differential"}


def _times(
    cell: Cell, held: tuple[float, float], t1: float | None, t2: float | None, pulse: float
) -> dict[str, float]:
    """Those given, others from the impedance of the cell at half charge, within a pulse.

    A t1 that is given after the t2 found stays, and R2 is sought a little later than that.
    """
    if t1 is not None and t2 is not None:
        return {"t1": t1, "t2": t2}
    pressure, temperature = held
    f = between(BAND, PER_DECADE)
    spectra = impedance(cell, 0.5, pressure, temperature, f).spectra
    if not spectra:  # a hand stopped it
        raise KeyboardInterrupt
    (spectrum,) = spectra
    fast, slow = time_constants(spectrum.frequency, spectrum.impedance["cell"])
    first = min(fast, LATEST * (slow if t2 is None else t2)) if t1 is None else t1
    last = max(min(slow, LATEST * pulse), min(LATER * first, pulse)) if t2 is None else t2
    return {"t1": first, "t2": last}


def from_shell(
    cell: Cell,
    data: Annotated[
        list[Path], Option(beside("a measured record, analysed the same way,"), metavar="FILE")
    ] = (),
    **arguments: Any,
) -> GittResult:
    """Titrations, and measured records beside them."""
    for path in data:  # before the run, so that a bad file is cheap
        Titration.measured(path, cell, {"t1": 0.5, "t2": 1.0, "method": "cut"})
    return gitt(cell, **arguments).beside(*data)


@dataclass(frozen=True, repr=False)
class GittResult(Result):
    """Simulated titrations, one per stack pressure, and measured ones beside them."""

    kind = "gitt"

    cell: Cell
    titrations: list[Titration]
    conditions: dict[str, Any]
    measured: list[Titration] = field(default_factory=list)
    bands: Bands | None = None

    def read(self, measured: str | Path) -> list[Titration]:
        """A record, split at the times of the first titration."""
        return [Titration.measured(measured, self.cell, self.titrations[0].split)]

    @property
    def stopped(self) -> str:
        """What stopped it, if anything did."""
        return self.conditions["stopped"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per pulse."""
        return self.with_bands([row for one in self.titrations for row in one.analysis.rows])

    @property
    def crossings(self) -> dict[str, list[float]]:
        """States of charge where charge transfer and diffusion resist alike, by record."""
        return {one.label: one.crossings for one in [*self.titrations, *self.measured]}

    @property
    def data(self) -> xr.Dataset:
        """The simulated records, one after the other, with the number of each."""
        records = [one.record for one in self.titrations]
        return in_a_row(records, "Titration").assign_attrs(cell=self.cell.name)

    @property
    def failed(self) -> bool:
        """Whether the solver gave up, or a hand stopped it."""
        return bool(self.stopped) or any("solver" in one.stopped_by for one in self.titrations)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell.name,
            "kind": self.kind,
            "conditions": self.conditions,
            "titrations": [
                {"label": one.label, "Stopped by": one.stopped_by, **one.analysis.conditions}
                for one in [*self.titrations, *self.measured]
            ],
            "R2_R3_cross_at_soc": self.crossings,
            "rows": self.rows,
            "measured": {one.label: one.analysis.rows for one in self.measured},
        }

    def plot(self):
        """The record, and the resistances against state of charge; returns the figure."""
        from ssb_model.figures.resistances import plot_gitt

        rows = self.rows if self.bands else ()
        return plot_gitt(self.title, self.titrations, self.measured, self.conditions, rows)

    @property
    def more(self) -> dict[str, bytes]:
        """The records as CSV and netCDF."""
        data = self.data.assign_attrs(conditions=json.dumps(self.conditions))
        return curve_files("gitt.record", data)

    @property
    def text(self) -> str:
        """Resistances over the state of charge, and where they cross."""
        c = self.conditions
        lines = self.head(
            f"GITT       {c['C-rate']:g}C for {c['Pulse [s]']:g} s, rest {c['Rest [s]']:g} s"
        )
        for one in [*self.titrations, *self.measured]:
            lines += ["", *_titration_lines(one)]
        return "\n".join([*lines, *drawn_table(self, "Pulse", DRAWN)])


def _titration_lines(one: Titration) -> list[str]:
    """A titration every so many pulses; letters stand for what is noted of some."""
    rows = one.analysis.rows
    every = -(-len(rows) // SHOWN)
    shown = [row for row in rows if (row["Pulse"] - 1) % every == 0 or row is rows[-1]]
    cross = ", ".join(f"{100 * soc:.0f} %" for soc in one.crossings) or "nowhere"
    ended = f", ended by {one.stopped_by}" if one.stopped_by else ""
    letters: dict[str, str] = {}
    heads = {
        head: key for head, key in COLUMNS.items() if any(row[key] is not None for row in rows)
    }
    table = [{head: row[key] for head, key in heads.items()} for row in shown]
    for row in table:
        row["note"] = _letters(row["note"], letters)
    return [
        f"{one.label}: {len(rows)} pulses{ended}; R2 and R3 cross at SOC {cross}",
        f"  R1 faster than {one.split['t1']:.3g} s, R2 up to {one.split['t2']:.3g} s, R3 the "
        "rest of the pulse; Ohm cm2",
        *(f"  {note}" for note in one.notes),
        *(f"  left out: {note}" for note in one.analysis.conditions["left_out"]),
        text_table(table),
        *(f"  {letter}  {words}" for words, letter in letters.items()),
    ]


def _letters(flag: str, known: dict[str, str]) -> str:
    """Letters for what a flag says; what is new is added to those known."""
    said = [NUMBERS.sub("", part) for part in flag.split("; ") if part]
    for part in said:
        known.setdefault(part, ascii_lowercase[len(known)])
    return " ".join(known[part] for part in said)
