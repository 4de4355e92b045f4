"""How little stack pressure is enough and how much is too much, rate by rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at
from ssb_model.laws.creep import widest_shut
from ssb_model.quantities.checks import check_positive, check_rates
from ssb_model.quantities.units import in_columns, in_unit, said, to_si
from ssb_model.studies.question import MINIMUM
from ssb_model.studies.search import Status
from ssb_model.studies.window import Lithium
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import options as opt
from ssb_model.verbs.minimum_stack_pressure import minimum_stack_pressure
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Result, text_table

JOB, VOIDS = "Least pressure for the job", "Least pressure against voids"
PLATING, CREEP = "Least pressure against plating", "Greatest pressure against creep"
LOWER = (JOB, VOIDS, PLATING)
MARKED = (5e6, 10e6, 25e6)  # Pa, at which the time to a short is told
SEEN_TO_SHORT = 20.0  # A m-2 of plating, at 3 to 7 MPa; Kasemchainan2019
AT_MOST = "at or below "  # where it is the lowest tried
CURVE = np.geomspace(1e6, 100e6, 81)  # Pa


def pressure_window(
    cell: Cell | str | Path,
    c_rate: opt.CRates = (0.1, 0.3, 1.0),
    hours: Annotated[
        float,
        Option("lithium must not have crept through the separator before, {default}", metavar="H"),
    ] = 1000.0,
    keep: Annotated[
        float, Option("share of what the reference pressure gives, {default}", group="enough")
    ] = 0.95,
    criterion: Annotated[
        str,
        Option(
            "what the job is; {default} if left out",
            choices=("capacity", "energy", "retention", "resistance"),
            read=opt.spaced,
        ),
    ] = "capacity",
    limit: Annotated[
        float | None,
        Option(
            "in place of a share: at least so many mAh/g or mWh/cm2, at most Ohm cm2",
            group="enough",
        ),
    ] = None,
    reference_pressure: opt.ReferencePressure = None,
    between: Annotated[
        Sequence[float] | None,
        Option("pressures to try for the job", unit="MPa", metavar="MPa,MPa"),
    ] = None,
    temperature: opt.Temperature = None,
    cycles: opt.Cycles = 100,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
) -> PressureWindowResult:
    """Both ends of the stack pressure [Pa] a cell may be held at, at one C-rate after another.

    The lower end is the highest of: the least pressure for the job, as
    ``minimum_stack_pressure`` finds it with the same ``criterion``, ``keep``, ``limit``,
    ``reference_pressure`` and ``between``; for lithium the pressure under which creep refills
    what stripping takes from the face; for graphite that from which nothing plates while
    charging. The upper end is where lithium creeps through the separator in ``hours``. A cell
    without lithium metal has a lower end only. The ends of lithium have intervals of 5 to 95 %
    of what its material is not sure of; the job's needs ``samples`` draws, which run the cell.
    """
    cell = load_cell(cell)
    rates = check_rates(c_rate)
    check_positive("the hours", hours)
    held = held_at(cell, None, temperature)
    lithium = Lithium.of(cell, held[1], seed)
    graphite = lithium is None and "negative" in cell.model_options.porous
    common = {
        "reference_pressure": reference_pressure,
        "between": between,
        "temperature": temperature,
        "samples": samples,
        "seed": seed,
    }
    job = {"criterion": criterion, "keep": keep, "limit": limit, "cycles": cycles}
    rows: list[dict[str, Any]] = []
    stopped, how = "", ""
    try:
        for rate in progress(rates, len(rates), "rates"):
            least = minimum_stack_pressure(cell, rate, **job, **common)
            how = how or least.words.partition(":")[0].replace(f" at {rate:g}C", "")
            ends = {JOB: _found(least)}
            if graphite:
                plating = minimum_stack_pressure(cell, rate, criterion="plating margin", **common)
                ends[PLATING] = _found(plating)
            if lithium is not None:
                current = rate * cell.design.one_c
                ends[VOIDS] = _of(lithium, "least", current)
                ends[CREEP] = _of(lithium, "greatest", to_si(hours, "h"))
            rows.append(_row(cell, rate, ends))
            stopped = least.stopped
            if stopped:
                break
    except KeyboardInterrupt:
        stopped = BY_HAND
    asked = {"Job": how, "Hours": hours, **in_columns({"Temperature [degC]": held[1]})}
    return PressureWindowResult(cell, rows, asked, lithium, stopped)


@dataclass(frozen=True)
class End:
    """One end in MPa, its interval, and which side of the pressures tried it lies on."""

    value: float | None  # none: never met
    low: float | None = None
    high: float | None = None
    at_most: bool = False  # met already at the lowest tried


def _found(least: Any) -> End:
    """What a search for the least pressure found."""
    nominal, quantiles = least.nominal, least.draws.quantiles
    windows = nominal["windows"]
    value = nominal[MINIMUM]
    already = bool(windows) and windows[0]["lower"] is None
    low, high = (None, None) if quantiles is None else (quantiles[0], quantiles[2])
    return End(None if least.status == Status.NEVER else value, low, high, already)


def _of(lithium: Lithium, name: str, *arguments: float) -> End:
    value = float(getattr(lithium, name)(*arguments))
    low, high = lithium.interval(name, *arguments)
    return End(*(in_unit(each, "MPa") for each in (value, low, high)))


def _row(cell: Cell, rate: float, ends: dict[str, End]) -> dict[str, Any]:
    row: dict[str, Any] = {"C-rate": rate}
    row |= in_columns({"Current [mA.cm-2]": rate * cell.design.one_c})
    for name, end in ends.items():
        row[f"{name} [MPa]"] = end.value
        if end.at_most:
            row[f"{name} is"] = AT_MOST
        if end.low is not None:
            row |= {f"{name} low [MPa]": end.low, f"{name} high [MPa]": end.high}
    row["Window"] = window_words(ends)
    return row


def window_words(ends: dict[str, End]) -> str:
    """Both ends in words, and which of the lower ones it is."""
    never = [name for name in LOWER if name in ends and ends[name].value is None]
    if never:
        why = {JOB: "the job is not done at any pressure tried", PLATING: "it plates at all tried"}
        return f"none: {'; '.join(why[name] for name in never)}"
    lower = {name: ends[name] for name in LOWER if name in ends}
    decides = max(lower, key=lambda name: lower[name].value)
    least = lower[decides]
    below = AT_MOST if least.at_most else ""
    what = decides.removeprefix("Least pressure ")
    if CREEP not in ends:
        return f"from {below}{least.value:.3g} MPa on ({what})"
    greatest = ends[CREEP].value
    if greatest == np.inf:
        return f"from {below}{least.value:.3g} MPa on ({what}); pores are closed to lithium"
    if greatest < least.value:
        return f"none: {least.value:.3g} MPa {what}, {greatest:.3g} MPa at most against creep"
    return f"{below}{least.value:.3g} to {greatest:.3g} MPa ({what}; creep)"


@dataclass(frozen=True, repr=False)
class PressureWindowResult(Result):
    """One row a C-rate with each end in MPa and its interval; ``lithium`` answers for creep."""

    kind = "pressure-window"
    told, tables = ("asked",), ("creep",)

    cell: Cell
    rows: list[dict[str, Any]]
    asked: dict[str, Any]
    lithium: Lithium | None
    stopped: str = ""

    def column(self, name: str) -> list[float]:
        """As of any result; stack pressures are the ends that were found."""
        if name != "Stack pressure [MPa]":
            return super().column(name)
        ends = [row.get(f"{end} [MPa]") for row in self.rows for end in (*LOWER, CREEP)]
        return [end for end in ends if end is not None and np.isfinite(end)]

    def hours_to_short(self, stack_pressure: float) -> float:
        """Until lithium has crept through the separator under a stack pressure [Pa]."""
        return np.inf if self.lithium is None else _hours(self.lithium, stack_pressure)

    @cached_property
    def own(self) -> float:
        """The cell's own stack pressure [Pa]."""
        return self.cell.evaluate("Stack pressure [Pa]")

    @property
    def lithium_words(self) -> list[str]:
        """What lithium does under pressure, in sentences; that there is no upper end without."""
        if self.lithium is None:
            return ["no lithium metal in this cell, so that the window has a lower end only"]
        thick = said(self.lithium.thickness, "mm", ".2g")
        marked = [f"{_hours(self.lithium, p):.3g} h at {said(p, 'MPa')}" for p in MARKED]
        low, high = (in_unit(x, "h") for x in self.lithium.interval("time_to_short", self.own))
        said_of_own = (
            f"at the cell's own {said(self.own, 'MPa')} {_hours(self.lithium, self.own):.3g} h "
            f"({low:.3g} to {high:.3g} h)"
        )
        words = [f"creeps through {thick} in {', '.join(marked)}; {said_of_own}"]
        flaw = said(widest_shut(self.own), "um", ".2g")
        words.append(
            f"the hours are of pellets it found a way into (Doux2020): at {said(self.own, 'MPa')} "
            f"that takes pores or cracks wider than {flaw} (Xu2017), which no file tells of; a "
            "cell of fine powder ran 2000 h at 30 MPa (Zhou2025), a hundred times this law"
        )
        fast = [row["C-rate"] for row in self.rows if self._amperes(row) > SEEN_TO_SHORT]
        if fast:
            words.append(
                f"from {min(fast):g}C it is plated faster than the 2 mA/cm2 that shorted pellets "
                "at 3 to 7 MPa (Kasemchainan2019), which no end here is of"
            )
        return words

    def _amperes(self, row: dict[str, Any]) -> float:
        return row["C-rate"] * self.cell.design.one_c

    @cached_property
    def creep(self) -> pd.DataFrame | None:
        """Against pressure: hours to a short and the limit of stripping, with 5 to 95 %."""
        if self.lithium is None:
            return None
        rows = []
        for pressure in CURVE:
            row = {"Stack pressure [MPa]": pressure}
            for column, name in CURVES.items():
                base, _, unit = column.partition(" [")
                low, high = self.lithium.interval(name, pressure)
                row[column] = float(getattr(self.lithium, name)(pressure))
                row |= {f"{base} low [{unit}": low, f"{base} high [{unit}": high}
            rows.append(in_columns(row))
        return pd.DataFrame(rows)

    @property
    def data(self) -> xr.Dataset:
        """The rows as arrays over the C-rate."""
        table = self.table.set_index("C-rate") if self.rows else self.table
        return table.to_xarray().assign_attrs(cell=self.cell.name)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {**super().payload, "lithium": self.lithium_words}

    def plot(self):
        """The window against rate and, of lithium, the hours to a short; returns the figure."""
        from ssb_model.figures.pressure import plot_pressure_window

        words = f"{self.asked['Job']}; {self.asked['Hours']:g} h without a short"
        own = in_unit(self.own, "MPa")
        return plot_pressure_window(
            self.title, words, self.table, self.creep, self.asked["Hours"], own
        )

    @property
    def text(self) -> str:
        """The window rate by rate, under what it is of."""
        lines = self.head(f"Job        {self.asked['Job']}")
        lines += [f"Lithium    {words}" for words in self.lithium_words]
        if not self.rows:
            return "\n".join(lines)
        heads = {JOB: "for the job", VOIDS: "against voids", PLATING: "against plating"}
        heads[CREEP] = f"creep, {self.asked['Hours']:g} h"
        shown = []
        for row in self.rows:
            line = {"C-rate": row["C-rate"], "mA/cm2": row["Current [mA.cm-2]"]}
            line |= {
                head: _with_interval(row, name)
                for name, head in heads.items()
                if f"{name} [MPa]" in row
            }
            shown.append(line | {"window": row["Window"]})
        return "\n".join([*lines, "", "MPa [5 %, 95 % of draws]", text_table(shown)])


CURVES = {
    "Time to short [h]": "time_to_short",
    "Stripping limit [mA.cm-2]": "stripping_limit",
}


def _hours(lithium: Lithium, pressure: float) -> float:
    return float(in_unit(lithium.time_to_short(pressure), "h"))


def _with_interval(row: dict[str, Any], name: str) -> str:
    value, low, high = (row.get(f"{name}{end} [MPa]") for end in ("", " low", " high"))
    if value is None:
        return "never"
    interval = "" if low is None else f" [{low:.3g}, {high:.3g}]"
    return f"{row.get(f'{name} is', '')}{value:.3g}{interval}"
