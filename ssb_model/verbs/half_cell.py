"""One electrode of a cell against lithium or lithium-indium, as a cell file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.saving import copies
from ssb_model.errors import InputError
from ssb_model.parameters.half_cell import check_counter, half_cell_text
from ssb_model.parameters.potentials import at, potential
from ssb_model.submodels.anodes import anode
from ssb_model.system.marks import without_seal
from ssb_model.verbs.new import Made, check_free, written
from ssb_model.verbs.options import Option

BELOW = 0.2  # V under the potential of a positive host when the whole cell is empty
NEARLY = 0.02  # of its lithium a negative host is short of full, and holds when empty
MARGINS = 0.05, 0.5  # V below and above the potentials there
LEAST = 5e-3  # V against lithium, where none plates


def half_cell(
    cell: Annotated[str, Option("name of a cell, or path of your own TOML file", positional=True)],
    file: Annotated[Path, Option("where the half cell goes: half.toml", positional=True)],
    electrode: Annotated[
        Literal["positive", "negative"], Option("which one is kept; {default} if left out")
    ] = "positive",
    counter: Annotated[
        str, Option("what stands against it: Li or Li-In; {default}", metavar="NAME")
    ] = "Li",
) -> Made:
    """Write the half cell of one electrode of a cell, all numbers of that electrode as they are.

    The electrode is a composite, or a dense layer as of silicon.

    Its cut-offs are against lithium: those between which the electrode works in the whole cell,
    or, of the negative one, from nearly full to nearly empty. A discharge of a half cell puts
    lithium into the electrode, whichever it is in the whole cell.
    """
    whole = load_cell(cell)
    file = Path(file)
    if electrode not in ("positive", "negative"):
        raise InputError(f"the electrode is 'positive' or 'negative', not '{electrode}'.")
    check_counter(counter)
    check_free(file)
    section = getattr(whole.design.file, electrode)
    form = anode(section.words["form"])
    if not form.host:
        raise InputError(
            f"the negative electrode of {whole.name} is a foil: a foil against a foil has no "
            "voltage to run between. Take the positive one, or another cell."
        )
    if form.planar and form.name != form.form:
        raise InputError(
            f"a {form.name} stands only on the negative side: no half cell is made of it."
        )
    thickness = whole.design.negative.thickness if form.planar else None
    source = without_seal(whole.design.file.path.read_text(encoding="utf-8-sig"))
    between = whole.design.file.separator.words["electrolyte"]
    chemistry = f"{section.words['active_material']} | {between} | {counter}"
    cut_offs = _cut_offs(whole, electrode)
    text = half_cell_text(source, electrode, counter, cut_offs, chemistry, thickness)
    return Made(str(file), written(file, text, copies(whole.design.file, file)), [], asked=False)


def _cut_offs(cell: Cell, electrode: str) -> tuple[float, float]:
    """Against lithium [V]."""
    section = getattr(cell.design.file, electrode)
    curve = potential(section.entry("Open-circuit potential [V]"))
    if electrode == "positive":
        return at(curve, cell.window.positive_empty) - BELOW, at(curve, cell.window.positive_full)
    low, high = at(curve, 1 - NEARLY) - MARGINS[0], at(curve, NEARLY) + MARGINS[1]
    return max(low, LEAST), high
