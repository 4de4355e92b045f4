"""The key that somebody means who calls it otherwise: "Mass [mg]" is a loading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ssb_model.errors import nearest
from ssb_model.quantities.units import customary, named, split

HEARD = (  # words in a key of somebody's own, and the keys they may mean, best first
    (r"upper|max\w*|charge\w* (cut|volt|end)|vmax|v max", ("Upper voltage cut-off",)),
    (r"lower|min\w*|vmin|v min|discharge", ("Lower voltage cut-off",)),
    (r"cut\s*-?offs?|voltage", ("Upper voltage cut-off", "Lower voltage cut-off")),
    (
        r"mass|weight|loading|areal density",
        ("Composite loading", "Active material loading", "Loading"),
    ),
    (r"assembl\w*", ("Assembly pressure", "Fabrication pressure")),
    (
        r"press(ing|ed)|pelleti\w*|densif\w*|fabricat\w*|compac\w*|molding",
        ("Fabrication pressure",),
    ),
    (r"pressure|torque|clamp\w*", ("Stack pressure", "Fabrication pressure")),
    (
        r"grain\w*|electrolyte (particle|size|diameter)|se (size|particle)",
        ("Electrolyte grain size",),
    ),
    (r"particle\w*|d50|radius|cam size|am size", ("Active material diameter",)),
    (r"area|disc|disk|diameter|footprint", ("Electrode area",)),
    (r"n\s*/?\s*p|balanc\w*", ("N/P ratio",)),
    (r"1\s*c|nominal|c-?rate|areal capacity|capacity", ("Nominal areal capacity",)),
    (r"temp\w*", ("Temperature",)),
    (r"void\w*|pore\w*|density|relative density", ("Porosity",)),
    (r"thick\w*|length|depth|height", ("Thickness",)),
    (r"recipe|mixture|wt\s*%?|weights|ratio|composition|content", ("Composition",)),
)

COUNTED = (  # part of a key: how ours counts
    ("mass|weight", "It counts per area of cell."),
    ("radius", "A diameter is twice the radius."),
    ("density", "It is the share of voids, 0.12 where 88 % is dense."),
)


def meant(key: str, known: Sequence[str]) -> str:
    """A sentence with the keys somebody may mean, each with a unit people use.

    ``known`` are the SI names a section may hold.
    """
    base = split(key)[0].casefold()
    by_base = {split(name)[0]: name for name in known}
    for words, means in HEARD:
        here = [_typed(by_base[name]) for name in means if name in by_base]
        if here and re.search(rf"\b({words})\b", base):
            close = nearest(base, by_base, count=1).removeprefix("Nearest: ").rstrip(".")
            if close in by_base and close not in means and _alike(base, close):
                return f"Nearest: {close}."
            return f"Nearest: {', '.join(here)}.{_other_number(base)}"
    return f"{nearest(split(key)[0], by_base)}{_other_number(base)}"


def _other_number(base: str) -> str:
    """Why the number under such a key is another than that under ours."""
    return next((f" {words}" for heard, words in COUNTED if re.search(heard, base)), "")


def _typed(name: str) -> str:
    """A key with the unit people write it in."""
    base, unit = split(name)
    if base == "Composition":
        return "Composition [%]"
    return named(base, {"m2": "cm2", "K": "degC"}.get(unit, customary(unit)))


def _alike(key: str, known: str) -> bool:
    """Whether a key is a known one with a slip of the pen."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, key.casefold(), known.casefold()).ratio() > 0.85
