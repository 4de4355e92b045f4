"""What takes longer than a moment: the least stack pressure, a fit; with a button that stops it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nicegui import ui

from ssb_model.explorer.open_page import OpenPage
from ssb_model.explorer.style import panel
from ssb_model.explorer.worker import DONE, FAILED, REFUSED

SAMPLES = {0: "without", 50: "from 50 draws", 200: "from 200 draws"}


class StudyPanel:
    """Both studies of a page; one runs at a time."""

    def __init__(self, page: OpenPage):
        self.page = page
        self.asked = 0
        self.found: Any = None
        self.who = f"{page.name}/long"
        self.worker = page.hub.worker_that_stops()
        page.hub.listen(self.who, self._hear)
        with panel("Least stack pressure"):
            with ui.row().classes("items-center gap-3"):
                self.keep = ui.number(label="Of the capacity, %", value=95, min=1, max=100)
                self.keep.props("outlined dense").classes("w-40")
                self.samples = ui.select(SAMPLES, value=0, label="Interval")
                self.samples.props("outlined dense").classes("w-40")
                self.least = ui.button("Find it", on_click=self._least)
                self.least.props('outline dense no-caps data-test="least"')
            self.least_words = (
                ui.label().classes("told").props('aria-live="polite" data-test="least-words"')
            )
        with panel("Fit to your measurement"):
            self.vary = ui.select([], label="Numbers to fit", multiple=True, with_input=True)
            self.vary.props('outlined dense use-chips data-test="vary"').classes("w-full")
            with ui.row().classes("items-center gap-3"):
                self.fit = ui.button("Fit", on_click=self._fit)
                self.fit.props('outline dense no-caps data-test="fit"')
                self.show = ui.button("Show the fitted cell", on_click=self._show)
                self.show.props('outline dense no-caps data-test="show-fit"')
                self.show.set_visibility(False)
            self.progress = (
                ui.label().classes("note").props('aria-live="polite" data-test="progress"')
            )
            self.fit_words = ui.label().classes("told").props('data-test="fit-words"')
        self.stop = ui.button("Stop", on_click=self._stop)
        self.stop.props('color="negative" no-caps data-test="stop"').classes("mt-2")
        self.stop.set_visibility(False)

    def take(self, described: dict[str, Any]) -> None:
        """What of the cell can be fitted: numbers that declare a range."""
        known = described["uncertain"]
        kept = [name for name in self.vary.value or [] if name in known]
        self.vary.set_options(known, value=kept)

    def _least(self) -> None:
        keep = self.keep.value or 95
        self._begin(
            "least", self.least_words, keep=keep / 100, samples=int(self.samples.value or 0)
        )

    def _fit(self) -> None:
        if self.page.data is None:
            self.progress.set_text("Drop a measured file above first.")
            return
        self.fit_words.set_text("")
        self._begin("fit", self.progress, path=self.page.data, vary=list(self.vary.value or []))

    def _begin(self, kind: str, words: ui.label, **given: Any) -> None:
        if self.stop.visible:
            ui.notify("One study at a time: stop the one that runs first.", type="warning")
            return
        self.words = words
        words.set_text("working; the first study of a session takes some seconds to begin")
        self.stop.set_visibility(True)
        self.asked = self.worker.ask(self.who, kind, variant=self.page.screen.now, **given)

    def _stop(self) -> None:
        self.worker.stop()
        self.words.set_text("stopping, the best so far comes")

    def _show(self) -> None:
        """Pin what was, take what was found."""
        screen = self.page.screen
        pins = screen.pins if screen.now in screen.pins else (*screen.pins, screen.now)
        self.page.change(replace(screen, now=self.found, pins=pins[-8:]))

    def _hear(self, number: int, part: str, answer: Any) -> None:
        if number != self.asked:
            return
        with self.page.client:
            if part == "progress":
                words = f"{answer['points']} points looked at, misfit {answer['misfit']:.4g}"
                self.progress.set_text(words)
            elif part == "least":
                self.least_words.set_text("\n".join(answer["words"]))
            elif part == "fit":
                self.found = answer["variant"]
                stopped = answer["stopped"]
                self.progress.set_text(f"{stopped or 'done'}")
                self.fit_words.set_text(answer["text"])
                self.show.set_visibility(True)
            elif part in (REFUSED, FAILED):
                self.words.set_text(answer["words"])
            elif part == DONE:
                self.stop.set_visibility(False)
                if self.words.text.startswith(("working", "stopping")):
                    self.words.set_text("stopped")
