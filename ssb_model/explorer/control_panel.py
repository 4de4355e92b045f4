"""The cell and the controls of its numbers: a box and a slider each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nicegui import events, ui

from ssb_model.errors import SolidStateError
from ssb_model.explorer.controls import GROUPS, STEPS, Control, at_step, control, step_of
from ssb_model.explorer.lab_book_panel import LabBookPanel
from ssb_model.explorer.panels import OpenPage
from ssb_model.explorer.style import button, choice, drop, panel, tip
from ssb_model.explorer.variant import Variant
from ssb_model.explorer.words import cell_words, meaning
from ssb_model.parameters.library import LARGEST, cell_names


class ControlPanel:
    """Elements by the key of their control, and the cell they are of."""

    def __init__(self, page: OpenPage):
        self.page = page
        self.own: dict[str, float] = {}
        self.moving = False  # while the program itself sets elements
        self.rows: dict[str, tuple[Any, ui.number, ui.slider]] = {}
        self.tips: dict[str, ui.tooltip] = {}
        with panel("Cell", "cell"):
            now = page.screen.now.cell
            names = dict.fromkeys([*cell_names(), now])
            known = {name: cell_words(name) for name in names}
            self.cell = choice("Cell", known, now, "cell", on_change=self._choose)
            self.title = ui.label().classes("note")
            with self.title:
                tip(meaning("1C"))
            self.upload = drop(
                "Your own cell: drop its TOML here, its materials with it",
                LARGEST,
                f"A cell file has at most {LARGEST / 1e3:g} kB.",
                'accept=".toml" data-test="own"',
                multiple=True,
                on_multi_upload=self._dropped,
            )
            self.lab_book = LabBookPanel(page)
        with panel("Numbers"):
            for group, controls in GROUPS.items():
                ui.label(group).classes("group")
                for one in controls:
                    self._row(one)
            button("As the file has them", self._reset, "reset", "flat")

    def _row(self, one: Control) -> None:
        with ui.element("div").classes("control") as row:
            box = ui.number(
                label=one.label,
                format="%.4g",
                on_change=lambda event: self._typed(one, event.value),
            )
            box.props(f'outlined dense debounce=300 data-test="box-{one.key}"')
            slider = ui.slider(
                min=0, max=STEPS, on_change=lambda event: self._slid(one, event.value)
            )
            slider.props(f'aria-label="{one.label}" data-test="slider-{one.key}"')
            self.tips[one.key] = tip()
        row.set_visibility(False)
        self.rows[one.key] = (row, box, slider)

    def take(self, described: dict[str, Any]) -> None:
        """What the file of the cell says."""
        self.own = described["own"]
        for key, words in described["about"].items():
            self.tips[key].set_text(words)
        self.title.set_text(f"{described['title']}; 1C is {described['one_c']:.3g} mA cm⁻²")
        self.follow()

    def follow(self) -> None:
        """Show the values of the screen."""
        self.moving = True
        name = self.page.screen.now.cell
        if name not in self.cell.options:
            self.cell.set_options({**self.cell.options, name: cell_words(name)})
        self.cell.set_value(name)
        values = {**self.own, **dict(self.page.screen.now.values)}
        for key, (row, box, slider) in self.rows.items():
            row.set_visibility(key in values and key in self.own)
            if key in values:
                self._show(key, values[key], box, slider)
        self.moving = False
        self.lab_book.follow()

    def _show(self, key: str, value: float, box: ui.number, slider: ui.slider) -> None:
        one = control(key)
        box.set_value(value)
        slider.set_value(step_of(one, value))
        slider.props(f'aria-valuetext="{value:.4g} {one.unit}"')

    def _slid(self, one: Control, step: float | None) -> None:
        if not self.moving and step is not None:
            self._set(one, at_step(one, step), box=True)

    def _typed(self, one: Control, value: float | None) -> None:
        if not self.moving and value is not None:
            self._set(one, value, box=False)

    def _set(self, one: Control, value: float, box: bool) -> None:
        """A visitor moved one: its other element follows, and the model is asked."""
        try:
            one.check(value)
        except SolidStateError as error:
            self.page.refuse(str(error))
            return
        _, typed, slider = self.rows[one.key]
        self.moving = True
        if box:
            typed.set_value(value)
        else:
            slider.set_value(step_of(one, value))
        slider.props(f'aria-valuetext="{value:.4g} {one.unit}"')
        self.moving = False
        given = None if value == self.own.get(one.key) else value
        screen = self.page.screen
        self.page.change(replace(screen, now=screen.now.with_value(one.key, given)), False)

    def _choose(self, event: events.ValueChangeEventArguments) -> None:
        if not self.moving:
            self.page.change(replace(self.page.screen, now=Variant(event.value)))

    def _reset(self) -> None:
        screen = self.page.screen
        self.page.change(replace(screen, now=Variant(screen.now.cell)))

    async def _dropped(self, event: events.MultiUploadEventArguments) -> None:
        try:
            files = {file.name: await file.read() for file in event.files}
            name = self.page.hub.store.add_cell(files)
        except SolidStateError as error:
            self.page.refuse(str(error))
            return
        finally:
            self.upload.reset()
        self.page.try_cell(name)
