"""Impedance of a cell, at rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at, pressures_of
from ssb_model.cell.state import State
from ssb_model.engine.small_signal import SmallSignalBench
from ssb_model.errors import InputError, SolveError
from ssb_model.quantities.checks import check_number, check_positive, check_several, check_whole
from ssb_model.results.impedance import ImpedanceResult, Spectrum
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND

FREQUENCIES = (1e-3, 1e6)  # Hz
PER_DECADE = 7
MOST_A_DECADE = 1000
LATE = 0.05  # share of a rest over which the drift at its end is taken
REST = 8 * 3600.0  # s after a run


def impedance(
    cell: Cell | str | Path,
    soc: float | Sequence[float] | None = None,
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | None = None,
    frequencies: Sequence[float] | None = None,
    rest: float = REST,
) -> ImpedanceResult:
    """Spectra of the cell and of each electrode against the middle of the separator.

    A fresh cell rests at each state of charge (by default half) and stack pressure [Pa]; one
    that has run is set to the pressure and left alone for ``rest`` seconds, and the drift of the
    potential at the end of it is told ("drift_mV_h"). ``frequencies`` in Hz, by default seven a
    decade from 1 MHz down to 1 mHz. The double layers, and a film that has a capacity, are
    constant-phase elements where their exponents say so ("Positive electrode double-layer
    exponent", "... film capacity [F.m-2]", "... film exponent"). A small signal moves hysteresis
    by the mean of both directions.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    socs = _states_of_charge(cell, soc)
    pressures = pressures_of(cell, stack_pressure, temperature)
    f = _checked(frequencies)
    check_positive("the rest before an impedance", rest)
    fresh = cell.state is None
    cell = cell.on_mesh("graded")
    spectra: list[Spectrum] = []
    stopped = ""
    try:
        steps = [(charge, pressure) for charge in socs for pressure in pressures]
        before = object()
        for charge, pressure in progress(steps, len(steps), "impedance"):
            if charge is not before:
                at = cell if charge is None else cell.at_soc(charge)
                bench = SmallSignalBench(at, None if fresh else "graded")
                before = charge
            held = held_at(cell, pressure, temperature)
            state, drift = (None, 0.0) if fresh else _rested(cell, rest, held)
            settled = bench.settled(state, 0.0, held)
            Z = bench.linearised(settled).impedance(f)
            spectra.append(Spectrum.build(cell, charge, held, drift, f, Z, settled))
    except KeyboardInterrupt:
        stopped = BY_HAND
    return ImpedanceResult.build(cell, spectra, stopped)


def _states_of_charge(cell: Cell, soc) -> list[float | None]:
    if cell.state is None and cell.window is not None:
        socs = [0.5] if soc is None else check_several("states of charge", soc)
        for one in socs:
            if not 0 <= check_number("the state of charge", one) <= 1:
                raise InputError(f"a state of charge lies between 0 and 1, not {one:g}.")
        return socs
    if soc is not None:
        raise InputError(
            "a state of charge is set before a cell runs or becomes symmetric: leave out soc, or "
            "use at_soc on the fresh cell."
        )
    return [None]


def between(ends: Sequence[float], per_decade: int) -> np.ndarray:
    """Frequencies [Hz] from the higher of two ends to the lower."""
    check_whole("the number of frequencies a decade", per_decade, most=MOST_A_DECADE)
    ends = [check_number("a frequency", end) for end in ends]
    if len(ends) != 2 or not 0 < min(ends) < max(ends):
        raise InputError("give a lowest and a highest frequency in Hz.")
    low, high = np.log10(min(ends)), np.log10(max(ends))
    return np.logspace(high, low, round((high - low) * per_decade) + 1)


def _checked(frequencies) -> np.ndarray:
    """From high to low."""
    if frequencies is None:
        return between(FREQUENCIES, PER_DECADE)
    given = check_several("frequencies", frequencies)
    return np.sort([check_positive("a frequency", one) for one in given])[::-1]


def _rested(cell: Cell, rest: float, held: tuple[float, float]) -> tuple[State, float]:
    """The state after a rest, and how fast its potential still moves [V s-1]."""
    bench = cell.state.bench
    rested = bench.run(0.0, *held, after=cell.state, longest=rest)
    if rested.solution is None:
        raise SolveError(f"no rest from this state: {rested.stopped_by}; {rested.detail}.")
    times, voltage = rested.solution.t, rested.solution["Voltage [V]"]
    late = times[-1] - rest * LATE
    drift = float(voltage(t=times[-1]) - voltage(t=late)) / (rest * LATE)
    return bench.state(rested), drift
