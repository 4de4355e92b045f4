"""Scales, ticks and words of axes, and how legends and headings stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from numbers import Real
from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.legend import Legend
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
    ScalarFormatter,
)

from ssb_model.figures.drawing import Figure
from ssb_model.quantities.registry import ending, find, unit_of
from ssb_model.quantities.units import known, split, unit

if TYPE_CHECKING:
    import pandas as pd


LEAST_RATIO = 4.0  # of highest to lowest on a logarithmic axis
MOST_SHOWN = 6  # panels, or curves
MOST_TICKS = 10  # up to which each value has its own
LETTER = 0.085  # width [inch]
SHADES = colormaps["viridis"]
MANY = 100.0  # times the lowest value, from which a scale is logarithmic
INKS = ("#332288", "#CC6677", "#117733", "#AA4499", "#6699CC", "#999933", "#661100", "#888888")
MARKERS = "osD^v<>p"
LINES = ("-", "--", "-.", ":")
FAILED = {"marker": "x", "color": "0.35", "ls": "", "ms": 6, "mew": 1.3}


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
    found = find(name)
    custom = None if found is None else found.quantity.log
    if custom is False or len(x) < 2 or x[0] <= 0 or x[-1] < LEAST_RATIO * x[0]:
        return False
    if custom and x[-1] >= 10 * x[0]:
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


def panel_grid(
    count: int, alone: tuple, each: tuple, more: tuple = (0.0, 0.0), **how
) -> tuple[Figure, np.ndarray, tuple]:
    """A figure with its panels, and the size of one: ``alone``, or ``each`` of several [inch]."""
    lines, columns = arrangement(count)
    size = alone if columns == 1 else each
    whole = (size[0] * columns + more[0], size[1] * lines + more[1])
    figure = Figure(whole, layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, **how)
    for axes in list(grid.flat)[count:]:
        axes.set_visible(False)
    return figure, grid, size


def set_log_ticks(axis, values, inches: float) -> None:
    """Plain numbers, at 1, 2 and 5 of each decade where they have room."""
    low, high = min(values), max(values)
    room = max(len(f"{low:.1g}"), len(f"{high:.1g}")) * LETTER + 0.1
    dense = 3 * np.log10(high / low) * room < inches
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if dense else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def set_log_steps(axis) -> None:
    """Plain numbers at 1, 2 and 5 of each decade."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(ScalarFormatter())
    axis.set_minor_formatter(NullFormatter())


def set_nyquist(axes) -> None:
    """Real and negative imaginary part of an impedance, equally long."""
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("Z' / $\\Omega$ cm$^2$")
    axes.set_ylabel("$-$Z'' / $\\Omega$ cm$^2$")
    axes.grid(alpha=0.25)


def _apart(at: np.ndarray, gap: float) -> list[int]:
    """First, last and which between leave at least this share of the axis to each other."""
    kept, gap, last = [0], gap * (at[-1] - at[0]), len(at) - 1
    for each in range(1, last):
        if at[each] - at[kept[-1]] >= gap and at[last] - at[each] >= gap:
            kept.append(each)
    return [*kept, last] if last else kept


def mark_failed(axes, places, **style) -> None:
    """Crosses on the horizontal axis."""
    if len(places):
        on_axis = {"transform": axes.get_xaxis_transform(), "clip_on": False}
        axes.plot(places, np.full(len(places), 0.02), **FAILED, **on_axis, **style)


def set_output(axes, values) -> None:
    """Logarithmic over two decades; from zero where values come near it."""
    known = values[np.isfinite(values)]
    if not len(known):
        axes.set_yticks([])
        return
    low, high = known.min(), known.max()
    if low > 0 and high > MANY * low:
        axes.set_yscale("log")
        set_log_ticks(axes.yaxis, [low, high], 8.0)
    elif low >= 0 and low < 0.7 * high:
        axes.set_ylim(0, 1.05 * high)
    else:
        room = max(0.08 * (high - low), 5e-3 * abs(high), 1e-12)
        axes.set_ylim(low - room, high + room)
        axes.ticklabel_format(axis="y", useOffset=False)


def colours(values) -> Normalize:
    """One scale for all panels."""
    known = values[np.isfinite(values)]
    if not len(known):
        return Normalize(0, 1)
    low, high = float(known.min()), float(known.max())
    if low > 0 and high > MANY * low:
        return LogNorm(low, high)
    return Normalize(low, high if high > low else low + max(abs(low), 1.0) * 1e-3)


def add_colour_bar(figure: Figure, axes, values, norm, output: str) -> None:
    """With the name and unit of the output; no numbers where there is no value."""
    bar = figure.colorbar(ScalarMappable(norm, SHADES), ax=axes, label=column(output).label)
    bar.locator = tick_locator(norm) if np.isfinite(values).any() else NullLocator()
    if isinstance(norm, LogNorm):
        bar.formatter = FuncFormatter(lambda value, _: f"{value:g}")
    bar.minorticks_off()
    bar.update_ticks()


def tick_locator(norm):
    """Where the colour bar has ticks and a map lines of equal value."""
    if isinstance(norm, LogNorm):
        return LogLocator(subs=(1, 2, 5))
    return MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])


PRESSURE = "Stack pressure [MPa]"
ALREADY = "already so at the lowest pressure that ran"
LETTERS_PER_INCH = 13.5  # of a heading
LONGEST = 44  # letters of a label in one line
SMALL = 7  # points


class Column(NamedTuple):
    """Words and unit of a column, and the factor from its numbers to those drawn."""

    words: str
    unit: str = ""
    factor: float = 1.0

    @property
    def label(self) -> str:
        """For an axis."""
        words = fill(self.words, LONGEST)
        return f"{words} / {self.unit}" if self.unit else words


def column(name: str) -> Column:
    """From a name as in a table of results, or "Name [unit]" as in a cell's parameters."""
    found = find(name)
    if found is not None:
        if found.quantity.percent and found.unit == "1":
            return Column(found.quantity.base, "%", 100.0)
        return Column(found.quantity.base, unit_symbol(found.unit))
    of = unit_of(name)
    words = split(name)[0] if " " in name else ending(name)[0].replace("_", " ")
    shown = words if " " in name else words[:1].upper() + words[1:]
    return Column(shown, "" if of == "1" else unit_symbol(of))


def unit_symbol(of: str) -> str:
    """ "Ohm.m2" as it is printed."""
    return unit(of).figure if known(of) else of


def value_words(name: str, value) -> str:
    """One value of a column, for a legend or the title of a panel."""
    of = column(name)
    if isinstance(value, str):
        return f"{of.words}: {value}"
    if of.words == "C-rate":
        return f"{value:.3g}C"
    return f"{of.words} {of.factor * value:.4g}{' ' if of.unit else ''}{of.unit}"


def more_is_better(output: str) -> bool:
    """Whether a share of an output is something to keep."""
    found = find(output)
    return found is not None and found.quantity.better == "higher"


def head(figure: Figure, *lines: str) -> None:
    """Title and what was run, in as many lines as fit the width."""
    width = int(LETTERS_PER_INCH * figure.get_figwidth())
    figure.suptitle("\n".join(in_lines(line, width) for line in lines if line), fontsize=10)


def in_lines(words: str, width: int) -> str:
    """Lines of about one length, no number parted from its unit."""
    lines = -(-len(words) // width)
    even = -(-len(words) // max(lines, 1)) + 8
    return fill(re.sub(r"(?<=\d) (?=\S)", "\u00a0", words), min(width, even))


def amid(words: str) -> str:
    """Words with a small first letter, unless it stands for itself."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def keep_words(keep: float, highest: float) -> str:
    """What the line of lowest pressure stands for."""
    return f"{100 * keep:g} % of what {highest:g} MPa gives"


def add_legend(figure: Figure, handles: dict) -> None:
    """Below all panels, in as many columns as fit, if there is anything to say."""
    if handles:
        columns = int(figure.get_figwidth() / (0.05 * max(map(len, handles)) + 0.6))
        columns = max(1, min(columns, len(handles), 4))
        where = {"loc": "outside lower center", "ncols": columns}
        figure.legend(handles.values(), handles.keys(), fontsize=8, frameon=False, **where)


def note_below(figure: Figure, words: str) -> None:
    """Small words below all panels, above a legend that stands there."""
    lines = fill(words, 110)
    height = max((one.get_window_extent().ymax for one in _at_the_bottom(figure)), default=0.0)
    of_a_line = 1.2 * SMALL * figure.dpi / 72
    figure.supxlabel(lines + "\n" * ceil(height / of_a_line), fontsize=SMALL, color="0.35")


def _at_the_bottom(figure: Figure) -> list[Legend]:
    if figure.legends:
        figure.draw_without_rendering()  # what places them
    half = figure.bbox.height / 2
    return [one for one in figure.legends if one.get_window_extent().ymax < half]
