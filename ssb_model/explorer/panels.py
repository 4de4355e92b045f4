"""What every panel may ask of the page, and its small ones: pins, a measured file, downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from nicegui import events, ui

from ssb_model.errors import SolidStateError
from ssb_model.explorer.store import LARGEST
from ssb_model.explorer.style import button, drop, panel
from ssb_model.explorer.variant import MOST_PINS, Screen, Variant
from ssb_model.explorer.words import cell_words, variant_words
from ssb_model.explorer.worker import DONE, Hub
from ssb_model.figures.discharge import COLOURS


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


SAID = {"record": "discharges", "spectrum": "a spectrum", "capacities": "capacities"}


class MeasuredPanel:
    """Where a file is dropped, and what it was understood to hold."""

    def __init__(self, page: OpenPage):
        self.page = page
        with panel("Your measurement beside it", "measured"):
            self.upload = drop(
                "Drop a cycler's file, a spectrum or a table of capacities here",
                LARGEST,
                f"A file has at most {LARGEST / 1e6:g} MB here.",
                'data-test="data"',
                on_upload=self._dropped,
            )
            self.words = ui.label().classes("note").props('data-test="data-words"')
            self.off = ui.button("Take it away", on_click=self._take_away)
            self.off.props("flat dense no-caps")
        self.follow()

    async def _dropped(self, event: events.UploadEventArguments) -> None:
        try:
            content = await event.file.read()
            key = self.page.hub.store.add_measured(event.file.name, content)
        except SolidStateError as error:
            self.words.set_text(str(error))
            return
        finally:
            self.upload.reset()
        self.page.change(replace(self.page.screen, data=key))

    def _take_away(self) -> None:
        self.page.change(replace(self.page.screen, data=""))

    def follow(self) -> None:
        """Of a file that was laid beside or taken away."""
        self.off.set_visibility(bool(self.page.screen.data))
        if not self.page.screen.data:
            self.words.set_text("The file stays on this machine.")

    def told(self, answer: dict[str, Any]) -> None:
        """What a file was understood to hold, or why it was refused."""
        if "refused" in answer:
            self.words.set_text(answer["refused"])
            return
        said = f"{answer['name']} holds {SAID[answer['kind']]}"
        self.words.set_text("; ".join([said, *answer["notes"]]) + ".")


class PinPanel:
    """A button that pins, and the pins there are."""

    def __init__(self, page: OpenPage):
        self.page = page
        with panel("Pins"):
            button("Pin what is shown", self.pin, "pin")
            self.list = ui.column().classes("w-full gap-1")
        self.follow()

    def pin(self) -> None:
        """Keep what is shown, to lay over what comes."""
        screen = self.page.screen
        if screen.now in screen.pins:
            ui.notify("This variant is pinned already.")
        elif len(screen.pins) >= MOST_PINS:
            ui.notify(f"{MOST_PINS} pins at most: take one out.", type="warning")
        else:
            self.page.change(replace(screen, pins=(*screen.pins, screen.now)))

    def follow(self) -> None:
        """Show the pins of the screen."""
        self.list.clear()
        with self.list:
            for number, pin in enumerate(self.page.screen.pins, start=1):
                words = variant_words(pin, self.page.own_of(pin))
                cell = "" if pin.cell == self.page.screen.now.cell else f"{cell_words(pin.cell)}, "
                with ui.element("div").classes("pin"):
                    colour = COLOURS[number % len(COLOURS)]
                    ui.element("span").classes("swatch").style(f"background: {colour}")
                    ui.label(f"pin {number}: {cell}{words}").classes("words")
                    ui.button(icon="undo", on_click=lambda pin=pin: self._take(pin)).props(
                        f'flat dense round aria-label="go back to pin {number}"'
                    )
                    ui.button(icon="close", on_click=lambda pin=pin: self._drop(pin)).props(
                        f'flat dense round aria-label="take pin {number} out"'
                    )

    def _take(self, pin) -> None:
        self.page.change(replace(self.page.screen, now=pin))

    def _drop(self, pin) -> None:
        screen = self.page.screen
        self.page.change(replace(screen, pins=tuple(one for one in screen.pins if one is not pin)))


KINDS = {
    "svg": "Figure, SVG",
    "png": "Figure, PNG",
    "csv": "Numbers, CSV",
    "toml": "This cell, TOML",
    "py": "Python lines",
}


HOLDS = (
    "The address of this page is a link to the cell, the numbers, the pins and what was asked of "
    "bands and of the least pressure: these are found again when it is opened. A measured file has "
    "to be dropped again once the explorer has ended, a cell of more than some pages as well, and "
    "what a fit says is not in it."
)


class SavePanel:
    """A button for each kind of file."""

    def __init__(self, page: OpenPage):
        self.page = page
        self.who = f"{page.name}/file"
        page.hub.listen(self.who, self._hear)
        with panel("Take with you", "save"):
            with ui.row().classes("gap-2"):
                for kind, words in KINDS.items():
                    button(words, lambda kind=kind: self.ask(kind), f"save-{kind}")
            ui.label(HOLDS).classes("note")
            self.words = ui.label().classes("note").props('aria-live="polite"')
            self.lines = ui.label().classes("told").props('data-test="lines"')

    def follow(self) -> None:
        """The lines below are of what is on the screen, or gone."""
        self.lines.set_text("")

    def ask(self, kind: str) -> None:
        """Make a file of what is on the screen."""
        self.words.set_text("making the file")
        page = self.page
        shown = {"variants": page.variants, "measured": page.data}
        shown |= {"bands": page.bands, "least": page.least_asked}
        page.hub.quick.ask(self.who, "download", what=kind, **shown)

    def _hear(self, number: int, part: str, answer: Any) -> None:
        with self.page.client:
            if part == "file":
                name, content = answer
                if name.endswith(".py"):
                    self.lines.set_text(content.decode())
                ui.download.content(content, name)
                self.words.set_text(f"{name} is in your downloads.")
            elif part != DONE:
                self.words.set_text(answer["words"])
