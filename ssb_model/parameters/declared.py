"""What a cell file and its materials declare, by name; some of it replaced by hand or file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from numbers import Real
from typing import Any

from ssb_model.errors import CellFileError, InputError, nearest
from ssb_model.models.options import AGEING, ITS_OWN, LAYER, OF_THE_SEPARATOR, SIDES
from ssb_model.parameters.blend import SPREAD
from ssb_model.parameters.catalogue import check_value, record
from ssb_model.parameters.cell_file import CellFile, Section
from ssb_model.parameters.changes import PROFILE, check_change, of_the_recipe
from ssb_model.parameters.contact_and_paths import PLACES
from ssb_model.parameters.design import Design
from ssb_model.parameters.entries import read_entries
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import alike, si_unit, split, to_si
from ssb_model.submodels.blend import AS_GIVEN, TWO_KINDS, TWO_SIZES
from ssb_model.submodels.contact_laws.law import contact_law

SECTIONS = ("cell", "positive", "separator", "negative")
SEVERAL_SIZES = {  # choices of particles of one size, and of several
    "particle size": ("single", "distribution"),
    "contact spots": ("true", "false"),
}
MEASURED = (  # numbers of a layer that take the place of a law
    "Contact fraction",
    "Ionic transport efficiency",
    "Effective conductivity [S.m-1]",
)
# what a run sets, what 1C means, and what scales everything
NO_UNCERTAINTY = (
    "Stack pressure [Pa]",
    "Temperature [K]",
    "Nominal areal capacity [C.m-2]",
    "Electrode area [m2]",
)


def declared(file: CellFile) -> dict[str, Entry]:
    """Entries by owner and SI name: "positive: Porosity", "NCM811: Density [kg.m-3]"."""
    return {
        f"{owner}: {key}": entry
        for section in SECTIONS
        for owner, key, entry in _entries(getattr(file, section), file.name)
    }


def uncertain(file: CellFile, laws: Iterable[str] = ()) -> dict[str, Entry]:
    """Numbers that declare a range, without those that say how a cell is run or how large it is.

    A default counts where one of the contact ``laws``, by name, has it.
    """
    constants = {one.name for law in laws for one in contact_law(law).constants}
    return {
        name: entry
        for name, entry in declared(file).items()
        if entry.range is not None
        and (entry.given or entry.name in constants)
        and entry.range[0] < entry.range[1]
        and isinstance(entry.value, Real)
        and entry.kind != "setting"
        and name.removeprefix("cell: ") not in NO_UNCERTAINTY
    }


def checked(file: CellFile, changes: Mapping[str, float]) -> dict[str, float]:
    """Changes by their full SI names and in SI; what cannot be is refused with the cure."""
    known = declared(file)
    by_base = {base(name): name for name in known}
    found = {}
    for given, value in changes.items():
        name = by_base.get(base(given)) or full_name(known, given)
        unit, si = split(given)[1], split(name)[1]
        if si_unit(unit) != si:
            raise InputError(
                f"'{given}': unit '{unit}' does not fit, write one of {', '.join(alike(si))}."
            )
        if isinstance(known[name].value, Mapping) and isinstance(value, Mapping):
            found[name] = _mixture(given, value, known[name].value, unit)
            continue
        if not isinstance(known[name].value, Real):
            raise InputError(
                f"'{name}' is no number: change it in a copy of the cell file and load that."
            )
        key = name.partition(": ")[2]
        found[name] = check_value(key, to_si(check_number(f"'{given}'", value), unit))
    return found


def _mixture(
    name: str, shares: Mapping[str, float], before: Mapping[str, float], unit: str
) -> dict[str, float]:
    """What of each solid of a mixture there is by weight; the solids stay those of the file."""
    if shares.keys() != before.keys():
        raise InputError(f"'{name}' is a mixture: give the share of {', '.join(before)}, each.")
    checked_shares = {solid: check_number(f"'{name}', {solid}", shares[solid]) for solid in before}
    if min(checked_shares.values()) < 0:
        raise InputError(f"'{name}': a share by weight is zero or more.")
    return {solid: to_si(share, unit) for solid, share in checked_shares.items()}


def full_name(known: Iterable[str], given: str) -> str:
    """The name of ``declared`` that a name in any unit means."""
    name = {base(name): name for name in known}.get(base(given))
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
            second=section.second
            and replace(section.second, entries=new(section.second, section.second.entries)),
        )
    return replace(file, **sections)


def _entries(section: Section, cell: str) -> Iterator[tuple[str, str, Entry]]:
    for owned in (section.entries, section.electrolyte, *section.additives.values()):
        for key, entry in owned.items():
            yield _owner(entry, section, cell), key, entry
    if section.second:
        yield from _entries(section.second, cell)


def _owner(entry: Entry, section: Section, cell: str) -> str:
    """The material an entry describes, or the section of the cell file it stands in."""
    stem = entry.origin.removesuffix(".toml")
    return section.name if stem == cell else stem


def base(name: str) -> str:
    """What two spellings of a name have alike: no unit, blanks or capitals."""
    owner, colon, key = split(name)[0].casefold().rpartition(":")
    return f"{owner.strip()}{colon}{key.strip()}"


def in_place(file: CellFile) -> CellFile:
    """The file with the recipe numbers of its [changes] where the first ones stood."""
    given = {_spaced(key): value for key, value in file.changes.items() if of_the_recipe(key)}
    if not given:
        return file
    entries = read_entries(given, declared(file), file.path, "[changes] ")
    for name, entry in entries.items():
        with _naming(file, f"[changes] {name}"):
            checked(file, {name: entry.value})
    return replaced(
        file,
        {
            name: {
                field: getattr(entry, field)
                for field in ("value", "kind", "source", "range", "note")
            }
            for name, entry in entries.items()
        },
    )


def of_the_model(file: CellFile, known: Mapping[str, Entry]) -> dict[str, Entry]:
    """The model's parameters that its [changes] set, each with class and source."""
    given = {key: value for key, value in file.changes.items() if not of_the_recipe(key)}
    entries = read_entries(given, known, file.path, "[changes] ") if given else {}
    for name, entry in entries.items():
        with _naming(file, f"[changes] {name}"):
            if name == PROFILE:
                raise InputError("a file holds one pressure: set 'Stack pressure [Pa]'.")
            check_change(name, entry.value, known, declared(file))
    return entries


def numbers_set(file: CellFile, known: Mapping[str, Entry]) -> list[str]:
    """Numbers of layers that take the place of a law, and of the model that its file sets."""
    layers = (file.negative, file.separator, file.positive)
    closures = [
        one.of_model(place)
        for one in map(record, MEASURED)
        for place, layer in zip(PLACES, layers, strict=True)
        if one.name in layer
    ]
    return [*closures, *of_the_model(file, known)]


def made_by(file: CellFile, known: Iterable[str]) -> dict[str, Any]:
    """The choices that follow from what a cell is made of and held by."""
    options: dict[str, Any] = {"negative electrode": file.negative.words["form"]}
    if file.words["held"]:
        options["stack"] = file.words["held"]
    sides = [f"Initial {side} hysteresis state" in known for side in SIDES]
    if any(sides):
        each = tuple("one-state hysteresis" if one else "single" for one in sides)
        options["open-circuit potential"] = each
    if file.positive.words["form"] == LAYER:
        options |= {"positive electrode": LAYER, "contact spots": ("true", "false")}
    own = tuple(map(file.has_own_electrolyte, (file.negative, file.positive)))
    if any(own):
        options["electrolyte"] = tuple(ITS_OWN if each else OF_THE_SEPARATOR for each in own)
    layers = (file.negative, file.positive)
    classes = tuple(
        TWO_KINDS if layer.second else TWO_SIZES if SPREAD in layer else AS_GIVEN
        for layer in layers
    )
    if set(classes) != {AS_GIVEN}:
        options["size classes"] = classes
        for name, choices in SEVERAL_SIZES.items():
            options[name] = tuple(choices[each != AS_GIVEN] for each in classes)
    return options


def options_of(file: CellFile) -> dict[str, Any]:
    """The choices of its [options], pairs as PyBaMM takes them."""
    return _choices(file, file.options, "options")


def ageing_of(file: CellFile) -> dict[str, Any]:
    """The choices of its [ageing], which cycling makes."""
    others = file.ageing.keys() - AGEING
    if others:
        raise CellFileError(
            f"{file.path.name}, [ageing] {min(others)}: does not age a cell. "
            f"{nearest(min(others), sorted(AGEING))}"
        )
    return _choices(file, file.ageing, "ageing")


def _choices(file: CellFile, table: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {
        option: _option(value, f"{file.path.name}, [{name}] {option}")
        for option, value in table.items()
    }


@contextmanager
def naming_options(file: CellFile) -> Iterator[None]:
    """Puts the file and the option at fault in front of what is wrong with a choice."""
    try:
        yield
    except InputError as error:
        told = " ".join(str(error).split())
        tables = {"options": file.options, "ageing": file.ageing}
        given = [(table, name) for table, names in tables.items() for name in names]
        table, name = next((one for one in given if one[1] in told), given[0])
        raise CellFileError(f"{file.path.name}, [{table}] {name}: {told}") from None


@contextmanager
def naming_changes(file: CellFile) -> Iterator[None]:
    """Puts the file and the number at fault in front of what is wrong with it."""
    try:
        yield
    except InputError as error:
        fault = next((name for name in file.changes if split(name)[0] in str(error)), "")
        raise CellFileError(f"{file.path.name}, [changes] {fault}: {error}") from None


@contextmanager
def naming_recipe(moved: Mapping[str, Iterable[str]]) -> Iterator[None]:
    """Puts a number of a recipe in front of what is wrong with one of the model it is."""
    try:
        yield
    except InputError as error:
        fault = (name for name, ours in moved.items() if any(one in str(error) for one in ours))
        raise InputError(f"'{next(fault, next(iter(moved)))}': {error}") from None


@contextmanager
def _naming(file: CellFile, key: str) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise CellFileError(f"{file.path.name}, {key}: {error}") from None


def _option(value: Any, where: str) -> Any:
    if isinstance(value, list):
        return tuple(_option(part, where) for part in value)
    if isinstance(value, str) or (isinstance(value, Real) and not isinstance(value, bool)):
        return value
    raise CellFileError(
        f'{where}: write a choice in quotes, "true", or a pair [negative, positive] of them, '
        f"not {value!r}."
    )


def _spaced(name: str) -> str:
    """A recipe name with one blank after its colon."""
    owner, _, key = name.partition(":")
    return f"{owner.strip()}: {key.strip()}"
