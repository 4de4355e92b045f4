"""What a cell file and its materials declare, by name; the recipe with some of it replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from numbers import Real
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.parameters.cell_file import CellFile, Section
from ssb_model.parameters.design import Design
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import alike
from ssb_model.quantities.checks import check_number, check_value
from ssb_model.quantities.units import si_unit, split, to_si

SECTIONS = ("cell", "positive", "separator", "negative")
# what a run sets, what 1C means, and what scales everything
NO_UNCERTAINTY = (
    "Stack pressure [Pa]",
    "Temperature [K]",
    "Nominal areal capacity [C.m-2]",
    "Electrode area [m2]",
)
NO_PROPERTY = ("setting",)


def declared(file: CellFile) -> dict[str, Entry]:
    """Entries by owner and SI name: "positive: Porosity", "NCM811: Density [kg.m-3]"."""
    return {
        f"{owner}: {key}": entry
        for section in SECTIONS
        for owner, key, entry in _entries(getattr(file, section), file.name)
    }


def uncertain(file: CellFile) -> dict[str, Entry]:
    """Numbers that declare a range, without those that say how a cell is run or how large it is."""
    return {
        name: entry
        for name, entry in declared(file).items()
        if entry.range is not None
        and entry.range[0] < entry.range[1]
        and isinstance(entry.value, Real)
        and entry.kind not in NO_PROPERTY
        and name.removeprefix("cell: ") not in NO_UNCERTAINTY
    }


def checked(file: CellFile, changes: Mapping[str, float]) -> dict[str, float]:
    """Changes by their full SI names and in SI; what cannot be is refused with the cure."""
    known = declared(file)
    found = {}
    for given, value in changes.items():
        name = full_name(known, given)
        unit = split(given)[1]
        if si_unit(unit) != split(name)[1]:
            raise InputError(
                f"'{given}': unit '{unit}' does not fit, write one of {', '.join(alike(name))}."
            )
        if not isinstance(known[name].value, Real):
            raise InputError(
                f"'{name}' is no number: change it in a copy of the cell file and load that."
            )
        key = name.partition(": ")[2]
        found[name] = check_value(key, to_si(check_number(f"'{given}'", value), unit))
    return found


def full_name(known: Iterable[str], given: str) -> str:
    """The name of ``declared`` that a name in any unit means."""
    by_base = {_base(name): name for name in known}
    name = by_base.get(_base(given))
    if name is None:
        raise InputError(f"no recipe entry '{given}'. {nearest(given, known)}")
    return name


def remade(design: Design, changes: Mapping[str, float], source: str) -> Design:
    """The design with declared numbers replaced; ``changes`` by full names and in SI."""
    new = {
        name: {"value": value, "kind": "setting", "source": source, "range": None, "interval": None}
        for name, value in changes.items()
    }
    return Design(replaced(design.file, new))


def replaced(file: CellFile, fields: Mapping[str, Mapping[str, Any]]) -> CellFile:
    """The file with fields of declared entries replaced, by full names."""

    def new(section: Section, owned: dict[str, Entry]) -> dict[str, Entry]:
        return {
            key: replace(entry, **fields.get(f"{_owner(entry, section, file.name)}: {key}", {}))
            for key, entry in owned.items()
        }

    sections = {}
    for name in SECTIONS:
        section = getattr(file, name)
        sections[name] = replace(
            section,
            entries=new(section, section.entries),
            electrolyte=new(section, section.electrolyte),
            additives={solid: new(section, owned) for solid, owned in section.additives.items()},
        )
    return replace(file, **sections)


def _entries(section: Section, cell: str) -> Iterator[tuple[str, str, Entry]]:
    for owned in (section.entries, section.electrolyte, *section.additives.values()):
        for key, entry in owned.items():
            yield _owner(entry, section, cell), key, entry


def _owner(entry: Entry, section: Section, cell: str) -> str:
    """The material an entry describes, or the section of the cell file it stands in."""
    stem = entry.origin.removesuffix(".toml")
    return section.name if stem == cell else stem


def _base(name: str) -> str:
    owner, _, key = name.partition(":")
    return f"{owner.strip()}:{split(key.strip())[0]}".casefold()
