"""Where a cell without a file is described: the fields of a lab book."""

from __future__ import annotations

from nicegui import ui

from ssb_model.errors import SolidStateError
from ssb_model.explorer.lab_book import (
    AGAINST,
    CELL,
    HOLDERS,
    INDIUM,
    LINES,
    NONE,
    PARTS,
    Written,
    file_of,
    known_parts,
    written_in,
)
from ssb_model.explorer.panels import OpenPage
from ssb_model.explorer.style import button, choice
from ssb_model.parameters.new_cell import ANODES, USUAL

FIRST = {"active": ("NCM811", 70.0), "electrolyte": ("LPSCl", 30.0)}
NEEDED = ("active", "electrolyte")
HOLDS = (
    "What you leave empty is assumed, within a range that draws use; what you write counts as "
    "measured. The porosity is assumed: once the cell is there, move it below. Another mixture, "
    "such as one of two active materials, takes a TOML file."
)


class LabBookPanel:
    """Fields, and a button that makes a cell of them."""

    def __init__(self, page: OpenPage):
        self.page = page
        self.name = NONE  # of the cell that was made
        known = known_parts()
        self.parts: dict[str, tuple[ui.select, ui.number]] = {}
        self.numbers: dict[str, ui.number] = {}
        box = ui.expansion("Your own cell, from your lab book").classes("w-full lab-book")
        with box.props('dense data-test="lab-book"'):
            self.title = ui.input(label="Name", value="my cell").props("outlined dense")
            self.title.classes("w-full")
            with ui.element("div").classes("fields"):
                for part, (words, _) in PARTS.items():
                    self._part(part, words, known[part])
                for name, line in LINES.items():
                    one = ui.number(label=line.words, placeholder=line.hint, format="%.6g")
                    one.props(f'outlined dense stack-label data-test="lab-{name}"')
                    self.numbers[name] = one
            self.holder = choice("It is held", HOLDERS, "isostatic", "lab-holder")
            self.against = choice("Both cut-offs are", AGAINST, CELL, "lab-against")
            self.anode = choice("Negative electrode", list(ANODES), INDIUM, "lab-anode")
            for one in (self.anode, self.parts["active"][0]):
                one.on_value_change(self._hint)
            self._hint()
            ui.label(HOLDS).classes("note")
            button("Make this cell", self._make, "lab-make")
            self.words = ui.label().classes("wrong").props('role="alert" data-test="lab-wrong"')
            self.made = ui.label().classes("note").props('aria-live="polite"')
            self.save = button("Save its file", lambda: page.save("toml"), "lab-save", "flat")
            self.save.set_visibility(False)

    def _part(self, part: str, words: str, known: list[str]) -> None:
        name, share = FIRST.get(part, (NONE, None))
        choices = {one: one for one in known}
        if part not in NEEDED:
            choices = {NONE: "none", **choices}
        which = choice(words, choices, name, f"lab-{part}")
        box = ui.number(label=f"{words}, wt%", value=share, format="%.6g")
        self.parts[part] = (which, box.props(f'outlined dense data-test="lab-{part}-share"'))

    def _hint(self) -> None:
        """What is taken for cut-offs and 1C that nobody writes."""
        _, lower, upper, against = ANODES[self.anode.value]
        active, of = self.parts["active"][0].value, f" vs {against}" if against else ""
        one_c = USUAL.get(active, USUAL["NCM811"])
        hints = {"lower": f"{lower:g}{of}", "upper": f"{upper:g}{of}", "one_c": f"{one_c:g}"}
        for name, hint in hints.items():
            self.numbers[name].props(f'placeholder="{hint} assumed"')

    def _make(self) -> None:
        mixture = {part: (which.value, box.value) for part, (which, box) in self.parts.items()}
        numbers = {name: box.value for name, box in self.numbers.items()}
        title = self.title.value or ""
        try:
            chosen = (self.anode.value, self.against.value, title, self.holder.value)
            text = file_of(mixture, numbers, *chosen)
            name = self.page.hub.store.add_cell({f"{_stem(title)}.toml": text.encode()})
        except SolidStateError as error:
            self.words.set_text(str(error))
            self.made.set_text("")
            return
        self.words.set_text("")
        self.name = name
        self.made.set_text("The pictures follow in some seconds, or why not at the top.")
        self.page.try_cell(name)

    def follow(self) -> None:
        """The page shows another cell."""
        name = self.page.screen.now.cell
        if name != self.name:
            texts = self.page.hub.store.texts(name)
            written = written_in(next(iter(texts.values()))) if len(texts) == 1 else None
            self.made.set_text("")
            if written is not None:
                self.name = name
                self._refill(written)
        self.save.set_visibility(name == self.name)

    def shown(self) -> None:
        """The pictures are those of the screen."""
        if self.page.screen.now.cell == self.name:
            self.made.set_text(f"The pictures are of {self.title.value.strip() or 'my cell'}.")

    def _refill(self, written: Written) -> None:
        """The fields as they were when the cell was made."""
        for part, (name, share) in written.mixture.items():
            which, box = self.parts[part]
            which.set_value(name)
            box.set_value(share)
        for name, box in self.numbers.items():
            box.set_value(written.numbers.get(name))
        self.anode.set_value(written.anode)
        self.against.set_value(written.against)
        self.holder.set_value(written.holder)
        self.title.set_value(written.title)


def _stem(title: str) -> str:
    """The name of a file from what a cell is called."""
    plain = "".join(one if one.isascii() and one.isalnum() else "_" for one in title.strip())
    return plain.strip("_")[:60] or "my_cell"
