"""What a search for designs varies, runs at each point, makes large or keeps within limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import REFUSED, gave_up
from ssb_model.errors import InputError, nearest
from ssb_model.laws.mechanics import series_stiffness
from ssb_model.models.options import SIDES
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import in_columns, known, split, unit
from ssb_model.studies.axes import Changed, Choice, Loading, Parameter
from ssb_model.studies.bands import sound
from ssb_model.studies.holding import compliance, grown_by_charge
from ssb_model.studies.packing import DENSITY, OF_THE_CELL, SPECIFIC, Packing
from ssb_model.studies.plan import Plan, Row, Values, along, differing, planned
from ssb_model.studies.runs import OUTPUTS, Settings
from ssb_model.studies.window import Lithium, creep_of
from ssb_model.studies.workers import at_once
from ssb_model.submodels.stack import STIFFNESS

DIGITS = 5  # of a number that is tried: a cell file says the same
RATIO = 10  # of two limits from which on a number is tried evenly in its logarithm
FOLLOWS = re.compile(r"(thickness \[m\]|fraction|porosity|concentration.*|Cell volume.*)$")
KEPT, RETENTION, MARGIN = "Share of capacity kept", "Retention", "Plating margin [mV]"
SWING, SHORT, STRIPPING = "Pressure swing [MPa]", "Time to short [h]", "Stripping limit [mA.cm-2]"
OF_LITHIUM = (SHORT, STRIPPING)
PACKED = (SPECIFIC, DENSITY, *OF_THE_CELL.values(), "Mass [g]", "Holder mass [g]")
PRODUCT = (*PACKED, "Delivered energy [W.h]", "Cell thickness [mm]", "Volume [cm3]")
GOALS = {
    "energy": SPECIFIC,
    "volume": DENSITY,
    "rate": KEPT,
    "life": RETENTION,
    "pressure": "-Stack pressure [MPa]",
}


def in_words(column: str) -> str:
    """ "specific energy (Wh/kg)" of "Specific energy [W.h.kg-1]"."""
    base, of = split(column)
    base = f"{base[:1].lower()}{base[1:]}" if base[1:2].islower() else base
    return base if of == "1" or not known(of) else f"{base} ({unit(of).words})"


@dataclass(frozen=True)
class Wanted:
    """A column to be made large, or small with a sign of -1."""

    column: str
    sign: int = 1

    @classmethod
    def read(cls, text: str) -> Wanted:
        """From "energy" or "-Mass [g]"."""
        if not str(text).strip("- "):
            raise InputError(f"a goal is a column or one of {', '.join(GOALS)}.")
        text = GOALS.get(str(text).strip(), str(text).strip())
        return cls(text.removeprefix("-").strip(), -1 if text.startswith("-") else 1)

    @property
    def words(self) -> str:
        return f"{'little' if self.sign < 0 else 'much'} {in_words(self.column)}"


@dataclass(frozen=True)
class Limit:
    """A column that is to stay at or above a number, or below it with a sign of -1."""

    column: str
    value: float
    sign: int = 1

    @classmethod
    def read(cls, text: str) -> Limit:
        """From "Plating margin [mV] >= 0"."""
        found = re.fullmatch(r"(.+?)\s*([<>]=?)\s*(\S+)", str(text).strip())
        try:
            value = check_number("a limit", float(found[3]))
        except (TypeError, ValueError):
            raise InputError(
                f"limit '{text}': write it as \"Plating margin [mV] >= 0\", or with <=."
            ) from None
        return cls(found[1], value, 1 if found[2].startswith(">") else -1)

    @property
    def words(self) -> str:
        return f"{in_words(self.column)} {'>=' if self.sign > 0 else '<='} {self.value:g}"

    def missed(self, value: float | None) -> float:
        """How far, over the limit where that is not 0; NaN where nothing is known."""
        if value is None:
            return np.nan
        return self.sign * (self.value - value) / (abs(self.value) or 1.0)


@dataclass(frozen=True)
class Designs:
    """Points between limits, the plans that run them, goals and limits."""

    cell: Cell
    plans: dict[str, Plan]  # by what they are for, "energy" first, or "own"
    limits: tuple[tuple[float, float], ...]  # of each axis
    goals: tuple[Wanted, ...]
    kept: tuple[Limit, ...] = ()
    scheduler: str | None = None
    derived: tuple[str, ...] = field(default=(), init=False)

    def __post_init__(self):
        asked = {one.column for one in (*self.goals, *self.kept)}
        object.__setattr__(self, "derived", tuple(sorted(asked & {SWING, *OF_LITHIUM, "N/P"})))

    @property
    def plan(self) -> Plan:
        return next(iter(self.plans.values()))

    def values(self, shares: Sequence[float]) -> Values:
        """What stands at so many shares of the way from one limit to the other."""
        found = []
        for share, (low, high) in zip(shares, self.limits, strict=True):
            if low > 0 and high >= RATIO * low:
                value = exp(log(low) + share * (log(high) - log(low)))
            else:
                value = low + share * (high - low)
            found.append(min(max(float(f"{value:.{DIGITS}g}"), low), high))
        return tuple(found)

    def rows(self, points: dict[int, Values]) -> dict[int, Row]:
        """A row of each, of all its runs together."""
        found = at_once(self.plan, points, self.scheduler)
        if "fast" in self.plans:
            fast = at_once(self.plans["fast"], points, self.scheduler)
            for number, row in found.items():
                name = "Capacity [mA.h.g-1]"
                slow, quick = row.get(name), fast[number].get(name)
                row[KEPT] = None if quick is None or not slow else quick / slow
        for plan, column in (("life", RETENTION), ("plating", MARGIN)):
            if plan in self.plans:
                gave = at_once(self.plans[plan], points, self.scheduler)
                for number, row in found.items():
                    row[column] = gave[number].get(column)
        if self.derived:
            for number, row in found.items():
                if row["Stopped by"] != REFUSED:
                    row |= self._derived(points[number])
        return found

    def _derived(self, values: Values) -> Row:
        """What follows from a cell and how it is held without a run."""
        cell, held = self.plan.made(values), self.plan.conditions_of(values)
        row: Row = {}
        if "N/P" in self.derived:
            row["N/P"] = cell.design.np_ratio
        if SWING in self.derived:
            row |= in_columns({SWING: swing(cell)})
        if set(self.derived) & {*OF_LITHIUM}:
            numbers = [cell.evaluate(f"Separator {x}") for x in ("thickness [m]", "void fraction")]
            lithium = Lithium(creep_of(cell.design.file), *numbers, held["temperature"])
            time = float(lithium.time_to_short(held["stack_pressure"]))
            limit = float(lithium.stripping_limit(held["stack_pressure"]))
            row |= in_columns({SHORT: min(time, 1e12), STRIPPING: limit})
        return row

    def told(self, rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
        """Goals to be made small, and how far limits are missed, of rows."""

        def value(row: Row, column: str) -> float | None:
            ended = row["Stopped by"]
            ran = sound(row) and ended != REFUSED and not gave_up(ended)
            return row.get(column) if ran else None

        goals = [
            [np.nan if (v := value(row, one.column)) is None else -one.sign * v
             for one in self.goals]
            for row in rows
        ]  # fmt: skip
        missed = [[one.missed(value(row, one.column)) for one in self.kept] for row in rows]
        return (
            np.array(goals, float).reshape(len(rows), len(self.goals)),
            np.array(missed, float).reshape(len(rows), len(self.kept)),
        )


def swing(cell: Cell) -> float:
    """Of the pressure between empty and full in what holds the cell by its own file [Pa]."""
    ends = np.linspace(0.0, cell.window.charge, 21)
    growth = grown_by_charge(cell, ends, ends, np.zeros(ends.size))
    whole = sum(getattr(growth, side) for side in SIDES)
    stack = cell.model_options["stack"]
    stiffness = cell.evaluate(STIFFNESS.get(stack, STIFFNESS["rigid"]))
    return float(np.ptp(whole) * series_stiffness(stiffness, compliance(cell)))


def designs(
    cell: Cell,
    over: Mapping[str, Sequence[float]],
    goals: Sequence[Wanted],
    kept: Sequence[Limit],
    held: Mapping[str, Any],
    packing: Packing,
    fast_rate: float,
    cycles: int,
    run: Any = None,
    scheduler: str | None = None,
) -> Designs:
    """The search as data, checked: what is asked for decides which runs a point has."""
    if not 1 <= len(goals) <= 3 or len({one.column for one in goals}) < len(goals):
        raise InputError("maximise one, two or three things, each once, as energy,pressure.")
    settings = Settings(cycles=cycles, packing=None if run else packing)
    plan, _ = planned(cell, over, run or "discharge", {**held, "soc": 0.5}, settings, 2)
    limits = tuple((float(min(pair)), float(max(pair))) for pair in over.values())
    axes = []
    for axis, (low, high) in zip(plan.axes, limits, strict=True):
        if isinstance(axis, Choice) or not low < high:
            raise InputError(f"'{axis.name}' needs two limits of a number: LOW:HIGH.")
        if isinstance(axis, Parameter) and any(map(FOLLOWS.search, axis.names(cell))):
            raise InputError(
                f"'{axis.name}' follows from the recipe, which masses follow too: vary a loading, "
                "a porosity or a thickness of the recipe, as 'separator: Thickness [m]'."
            )
        if Loading.follows(cell, axis, list(over)):
            axis = Loading(axis.name, axis.column)
        axes.append(axis)
    varied = {
        axis: pair for axis, pair in zip(axes, limits, strict=True) if isinstance(axis, Changed)
    }
    plan = replace(plan, axes=tuple(axes), differing=differing(plan.cell, along(plan.cell, varied)))
    plans = {"own" if run else "energy": plan}
    asked = [one.column for one in (*goals, *kept)]
    if run is None:
        _check_known(cell, asked, [axis.column for axis in axes])

    def more(name: str, column: str, of: str, **conditions: Any) -> None:
        if run is None and column in asked:
            other, _ = planned(cell, over, of, {**held, "soc": 0.5, **conditions}, settings, 2)
            apart = differing(other.cell, along(other.cell, varied))
            bare = replace(settings, packing=None)
            plans[name] = replace(other, axes=plan.axes, differing=apart, settings=bare)

    more("fast", KEPT, "discharge", c_rate=fast_rate)
    more("life", RETENTION, "cycles")
    more("plating", MARGIN, "charge")
    if "fast" in plans and "c_rate" in over:
        raise InputError(
            "a share of the capacity is of two C-rates that stay: vary something else."
        )
    return Designs(cell, plans, limits, tuple(goals), tuple(kept), scheduler)


def _check_known(cell: Cell, asked: Sequence[str], varied: Sequence[str]) -> None:
    """Refuse columns that no run of this cell has."""
    there = {*OUTPUTS["discharge"], *PRODUCT, KEPT, RETENTION, SWING, "N/P", *varied}
    there |= {"Stack pressure [MPa]", "Temperature [degC]", MARGIN, *OF_LITHIUM}
    for column in asked:
        if column not in there:
            raise InputError(f"no '{column}' of a design. {nearest(column, [*there, *GOALS])}")
        if column in OF_LITHIUM and creep_of(cell.design.file) is None:
            raise InputError(f"'{column}' is of lithium metal, which this cell has none of.")
        if column == MARGIN and "negative" not in cell.model_options.porous:
            raise InputError(f"'{column}' is of a porous negative electrode, as of graphite.")
