"""How a run ends, always with a reason, and the curves and extremes it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.numbers import State, instant
from ssb_model.engine.reading import read_along
from ssb_model.quantities.registry import quantity
from ssb_model.quantities.units import convert, in_columns, said
from ssb_model.submodels.blend import KINDS, blended

if TYPE_CHECKING:
    import pybamm

    from ssb_model.cell.cell import Cell


class StoppedBy(StrEnum):
    """Why a run ended."""

    LOWER_CUTOFF = "lower voltage cut-off"
    UPPER_CUTOFF = "upper voltage cut-off"
    LOWER_CUTOFF_AT_ONCE = "lower voltage cut-off at once"
    UPPER_CUTOFF_AT_ONCE = "upper voltage cut-off at once"
    RESERVOIR_EMPTY = "negative reservoir empty"
    SPOTS_EMPTY = "contact spots empty"
    SPOTS_FULL = "contact spots full"
    CURRENT_CUTOFF = "current cut-off at constant voltage"
    TIME = "time limit"
    SOLVER = "solver failed"


REFUSED, FAILED = "refused", "failed"  # of a cell that cannot be, of one that cannot be solved


def gave_up(ended: str) -> bool:
    """Whether an end, of which tables and journals keep the words, is that of a failed solve."""
    return StoppedBy.SOLVER in ended or ended == FAILED


ALONG = (
    *("Discharge capacity [A.h]", "Voltage [V]", "Current [A]"),
    *("Stack pressure [Pa]", "Stack gap [m]", "Cell thickness change [m]"),
)


@dataclass(frozen=True)
class Segment:
    """What became of a step: its solution (none if it never began) and its end."""

    solution: pybamm.Solution | None
    stopped_by: StoppedBy
    detail: str = ""
    doubt: str = ""  # what cannot be in it, solved with all care; part of the detail
    engine: Any = field(default=None, repr=False, compare=False)  # on which it ran

    @property
    def failed(self) -> bool:
        """Whether the solver gave up."""
        return self.stopped_by is StoppedBy.SOLVER

    @property
    def sound(self) -> bool:
        """Whether it ended somewhere to go on from."""
        return self.solution is not None and not self.failed

    @property
    def ended(self) -> str:
        """Why it ended, or never began."""
        return f"{'never began: ' if self.solution is None else ''}{self.stopped_by}"

    @cached_property
    def state(self) -> State:
        """Where it ended, to go on from."""
        of = self.solution  # its parts may be of several forms of the model
        last = (of.all_ts[-1][-1], of.all_ys[-1][:, -1], of.all_models[-1], of.all_inputs[-1])
        return State(instant(*last), self.engine)

    @cached_property
    def along(self) -> dict[str, np.ndarray]:
        """What nearly all that is told of it hangs on, at every instant: read once."""
        return read_along(self.solution, ALONG)

    @property
    def duration(self) -> float:
        """Seconds it lasted."""
        return 0.0 if self.solution is None else float(self.solution.t[-1] - self.solution.t[0])


EVENTS = {
    "Current cut-off": StoppedBy.CURRENT_CUTOFF,
    "Minimum voltage [V]": StoppedBy.LOWER_CUTOFF,
    "Maximum voltage [V]": StoppedBy.UPPER_CUTOFF,
    "Negative reservoir empty": StoppedBy.RESERVOIR_EMPTY,
    "Negative contact spots empty": StoppedBy.SPOTS_EMPTY,
    "Positive contact spots empty": StoppedBy.SPOTS_EMPTY,
    "Negative contact spots full": StoppedBy.SPOTS_FULL,
    "Positive contact spots full": StoppedBy.SPOTS_FULL,
}
AT_ONCE = {
    StoppedBy.LOWER_CUTOFF: StoppedBy.LOWER_CUTOFF_AT_ONCE,
    StoppedBy.UPPER_CUTOFF: StoppedBy.UPPER_CUTOFF_AT_ONCE,
}
SENTENCE = {
    StoppedBy.SPOTS_EMPTY: "no lithium left under the contact spots of the {electrode} "
    "electrode: the current through them is more than the particles feed",
    StoppedBy.SPOTS_FULL: "no room left under the contact spots of the {electrode} electrode: "
    "the current through them is more than the particles take away",
}
OUTSIDE = "the voltage is outside the window as soon as the current flows"
STEEP = "hangs steeply on its rate"  # said of a capacity
GAP = 1e-9  # m; a gap smaller than this is rounding


def ended(cell: Cell, solution: pybamm.Solution) -> Segment:
    """A solution of a cell with its reason."""
    event = solution.termination.removeprefix("event: ")
    of_a_law = event != solution.termination and event not in EVENTS
    details = [event if of_a_law else _sentence(event), _lost_contact(cell, solution)]
    reason = EVENTS.get(event, StoppedBy.TIME)
    return Segment(solution, reason, "; ".join(filter(None, details)))


def _lost_contact(cell: Cell, solution: pybamm.Solution) -> str:
    """A gap between the cell and what holds it, said with when it opened."""
    if cell.model_options["stack"] == "isostatic":
        return ""
    gap = np.broadcast_to(solution["Stack gap [m]"].entries, solution.t.shape)
    if gap.max() < GAP:
        return ""
    opened = solution.t[np.argmax(gap > GAP)] - solution.t[0]
    return (
        f"contact with the holder lost after {said(opened, 'h', '.2f')}: a gap of "
        f"{said(gap.max(), 'um', '.2f')}, "
        "set a higher stack pressure or a softer spring"
    )


def _sentence(event: str) -> str:
    """What a typed event means for a reader."""
    return SENTENCE.get(EVENTS.get(event), "").format(electrode=event.split()[0].lower())


def at_once(event: str) -> Segment:
    """A run that an event of ``EVENTS`` ends as it begins."""
    reason = EVENTS[event]
    return Segment(None, AT_ONCE.get(reason, reason), _sentence(event) or OUTSIDE)


def failure(message: str) -> Segment:
    """What PyBaMM says when a run cannot begin or go on, as an outcome."""
    from ssb_model.numerics.solver import ENDS_AS_IT_BEGINS

    for name in EVENTS:
        if ENDS_AS_IT_BEGINS in message and name in message:
            return at_once(name)
    said = message.strip().splitlines()[0]
    detail = f"no solution from this state; a lower rate may have one. The solver says: {said}"
    return Segment(None, StoppedBy.SOLVER, detail)


SERIES = (  # of a run, in a data set
    "Time [s]",
    "Voltage [V]",
    "Current [mA]",
    "Stack pressure [MPa]",
    "Stack gap [um]",
    "Cell thickness change [um]",
    "Positive electrode thickness change [um]",
    "Separator thickness change [um]",
    "Negative electrode thickness change [um]",
    "Positive electrode contact fraction",
    "Negative electrode contact fraction",
    "Positive electrode stoichiometry",
    "Negative electrode stoichiometry",
)
OF_A_ROW = (  # what a row of a discharge is made of
    "Voltage [V]",
    "Stack pressure [MPa]",
    "Stack gap [um]",
    "Cell thickness change [um]",
)
BONDED = {  # of an electrode whose contact has a memory
    domain: tuple(
        f"{domain.capitalize()} electrode {part} contact fraction" for part in ("bonded", "pressed")
    )
    for domain in ("positive", "negative")
}
FILLINGS = {  # of an electrode with two kinds of active material
    domain: tuple(f"{domain.capitalize()} electrode {kind} host stoichiometry" for kind in KINDS)
    for domain in BONDED
}
PLATING = ("Plating margin [mV]",)
VOIDS = ("Negative electrode void share",)
HELD = (
    "Lowest stack pressure [MPa]",
    "Highest stack pressure [MPa]",
    "Thickness change [um]",
    "Stack gap [um]",
)
PLATING_ROW = (
    "Plating margin [mV]",
    "Plating margin during",
    "Plating margin after [h]",
    "Plating margin depth [um]",
)
FROM_THE_START = ("Time [s]", *(name for name in SERIES if "thickness change" in name))


def stack_extremes(data: xr.Dataset, before: Segment | None) -> dict[str, float | None]:
    """How the stack fared: extremes of pressure over the whole cycle, growth, gap."""
    pressure, gap = data["Stack pressure [MPa]"].values, data["Stack gap [um]"].values
    growth = float(data["Cell thickness change [um]"].values[-1])
    if before is not None and before.solution is not None:
        wanted = [quantity(name).quantity for name in ("Stack pressure [MPa]", "Stack gap [um]")]
        earlier, opened = (one.converted(before.along[one.variable]) for one in wanted)
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
        margin, x = read_along(solution, ("Lithium plating margin [V]", "x_n [m]")).values()
        at, when = np.unravel_index(np.argmin(margin), margin.shape)
        after = float(solution.t[when] - solution.t[0])
        depth = float(thickness - x[at, 0])
        found.append((float(margin.min()), during, after, depth))
    least = min(found, key=lambda values: values[0], default=[None] * len(PLATING_ROW))
    return in_columns(dict(zip(PLATING_ROW, least, strict=True)))


def labelled_frame(data: xr.Dataset) -> pd.DataFrame:
    """Curves as a table whose headings carry the units."""
    return data.to_dataframe().reset_index(drop=True)


def mean_voltage(segment: Segment | None, cell: Cell) -> float | None:
    """Voltage of a segment averaged over the charge it passed [V]."""
    if segment is None or segment.solution is None:
        return None
    passed = areal_charge(segment, cell.design)
    energy = np.trapezoid(segment.along["Voltage [V]"], passed)
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
        voltage = segment.along["Voltage [V]"]
        steps = np.diff(over) * (voltage[1:] + voltage[:-1]) / 2
        energy = np.interp((first, last), over, np.append(0, np.cumsum(steps)))
        return (energy[1] - energy[0]) / common

    there = mean(before, charged, charged[-1] - common, charged[-1])
    return float(abs(there - mean(run, passed, 0, common)))


def charge_words(cv_until: float | None) -> str:
    """How a charge ended, for a reader."""
    return "CC, no CV" if cv_until is None else f"CC-CV to {cv_until:g}C"


def before_words(before: Segment | None, other: str, cv_until: float | None) -> str:
    """How the other half of the cycle ended, for a reader."""
    if before is None:
        return "from rest at 100 %" if other == "charge" else "from rest at 0 %"
    return charge_words(cv_until) if other == "charge" else "to the lower cut-off"


def shares_of_charge(data: xr.Dataset, cell: Cell) -> dict[str, float | None]:
    """Of the charge that an electrode with two kinds of active material gave or took, whose."""
    found: dict[str, float | None] = {}
    for domain, names in FILLINGS.items():
        if not blended(domain, cell.model_options):
            continue
        passed = [
            kind.capacity * float(data[name].values[-1] - data[name].values[0])
            for kind, name in zip(getattr(cell.design, domain).kinds, names, strict=True)
        ]
        for kind, one in zip(KINDS, passed, strict=True):
            share = one / sum(passed) if sum(passed) else None
            name = f"{domain.capitalize()} electrode {kind} host share of charge"
            found[name] = None if share is None or np.isnan(share) else share
    return found


def charge_at(voltages: np.ndarray, data: xr.Dataset, falling: bool) -> np.ndarray:
    """Charge passed [mAh cm-2] when a run's voltage first reaches each of ``voltages`` [V].

    Zero where it begins beyond, all of its charge where it never gets there; of a run that never
    began, zero.
    """
    voltage, passed = data["Voltage [V]"].values, data["Capacity [mA.h.cm-2]"].values
    if not passed[-1]:
        return np.zeros(len(voltages))
    way = -1.0 if falling else 1.0
    return np.interp(way * voltages, np.maximum.accumulate(way * voltage), passed, left=0.0)


def areal_charge(segment: Segment | None, design) -> np.ndarray:
    """Charge passed since the segment began [mAh cm-2], positive either way."""
    if segment is None or segment.solution is None:
        return np.zeros(1)
    charge = segment.along["Discharge capacity [A.h]"]
    return convert(np.abs(charge - charge[0]) / design.area, "A.h.m-2", "mA.h.cm-2")


def _series_of(cell: Cell) -> list[str]:
    """The curves a cell's model has."""
    options = cell.model_options
    remembers = [
        name
        for domain, names in BONDED.items()
        if options.contact_law(domain) == "memory"
        for name in names
    ]
    kinds = [name for side in BONDED if blended(side, options) for name in FILLINGS[side]]
    voids = VOIDS if options["voids"] != "none" else ()
    plating = PLATING if "negative" in options.porous else ()
    return [*SERIES, *remembers, *kinds, *voids, *plating]


def series(segment: Segment | None, cell: Cell, row_only: bool = False) -> xr.Dataset:
    """Curves of a segment, empty of length one where it never began; perhaps only a row's."""
    design = cell.design
    solution = segment.solution if segment is not None else None
    capacity = areal_charge(segment, design)
    columns = {"Capacity [mA.h.cm-2]": ("point", capacity, {"units": "mA.h.cm-2"})}
    names = OF_A_ROW if row_only else _series_of(cell)
    known = {name: quantity(name).quantity for name in names}
    read = {}
    if solution is not None:
        read = segment.along
        others = [of.variable for of in known.values() if of.variable not in read]
        read = read | read_along(solution, others) if others else read
    for name, of in known.items():
        values = np.full(capacity.shape, np.nan)
        if solution is not None:
            values[:] = of.converted(read[of.variable])
        if name in FROM_THE_START:
            values -= values[0]
        columns[name] = ("point", values, {"units": of.unit})
    return xr.Dataset(columns)
