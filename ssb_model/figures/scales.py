"""Axes for the values of a column: linear or logarithmic, numbers or words."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from ssb_model.figures.labels import column

if TYPE_CHECKING:
    import pandas as pd

LOGARITHMIC = ("stack_pressure_MPa", "grain_size_um", "c_rate")  # over a decade or more
LINEAR = ("soc", "temperature_C", "retention")
LEAST_RATIO = 4.0  # of highest to lowest on a logarithmic axis
MOST_SHOWN = 6  # panels, or curves
MOST_TICKS = 10  # up to which each value has its own
LETTER = 0.085  # width [inch]


@dataclass(frozen=True)
class Scale:
    """The distinct values of a column, in order, and how they are laid out."""

    name: str
    values: tuple
    text: bool
    log: bool

    @property
    def kind(self) -> type:
        return str if self.text else float

    def place(self, values) -> np.ndarray:
        """Coordinates: numbers in the unit of the label, or the rank of each word."""
        if self.text:
            return np.array([self.values.index(str(value)) for value in values], float)
        return column(self.name).factor * np.asarray(values, float)

    @property
    def places(self) -> np.ndarray:
        return self.place(self.values)

    def rows(self, table: pd.DataFrame, value) -> pd.DataFrame:
        """Those of a table that hold one of the values."""
        return table[self.place(table[self.name]) == self.place([value])[0]]

    def edges(self) -> np.ndarray:
        """Of the cells around the values: half-way to the neighbours, on the axis as drawn."""
        at = np.log(self.places) if self.log else self.places
        if len(at) == 1:
            at = np.array([at[0] - 0.5, at[0] + 0.5])
        else:
            middle = (at[1:] + at[:-1]) / 2
            at = np.concatenate([[2 * at[0] - middle[0]], middle, [2 * at[-1] - middle[-1]]])
        return np.exp(at) if self.log else at

    def narrowest(self) -> float:
        """Share of the axis that the narrowest cell has."""
        at = np.log(self.edges()) if self.log else self.edges()
        return float(np.diff(at).min() / (at[-1] - at[0]))


def scale_of(name: str, values: pd.Series) -> Scale:
    """Values that are not all numbers are words."""
    known = [value for value in values if value == value and value is not None]
    if all(isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) for value in known):
        distinct = tuple(sorted({float(value) for value in known}))
        return Scale(name, distinct, False, is_log(name, distinct))
    return Scale(name, tuple(dict.fromkeys(str(value) for value in known)), True, False)


def is_log(name: str, values) -> bool:
    """Whether values are evener on a logarithmic axis, or span a decade where that is custom."""
    x = np.unique(np.asarray(values, float))
    if name in LINEAR or len(x) < 2 or x[0] <= 0 or x[-1] < LEAST_RATIO * x[0]:
        return False
    if name in LOGARITHMIC and x[-1] >= 10 * x[0]:
        return True
    rank = np.arange(len(x))
    even = [np.corrcoef(rank, each)[0, 1] for each in (x, np.log(x))]
    return bool(even[1] > even[0] + 1e-9)


def set_axis(axes, way: str, scale: Scale, inches: float, ticks_at_values: bool = True) -> None:
    """Label, scale and ticks of the "x" or "y" axis, which is so many inches long."""
    getattr(axes, f"set_{way}label")(column(scale.name).label)
    axis = getattr(axes, f"{way}axis")
    if scale.text:
        turned = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
        long = way == "x" and sum(map(len, scale.values)) * LETTER > 0.9 * inches
        axis.set_ticks(scale.places, scale.values, **(turned if long else {}))
        getattr(axes, f"set_{way}lim")(-0.5, len(scale.values) - 0.5)
        return
    if scale.log:
        getattr(axes, f"set_{way}scale")("log")
        set_log_ticks(axis, scale.places, inches if way == "x" else 2 * inches)
    if ticks_at_values and len(scale.values) <= MOST_TICKS:
        words = [f"{value:.3g}" for value in scale.places]
        length = max(map(len, words)) * LETTER + 0.08 if way == "x" else 0.2
        kept = _apart(np.log(scale.places) if scale.log else scale.places, length / inches)
        axis.set_ticks(scale.places[kept], [words[each] for each in kept])
        axis.set_minor_locator(NullLocator())
    elif not scale.log:
        axis.set_major_locator(MaxNLocator(nbins=max(3, min(8, int(inches / 0.6)))))


def few(values: tuple) -> list:
    """At most six of the values, first and last among them."""
    chosen = np.linspace(0, len(values) - 1, min(MOST_SHOWN, len(values))).round().astype(int)
    return [values[each] for each in chosen]


def arrangement(panels: int) -> tuple[int, int]:
    """Lines and columns of panels."""
    columns = 2 if panels == 4 else min(panels, 3)
    return -(-panels // columns), columns


def set_log_ticks(axis, values, inches: float) -> None:
    """Plain numbers, at 1, 2 and 5 of each decade where they have room."""
    low, high = min(values), max(values)
    room = max(len(f"{low:.1g}"), len(f"{high:.1g}")) * LETTER + 0.1
    dense = 3 * np.log10(high / low) * room < inches
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if dense else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def _apart(at: np.ndarray, gap: float) -> list[int]:
    """First, last and which between leave at least this share of the axis to each other."""
    kept, gap, last = [0], gap * (at[-1] - at[0]), len(at) - 1
    for each in range(1, last):
        if at[each] - at[kept[-1]] >= gap and at[last] - at[each] >= gap:
            kept.append(each)
    return [*kept, last] if last else kept
