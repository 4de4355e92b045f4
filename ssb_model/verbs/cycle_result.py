"""What a cell gave cycle by cycle, under one stack pressure or several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from ssb_model.cell.numbers import held_words
from ssb_model.engine.outcome import areal_charge, charge_words, gave_up, mean_voltage, polarisation
from ssb_model.engine.reading import gauge_row
from ssb_model.engine.soundness import doubts_of_cycle, said_of
from ssb_model.models.options import AGEING, SIDES
from ssb_model.quantities.registry import unit_of
from ssb_model.quantities.units import in_columns, to_si
from ssb_model.system.saving import csv_bytes, json_bytes, netcdf_bytes
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs.result import Result, drawn_table, text_table

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.experiments.experiment import Cycle
    from ssb_model.measured.of_a_cell import MeasuredCurve
    from ssb_model.studies.bands import Bands

MOST_SHOWN = 12  # cycles
SHOWN = {  # heading: (key, factor, digits after the point)
    "cycle": ("Cycle", 1, 0),
    "charge mAh/g": ("Charge capacity [mA.h.g-1]", 1, 2),
    "mAh/g": ("Discharge capacity [mA.h.g-1]", 1, 2),
    "retention %": ("Retention", 100, 2),
    "CE %": ("Coulombic efficiency", 100, 3),
    "mean V": ("Mean voltage [V]", 1, 4),
    "polarisation V": ("Polarisation [V]", 1, 4),
    "R positive": ("Positive electrode interface resistance [Ohm.cm2]", 1, 2),
    "R negative": ("Negative electrode interface resistance [Ohm.cm2]", 1, 2),
    "contact pos.": ("Positive electrode contact fraction", 1, 4),
}
DRAWN = {  # heading of draws: key
    "mAh/g": "Discharge capacity [mA.h.g-1]",
    "retention": "Retention",
    "CE": "Coulombic efficiency",
    "R positive": "Positive electrode interface resistance [Ohm.cm2]",
}
SHOWN_IF_KNOWN = {
    "connected pos.": ("Positive electrode connected share", 1, 4),
    "length pos.": ("Positive electrode diffusion length ratio", 1, 3),
}


AGED = (  # what took part: option, column, words, how much from the first cycle to the last
    ("loosening", "loosened share", "contact loosened", lambda a, b: f"{b - a:.0%}"),
    ("connection", "connected share", "particles cut off", lambda a, b: f"{a - b:.1%}"),
    ("cracking", "diffusion length ratio", "ways longer", lambda a, b: f"{b / a - 1:.0%}"),
    ("film", "film resistance [Ohm.cm2]", "film", lambda a, b: f"{b - a:+.3g} Ohm cm2 of contact"),
)


class OfCycles(Result):
    """Abstract: what one run of cycles gave, or several."""

    kind = "cycling"
    name = "cycle"
    besides = ("*MPa/cycle.*",)  # of runs under several pressures, a folder each


@dataclass(frozen=True, repr=False)
class CyclingResult(OfCycles):
    """One row a cycle, one row a frequency of each spectrum; units in the names."""

    cell: Cell
    runs: list[dict[str, Any]]
    spectra: list[dict[str, Any]]
    conditions: dict[str, Any]
    journal: Path | None  # where the run goes on from
    cell_after: Cell  # as the last whole cycle left it
    stopped: str = ""
    measured: list[MeasuredCurve] = field(default_factory=list)  # discharges to draw beside
    bands: Bands | None = None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a cycle; units in the names."""
        return self.with_bands(self.runs)

    @classmethod
    def build(
        cls, cell, rows, spectra, how, stopped, journal, cell_after, schedule=None
    ) -> CyclingResult:
        conditions = {
            **{name: value for name, value in how.items() if name != "Impedance frequencies [Hz]"},
            "Charge": charge_words(how["CV until"]),
            "Held": held_words(cell, to_si(how["Stack pressure [MPa]"], "MPa")),
            **({} if schedule is None else {"Schedule": schedule.words}),
            "Mesh": cell.model_options["mesh"],
            "Film": cell.model_options["film"],
            "Ageing": {name: cell.model_options[name] for name in sorted(AGEING)},
            "Gauges read at": "end of each discharge, under current",
            "Spectra read at": "end of charge, rested 10 min, on the graded mesh"
            if spectra
            else None,
            "Changes": cell.set_by_hand,
        }
        return cls(cell, rows, spectra, conditions, journal, cell_after, stopped)

    @property
    def data(self) -> xr.Dataset:
        """Numbers by cycle, spectra by the cycle they were read at and frequency."""
        table = self.table.set_index("Cycle").apply(pd.to_numeric, errors="coerce")
        numbers = table.dropna(axis="columns", how="all")
        columns = {name: (("Cycle",), numbers[name].to_numpy(float)) for name in numbers}
        coords: dict[str, Any] = {"Cycle": numbers.index.to_numpy()}
        if self.spectra:
            spectra = pd.DataFrame(self.spectra).set_index(["Cycle", "Frequency [Hz]"])
            for name in spectra:
                by_cycle = spectra[name].unstack("Frequency [Hz]")
                columns[name] = (("Spectrum cycle", "Frequency [Hz]"), by_cycle.to_numpy())
            coords["Spectrum cycle"] = by_cycle.index.to_numpy()
            coords["Frequency [Hz]"] = by_cycle.columns.to_numpy()
        data = xr.Dataset(columns, coords)
        for name in data.variables:
            data[name].attrs["units"] = unit_of(str(name))
        conditions = json.dumps(self.conditions)
        return data.assign_attrs(cell=self.cell.name, conditions=conditions, stopped=self.stopped)

    def plot(self):
        """Capacity, efficiency, voltages and resistances by cycle; spectra; the figure."""
        from ssb_model.figures.cycling import plot_cycling

        return plot_cycling(self.title, self.rows, self.spectra, self.conditions, self.measured)

    @property
    def failed(self) -> bool:
        """Whether a hand stopped it, or the solver, which no outcome of the cell explains."""
        return self.stopped == BY_HAND or gave_up(self.stopped)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {**super().payload, "conditions": self.conditions, "spectra": self.spectra}

    @property
    def more(self) -> dict[str, bytes]:
        """Spectra as CSV, all numbers as netCDF."""
        spectra = {"cycle.spectra.csv": csv_bytes(pd.DataFrame(self.spectra))}
        return {**(spectra if self.spectra else {}), "cycle.nc": netcdf_bytes(self.data)}

    @property
    def text(self) -> str:
        """First, last and some cycles between, under lines that say how it was cycled."""
        how, rows = self.conditions, self.rows
        lines = self.head(
            f"Cycled     {how['C-rate']:g}C after charge at {how['Charge C-rate']:g}C "
            f"({how['Charge']}), {how['Held']}, {how['Temperature [degC]']:g} °C; "
            f"mesh {how['Mesh']}"
        )
        if "Schedule" in how:
            lines.append(f"Pressed    {how['Schedule']}")
        if self.failed:
            lines.append(self._how_to_go_on())
        if not rows:
            return "\n".join(lines)
        whole = [row for row in rows if row["Discharge capacity [mA.h.g-1]"]]
        if whole:
            first, last, kept = whole[0]["Cycle"], whole[-1]["Cycle"], whole[-1]["Retention"]
            lines.append(f"Retention  {100 * kept:.2f} % of cycle {first} at cycle {last}")
            lines += self._aged(whole[0], whole[-1])
        lines.append(f"R in Ohm cm2, read at the {how['Gauges read at']}")
        known = {head: one for head, one in SHOWN_IF_KNOWN.items() if one[0] in rows[0]}
        shown = [
            {head: _digits(row.get(key), *form) for head, (key, *form) in (SHOWN | known).items()}
            | {"stopped by": row["Stopped by"]}
            for row in _some(rows)
        ]
        drawn = drawn_table(self, "Cycle", DRAWN, MOST_SHOWN)
        return "\n".join([*lines, "", text_table(shown), *drawn])

    def _aged(self, first: dict[str, Any], last: dict[str, Any]) -> list[str]:
        """What aged the cell, and by how much."""
        parts = []
        for option, column, words, amount in AGED:
            for side in SIDES:
                chosen = getattr(self.cell.model_options, side)[option]
                key = f"{side.capitalize()} electrode {column}"
                if chosen not in ("none", "constant") and key in first and key in last:
                    parts.append(f"{words} ({side}) {amount(first[key], last[key])}")
        return ["Aged by    " + ("; ".join(parts) if parts else "nothing: no option ages it")]

    def _how_to_go_on(self) -> str:
        if self.journal is None:
            return "Go on      not possible: the run has no journal; --out FOLDER keeps one"
        whole = len(self.rows) - gave_up(self.stopped)
        return f"Go on      the same command goes on with cycle {whole + 1} ({self.journal})"


@dataclass(frozen=True, repr=False)
class CyclingSet(OfCycles):
    """Runs of cycles, one fresh cell a stack pressure."""

    results: list[CyclingResult]
    measured: list[MeasuredCurve] = field(default_factory=list)  # discharges to draw beside

    @property
    def cell(self) -> Cell:
        """The cell each of them began with."""
        return self.results[0].cell

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a cycle, pressure after pressure."""
        return [row for result in self.results for row in result.rows]

    @property
    def data(self) -> xr.Dataset:
        """Numbers by stack pressure and cycle."""
        pressures = [result.conditions["Stack pressure [MPa]"] for result in self.results]
        parts = [result.data.drop_vars("Stack pressure [MPa]") for result in self.results]
        return xr.concat(parts, pd.Index(pressures, name="Stack pressure [MPa]"))

    @property
    def stopped(self) -> str:
        """What stopped the last of them, if anything did."""
        return self.results[-1].stopped

    @property
    def failed(self) -> bool:
        """Whether a hand or the solver stopped one of them."""
        return any(result.failed for result in self.results)

    @property
    def payload(self) -> dict[str, Any]:
        """The results as plain data, for JSON."""
        return {
            **super().payload,
            "conditions": [result.conditions for result in self.results],
            "stopped": [result.stopped for result in self.results],
            "spectra": [
                {"Stack pressure [MPa]": result.conditions["Stack pressure [MPa]"], **row}
                for result in self.results
                for row in result.spectra
            ],
        }

    def plot(self):
        """Capacity, retention and resistances by cycle, a colour a pressure; the figure."""
        from ssb_model.figures.cycling import plot_cycling_set

        return plot_cycling_set(self.results, self.measured)

    @property
    def files(self) -> dict[str, bytes]:
        """Each run in a folder of its own; all cycles together as CSV and figure."""
        files = {}
        for result in self.results:
            own = f"{result.conditions['Stack pressure [MPa]']:g}MPa"
            files[f"{own}/cycle.json"] = json_bytes(result.whole_payload)
            files |= {f"{own}/{name}": content for name, content in result.files.items()}
        return files | super().files

    @property
    def text(self) -> str:
        """Each run in a few lines."""
        return "\n\n".join(result.text for result in self.results)


def _some(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most so many rows, evenly over all, the first and the last among them."""
    steps = min(len(rows), MOST_SHOWN) - 1
    return [rows[round(k * (len(rows) - 1) / max(steps, 1))] for k in range(steps + 1)]


def _digits(value: float | None, factor: float, digits: int) -> str:
    return "" if value is None else f"{factor * value:.{digits}f}"


def cycle_row(
    cycle: Cycle, cell: Cell, how: dict[str, Any], before: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What one cycle gave, with the rows of those ``before``; retention refers to the first."""
    charge, discharge = cycle.charge, cycle.discharge
    last = cycle.last
    charged = float(areal_charge(charge, cell.design)[-1])
    gave = float(areal_charge(discharge, cell.design)[-1])
    on_charge, mean = mean_voltage(charge, cell), mean_voltage(discharge, cell)
    grams = cell.design.positive.grams
    gave_before = [row["Discharge capacity [mA.h.cm-2]"] for row in before]
    at_first = gave_before[0] if before else gave
    doubt = doubts_of_cycle(cell, gave, charged, gave_before)
    detail = said_of(last, None if last is charge else charge)
    return {
        "Cycle": cycle.number,
        **in_columns({"Stack pressure [MPa]": cycle.stack_pressure}),
        **(in_columns({"Pressed before [MPa]": cycle.pressed}) if "Repress every" in how else {}),
        "C-rate": how["C-rate"],
        "Charge C-rate": how["Charge C-rate"],
        "Charge before": charge_words(how["CV until"]),
        "Charge capacity [mA.h.g-1]": charged / grams,
        "Discharge capacity [mA.h.g-1]": gave / grams,
        "Discharge capacity [mA.h.cm-2]": gave,
        "Energy [mW.h.cm-2]": mean * gave if mean else 0.0,
        "Mean charge voltage [V]": on_charge,
        "Mean voltage [V]": mean,
        "Polarisation [V]": polarisation(charge, discharge, cell),
        "Coulombic efficiency": gave / charged if charged else None,
        "Retention": gave / at_first if at_first else None,
        "Charge stopped by": str(charge.stopped_by),
        "Stopped by": last.ended,
        "Detail": "; ".join(filter(None, (detail, doubt))),
        **({} if cycle.failed else gauge_row(cycle.state, cell)),
    }
