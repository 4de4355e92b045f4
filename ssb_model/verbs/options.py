"""What a signature says to the shell: words, unit and form of an option.

A verb imports it as ``opt``, by which name signatures are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from ssb_model.errors import InputError

__all__ = ["Annotated", "Any", "Callable", "Literal", "Option", "Path", "Sequence"]


@dataclass(frozen=True)
class Option:
    """An argument of a verb's function as an option of the shell.

    Its form follows from the annotation: ``bool`` is a switch, ``Sequence`` numbers with commas
    between, ``list`` an option that may be repeated, ``Literal`` a choice; what has no default
    is required. "{default}" in ``words`` is the signature's own.
    """

    words: str = ""
    names: tuple[str, ...] = ()  # as the argument is called if left out
    unit: str = "1"  # people type it in; the function gets SI
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    read: Callable[[str], Any] | None = None  # what is typed, to what the function gets
    default: str | None = None  # as typed, where the function has none
    positional: bool = False
    switch: Any = None  # what it sets, without a value typed
    without: tuple[str, str] | None = None  # name and words of the switch that sets none
    group: str = ""  # options of one group exclude one another


def spaced(text: str) -> str:
    """ "from-full" for who would rather not quote "from full"."""
    return text.replace("-", " ")


StackPressure = Annotated[
    float | None, Option("stack pressure in MPa", ("--pressure",), unit="MPa")
]
StackPressures = Annotated[
    float | Sequence[float] | None,
    Option(
        "stack pressures in MPa, a fresh cell each; the cell's own if left out",
        ("--pressure",),
        unit="MPa",
    ),
]
FormationPressure = Annotated[
    float | None,
    Option("of the first cycles; as all others if left out", unit="MPa", metavar="MPa"),
]
FormationCycles = Annotated[int | None, Option("under that pressure, 3 if left out", metavar="N")]
RepressPressure = Annotated[
    float | None,
    Option("press the resting cell to, for a moment, now and then", unit="MPa", metavar="MPa"),
]
RepressEvery = Annotated[int | None, Option("do so after every N cycles", metavar="N")]
Temperature = Annotated[float | None, Option("in degrees Celsius", unit="degC", metavar="C")]
CvUntil = Annotated[
    float | None,
    Option(
        "hold the upper cut-off after each charge until this C-rate; not held if left out",
        unit="C",
        metavar="C",
    ),
]
CRates = Annotated[
    float | Sequence[float], Option("C-rates, a row each; {default} if left out", unit="C")
]
CycleRate = Annotated[float, Option("C-rate of them, {default}", unit="C")]
CycleCvUntil = Annotated[
    float | None,
    Option(
        "hold the upper cut-off after each charge of them until this C-rate; {default} if left out",
        unit="C",
        metavar="C",
        without=("--cycle-no-cv", "cycles of constant current alone"),
    ),
]
ChargeRate = Annotated[
    float | None, Option("C-rate of the charge before; same if left out", unit="C")
]
ChargeRateOrFull = Annotated[
    float | None, Option("C-rate of the charge before; same if left out", unit="C", group="before")
]
FromFull = Annotated[bool, Option("start from rest at 100 %", group="before")]
FirstCharge = Annotated[
    bool, Option("the charge before is the first, of the cell as it was put together")
]
Fresh = Annotated[bool, Option("start anew, over the journal in the folder of --out")]
Ageing = Annotated[
    bool,
    Option("leave out the ageing that the cell's file declares", ("--no-ageing",), switch=False),
]
ReferencePressure = Annotated[
    float | None, Option("to compare with; the cell's own pressure", ("--reference",), unit="MPa")
]
Cycles = Annotated[int, Option("of a retention, {default}", metavar="N")]
PulseSoc = Annotated[float, Option("where a pulse starts, {default}")]
PulseLength = Annotated[float, Option("of a pulse, {default}")]
Samples = Annotated[
    int,
    Option(
        "draws of all numbers that declare a range, for bands of 5 to 95 %; 64 are a good start",
        metavar="N",
    ),
]
Measured = Annotated[
    list[str] | None,
    Option(
        'what the cell gave, as "Capacity [mAh/g] at 0.1C = 155 +- 3" (standard error), which '
        "draws count by; may be repeated",
        metavar="READING",
    ),
]
Layers = Annotated[int, Option("on one another in a pouch, {default}", metavar="N")]
HeldBy = Annotated[
    str,
    Option(
        "what gives the pressure: plates and bolts, a sphere of gas, none that counts if left out",
        choices=("none", "plates", "gas"),
    ),
]
PieceArea = Annotated[
    float | None,
    Option("of a positive electrode, in the cell's proportions", unit="cm2", metavar="CM2"),
]
Own = Annotated[
    list[str] | None,
    Option(
        'a number of foils, tabs, pouch or holder, as "Pouch seal [mm]=3"; may be repeated',
        metavar="NAME=VALUE",
    ),
]
Seed = Annotated[int, Option("of the draws, {default}")]


def beside(what: str) -> str:
    """Words of an option for measured files."""
    return f"{what} to lay beside: CSV with units, Neware or BioLogic text; may be repeated"


DISCHARGES = Option(beside("measured discharges"), metavar="FILE")
OF_A_RUN = {  # settings of a study, and the runs that make use of them
    "charge_rate": ("discharge", "cycles"),
    "cv_until": ("discharge", "charge", "cycles"),
    "cycles": ("cycles",),
    "soc": ("pulse",),
    "seconds": ("pulse",),
}


def check_of_use(given: Iterable[str], run: str) -> None:
    """Refuse settings that this run makes no use of."""
    for name in given:
        if name in OF_A_RUN and run not in OF_A_RUN[name]:
            option = name.replace("_", "-")
            raise InputError(f"--{option} is of no use to the run '{run}': leave it out.")
