"""What holds a cell: how its pressure moves over formation and life, and which spring to take."""

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
from ssb_model.errors import InputError
from ssb_model.laws import holder as law
from ssb_model.quantities import checks
from ssb_model.quantities.units import convert, in_columns, in_unit, said
from ssb_model.studies.holding import Growth, compliance, grown
from ssb_model.submodels.stack import STIFFNESS
from ssb_model.system.saving import csv_bytes, finite
from ssb_model.verbs.holder_measured import MeasuredHolderResult, holder_measured
from ssb_model.verbs.options import Option, StackPressure, Temperature
from ssb_model.verbs.result import Result, text_table

EXPANSION_OF_STEEL = 12e-6  # per K; literature
MOST_EXPANSION = 1e-3  # per K; rubber has 2e-4
LONGEST = 10.0  # m, of a part of a holder
CREEP_PER_DECADE = 0.01  # of the pressure; assumed, 0 to 0.03: powders, gaskets
# of a composite; fitted: 0.2 MPa of LTO beside 3.8 of Li-In in one frame at 250 MPa, Kang2023,
# allow 0.05 to 0.33; at lower pressures less of it may be felt
SHRINKING_FELT = 0.2


def holder(
    cell: Cell | str | Path,
    spring: Annotated[
        float | None, Option("of each spring, side by side", unit="N.mm-1", metavar="N/mm")
    ] = None,
    springs: Annotated[int, Option("how many, {default}", metavar="N")] = 1,
    bolt: Annotated[
        float | None, Option("diameter of each bolt of steel", unit="mm", metavar="MM")
    ] = None,
    bolt_length: Annotated[
        float, Option("that stretches, 50", default="50", unit="mm", metavar="MM")
    ] = 0.05,
    bolts: Annotated[int, Option("how many, {default}", metavar="N")] = 4,
    plate: Annotated[
        float | None, Option("thickness of each plate of steel", unit="mm", metavar="MM")
    ] = None,
    span: Annotated[
        float, Option("of the plates, from bolt to bolt, 60", default="60", unit="mm", metavar="MM")
    ] = 0.06,
    plate_width: Annotated[
        float, Option("of the plates, 60", default="60", unit="mm", metavar="MM")
    ] = 0.06,
    rubber: Annotated[
        float | None, Option("thickness of a pad as large as the cell", unit="mm", metavar="MM")
    ] = None,
    rubber_modulus: Annotated[
        float, Option("Young's modulus of it, 5", unit="MPa", metavar="MPa", default="5")
    ] = 5e6,
    gas: Annotated[
        float | None, Option("closed volume of gas that presses", unit="cm3", metavar="CM3")
    ] = None,
    stack_pressure: StackPressure = None,
    c_rate: Annotated[float, Option("of all charges and discharges, {default}", unit="C")] = 0.1,
    cycles: Annotated[int, Option("the first included, {default}", metavar="N")] = 10,
    swing: Annotated[
        float | None,
        Option("wanted at most, a tenth of the pressure if left out", unit="MPa", metavar="MPa"),
    ] = None,
    window: Annotated[
        Sequence[float] | None,
        Option("pressures to stay within", unit="MPa", metavar="MPa,MPa"),
    ] = None,
    creep: Annotated[
        float, Option("share of the pressure the stack loses per decade of time, {default}")
    ] = CREEP_PER_DECADE,
    warming: Annotated[
        float, Option("of cell and holder since assembly, in K, {default}", metavar="K")
    ] = 0.0,
    expansion: Annotated[
        float,
        Option(
            "per K, of what lies between the bolts, {default}: steel as the bolts", metavar="1/K"
        ),
    ] = EXPANSION_OF_STEEL,
    shrinking_felt: Annotated[
        float,
        Option("share of the shrinking of a composite that the stack feels, {default}"),
    ] = SHRINKING_FELT,
    temperature: Temperature = None,
    record: Annotated[
        str | Path | None,
        Option(
            "a file with time, current, voltage and pressure, from discharged on: what holder "
            "and breathing it implies, in place of all above",
            metavar="FILE",
        ),
    ] = None,
) -> HolderResult | MeasuredHolderResult:
    """The pressure of a cell in a holder over its first and later cycles, and what would be better.

    What carries the same force is in series: springs, bolts and plates of steel that bend, a pad
    of rubber, a closed volume of gas. Where none is given the stiffness of the cell's own stack
    counts (--stack, --stiffness), or of a frame as its file declares it. The cell is set to
    ``stack_pressure`` as it was put together, not yet charged; it breathes as its materials say,
    the stack creeps, and what lies between bolts may outgrow them as it warms. Told are highest
    and lowest pressure by cycle; the stiffest holder, and the spring, that keep the ``swing``
    of a cycle [Pa] small enough; and what to set at assembly so that the pressure stays within
    the ``window``, two pressures [Pa]. With ``record``, a file, it goes the other way.
    """
    cell = load_cell(cell)
    given = {
        "a spring": spring, "a bolt": bolt, "a plate": plate, "rubber": rubber, "gas": gas,
        "a pressure": stack_pressure, "a temperature": temperature, "a swing": swing,
        "a window": window, "a creep": creep if creep != CREEP_PER_DECADE else None,
        "a warming": warming or None, "a C-rate": c_rate if c_rate != 0.1 else None,
        "a number of cycles": cycles if cycles != 10 else None,
    }  # fmt: skip
    if record is not None:
        if beside := [name for name, value in given.items() if value is not None]:
            raise InputError(f"a record itself says how the cell was held: leave out {beside[0]}.")
        return holder_measured(cell, record, shrinking_felt)
    held = held_at(cell, stack_pressure, temperature)
    checks.check_rate("the C-rate", c_rate)
    checks.check_whole("the number of cycles", cycles)
    preload, area = held[0], cell.design.area
    sizes = {
        "the spring": spring, "the bolt": bolt, "the bolt's length": bolt_length,
        "the plate": plate,
        "the span": span, "the plate's width": plate_width, "the rubber": rubber,
        "the rubber's modulus": rubber_modulus, "the gas": gas,
        "the swing": swing,
    }  # fmt: skip
    for name, value in sizes.items():
        if value is not None:
            checks.check_positive(name, value)
    for name, whole, value, usual in (
        ("number of springs", spring, springs, 1),
        ("number of bolts", bolt, bolts, 4),
        ("length of bolts", bolt, bolt_length, 0.05),
        ("span", plate, span, 0.06),
        ("width of plates", plate, plate_width, 0.06),
        ("modulus of rubber", rubber, rubber_modulus, 5e6),
    ):
        if whole is None and value != usual:
            raise InputError(f"a {name} is of nothing here: give the part itself as well.")
    for name in ("the bolt", "the bolt's length", "the plate", "the span", "the rubber"):
        if (sizes[name] or 0.0) > LONGEST:
            raise InputError(f"{name} is {sizes[name]:g} m: mind the unit.")
    for name, value in {"springs": springs, "bolts": bolts}.items():
        checks.check_whole(f"the number of {name}", value)
    for name, value in {"creep": creep, "the share that is felt": shrinking_felt}.items():
        checks.check_share(name, value)
    if not abs(checks.check_number("the expansion", expansion)) <= MOST_EXPANSION:
        raise InputError(
            f"the expansion is a share of the length per K, at most {MOST_EXPANSION:g}, not "
            f"{expansion:g}."
        )
    if warming and bolt is None:
        raise InputError("what warms grows against bolts: give their --bolt diameter.")
    parts = {
        "springs": spring and law.springs(spring, springs, area),
        "bolts": bolt and law.bolts(bolt, bolt_length, bolts, area),
        "plates": plate and law.plates(plate, span, plate_width, area),
        "rubber": rubber and law.rubber(rubber_modulus, rubber, np.sqrt(area)),
        "gas": gas and law.gas(preload, gas, area),
    }
    parts = {name: value for name, value in parts.items() if value} or _own(cell)
    limits = _window(window)
    growth, stopped = grown(cell, c_rate, cycles, held)
    warm = law.warmed(
        checks.check_number("the warming", warming), expansion, bolt_length, EXPANSION_OF_STEEL
    )
    course = growth.felt(cell.model_options.porous, shrinking_felt) + warm
    asked = Asked(preload, swing or preload / 10, limits, creep)
    return HolderResult(cell, parts, growth, course, compliance(cell), asked, stopped)


def _own(cell: Cell) -> dict[str, float]:
    """What the cell's own stack, or else the frame of its file, says of its holder."""
    stack = cell.model_options["stack"]
    name = STIFFNESS.get(stack, STIFFNESS["rigid"])
    return {f"the cell's {name.split()[0].lower()}": cell.evaluate(name)}


def _window(window: Sequence[float] | None) -> tuple[float, float] | None:
    if window is None:
        return None
    ends = [
        checks.check_pressure("a pressure of the window", p)
        for p in checks.check_several("window", window)
    ]
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise InputError("a window is two pressures, the lower one first: --window 4,6.")
    return ends[0], ends[1]


MOST_POINTS = 4000  # of a curve in files


@dataclass(frozen=True)
class Asked:
    """What was asked of a holder, in SI."""

    preload: float
    swing: float
    window: tuple[float, float] | None
    creep: float


@dataclass(frozen=True, repr=False)
class HolderResult(Result):
    """Pressure over time in a holder; one row a cycle, and the answers to both questions."""

    kind = "holder"

    cell: Cell
    parts: dict[str, float]  # stiffness of each by name [Pa m-1]
    growth: Growth
    course: np.ndarray  # what the stack has grown since assembly [m]
    compliance: float  # of the stack's own layers [m Pa-1]
    asked: Asked
    stopped: str = ""

    @cached_property
    def stiffness(self) -> float:
        """Of all parts together [Pa m-1]."""
        return law.in_series(*self.parts.values())

    @cached_property
    def pressure(self) -> np.ndarray:
        """Of the cell over time [Pa]."""
        return self.pressure_in(self.stiffness, self.asked.preload)

    def pressure_in(self, stiffness: float, preload: float) -> np.ndarray:
        """Over time [Pa], in another holder set to another pressure."""
        given = (self.growth.time, self.course, stiffness, self.compliance, self.asked.creep)
        return law.pressure(preload, *given)

    @cached_property
    def breathing(self) -> float:
        """From thinnest to thickest in the last cycle, free of load [m]."""
        return float(np.ptp(self.course[self.growth.cycle == self.growth.cycle[-1]]))

    @cached_property
    def stiffest(self) -> float:
        """The stiffest holder that keeps the swing wanted [Pa m-1]."""
        return float(law.stiffest_for(self.asked.swing, self.breathing, self.compliance))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row a cycle."""
        rows = []
        for number in np.unique(self.growth.cycle):
            during = self.growth.cycle == number
            pressure, hours = self.pressure[during], self.growth.time[during]
            ends = {"Lowest": pressure.min(), "Highest": pressure.max()}
            row = {f"{name} stack pressure [MPa]": float(value) for name, value in ends.items()}
            row["Pressure swing [MPa]"] = float(np.ptp(pressure))
            row["Pressure at the end [MPa]"] = float(pressure[-1])
            row["Time [h]"] = float(hours[-1])
            rows.append({"Cycle": int(number), **in_columns(row)})
        return rows

    def preloads(self, stiffness: float | None = None) -> tuple[float, float] | None:
        """Lowest and highest pressure to set at assembly so that it stays within the window [Pa].

        None where no window was asked for; the lower above the higher where nothing keeps it.
        """
        if self.asked.window is None:
            return None
        stiff = self.stiffness if stiffness is None else stiffness
        given = (self.growth.time, self.course, stiff, self.compliance, self.asked.creep)
        low, high = law.preload_within(*self.asked.window, *given)
        return float(low), float(high)

    def spring_words(self, stiffness: float) -> str:
        """ "0.05 MPa/um (26 kN/mm on 5.25 cm2)": a stiffness, and as a spring under the cell."""
        area = self.cell.design.area
        each = said(stiffness * area, "kN.mm-1", ".3g")
        return f"{said(stiffness, 'MPa.um-1', '.3g')} ({each} on {said(area, 'cm2', '.3g')})"

    @property
    def answers(self) -> list[str]:
        """Which spring, and what to set, in sentences."""
        wanted = said(self.asked.swing, "MPa", ".3g")
        if np.isinf(self.stiffest):
            words = [f"any holder keeps the swing below {wanted}: the layers give way enough"]
        else:
            words = [
                f"at most {self.spring_words(self.stiffest)} keeps the swing of a cycle below "
                f"{wanted}"
            ]
        return words + self._preload_words()

    def _preload_words(self) -> list[str]:
        if self.asked.window is None:
            return []
        within = " to ".join(f"{in_unit(p, 'MPa'):.3g}" for p in self.asked.window) + " MPa"
        words = []
        for what, stiffness in (("this holder", self.stiffness), ("that spring", self.stiffest)):
            if np.isinf(stiffness):
                continue
            low, high = self.preloads(stiffness)
            low = max(low, 0.0)
            if low > high:
                words.append(f"no pressure at assembly keeps {what} within {within}")
            else:
                words.append(
                    f"{in_unit(low, 'MPa'):.3g} to {said(high, 'MPa', '.3g')} at assembly keep "
                    f"{what} within {within}"
                )
        return words

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Pressure in this holder and in the spring that is soft enough, over time."""
        every = -(-len(self.pressure) // MOST_POINTS)
        columns = {"Time [h]": self.growth.time, "Stack pressure [MPa]": self.pressure}
        columns["Growth [um]"] = self.course
        si = {"Time [h]": "s", "Stack pressure [MPa]": "Pa", "Growth [um]": "m"}
        table = {
            name: convert(values, si[name], name.split("[")[1].rstrip("]"))[::every]
            for name, values in columns.items()
        }
        return pd.DataFrame({"Cycle": self.growth.cycle[::every], **table})

    @property
    def data(self) -> xr.Dataset:
        """Pressure and growth over time."""
        return self.curve.to_xarray().assign_attrs(cell=self.cell.name)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        parts = {name: in_unit(k, "MPa.um-1") for name, k in self.parts.items()}
        more = {
            "stiffness_MPa_um": in_unit(self.stiffness, "MPa.um-1"),
            "parts_MPa_um": parts,
            "stiffest_MPa_um": in_unit(self.stiffest, "MPa.um-1"),
            "answers": self.answers,
        }
        return finite({**super().payload, **more})

    @property
    def more(self) -> dict[str, bytes]:
        """The course as CSV."""
        return {f"{self.stem}.course.csv": csv_bytes(self.curve)}

    def plot(self):
        """Pressure over time, and the swing against stiffness; returns the figure."""
        from ssb_model.figures.pressure import Course, plot_holder

        asked, stiffest = self.asked, self.stiffest
        soft = self.pressure_in(stiffest, asked.preload) if np.isfinite(stiffest) else None
        set_to = (asked.preload, asked.window, asked.swing)
        springs = (self.stiffness, stiffest, self.compliance, self.breathing)
        course = Course(self.growth.time, self.pressure, soft, *set_to, *springs)
        return plot_holder(self.title, self.answers[0], course)

    @property
    def text(self) -> str:
        """What holds the cell, the answers, and the cycles."""
        parts = ", ".join(f"{n} {said(k, 'MPa.um-1', '.3g')}" for n, k in self.parts.items())
        lines = self.head(
            f"Holder     {parts}; together {self.spring_words(self.stiffness)}",
            f"Set        {said(self.asked.preload, 'MPa', '.4g')} as it was put together; a cycle "
            f"moves {said(self.breathing, 'um', '.3g')}",
        )
        lines += [f"Answer     {words}" for words in self.answers]
        shown = [row for row in self.rows if row["Cycle"] < 4 or row is self.rows[-1]]
        heads = {"cycle": "Cycle", "MPa, lowest": "Lowest stack pressure [MPa]"}
        heads |= {"highest": "Highest stack pressure [MPa]", "swing": "Pressure swing [MPa]"}
        heads |= {"at the end": "Pressure at the end [MPa]", "after, h": "Time [h]"}
        return "\n".join([*lines, "", text_table(shown, heads)])
