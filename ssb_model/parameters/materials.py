"""Material files: what they hold, over what they are like, and what kind of thing that is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError
from ssb_model.parameters.library import (
    cell_names,
    cell_path,
    data_folder,
    expanded,
    material_path,
    read_toml,
)
from ssb_model.quantities.units import split
from ssb_model.system.user_files import inside, is_file

WORDS = ("title", "like")
POTENTIAL, CONDUCTIVITY = "open-circuit potential", "reference conductivity"
DIFFUSIVITY, FIBRE, PRISTINE = (
    "reference diffusivity",
    "fibre conductivity",
    "pristine stoichiometry",
)
POSITIVE_ELECTRODE, NEGATIVE_ELECTRODE = "positive electrode", "negative electrode"
ELECTROLYTE, CARBON, BINDER = "electrolyte", "carbon", "binder"
KINDS = (POSITIVE_ELECTRODE, NEGATIVE_ELECTRODE, ELECTROLYTE, CARBON, BINDER)


def read_material(file: Path) -> dict[str, Any]:
    """The keys of a material file without its title, over those of the one it is ``like``."""
    return {key: given for key, (given, _) in with_kin(file).items()}


def with_kin(file: Path, above: tuple[Path, ...] = ()) -> dict[str, tuple[Any, str]]:
    """What holds for a material by its key, each with the name of the file that says it."""
    table = read_toml(file)
    table.pop("title", None)
    like = table.pop("like", None)
    resolve_tables(table, file.parent)
    said = {key: (given, file.stem) for key, given in table.items()}
    if like is None:
        return said
    if not isinstance(like, str):
        raise CellFileError(f'{file.name}, like: name a material, like = "NCM811".')
    nearest_kin = material_path(like, file.parent)
    if nearest_kin in (file, *above):
        raise CellFileError(f"{file.name}, like: '{like}' is in the end like itself.")
    own = {split(key)[0].casefold() for key in table}
    kin = with_kin(nearest_kin, (*above, file))
    return {key: one for key, one in kin.items() if split(key)[0].casefold() not in own} | said


def files_of(name: str, beside: Path) -> list[Path]:
    """The file of a material, and of each that it is like in turn."""
    file = material_path(name, beside)
    like = read_toml(file).get("like")
    return [file, *(files_of(like, file.parent) if isinstance(like, str) else [])]


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


def material_names() -> list[str]:
    """The materials that come with the package."""
    return sorted(path.stem for path in (data_folder() / "materials").glob("*.toml"))


def material_file(name_or_path: str | Path) -> Path:
    """The file of a material given by its name or by the path of one's own."""
    path = expanded(name_or_path)
    if is_file(path) and path.suffix == ".toml":
        return path
    return material_path(str(name_or_path), Path())


def material_kind(numbers: Mapping[str, Any]) -> str:
    """What a material is for, by the keys it has."""
    known = {split(key)[0].casefold(): given for key, given in numbers.items()}
    if CONDUCTIVITY in known:
        return ELECTROLYTE
    if POTENTIAL in known:
        comes_full = _value(known.get(PRISTINE)) > 0.5 and DIFFUSIVITY in known
        return POSITIVE_ELECTRODE if comes_full else NEGATIVE_ELECTRODE
    return CARBON if FIBRE in known else BINDER


def materials_of(kind: str) -> list[str]:
    """The packaged materials of a kind."""
    folder = data_folder() / "materials"
    return [
        name
        for name in material_names()
        if material_kind(read_material(folder / f"{name}.toml")) == kind
    ]


def used_in() -> dict[str, list[str]]:
    """The packaged cells that each material is in."""
    found: dict[str, list[str]] = {}
    for cell in cell_names():
        for name in _named(read_toml(cell_path(cell))):
            found.setdefault(name, []).append(cell)
    return found


def _named(cell: Mapping[str, Any]) -> list[str]:
    """Materials that a cell file names."""
    names: dict[str, None] = {}
    for section in cell.values():
        if not isinstance(section, dict):
            continue
        given = [section.get(key) for key in ("active_material", "electrolyte")]
        names |= dict.fromkeys(filter(None, given))
        for key, entry in section.items():
            if split(key)[0].casefold() == "composition":
                names |= dict.fromkeys(entry["value"])
    return list(names)


def _value(given: Any) -> float:
    return given.get("value", 0.0) if isinstance(given, dict) else 0.0
