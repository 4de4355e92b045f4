"""The materials and tables that lie beside a cell file, and must go where it goes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError
from ssb_model.parameters.cell_file import CellFile
from ssb_model.parameters.library import material_path
from ssb_model.system.user_files import read_bytes


def copies(file: CellFile, target: Path) -> dict[Path, bytes]:
    """What must lie beside ``target`` for it to be the same cell: paths, and what to write."""
    here, there = file.path.parent.resolve(), target.parent.resolve()
    solids = _solids(file)
    if target.stem in solids:
        raise InputError(f"'{target.name}' is the name of a material of this cell: take another.")
    if here == there:
        return {}
    own = [here / f"{solid}.toml" for solid in solids if (here / f"{solid}.toml").is_file()]
    for solid in solids:
        beside = there / f"{solid}.toml"
        used = material_path(solid, here)
        if used not in own and beside.is_file() and beside.read_bytes() != used.read_bytes():
            raise InputError(
                f"{target.parent} holds a '{beside.name}' of its own, which is not the material "
                "of this cell: save it to another folder."
            )
    found = {there / path.name: read_bytes(path) for path in own}
    for name in dict.fromkeys(name for path in (file.path, *own) for name in _tables(path)):
        found[there / name] = read_bytes(here / name)
    for path, content in found.items():
        if path.is_file() and path.read_bytes() != content:
            raise InputError(
                f"{target.parent} holds another '{path.name}' than this cell's: save it to "
                "another folder."
            )
    return {path: content for path, content in found.items() if not path.is_file()}


def _solids(file: CellFile) -> list[str]:
    """Every material the cell is made of."""
    names: dict[str, None] = {}
    for section in (file.positive, file.separator, file.negative):
        given = [section.words.get(key) for key in ("active_material", "electrolyte")]
        names |= dict.fromkeys([*filter(None, given), *section.additives])
    return list(names)


def _tables(path: Path) -> Iterator[str]:
    """Names of the tables that entries of a file read."""
    return _named(tomllib.loads(path.read_text(encoding="utf-8-sig")))


def _named(entries: Mapping[str, Any]) -> Iterator[str]:
    for given in entries.values():
        if isinstance(given, dict):
            if isinstance(given.get("table"), str):
                yield given["table"]
            else:
                yield from _named(given)
