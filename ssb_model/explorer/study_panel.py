"""What takes longer than a moment: bands, the least stack pressure, a fit; each can be stopped."""

from __future__ import annotations

import html
import time
from dataclasses import replace
from typing import Any

from nicegui import ui

from ssb_model.explorer import charts
from ssb_model.explorer.controls import PRESSURE
from ssb_model.explorer.panels import OpenPage
from ssb_model.explorer.style import button, choice, opens, panel, tip
from ssb_model.explorer.variant import DRAWS, MOST_PINS, Question, Variant
from ssb_model.explorer.words import explained
from ssb_model.explorer.worker import DONE, FAILED, REFUSED
from ssb_model.studies.wording import no_less
from ssb_model.system.progress import duration

SAMPLES = {0: "without", **{count: f"from {count} draws" for count in DRAWS}}
USUAL_DRAWS = 64
PRESSURE_AXIS = "Stack pressure / MPa"
AS_HELD = "the stack pressure"
BEGINS = "working; the first study of a page takes some seconds to begin"
SOON = 0.15  # of the work, before which nobody knows how long it takes
WORKS = {"bands": "drawing bands", "least": "finding the least pressure", "fit": "fitting"}


class StudyPanel:
    """The studies of a page; one runs at a time."""

    def __init__(self, page: OpenPage):
        self.page = page
        self.asked = 0
        self.found: Any = None
        self.kind = ""  # of the study that runs, or ran last
        self.waits: Question | None = None  # of an address, until its bands are there
        self.least: dict[str, Any] | None = None  # the last answer
        self.who = f"{page.name}/long"
        self.worker = page.hub.worker_that_stops()
        page.hub.listen(self.who, self._hear)
        with panel("Bands: how sure the curves are", "bands"):
            with ui.row().classes("items-center gap-3") as row:
                self.draws = choice(
                    "Draws", {n: str(n) for n in DRAWS}, USUAL_DRAWS, "draws", "w-40"
                )
                button("Draw the bands", self._bands, "bands")
            self.bands_row, self.bands_words = row, _told("bands-words")
            with row:
                tip(explained("draw", "band", "seed"))
            ui.label(
                "Every number of the cell that declares a range is drawn, all at once; the filled "
                "areas hold 5 to 95 % of what that gives. They go when a control moves."
            ).classes("note")
            self.drawn = opens("Which numbers are drawn", "drawn")
        with panel("Least stack pressure", "least"):
            ui.label(
                "The lowest stack pressure at which this cell still gives a share of the capacity "
                "that it gives at a higher one, at the C-rate and temperature of the controls."
            ).classes("note")
            with ui.row().classes("items-center gap-3") as row:
                self.keep = ui.number(label="Share to keep, %", value=95, min=1, max=100)
                self.keep.props('outlined dense data-test="keep"').classes("w-40")
                self.reference = ui.number(label="Compared with, MPa", placeholder=AS_HELD, min=0)
                self.reference.props('outlined dense stack-label data-test="reference"')
                self.samples = choice("Interval", SAMPLES, USUAL_DRAWS, "samples", "w-40")
                button("Find it", self._least, "least")
            self.least_row, self.headline = row, _told("least-headline", "said")
            self.least_words = _told("least-words")
            self.least_chart = ui.echart(charts.least()).classes("chart")
            self.least_chart.props('role="img" aria-label="Capacity against stack pressure"')
            with ui.row().classes("gap-2") as self.after_least:
                self.hold = button("Hold the cell there", lambda: self._hold(0), "hold")
                self.safe = button("To be safe", lambda: self._hold(1), "hold-safe")
                for ending in ("svg", "csv"):
                    button(
                        f"This answer, {ending.upper()}",
                        lambda ending=ending: self._save_least(ending),
                        f"save-least-{ending}",
                    )
        with panel("Fit to your measurement", "fit"):
            self.vary = ui.select([], label="Numbers to fit", multiple=True, with_input=True)
            self.vary.props('outlined dense use-chips data-test="vary"').classes("w-full")
            ui.label(
                "One to three numbers at a time; write some letters to find one. A spectrum counts "
                "as one of the cell at half charge."
            ).classes("note")
            with ui.row().classes("items-center gap-3") as row:
                button("Fit", self._fit, "fit")
                self.show = button("Show the fitted cell", self._show, "show-fit")
            self.fit_row, self.progress = row, _told("progress", "note")
            self.fit_words = ui.label().classes("told wide").props('data-test="fit-words"')
        for one in (self.after_least, self.least_chart, self.show):
            one.set_visibility(False)
        with self.bands_row:  # it moves to the study that runs
            self.stop = ui.button("Stop", on_click=self._stop)
            self.stop.props('color="negative" dense no-caps data-test="stop"')
            self.stop.set_visibility(False)
        self.clock = ui.timer(1, self._tick, active=False)
        self.since = self.heard = self.counted_from = 0.0
        self.come, self.share = "", 0.0

    def take(self, described: dict[str, Any]) -> None:
        """What of the cell can be fitted: numbers that declare a range."""
        known = described["uncertain"]
        self._list(described["drawn"])
        kept = [name for name in self.vary.value or [] if name in known]
        self.vary.set_options(known, value=kept)

    def _list(self, numbers: list[dict[str, str]]) -> None:
        """All that draws of the cell move, in SI, as fits and files name it."""
        heads = ("number", "value", "between", "class", "what")
        rows = [heads, *(tuple(one[head] for head in heads) for one in numbers)]
        lines = [
            "".join(f"<{cell}>{html.escape(text)}</{cell}>" for text in row)
            for row, cell in zip(rows, ("th", *["td"] * len(numbers)), strict=True)
        ]
        self.drawn.set_text(f"Which {len(numbers)} numbers are drawn, and between which ends")
        self.drawn.clear()
        with self.drawn, ui.element("div").classes("drawn").props('tabindex="0"'):
            body = "".join(f"<tr>{line}</tr>" for line in lines)
            ui.html(f"<table>{body}</table>", sanitize=False)

    def _bands(self) -> None:
        if not self.stop.visible:
            self.page.change(replace(self.page.screen, bands=int(self.draws.value)))
        self.draw_bands(int(self.draws.value))

    def draw_bands(self, samples: int) -> None:
        """Of the variant that moves; an address may ask for them, too."""
        self.draws.set_value(samples)
        self._begin("bands", self.bands_row, self.bands_words, samples=samples)

    def _least(self) -> None:
        keep, samples = self.keep.value or 95, int(self.samples.value or 0)
        asked = Question(self.page.screen.now, keep, self.reference.value, samples)
        if self.find_least(asked):
            self.page.change(replace(self.page.screen, least=asked))

    def find_least(self, asked: Question) -> bool:
        """Begin to answer, or once the bands are there; an address may ask for it, too."""
        if self.stop.visible and self.kind == "bands" and self.page.screen.least == asked:
            self.waits = asked
            self.least_words.set_text("begins when the bands are there")
            return True
        self.keep.set_value(asked.keep)
        self.reference.set_value(asked.reference)
        self.samples.set_value(asked.samples)
        given = {"keep": asked.keep / 100, "reference": asked.reference, "samples": asked.samples}
        begun = self._begin("least", self.least_row, self.least_words, asked.variant, **given)
        if begun:
            self.headline.set_text("")
        return begun

    def _fit(self) -> None:
        if self.page.data is None:
            self.progress.set_text("Drop a measured file above first.")
            return
        if not self.vary.value:
            self.progress.set_text("Choose the numbers to fit first.")
            return
        self.fit_words.set_text("")
        given = {"path": self.page.data, "vary": list(self.vary.value or [])}
        self._begin("fit", self.fit_row, self.progress, **given)

    def _begin(
        self, kind: str, row: ui.row, words: ui.label, of: Variant | None = None, **given: Any
    ) -> bool:
        if self.stop.visible:
            ui.notify("One study at a time: stop the one that runs first.", type="warning")
            return False
        self.kind, self.words, self.answered = kind, words, False
        words.set_text(BEGINS)
        self.stop.move(row)
        self.stop.set_visibility(True)
        self.since = self.heard = self.counted_from = time.monotonic()
        self.come, self.share = "", 0.0
        self._tick()
        self.clock.activate()
        variant = of or self.page.screen.now
        self.asked = self.worker.ask(self.who, kind, variant=variant, **given)
        return True

    def _tick(self) -> None:
        """How long the study has run, on the button that stops it."""
        now = time.monotonic()
        self.stop.set_text(f"Stop ({now - self.since:.0f} s)")
        if SOON < self.share < 1:
            left = (self.heard - self.counted_from) * (1 / self.share - 1) - (now - self.heard)
            about = f", about {duration(max(left, 1))} left"
        else:
            about = ""
        said = self.come or BEGINS
        self._progress(f"{said}{about}")
        self.page.at_work(f"{WORKS[self.kind]}: {said if self.come else 'begins'}{about}")

    def _heard(self, words: str, share: float) -> None:
        """How far it has come; what is left follows from how long that took."""
        self.heard = time.monotonic()
        if not share:
            self.counted_from = self.heard
        self.come, self.share = words, share
        self._tick()

    def _stop(self) -> None:
        self.worker.stop()
        self.come, self.share = "stopping, the best so far comes", 0.0
        self._tick()

    def _show(self) -> None:
        """Pin what was, take what was found."""
        screen = self.page.screen
        pins = screen.pins if screen.now in screen.pins else (*screen.pins, screen.now)
        self.page.change(replace(screen, now=self.found, pins=pins[-MOST_PINS:]))

    def _hold(self, which: int) -> None:
        """Pin what was, hold the cell that was asked about at its least pressure, or safely."""
        self.found = self.least["variant"].with_value(PRESSURE, self._enough()[which])
        self._show()

    def _enough(self) -> tuple[float | None, float | None]:
        """The least pressure and the end of its interval, as the page writes them."""
        ends = self.least["interval"] or (None, None)
        lowest, safe = (one and no_less(one) for one in (self.least["lowest"], ends[1]))
        return lowest, safe

    def _hear(self, number: int, part: str, answer: Any) -> None:
        if number != self.asked:
            return
        with self.page.client:
            if part == "progress":
                self._heard(answer["words"], answer["share"])
            elif part in (REFUSED, FAILED):
                self.answered = True
                self.words.set_text(answer["words"])
            elif part == DONE:
                self.stop.set_visibility(False)
                self.clock.deactivate()
                self.page.at_work("")
                said = self.words.text.partition("\n\n")[0]
                self.words.set_text(said if self.answered else "stopped")
                asked, self.waits = self.waits, None
                if asked is not None:
                    self.find_least(asked)
            else:
                self.answered = True
                getattr(self, f"_take_{part}")(answer)

    def _progress(self, words: str) -> None:
        said = self.words.text.partition("\n\n")[0] if self.answered else ""
        self.words.set_text(f"{said}\n\n{words}" if said else words)

    def _take_bands(self, answer: dict[str, Any]) -> None:
        self.words.set_text("\n".join(answer["words"]))
        self.page.take_bands(answer)

    def _take_least(self, answer: dict[str, Any]) -> None:
        self.least_words.set_text("\n".join(f"{w[:1].upper()}{w[1:]}." for w in answer["words"]))
        self.headline.set_text(answer["headline"])
        self.least = answer
        self.after_least.set_visibility(True)
        lowest, safe = self._enough()
        safe = safe if answer["headline"] else None
        for one, pressure, words in (
            (self.hold, lowest, "Hold the cell at {:g} MPa"),
            (self.safe, safe, "To be safe, at {:g} MPa"),
        ):
            one.set_visibility(pressure is not None)
            one.set_text(words.format(pressure or 0))
        options = self.least_chart.options
        options["yAxis"]["name"] = answer["axis"]
        options["tooltip"][":formatter"] = charts.hover(PRESSURE_AXIS, answer["axis"])
        self.least_chart.options["series"] = charts.least_series(answer)
        self.least_chart.set_visibility(True)
        self.least_chart.update()

    def _save_least(self, ending: str) -> None:
        for name, content in self.least["files"].items():
            if name.endswith(ending):
                ui.download.content(content, name)

    def _take_fit(self, answer: dict[str, Any]) -> None:
        self.found = answer["variant"]
        self.progress.set_text(answer["stopped"] or "done")
        self.fit_words.set_text(answer["text"])
        self.show.set_visibility(True)


def _told(test: str, kind: str = "told") -> ui.label:
    """A label that a voice reads when it changes."""
    return ui.label().classes(kind).props(f'aria-live="polite" data-test="{test}"')
