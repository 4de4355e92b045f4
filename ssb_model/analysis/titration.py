"""A titration, simulated or measured: its record and the resistances read off it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from ssb_model.analysis.gitt import GittAnalysis, crossing, gitt_analysis
from ssb_model.cell.numbers import held_row, held_words
from ssb_model.engine.outcome import StoppedBy
from ssb_model.errors import InputError
from ssb_model.measured.record import current_column, read_record
from ssb_model.quantities.units import in_unit

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Segment

ALIKE = 3  # factor between apparent diffusivity and that of the particles
NOT_PARTICLES = "R3 is not the particles' diffusion: spots, uneven depth or the counter electrode"
RECORD = {"Time [s]": "s", "Current [mA.cm-2]": "mA.cm-2", "Voltage [V]": "V"}
MOVING = 0.02  # of the largest current: less is a rest


@dataclass(frozen=True)
class Titration:
    """A record of pulses and rests and its analysis."""

    label: str
    record: xr.Dataset
    analysis: GittAnalysis
    split: dict[str, Any]  # the choices of the analysis
    stopped_by: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def analysed(cls, label, columns, split, stopped_by="", notes=()) -> Titration:
        """From time [s], current density [A m-2, positive on discharge] and voltage [V]."""
        values = (columns[0], in_unit(columns[1], "mA.cm-2"), columns[2])
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
        """From the segments after the rest ``before``, of a cell ``held`` at [Pa, K]."""
        split = {
            **split,
            "particle_radius": cell.evaluate("Positive particle radius [m]"),
            "capacity": in_unit(cell.rest_charge, "A.h.m-2"),
        }
        ended = [s.stopped_by for s in segments if s.stopped_by != StoppedBy.TIME]
        stopped_by = str(ended[-1]) if ended else ""
        columns = _joined(segments, before, cell)
        one = cls.analysed(held_words(cell, held[0]), columns, split, stopped_by)
        rows = [
            {**held_row(*held), **_beside_particles(cell, row, held[1])}
            for row in one.analysis.rows
        ]
        return replace(one, analysis=replace(one.analysis, rows=rows))

    @classmethod
    def measured(cls, path: str | Path, cell: Cell, split: dict[str, Any]) -> Titration:
        """From a record of a cell like ``cell``, whose charge between rest states counts its own.

        It begins at 100 % of charge where its first pulse discharges, else at 0 %.
        """
        record = read_record(path)
        table = record.table
        current = table[current_column(table)].to_numpy()
        if not record.per_area:
            current = current / cell.design.area
        columns = (table["Time [s]"].to_numpy(), current, table["Voltage [V]"].to_numpy())
        moving = current[np.abs(current) > MOVING * np.abs(current).max()]
        start = 1.0 if moving[0] > 0 else 0.0
        capacity = in_unit(cell.rest_charge, "mA.h.cm-2")
        counted = f"SOC from {100 * start:g} % with the cell's {capacity:.3g} mAh cm-2"
        notes = (record.sign_note, *record.notes, counted)
        try:
            charge = in_unit(cell.rest_charge, "A.h.m-2")
            split = {"capacity": charge, **split, "soc_start": start}
            one = cls.analysed(Path(path).name, columns, split, notes=notes)
            return replace(one, notes=(*notes, _to_run_it_too(one.analysis.rows, columns, cell)))
        except InputError as error:
            raise InputError(f"{path}: {error}") from None

    @property
    def crossings(self) -> list[float]:
        """States of charge where charge transfer and diffusion resist alike."""
        return crossing(self.analysis.rows, "R2 [Ohm.cm2]", "R3 [Ohm.cm2]")


def _to_run_it_too(rows: list[dict[str, Any]], columns: tuple[np.ndarray, ...], cell: Cell) -> str:
    """The usual pulse, rest and rate of a record, as the shell takes them."""
    time, flow = columns[0], np.abs(columns[1])
    still = flow <= MOVING * flow.max()
    begins = np.flatnonzero(still[1:] & ~still[:-1])  # last rows of pulses
    ends = np.append(np.flatnonzero(~still[1:] & still[:-1]), len(time) - 1)
    rests = [time[ends[ends > row][0]] - time[row] for row in begins]
    pulse = float(np.median([row["Duration [s]"] for row in rows]))
    rest = float(np.median(rests)) if rests else 0.0
    current = float(np.median([abs(row["Current [mA.cm-2]"]) for row in rows]))
    rate = current / in_unit(cell.design.one_c, "mA.cm-2")
    return f"its pulses are those of --c-rate {rate:.3g} --pulse {pulse:.4g} --rest {rest:.4g}"


def _beside_particles(cell: Cell, row: dict[str, Any], temperature: float) -> dict[str, Any]:
    """A row with the diffusivity the particles have, and a flag where R3 is not theirs."""
    _, stoichiometry = cell.window.at(min(max(row["State of charge"], 0.0), 1.0))
    particles = cell.particle_diffusivity(stoichiometry, temperature)
    row = {**row, "Particle diffusivity [m2.s-1]": particles}
    apparent = row["Diffusivity [m2.s-1]"]
    if apparent is not None and not 1 / ALIKE < apparent / particles < ALIKE:
        row["Flag"] = "; ".join(filter(None, [row["Flag"], NOT_PARTICLES]))
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
        current = segment.along["Current [A]"] / cell.design.area
        time = end + solution.t - solution.t[0]
        end = time[-1]
        columns.append([x[1:] for x in (time, current, segment.along["Voltage [V]"])])
    time, *others = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return (time - time[0], *others)
