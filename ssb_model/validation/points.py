"""Cells at rest: what a small signal sees of them, and their spectra."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import pybamm

from ssb_model.analysis.circuit_fit import fit_circuit
from ssb_model.cell.cell import Cell
from ssb_model.laws import circuit, transport
from ssb_model.quantities.units import in_unit
from ssb_model.verbs.impedance import impedance

HARDLY_ANY = (1.0, 1e3)  # Hz: the state is wanted, not its spectrum
NUMBERS = {  # of a composite's design, as they stand there
    "porosity": "layer.porosity",
    "particle surface [m2.m-2]": "particle_surface",
    "utilisation": "utilisation",
    "coverage_ceiling": "coverage_ceiling",
}
Tables = dict[str, pd.DataFrame]


def spectra(
    cell: Cell,
    soc: float | Sequence[float] | None = None,
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | Sequence[float] | None = None,
    frequencies: tuple[float, float] = (1e-3, 1e6),
    arcs: int = 0,
    tail: str = "none",
) -> Tables:
    """Spectra (a row per frequency) and "summary" (a row per spectrum, with its circuit).

    A symmetric cell has one state of charge, any other is half charged unless told.
    """
    low, high = frequencies
    f = np.geomspace(high, low, int(7 * np.log10(high / low)) + 1)
    rows, summary = [], []
    area = in_unit(cell.design.area, "cm2")
    for one in _each(temperature):
        result = impedance(cell, soc, stack_pressure, one, f)
        if result.stopped:  # by a hand: of half the spectra nothing is judged
            raise KeyboardInterrupt
        rows += result.rows
        for spectrum, words in zip(result.spectra, result.summaries, strict=True):
            words = words | _at_low_frequency(f, spectrum.impedance["cell"].real)
            if arcs:
                circuit = fit_circuit(f, spectrum.impedance["cell"], arcs, tail)
                values = circuit.values | {"Misfit [%]": 100 * circuit.misfit}
                per_cell = {f"{k} [Ohm]": v / area for k, v in values.items() if k[:2] == "R_"}
                words = words | values | per_cell
            summary.append(words)
    return {"": pd.DataFrame(rows), "summary": pd.DataFrame(summary)}


def at_rest(
    cell: Cell,
    soc: float | Sequence[float] | None = None,
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | Sequence[float] | None = None,
) -> Tables:
    """A row per state: resistances, capacitances and contact, and what the recipe made."""
    designed = _designed(cell)
    rows = [
        {**designed, **row, **_derived(cell, row)}
        for one in _each(temperature)
        for row in impedance(cell, soc, stack_pressure, one, HARDLY_ANY).summaries
    ]
    return {"": pd.DataFrame(rows)}


def _each(values) -> list:
    return [None] if values is None else np.atleast_1d(values).tolist()


def _at_low_frequency(f: np.ndarray, real: np.ndarray) -> dict[str, float]:
    """Resistance at 1, 10, 100 mHz and 1 Hz, as far as the spectrum goes."""
    known = {"1_mHz": 1e-3, "10_mHz": 1e-2, "100_mHz": 0.1, "1_Hz": 1.0}
    return {
        f"Z_re at {name} [Ohm.cm2]": float(np.interp(np.log(at), np.log(f[::-1]), real[::-1]))
        for name, at in known.items()
        if f[-1] <= at * (1 + 1e-9)
    }


def _derived(cell: Cell, row: dict[str, Any]) -> dict[str, float]:
    """Resistances as papers print them: a cell's in Ohm, a composite's through its depth."""
    found = {}
    for side in ("positive", "negative"):
        reaction = row[f"{side.capitalize()} electrode interface resistance [Ohm.cm2]"]
        found[f"{side.capitalize()} electrode interface resistance [Ohm]"] = reaction / in_unit(
            cell.design.area, "cm2"
        )
    ions, reaction = (
        row["Positive electrode ionic resistance [Ohm.cm2]"],
        row["Positive electrode interface resistance [Ohm.cm2]"],
    )
    depth = np.sqrt(ions * reaction)  # of a transmission line at rest
    found["Positive electrode whole resistance [Ohm.cm2]"] = float(
        depth * circuit.coth(np.sqrt(ions / reaction)).real
    )
    if cell.window is not None:
        potential = cell.parameter_values["Positive electrode OCP [V]"]
        positive = potential(pybamm.Scalar(row["Positive electrode stoichiometry"]))
        positive = float(np.ravel(cell.parameter_values.evaluate(positive))[0])
        found["Negative electrode potential [V]"] = positive - row["Voltage [V]"]
        found |= _on_discharge(cell, row["State of charge"])
    return found


def _on_discharge(cell: Cell, soc: float | None) -> dict[str, float]:
    """Potential of a negative electrode with hysteresis where it gives its lithium back."""
    branch = cell.parameter_values.get("Negative electrode delithiation OCP [V]")
    if branch is None:
        return {}
    stoichiometry, _ = cell.window.at(0.5 if soc is None else soc)
    potential = cell.parameter_values.evaluate(branch(pybamm.Scalar(stoichiometry)))
    return {"Negative electrode potential on discharge [V]": float(np.ravel(potential)[0])}


def _designed(cell: Cell) -> dict[str, float]:
    """Numbers of both composites as they were made."""
    row = {}
    for side in ("positive", "negative"):
        design = getattr(cell.design, side)
        if not hasattr(design, "layer"):
            continue
        for name, path in NUMBERS.items():
            row[f"{side.capitalize()} electrode {name}"] = attrgetter(path)(design)
        row[f"{side}_thickness_um"] = in_unit(design.layer.thickness, "um")
        electrode = f"{side.capitalize()} electrode"
        row[f"{side.capitalize()} electrode ionic share"] = cell.evaluate(
            f"{electrode} ionic transport efficiency"
        )
        row[f"{side.capitalize()} electrode utilisation [%]"] = 100 * design.utilisation
        phi = cell.evaluate(f"{electrode} porosity")  # of electrolyte
        threshold, exponent, tail = (
            cell.evaluate(f"{electrode} ionic percolation {name}")
            for name in ("threshold", "exponent", "tail")
        )
        paths = transport.uneven_percolation(phi, threshold, exponent, tail)
        row[f"{side.capitalize()} electrode tortuosity"] = float(np.sqrt(phi / paths))
        row[f"{side.capitalize()} electrode effective conductivity [S.m-1]"] = cell.evaluate(
            f"{electrode} effective conductivity [S.m-1]"
        )
    return row
