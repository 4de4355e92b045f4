"""The result of a holder: its pressure over time, and which spring and preload would do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.cell import Cell
from ssb_model.laws import holder as law
from ssb_model.quantities.units import convert, in_columns, in_unit, said
from ssb_model.studies.holding import Growth
from ssb_model.system.saving import csv_bytes, finite
from ssb_model.verbs.result import Result, text_table

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
        from ssb_model.figures.holder import Course, plot_holder

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
