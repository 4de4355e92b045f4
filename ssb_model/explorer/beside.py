"""What the page draws beside a curve or around it: a measured file, bands of draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssb_model.analysis.spectrum import Spectrum
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Programme
from ssb_model.explorer.bench import CAPACITY, MESH, RATES, Made
from ssb_model.fitting.data import CapacityData
from ssb_model.measured.capacities import read_capacities
from ssb_model.measured.kinds import kind_of
from ssb_model.measured.of_a_cell import measured_curves
from ssb_model.quantities.registry import band_of
from ssb_model.studies.bands import Bands, Course, Told, banded, check_draws, each_of
from ssb_model.system.progress import tell
from ssb_model.verbs.discharge import Drive
from ssb_model.verbs.drawn import kept, voltages

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell


POINTS = 300  # of a curve that is drawn
MOST_CURVES = 12


def laid_beside(path: Path, cell: Cell) -> dict[str, Any]:
    """What a file holds, in the units of the page's pictures."""
    kind = kind_of(path)
    told: dict[str, Any] = {"kind": kind, "name": path.name, "notes": []}
    if kind == "record":
        curves = measured_curves(path, cell)
        if len(curves) > MOST_CURVES:
            told["notes"] = [f"the first {MOST_CURVES} of {len(curves)} discharges are drawn"]
        told["curves"] = [
            {"label": one.label, "points": _thinned(one.capacity, one.voltage)}
            for one in curves[:MOST_CURVES]
        ]
    elif kind == "spectrum":
        spectrum = Spectrum.measured(path, cell)
        Z = spectrum.impedance["cell"]
        told |= {"spectrum": _thinned(Z.real, -Z.imag), "notes": list(spectrum.notes)}
    elif kind == "capacities":
        told |= {"capacities": _capacities(path, cell)}
    else:
        raise InputError(
            f"{path.name} holds {kind}: the page lays records, spectra and capacities beside the "
            "model; 'ssb diagnose' reads resistances."
        )
    return told


def _capacities(path: Path, cell: Cell) -> list[list[float]]:
    """Pairs of C-rate and mAh per g of active material, at whichever pressure."""
    read = read_capacities(path)
    data = CapacityData(c_rate=read.c_rate, capacity=read.capacity, unit=read.unit)
    return np.column_stack([read.c_rate, data.measured(cell)]).tolist()


def _thinned(x: np.ndarray, y: np.ndarray) -> list[list[float]]:
    """Pairs, as many as a picture needs."""
    step = max(1, -(-len(x) // POINTS))
    return np.column_stack([x[::step], y[::step]]).tolist()


def bands_of(made: Made, samples: int) -> dict[str, Any]:
    """5 to 95 % of the draws, as outlines to be filled, and how they were found, in words."""
    check_draws(made.cell, samples, None)
    rates = list(dict.fromkeys([made.c_rate, *RATES]))
    drives = [Drive(rate) for rate in rates]
    axis = voltages(made.cell)

    def runs(one) -> Programme[Any]:
        for drive in drives:
            yield drive.steps(one, made.held)

    done = 0

    def told(given: Any) -> Told:
        nonlocal done
        done += 1
        tell("draws", done // len(drives), samples)  # a group of them ends all at once
        return kept(given[1], axis)

    course = Course(each_of(runs, told), axis, mesh=MESH)
    bands = banded(made.cell, course, samples)
    low, median, high = _capacity(bands, 0)
    words = [line[:1].upper() + line[1:].rstrip(".") + "." for line in bands.words]
    if median is not None:
        words.insert(
            0,
            f"At {made.c_rate:g}C half of the draws give more than {median:.4g} mAh/g, and nine "
            f"in ten between {low:.4g} and {high:.4g}.",
        )
    at = [(rate, *_capacity(bands, rates.index(rate))) for rate in RATES]
    known = [(rate, low, high) for rate, low, _, high in at if low is not None]
    return {
        "discharge": _outline(bands.curve(0, {}), axis),
        "rates": [[rate, low] for rate, low, _ in known]
        + [[rate, high] for rate, _, high in reversed(known)],
        "words": words,
        "samples": samples,
        "stopped": bands.stopped,
    }


def _capacity(bands: Bands, number: int) -> list[float | None]:
    """5, 50 and 95 % of the capacity of a run, none where too few draws count."""
    found = bands.of_row(number, {CAPACITY: 0.0})
    return [found[name] for name in band_of(CAPACITY)]


def _outline(curve: np.ndarray | None, axis: np.ndarray) -> list[list[float]]:
    """Capacity and voltage once around the band of a discharge; nothing where there is none."""
    if curve is None:
        return []
    low, _, high = curve
    there = np.isfinite(low) & np.isfinite(high)
    around = [np.column_stack([side[there], axis[there]]) for side in (low, high)]
    return np.vstack([around[0], around[1][::-1]]).tolist()
