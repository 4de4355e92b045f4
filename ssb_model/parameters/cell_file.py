"""A cell file and its materials, read and checked, nothing computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError, nearest
from ssb_model.parameters import against
from ssb_model.parameters.catalogue import defaults, keys, needed
from ssb_model.parameters.entries import read_entries
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import (
    cell_path,
    material_path,
    read_toml,
)
from ssb_model.parameters.materials import (
    ELECTROLYTE,
    material_kind,
    read_material,
    resolve_tables,
)
from ssb_model.parameters.mistakes import Mistakes
from ssb_model.parameters.section import CellFile, Section
from ssb_model.parameters.toml_text import SECOND
from ssb_model.quantities.units import split
from ssb_model.submodels.anodes import anode, anodes

SECTIONS = ("cell", "positive", "separator", "negative")
OF_EVERY_CELL = (
    "Fabrication pressure [Pa]",
    "Stack pressure [Pa]",
    "Temperature [K]",
    "Lower voltage cut-off [V]",
    "Upper voltage cut-off [V]",
)
HELD = ("isostatic", "spring", "rigid")
REWRITTEN = ("options", "changes")  # tables that saving a cell writes anew
CELL_TABLES = (*REWRITTEN, "ageing", "fitted")  # a cell file may do without
CELL_WORDS = ("title", "chemistry", "source", "held", "unusual")
DIAMETER = "Active material diameter [m]"
SECTION_WORDS = {"form", "active_material", "electrolyte"}
HYSTERESIS = ("Lithiation potential [V]", "Delithiation potential [V]", "Hysteresis decay")
IN_A_SHEET = {  # what a binder says of the surfaces of active material, and how that is called
    "Bonded share in a sheet": "Bonded share after pressing",
    "Loosening pressure exponent in a sheet": "Loosening pressure exponent",
}
FIBRE = ("Fibre conductivity [S.m-1]", "Fibre percolation threshold", "Fibre percolation exponent")


def read_cell_file(name_or_path: str | Path) -> CellFile:
    """Read a cell by its name or by the path of one's own file."""
    mistakes = Mistakes()
    file = read_as_far(name_or_path, mistakes)
    mistakes.refuse(cell_path(name_or_path).name)
    if file is None:
        raise CellFileError(f"{name_or_path}: no cell.")
    return file


def read_as_far(name_or_path: str | Path, mistakes: Mistakes) -> CellFile | None:
    """What can be read of a cell, its ``mistakes`` noted; none where a layer cannot be."""
    path = cell_path(name_or_path)
    data = read_toml(path)
    if not data.keys() & set(SECTIONS):
        listed = ", ".join(f"[{name}]" for name in SECTIONS)
        raise CellFileError(f"{path.name}: no cell, it has none of the sections {listed}.")
    if against.KEY in data and isinstance(data.get("cell"), dict):  # above all sections
        data["cell"].setdefault(against.KEY, data.pop(against.KEY))
    strange = [key for key in data if key not in (*CELL_WORDS, *SECTIONS, *CELL_TABLES)]
    for key in strange:
        with mistakes.noted():
            hint = nearest(key, [*SECTIONS, *CELL_TABLES, *CELL_WORDS])
            raise CellFileError(f"{path.name}, {key}: unknown key. {hint}")
    for name in SECTIONS:
        with mistakes.noted():
            if not isinstance(data.get(name), dict):
                if get_close_matches(name, strange, cutoff=0.8):
                    continue  # told as a key that is not known
                raise CellFileError(f"{path.name}: the section [{name}] is missing.")
            for table in (data[name], data[name].get(SECOND)):
                if isinstance(table, dict):
                    resolve_tables(table, path.parent)
    for name in CELL_TABLES:
        with mistakes.noted():
            if not isinstance(data.get(name, {}), dict):
                raise CellFileError(f"{path.name}, {name}: write a table, under a line [{name}].")
    words = {}
    for key in CELL_WORDS:
        with mistakes.noted():
            words[key] = _word(data.get(key, ""), f"{path.name}, {key}")
    with mistakes.noted():
        if words.get("held", "") not in ("", *HELD):
            known = ", ".join(HELD)
            raise CellFileError(
                f"{path.name}, held: '{words['held']}' is not known. Known: {known}."
            )
    if any(not isinstance(data.get(name), dict) for name in SECTIONS):
        return None
    cell = _read_cell(data["cell"], path, mistakes)
    layers = [_read_layer(name, data[name], path, mistakes) for name in SECTIONS[1:]]
    if None in layers:
        return None
    tables = {name: data.get(name, {}) for name in CELL_TABLES}
    file = CellFile(path, words, cell, *layers, **tables)
    with mistakes.noted():
        file = against.of_the_cell(file)
    return file


def _read_cell(table: dict[str, Any], path: Path, mistakes: Mistakes) -> Section:
    where = f"{path.name}, [cell]"
    words = {}
    if against.KEY in table:
        with mistakes.noted():
            words[against.KEY] = _word(table[against.KEY], f"{where} {against.KEY}")
    numbers = {key: value for key, value in table.items() if key != against.KEY}
    given = read_entries(numbers, keys("cell"), path, "[cell] ", mistakes)
    cell = Section("cell", words, with_defaults(given, "cell", path.name), where=where)
    spoilt = {split(key)[0].casefold() for key in numbers}
    for name in OF_EVERY_CELL:
        with mistakes.noted():
            if name not in cell and split(name)[0].casefold() not in spoilt:
                cell.entry(name)
    with mistakes.noted():
        _check_cell(cell, spoilt)
    return cell


def _read_layer(name: str, table: dict[str, Any], path: Path, mistakes: Mistakes) -> Section | None:
    where = f"{path.name}, [{name}]"
    words: dict[str, str] = {}
    for key in SECTION_WORDS & set(table):
        with mistakes.noted():
            words[key] = _word(table[key], f"{where} {key}")
    if len(words) < len(SECTION_WORDS & set(table)):
        return None
    form = "separator" if name == "separator" else words.get("form", "composite")
    forms = {"negative": [*anodes()], "separator": ["separator"]}.get(name, ["composite", "layer"])
    if form not in forms:
        with mistakes.noted():
            raise CellFileError(f"{where} form: '{form}' is not known. {nearest(form, forms)}")
        return None
    left = SECTION_WORDS | ({SECOND} if form == "composite" else set())
    numbers = {key: value for key, value in table.items() if key not in left}
    given = read_entries(numbers, keys(form), path, f"[{name}] ", mistakes)
    before = len(mistakes.found)
    host: dict[str, Entry] = {}
    electrolyte: dict[str, Entry] = {}
    additives: dict[str, dict[str, Entry]] = {}
    if name != "separator":
        with mistakes.noted():
            host = _material(words, "active_material", "active material", path, where)
    entries = {**host, **given}
    second = None
    if form == "composite" and SECOND in table:
        with mistakes.noted():
            second = _second(name, table[SECOND], words, entries, path)
    if name == "separator" or not anode(form).planar:
        with mistakes.noted():
            electrolyte = _material(words, "electrolyte", "electrolyte", path, where)
            electrolyte = with_defaults(electrolyte, "electrolyte", f"{words['electrolyte']}.toml")
        if len(mistakes.found) == before:
            named = {words.get("electrolyte"), words.get("active_material")}
            named |= {second.words["active_material"]} if second else set()
            additives = _mixed_in(named, entries, numbers, path, where, mistakes)
            entries = {**entries, **_held_by(additives), **given}
    entries = with_defaults(entries, form, path.name, f"{words.get('active_material')}.toml")
    words = {"form": form, **words}
    section = Section(name, words, entries, electrolyte, additives, where, second)
    if len(mistakes.found) > before:
        return None
    _check_complete(section, {split(key)[0].casefold() for key in numbers}, mistakes)
    return section


def _second(
    name: str, table: Any, words: dict[str, str], entries: dict[str, Entry], path: Path
) -> Section:
    """Active material beside the first: of its own kind, or the first's in another size."""
    where = f"{path.name}, [{name}.{SECOND}]"
    if not isinstance(table, dict):
        raise CellFileError(f"{where}: write a table, under a line [{name}.{SECOND}].")
    own = {"active_material": words.get("active_material", "")}
    if "active_material" in table:
        own["active_material"] = _word(table["active_material"], f"{where} active_material")
    numbers = {key: value for key, value in table.items() if key != "active_material"}
    host = _material(own, "active_material", "active material", path, where)
    if own["active_material"] == words.get("active_material"):
        host = {key: entry for key, entry in entries.items() if key in keys("active material")}
    known = [*keys("active material"), *keys("second active material")]
    given = read_entries(numbers, known, path, f"[{name}.{SECOND}] ")
    host = with_defaults({**host, **given}, "active material", f"{own['active_material']}.toml")
    size = {key: entries[key] for key in (DIAMETER,) if key in entries}
    section = Section(f"{name} {SECOND}", own, {**size, **host}, where=where)
    for key in {*needed("composite")} & {*known}:
        section.entry(key)
    return section


def _mixed_in(
    named: set[str | None],
    entries: dict[str, Entry],
    written: Iterable[str],
    path: Path,
    where: str,
    mistakes: Mistakes,
) -> dict[str, dict[str, Entry]]:
    """What else is in a mixture beside active material and electrolyte."""
    if "Composition" not in entries:
        with mistakes.noted():
            if not any(split(key)[0].casefold() == "composition" for key in written):
                raise CellFileError(f"{where}: 'Composition [%]' is missing.")
        return {}
    composition = entries["Composition"].value
    for solid in sorted(filter(None, named - set(composition))):
        with mistakes.noted():
            raise CellFileError(f"{where} Composition: '{solid}' is missing from the mixture.")
    additives = {}
    for solid in sorted(set(composition) - named):
        with mistakes.noted():
            additives[solid] = _additive(solid, path, where)
    return additives


def _held_by(additives: dict[str, dict[str, Entry]]) -> dict[str, Entry]:
    """What binders make of the surfaces of the active material: a sheet, where powder has none."""
    found = {}
    for given, name in IN_A_SHEET.items():
        told = [one[given] for one in additives.values() if given in one]
        if told:
            found[name] = replace(max(told, key=lambda entry: entry.value), name=name)
    return found


def with_defaults(
    entries: dict[str, Entry], of: str, origin: str, material: str = ""
) -> dict[str, Entry]:
    """Entries of a section or material with the defaults of what it does not give."""
    return {
        **entries,
        **{
            one.name: Entry(
                one.name,
                one.default.value,
                one.default.kind,
                one.default.source,
                one.default.range,
                origin=material if material and "active material" in one.of else origin,
                given=False,
            )
            for one in defaults(of)
            if one.name not in entries
        },
    }


def _additive(solid: str, path: Path, where: str) -> dict[str, Entry]:
    try:
        file = material_path(solid, path.parent)
        return read_entries(read_material(file), keys("additive"), file, "")
    except CellFileError as error:
        raise CellFileError(f"{where} Composition, additive '{solid}': {error}") from None


def _word(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise CellFileError(f"{where}: write a name in quotes, not {value!r}.")
    return value


def _material(words, role, of, path, where) -> dict[str, Entry]:
    if role not in words:
        raise CellFileError(f"{where}: name its {role}.")
    try:
        file = material_path(words[role], path.parent)
    except CellFileError as error:
        raise CellFileError(f"{where} {role}: {error}") from None
    numbers = read_material(file)
    if role == "active_material" and material_kind(numbers) == ELECTROLYTE:
        raise CellFileError(
            f"{where} {role}: {words[role]} is an electrolyte and takes up nothing."
        )
    return read_entries(numbers, keys(of), file, "")


def _check_cell(cell: Section, written: Collection[str]) -> None:
    low, high = (cell.get(f"{end} voltage cut-off [V]") for end in ("Lower", "Upper"))
    if None not in (low, high) and not low < high:
        raise CellFileError(f"{cell.where}: the lower cut-off {low:g} V is not below {high:g} V.")
    sides = ("Electrode width [m]", "Electrode height [m]")
    if any(
        split(key)[0].casefold() in written and key not in cell
        for key in ("Electrode area [m2]", *sides)
    ):
        return  # it is there, and was refused
    given = sum(key in cell for key in sides)
    if ("Electrode area [m2]" in cell) == (given == 2) or given == 1:
        raise CellFileError(
            f"{cell.where}: give 'Electrode area' or both 'Electrode width' and 'Electrode height'."
        )


def _check_complete(section: Section, written: Collection[str], mistakes: Mistakes) -> None:
    """Every number the form of this layer needs, from the cell file or a material's.

    What was ``written`` and refused is not missing as well.
    """
    form = section.words["form"]
    wanted = needed(form)
    if any(key in section for key in HYSTERESIS):
        wanted = [*wanted, *HYSTERESIS]
    for key in wanted:
        with mistakes.noted():
            if split(key)[0].casefold() not in written:
                section.entry(key)
    if section.electrolyte:
        for key in needed("electrolyte"):
            with mistakes.noted():
                if key not in section.electrolyte:
                    raise CellFileError(f"{section.words['electrolyte']}.toml: '{key}' is missing.")
    for solid, entries in section.additives.items():
        fibre = [key for key in FIBRE if key in entries]
        for key in (*needed("additive"), *(FIBRE if fibre else ())):
            with mistakes.noted():
                if key not in entries:
                    raise CellFileError(f"{solid}.toml: '{key}' is missing.")
