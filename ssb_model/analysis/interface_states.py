"""States of an interface, as numbers or spectra give them, and the changes between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ssb_model.analysis.circuit_fit import CircuitFit, fit_circuit
from ssb_model.analysis.diagnosis import Change, readings_of
from ssb_model.errors import InputError
from ssb_model.measured.spectrum import read_spectrum
from ssb_model.quantities.checks import check_whole

NUMBER_ERROR = 0.05  # relative standard deviation of a number that names none
FIT_ERROR = 0.05  # of an arc beside that of its fit: what other arcs and ions leave in it
CAPACITY_ERROR = 0.01


@dataclass(frozen=True)
class State:
    """An interface once: ``R``, and any of ``C``, ``Q`` with ``alpha``, ``R_s``, ``capacity``.

    Resistances and capacitances are per area, or all of the cell. ``pressed`` is the resistance
    after pressing again, ``errors`` relative standard deviations of R, C and the capacity.
    """

    label: str
    numbers: Mapping[str, float]
    errors: Mapping[str, float]
    age: float | None = None  # cycles before
    stack_pressure: float | None = None  # Pa

    @property
    def is_element(self) -> bool:
        """Whether a constant-phase element is known."""
        return {"Q", "alpha"} <= self.numbers.keys()


def change_between(
    first: State, second: State, other_capacitance: float | None = None, lithium_lost: bool = False
) -> Change:
    """The logarithms of what changed, with their errors."""
    before, after = first.numbers, second.numbers
    readings: dict[str, float] = {}
    if first.is_element and second.is_element:
        readings = readings_of(before, after)
    elif "C" in before and "C" in after:
        readings = {"capacitance": float(np.log(before["C"] / after["C"]))}
    both = "capacity" in before and "capacity" in after
    pressed = after.get("pressed")
    ages = first.age, second.age
    return Change(
        resistance=float(np.log(after["R"] / before["R"])),
        capacitance=readings,
        capacity=float(np.log(before["capacity"] / after["capacity"])) if both else None,
        pressed=None if pressed is None else float(np.log(after["R"] / pressed)),
        sigma={of: float(np.hypot(first.errors[of], second.errors[of])) for of in first.errors},
        other=None if other_capacitance is None else _share(first, other_capacitance),
        lithium_lost=lithium_lost,
        aged=None in ages or ages[0] != ages[1],
    )


def _share(state: State, other: float) -> float:
    """What another capacitance is of the one that was read."""
    numbers = state.numbers
    if "C" not in numbers and not state.is_element:
        raise InputError("the other capacitance lies beside one that was read: give that as well.")
    whole = numbers.get("C") or numbers["Q"] ** (1 / numbers["alpha"]) * numbers["R"] ** (
        1 / numbers["alpha"] - 1
    )
    if not 0 <= other < whole:
        raise InputError(
            f"the other capacitance ({other:g}) is a part of the first one read ({whole:g})."
        )
    return other / whole


def states_of_spectra(
    paths: Sequence[str | Path], arcs: int = 2, tail: str = "constant phase", arc: int | None = None
) -> tuple[list[State], list[str]]:
    """One arc of each spectrum as a state, and what is to be said of the fits.

    The circuit is one and the same for all. Without ``arc``, which counts from the fastest, the
    arc is taken whose resistance changed most from the first spectrum to the last.
    """
    check_whole("the number of arcs", arcs)
    fits = [_fitted(path, arcs, tail) for path in paths]
    if arc is None:
        first, last = fits[0].values, fits[-1].values
        arc = 1 + int(np.argmax([abs(last[f"R_{k}"] - first[f"R_{k}"]) for k in _arcs(arcs)]))
    if arc not in _arcs(arcs):
        raise InputError(f"arc {arc} is none of the {arcs} that are fitted; they count from 1.")
    notes = [
        f"{Path(path).name}: arc {arc} of {arcs}, misfit {100 * fit.misfit:.2g} % of |Z|"
        + "".join(f"; {name} {flag}" for name, flag in _flags(fit, arc).items())
        for path, fit in zip(paths, fits, strict=True)
    ]
    return [_state(Path(p).name, fit, arc) for p, fit in zip(paths, fits, strict=True)], notes


def _arcs(count: int) -> range:
    return range(1, count + 1)


def _fitted(path: str | Path, arcs: int, tail: str) -> CircuitFit:
    read = read_spectrum(path)
    areal = read.per_area
    impedance = read.impedance_Ohm_m2 if areal else read.impedance_Ohm
    try:
        unit = "Ohm m2" if areal else "Ohm"
        return fit_circuit(read.frequency_Hz, impedance, arcs, tail, unit=unit)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _flags(fit: CircuitFit, arc: int) -> dict[str, str]:
    """What is flagged of the numbers that are taken."""
    named = {row["name"]: row["Flag"] for row in fit.rows}
    return {name: named[name] for name in (f"R_{arc}", f"C_{arc} Hsu-Mansfeld") if named[name]}


def _state(label: str, fit: CircuitFit, arc: int) -> State:
    values = fit.values
    sigma = {row["name"]: row["Sigma [%]"] / 100 for row in fit.rows}
    numbers = {name: values[f"{name}_{arc}"] for name in ("R", "Q", "alpha")}
    errors = {
        "resistance": float(np.hypot(FIT_ERROR, sigma[f"R_{arc}"])),
        "capacitance": float(np.hypot(FIT_ERROR, sigma[f"C_{arc} Hsu-Mansfeld"])),
        "capacity": CAPACITY_ERROR,
    }
    return State(label, {**numbers, "R_s": values["R_s"]}, errors)
