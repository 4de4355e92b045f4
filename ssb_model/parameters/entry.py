"""A number of a parameter set with what makes it trustworthy, and such numbers by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ssb_model.quantities.declared import Declared

CLASSES = ("measured", "fitted", "literature", "derived", "assumed", "setting")


@dataclass(frozen=True)
class Entry:
    """A value in SI, its class and source; ``origin`` is the file it stands in.

    ``range`` is what may be found elsewhere, in other builds or laboratories.
    """

    name: str
    value: Any
    kind: str
    source: str
    range: tuple[float, float] | None = None
    note: str = ""
    origin: str = ""
    interval: tuple[float, float] | None = None  # that the data it was fitted to allow, 95 %
    given: bool = True  # by a file; else its parameter's default

    @property
    def unit(self) -> str:
        _, bracket, unit = self.name.rpartition(" [")
        return unit.rstrip("]") if bracket else "1"


RECIPE = "recipe"


class Values:
    """Entries by PyBaMM name; each says how it came to its value."""

    def __init__(self):
        self.entries: dict[str, Entry] = {}

    def take(self, name: str, entry: Entry, value: Any = None) -> None:
        """An entry of a file under its PyBaMM name."""
        value = entry.value if value is None else value
        self.entries[name] = replace(entry, name=name, value=value)

    def take_all(self, place: str, known: Iterable[Declared], entries: Mapping[str, Entry]) -> None:
        """What there is of some parameters, at one place of the model."""
        for one in known:
            if one.name in entries:
                self.take(one.of_model(place), entries[one.name])

    def take_or_derive(
        self, name: str, key: str, entries: Mapping[str, Entry], law: Any, source: str, note=""
    ) -> None:
        """An entry where a file gives one, in place of its law."""
        if key in entries:
            self.take(name, entries[key])
        else:
            self.derive(name, law, source, note)

    def derive(self, name: str, value: Any, source: str = RECIPE, note: str = "") -> None:
        self.entries[name] = Entry(name, value, "derived", source, note=note)

    def set(self, name: str, value: Any, source: str) -> None:
        self.entries[name] = Entry(name, value, "setting", source)

    def default(self, name: str, value: Any, kind: str, source: str) -> None:
        self.entries.setdefault(name, Entry(name, value, kind, source))
