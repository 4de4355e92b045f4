"""What is declared of a cell's numbers, in words: of each control, and of all that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.explorer.controls import CONTROLS, PRESSURE, RATE, TEMPERATURE
from ssb_model.explorer.glossary import meaning
from ssb_model.parameters.catalogue import record
from ssb_model.parameters.declared import base, declared, uncertain
from ssb_model.quantities.units import in_unit

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.parameters.entry import Entry

RUN = {PRESSURE: "Stack pressure [Pa]", TEMPERATURE: "Temperature [K]"}


def about_controls(cell: Cell) -> dict[str, str]:
    """Of each control of a cell what it means, and where the file has its number from."""
    by_base = {base(name): entry for name, entry in declared(cell.design.file).items()}
    told = {RATE: meaning("1C")}
    for one in CONTROLS:
        name = one.recipe_name(cell) or f"cell: {RUN.get(one.key, '')}"
        entry = by_base.get(base(name))
        if entry is None:
            continue
        said = f"In the file {entry.kind}: {entry.source}"
        if entry.range is not None:
            low, high = (f"{in_unit(end, one.unit):.3g}" for end in entry.range)
            said += f"; between {low} and {high} {one.shown_unit}".rstrip()
        told[one.key] = f"{_description(entry)} {said.rstrip('.')}."
    return told


def drawn_numbers(cell: Cell) -> list[dict[str, str]]:
    """Every number that draws of a cell move: what it is, its value and between which ends."""
    ranges = uncertain(cell.design.file, set(cell.laws.values()) - {"constant"})
    return [
        {
            "number": name,
            "value": f"{entry.value:.4g}",
            "between": " to ".join(f"{end:.4g}" for end in entry.range),
            "class": entry.kind,
            "what": _description(entry),
        }
        for name, entry in ranges.items()
    ]


def _description(entry: Entry) -> str:
    known = record(entry.name)
    return known.description if known else ""
