"""The page: controls on one side, what the model says on the other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nicegui import ui

from ssb_model.errors import SolidStateError
from ssb_model.explorer import charts, style
from ssb_model.explorer.bench import PARTS
from ssb_model.explorer.control_panel import ControlPanel
from ssb_model.explorer.panels import MeasuredPanel, PinPanel, SavePanel
from ssb_model.explorer.store import place_of
from ssb_model.explorer.study_panel import StudyPanel
from ssb_model.explorer.style import opens, tip
from ssb_model.explorer.variant import Screen, Variant
from ssb_model.explorer.words import (
    SHOWN,
    changed_words,
    explained,
    listed,
    outcome,
    recipe_words,
    since_pin,
    variant_words,
)
from ssb_model.explorer.worker import DONE, FAILED, REFUSED, Hub
from ssb_model.figures.discharge import ORDER

_numbers = itertools.count(1)
TITLES = {
    "discharge": "Discharge",
    "losses": "Where the voltage is lost",
    "rates": "Capacity against rate",
    "impedance": "Impedance at half charge",
    "contact": "Contact against pressure",
}
READY = "ready"
LOSSES = [label for label, _ in ORDER.values()]
EXPLAINED = {"losses": LOSSES, "rates": ("1C",), "contact": ("contact fraction", "cover")}
PLACES = {  # panels, as a visitor looks for them
    "cell": "Your own cell",
    "measured": "Your measurement",
    "bands": "Bands",
    "least": "Least stack pressure",
    "fit": "Fit",
    "save": "Downloads",
}


class Page:
    """One open page: what its address says, what was answered, and the elements that show it."""

    def __init__(self, hub: Hub, query: str):
        self.hub = hub
        self.name = f"page{next(_numbers)}"
        self.screen = Screen(Variant(hub.first))
        self.own: dict[str, dict[str, float]] = {}  # of each cell, what its file says
        self.asked = 0
        self.tried = ""  # a cell that was dropped, not known yet to be one
        self.answers: dict[str, dict[int, Any]] = {part: {} for part in PARTS}
        self.beside: dict[str, Any] | None = None
        self.bands: dict[str, Any] | None = None  # of the variant that moves, once they are there
        self.client = ui.context.client
        self.address_refused = self._read(query)  # stays to be read until something is moved
        self._build()
        for kind in ("screen", "cell", "tried"):
            hub.listen(f"{self.name}/{kind}", getattr(self, f"_hear_{kind}"))
        self.client.on_delete(self._gone)
        if self.address_refused:
            self.refuse(self.address_refused)
        self.ask_cell()
        self.ask()
        if self.screen.bands:
            self.study.draw_bands(self.screen.bands)
        if self.screen.least:
            self.study.find_least(self.screen.least)

    def _read(self, query: str) -> str:
        """Take what an address says; what is wrong with it."""
        if not query:
            return ""
        try:
            screen = Screen.of_address(query)
            for texts in screen.own.values():
                self.hub.store.add_cell({name: text.encode() for name, text in texts.items()})
            for variant in screen.variants:
                self.hub.store.check_cell(variant.cell)
        except SolidStateError as error:
            return str(error)
        self.screen = screen
        try:
            if screen.data:
                self.hub.store.measured(screen.data)
        except SolidStateError as error:
            self.screen = replace(screen, data="")
            return str(error)
        return ""

    # what is shown

    def _build(self) -> None:
        style.add()
        self.pictures = ui.element("main").classes("explorer")
        with self.pictures:
            with ui.element("section").classes("top").props('aria-label="Result"'):
                with ui.row().classes("items-center w-full gap-2"):
                    ui.label("ssb explorer").classes("name").props('role="heading" aria-level="1"')
                    self.status = ui.label(READY).classes("status").props('data-test="status"')
                    self.working = ui.label().classes("status").props('data-test="working"')
                    self.working.bind_visibility_from(self.working, "text", bool)
                with ui.element("nav").classes("go").props('aria-label="On this page"'):
                    for key, words in PLACES.items():
                        ui.link(words, f"#{key}")
                self.wrong = ui.column().classes("wrong w-full").props('role="alert"')
                self.said = ui.label().classes("said").props('aria-live="polite" data-test="said"')
                self.since = ui.label().classes("since").props('aria-live="polite"')
                self.follows = ui.label().classes("note").props('data-test="follows"')
                self.mind = ui.label().classes("mind")
                with self.follows:
                    tip(explained("utilisation", "N/P"))
                with self.said:
                    tip(explained(*LOSSES))
                with opens("What the words mean", "words"):
                    ui.html(listed(SHOWN), sanitize=False)
            self.charts: dict[str, ui.echart] = {}
            with ui.element("section").classes("first").props('aria-label="Discharge"'):
                self._chart("discharge")
            with ui.element("aside").classes("side").props('aria-label="Controls"'):
                self.controls = ControlPanel(self)
                self.pins = PinPanel(self)
            with ui.element("section").classes("rest").props('aria-label="More"'):
                with ui.element("div").classes("grid2"):
                    for part in PARTS[1:]:
                        self._chart(part)
                self.measured = MeasuredPanel(self)
                self.study = StudyPanel(self)
                self.saves = SavePanel(self)

    def _chart(self, part: str) -> None:
        with ui.element("figure").classes("picture"):
            with ui.element("figcaption").classes("caption"), ui.label(TITLES[part]):
                tip(explained(*EXPLAINED.get(part, ())))
            chart = ui.echart(charts.PICTURES[part]()).classes("chart")
            words = f"{TITLES[part]}; the numbers are in the CSV file."
            chart.props(f'role="img" aria-label="{words}" data-test="{part}" data-answer="0"')
            self.charts[part] = chart

    # what is asked and heard

    def change(self, screen: Screen, controls: bool = True) -> None:
        """Another screen: ask for it; ``controls`` follow it unless they made it so."""
        before = self.screen
        if screen.now != before.now:  # a band is of the variant it was drawn for
            screen, self.bands = replace(screen, bands=0), None
        self.screen = screen
        self.address_refused = ""
        self.saves.follow()
        if screen.now.cell != before.now.cell:
            self.ask_cell()
        if controls:
            self.controls.follow()
        if screen.pins != before.pins:
            for answers in self.answers.values():
                for number in [n for n in answers if n]:
                    del answers[number]
            self.pins.follow()
        if screen.data != before.data:
            self.beside = None
            self.measured.follow()
        self.ask()

    def take_bands(self, bands: dict[str, Any]) -> None:
        """Bands that were drawn, unless what moves has moved on."""
        if bands["variant"] == self.screen.now:
            self.bands = bands
            for part in ("discharge", "rates"):
                self._draw(part)

    def save(self, kind: str) -> None:
        """A file of what is on the screen goes to the visitor's downloads."""
        self.saves.ask(kind)

    def at_work(self, words: str) -> None:
        """What takes long and how far it is; it stands in the place of "ready"."""
        self.working.set_text(words)
        self.status.set_visibility(not words)

    def ask_cell(self) -> None:
        """What the file of the cell says, and what of it can be fitted."""
        self.hub.quick.ask(f"{self.name}/cell", "cell", name=self.screen.now.cell)

    def try_cell(self, name: str) -> None:
        """Take a cell that was dropped once it is known to be one."""
        self.status.set_text("reading")
        self.tried = name
        self.hub.quick.ask(f"{self.name}/tried", "cell", name=name)

    def _hear_tried(self, number: int, part: str, answer: Any) -> None:
        with self.client:
            if part == "cell" and answer["name"] == self.tried:
                self.change(replace(self.screen, now=Variant(self.tried)))
            elif part in (REFUSED, FAILED):
                self.refuse(answer["words"], answer.get("mistakes", []), self.tried)

    def ask(self) -> None:
        """Everything on the screen; answers to what was asked before are dropped."""
        self.status.set_text("solving")
        self.asked = self.hub.quick.ask(
            f"{self.name}/screen", "screen", variants=self.variants, measured=self.data
        )

    @property
    def variants(self) -> list[Variant]:
        """The one that moves, then the pinned ones."""
        return [self.screen.now, *self.screen.pins]

    @property
    def data(self) -> Path | None:
        """The measured file that lies beside."""
        return self.hub.store.measured(self.screen.data) if self.screen.data else None

    @property
    def least_asked(self) -> dict[str, Any] | None:
        """What the least pressure on the page was asked with, while it is of what is shown."""
        least = self.study.least
        return least["asked"] if least and least["variant"] == self.screen.now else None

    @property
    def labels(self) -> list[str]:
        """Of each variant, for a legend."""
        words = [variant_words(one, self.own_of(one)) for one in self.variants]
        return [f"now: {words[0]}", *(f"pin {n}: {one}" for n, one in enumerate(words[1:], 1))]

    def own_of(self, variant: Variant) -> dict[str, float]:
        """What the file of a variant's cell says, as far as it is known yet."""
        return self.own.get(variant.cell) or {"pressure": float("nan"), **dict(variant.values)}

    def _hear_cell(self, number: int, part: str, answer: Any) -> None:
        with self.client:
            if part == "cell":
                self.own[answer["name"]] = answer["own"]
                self.pins.follow()
                if answer["name"] == self.screen.now.cell:
                    self.controls.take(answer)
                    self.study.take(answer)
            elif part in (REFUSED, FAILED):
                self.refuse(answer["words"], answer.get("mistakes", []))

    def _hear_screen(self, number: int, part: str, answer: Any) -> None:
        if number != self.asked:
            return
        with self.client:
            if part in (REFUSED, FAILED):
                self.refuse(answer["words"], answer.get("mistakes", []))
            elif part == "measured":
                self.beside = answer
                self.measured.told(answer)
                for each in PARTS:
                    self._draw(each)
            elif part == DONE and self.status.text != REFUSED:
                self.status.set_text(READY)
                self.controls.lab_book.shown()
                ui.navigate.history.replace(f"/?{self.address}")
            elif part != DONE:
                index, told = answer
                if part == "discharge" and index == 0:
                    if not self.address_refused:
                        self.wrong.clear()
                    self.pictures.classes(remove="stale")
                self.answers[part][index] = told
                if part == "discharge" and self.variants[index].cell not in self.own:
                    self.own[self.variants[index].cell] = told["own"]
                    self.pins.follow()
                self._draw(part)
                self._say()

    @property
    def address(self) -> str:
        """A link to this screen, the cell's own file in it where that is a visitor's."""
        cells = dict.fromkeys(variant.cell for variant in self.screen.variants)
        found = {name: self.hub.store.texts(name) for name in cells}
        own = {name: texts for name, texts in found.items() if texts}
        return replace(self.screen, own=own).address

    def _draw(self, part: str) -> None:
        chart = self.charts[part]
        count = len(self.variants)
        answers = [self.answers[part].get(number) for number in range(count)]
        short = ["now", *(f"pin {number}" for number in range(1, count))]
        labels = self.labels if part == "discharge" else short
        lines = charts.series(part, answers, labels, self.beside, self.bands)
        chart.options["series"] = lines
        if (top := charts.highest(part, answers)) is not None:
            chart.options["yAxis"]["max"] = top
        chart.props(f'data-answer="{self.asked}"')
        chart.update()

    def _say(self) -> None:
        told = self.answers["discharge"].get(0)
        if told is None:
            return
        row = told["row"]
        losses = self.answers["losses"].get(0) if self.answers["losses"] else None
        self.said.set_text(outcome(row, losses))
        self.mind.set_text(" ".join(told["cautions"]))
        self.follows.set_text(recipe_words(told["of_the_cell"]))
        pinned = self.answers["discharge"].get(len(self.screen.pins)) if self.screen.pins else None
        if pinned:
            change = changed_words(
                self.screen.now, self.screen.pins[-1], self.own_of(self.screen.now)
            )
            self.since.set_text(since_pin(change, row, pinned["row"]))
        else:
            self.since.set_text("")

    def refuse(self, words: str, mistakes: Sequence[str] = (), name: str = "") -> None:
        """What is wrong, and in a file of a visitor's at which line; pictures are of before.

        ``name`` is the cell it is about, where that is not the one on the screen.
        """
        self.status.set_text(REFUSED)
        files = self.hub.store.texts(name or self.screen.now.cell)
        self.wrong.clear()
        if name:  # it was dropped further down
            ui.run_javascript("document.querySelector('.wrong').scrollIntoView()")
        else:
            self.pictures.classes(add="stale")
        with self.wrong:
            ui.label(words).props('data-test="wrong"')
            for one in mistakes or [words]:
                place = place_of(one, files)
                if mistakes:
                    ui.label(place.words)
                if place.line:
                    ui.label(f"{place.file}, line {place.line}: {place.text}").classes("code")

    def _gone(self) -> None:
        for kind in ("screen", "cell", "tried", "long", "file"):
            self.hub.forget(f"{self.name}/{kind}")
        self.study.worker.end()
