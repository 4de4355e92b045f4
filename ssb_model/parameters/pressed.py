"""What pressing did to a place before the cell is held, and the contact that leaves."""

from __future__ import annotations

import pybamm
from pybamm import Parameter as P

from ssb_model.laws import pressing
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.collect import Values
from ssb_model.parameters.entry import Entry

PLACES = ("Negative electrode", "Separator", "Positive electrode")


def add_history(values: Values, place: str, highest) -> None:
    """State of contact just after the pressing ``highest``: a parameter, or an entry of a file."""
    name = f"{place} initial highest pressure [Pa]"
    if isinstance(highest, Entry):
        values.take(name, highest)
    else:
        values.derive(name, highest, note="held at what the run sets from then on")
    for other in ("effective pressure", "lowest pressure of bonds"):
        values.derive(f"{place} initial {other} [Pa]", P(name), note="just pressed")
    share = P(f"{place} bonded share after pressing")
    values.derive(f"{place} initial bonded share", share, note="just pressed")


def history(place: str) -> pressing.History:
    """The state of contact a parameter set starts from."""
    return pressing.History(
        P(f"{place} initial highest pressure [Pa]"),
        P(f"{place} initial effective pressure [Pa]"),
        P(f"{place} initial lowest pressure of bonds [Pa]"),
        P(f"{place} initial bonded share"),
    )


def constants(place: str) -> pressing.Constants:
    return pressing.Constants(
        hardness=P(f"{place} contact hardness [Pa]"),
        bonded_share=P(f"{place} bonded share after pressing"),
        hold_pressure=P(f"{place} hold pressure [Pa]"),
        release_exponent=P(f"{place} release exponent"),
        friction=P(f"{place} contact friction"),
    )


def pressed_values(
    values: pybamm.ParameterValues, laws: dict[str, pressing.Constants], pressure: float
) -> dict[str, float]:
    """The initial histories of places pressed once more, by parameter name."""
    values = values.copy()
    # a foil of a fresh cell has seen no more than what it is pressed with now
    values["Stack pressure [Pa]"] = pressure
    new = {}
    for place, law in laws.items():
        names = [parameter.name for parameter in history(place)]
        before = pressing.History(*map(values.evaluate, history(place)))
        after = pressing.after(before, pressure, law)
        new.update(zip(names, map(float, after), strict=True))
    return new


def add_contact_fraction(values: Values, Domain: str, section: Section) -> None:
    """Contact fraction for the option 'constant', and PyBaMM's own name for it."""
    electrode = f"{Domain} electrode"
    name = f"{electrode} contact fraction"
    if "Contact fraction" in section:
        values.take(name, section.entry("Contact fraction"))
    else:
        law = constants(electrode)
        held = pressing.after(history(electrode), P("Stack pressure [Pa]"), law)
        values.derive(
            name,
            P(f"{electrode} coverage ceiling") * pressing.contact(held, law.hardness),
            source="pressing.contact",
            note="fresh, at the stack pressure",
        )
    values.derive(f"Initial {Domain.lower()} electrode interface utilisation", P(name))
