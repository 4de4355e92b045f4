"""Variants that stay while the controls move on."""

from __future__ import annotations

from dataclasses import replace

from nicegui import ui

from ssb_model.explorer.open_page import OpenPage
from ssb_model.explorer.style import panel
from ssb_model.explorer.variant import MOST_PINS
from ssb_model.explorer.words import cell_words, variant_words
from ssb_model.figures.discharge import COLOURS


class PinPanel:
    """A button that pins, and the pins there are."""

    def __init__(self, page: OpenPage):
        self.page = page
        with panel("Pins"):
            ui.button("Pin what is shown", on_click=self.pin).props(
                'outline dense no-caps data-test="pin"'
            )
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
