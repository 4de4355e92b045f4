"""One number of a parameter set, with what a reader must know to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

    @property
    def unit(self) -> str:
        _, bracket, unit = self.name.rpartition(" [")
        return unit.rstrip("]") if bracket else "1"
