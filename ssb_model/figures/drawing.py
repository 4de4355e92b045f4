"""A figure whose words are drawn as they stand, in any script the system has letters for."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from matplotlib import figure, font_manager
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

from ssb_model.errors import plain
from ssb_model.quantities.registry import band_of

OURS = re.compile(  # mathtext that axes and units of this package write; all other is a reader's
    r"(\$(?:\\Omega|\\pi\\tau|\\chi\^2|-|\^\{?-?[\d./]+\}?|[^$a-zA-Z]*10\^\{-?\d+\}"
    r"|[^$]*\\math(?:default|regular)\{[^$]*)\$)"
)
COMMON = (  # fonts with Chinese, Japanese and Korean letters, looked into first
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP"),
    *("Source Han Sans SC", "Source Han Sans JP", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
    *("Droid Sans Fallback", "Microsoft YaHei", "SimHei", "Yu Gothic", "MS Gothic", "IPAGothic"),
    *("Malgun Gothic", "NanumGothic", "UnDotum", "Hiragino Sans", "PingFang SC", "Heiti TC"),
    *("Apple SD Gothic Neo", "Arial Unicode MS", "Unifont"),
)


SIGNS = {r"\Omega": "Ω", r"\pi": "π", r"\tau": "τ", r"\chi": "χ"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
BOXES = "Last Resort"  # a font that has a box for every letter


class Figure(figure.Figure):
    """A figure that draws what data, titles and files are called as it is, dollars included."""

    def draw(self, renderer):
        for text in self.findobj(Text):
            _settle(text)
        for axes in self.axes:
            for axis in (axes.xaxis, axes.yaxis):
                _settle_ticks(axis)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from")
            super().draw(renderer)


def literal(words: str) -> str:
    """Words for a figure: no control characters, and dollars that are not of our own units."""
    parts = OURS.split(plain(words))
    return "".join(
        part if number % 2 else part.replace("$", r"\$") for number, part in enumerate(parts)
    )


def _settle(text: Text) -> None:
    words = text.get_text()
    if not words or words == getattr(text, "settled", None):
        return
    more = fonts_for(frozenset(words))
    text.settled = _without_mathtext(words) if more else literal(words)
    text.set_text(text.settled)
    if more:
        text.set_fontfamily([*text.get_fontfamily(), *more])


def _without_mathtext(words: str) -> str:
    """Units in plain letters, where mathtext would look for all letters in one font."""
    parts = OURS.split(words)
    for number in range(1, len(parts), 2):
        inside = parts[number].strip("$")
        for sign, letter in SIGNS.items():
            inside = inside.replace(sign, letter)
        power = re.fullmatch(r"(.*)\^\{?([-\d]+)\}?", inside)
        parts[number] = power[1] + power[2].translate(RAISED) if power else inside
    return literal("".join(parts))


def _settle_ticks(axis) -> None:
    """The same of words at ticks, which are written when they are drawn."""
    formatter = axis.get_major_formatter()
    if hasattr(formatter, "settled"):
        return
    words = _words_of(formatter)
    formatter.settled = True
    more = fonts_for(frozenset("".join(words.values())))
    settled = {place: literal(word) for place, word in words.items()}
    if isinstance(formatter, FixedFormatter):
        formatter.seq = [*settled.values()]
    elif words:
        formatter.func.args[0].update(settled)
    if more:
        for label in axis.get_ticklabels():
            label.set_fontfamily([*label.get_fontfamily(), *more])


def _words_of(formatter) -> dict[Any, str]:
    """Words at ticks by their places; none where they are numbers."""
    if isinstance(formatter, FixedFormatter):
        return {place: str(word) for place, word in enumerate(formatter.seq)}
    function = getattr(formatter, "func", None)  # that ``set_ticks`` makes of words
    if isinstance(function, partial) and function.args and isinstance(function.args[0], dict):
        return {place: str(word) for place, word in function.args[0].items()}
    return {}


@cache
def fonts_for(letters: frozenset[str]) -> tuple[str, ...]:
    """Fonts of the system for letters that the usual one has not; none where none has them."""
    usual = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    missing = {one for one in letters if ord(one) > 0x2FF and not usual.get_char_index(ord(one))}
    found = []
    for name, path in _candidates() if missing else ():
        try:
            font = font_manager.get_font(path)
            has = {one for one in missing if font.get_char_index(ord(one))}
        except (OSError, RuntimeError):  # a font that cannot be read
            continue
        if has:
            found.append(name)
            missing -= has
        if not missing:
            break
    return tuple(found)


@cache
def _candidates() -> list[tuple[str, str]]:
    """Name and file of each font, the common ones first."""
    fonts = [one for one in font_manager.fontManager.ttflist if not one.name.startswith(BOXES)]
    known = {one.name: one.fname for one in _plain_first(fonts)}
    order = [*(name for name in COMMON if name in known), *known]
    return [(name, known[name]) for name in dict.fromkeys(order)]


def _plain_first(entries: Iterable) -> list:
    """Fonts so that of one name the upright and regular one comes last, and stays."""
    return sorted(entries, key=lambda one: (one.style == "normal", str(one.weight) == "400"))


def draw_spread(
    axes, x: Sequence[float], rows: Sequence[dict[str, Any]], name: str, color, factor: float = 1
) -> list[float]:
    """Of a column of rows that have one; gives the ends, for limits of an axis."""
    columns = band_of(name)
    points = [
        (at, *(factor * row[one] for one in columns))
        for at, row in zip(x, rows, strict=True)
        if row.get(columns[0]) is not None
    ]
    if not points:
        return []
    where, low, median, high = np.array(points).T
    axes.fill_between(where, low, high, color=color, alpha=0.15, lw=0)
    axes.plot(where, median, "-", color=color, lw=0.7)
    return [*low, *high]
