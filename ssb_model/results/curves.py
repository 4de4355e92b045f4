"""Curves and extremes taken out of solved segments, in the units people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Segment

SERIES = {  # our name: (PyBaMM's name, factor to the unit, unit)
    "time": ("Time [s]", 1.0, "s"),
    "voltage": ("Voltage [V]", 1.0, "V"),
    "current": ("Current [A]", 1e3, "mA"),
    "stack_pressure": ("Stack pressure [Pa]", 1e-6, "MPa"),
    "stack_gap": ("Stack gap [m]", 1e6, "um"),
    "cell_thickness_change": ("Cell thickness change [m]", 1e6, "um"),
    "positive_thickness_change": ("Positive electrode thickness change [m]", 1e6, "um"),
    "separator_thickness_change": ("Separator thickness change [m]", 1e6, "um"),
    "negative_thickness_change": ("Negative electrode thickness change [m]", 1e6, "um"),
    "contact_fraction_positive": ("X-averaged positive electrode contact fraction", 1.0, "1"),
    "contact_fraction_negative": ("X-averaged negative electrode contact fraction", 1.0, "1"),
    "stoichiometry_positive": ("Positive electrode stoichiometry", 1.0, "1"),
    "stoichiometry_negative": ("Negative electrode stoichiometry", 1.0, "1"),
}
BONDED = {  # where contact has a memory
    f"{part}_contact_{domain}": (f"X-averaged {domain} electrode {part} contact fraction", 1.0, "1")
    for domain in ("positive", "negative")
    for part in ("bonded", "pressed")
}
PLATING = {"plating_margin": ("Minimum lithium plating margin [V]", 1e3, "mV")}
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


def held(data: xr.Dataset, before: Segment | None) -> dict[str, float | None]:
    """How the stack fared: extremes of pressure over the whole cycle, growth, gap."""
    pressure, gap = data["stack_pressure"].values, data["stack_gap"].values
    growth = float(data["cell_thickness_change"].values[-1])
    if before is not None and before.solution is not None:
        earlier, opened = (
            np.ravel(before.solution[SERIES[name][0]].entries) * SERIES[name][1]
            for name in ("stack_pressure", "stack_gap")
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
    least: dict[str, Any] = dict.fromkeys(PLATING_ROW)
    for during, segment in segments.items():
        if segment is None or segment.solution is None:
            continue
        solution = segment.solution
        margin = solution["Lithium plating margin [V]"].entries
        at, when = np.unravel_index(np.argmin(margin), margin.shape)
        if least["plating_margin_mV"] is None or 1e3 * margin.min() < least["plating_margin_mV"]:
            thickness = cell.evaluate("Negative electrode thickness [m]")
            depth = thickness - solution["x_n [m]"].entries[at, 0]
            values = (
                1e3 * float(margin.min()),
                during,
                float(solution.t[when] - solution.t[0]) / 3600,
                1e6 * float(depth),
            )
            least = dict(zip(PLATING_ROW, values, strict=True))
    return least


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
    means = []
    both = [areal_charge(segment, cell.design) for segment in (before, run)]
    common = min(passed[-1] for passed in both)
    if not common:
        return None
    for segment, passed, ends in zip(
        (before, run), both, ((both[0][-1] - common, both[0][-1]), (0, common)), strict=True
    ):
        voltage = segment.solution["Voltage [V]"].entries
        steps = np.diff(passed) * (voltage[1:] + voltage[:-1]) / 2
        energy = np.interp(ends, passed, np.append(0, np.cumsum(steps)))
        means.append((energy[1] - energy[0]) / common)
    return float(abs(means[0] - means[1]))


def charge_words(cv_until: float | None) -> str:
    """How a charge ended, for a reader."""
    return "CC, no CV" if cv_until is None else f"CC-CV to {cv_until:g}C"


def areal_charge(segment: Segment | None, design) -> np.ndarray:
    """Charge passed since the segment began [mAh cm-2], positive either way."""
    if segment is None or segment.solution is None:
        return np.zeros(1)
    charge = segment.solution["Discharge capacity [A.h]"].entries
    return np.abs(charge - charge[0]) / design.area / 10


def _series_of(cell: Cell) -> dict[str, tuple[str, float, str]]:
    """The curves a cell's model has."""
    options = cell.model_options
    remembers = {
        name: curve
        for name, curve in BONDED.items()
        if options.contact_law(name.rpartition("_")[2]) == "memory"
    }
    return {**SERIES, **remembers, **(PLATING if "negative" in options.porous else {})}


def series(segment: Segment | None, cell: Cell) -> xr.Dataset:
    """Curves of a segment, empty of length one where it never began."""
    design = cell.design
    solution = segment.solution if segment is not None else None
    capacity = areal_charge(segment, design)
    columns = {"capacity": (capacity, "mAh cm-2")}
    for name, (variable, factor, unit) in _series_of(cell).items():
        if solution is None:
            values = np.full(1, np.nan)
        else:
            values = np.asarray(solution[variable].entries) * factor
            values = np.broadcast_to(values, capacity.shape)
        if name in FROM_THE_START:
            values = values - values[0]
        columns[name] = (values, unit)
    return xr.Dataset(
        {name: ("point", np.array(v), {"units": unit}) for name, (v, unit) in columns.items()}
    )
