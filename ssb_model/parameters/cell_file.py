"""A cell file and its materials, read and checked, nothing computed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError, InputError, RecipeError, nearest
from ssb_model.parameters.catalogue import defaults, keys, needed
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import (
    cell_path,
    data_folder,
    material_path,
    read_entries,
    read_toml,
)
from ssb_model.submodels.anodes import anode, anodes
from ssb_model.system.user_files import inside

HELD = ("isostatic", "spring", "rigid")
REWRITTEN = ("options", "changes")  # tables that saving a cell writes anew
CELL_TABLES = (*REWRITTEN, "ageing")  # a cell file may do without
CELL_WORDS = {"title", "chemistry", "source", "held"}
SECTION_WORDS = {"form", "active_material", "electrolyte"}
HYSTERESIS = ("Lithiation potential [V]", "Delithiation potential [V]", "Hysteresis decay")
FIBRE = ("Fibre conductivity [S.m-1]", "Fibre percolation threshold", "Fibre percolation exponent")


@dataclass(frozen=True)
class Section:
    """One layer of the cell: its words, and entries of the cell file over its material's."""

    name: str
    words: dict[str, str]
    entries: dict[str, Entry]
    electrolyte: dict[str, Entry] = field(default_factory=dict)
    additives: dict[str, dict[str, Entry]] = field(default_factory=dict)
    where: str = ""

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __getitem__(self, key: str) -> Any:
        return self.entry(key).value

    def get(self, key: str, default: Any = None) -> Any:
        return self.entries[key].value if key in self.entries else default

    def entry(self, key: str) -> Entry:
        if key not in self.entries:
            raise CellFileError(f"{self.where}: '{key}' is missing.")
        return self.entries[key]

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Puts file and section in front of what a check or a law complains about."""
        try:
            yield
        except (InputError, RecipeError) as error:
            raise type(error)(f"{self.where}: {error}") from None


@dataclass(frozen=True)
class CellFile:
    """The four sections of a cell file, and what it sets after all else, as written."""

    path: Path
    words: dict[str, str]
    cell: Section
    positive: Section
    separator: Section
    negative: Section
    options: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    ageing: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.stem


def read_cell_file(name_or_path: str | Path) -> CellFile:
    """Read a cell by its name or by the path of one's own file."""
    path = cell_path(name_or_path)
    data = read_toml(path)
    sections = ("cell", "positive", "separator", "negative")
    for key in data:
        if key not in (*CELL_WORDS, *sections, *CELL_TABLES):
            hint = nearest(key, [*sections, *CELL_TABLES, *CELL_WORDS])
            raise CellFileError(f"{path.name}, {key}: unknown key. {hint}")
    for name in sections:
        if not isinstance(data.get(name), dict):
            raise CellFileError(f"{path.name}: the section [{name}] is missing.")
        resolve_tables(data[name], path.parent)
    for name in CELL_TABLES:
        if not isinstance(data.get(name, {}), dict):
            raise CellFileError(f"{path.name}, {name}: write a table, under a line [{name}].")
    words = {key: _word(data.get(key, ""), f"{path.name}, {key}") for key in CELL_WORDS}
    if words["held"] not in ("", *HELD):
        known = ", ".join(HELD)
        raise CellFileError(f"{path.name}, held: '{words['held']}' is not known. Known: {known}.")
    cell = Section(
        "cell",
        {},
        with_defaults(read_entries(data["cell"], keys("cell"), path, "[cell] "), "cell", path.name),
        where=f"{path.name}, [cell]",
    )
    _check_cell(cell)
    file = CellFile(
        path,
        words,
        cell,
        positive=_read_layer("positive", data["positive"], path),
        separator=_read_layer("separator", data["separator"], path),
        negative=_read_layer("negative", data["negative"], path),
        options=data.get("options", {}),
        changes=data.get("changes", {}),
        ageing=data.get("ageing", {}),
    )
    _check_one_electrolyte(file)
    return file


def _read_layer(name: str, table: dict[str, Any], path: Path) -> Section:
    where = f"{path.name}, [{name}]"
    words = {key: _word(table[key], f"{where} {key}") for key in SECTION_WORDS & set(table)}
    form = "separator" if name == "separator" else words.get("form", "composite")
    forms = {"negative": [*anodes()], "separator": ["separator"]}.get(name, ["composite"])
    if form not in forms:
        raise CellFileError(f"{where} form: '{form}' is not known. {nearest(form, forms)}")
    numbers = {key: value for key, value in table.items() if key not in SECTION_WORDS}
    given = read_entries(numbers, keys(form), path, f"[{name}] ")
    host: dict[str, Entry] = {}
    if name != "separator":
        host = _material(words, "active_material", "active material", path, where)
    entries = {**host, **given}
    electrolyte: dict[str, Entry] = {}
    additives: dict[str, dict[str, Entry]] = {}
    if name == "separator" or not anode(form).planar:
        electrolyte = _material(words, "electrolyte", "electrolyte", path, where)
        electrolyte = with_defaults(electrolyte, "electrolyte", f"{words['electrolyte']}.toml")
        named = {words["electrolyte"], words.get("active_material")}
        if "Composition" not in entries:
            raise CellFileError(f"{where}: 'Composition [%]' is missing.")
        composition = entries["Composition"].value
        for solid in sorted(filter(None, named - set(composition))):
            raise CellFileError(f"{where} Composition: '{solid}' is missing from the mixture.")
        for solid in set(composition) - named:
            additives[solid] = _additive(solid, path, where)
    entries = with_defaults(entries, form, path.name, f"{words.get('active_material')}.toml")
    section = Section(name, {"form": form, **words}, entries, electrolyte, additives, where)
    _check_complete(section)
    return section


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
    return read_entries(read_material(file), keys(of), file, "")


def read_material(file: Path) -> dict[str, Any]:
    """The keys of a material file without its title."""
    table = read_toml(file)
    table.pop("title", None)
    resolve_tables(table, file.parent)
    return table


def resolve_tables(entries: dict[str, Any], folder: Path) -> None:
    """Tables that entries name lie beside the file that names them, or in a folder there."""
    for key, given in entries.items():
        if isinstance(given, dict) and isinstance(given.get("table"), str):
            path = folder / given["table"]
            if not (inside(path, folder) or inside(folder, data_folder())):
                raise CellFileError(
                    f"{key}: the table '{given['table']}' lies outside the folder of the file "
                    "that names it: put it there."
                )
            given["table"] = str(path)


def _check_cell(cell: Section) -> None:
    low, high = cell["Lower voltage cut-off [V]"], cell["Upper voltage cut-off [V]"]
    if not low < high:
        raise CellFileError(f"{cell.where}: the lower cut-off {low:g} V is not below {high:g} V.")
    sides = ("Electrode width [m]", "Electrode height [m]")
    given = sum(key in cell for key in sides)
    if ("Electrode area [m2]" in cell) == (given == 2) or given == 1:
        raise CellFileError(
            f"{cell.where}: give 'Electrode area' or both 'Electrode width' and 'Electrode height'."
        )


def _check_one_electrolyte(file: CellFile) -> None:
    """The model has one conductivity of the electrolyte; layers differ by grains and paths."""
    separator = file.separator.words["electrolyte"]
    for layer in (file.positive, file.negative):
        own = layer.words.get("electrolyte", separator)
        if own != separator:
            raise CellFileError(
                f"{layer.where} electrolyte: '{own}' is not the separator's '{separator}'; all "
                "layers share one electrolyte as yet."
            )


def _check_complete(section: Section) -> None:
    """Every number the form of this layer needs, from the cell file or a material's."""
    form = section.words["form"]
    wanted = needed(form)
    if any(key in section for key in HYSTERESIS):
        wanted = [*wanted, *HYSTERESIS]
    for key in wanted:
        section.entry(key)
    if section.electrolyte:
        for key in needed("electrolyte"):
            if key not in section.electrolyte:
                raise CellFileError(f"{section.words['electrolyte']}.toml: '{key}' is missing.")
    for solid, entries in section.additives.items():
        fibre = [key for key in FIBRE if key in entries]
        for key in (*needed("additive"), *(FIBRE if fibre else ())):
            if key not in entries:
                raise CellFileError(f"{solid}.toml: '{key}' is missing.")
