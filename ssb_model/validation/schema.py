"""What each key of a case file holds, checked before anything of it is used."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ssb_model.errors import InputError


def _number(value: Any) -> bool:
    real = isinstance(value, (int, float)) and not isinstance(value, bool)
    return real and abs(value) < math.inf  # not NaN either


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _table(value: Any) -> bool:
    return isinstance(value, dict)


def _plain(value: Any) -> bool:
    return _text(value) or _number(value) or isinstance(value, bool)


def _of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _numbers_by_name(value: Any) -> bool:
    return _table(value) and all(map(_number, value.values()))


def _choices(value: Any) -> bool:
    return _table(value) and all(_text(one) or _of(_text)(one) for one in value.values())


TEXT, TABLE = ("words in quotes", _text), ("a table, { ... }", _table)
NUMBER = ("a number", _number)
NAMES = ("a list of names", _of(_text))
ROWS = ("numbers or words by column, { ... }", lambda v: _table(v) and all(map(_plain, v.values())))
NUMBERS = ("numbers by name, { ... }", _numbers_by_name)
Kinds = Mapping[str, tuple[str, Callable[[Any], bool]]]

CASE: Kinds = {
    **dict.fromkeys(("title", "source", "cell", "scatter", "note"), TEXT),
    "runs": ("tables, [runs.name]", lambda v: _table(v) and all(map(_table, v.values()))),
    **dict.fromkeys(("target", "series", "figure"), ("tables in two brackets", _of(_table))),
}
RUN: Kinds = {
    **dict.fromkeys(("protocol", "cell", "symmetric", "label", "note", "closure", "data"), TEXT),
    **dict.fromkeys(("recipe", "values"), NUMBERS),
    "options": ("choices by name, { ... }", _choices),
    "constants": TABLE,
    "where": (
        "numbers, words or lists of them by column, { ... }",
        lambda v: _table(v) and all(_plain(one) or _of(_plain)(one) for one in v.values()),
    ),
}
OTHER = (
    "a number, words, true or false, or a list of numbers",
    lambda v: _plain(v) or (_of(_number)(v) and bool(v)),
)
TARGET: Kinds = {
    **dict.fromkeys(("name", "use", "kind", "unit", "tolerance", "scatter", "source"), TEXT),
    **dict.fromkeys(("bound", "cause", "note"), TEXT),
    "value": ("a number or a word", lambda v: _number(v) or _text(v)),
    "headline": ("true or false", lambda v: isinstance(v, bool)),
}
SERIES: Kinds = {
    **dict.fromkeys(("run", "measured", "model", "name", "use", "unit", "tolerance"), TEXT),
    **dict.fromkeys(("scatter", "source", "cause", "note"), TEXT),
    "where": ROWS,
    **dict.fromkeys(("from", "below"), NUMBERS),
}
FIGURE: Kinds = {
    **dict.fromkeys(("title", "x", "by", "measured", "x_label", "y_label"), TEXT),
    "runs": NAMES,
    "y": ("a name or a list of names", lambda v: _text(v) or (_of(_text)(v) and bool(v))),
    "log": ('"x", "y" or both, in a list', lambda v: _of(_text)(v) and set(v) <= {"x", "y"}),
    "points": ("a list of { x = 1, y = 2 }", _of(_table)),
    "marks": ("true or false", lambda v: isinstance(v, bool)),
    "where": NUMBERS,
    "y_limit": NUMBER,
}
READING: Kinds = {
    **dict.fromkeys(("run", "column", "pick", "along", "other"), TEXT),
    "at": NUMBER,
    "where": ROWS,
}


def check_kinds(given: Mapping[str, Any], kinds: Kinds, place: str, other: Any = None) -> None:
    """Refuse a key that holds something else than it can; ``other`` is of keys not listed."""
    for key, value in given.items():
        kind = kinds.get(key, other)
        if kind is not None and not kind[1](value):
            raise InputError(f"{place}, {key}: write {kind[0]}, not {repr(value)[:60]}.")
