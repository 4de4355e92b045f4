"""Curves and extremes taken out of solved segments, in the units people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.quantities.registry import quantity

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Segment

SERIES = {  # of a data set: the quantity
    "time": "Time [s]",
    "voltage": "Voltage [V]",
    "current": "Current [mA]",
    "stack_pressure": "Stack pressure [MPa]",
    "stack_gap": "Stack gap [um]",
    "cell_thickness_change": "Cell thickness change [um]",
    "positive_thickness_change": "Positive electrode thickness change [um]",
    "separator_thickness_change": "Separator thickness change [um]",
    "negative_thickness_change": "Negative electrode thickness change [um]",
    "contact_fraction_positive": "Positive electrode contact fraction",
    "contact_fraction_negative": "Negative electrode contact fraction",
    "stoichiometry_positive": "Positive electrode stoichiometry",
    "stoichiometry_negative": "Negative electrode stoichiometry",
}
BONDED = {  # of an electrode whose contact has a memory
    domain: {
        f"{part}_contact_{domain}": f"{domain.capitalize()} electrode {part} contact fraction"
        for part in ("bonded", "pressed")
    }
    for domain in ("positive", "negative")
}
PLATING = {"plating_margin": "Plating margin [mV]"}
HELD = (
    "stack_pressure_lowest_MPa",
    "stack_pressure_highest_MPa",
    "thickness_change_um",
    "stack_gap_um",
)
PLATING_ROW = (
    "plating_margin_mV",
    "plating_margin_during",
    "plating_margin_after_h",
    "plating_margin_depth_um",
)
FROM_THE_START = ("time", *(name for name in SERIES if "thickness_change" in name))


def stack_extremes(data: xr.Dataset, before: Segment | None) -> dict[str, float | None]:
    """How the stack fared: extremes of pressure over the whole cycle, growth, gap."""
    pressure, gap = data["stack_pressure"].values, data["stack_gap"].values
    growth = float(data["cell_thickness_change"].values[-1])
    if before is not None and before.solution is not None:
        earlier, opened = (
            np.ravel(before.solution[one.variable].entries) * one.factor
            for one in (quantity(SERIES[name]).quantity for name in ("stack_pressure", "stack_gap"))
        )
        pressure, gap = np.append(earlier, pressure), np.append(opened, gap)
    if np.isnan(pressure).all():
        return dict.fromkeys(HELD)
    extremes = (np.nanmin(pressure), np.nanmax(pressure), growth, np.nanmax(gap))
    return {
        name: None if np.isnan(value) else float(value)
        for name, value in zip(HELD, extremes, strict=True)
    }


def plating(segments: dict[str, Segment | None], cell: Cell) -> dict[str, Any]:
    """Least margin against lithium plating over segments by name, with when and where."""
    if "negative" not in cell.model_options.porous:
        return {}
    found = []
    thickness = cell.evaluate("Negative electrode thickness [m]")
    for during, segment in segments.items():
        if segment is None or segment.solution is None:
            continue
        solution = segment.solution
        margin = solution["Lithium plating margin [V]"].entries
        at, when = np.unravel_index(np.argmin(margin), margin.shape)
        after = float(solution.t[when] - solution.t[0]) / 3600
        depth = 1e6 * float(thickness - solution["x_n [m]"].entries[at, 0])
        found.append((1e3 * float(margin.min()), during, after, depth))
    least = min(found, key=lambda values: values[0], default=[None] * len(PLATING_ROW))
    return dict(zip(PLATING_ROW, least, strict=True))


def labelled_frame(data: xr.Dataset) -> pd.DataFrame:
    """Curves as a table whose headings carry the units."""
    frame = data.to_dataframe().reset_index(drop=True)
    frame.columns = [f"{name} [{data[name].attrs['units']}]" for name in frame.columns]
    return frame


def mean_voltage(segment: Segment | None, cell: Cell) -> float | None:
    """Voltage of a segment averaged over the charge it passed [V]."""
    if segment is None or segment.solution is None:
        return None
    passed = areal_charge(segment, cell.design)
    energy = np.trapezoid(segment.solution["Voltage [V]"].entries, passed)
    return float(energy / passed[-1]) if passed[-1] else None


def polarisation(before: Segment | None, run: Segment | None, cell: Cell) -> float | None:
    """Mean voltage of a charge less that of a discharge, over charge both went through [V].

    The run goes back through the last charge ``before`` it: its first, that one's last.
    """
    charged, passed = (areal_charge(segment, cell.design) for segment in (before, run))
    common = min(charged[-1], passed[-1])
    if not common:
        return None

    def mean(segment: Segment, over: np.ndarray, first: float, last: float) -> float:
        voltage = segment.solution["Voltage [V]"].entries
        steps = np.diff(over) * (voltage[1:] + voltage[:-1]) / 2
        energy = np.interp((first, last), over, np.append(0, np.cumsum(steps)))
        return (energy[1] - energy[0]) / common

    there = mean(before, charged, charged[-1] - common, charged[-1])
    return float(abs(there - mean(run, passed, 0, common)))


def charge_words(cv_until: float | None) -> str:
    """How a charge ended, for a reader."""
    return "CC, no CV" if cv_until is None else f"CC-CV to {cv_until:g}C"


def areal_charge(segment: Segment | None, design) -> np.ndarray:
    """Charge passed since the segment began [mAh cm-2], positive either way."""
    if segment is None or segment.solution is None:
        return np.zeros(1)
    charge = segment.solution["Discharge capacity [A.h]"].entries
    return np.abs(charge - charge[0]) / design.area / 10


def _series_of(cell: Cell) -> dict[str, str]:
    """The curves a cell's model has."""
    options = cell.model_options
    remembers = {
        name: curve
        for domain, curves in BONDED.items()
        if options.contact_law(domain) == "memory"
        for name, curve in curves.items()
    }
    return {**SERIES, **remembers, **(PLATING if "negative" in options.porous else {})}


def series(segment: Segment | None, cell: Cell) -> xr.Dataset:
    """Curves of a segment, empty of length one where it never began."""
    design = cell.design
    solution = segment.solution if segment is not None else None
    capacity = areal_charge(segment, design)
    columns = {"capacity": ("point", capacity, {"units": "mA.h.cm-2"})}
    for name, column in _series_of(cell).items():
        of = quantity(column).quantity
        values = np.full(capacity.shape, np.nan)
        if solution is not None:
            values[:] = np.asarray(solution[of.variable].entries) * of.factor
        if name in FROM_THE_START:
            values -= values[0]
        columns[name] = ("point", values, {"units": of.unit})
    return xr.Dataset(columns)
