"""Every parameter by its name, in files and in the model, and what follows from its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from ssb_model.errors import InputError
from ssb_model.parameters.records_of_model import PARAMETERS
from ssb_model.quantities.checks import check_number, check_pressure, check_temperature
from ssb_model.quantities.declared import POSITIVE, Allowed, Declared, Reading, pattern
from ssb_model.submodels.anodes import Anode, anodes
from ssb_model.submodels.contact_laws.law import (
    EVERYWHERE,
    HIGHEST,
    ContactLaw,
    MemoryLaw,
    contact_laws,
)

BEFORE = "Volume change"  # the constants of contact laws are listed ahead of it


def everything() -> tuple[Declared, ...]:
    """All records, the constants of contact laws and of kinds of negative electrode among them."""
    return _everything(tuple(contact_laws().values()), tuple(anodes().values()))


def record(name: str) -> Declared | None:
    """What is declared of a name of a file or of the model; none of what is PyBaMM's own."""
    by_name = _by_name(tuple(contact_laws().values()), tuple(anodes().values()))
    return by_name.get(name.casefold()) or by_name.get(pattern(name).casefold())


def keys(of: str) -> list[str]:
    """What a section, form or material of a kind may hold."""
    return [one.name for one in everything() if _form(of) in one.of or of in one.of]


def needed(form: str) -> list[str]:
    """What a form or a material cannot do without."""
    return [one.name for one in everything() if _form(form) in one.needed]


def defaults(of: str) -> list[Declared]:
    """What is taken as something where a section or material of a kind does not give it."""
    return [one for one in map(record, keys(of)) if one.default is not None]


def check_value(name: str, value: float, written: str | None = None) -> float:
    """A parameter's number against what is declared of it; ``written`` as its user typed it."""
    check_number(name, value)
    written = f"{value:g}" if written is None else written
    known = record(name)
    usual = known.default.range if known is not None and known.default is not None else None
    if usual is not None and usual[0] <= value <= usual[1]:  # an adhesion is smaller than a stack's
        return value
    if name.lower().endswith("pressure [pa]"):
        return check_pressure(name.removesuffix(" [Pa]").lower(), value)
    if name.lower().endswith("temperature [k]"):
        return check_temperature(value)
    allowed = POSITIVE if known is None else known.allowed
    if not allowed.holds(value):
        percent = f" Percent are written '{name} [%]'." if _percent(name, allowed, value) else ""
        raise InputError(f"'{name}' must be {allowed.words}, not {written}.{percent}")
    return value


def _percent(name: str, allowed: Allowed, value: float) -> bool:
    """Whether a number looks like a share that somebody gives in percent."""
    share = "[" not in name and not allowed.holds(2) and allowed.holds(0.5)
    return share and 1 < value <= 100


def _form(of: str) -> str:
    """The form whose keys a kind of negative electrode has; all else is itself."""
    return anodes()[of].form if of in anodes() else of


@lru_cache(maxsize=4)
def _everything(laws: tuple[ContactLaw, ...], kinds: tuple[Anode, ...]) -> tuple[Declared, ...]:
    constants: dict[str, Declared] = {}
    for law in laws:
        for one in law.constants:
            if constants.setdefault(one.name, one) is not one:
                raise InputError(
                    f"contact law '{law.name}': '{one.name}' is the constant of another law: give "
                    "yours another name."
                )
    known = {each.casefold() for one in PARAMETERS for each in (one.name, *one.patterns)}
    of_kinds = [one for kind in kinds for one in kind.constants]
    for one in (*constants.values(), *of_kinds):
        if taken := known & {each.casefold() for each in (one.name, *one.patterns)}:
            raise InputError(
                f"'{one.name}' is a parameter already ({', '.join(sorted(taken))}): give the "
                "constant of yours another name."
            )
    at = next(n for n, one in enumerate(PARAMETERS) if one.name == BEFORE)
    read = [_read_by(one, laws) for one in constants.values()]
    return (*PARAMETERS[:at], *read, *PARAMETERS[at:], *of_kinds, *_initial(laws))


def _read_by(one: Declared, laws: Iterable[ContactLaw]) -> Declared:
    """A constant, read wherever contact follows a law that has it, and by its own options."""
    choices = tuple(law.name for law in laws if one in law.constants)
    own = one.reads or (Reading({}),)
    return replace(one, reads=tuple(Reading({"contact": choices, **each.options}) for each in own))


def _initial(laws: Iterable[ContactLaw]) -> list[Declared]:
    """What the histories of laws with memory start from; laws may have a state in common."""
    having: dict[str, list[MemoryLaw]] = {}
    for law in laws:
        for state in law.states if isinstance(law, MemoryLaw) else ():
            if state != HIGHEST:
                having.setdefault(state, []).append(law)
    return [
        Declared(
            f"{place} initial {state}",
            f"What the place has of it before it is held: {state.partition(' [')[0]}.",
            theirs[0].allowed(state),
            reads=(Reading({"contact": tuple(law.name for law in theirs)}),)
            if state not in theirs[0].follow
            else (),
            through=() if state in theirs[0].follow else ("{place} contact fraction",),
            unused="a run begins with what its other states make"
            if state in theirs[0].follow
            else "",
        )
        for state, theirs in having.items()
        for place in EVERYWHERE
    ]


@lru_cache(maxsize=4)
def _by_name(laws: tuple[ContactLaw, ...], kinds: tuple[Anode, ...]) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    for one in _everything(laws, kinds):
        for name in (*((one.name,) if one.of else ()), *one.patterns):
            found.setdefault(name.casefold(), one)
    return found
