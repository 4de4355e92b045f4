"""What a parameter is: whose, what it may be, what reads it, what it is where no file gives it.

Each is declared once, in ``parameters.records`` or by a contact law; files, the model, checks,
studies and lists of a cell's numbers read it from there. A name of the model holds a side,
"Positive electrode film resistance [Ohm.m2]"; its record holds ``*`` there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

ELECTRODE, PARTICLE = "* electrode", "* particle"  # places a parameter can be of
SEPARATOR, ELECTROLYTE = "Separator", "Electrolyte"
_SIDE = re.compile(r"\b(positive|negative)\b", re.IGNORECASE)


class Allowed(NamedTuple):
    """What a number may be, and how a reader is told."""

    words: str
    holds: Callable[[float], bool]


ANY = Allowed("a number", lambda x: True)
POSITIVE = Allowed("positive", lambda x: x > 0)
NOT_NEGATIVE = Allowed("zero or positive", lambda x: x >= 0)
AT_LEAST_1 = Allowed("at least 1", lambda x: x >= 1)
ABOVE_0_TO_1 = Allowed("above 0 and at most 1", lambda x: 0 < x <= 1)
INSIDE_0_TO_1 = Allowed("above 0 and below 1", lambda x: 0 < x < 1)
FROM_0_TO_1 = Allowed("between 0 and 1", lambda x: 0 <= x <= 1)
FROM_0_BELOW_1 = Allowed("between 0 and 1", lambda x: 0 <= x < 1)
FROM_MINUS_1_TO_1 = Allowed("between -1 and 1", lambda x: -1 <= x <= 1)
DECADES = Allowed("between 0 and 15 decades", lambda x: 0 <= x <= 15)


class Default(NamedTuple):
    """What a number is taken as where no file gives it."""

    value: float
    kind: str
    source: str
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reading:
    """The model reads a parameter while options make one of these choices.

    Setting the parameter makes the first choice of each, unless the options are to be left alone.
    """

    options: Mapping[str, tuple[str, ...]]
    turns_on: bool = True


@dataclass(frozen=True)
class Declared:
    """One parameter.

    ``name`` is what files call it, in SI; ``of`` are the sections and materials that may give it
    and ``needed`` the forms that cannot do without. ``at`` are the places of the model it is a
    number of. The model reads it always (``reads`` is none), by options, or only through the
    parameters ``through`` while those are laws and no numbers.
    """

    name: str
    description: str
    allowed: Allowed = POSITIVE
    of: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    called: str = ""  # what the model calls it, where that is another word
    needed: tuple[str, ...] = ()
    default: Default | None = None
    recipe: bool = False  # other numbers hang together with it: no change by itself
    function: bool = False  # may be a law or a table in a file
    reads: tuple[Reading, ...] | None = None
    through: tuple[str, ...] = ()
    unused: str = ""  # why nothing reads it at all
    symbol: str = ""  # what a law calls it

    def of_model(self, place: str) -> str:
        """The name of the model's parameter at a place, "Positive electrode"."""
        name = self.called or f"{self.name[0].lower()}{self.name[1:]}"
        return f"{place} {name}"

    @property
    def always_read(self) -> bool:
        """Whether the model reads it whatever its options."""
        return self.reads is None and not self.unused

    @property
    def patterns(self) -> Iterator[str]:
        """Names in the model, with ``*`` for a side."""
        if not self.at and not self.of:
            yield self.name
        for place in self.at:
            yield self.of_model(place) if place else self.called or self.name


def pattern(name: str) -> str:
    """A name of the model with ``*`` for the side it is of."""
    return _SIDE.sub("*", name)


def side(name: str) -> str:
    """ "positive" or "negative" of a name of the model, none of what has no side."""
    found = _SIDE.search(name)
    return found[0].lower() if found else ""


def place(name: str) -> str:
    """The layer or material a name of the model is of: "Positive electrode", "Separator"."""
    if side(name):
        return f"{side(name).capitalize()} electrode"
    return next((each for each in (SEPARATOR, ELECTROLYTE) if name.startswith(f"{each} ")), "")
