"""Collects parameters under their PyBaMM names."""

from __future__ import annotations

from typing import Any

from ssb_model.parameters.entry import Entry

RECIPE = "recipe"


class Values:
    """Entries by PyBaMM name; each says how it came to its value."""

    def __init__(self):
        self.entries: dict[str, Entry] = {}

    def take(self, name: str, entry: Entry, value: Any = None) -> None:
        """An entry of a file under its PyBaMM name."""
        value = entry.value if value is None else value
        self.entries[name] = Entry(
            name,
            value,
            entry.kind,
            entry.source,
            entry.range,
            entry.note,
            entry.origin,
            entry.interval,
        )

    def derive(self, name: str, value: Any, source: str = RECIPE, note: str = "") -> None:
        self.entries[name] = Entry(name, value, "derived", source, note=note)

    def set(self, name: str, value: Any, source: str) -> None:
        self.entries[name] = Entry(name, value, "setting", source)

    def default(self, name: str, value: Any, kind: str, source: str) -> None:
        self.entries.setdefault(name, Entry(name, value, kind, source))
