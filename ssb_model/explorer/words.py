"""Words of the page: of the glossary, of a cell's numbers, of a variant and of what it gives."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssb_model.explorer.controls import (
    CONTROLS,
    PRESSURE,
    RATE,
    RATE_AT_FIRST,
    TEMPERATURE,
    control,
)
from ssb_model.explorer.variant import Variant
from ssb_model.parameters.catalogue import record
from ssb_model.parameters.declared import base, declared, uncertain
from ssb_model.quantities.registry import quantity
from ssb_model.quantities.units import in_unit
from ssb_model.studies.wording import no_less

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.parameters.entry import Entry


_BEGINS = re.compile(r"(?:^|[;.]\s+)(?=\*)")  # of a term, or of several that mean the same
_TERM = re.compile(r"\*([^*]+)\*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
SHOWN = (  # on the page, in the order in which a visitor meets them
    *("1C", "stack pressure", "fabrication pressure", "utilisation", "N/P"),
    *("contact fraction", "cover", "particle diffusion", "uneven through depth", "contact spots"),
    *("charge transfer", "film", "ions in the composite", "electrons in the composite"),
    *("separator", "layer faces", "negative electrode"),
    *("variant", "pin", "draw", "band", "seed"),
)


@cache
def meanings() -> dict[str, str]:
    """What each term means; in the installed package the list lies beside this file."""
    here = Path(__file__).resolve()
    places = (here.with_name("glossary.md"), here.parents[2] / "docs" / "glossary.md")
    text = next((one.read_text(encoding="utf-8") for one in places if one.is_file()), "")
    found: dict[str, str] = {}
    for bullet in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
        words = " ".join(_LINK.sub(r"\1", bullet.partition("\n\n")[0]).split())
        for piece in _BEGINS.split(words):
            head, colon, meaning = piece.partition(": ")
            if colon:
                said = _TERM.sub(r"\1", meaning).rstrip(".")
                found |= dict.fromkeys(_TERM.findall(head), said)
    return found


def meaning(term: str) -> str:
    """ "Contact fraction: share of the particles' surface ...", nothing of a word not listed."""
    said = meanings().get(term, "")
    return f"{term[:1].upper()}{term[1:]}: {said}." if said else ""


def explained(*terms: str) -> str:
    """Several of them, a line each."""
    return "\n".join(filter(None, map(meaning, terms)))


def listed(terms: Iterable[str]) -> str:
    """Terms and what they mean, as a list of a page."""
    known = [(term, meanings().get(term)) for term in terms]
    rows = [
        f"<dt>{html.escape(term)}</dt><dd>{html.escape(said)}.</dd>" for term, said in known if said
    ]
    return f'<dl class="words note">{"".join(rows)}</dl>'


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


SAME = 0.005  # of a capacity: less is no change that a reader cares for


def value_words(key: str, value: float) -> str:
    """ "Stack pressure 5 MPa"."""
    one = control(key)
    return f"{one.words} {value:.4g} {one.shown_unit}".rstrip()


def cell_words(name: str) -> str:
    """A cell's name for a reader: of a dropped file its own."""
    return name.rpartition("/")[2] + " (yours)" if "/" in name else name


def variant_words(variant: Variant, own: dict[str, float]) -> str:
    """A variant by what differs from the cell's own file, its C-rate and pressure always."""
    values = {**own, **dict(variant.values)}
    first = [f"{values.get(RATE, RATE_AT_FIRST):.4g}C", f"{values[PRESSURE]:.4g} MPa"]
    rest = [
        value_words(key, value)
        for key, value in variant.values
        if key not in (RATE, PRESSURE) and value != own.get(key)
    ]
    rest += [f"{name} = {value:.4g}" for name, value in variant.more]
    return ", ".join([*first, *rest])


def changed_words(now: Variant, pin: Variant, own: dict[str, float]) -> str:
    """What differs from a pinned variant of the same cell, and from which value to which."""
    if now.cell != pin.cell:
        return f"another cell, {cell_words(now.cell)} in place of {cell_words(pin.cell)}"
    parts = []
    for one in CONTROLS:
        before, after = (
            dict(each.values).get(one.key, own.get(one.key, RATE_AT_FIRST)) for each in (pin, now)
        )
        if before != after:
            parts.append(f"{one.words.lower()} from {before:.4g} to {value_tail(one.key, after)}")
    if now.more != pin.more:
        parts.append("numbers that a fit found")
    return "; ".join(parts) or "nothing"


def value_tail(key: str, value: float) -> str:
    """ "5 MPa"."""
    return value_words(key, value).removeprefix(control(key).words).strip()


def since_pin(change: str, now: dict[str, Any], then: dict[str, Any]) -> str:
    """A sentence on what a change did: the capacity, the mean voltage, what ended the run."""
    after, before = now["Capacity [mA.h.g-1]"], then["Capacity [mA.h.g-1]"]
    if change == "nothing":
        return "Nothing changed since the pin."
    said = f"Since the pin: {change}. The capacity "
    if before and abs(after / before - 1) < SAME:
        said += f"stays at {after:.1f} mAh/g"
    else:
        way = "rises" if after > before else "falls"
        share = f" ({100 * (after / before - 1):+.0f} %)" if before else ""
        said += f"{way} from {before:.1f} to {after:.1f} mAh/g{share}"
    if now["Mean voltage [V]"] and then["Mean voltage [V]"]:
        moved = round(1000 * (now["Mean voltage [V]"] - then["Mean voltage [V]"]))
        said += f", the mean voltage moves by {moved:+d} mV" if moved else ""
    if now["Stopped by"] != then["Stopped by"]:
        said += f"; it now ends by {now['Stopped by']} in place of {then['Stopped by']}"
    return f"{said}."


def recipe_words(numbers: dict[str, float]) -> str:
    """What follows from the recipe, in a line."""
    return (
        f"Cathode {numbers['Positive electrode thickness [um]']:.3g} µm thick, "
        f"{numbers['Theoretical capacity [mA.h.cm-2]']:.3g} mAh/cm² in theory, "
        f"{100 * numbers['Utilisation']:.3g} % of its particles connected; "
        f"N/P {numbers['N/P']:.3g}."
    )


def outcome(row: dict[str, Any], losses: dict[str, Any] | None = None) -> str:
    """What a discharge gave, and what cost most, for a reader or a voice."""
    said = (
        f"{row['Capacity [mA.h.g-1]']:.1f} mAh/g, {row['Capacity [mA.h.cm-2]']:.2f} mAh/cm² at "
        f"{row['C-rate']:g}C, {row['Stack pressure [MPa]']:.4g} MPa and "
        f"{row['Temperature [degC]']:.4g} °C; ended by {row['Stopped by']}"
    )
    said += f" ({row['Detail']})." if row.get("Detail") else "."
    if losses and losses["largest"]:
        said += f" Largest loss: {quantity(losses['largest']).quantity.words}."
    return said


def least_words(
    answer: dict[str, Any], asked: dict[str, Any], windows: Sequence[dict[str, Any]]
) -> str:
    """What to do after a search for the least pressure, and how sure that is.

    Nothing where no sentence as plain as that would be true.
    """
    least, reference = answer["Minimum stack pressure [MPa]"], asked["Reference pressure [MPa]"]
    if least is None or len(windows) != 1 or windows[0]["upper"] is not None:
        return ""
    said = (
        f"Held at {no_less(least):g} MPa or more, this cell gives at least "
        f"{100 * asked['target']:g} % of what it gives at {reference:.4g} MPa, "
        f"at {asked['C-rate']:g}C."
    )
    if windows[0]["lower"] is None:
        said += " No lower pressure was tried."
    ends = answer["Interval [MPa]"]
    if not ends or None in ends:
        return said
    said += (
        " Some numbers of the cell are not known exactly: within their ranges, nine cells "
        f"in ten need between {no_less(ends[0]):g} and {no_less(ends[1]):g} MPa. To be safe, "
        f"hold it at {no_less(ends[1]):g} MPa, which is enough for 19 cells in 20."
    )
    given = answer.get("at_reference_of_draws")
    if given:
        said += (
            f" None of them can need more than the {reference:.4g} MPa: each is compared with what "
            f"it gives there itself, {given[0]:.3g} to {given[2]:.3g} mAh/g, and one that gives "
            "little even there is not told from a good one."
        )
    return said
