"""A cell file as it was read: its sections, and what each of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError, InputError, RecipeError, plain
from ssb_model.parameters.entry import Entry


@dataclass(frozen=True)
class Section:
    """One layer of the cell: its words, and entries of the cell file over its material's."""

    name: str
    words: dict[str, str]
    entries: dict[str, Entry]
    electrolyte: dict[str, Entry] = field(default_factory=dict)
    additives: dict[str, dict[str, Entry]] = field(default_factory=dict)
    where: str = ""
    second: Section | None = None  # active material beside the first, "positive second"

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __getitem__(self, key: str) -> Any:
        return self.entry(key).value

    def get(self, key: str, default: Any = None) -> Any:
        return self.entries[key].value if key in self.entries else default

    def entry(self, key: str) -> Entry:
        if key not in self.entries:
            raise CellFileError(f"{self.where}: '{key}' is missing.")
        return self.entries[key]

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Puts file and section in front of what a check or a law complains about."""
        try:
            yield
        except (InputError, RecipeError) as error:
            raise type(error)(f"{self.where}: {error}") from None


@dataclass(frozen=True)
class CellFile:
    """The four sections of a cell file, and what it sets after all else, as written."""

    path: Path
    words: dict[str, str]
    cell: Section
    positive: Section
    separator: Section
    negative: Section
    options: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    ageing: dict[str, Any] = field(default_factory=dict)
    fitted: dict[str, Any] = field(default_factory=dict)

    def has_own_electrolyte(self, layer: Section) -> bool:
        """Whether a layer has electrolyte in it that is another than the separator's."""
        separators = self.separator.words["electrolyte"]
        return bool(layer.electrolyte) and layer.words["electrolyte"] != separators

    @property
    def name(self) -> str:
        return plain(self.path.stem)
