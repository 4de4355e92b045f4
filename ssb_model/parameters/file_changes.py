"""What a cell file sets after all else: numbers of its recipe and of the model, and choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import Any

from ssb_model.errors import CellFileError, InputError
from ssb_model.parameters.cell_file import CellFile
from ssb_model.parameters.changes import PROFILE, check_change
from ssb_model.parameters.declared import checked, declared, replaced
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import read_entries

OF_ENTRIES = ("value", "kind", "source", "range", "note")


def of_the_recipe(name: str) -> bool:
    """Whether a name is of a recipe, "positive: Porosity", and not of the model."""
    return ":" in name


def in_place(file: CellFile) -> CellFile:
    """The file with the recipe numbers of its [changes] where the first ones stood."""
    given = {_spaced(key): value for key, value in file.changes.items() if of_the_recipe(key)}
    if not given:
        return file
    entries = read_entries(given, declared(file), file.path, "[changes] ")
    for name, entry in entries.items():
        with _naming(file, f"[changes] {name}"):
            checked(file, {name: entry.value})
    return replaced(
        file,
        {
            name: {field: getattr(entry, field) for field in OF_ENTRIES}
            for name, entry in entries.items()
        },
    )


def of_the_model(file: CellFile, known: Mapping[str, Entry]) -> dict[str, Entry]:
    """The model's parameters that its [changes] set, each with class and source."""
    given = {key: value for key, value in file.changes.items() if not of_the_recipe(key)}
    entries = read_entries(given, known, file.path, "[changes] ") if given else {}
    for name, entry in entries.items():
        with _naming(file, f"[changes] {name}"):
            if name == PROFILE:
                raise InputError("a file holds one pressure: set 'Stack pressure [Pa]'.")
            check_change(name, entry.value, known)
    return entries


def options_of(file: CellFile) -> dict[str, Any]:
    """The choices of its [options], pairs as PyBaMM takes them."""
    return {
        name: _option(value, f"{file.path.name}, [options] {name}")
        for name, value in file.options.items()
    }


@contextmanager
def naming_options(file: CellFile) -> Iterator[None]:
    """Puts the file and the option at fault in front of what is wrong with a choice."""
    try:
        yield
    except InputError as error:
        told = " ".join(str(error).split())
        fault = [name for name in file.options if name in told] or list(file.options)
        raise CellFileError(f"{file.path.name}, [options] {fault[0]}: {told}") from None


@contextmanager
def _naming(file: CellFile, key: str) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise CellFileError(f"{file.path.name}, {key}: {error}") from None


def _option(value: Any, where: str) -> Any:
    if isinstance(value, list):
        return tuple(_option(part, where) for part in value)
    if isinstance(value, str) or (isinstance(value, Real) and not isinstance(value, bool)):
        return value
    raise CellFileError(
        f'{where}: write a choice in quotes, "true", or a pair [negative, positive] of them, '
        f"not {value!r}."
    )


def _spaced(name: str) -> str:
    """A recipe name with one blank after its colon."""
    owner, _, key = name.partition(":")
    return f"{owner.strip()}: {key.strip()}"
