"""What is on the screen in words: a variant, what it gives, what changed since a pin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ssb_model.explorer.controls import CONTROLS, PRESSURE, RATE, RATE_AT_FIRST, control
from ssb_model.explorer.variant import Variant
from ssb_model.quantities.registry import quantity
from ssb_model.studies.wording import no_less

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
