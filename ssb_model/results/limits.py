"""Where the voltage of a discharge went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from ssb_model.results.runs import RunsResult

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Segment
    from ssb_model.results.discharge import DischargeResult

PARTS = {  # our name: (PyBaMM's name, for a reader)
    "series": ("Contact overpotential [V]", "series (faces)"),
    "separator": ("Separator loss [V]", "separator"),
    "negative_electrode": ("Negative electrode loss [V]", "negative electrode"),
    "composite_ionic": ("Positive electrode ionic loss [V]", "composite, ionic"),
    "composite_electronic": ("Positive electrode electronic loss [V]", "composite, electronic"),
    "charge_transfer": ("Positive electrode charge-transfer loss [V]", "charge transfer"),
    "film": ("Positive electrode film loss [V]", "film"),
    "contact_spots": ("Positive electrode contact spot loss [V]", "contact spots"),
    "particle_diffusion": ("Positive electrode particle diffusion loss [V]", "particle diffusion"),
    "uneven_lithium": ("Positive electrode uneven lithium loss [V]", "uneven through depth"),
}
NEGATIVE = {  # what the negative electrode's own part is made of
    f"negative_{name.replace(' ', '_').replace('-', '_')}": f"Negative electrode {name} loss [V]"
    for name in (
        "ionic",
        "electronic",
        "charge-transfer",
        "film",
        "contact spot",
        "particle diffusion",
        "uneven lithium",
    )
}
AT_REST = "Bulk open-circuit voltage [V]"


@dataclass(frozen=True, repr=False)
class Losses:
    """One discharge: its parts [mV] over capacity in ``data``, their means in ``row``."""

    row: dict[str, Any]
    data: xr.Dataset

    @classmethod
    def build(cls, cell: Cell, segment: Segment, discharge: DischargeResult) -> Losses:
        data = discharge.data[["capacity", "voltage"]]
        solution = segment.solution if discharge.row["capacity_mAh_cm2"] else None
        names = {**{name: variable for name, (variable, _) in PARTS.items()}, **NEGATIVE}
        for name, variable in names.items():
            data[name] = _series(solution, variable, data["capacity"], 1e3, "mV")
        data["open_circuit_voltage"] = _series(solution, AT_REST, data["capacity"], 1.0, "V")
        data["loss"] = 1e3 * (data["open_circuit_voltage"] - data["voltage"])
        data["loss"].attrs["units"] = "mV"
        passed = data["capacity"].values
        means = {name: _mean(data[name].values, passed) for name in ("loss", *names)}
        ends = {name: float(data[name].values[-1]) for name in PARTS} if solution else {}
        row = {
            **discharge.row,
            **{f"mean_{name}_mV": value for name, value in means.items()},
            "largest": _largest({name: means[name] for name in PARTS}),
            "largest_at_end": _largest(ends),
        }
        return cls(row, data.assign_attrs(discharge.data.attrs))


def _series(solution, variable, like, factor, unit) -> xr.DataArray:
    values = np.full(like.shape, np.nan)
    if solution is not None:
        values = np.broadcast_to(factor * np.ravel(solution[variable].entries), like.shape)
    return xr.DataArray(values.copy(), dims=like.dims, attrs={"units": unit})


def _mean(values: np.ndarray, passed: np.ndarray) -> float | None:
    """Over the charge passed."""
    return float(np.trapezoid(values, passed) / passed[-1]) if passed[-1] else None


def _largest(parts: dict[str, float | None]) -> str | None:
    known = {name: value for name, value in parts.items() if value is not None}
    return max(known, key=known.get) if known else None


@dataclass(frozen=True, repr=False)
class LimitsResult(RunsResult):
    """Discharges and their losses, in the order they were run."""

    kind = "limits"

    def plot(self):
        """Voltage at rest and under current, what lies between filled; returns the figure."""
        from ssb_model.figures.limits import plot_limits

        return plot_limits(self.title, self.runs, self.measured)
