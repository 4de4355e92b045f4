"""What the columns of a table are called on a figure."""

from __future__ import annotations

import re
from math import ceil
from textwrap import fill
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.legend import Legend

from ssb_model.quantities.registry import ending, find, unit_of
from ssb_model.quantities.units import known, split, unit

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
