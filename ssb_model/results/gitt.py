"""A titration: its record and the resistances read off it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.analysis.gitt import GittAnalysis, crossing, gitt_analysis
from ssb_model.errors import InputError
from ssb_model.holding import held_words
from ssb_model.measured.record import current_column, read_record
from ssb_model.outcome import StoppedBy
from ssb_model.parameters.changes import written
from ssb_model.results.curves import labelled_frame
from ssb_model.results.files import save_figure, save_json

if TYPE_CHECKING:
    from ssb_model.cell import Cell
    from ssb_model.outcome import Segment

RECORD = {"time": "s", "current": "mA cm-2", "voltage": "V"}


@dataclass(frozen=True)
class Titration:
    """A record of pulses and rests, simulated or measured, and its analysis."""

    label: str
    record: xr.Dataset
    analysis: GittAnalysis
    notes: tuple[str, ...] = ()

    @property
    def crossings(self) -> list[float]:
        """States of charge where charge transfer and diffusion resist alike."""
        return crossing(self.analysis.rows, "R2_ohm_cm2", "R3_ohm_cm2")

    @classmethod
    def build(cls, label, columns, split, notes=()) -> Titration:
        """From time [s], current density [A m-2, positive on discharge] and voltage [V]."""
        analysis = gitt_analysis(*columns, **split)
        values = (columns[0], 0.1 * columns[1], columns[2])
        record = xr.Dataset(
            {
                name: ("point", column, {"units": unit})
                for (name, unit), column in zip(RECORD.items(), values, strict=True)
            }
        )
        return cls(label, record, analysis, tuple(notes))


@dataclass(frozen=True, repr=False)
class GittResult:
    """A simulated titration, and measured ones beside it."""

    cell: Cell
    titration: Titration
    conditions: dict[str, Any]
    split: dict[str, Any]
    measured: list[Titration] = field(default_factory=list)

    @classmethod
    def build(cls, cell, segments: list[Segment], before, held, protocol, start, split, stopped):
        rate, pulse, rest = protocol
        columns = _joined(segments, before, cell)
        split = {
            **split,
            "particle_radius": cell.evaluate("Positive particle radius [m]"),
            "capacity": cell.rest_charge / 3600,
        }
        ended = [s for s in segments if s.stopped_by != StoppedBy.TIME]
        conditions = {
            "c_rate": rate,
            "pulse_s": pulse,
            "rest_s": rest,
            "held": held_words(cell, held[0]),
            "stack_pressure_MPa": held[0] / 1e6,
            "temperature_C": held[1] - 273.15,
            "t1_s": split["t1"],
            "t2_s": split["t2"],
            "mesh": cell.model_options["mesh"],
            "stopped_by": str(ended[-1].stopped_by) if ended else "",
            "stopped": stopped,
            "changes": written(cell.changes),
        }
        titration = Titration.build("simulated", columns, {**split, "soc_start": start})
        return cls(cell, titration, conditions, split)

    def beside(self, path: str | Path) -> GittResult:
        """With a measured record, analysed the same way."""
        record = read_record(path)
        table = record.table
        current = table[current_column(table)].to_numpy()
        if not record.per_area:
            current = current / self.cell.design.area
        columns = (table["time_s"].to_numpy(), current, table["voltage_V"].to_numpy())
        notes = (record.sign_note, *record.notes)
        split = {k: v for k, v in self.split.items() if k != "capacity"}
        try:
            one = Titration.build(Path(path).name, columns, split, notes)
        except InputError as error:
            raise InputError(f"{path}: {error}") from None
        return replace(self, measured=[*self.measured, one])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a pulse."""
        return self.titration.analysis.rows

    @property
    def table(self) -> pd.DataFrame:
        """One row a pulse."""
        return self.titration.analysis.table

    @property
    def crossings(self) -> list[float]:
        """States of charge where charge transfer and diffusion resist alike."""
        return self.titration.crossings

    @property
    def title(self) -> str:
        """For a reader."""
        return self.cell.design.file.words["title"]

    @property
    def data(self) -> xr.Dataset:
        """The simulated record."""
        return self.titration.record.assign_attrs(cell=self.cell.name)

    @property
    def failed(self) -> bool:
        """Whether the solver gave up, or a hand stopped it."""
        return bool(self.conditions["stopped"]) or "solver" in self.conditions["stopped_by"]

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell.name,
            "kind": "gitt",
            "conditions": {**self.titration.analysis.conditions, **self.conditions},
            "R2_R3_cross_at_soc": self.crossings,
            "rows": self.rows,
            "measured": {
                one.label: {"R2_R3_cross_at_soc": one.crossings, "rows": one.analysis.rows}
                for one in self.measured
            },
        }

    def plot(self):
        """The record, and the resistances against state of charge; returns the figure."""
        from ssb_model.plotting.gitt import plot_gitt

        return plot_gitt(self.title, [self.titration, *self.measured], self.conditions)

    def save(self, folder: str | Path) -> list[Path]:
        """Pulses and record as CSV, record as netCDF, all of it as JSON, figure as PNG and SVG."""
        folder = Path(folder)
        paths = [save_json(folder / "gitt.json", self.payload)]
        paths += [folder / f"gitt.{name}" for name in ("csv", "record.csv", "record.nc")]
        self.table.to_csv(paths[1], index=False, float_format="%.8g")
        labelled_frame(self.data).to_csv(paths[2], index=False, float_format="%.15g")
        data = self.data.assign_attrs(conditions=json.dumps(self.conditions))
        data.to_netcdf(paths[3])
        return [*paths, *save_figure(folder / "gitt", self.plot())]


def _joined(segments: list[Segment], before, cell: Cell) -> tuple[np.ndarray, ...]:
    """Time, current density and voltage: the rest ``before``, then segment after segment.

    The first point of a segment is left out: it is the end of the one before.
    """
    rest, voltage = before
    columns = [(rest, np.zeros_like(rest), np.full_like(rest, voltage))]
    for segment in segments:
        solution = segment.solution
        current = solution["Current [A]"].entries / cell.design.area
        columns.append([x[1:] for x in (solution.t, current, solution["Voltage [V]"].entries)])
    time, *others = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return (time - time[0], *others)
