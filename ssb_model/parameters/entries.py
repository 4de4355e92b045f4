"""Entries of the TOML files of ``parameter_sets``; every mistake names file, key and cure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError, InputError, nearest
from ssb_model.parameters.catalogue import check_value, record
from ssb_model.parameters.entry import CLASSES, Entry
from ssb_model.parameters.mistakes import Mistakes
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import alike, customary, named, si_unit, split, to_si

DESCRIPTIVE = {"class", "source", "range", "interval", "note"}
VALUED = {"value", "law", "pybamm", "table"}
AXIS = "axis"  # of a function: lithium contents at which its own stoichiometry is 0 and 1
FARTHEST = 3.0  # from empty or full that an end of an axis can lie


_BEFORE = "was a number of the law of contact before this one: leave it out"
RETIRED = {  # keys of earlier files
    "hold pressure": f"{_BEFORE}; 'Release pressure' is another number and has a default.",
    "release exponent": f"{_BEFORE}; 'Contact exponent' is another number and has a default.",
    "contact friction": f"{_BEFORE}; friction is one number of the electrolyte now.",
    "breathing sensitivity": f"{_BEFORE}; 'Loosening per strain' is another number and has a "
    "default.",
    "ionic percolation size exponent": "'Ionic percolation halfway size ratio' says now how the "
    "threshold follows the size of grains, and has a default: leave this key out.",
    "contacts per surface": "'Ionic connection scale' says now which particles are connected, and "
    "has a default: leave this key out.",
}


def read_entries(
    table: dict[str, Any],
    known: Iterable[str],
    path: Path,
    section: str,
    mistakes: Mistakes | None = None,
) -> dict[str, Entry]:
    """Entries of one table by their SI name, checked against the names it may hold.

    ``known`` are SI names; a file may use any unit of the same kind ("Thickness [um]"). What is
    wrong is added to the ``mistakes`` of the file, or raised, all of it.
    """
    known = list(known)
    bases = {split(name)[0].casefold(): name for name in known}
    entries: dict[str, Entry] = {}
    own = Mistakes() if mistakes is None else mistakes
    for key, given in table.items():
        where = f"{path.name}, {section}{key}"
        with own.noted():
            name, unit = _known_key(key, known, bases, where)
            if name in entries:
                raise CellFileError(f"{where}: given twice, in different units.")
            entries[name] = _entry(name, given, unit, path, where)
    if mistakes is None:
        own.refuse(path.name)
    return entries


def _known_key(key: str, known: list[str], bases: dict[str, str], where: str) -> tuple[str, str]:
    """The SI name a key stands for, and the unit it is written in."""
    base, unit = split(key)
    name = bases.get(base.casefold())
    if name is None:
        if base.casefold() in RETIRED:
            raise CellFileError(f"{where}: {RETIRED[base.casefold()]}")
        raise CellFileError(f"{where}: unknown key. {meant(key, known)}")
    si = split(name)[1]
    if si_unit(unit) != si:
        raise CellFileError(
            f"{where}: unit '{unit}' does not fit, write one of {', '.join(alike(si))}."
        )
    return name, unit


def _entry(name: str, given: Any, unit: str, path: Path, where: str) -> Entry:
    if not isinstance(given, dict):
        raise CellFileError(
            f'{where}: write {{ value = ..., class = "measured", source = "..." }}, '
            "every number says where it is from."
        )
    for key in given:
        if key == "against":
            raise CellFileError(
                f"{where}: one line 'against = \"{given[key]}\"' under [cell] says it of both "
                "cut-offs; leave it out here."
            )
        if key not in DESCRIPTIVE | VALUED | {AXIS}:
            hint = nearest(key, DESCRIPTIVE | VALUED | {AXIS})
            raise CellFileError(f"{where}: unknown key '{key}'. {hint}")
    values = [key for key in given if key in VALUED]
    if len(values) != 1:
        raise CellFileError(f"{where}: give exactly one of {', '.join(sorted(VALUED))}.")
    kind = given.get("class")
    if kind not in CLASSES:
        raise CellFileError(f"{where}: class must be one of {', '.join(CLASSES)}, not {kind!r}.")
    if not given.get("source"):
        raise CellFileError(f"{where}: the source is missing.")
    for key in ("source", "note"):
        if not isinstance(given.get(key, ""), str):
            raise CellFileError(f"{where}: write the {key} in quotes, not {given[key]!r}.")
    try:
        if values[0] != "value":
            value = _function(name, values[0], given[values[0]]) | _axis(given)
        elif AXIS in given:
            raise InputError("an axis belongs to a law, a table or a function of PyBaMM.")
        else:
            value = _numeric(name, given["value"], unit)
        limits = _limits(given.get("range"), unit)
        interval = _limits(given.get("interval"), unit, "interval")
    except InputError as error:
        raise CellFileError(f"{where}: {error}") from None
    return Entry(
        name=name,
        value=value,
        kind=kind,
        source=given["source"],
        range=limits,
        note=given.get("note", ""),
        origin=path.name,
        interval=interval,
    )


def _numeric(name: str, given: Any, unit: str) -> Any:
    """The value in SI: a number, or for a mixture one of each solid."""
    key = name.rpartition(": ")[2]  # a change of a recipe names its owner
    if key == "Composition":
        if not isinstance(given, dict) or not given:
            raise InputError("list weight percents by material, { NCM811 = 70, LPSCl = 30 }.")
        return {
            solid: to_si(check_number(f"the weight percent of {solid}", share), unit)
            for solid, share in given.items()
        }
    check_number("the value", given)
    return check_value(key, to_si(given, unit), f"{given:g} {unit}".removesuffix(" 1"))


def _function(name: str, way: str, given: Any) -> dict[str, Any]:
    """A potential or a volume that is a law, a table or one of PyBaMM's."""
    declared = record(name)
    if declared is None or not declared.function:
        raise InputError("this must be a number; only potentials and volumes may be functions.")
    if way == "pybamm":
        if not isinstance(given, dict) or set(given) != {"set", "parameter"}:
            raise InputError('write pybamm = { set = "Chen2020", parameter = "..." }.')
        if not all(isinstance(one, str) for one in given.values()):
            raise InputError("pybamm names a set and a parameter of it, each in quotes.")
    elif not isinstance(given, str):
        raise InputError(f"{way} names a {'file' if way == 'table' else 'law'}, in quotes.")
    return {way: given}


def _axis(given: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """The axis of a function, where an entry says that it is not the host's own."""
    if AXIS not in given:
        return {}
    ends = given[AXIS]
    if not isinstance(ends, list) or len(ends) != 2:
        raise InputError(
            f"the axis is [lithium content where the function's own stoichiometry is 0, where it "
            f"is 1], not {ends!r}."
        )
    low, high = (check_number("an end of the axis", end) for end in ends)
    if not -FARTHEST <= low < high <= FARTHEST:
        raise InputError(
            f"the ends of an axis rise, between {-FARTHEST:g} and {FARTHEST:g}, not {ends!r}."
        )
    return {AXIS: (low, high)}


def _limits(given: Any, unit: str, what: str = "range") -> tuple[float, float] | None:
    if given is None:
        return None
    if not isinstance(given, list) or len(given) != 2:
        raise InputError(f"{what} is [smallest, largest], not {given!r}.")
    low, high = (to_si(check_number(f"a limit of the {what}", limit), unit) for limit in given)
    if low > high:
        raise InputError(f"{what} is [smallest, largest], not {given!r}.")
    return low, high


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
