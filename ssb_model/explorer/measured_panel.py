"""A measured file beside the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nicegui import events, ui

from ssb_model.errors import SolidStateError
from ssb_model.explorer.open_page import OpenPage
from ssb_model.explorer.store import LARGEST
from ssb_model.explorer.style import panel

SAID = {"record": "discharges", "spectrum": "a spectrum", "capacities": "capacities"}


class MeasuredPanel:
    """Where a file is dropped, and what it was understood to hold."""

    def __init__(self, page: OpenPage):
        self.page = page
        with panel("Your measurement beside it", "measured"):
            self.upload = ui.upload(
                label="Drop a cycler's file, a spectrum or a table of capacities here",
                auto_upload=True,
                max_file_size=LARGEST,
                on_upload=self._dropped,
                on_rejected=lambda: ui.notify(
                    f"A file has at most {LARGEST / 1e6:g} MB here.", type="negative"
                ),
            ).props('flat bordered data-test="data"')
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
