"""Which parameters of a cell may be changed one at a time, to what, and what reads them then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.models.options import PER_ELECTRODE, SIDES, choice
from ssb_model.parameters.catalogue import check_value, record
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.records import (
    ANY_LAW,
    COMPOSITES,
    HOSTS,
    LOOSENING_LAW,
    PLANAR_KINDS,
    REMEMBERING_LAW,
)
from ssb_model.quantities.declared import Reading, place, side
from ssb_model.quantities.units import named, si_unit, split, to_si
from ssb_model.submodels.anodes import anodes
from ssb_model.submodels.contact_laws.law import contact_laws

PROFILE = "Stack pressure function [Pa]"  # may be a function of time
Options = Mapping[str, Any]


def check_change(name: str, value: Any, known: Iterable[str], recipe: Iterable[str] = ()) -> None:
    """Refuse, with the cure, what is not known, belongs to the recipe or cannot be.

    ``recipe`` are the names that a cell's recipe has.
    """
    if not isinstance(name, str) or name not in known:
        cure = nearest(name, known)
        if isinstance(name, str) and split(name)[0] not in {split(one)[0] for one in known}:
            cure = _in_recipe(name, recipe) or cure
        raise InputError(f"no parameter '{name}'. {cure}")
    declared = record(name)
    if declared is not None and declared.recipe:
        cure = _in_recipe(name, recipe) or "Change it in a copy of the cell file and load that."
        raise InputError(f"'{name}' belongs to the recipe, and other numbers with it. {cure}")
    if name == PROFILE and not callable(value):
        raise InputError(f"'{name}' is a profile in time: set 'Stack pressure [Pa]' to a number.")
    if name != PROFILE:
        check_value(name, value)


def of_the_recipe(name: str) -> bool:
    """Whether a name is of a recipe, "positive: Porosity", and not of the model."""
    return isinstance(name, str) and ":" in name


def _in_recipe(name: str, recipe: Iterable[str]) -> str:
    """How a recipe spells what a name means, as a cure; nothing where it has no such number."""
    where, (base, unit) = place(name), split(name)
    key = base.removeprefix(where).strip().capitalize()
    section = where.partition(" ")[0].lower()
    found = []
    for owner, own in (one.split(": ") for one in recipe):
        if split(own)[0] == key and section in ("", owner):
            fits = si_unit(unit) == split(own)[1]
            found.append(f"'{owner}: {named(key, unit) if fits else own}'")
    return f"Set {' or '.join(found)} instead." if found else ""


def in_si(name: str, value: Any, known: Iterable[str]) -> tuple[str, Any]:
    """A parameter of the model by its SI name and in SI; a name that is not known stays."""
    if not isinstance(name, str) or name in known:
        return name, value
    base, unit = split(name)
    full = named(base, si_unit(unit))
    if full not in known or isinstance(value, bool) or not isinstance(value, Real):
        return name, value
    return full, to_si(value, unit)


def followed(
    names: Iterable[str], options: Options, entries: Mapping[str, Entry]
) -> dict[str, Any]:
    """Options that must be chosen otherwise for the model to read these parameters.

    Refused, with the cure, is what nothing could read.
    """
    new: dict[str, Any] = {}
    for name in names:
        merged = {**options, **new}
        if not is_read(name, merged, entries):
            new.update(_turned_on(name, merged, entries))
    return new


def check_read(
    names: Iterable[str], options: Options, new: Options, entries: Mapping[str, Entry]
) -> None:
    """Refuse numbers that lose their effect to options another number asks for."""
    for name in names:
        if not is_read(name, {**options, **new}, entries):
            asked = " and ".join(f"'{option}': {value!r}" for option, value in new.items())
            raise InputError(
                f"'{name}' would have no effect with {asked}, which another number needs: set "
                "one of the two."
            )


def is_read(name: str, options: Options, entries: Mapping[str, Entry]) -> bool:
    """Whether the model, with these options, takes a parameter or what follows from it."""
    declared = record(name)
    if declared is None or declared.always_read:
        return True
    if any(_holds(reading, name, options) for reading in declared.reads or ()):
        return True
    return any(
        not isinstance(entries[other].value, Real) and is_read(other, options, entries)
        for other in _through(name, entries)
    )


def written(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes as plain data; a profile by its points."""
    return {
        name: {"points": value.args} if hasattr(value, "args") else value
        for name, value in changes.items()
    }


def _through(name: str, entries: Mapping[str, Entry]) -> list[str]:
    """Parameters that are laws of this one, if they are no numbers."""
    where = place(name)
    words = {
        "place": where,
        "side": side(name).capitalize(),
        "electrode": where if side(name) else "-",
        "pellet": "Electrolyte" if where == "Separator" else "-",
    }
    names = [other.format(**words) for other in record(name).through]
    return [other for other in names if other in entries]


def _places(name: str, option: str) -> list[str]:
    """Where a choice counts for a parameter; everywhere where it is not of one place."""
    if option == "negative electrode":
        return ["negative"] if side(name) == "negative" else []
    if option == "separator contact" or place(name) == "Separator":
        return [] if option in PER_ELECTRODE - {"contact"} else ["separator"]
    return [side(name)] if side(name) else ["negative", "separator", "positive"]


def _choices(given: tuple[str, ...]) -> tuple[str, ...]:
    """Choices by name, laws of contact among them."""
    if given == ANY_LAW:
        return tuple(contact_laws())
    if given == REMEMBERING_LAW:
        return tuple(name for name, law in contact_laws().items() if law.highest_counts)
    if given == LOOSENING_LAW:
        return tuple(name for name, law in contact_laws().items() if law.tells_loosening)
    if given == COMPOSITES:
        return tuple(name for name, kind in anodes().items() if not kind.planar)
    if given in (PLANAR_KINDS, HOSTS):
        wanted = "planar" if given == PLANAR_KINDS else "host"
        return tuple(name for name, kind in anodes().items() if getattr(kind, wanted))
    return given


def _faces(options: Options) -> list[str]:
    """Electrodes whose face touches the grains of the separator."""
    kind = anodes()[choice(options, "negative electrode", "negative")]
    return ["negative"] if kind.planar else []


def _holds(reading: Reading, name: str, options: Options) -> bool:
    breathing = "loosening" in reading.options and place(name) == "Separator"
    return all(
        side(name) in known
        if option == "side"
        else any(
            choice(options, option, where) in _choices(known)
            for where in (_faces(options) if breathing else _places(name, option))
        )
        for option, known in reading.options.items()
    )


def _lasts(reading: Reading, option: str, name: str, options: Options) -> bool:
    """Whether what no number changes, a side or the kind of electrode, is as a reading needs."""
    known = reading.options.get(option)
    return known is None or _holds(Reading({option: known}), name, options)


def _turned_on(name: str, options: Options, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Options with which a parameter is read, else a refusal."""
    declared = record(name)
    if declared.unused:
        raise InputError(f"'{name}' enters no equation of this model: {declared.unused}.")
    readings = [each for each in declared.reads or () if _lasts(each, "side", name, options)]
    kept = (each for each in readings if _lasts(each, "negative electrode", name, options))
    reading = next((each for each in kept if each.turns_on), None)
    if readings and reading is None:
        needs = " and ".join(
            f"'{option}': '{_choices(known)[0]}'" for option, known in readings[0].options.items()
        )
        raise InputError(f"'{name}' has no effect on this cell: only {needs} has it.")
    if reading is not None:
        return {
            _option(option, name): _chosen(option, name, _choices(known)[0], options)
            for option, known in reading.options.items()
            if not _holds(Reading({option: known}), name, options)
        }
    for other in _through(name, entries):
        if isinstance(entries[other].value, Real):
            raise InputError(
                f"'{name}' has no effect: '{other}' is given as a number and takes its place. "
                "Change that."
            )
    for other in _through(name, entries):
        return _turned_on(other, options, entries)
    raise InputError(f"'{name}' has no effect on this cell: no law it has reads it.")


def _option(option: str, name: str) -> str:
    return "separator contact" if (option, place(name)) == ("contact", "Separator") else option


def _chosen(option: str, name: str, value: str, options: Options) -> Any:
    """The choice, for one electrode alone where the option can be of one."""
    if not side(name) or (option not in PER_ELECTRODE and option != "open-circuit potential"):
        return value
    before = (choice(options, option, each) for each in SIDES)
    return tuple(
        value if each == side(name) else kept for each, kept in zip(SIDES, before, strict=True)
    )
