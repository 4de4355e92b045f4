"""What the panels of a page may ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from ssb_model.explorer.hub import Hub
from ssb_model.explorer.variant import Screen, Variant


class OpenPage(Protocol):
    """Abstract: a page by its screen, and how a panel changes that."""

    hub: Hub
    name: str
    screen: Screen
    client: Any
    bands: dict[str, Any] | None  # of the variant that moves, once they are there

    @property
    def least_asked(self) -> dict[str, Any] | None:
        """What the least pressure on the page was asked with, while it is of what is shown."""

    @property
    def variants(self) -> list[Variant]:
        """The one that moves, then the pinned ones."""

    @property
    def data(self) -> Path | None:
        """The measured file that lies beside."""

    def change(self, screen: Screen, controls: bool = True) -> None:
        """Another screen: ask for it; ``controls`` follow it unless they made it so."""

    def take_bands(self, bands: dict[str, Any]) -> None:
        """Bands that were drawn, unless what moves has moved on."""

    def save(self, kind: str) -> None:
        """A file of what is on the screen goes to the visitor's downloads."""

    def at_work(self, words: str) -> None:
        """What takes long and how far it is; nothing once it has ended."""

    def try_cell(self, name: str) -> None:
        """Take a cell that was dropped once it is known to be one."""

    def refuse(self, words: str, mistakes: Sequence[str] = (), name: str = "") -> None:
        """Say what is wrong."""

    def own_of(self, variant: Variant) -> dict[str, float]:
        """What the file of a variant's cell says, as far as it is known yet."""
