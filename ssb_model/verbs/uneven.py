"""What an uneven stack pressure costs: one cell as patches in parallel at its terminals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Held, Unsolved, check_window, together
from ssb_model.measured.pressure import read_map
from ssb_model.quantities import checks
from ssb_model.quantities.units import in_columns, in_unit
from ssb_model.studies.patches import Instant, Parallel, aged
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND, stop_is_heard
from ssb_model.verbs import options as opt
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Tabled, text_table

MOST_PATCHES = 12
LEAST_SHARE = 1e-6  # of the area


def uneven(
    cell: Cell | str | Path,
    patches: Annotated[
        Sequence[float] | None,
        Option("stack pressures of the patches in MPa, as 2,5,8", unit="MPa", metavar="MPa,..."),
    ] = None,
    shares: Annotated[
        Sequence[float] | None,
        Option("of the area each patch has, as 1,2,1; alike if left out", metavar="N,..."),
    ] = None,
    pressure_map: Annotated[
        str | Path | None,
        Option(
            "in place of patches: CSV, a grid of pressures in MPa over the cell, or a picture of "
            "pressure paper",
            ("--map",),
            metavar="FILE",
        ),
    ] = None,
    map_scale: Annotated[
        Sequence[float] | None,
        Option("of a picture: pressures of white and of full colour", unit="MPa", metavar="A,B"),
    ] = None,
    c_rate: opt.CRates = (0.1, 0.5),
    temperature: opt.Temperature = None,
    cycles_before: Annotated[
        int, Option("cycles before, each patch by itself, {default}", metavar="N")
    ] = 0,
    cycle_rate: opt.CycleRate = 0.2,
    cycle_cv_until: opt.CycleCvUntil = 0.05,
    force_loss: Annotated[
        float,
        Option("share of its force that the holder has lost after them, {default}", metavar="X"),
    ] = 0.0,
    ageing: opt.Ageing = True,
    cv_until: opt.CvUntil = None,
) -> UnevenResult:
    """What a cell gives whose stack pressure [Pa] is not the same everywhere.

    The ``patches``, or five of equal area out of a ``pressure_map``, are each the whole model at
    a pressure of its own, in parallel at the terminals: one voltage, currents that add up. At
    every C-rate the cell is charged from rest at 0 %, with ``cv_until`` held at the upper cut-off
    until each patch is down at that C-rate, and discharged; beside it stands the same
    cell under the mean of the pressures everywhere. Current spreads over the foils for nothing.
    With ``cycles_before`` each patch has lived so many cycles by itself before, at
    ``cycle_rate`` under its pressure, of which the share ``force_loss`` is gone at their end
    (springs tire, evenly over the cycles); the even cell has lost none. It ages as its file
    declares, unless ``ageing`` is false.
    """
    cell = load_cell(cell)
    check_window(cell)
    cell.check_no_profile()
    rates = checks.check_rates(c_rate)
    pressures, weights = _patches(patches, shares, pressure_map, map_scale)
    _, temperature = held_at(cell, None, temperature)
    checks.check_whole("the number of cycles before", cycles_before, least=0)
    checks.check_rate("the cycle rate", cycle_rate)
    for name, value in {"cycle_cv_until": cycle_cv_until, "cv_until": cv_until}.items():
        if value is not None:
            checks.check_rate(name, value)
    if checks.check_share("the loss of force", force_loss) and not cycles_before:
        raise InputError("a holder loses its force over cycles: give --cycles-before.")
    cell = cell.that_ages() if ageing and cycles_before else cell
    cell = cell.with_options({"stack": "isostatic"}).on_mesh("draft")
    engine = Engine(cell.at_soc(0))
    mean = float(weights @ pressures)
    runs: list[Pair] = []
    stopped = ""
    try:
        at = [Held(cell, float(pressure), temperature) for pressure in (*pressures, mean)]
        losses = [force_loss] * len(pressures) + [0.0]
        stood = _aged(engine, at, losses, (cycles_before, cycle_rate, cycle_cv_until))
        for rate in progress(rates, len(rates), "rates"):
            both = []
            for part, share in ((stood[:-1], weights), (stood[-1:], np.ones(1))):
                parallel = Parallel.of(
                    engine, [held for held, _ in part], share, [state for _, state in part]
                )
                charge = list(parallel.flow(-rate))
                if cv_until is not None:
                    parallel.hold(cv_until)
                discharge = list(parallel.flow(rate))
                both.append(Half(charge, discharge, str(parallel.stopped), parallel.detail))
            runs.append(Pair(rate, *both))
    except KeyboardInterrupt:
        stopped = BY_HAND
    lived = (cycles_before, cycle_rate, force_loss)
    return UnevenResult(cell, pressures, weights, temperature, runs, stopped, lived)


def _aged(engine: Engine, at: list[Held], losses: list[float], how) -> list[tuple[Held, Any]]:
    """Each patch, and the even cell, as the cycles before leave it."""
    count, *rates = how
    if not count:
        return [(held, None) for held in at]
    each = [aged(held, count, *rates, loss) for held, loss in zip(at, losses, strict=True)]
    with stop_is_heard():
        found = together(engine, each)
    for one in found:
        if isinstance(one, Unsolved):
            raise InputError(f"{one} Take fewer cycles before, a lower rate or more pressure.")
    return found


def _patches(patches, shares, pressure_map, scale) -> tuple[np.ndarray, np.ndarray]:
    """Pressures and shares of area, those of one pressure together."""
    if (patches is None) == (pressure_map is None):
        raise InputError("give the pressures of patches, as --patches 2,5,8, or a --map, not both.")
    if scale is not None and pressure_map is None:
        raise InputError("a scale is of a picture: give it as --map.")
    if pressure_map is not None:
        if shares is not None:
            raise InputError("a map has its own shares of area: leave out --shares.")
        patches = read_map(pressure_map, scale)
    given = [checks.check_pressure("a patch", p) for p in checks.check_several("patches", patches)]
    weights = [1.0] * len(given) if shares is None else checks.check_several("shares", shares)
    if len(weights) != len(given):
        raise InputError(f"{len(given)} patches have as many shares, not {len(weights)}.")
    if len(given) > MOST_PATCHES:
        raise InputError(f"at most {MOST_PATCHES} patches: put those of like pressure together.")
    for weight in weights:
        checks.check_positive("a share", weight)
    if min(weights) < LEAST_SHARE * sum(weights):
        raise InputError(f"a patch has {LEAST_SHARE:.0e} of the area at least: leave it out.")
    pressures, where = np.unique(np.array(given, float), return_inverse=True)
    together = np.bincount(where, np.array(weights, float))
    return pressures, together / together.sum()


@dataclass(frozen=True)
class Half:
    """A charge and a discharge of all patches together."""

    charge: list[Instant]
    discharge: list[Instant]
    stopped_by: str
    detail: str

    def passed(self, shares: np.ndarray) -> float:
        """On discharge, of the whole cell [C m-2]."""
        return float(shares @ self.discharge[-1].passed) if self.discharge else 0.0

    @property
    def margins(self) -> np.ndarray | None:
        """Against plating while charging, least of each patch [V]; of graphite."""
        found = [one.margins for one in self.charge if one.margins is not None]
        return np.min(found, axis=0) if found else None


@dataclass(frozen=True)
class Pair:
    """The uneven cell and the even one at a C-rate."""

    c_rate: float
    uneven: Half
    even: Half


@dataclass(frozen=True, repr=False)
class UnevenResult(Tabled):
    """One row a C-rate; ``patches`` has one a patch and C-rate."""

    kind, index = "uneven", "C-rate"
    told = tables = ("patches",)

    cell: Cell
    pressures: np.ndarray  # of the patches [Pa]
    shares: np.ndarray
    temperature: float
    runs: list[Pair]
    stopped: str = ""
    lived: tuple[int, float, float] = (0, 0.0, 0.0)  # cycles before, their C-rate, force lost

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row a C-rate."""
        rows, grams = [], self.cell.design.positive.grams
        for run in self.runs:
            uneven = in_unit(run.uneven.passed(self.shares), "mA.h.cm-2") / grams
            even = in_unit(run.even.passed(np.ones(1)), "mA.h.cm-2") / grams
            row = {"C-rate": run.c_rate, "Capacity [mA.h.g-1]": uneven}
            row |= {"Capacity if even [mA.h.g-1]": even}
            row |= {"Lost by unevenness": 1 - uneven / even if even else None}
            row |= {"Stopped by": run.uneven.stopped_by, "Detail": run.uneven.detail}
            held = {"Stack pressure [MPa]": float(self.shares @ self.pressures)}
            rows.append(row | in_columns({**held, "Temperature [degC]": self.temperature}))
        return rows

    @cached_property
    def patches(self) -> list[dict[str, Any]]:
        """One row a patch and C-rate."""
        rows = []
        for run in self.runs:
            if not run.uneven.discharge:
                continue
            passed = run.uneven.discharge[-1].passed
            over = np.array([one.currents for one in (*run.uneven.charge, *run.uneven.discharge)])
            margins = run.uneven.margins
            for k, pressure in enumerate(self.pressures):
                row = {"C-rate": run.c_rate, **in_columns({"Stack pressure [MPa]": pressure})}
                row["Share of area"] = float(self.shares[k])
                row["Share of charge"] = float(self.shares[k] * passed[k] / (self.shares @ passed))
                row["Least current over mean"] = float(over[:, k].min())
                row["Most current over mean"] = float(over[:, k].max())
                if margins is not None:
                    row |= in_columns({"Plating margin [mV]": float(margins[k])})
                rows.append(row)
        return rows

    def column(self, name: str) -> list[float]:
        """As of any result; stack pressures are those of the patches."""
        if name == "Stack pressure [MPa]":
            return in_unit(self.pressures, "MPa").tolist()
        return super().column(name)

    def plot(self):
        """What the cell gives, even and uneven, and what each patch carries."""
        from ssb_model.figures.pressure import plot_uneven

        return plot_uneven(self.title, self.table, pd.DataFrame(self.patches))

    @property
    def text(self) -> str:
        """The cell even and uneven, and its patches."""
        held = ", ".join(
            f"{in_unit(p, 'MPa'):.3g} MPa on {100 * share:.3g} %"
            for p, share in zip(self.pressures, self.shares, strict=True)
        )
        lines = self.head(f"Patches    {held}")
        count, rate, loss = self.lived
        if count:
            lines.append(
                f"Lived      {count} cycles at {rate:g}C, each patch by itself; the holder lost "
                f"{100 * loss:g} % of its force over them, that of the even cell nothing"
            )
        if not self.rows:
            return "\n".join(lines)
        shown = [
            {
                "C-rate": row["C-rate"],
                "mAh/g": row["Capacity [mA.h.g-1]"],
                "if even": row["Capacity if even [mA.h.g-1]"],
                "lost, %": row["Lost by unevenness"] and 100 * row["Lost by unevenness"],
                "stopped by": row["Stopped by"],
            }
            for row in self.rows
        ]
        heads = {"C-rate": "C-rate", "MPa": "Stack pressure [MPa]", "of the area": "Share of area"}
        heads |= {"of the charge": "Share of charge", "current, least": "Least current over mean"}
        heads |= {"most, over mean": "Most current over mean", "margin, mV": "Plating margin [mV]"}
        return "\n".join([*lines, "", text_table(shown), "", text_table(self.patches, heads)])
