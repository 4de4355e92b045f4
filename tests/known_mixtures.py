"""Cells whose contact, film and material changed by known factors, told apart by ``diagnose``.

``python -m tests.known_mixtures [CELLS [SEED]]`` makes cells of the package, changes the contact
of the positive electrode (by the stack pressure or by its contact fraction), its film and its
utilisation, takes a spectrum of the whole cell before and after, and a slow discharge, adds noise
and hands the files to ``diagnose``. What is said of each is compared with what was done.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import ssb_model as ssb
from ssb_model.analysis.diagnosis import PARTS, interval
from ssb_model.parameters.library import cell_path
from ssb_model.verbs.impedance import between
from ssb_model.verbs.result import Result

CELL = "NCM811_LPSCl_Si"
FILM = "Positive electrode film resistance [Ohm.m2]"
CONTACT = "Positive electrode contact fraction"
UTILISATION = """[positive]
"Utilisation" = {{ value = {}, class = "setting", source = "of a known mixture" }}
"""
DOUBLE_LAYER = "Positive electrode double-layer capacity [F.m-2]"
EXPONENT = "Positive electrode double-layer exponent"
R, C = (
    "Positive electrode interface resistance [Ohm.cm2]",
    "Positive electrode interface capacitance [uF.cm-2]",
)
NOISE = 0.003  # of |Z|
SLOW = 0.02  # C-rate
PRESSURE = 2e6  # Pa, from which contact goes about as the pressure
FREQUENCIES = between((1e-2, 1e6), 7)
REFERENCE = 298.15  # K, at which a film has the resistance that is set
WANTED = 0.7


@dataclass(frozen=True)
class Known:
    """A cell before and after: its true parts and what is measured of it."""

    true: dict[str, float]  # logarithms
    spectra: list  # of the whole cell, without noise
    gauges: list[dict[str, float]]
    capacities: list[float]
    made: dict[str, float] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, float]:
        """What each part is of all change."""
        whole = sum(abs(one) for one in self.true.values())
        return {name: abs(one) / whole for name, one in self.true.items()}


def drawn(rng: np.random.Generator) -> dict[str, float]:
    """Logarithms of what is to be done: a change of 1.3 to 4, parted by chance."""
    whole = rng.uniform(np.log(1.3), np.log(4))
    shares = rng.dirichlet([0.6, 0.6, 0.6])
    wanted = dict(zip(PARTS, whole * shares, strict=True))
    wanted["material"] = min(wanted["material"], np.log(1.8))
    return wanted


def known_cells(count: int, seed: int = 0, quick: bool = False) -> Iterator[Known]:
    """So many cells, each with a mixture of its own; quick ones without discharge or arcs."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        exponent = float(rng.choice([1.0, 0.9, 0.8]))
        yield made(drawn(rng), bool(number % 2), exponent, quick)


def made(wanted: Mapping[str, float], by_pressure: bool, exponent: float, quick: bool) -> Known:
    """A cell before and after; the true parts are read off the model, whatever its laws are."""
    utilisation, film = 0.98, 0.1
    pressures = [PRESSURE, PRESSURE * np.exp(-wanted["contact"]) if by_pressure else PRESSURE]
    states: list[tuple] = []
    for after in (0, 1):
        cell = with_utilisation(utilisation * np.exp(-after * wanted["material"]))
        numbers = {FILM: film, EXPONENT: exponent}
        if not by_pressure:
            numbers[CONTACT] = 0.5 * np.exp(-after * wanted["contact"])
        if after:
            gauges = states[0][0].gauges
            c_dl = cell.parameter_values[DOUBLE_LAYER]
            per_contact = 1e-6 * gauges[R] * gauges[C] / c_dl  # Ohm m2
            numbers[FILM] = film + per_contact * np.expm1(wanted["interphase"])
        cell = cell.with_values(numbers)
        held = {"stack_pressure": pressures[after], "temperature": REFERENCE}
        frequencies = FREQUENCIES[:3] if quick else FREQUENCIES
        spectrum = ssb.impedance(cell, 0.5, frequencies=frequencies, **held).spectra[0]
        capacity = np.exp(-after * wanted["material"])
        if not quick:
            run = ssb.discharge(cell, SLOW, **held)
            capacity = run.rows[0]["Capacity [mA.h.cm-2]"]
        states.append((spectrum, capacity))
    (one, q1), (two, q2) = states
    area = np.log(one.gauges[C] / two.gauges[C])
    true = {
        "contact": float(area - wanted["material"]),
        "interphase": float(np.log(two.gauges[R] / one.gauges[R]) - area),
        "material": float(wanted["material"]),
    }
    gauges = [one.gauges, two.gauges]
    given = {"exponent": exponent, "by pressure": float(by_pressure)}
    return Known(true, [one, two], gauges, [q1, q2], given)


def with_utilisation(share: float) -> ssb.Cell:
    """The cell with so much of its active material connected: a copy of its file says it."""
    text = cell_path(CELL).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{CELL}.toml"
        path.write_text(text.replace("[positive]\n", UTILISATION.format(share)), encoding="utf-8")
        return ssb.load_cell(path)


def from_numbers(known: Known, rng: np.random.Generator) -> Result:
    """What ``diagnose`` makes of resistances and capacitances that are 3 % uncertain."""
    noise = np.exp(0.03 * rng.standard_normal((2, 2)))
    values = [[one[name] for one in known.gauges] for name in (R, C)] * noise
    capacity = known.capacities * np.exp(0.005 * rng.standard_normal(2))
    return ssb.diagnose(resistance=values[0], capacitance=values[1], capacity=capacity, error=0.03)


def from_files(known: Known, folder: Path, rng: np.random.Generator) -> Result:
    """What ``diagnose`` makes of noisy spectra in files, and of noisy capacities."""
    paths = []
    for name, spectrum in zip(("before", "after"), known.spectra, strict=True):
        Z = spectrum.impedance["cell"]
        noise = rng.standard_normal((2, len(Z))) * NOISE * np.abs(Z)
        Z = Z + noise[0] + 1j * noise[1]
        path = folder / f"{name}.csv"
        table = np.column_stack([spectrum.frequency, Z.real, Z.imag])
        heading = "Frequency [Hz],Z_re [Ohm.cm2],Z_im [Ohm.cm2]"
        np.savetxt(path, table, delimiter=",", header=heading, comments="")
        paths.append(path)
    noisy = [one * np.exp(0.005 * rng.standard_normal()) for one in known.capacities]
    return ssb.diagnose(spectra=paths, capacity=noisy)


def attributed(found: Mapping[str, float], true: Mapping[str, float]) -> float:
    """Part of a change that is attributed right: 1 less half of what the shares differ by."""
    return 1 - 0.5 * sum(abs(found[name] - true[name]) for name in PARTS)


def main(count: int = 40, seed: int = 0) -> float:
    """Print a line a cell; gives the mean part of a change that is attributed right."""
    rng, right, held = np.random.default_rng(7 + seed), [], []
    with tempfile.TemporaryDirectory() as folder:
        for number, known in enumerate(known_cells(count, seed), start=1):
            result = from_files(known, Path(folder), rng)
            found = result.found[0]
            right.append(attributed(found.share, known.shares))
            for name in PARTS:
                low, high = interval(found.parts[name])
                held.append(low <= known.true[name] <= high)
            parts = "  ".join(
                f"{name} {100 * known.shares[name]:3.0f} {100 * found.share[name]:3.0f}"
                for name in PARTS
            )
            print(
                f"{number:3d}  {100 * right[-1]:3.0f} %  true and found: {parts}  "
                f"{known.made} "
                f"R x{np.exp(found.change.resistance):.2f} of "
                f"x{known.gauges[1][R] / known.gauges[0][R]:.2f}",
                flush=True,
            )
    score = np.array(right)
    print(
        f"attributed right: mean {100 * score.mean():.0f} %, least {100 * score.min():.0f} %, "
        f"{np.sum(score >= WANTED)} of {count} by {100 * WANTED:g} % or more; "
        f"90 % intervals hold {100 * np.mean(held):.0f} % of the parts"
    )
    return float(score.mean())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
