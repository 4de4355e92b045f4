"""What a contact law is, and where laws are found."""

from __future__ import annotations

import inspect
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

from ssb_model.errors import InputError
from ssb_model.extensions import registered
from ssb_model.quantities.declared import (
    ELECTRODE,
    ELECTROLYTE,
    FROM_0_TO_1,
    POSITIVE,
    SEPARATOR,
    Allowed,
    Declared,
    Default,
    Reading,
    pattern,
)

LOOSENED = "loosened share"  # of the contact, by breathing; a state of laws that know it
HIGHEST = "highest pressure [Pa]"  # every place knows it, whatever its law
EVERYWHERE = (ELECTRODE, SEPARATOR)
_HOST = ("active material", "composite", "layer", "foil")
_GIVEN_BY = {  # what may give a constant, and cannot do without one that has no default
    ELECTRODE: (_HOST, _HOST[1:]),
    SEPARATOR: (("electrolyte",), ("electrolyte",)),
    ELECTROLYTE: (("electrolyte",), ("electrolyte",)),
}


def Constant(
    name: str,
    symbol: str,
    description: str,
    allowed: Allowed = POSITIVE,
    default: Default | tuple | None = None,
    at: tuple[str, ...] = EVERYWHERE,
    through: tuple[str, ...] = (),
    options: Mapping[str, tuple[str, ...]] | None = None,
) -> Declared:
    """A constant of a law: a parameter of each place, or one of the whole electrolyte.

    ``name`` is what material files call it, in SI, ``symbol`` what the law does. ``default`` is a
    value, its class, its source and the range it may be found in. ``options`` are what must be
    chosen, beside the law, for the law to read it.
    """
    of, needed = (
        tuple(dict.fromkeys(one for place in at for one in _GIVEN_BY[place][which]))
        for which in (0, 1)
    )
    return Declared(
        name,
        description,
        allowed,
        of=of,
        at=at,
        needed=() if default is not None else needed,
        default=default if default is None else Default(*default),
        reads=(Reading(options),) if options else (),
        through=through,
        symbol=symbol,
    )


class Surroundings(NamedTuple):
    """What a place is under; symbols of the model."""

    pressure: Any  # Pa, of the stack, at least a light touch
    breathing: Any  # strain per second, either way; 0 in a separator and where nothing loosens
    grain_size: Any  # m, of the electrolyte there


class ContactLaw(ABC):
    """Abstract: a law by its name among the choices of the option "contact"."""

    extension: ClassVar[str] = "contact law"
    name: ClassVar[str]
    constants: ClassVar[tuple[Declared, ...]] = ()
    highest_counts: ClassVar[bool] = True  # whether the highest pressure ever seen does
    remembers: ClassVar[bool] = False

    @property
    def tells_loosening(self) -> bool:
        """Whether it says what share of the contact breathing has loosened."""
        return self.remembers and LOOSENED in getattr(self, "states", ())

    def names(self, place: str) -> dict[str, str]:
        """Parameters of the law at a place by their symbols; what the place has not is left out."""
        at = {pattern(place): place, ELECTROLYTE: ELECTROLYTE}
        return {
            one.symbol: one.of_model(at[each])
            for one in self.constants
            for each in one.at
            if each in at
        }

    def constants_at(self, place: str, number: Callable[[str], Any]) -> SimpleNamespace:
        """The constants at a place by their symbols, 0 where it has none; ``number`` of a name."""
        names = self.names(place)
        return SimpleNamespace(
            **{
                one.symbol: number(names[one.symbol]) if one.symbol in names else 0
                for one in self.constants
            }
        )

    def check_extension(self) -> None:
        """Refuse a law that could not be used, with the cure."""
        if self.name in ("constant", "as positive electrode") or self.name in _own():
            raise InputError(f"a contact law '{self.name}' is there already: take another name.")
        ours = [constant for law in _own().values() for constant in law.constants]
        for one in self.constants:
            if any(one is other for other in ours):
                continue
            if one.default is None:
                raise InputError(
                    f"contact law '{self.name}': '{one.name}' has no default, and no material "
                    "file knows it: give (value, class, source, (low, high))."
                )
            value, _, _, limits = one.default
            if not one.allowed.holds(value):
                raise InputError(
                    f"contact law '{self.name}': the default of '{one.name}' must be "
                    f"{one.allowed.words}, not {value:g}."
                )
            if limits is not None and not limits[0] <= value <= limits[1]:
                raise InputError(
                    f"contact law '{self.name}': the range of '{one.name}' leaves out its default."
                )

    def __reduce__(self):
        return contact_law, (self.name,)  # a worker finds it by its name


class PressureLaw(ContactLaw):
    """Abstract: contact that follows the pressure there is and the highest there was."""

    @abstractmethod
    def relative_contact(self, pressure, highest, constants):
        """theta/theta_max, 0 to 1; numbers, arrays or symbols."""


class MemoryLaw(ContactLaw):
    """Abstract: contact that hangs on a history of pressure, kept in states of each place.

    ``states`` name them with their units. A history is a tuple of them in that order, kept
    at each point of a composite. Those that ``follow`` from the others are not read as a run
    begins.
    """

    remembers: ClassVar[bool] = True
    states: ClassVar[tuple[str, ...]]
    follow: ClassVar[tuple[str, ...]] = ()

    def allowed(self, state: str) -> Allowed:
        """What a state may be: a pressure is positive, all else a share."""
        return POSITIVE if state.endswith("[Pa]") else FROM_0_TO_1

    @abstractmethod
    def just_pressed(self, pressure, constants) -> tuple:
        """The history of a place still under its first pressing."""

    @abstractmethod
    def after(self, history: tuple, pressure, constants) -> tuple:
        """The history once the stack pressure has gone straight to ``pressure``."""

    @abstractmethod
    def relative_contact(self, history: tuple, constants):
        """theta/theta_max, 0 to 1."""

    @abstractmethod
    def rates(self, history: tuple, around: Surroundings, constants) -> tuple:
        """How fast each state changes; must end where ``after`` says."""

    def parts(self, history: tuple, pressure, constants) -> Mapping[str, Any]:
        """Parts of the relative contact worth a variable of their own, by name."""
        return {}

    def events(self, history: tuple, constants) -> Mapping[str, Any]:
        """What ends a run as it falls to zero, by name."""
        return {}


@dataclass(frozen=True)
class PlacedLaw:
    """A law with memory and its constants at one place, as numbers or symbols."""

    law: MemoryLaw
    constants: SimpleNamespace

    def just_pressed(self, pressure) -> tuple:
        return self.law.just_pressed(pressure, self.constants)

    def after(self, history: tuple, pressure) -> tuple:
        return self.law.after(history, pressure, self.constants)

    def relative_contact(self, history: tuple):
        return self.law.relative_contact(history, self.constants)


def contact_laws() -> dict[str, ContactLaw]:
    """Every law by its name, the one that is the default first."""
    return {**_own(), **registered(ContactLaw.extension)}


def contact_law(name: str) -> ContactLaw:
    """A law by its name."""
    laws = contact_laws()
    if name not in laws:
        raise InputError(
            f"no contact law '{name}' here: load the file or install the package that has it."
        )
    return laws[name]


@cache
def _own() -> dict[str, ContactLaw]:
    """The laws of this folder."""
    import ssb_model.submodels.contact_laws as folder

    found: dict[str, ContactLaw] = {}
    for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
        things = [*vars(import_module(module.name)).values()]
        made = {type(thing): thing for thing in things if isinstance(thing, ContactLaw)}
        for kind in filter(inspect.isclass, things):
            if issubclass(kind, ContactLaw) and hasattr(kind, "name"):
                found[kind.name] = made.get(kind) or kind()
    first = ("memory", "plastic")
    return {name: found[name] for name in (*first, *sorted(found.keys() - set(first)))}
