"""Fits that are hard on purpose, of simulated records whose truth is known: do intervals hold it?

``python -m tests.coverage_of_fits [SEEDS [KIND...]]`` makes records of a cell whose parameters
are drawn (``5``: by seeds 0 to 4, ``40-44``: by these five), adds what real ones have (noise,
drift, coarse sampling, a voltage held while the current falls, an error of the model), and counts
which share of the stated 95 % intervals holds the truth. Kinds are the functions of ``KINDS``. The
last line is the sum.
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

import ssb_model as ssb
from ssb_model import SpectrumData, VoltageData
from ssb_model.engine.engine import Engine
from ssb_model.experiments.experiment import Held, result
from tests.tabled import tabled

CELL = "NCM523_LPSCl_InLi"
D = "Positive particle reference diffusivity [m2.s-1]"
FILM = "Positive electrode film resistance [Ohm.m2]"
J0 = "Positive electrode reference exchange-current density [A.m-2]"
KAPPA = "Electrolyte reference conductivity [S.m-1]"
VOLTS = 1e-3  # of noise
SHARE = 0.005  # of |Z|, of noise
LEADS = 1e-6  # H, of the leads at most
EVERY = 30.0  # s, of a coarse logger
FREQUENCIES = np.logspace(5, -2, 22)
STACK = 200e6  # Pa
FINE = 600  # instants of a step, from which records are sampled


@dataclass
class Case:
    """A fit to be made, and what should come out."""

    cell: ssb.Cell
    data: list
    vary: dict
    truth: dict[str, float]
    more: dict = field(default_factory=dict)


@dataclass
class Curve:
    """Time [s], current [A] and voltage [V] as finely as they are known, and charge [C]."""

    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray

    @property
    def charge(self) -> np.ndarray:
        mean = (self.current[1:] + self.current[:-1]) / 2
        return np.append(0.0, np.cumsum(mean * np.diff(self.time)))

    def at(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.interp(times, self.time, self.current), np.interp(times, self.time, self.voltage)


def run(cell: ssb.Cell, steps: list[tuple], soc: float) -> Curve:
    """Steps one after the other: (C-rate, s), or ("hold", V, C-rate, s)."""
    held = Held(cell.at_soc(soc), STACK, cell.evaluate("Ambient temperature [K]"))
    engine = Engine(held.cell.on_mesh("medium"), tolerance=1e-6)

    def whole():
        state, columns, ended = None, [], 0.0
        for step in steps:
            if step[0] == "hold":
                how = {"voltage": step[1], "until": held.current(step[2]), "longest": step[3]}
                segment = yield held.step(start=state, **how)
            else:
                segment = yield held.flow(step[0], state, longest=step[1])
            solution = segment.solution
            if solution is None:
                raise RuntimeError(f"{step}: {segment.stopped_by}; {segment.detail}")
            times = np.linspace(solution.t[0], solution.t[-1], FINE)
            rows = [solution[name](times) for name in ("Current [A]", "Voltage [V]")]
            columns.append([ended + times - times[0] + 1e-6, *rows])
            ended += times[-1] - times[0]
            state = segment.state
        return Curve(*(np.concatenate(each) for each in zip(*columns, strict=True)))

    return result(engine, whole())


def drawn(random: np.random.Generator, names: list[str]) -> tuple[ssb.Cell, dict[str, float]]:
    """A cell with these parameters a little off, and their values."""
    cell = ssb.load_cell(CELL)
    usual = {D: cell.parameter_values[D], FILM: 2e-3, J0: 1.0, KAPPA: cell.parameter_values[KAPPA]}
    truth = {name: usual[name] * np.exp(random.uniform(-0.7, 0.7)) for name in names}
    return cell.with_values(truth), truth


def bounds(truth: dict[str, float], off: float = 3.0) -> dict:
    """Where to look: three decades, begun a factor ``off`` away."""
    return {
        name: {"low": value / 300, "high": value * 300, "start": value * off}
        for name, value in truth.items()
    }


def sampled(
    curve: Curve, every: float, random: np.random.Generator, clock: bool = False, **more
) -> VoltageData:
    """As a logger writes it; one that looks at the ``clock`` alone begins anywhere in a rest."""
    times = np.arange(random.uniform(0, every) if clock else 1e-5, curve.time[-1], every)
    current, voltage = curve.at(times)
    voltage = voltage + random.normal(0, VOLTS, len(times))
    return VoltageData(time=times, current=current, voltage=voltage, stack_pressure=STACK, **more)


def spectrum(cell: ssb.Cell, random: np.random.Generator, **more) -> SpectrumData:
    (one,) = ssb.impedance(cell, 0.5, STACK, frequencies=FREQUENCIES).spectra
    Z = 1e-4 * one.impedance["cell"]
    Z = Z + 2j * np.pi * one.frequency * LEADS * random.uniform() * cell.design.area
    noise = random.normal(size=(2, len(Z)))
    Z = Z + SHARE * np.abs(Z) * (noise[0] + 1j * noise[1])
    return SpectrumData(frequency=one.frequency, impedance=Z, stack_pressure=STACK, **more)


def plain(random) -> Case:
    """A discharge every 20 s and nothing hard about it."""
    cell, truth = drawn(random, [D, FILM])
    data = sampled(run(cell, [(0.5, 1e5)], 1.0), 20.0, random)
    return Case(ssb.load_cell(CELL), [data], bounds(truth), truth)


def degenerate(random) -> Case:
    """Film and exchange current of one arc: a sum of resistances, hardly more."""
    cell, truth = drawn(random, [FILM, J0])
    data = sampled(run(cell, [(0.2, 1e5)], 1.0), 60.0, random)
    return Case(ssb.load_cell(CELL), [data], bounds(truth), truth)


def coarse(random) -> Case:
    """A discharge, a rest and a charge, a row every 5 minutes."""
    cell, truth = drawn(random, [D, FILM])
    curve = run(cell, [(0.0, 900.0), (0.5, 3600.0), (0.0, 1800.0), (-0.5, 2400.0)], 1.0)
    return Case(
        ssb.load_cell(CELL),
        [sampled(curve, 300.0, random, clock=True, soc=1.0)],
        bounds(truth),
        truth,
    )


def held(random) -> Case:
    """A charge, its constant voltage and a discharge, a row every 30 s."""
    cell, truth = drawn(random, [D, FILM])
    upper = cell.evaluate("Upper voltage cut-off [V]")
    steps = [(0.0, 300.0), (-0.5, 1e5), ("hold", upper, 0.02, 1e5), (0.0, 900.0), (0.5, 1e5)]
    data = sampled(run(cell, steps, 0.2), EVERY, random, clock=True, soc=0.2)
    return Case(ssb.load_cell(CELL), [data], bounds(truth), truth)


def misfit(random) -> Case:
    """Fitted with an electrolyte that conducts 5 % less than the cell's."""
    cell, truth = drawn(random, [D, FILM])
    wrong = ssb.load_cell(CELL)
    wrong = wrong.with_values({KAPPA: 0.95 * wrong.parameter_values[KAPPA]})
    data = sampled(run(cell, [(0.5, 1e5)], 1.0), 20.0, random)
    return Case(wrong, [data], bounds(truth), truth)


def drifting(random) -> Case:
    """Noise that walks by 2 mV over a discharge."""
    cell, truth = drawn(random, [D, FILM])
    data = sampled(run(cell, [(0.5, 1e5)], 1.0), 20.0, random)
    walk = np.cumsum(random.normal(0, 1, len(data.time)))
    walk *= 2e-3 / np.sqrt(len(walk))
    data = VoltageData(
        time=data.time, current=data.current, voltage=data.voltage + walk, stack_pressure=STACK
    )
    return Case(ssb.load_cell(CELL), [data], bounds(truth), truth)


@cache
def _tabled() -> ssb.Cell:
    folder = Path(tempfile.mkdtemp())
    return ssb.load_cell(tabled(CELL, folder))


def tables(random) -> Case:
    """A cell whose potential is a table."""
    _, truth = drawn(random, [D, FILM])
    cell = _tabled().with_values(truth)
    data = sampled(run(cell, [(0.5, 1e5)], 1.0), 20.0, random)
    return Case(_tabled(), [data], bounds(truth), truth)


def far(random) -> Case:
    """Started a hundred times off, either way."""
    cell, truth = drawn(random, [D, FILM])
    data = sampled(run(cell, [(0.5, 1e5)], 1.0), 20.0, random)
    vary = bounds(truth, 100.0 if random.integers(2) else 0.01)
    return Case(ssb.load_cell(CELL), [data], vary, truth)


def arcs(random) -> Case:
    """A spectrum with half a per cent of noise: film, exchange current, conductivity."""
    cell, truth = drawn(random, [FILM, J0, KAPPA])
    return Case(ssb.load_cell(CELL), [spectrum(cell, random)], bounds(truth), truth)


def both(random) -> Case:
    """A spectrum and a discharge, whose noise is given far too small."""
    cell, truth = drawn(random, [D, FILM, KAPPA])
    data = sampled(run(cell, [(0.5, 1e5)], 1.0), 60.0, random, noise=1e-4)
    return Case(ssb.load_cell(CELL), [data, spectrum(cell, random)], bounds(truth), truth)


def rounded(random) -> Case:
    """A Neware file as it is printed: current in 0.1 uA, voltage in 0.1 mV, times in whole s."""
    cell, truth = drawn(random, [D, FILM])
    curve = run(cell, [(0.0, 600.0), (0.1, 1e5), (0.0, 900.0), (-0.1, 1e5), (0.5, 1e5)], 1.0)
    times = np.arange(0.0, curve.time[-1], 60.0) + 1e-5
    current, voltage = curve.at(times)
    voltage = voltage + random.normal(0, VOLTS, len(times))
    lines = ["Record ID,Step Type,Total Time,Current(mA),Voltage(V)"]
    for number, (t, i, u) in enumerate(zip(times, current, voltage, strict=True)):
        kind = "Rest" if abs(i) < 1e-9 else "CC DChg" if i > 0 else "CC Chg"
        day = f"{int(t) // 3600}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}"
        lines.append(f"{number},{kind},{day},{-1e3 * i:.4f},{u:.4f}")
    path = Path(tempfile.mkdtemp()) / "rounded.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    data = VoltageData.read(path, stack_pressure=STACK, soc=1.0)
    return Case(ssb.load_cell(CELL), [data], bounds(truth), truth)


KINDS: dict[str, Callable[[np.random.Generator], Case]] = {
    one.__name__: one
    for one in (plain, degenerate, coarse, held, misfit, drifting, tables, far, arcs, both, rounded)
}


@dataclass
class Score:
    """Intervals that hold the truth, that have no width, fits that ended in a traceback."""

    intervals: int = 0
    hold: int = 0
    open: int = 0
    without_width: int = 0
    failed: int = 0
    refused: int = 0  # said of itself that no interval holds, or that it cannot be told


CANNOT = ("no interval holds", "cannot be told")


def scored(case: Case, score: Score) -> str:
    """A fit, what came of it in a line."""
    found = ssb.fit(case.cell, case.data, case.vary, suggest=False, **case.more)
    words = []
    cannot = any(word in note for note in found.notes for word in CANNOT)
    score.refused += cannot
    for one in found.estimates:
        low, high = one.stated
        true = case.truth[one.label]
        holds = low <= true <= high
        score.intervals += 1
        score.hold += holds
        score.open += not np.isfinite([low, high]).all()
        score.without_width += not high > low
        off = one.value / true - 1
        words.append(
            f"{one.label.split(' [')[0].split(' ')[-1]} {100 * off:+.2f} % "
            f"[{low / true:.4g}, {high / true:.4g}]{'' if holds else ' MISSED'}"
        )
    return "; ".join(words) + ("; says it cannot" if cannot else "")


def main(seeds: str = "3", *kinds: str) -> Score:
    """Print a line a fit and a kind's score; gives that of all."""
    warnings.filterwarnings("ignore")
    whole = Score()
    first, _, last = seeds.rpartition("-")
    drawn_from = range(int(first), int(last) + 1) if first else range(int(last))
    for kind in kinds or KINDS:
        before = whole.hold, whole.intervals
        for seed in drawn_from:
            random = np.random.default_rng([seed, sum(map(ord, kind))])
            begun = time.monotonic()
            try:
                words = scored(KINDS[kind](random), whole)
            except Exception as error:  # what a fit must never end in
                whole.failed += 1
                words = f"FAILED {type(error).__name__}: {error}"
                traceback.print_exc(limit=-3)
            print(f"{kind:11s} {seed}  {time.monotonic() - begun:4.0f} s  {words}", flush=True)
        print(f"{kind:11s} {whole.hold - before[0]} of {whole.intervals - before[1]} hold")
    share = 100 * whole.hold / max(whole.intervals, 1)
    print(
        f"{whole.hold} of {whole.intervals} intervals of 95 % hold the truth ({share:.0f} %); "
        f"{whole.open} open, {whole.without_width} of no width, {whole.failed} fits failed, "
        f"{whole.refused} said that their intervals cannot hold"
    )
    return whole


if __name__ == "__main__":
    main(*sys.argv[1:])
