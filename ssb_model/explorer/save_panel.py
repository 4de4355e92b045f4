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


class SavePanel:
    """A button for each kind of file."""

    def __init__(self, page: OpenPage):
        self.page = page
        self.who = f"{page.name}/file"
        page.hub.listen(self.who, self._hear)
        with panel("Take with you", "save"):
            with ui.row().classes("gap-2"):
                for kind, words in KINDS.items():
                    ui.button(words, on_click=lambda kind=kind: self._ask(kind)).props(
                        f'outline dense no-caps data-test="save-{kind}"'
                    )
            ui.label("The address of this page is a link to all that it shows.").classes("note")
            self.words = ui.label().classes("note").props('aria-live="polite"')
            self.lines = ui.label().classes("told").props('data-test="lines"')

    def _ask(self, kind: str) -> None:
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
