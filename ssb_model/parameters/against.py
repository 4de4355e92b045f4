"""Cut-offs given against a reference, made voltages of the cell: ``against = "Li"``."""

from __future__ import annotations

import re
from dataclasses import replace

from ssb_model.errors import CellFileError
from ssb_model.laws import open_circuit
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.section import CellFile, Section
from ssb_model.submodels.anodes import anode

KEY = "against"
CUT_OFFS = ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]")
PLATEAU = 0.3  # lithium per indium of a foil inside its two-phase region
REFERENCES = {  # as people write them: potential against lithium [V]
    "li": 0.0,
    "lithium": 0.0,
    "li-li+": 0.0,
    "li+-li": 0.0,
    "li-in": float(open_circuit.lithium_indium(PLATEAU)),
    "in-li": float(open_circuit.lithium_indium(PLATEAU)),
    "inli": float(open_circuit.lithium_indium(PLATEAU)),
    "liin": float(open_circuit.lithium_indium(PLATEAU)),
}
OWN = ("cell", "counter", "negative")  # the cut-offs are the cell's own, and meant so


def of_the_cell(file: CellFile) -> CellFile:
    """The file with cut-offs of the cell, each less what its negative electrode has.

    Without the key they are the cell's own already.
    """
    if not said(file) or is_own(file):
        return file
    reference = REFERENCES.get(_plain(said(file)))
    where = f"{file.cell.where} {KEY}"
    if reference is None:
        raise CellFileError(
            f"{where}: '{said(file)}' is no reference. Known: Li, Li-In, cell (the cell's own "
            "voltage)."
        )
    own = potential(file.negative)
    if own is None:
        name = file.negative.words.get("active_material", "the negative electrode")
        raise CellFileError(
            f"{where}: the potential of {name} moves as it fills, so a cut-off against "
            f"{said(file)} is none of the cell's: leave out '{KEY}' and give the voltages between "
            "its two electrodes."
        )
    moved = {
        key: _moved(file.cell.entry(key), reference - own, said(file), file.negative)
        for key in CUT_OFFS
        if key in file.cell
    }
    return replace(file, cell=replace(file.cell, entries={**file.cell.entries, **moved}))


def said(file: CellFile) -> str:
    """What the file says that its cut-offs are against, "" where it does not."""
    return file.cell.words.get(KEY, "")


def is_own(file: CellFile) -> bool:
    """Whether it says that they are the cell's own."""
    plain = _plain(said(file))
    return plain in OWN or plain == _plain(file.negative.words.get("active_material", ""))


def potential(negative: Section) -> float | None:
    """Potential of a negative electrode against lithium [V], none where it moves."""
    if anode(negative.words["form"]).host or "Open-circuit potential [V]" not in negative:
        return None
    given = negative["Open-circuit potential [V]"]
    if not isinstance(given, dict):
        return float(given)
    law = open_circuit.NAMED.get(given.get("law", ""))
    start = negative.get("Pristine stoichiometry", PLATEAU)
    return None if law is None else float(law(start))


def _moved(entry: Entry, by: float, reference: str, negative: Section) -> Entry:
    if abs(by) < 1e-9:
        return entry
    limits = entry.range and (entry.range[0] + by, entry.range[1] + by)
    name = negative.words.get("active_material", "the negative electrode")
    told = f"{entry.value:g} V against {reference}, {by:+.4g} V to be against {name}"
    note = "; ".join(filter(None, (told, entry.note)))
    return replace(entry, value=entry.value + by, range=limits, kind="derived", note=note)


def _plain(name: str) -> str:
    return re.sub(r"[\s_/|–−-]+", "-", name.strip().casefold())
