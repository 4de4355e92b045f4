"""Contact or chemistry: what changed an interface between two times or two pressures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from ssb_model.analysis.diagnosis import diagnosed
from ssb_model.analysis.interface_states import (
    CAPACITY_ERROR,
    NUMBER_ERROR,
    State,
    change_between,
    states_of_spectra,
)
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.measured.interfaces import read_interfaces
from ssb_model.quantities.checks import check_number, check_positive, check_pressure, check_several
from ssb_model.quantities.units import said
from ssb_model.verbs.diagnose_result import DiagnosisResult
from ssb_model.verbs.options import Option

MOST_STATES = 500
MOST_TIMES = 1e15  # nor less than one over it, in SI
OF_STATES = {  # argument: its key in a state
    "resistance": "R",
    "capacitance": "C",
    "magnitude": "Q",
    "exponent": "alpha",
    "series": "R_s",
    "capacity": "capacity",
    "pressed": "pressed",
}


def diagnose(
    cell: Cell | str | Path | None = None,
    resistance: Annotated[
        Sequence[float] | None,
        Option("of the interface, before and after (or more states), in Ohm cm2", unit="Ohm.cm2"),
    ] = None,
    capacitance: Annotated[
        Sequence[float] | None, Option("of the same arc, in uF per cm2", unit="uF.cm-2")
    ] = None,
    magnitude: Annotated[
        Sequence[float] | None,
        Option(
            "Q of its constant-phase element instead, in uF s^(alpha-1) per cm2", unit="uF.cm-2"
        ),
    ] = None,
    exponent: Annotated[
        Sequence[float] | None, Option("alpha of that element", metavar="X,X,...")
    ] = None,
    series: Annotated[
        Sequence[float] | None,
        Option("series resistance, which Brug's formula needs, in Ohm cm2", unit="Ohm.cm2"),
    ] = None,
    capacity: Annotated[
        Sequence[float] | None, Option("of a slow discharge, in any one unit", metavar="mAh/g,...")
    ] = None,
    pressed: Annotated[
        float | None,
        Option(
            "resistance after pressing the last state again and holding it as before, in Ohm cm2",
            unit="Ohm.cm2",
        ),
    ] = None,
    cycles: Annotated[
        Sequence[float] | None,
        Option("how many cycles before each; alike: not aged between", metavar="N,N,..."),
    ] = None,
    stack_pressure: Annotated[
        Sequence[float] | None,
        Option("of each in MPa, where it differs", ("--pressure",), unit="MPa"),
    ] = None,
    table: Annotated[
        Path | None, Option("CSV or JSON with these as columns, a row a state", metavar="FILE")
    ] = None,
    spectra: Annotated[
        list[Path],
        Option(
            "a measured spectrum, first one first; twice or more", ("--spectrum",), metavar="FILE"
        ),
    ] = (),
    arcs: Annotated[int, Option("of the circuit fitted to spectra, {default}", metavar="N")] = 2,
    tail: Annotated[str, Option("of that circuit, '{default}'", metavar="NAME")] = "constant phase",
    arc: Annotated[
        int | None,
        Option(
            "which arc is the interface, 1 the fastest; without it the one that changed most",
            metavar="N",
        ),
    ] = None,
    other_capacitance: Annotated[
        float | None,
        Option("of carbon and collectors, if known, in uF per cm2", unit="uF.cm-2"),
    ] = None,
    lithium_lost: Annotated[
        bool, Option("the capacity may have fallen by lithium lost as well (no excess of it)")
    ] = False,
    error: Annotated[
        float | None, Option("of each resistance and capacitance in %, 5 if left out", unit="%")
    ] = None,
) -> DiagnosisResult:
    """How much of a change of an interface is contact, interphase and material, with intervals.

    The states are numbers in SI, or a ``table``, or ``spectra`` whose circuit is fitted; the
    first of them is what the others are compared with. Resistance and capacitance must be of one
    arc, at one state of charge and temperature. A constant-phase element is read by each formula,
    and what they differ by is part of the uncertainty. ``lithium_lost`` says that a slow capacity
    bounds the material cut off instead of telling it. A cell, if one is given, is only named.
    """
    cell = cell if cell is None or isinstance(cell, Cell) else load_cell(cell)
    numbers = {
        "resistance": resistance,
        "capacitance": capacitance,
        "magnitude": magnitude,
        "exponent": exponent,
        "series": series,
        "capacity": capacity,
        "cycles": cycles,
        "stack_pressure": stack_pressure,
    }
    given = {name: check_several(name, one) for name, one in numbers.items() if one is not None}
    if error is not None:
        check_positive("the error", error)
    spectra = [spectra] if isinstance(spectra, (str, Path)) else list(spectra)
    states, notes = _states(given, table, spectra, (arcs, tail, arc), error)
    if pressed is not None:
        check_positive("the resistance after pressing", pressed)
        last = states[-1]
        states[-1] = _with(last, pressed=pressed)
    ages, pressures = {one.age for one in states}, {one.stack_pressure for one in states}
    if min(len(ages), len(pressures)) > 1:
        notes.append("Pressure and age both differ: contact holds what either did to it.")
    changes = [change_between(states[0], s, other_capacitance, lithium_lost) for s in states[1:]]
    return DiagnosisResult(cell, states, [diagnosed(one) for one in changes], notes)


def from_shell(
    cell: Annotated[
        str | None, Option("name of a cell, or path of your own TOML file", positional=True)
    ] = None,
    **arguments: Any,
) -> DiagnosisResult:
    """The same; the cell need not be named."""
    return diagnose(cell, **arguments)


def _states(given, table, spectra, circuit, error) -> tuple[list[State], list[str]]:
    """Of the one source there is, with the capacities and ages that may stand beside spectra."""
    if (table is not None) + bool(spectra) + ("resistance" in given) != 1:
        raise InputError(
            "say what changed in one way: --resistance BEFORE,AFTER, or --table FILE, or "
            "--spectrum FILE twice."
        )
    notes: list[str] = []
    if spectra:
        beside = given.keys() - {"capacity", "cycles", "stack_pressure"}
        if beside:
            raise InputError(f"{', '.join(sorted(beside))} are read off spectra: leave them out.")
        found, notes = states_of_spectra(spectra, *circuit)
        states = [_with(s, **row) for s, row in zip(found, _rows(given, len(found)), strict=True)]
    else:
        if table is not None:
            if given:
                raise InputError(f"{', '.join(sorted(given))}: a table names it, leave it out.")
            read = read_interfaces(table)
            given, notes = {name: list(v) for name, v in read.columns.items()}, [*read.notes]
        states = [_with(State("", {}, {}), **row) for row in _rows(given, len(given["resistance"]))]
    if len(states) > MOST_STATES:
        raise InputError(f"{len(states)} states, at most {MOST_STATES} are told apart at once.")
    if len(states) < 2:
        raise InputError("a change takes two states at least: give before and after.")
    for one, other in (("magnitude", "exponent"), ("exponent", "magnitude")):
        if one in given and other not in given:
            raise InputError(f"a constant-phase element has both: give {other} with {one}.")
    named = [_named(number, one, error) for number, one in enumerate(states)]
    for one in named:
        if "R" not in one.numbers:
            raise InputError(f"{one.label}: no resistance; each state has one.")
    return named, notes


def _rows(given: Mapping[str, Sequence[float]], count: int) -> list[dict[str, float]]:
    """The numbers of each state; what is blank is left out."""
    for name, values in given.items():
        if len(values) != count:
            raise InputError(f"{name}: {len(values)} numbers for {count} states; give one a state.")
    rows = [{name: values[k] for name, values in given.items()} for k in range(count)]
    return [{name: value for name, value in row.items() if value == value} for row in rows]


def _with(state: State, **row: float) -> State:
    """A state with more numbers, checked."""
    numbers, age, pressure = dict(state.numbers), state.age, state.stack_pressure
    for name, value in row.items():
        if name == "cycles":
            age = check_number("a number of cycles", value)
        elif name == "stack_pressure":
            pressure = check_pressure("a stack pressure", value)
        else:
            numbers[OF_STATES[name]] = check_positive(f"the {name}", value)
            if not value < MOST_TIMES or value * MOST_TIMES < 1:
                raise InputError(f"the {name} is {value:g} in SI: mind the unit.")
    if not 0 < numbers.get("alpha", 1.0) <= 1:
        raise InputError(f"an exponent lies between 0 and 1, not {numbers['alpha']:g}.")
    return State(state.label, numbers, state.errors, age, pressure)


def _named(number: int, state: State, error: float | None) -> State:
    """A state with what it is called and its errors."""
    words = [] if state.age is None else [f"cycle {state.age:g}"]
    if state.stack_pressure is not None:
        words.append(said(state.stack_pressure, "MPa"))
    label = state.label or ", ".join(words) or f"state {number + 1}"
    taken = NUMBER_ERROR if error is None else error
    errors = {"resistance": taken, "capacitance": taken, "capacity": CAPACITY_ERROR}
    if state.errors and error is None:
        errors = dict(state.errors)
    return State(label, state.numbers, errors, state.age, state.stack_pressure)
