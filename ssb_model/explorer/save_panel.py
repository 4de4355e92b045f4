"""Files of what is on the screen."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from ssb_model.explorer.open_page import OpenPage
from ssb_model.explorer.style import panel
from ssb_model.explorer.worker import DONE

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
                    ui.button(words, on_click=lambda kind=kind: self.ask(kind)).props(
                        f'outline dense no-caps data-test="save-{kind}"'
                    )
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
