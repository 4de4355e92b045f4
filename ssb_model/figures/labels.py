"""What the columns of a table are called on a figure."""

from __future__ import annotations

import re
from textwrap import fill
from typing import NamedTuple

from matplotlib.figure import Figure

PRESSURE = "stack_pressure_MPa"
SHARES = {  # columns from 0 to 1 that people read in per cent
    "soc": "State of charge",
    "retention": "Retention",
    "coulombic_efficiency": "Coulombic efficiency",
    "energy_efficiency": "Energy efficiency",
}
ENDINGS = {  # of column names: unit
    "mAh_cm2": "mAh.cm-2",
    "mWh_cm2": "mWh.cm-2",
    "mA_cm2": "mA.cm-2",
    "uF_cm2": "uF.cm-2",
    "Ohm_cm2": "Ohm.cm2",
    "ohm_cm2": "Ohm.cm2",
    "mAh_g": "mAh.g-1",
    "mWh_g": "mWh.g-1",
    "m2_s": "m2.s-1",
    "mV_h": "mV.h-1",
    "percent": "%",
    "MPa": "MPa",
    "um": "um",
    "mV": "mV",
    "Hz": "Hz",
    "C": "degC",
    "V": "V",
    "s": "s",
    "h": "h",
}
SYMBOLS = {"Ohm": "$\\Omega$", "degC": "°C", "deg": "°"}
MORE_IS_BETTER = ("capacity", "energy", "retention", "voltage", "efficiency")
ALREADY = "already so at the lowest pressure that ran"
LETTERS_PER_INCH = 13.5  # of a heading
LONGEST = 44  # letters of a label in one line


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
    if name == "c_rate":
        return Column("C-rate")
    if name in SHARES:
        return Column(SHARES[name], "%", 100.0)
    written = re.fullmatch(r"(.*?)\s*\[([^\[\]]+)\]", name)
    if written:
        words, unit = written.groups()
        return Column(words, "" if unit == "1" else unit_symbol(unit))
    for ending, unit in ENDINGS.items():
        if name.endswith(f"_{ending}"):
            words = name.removesuffix(f"_{ending}").replace("_", " ")
            return Column(words[:1].upper() + words[1:], unit_symbol(unit))
    if " " in name:
        return Column(name)
    return Column(name[:1].upper() + name[1:].replace("_", " "))


def unit_symbol(unit: str) -> str:
    """ "Ohm.m2" as it is printed."""
    parts = []
    for part in unit.split("."):
        symbol, power = re.fullmatch(r"(.*?)(-?\d+)?", part).groups()
        symbol = re.sub("^[uμ](?=[A-Za-z])", "µ", SYMBOLS.get(symbol, symbol))
        parts.append(f"{symbol}$^{{{power}}}$" if power else symbol)
    return " ".join(parts)


def value_words(name: str, value) -> str:
    """One value of a column, for a legend or the title of a panel."""
    of = column(name)
    if isinstance(value, str):
        return f"{of.words}: {value}"
    if name == "c_rate":
        return f"{value:.3g}C"
    return f"{of.words} {of.factor * value:.4g}{' ' if of.unit else ''}{of.unit}"


def more_is_better(output: str) -> bool:
    """Whether a share of an output is something to keep."""
    name = output.lower()
    return any(word in name for word in MORE_IS_BETTER) and "loss" not in name


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
