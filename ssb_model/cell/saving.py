"""A cell as plain data: what tells it from others, and a file of its own that loads like any."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pybamm

from ssb_model import __version__
from ssb_model.cell.cell import PRESSED, SET, Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.extensions import registered, text_digest
from ssb_model.parameters.cell_file import CellFile
from ssb_model.parameters.changes import PROFILE, written
from ssb_model.parameters.declared import declared, of_the_recipe
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import data_folder, material_path, read_toml
from ssb_model.parameters.materials import files_of
from ssb_model.parameters.write_cell import cell_file_text, si_name
from ssb_model.submodels.contact_laws.law import ContactLaw
from ssb_model.system.marks import sealed_text
from ssb_model.system.user_files import read_bytes


def cell_files(
    cell: Cell, path: Path, changes: Mapping[str, Entry], title: str | None = None
) -> dict[Path, bytes]:
    """What is written of a cell, by path, with ``changes`` over what was set on it.

    Numbers and ranges of ``changes`` are in SI; names are of the model or of the recipe. With the
    cell, which comes first, go materials and tables that lie beside its file.
    """
    _check_path(path)
    _check_cell(cell)
    new = {si_name(name): entry for name, entry in changes.items()}
    _check_profile(new)
    file = cell.design.file
    made = _changed(cell, new)
    before = load_cell(file.path).options
    options = {k: v for k, v in made.options.items() if k not in before or before[k] != v}
    known = declared(file)
    set_on_it = {
        **{name: known[name] for name in cell.recipe},
        **{name: cell.entries[name] for name in cell.changes},
    }
    text = cell_file_text(
        file.path,
        file.words["title"] if title is None else title,
        options,
        {**set_on_it, **new},
    )
    return {path: sealed_text(text.encode(errors="replace")), **copies(file, path)}


def _changed(cell: Cell, new: Mapping[str, Entry]) -> Cell:
    """The cell as it will load, so that what it would refuse is refused before it is written."""
    recipe = {name: entry.value for name, entry in new.items() if of_the_recipe(name)}
    model = {name: entry.value for name, entry in new.items() if not of_the_recipe(name)}
    return cell.with_recipe(recipe).with_values(model)


def _check_path(path: Path) -> None:
    if path.suffix != ".toml":
        raise InputError(f"a cell file ends in .toml, unlike '{path.name}'.")
    if path.resolve().is_relative_to(data_folder().resolve()):
        raise InputError("the package's own cells stay as they are: save yours elsewhere.")


def _check_cell(cell: Cell) -> None:
    """Refuse what no cell file can say."""
    if cell.state is not None:
        raise InputError("this cell has run, and a file holds no state: save a fresh one.")
    if cell.window is None:
        raise InputError("a symmetric cell has no file of its own: save the cell it is made of.")
    if any(entry.source.startswith((SET, PRESSED)) for entry in cell.entries.values()):
        raise InputError(
            "a cell file holds no state of charge and no pressing: save the cell as it is before."
        )
    _check_profile(cell.changes)


def _check_profile(names: Mapping[str, object]) -> None:
    if PROFILE in names:
        raise InputError(
            "a cell file holds one stack pressure, no profile in time: save the cell without it."
        )


def copies(file: CellFile, target: Path) -> dict[Path, bytes]:
    """What must lie beside ``target`` for it to be the same cell: paths, and what to write."""
    here, there = file.path.parent.resolve(), target.parent.resolve()
    solids = _solids(file)
    if target.stem in solids:
        raise InputError(f"'{target.name}' is the name of a material of this cell: take another.")
    if here == there:
        return {}
    named = [file for solid in solids for file in files_of(solid, here)]
    own = [file for file in dict.fromkeys(named) if file.parent.resolve() == here]
    for solid in solids:
        beside = there / f"{solid}.toml"
        used = material_path(solid, here)
        if used not in own and beside.is_file() and beside.read_bytes() != used.read_bytes():
            raise InputError(
                f"{target.parent} holds a '{beside.name}' of its own, which is not the material "
                "of this cell: save it to another folder."
            )
    found = {there / path.name: read_bytes(path) for path in own}
    for name in dict.fromkeys(
        name for path in (file.path, *own) for name in _tables(read_toml(path))
    ):
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


def _tables(entries: Mapping[str, Any]) -> Iterator[str]:
    """Names of the tables that entries read."""
    for given in entries.values():
        if isinstance(given, dict):
            if isinstance(given.get("table"), str):
                yield given["table"]
            else:
                yield from _tables(given)


def cell_identity(cell: Cell) -> dict[str, Any]:
    """Versions, the cell's name, options, parameters, changes and state as plain data."""
    return {
        "ssb_model": __version__,
        "PyBaMM": pybamm.__version__,
        "cell": cell.name,
        **{f"option {name}": value for name, value in sorted(cell.options.items())},
        **{name: plain(entry.value) for name, entry in cell.entries.items()},
        **_others_laws(cell),
        "changes": written(cell.changes),
        "recipe": cell.recipe,
        "state before": _state(cell),
    }


def _others_laws(cell: Cell) -> dict[str, str]:
    """Laws of contact that are not the package's, by a digest of their text."""
    added = registered(ContactLaw.extension)
    return {
        f"contact law {name}": text_digest(added[name])
        for name in sorted(set(cell.laws.values()))
        if name in added
    }


def numbers(cell: Cell) -> dict[str, float]:
    """The parameters of a cell that are numbers."""
    return {
        name: float(entry.value)
        for name, entry in cell.entries.items()
        if isinstance(entry.value, Real)
    }


def structure(cell: Cell) -> str:
    """What two cells share that differ in numbers alone."""
    functions = {
        name: plain(entry.value)
        for name, entry in cell.entries.items()
        if not isinstance(entry.value, Real)
    }
    shared = [sorted(map(str, cell.options.items())), sorted(functions.items())]
    return hashlib.sha256(json.dumps(shared).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A number as it is, a table by its digest, a function by its name and what it is given."""
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, np.ndarray):
        return _digest(value)
    if hasattr(value, "func"):
        return [plain(value.func), *map(plain, value.args)]
    return getattr(value, "__qualname__", None) or str(value)


def _state(cell: Cell) -> str | None:
    if cell.state is None:
        return None
    solution = cell.state.solution
    return _digest(np.append(solution.y[:, -1], solution.t[-1]))


def _digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.asarray(values, "<f8").tobytes()).hexdigest()[:16]
