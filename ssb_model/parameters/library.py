"""The TOML files of cells and materials, found and parsed; nothing here asks what is in them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError, UnknownCellError, nearest
from ssb_model.system.user_files import is_file, read_bytes

LARGEST = 300_000  # bytes of a TOML file
MOST_DOTS = 100  # in a line of one: keys of many parts take time without end


@cache
def data_folder() -> Path:
    """The folder of parameter sets: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "parameter_sets", package.parent / "parameter_sets"):
        if (folder / "cells").is_dir():
            return folder
    raise CellFileError("the folder parameter_sets is missing; install ssb_model again.")


def cell_names() -> list[str]:
    """The cells that come with the package."""
    return sorted(path.stem for path in (data_folder() / "cells").glob("*.toml"))


def cell_path(name_or_path: str | Path) -> Path:
    """The file of a cell given by its name or by the path of one's own TOML."""
    if not isinstance(name_or_path, (str, Path)):
        raise UnknownCellError(f"a cell is a name or a path, not {name_or_path!r}.")
    if isinstance(name_or_path, str) and name_or_path in cell_names():
        return data_folder() / "cells" / f"{name_or_path}.toml"
    path = expanded(name_or_path)
    if is_file(path):
        return path
    hint = nearest(path.stem, cell_names(), count=2)
    raise UnknownCellError(f"no cell named '{name_or_path}' and no file at that path. {hint}")


def expanded(path: str | Path) -> Path:
    """A path with ~ for the home, where there is one."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # the home of nobody
        return Path(path)


def material_path(name: str, beside: Path) -> Path:
    """The file of a material: beside the cell file first, else the package's own."""
    if Path(name).name != name:
        raise CellFileError(f"material '{name}' is a path: name a file beside this one.")
    own = beside / f"{name}.toml"
    if is_file(own):
        return own
    folder = data_folder() / "materials"
    path = folder / f"{name}.toml"
    if not is_file(path):
        known = [p.stem for p in folder.glob("*.toml")]
        raise CellFileError(f"material '{name}' is not known. {nearest(name, known)}")
    return path


def read_toml(path: Path) -> dict[str, Any]:
    """The file as nested tables; a syntax error names the file and the line."""
    try:
        text = read_bytes(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CellFileError(f"{path.name}: not a text file in UTF-8.") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > MOST_DOTS:
            raise CellFileError(f"{path.name}: line {number} has too many dots: break it.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CellFileError(f"{path.name}: not valid TOML: {error}") from None
    except RecursionError:
        raise CellFileError(f"{path.name}: too many brackets in brackets: nest fewer.") from None
    except ValueError:  # what Python will not read
        raise CellFileError(f"{path.name}: a number of too many digits: write it as 1e9.") from None
