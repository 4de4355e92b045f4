"""Galvanostatic intermittent titration: pulses and rests until the window ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ssb_model.analysis.gitt import METHODS
from ssb_model.analysis.time_constants import time_constants
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at, pressures_of
from ssb_model.engine.bench import Bench
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.errors import InputError, SolveError
from ssb_model.quantities.checks import check_positive
from ssb_model.results.gitt import GittResult, Titration
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs.impedance import PER_DECADE, between, impedance

REST_POINTS = 11  # of the rest before the first pulse, in which nothing happens
BAND = (1e-3, 1e5)  # Hz, of the impedance that tells R1, R2 and R3 apart
FORM = "surface form"
DIRECTIONS = {"discharge": (1,), "charge": (-1,), "both": (1, -1)}


def gitt(
    cell: Cell | str | Path,
    c_rate: float = 0.5,
    pulse: float = 72.0,
    rest: float = 5000.0,
    direction: str = "discharge",
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | None = None,
    t1: float | None = None,
    t2: float | None = None,
    method: str = "fit",
) -> GittResult:
    """Pulses at ``c_rate`` of ``pulse`` seconds with ``rest`` seconds after each, and their split.

    One fresh cell a stack pressure [Pa]. A discharge starts from rest at 100 %, a charge from
    rest at 0 %, "both" discharges and charges again; a cut-off ends a direction. Each pulse's
    resistance is split by ``t1`` and ``t2`` [s] into R1 (ohmic), R2 (charge transfer) and R3
    (diffusion); where they are not given an impedance of the same cell at half charge gives
    them. The double layers are on, else all charge transfer would be instantaneous.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    if cell.window is None or cell.state is not None:
        raise InputError("a titration starts from a fresh, full cell: load it by its name.")
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise InputError(f"the direction is one of {', '.join(DIRECTIONS)}, not '{direction}'.")
    for name, value in (("the C-rate", c_rate), ("the pulse", pulse), ("the rest", rest)):
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
    places = [held_at(cell, pressure, temperature) for pressure in pressures]
    cell = _prepared(cell)
    current = c_rate * cell.design.nominal_capacity / 3600
    signs = DIRECTIONS[direction]
    start = 1.0 if signs[0] > 0 else 0.0
    bench = Bench(cell.at_soc(start))
    count = len(signs) * int(cell.rest_charge / (current * pulse) + 1)
    titrations: list[Titration] = []
    stopped = ""
    for held in places:
        segments: list[Segment] = []
        try:
            times = _times(cell, held, t1, t2)
            run = _titrate(bench, signs, current, pulse, rest, held, min(times["t1"], pulse / 2))
            for pair in progress(run, count, f"GITT at {held[0] / 1e6:g} MPa"):
                segments.extend(pair)
        except KeyboardInterrupt:
            stopped = BY_HAND
            if not segments and not titrations:  # nothing to tell
                raise
            if not segments:
                break
        if not segments:
            raise SolveError(
                f"no pulse from rest at {held[0] / 1e6:g} MPa: lower the C-rate of {c_rate:g}."
            )
        voltage = float(np.ravel(bench.at_rest(*held).solution["Voltage [V]"].entries)[0])
        before = (np.linspace(-rest, 0, REST_POINTS), voltage)
        split = {**times, "method": method, "soc_start": start}
        titrations.append(Titration.simulated(cell, segments, before, held, split))
        if stopped:
            break
    return GittResult.build(cell, titrations, (c_rate, pulse, rest), stopped)


def _prepared(cell: Cell) -> Cell:
    """With double layers and a mesh for many runs, where the user chose neither."""
    cell = cell.on_mesh("coarse")
    return cell if FORM in cell.options else cell.with_options({FORM: "differential"})


def _times(
    cell: Cell, held: tuple[float, float], t1: float | None, t2: float | None
) -> dict[str, float]:
    """Those given, others from the impedance of the cell at half charge."""
    if t1 is not None and t2 is not None:
        return {"t1": t1, "t2": t2}
    pressure, temperature = held
    f = between(BAND, PER_DECADE)
    spectra = impedance(cell, 0.5, pressure, temperature, f).spectra
    if not spectra:  # a hand stopped it
        raise KeyboardInterrupt
    (spectrum,) = spectra
    fast, slow = time_constants(spectrum.frequency, spectrum.impedance["cell"])
    return {"t1": fast if t1 is None else t1, "t2": slow if t2 is None else t2}


def _titrate(
    bench: Bench,
    signs: tuple[int, ...],
    current: float,
    pulse: float,
    rest: float,
    held: tuple[float, float],
    early: float,
) -> Iterator[list[Segment]]:
    """Pulse and rest together, so that none stands without the other; a point ``early`` in each."""
    state = None
    for sign in signs:
        while True:
            push = bench.run(sign * current, *held, after=state, longest=pulse, early=early)
            if push.solution is None:
                break
            state = bench.state(push)
            relax = bench.run(0.0, *held, after=state, longest=rest)
            if relax.solution is None:
                yield [replace(push, stopped_by=relax.stopped_by, detail=relax.detail)]
                return
            state = bench.state(relax)
            yield [push, relax]
            if push.stopped_by != StoppedBy.TIME:
                break
