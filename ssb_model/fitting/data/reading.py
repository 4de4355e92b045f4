"""Data sets out of files, by what they hold, and out of keys and values in people's units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.fitting.data.data_set import COMMON, DataSet, Way, kinds
from ssb_model.measured.kinds import kind_of
from ssb_model.quantities.registry import alike

_COMMON = tuple(key.name for key in COMMON)


def read_data_set(path: str | Path, **conditions: Any) -> DataSet:
    """A data set of the kind a file's headings name; ``conditions`` as that kind takes them."""
    kind, way = _of_file(Path(path))
    return _read(kind, way, path, conditions)


def data_set(given: Mapping[str, Any], folder: Path) -> DataSet:
    """A data set; a file is looked for in ``folder`` unless its path is whole."""
    ways = _ways()
    known = {*_COMMON, *(key for _, way in ways for key in way.takes)}
    given = {alike(key, known): value for key, value in given.items()}
    for key in given:
        if key not in known:
            raise InputError(f"unknown key '{key}'. {nearest(key, known)}")
    by = list(dict.fromkeys(["file", *(way.takes[0] for _, way in ways)]))
    found = [key for key in by if key in given]
    if len(found) != 1:
        raise InputError(f"give one of {', '.join(by)}, not {' and '.join(found) or 'none'}.")
    path = None
    if found == ["file"]:
        file = DataSet.known_keys()["file"].value(given["file"])
        path = folder / Path(file).expanduser()
        kind, way = _of_file(path)
    else:
        kind, way = next((kind, way) for kind, way in ways if way.takes[0] == found[0])
    fields = _fields(kind, way, given)
    return kind.of_keys(**fields) if path is None else _read(kind, way, path, fields)


def _fields(kind: type[DataSet], way: Way, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given by the names of the class, in its units."""
    taken = (*way.takes, *_COMMON)
    for key in given:
        if key not in taken:
            raise InputError(f"{way.name}: no use for '{key}'. It takes {', '.join(taken)}.")
    missing = [key for key in way.needed if key not in given]
    if missing:
        raise InputError(f"{way.name}: {' and '.join(missing)} must be given.")
    keys = kind.known_keys()
    return {
        keys[name].field or name: keys[name].value(value)
        for name, value in given.items()
        if name != "file"
    }


def held_otherwise(
    data: DataSet, stack_pressure: float | None, temperature: float | None
) -> DataSet:
    """The same, at these [Pa, K] where it names none."""
    return replace(
        data,
        stack_pressure=stack_pressure if data.stack_pressure is None else data.stack_pressure,
        temperature=temperature if data.temperature is None else data.temperature,
    )


def text_keys() -> set[str]:
    """Keys whose values are words, which no quotes say in the shell."""
    known = [key for kind in kinds().values() for key in kind.known_keys().values()]
    return {key.name for key in known if key.holds is str}


def _ways() -> list[tuple[type[DataSet], Way]]:
    return [(kind, way) for kind in kinds().values() for way in kind.ways]


def _of_file(path: Path) -> tuple[type[DataSet], Way]:
    """What is made of a file, by what it holds."""
    holds = kind_of(path)
    for kind, way in _ways():
        if way.takes[0] == "file" and way.name == holds:
            return kind, way
    raise InputError(f"{path}: no kind of data to fit is made of {holds}.")


def _read(kind: type[DataSet], way: Way, path: str | Path, conditions: Mapping) -> DataSet:
    try:
        return kind.read(path, **conditions)
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        word = str(error).rpartition("argument ")[2]
        raise InputError(f"{path}: {way.name} take no {word}.") from None
