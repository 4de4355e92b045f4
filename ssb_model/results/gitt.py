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
from ssb_model.cell.holding import held_words
from ssb_model.engine.outcome import StoppedBy
from ssb_model.errors import InputError
from ssb_model.measured.record import current_column, read_record
from ssb_model.parameters.changes import written
from ssb_model.results.curves import labelled_frame
from ssb_model.system.saving import csv_bytes, figure_bytes, netcdf_bytes, save_result

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Segment

ALIKE = 3  # factor between apparent diffusivity and that of the particles
NOT_PARTICLES = "R3 is not the particles' diffusion: spots, uneven depth or the counter electrode"
RECORD = {"time": "s", "current": "mA cm-2", "voltage": "V"}


@dataclass(frozen=True)
class Titration:
    """A record of pulses and rests, simulated or measured, and its analysis."""

    label: str
    record: xr.Dataset
    analysis: GittAnalysis
    split: dict[str, Any]  # what the analysis was told
    stopped_by: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def build(cls, label, columns, split, stopped_by="", notes=()) -> Titration:
        """From time [s], current density [A m-2, positive on discharge] and voltage [V]."""
        values = (columns[0], 0.1 * columns[1], columns[2])
        record = xr.Dataset(
            {
                name: ("point", column, {"units": unit})
                for (name, unit), column in zip(RECORD.items(), values, strict=True)
            }
        )
        analysis = gitt_analysis(*columns, **split)
        return cls(label, record, analysis, split, stopped_by, tuple(notes))

    @classmethod
    def simulated(cls, cell: Cell, segments: list[Segment], before, held, split) -> Titration:
        """Of the segments after the rest ``before``."""
        split = {
            **split,
            "particle_radius": cell.evaluate("Positive particle radius [m]"),
            "capacity": cell.rest_charge / 3600,
        }
        ended = [s.stopped_by for s in segments if s.stopped_by != StoppedBy.TIME]
        stopped_by = str(ended[-1]) if ended else ""
        one = cls.build(
            held_words(cell, held[0]), _joined(segments, before, cell), split, stopped_by
        )
        where = {"stack_pressure_MPa": held[0] / 1e6, "temperature_C": held[1] - 273.15}
        rows = [{**where, **_beside_particles(cell, row, held[1])} for row in one.analysis.rows]
        return replace(one, analysis=replace(one.analysis, rows=rows))

    @property
    def crossings(self) -> list[float]:
        """States of charge where charge transfer and diffusion resist alike."""
        return crossing(self.analysis.rows, "R2_ohm_cm2", "R3_ohm_cm2")


@dataclass(frozen=True, repr=False)
class GittResult:
    """Simulated titrations, one a stack pressure, and measured ones beside them."""

    cell: Cell
    titrations: list[Titration]
    conditions: dict[str, Any]
    measured: list[Titration] = field(default_factory=list)

    @classmethod
    def build(cls, cell: Cell, titrations: list[Titration], protocol, stopped) -> GittResult:
        rate, pulse, rest = protocol
        conditions = {
            "c_rate": rate,
            "pulse_s": pulse,
            "rest_s": rest,
            "mesh": cell.model_options["mesh"],
            "stopped": stopped,
            "changes": written(cell.changes),
        }
        return cls(cell, titrations, conditions)

    def beside(self, path: str | Path) -> GittResult:
        """With a measured record, split at the times of the first titration.

        Its state of charge is counted by the cell's charge between rest states: from 100 %
        where it begins with a discharge, from 0 % where with a charge.
        """
        record = read_record(path)
        table = record.table
        current = table[current_column(table)].to_numpy()
        if not record.per_area:
            current = current / self.cell.design.area
        columns = (table["time_s"].to_numpy(), current, table["voltage_V"].to_numpy())
        notes = (record.sign_note, *record.notes)
        moving = current[np.abs(current) > 0.02 * np.abs(current).max()]
        start = 1.0 if moving[0] > 0 else 0.0
        split = {**self.titrations[0].split, "soc_start": start}
        capacity = self.cell.rest_charge / 3.6e4
        notes = (*notes, f"SOC from {100 * start:g} % with the cell's {capacity:.3g} mAh cm-2")
        try:
            one = Titration.build(Path(path).name, columns, split, notes=notes)
        except InputError as error:
            raise InputError(f"{path}: {error}") from None
        return replace(self, measured=[*self.measured, one])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a pulse."""
        return [row for one in self.titrations for row in one.analysis.rows]

    @property
    def table(self) -> pd.DataFrame:
        """One row a pulse."""
        return pd.DataFrame(self.rows)

    @property
    def crossings(self) -> dict[str, list[float]]:
        """States of charge where charge transfer and diffusion resist alike, by record."""
        return {one.label: one.crossings for one in [*self.titrations, *self.measured]}

    @property
    def title(self) -> str:
        """For a reader."""
        return self.cell.title

    @property
    def data(self) -> xr.Dataset:
        """The simulated records, one after the other, with the number of each."""
        parts = [
            one.record.assign(
                titration=("point", [number] * one.record.sizes["point"], {"units": "1"})
            )
            for number, one in enumerate(self.titrations, start=1)
        ]
        return xr.concat(parts, "point").assign_attrs(cell=self.cell.name)

    @property
    def stopped(self) -> str:
        """What stopped it, if anything did."""
        return self.conditions["stopped"]

    @property
    def failed(self) -> bool:
        """Whether the solver gave up, or a hand stopped it."""
        return bool(self.stopped) or any("solver" in one.stopped_by for one in self.titrations)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell.name,
            "kind": "gitt",
            "conditions": self.conditions,
            "titrations": [
                {"label": one.label, "stopped_by": one.stopped_by, **one.analysis.conditions}
                for one in [*self.titrations, *self.measured]
            ],
            "R2_R3_cross_at_soc": self.crossings,
            "rows": self.rows,
            "measured": {one.label: one.analysis.rows for one in self.measured},
        }

    def plot(self):
        """The record, and the resistances against state of charge; returns the figure."""
        from ssb_model.figures.gitt import plot_gitt

        return plot_gitt(self.title, self.titrations, self.measured, self.conditions)

    def save(self, folder: str | Path) -> list[Path]:
        """Pulses and records as CSV, records as netCDF, the rest as JSON, figure as PNG and SVG."""
        data = self.data.assign_attrs(conditions=json.dumps(self.conditions))
        files = {
            "gitt.csv": csv_bytes(self.table),
            "gitt.record.csv": csv_bytes(labelled_frame(data)),
            "gitt.record.nc": netcdf_bytes(data),
            **figure_bytes("gitt", self.plot()),
        }
        return save_result(folder, "gitt", self.payload, files)


def _beside_particles(cell: Cell, row: dict[str, Any], temperature: float) -> dict[str, Any]:
    """A row with the diffusivity the particles have, and a flag where R3 is not theirs."""
    _, stoichiometry = cell.window.at(min(max(row["soc"], 0.0), 1.0))
    particles = cell.particle_diffusivity(stoichiometry, temperature)
    row = {**row, "particle_diffusivity_m2_s": particles}
    apparent = row["diffusivity_m2_s"]
    if apparent is not None and not 1 / ALIKE < apparent / particles < ALIKE:
        row["flag"] = "; ".join(filter(None, [row["flag"], NOT_PARTICLES]))
    return row


def _joined(segments: list[Segment], before, cell: Cell) -> tuple[np.ndarray, ...]:
    """Time, current density and voltage: the rest ``before``, then segment after segment.

    The first point of a segment is left out: it is the end of the one before.
    """
    rest, voltage = before
    columns = [(rest, np.zeros_like(rest), np.full_like(rest, voltage))]
    end = rest[-1]
    for segment in segments:
        solution = segment.solution
        current = solution["Current [A]"].entries / cell.design.area
        time = end + solution.t - solution.t[0]
        end = time[-1]
        columns.append([x[1:] for x in (time, current, solution["Voltage [V]"].entries)])
    time, *others = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return (time - time[0], *others)
