"""Results as files: each of them whole, and those of one result together."""

from __future__ import annotations

import io
import json
import math
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssb_model.errors import InputError, plain
from ssb_model.system.locks import alone_in
from ssb_model.system.marks import ENDINGS, check_ours, foreign, sealed_json, written_here

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

UNFINISHED = ".unfinished"
REMAINS = re.compile(rf"\.[0-9a-f]{{32}}\{UNFINISHED}")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how what a spreadsheet computes begins
PROBE = b" " * 4096
TRIES, PAUSE = 20, 0.05  # s; a file that a scanner has open is free again within a second


def save_result(
    folder: str | Path,
    name: str,
    payload: dict[str, Any],
    files: dict[str, bytes],
    besides: Sequence[str] = (),
    force: bool = False,
) -> list[Path]:
    """Write ``name``.json and the files beside it, whose names it lists; gives the paths.

    All is written to a hidden neighbour first: a disk that is full leaves the folder as it was.
    Then what the JSON there was written with goes and the new files come, the JSON first: killed
    between, a folder holds files of one result alone, and the JSON names those that miss.

    What goes has a name that results of this kind give, one of ``files``, ``name`` and an ending,
    or a pattern of ``besides`` (``*`` is any letters but "/"), and is as this program wrote it.
    Another file under a name of ``files`` is refused, unless ``force`` writes over it.
    """
    from concurrent.futures import ThreadPoolExecutor  # the shell's help needs none

    folder, first = Path(folder), f"{name}.json"
    content = sealed_json({**payload, "files": [first, *files]}, files)
    whole = {first: content, **files}
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1) as beside:  # Ctrl-C comes before or after, never between
        beside.submit(_exchange, folder, whole, (f"{name}.*", *besides), force).result()
    return [folder / one for one in whole]


def replace_file(path: str | Path, content: bytes) -> None:
    """Write one file, whole or not at all; where a link leads there, the link stays."""
    path = Path(os.path.realpath(path))
    check_replaceable(path)
    neighbour = path.with_name(f".{uuid.uuid4().hex}{UNFINISHED}")
    try:
        neighbour.write_bytes(content)
        _replace(neighbour, path)
    finally:
        neighbour.unlink(missing_ok=True)


def check_replaceable(path: Path) -> None:
    """An error where a file may not be, or is not to be written over."""
    if path.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(path))
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is a pipe or a device: name a file to write.")
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(13, os.strerror(13), str(path))
    if os.name == "nt" and path.is_file():
        path.open("r+b").close()  # an error where another program holds it


def check_room(folder: Path) -> None:
    """An error where a small file does not find its place in a folder."""
    path = folder / f".{uuid.uuid4().hex}.probe"
    try:
        path.write_bytes(PROBE)
    finally:
        path.unlink(missing_ok=True)


def check_not_read(path: str | Path, given: Iterable[str | Path | None], option: str) -> None:
    """Refuse to write over a file that the same run reads, whatever the two paths look like."""
    for other in given:
        try:
            same = other is not None and os.path.samefile(path, other)
        except (OSError, ValueError):  # one of them is not there, or no name of a file
            continue
        if same:
            kind = "folder" if option == "--out" else "file"
            raise InputError(
                f"results would be written over {other}: take another {kind} with {option}."
            )


def json_bytes(payload: dict[str, Any]) -> bytes:
    """Plain data as JSON, each number with all its digits."""
    return (json.dumps(payload, indent=2) + "\n").encode()


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV, each number with all its digits; words that a spreadsheet would run are
    quoted as it takes them."""
    words = frame.select_dtypes(include=["object", "string"]).columns
    safe = frame.assign(**{name: frame[name].map(_no_formula) for name in words})
    return safe.to_csv(index=False, lineterminator="\n").encode(errors="backslashreplace")


def _no_formula(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"'{plain(value)}" if value.startswith(FORMULA) else plain(value)


def netcdf_bytes(data: xr.Dataset) -> bytes:
    """Arrays as netCDF."""
    data = data.copy()
    for one in (data, *data.variables.values()):
        one.attrs = {k: plain(v) if isinstance(v, str) else v for k, v in one.attrs.items()}
    return bytes(data.to_netcdf(engine="scipy"))


def figure_bytes(name: str, figure: Figure) -> dict[str, bytes]:
    """For the screen and for print."""
    files = {}
    for ending in ("png", "svg"):
        held = io.BytesIO()
        figure.savefig(held, format=ending, dpi=200)
        files[f"{name}.{ending}"] = held.getvalue()
    return files


def finite(data: Any) -> Any:
    """Plain data whose numbers JSON knows: none for what is not a number or has no end."""
    if isinstance(data, dict):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, list):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def _exchange(folder: Path, files: dict[str, bytes], own: Sequence[str], force: bool) -> None:
    """The result that is there for a new one."""
    first = next(iter(files))
    with alone_in(folder):
        _clear(folder)
        if not force:
            check_ours(folder, files)
        gone = _before(folder, first, files, own)
        unfinished = folder / f".{uuid.uuid4().hex}{UNFINISHED}"
        try:
            for name, content in files.items():
                check_replaceable(folder / name)
                for place in (folder / name, unfinished / name):
                    place.parent.mkdir(parents=True, exist_ok=True)
                (unfinished / name).write_bytes(content)
            for name in gone:
                (folder / name).unlink(missing_ok=True)
            for name in files:
                _replace(unfinished / name, folder / name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _clear(folder: Path) -> None:
    """What a run that was killed left of a result, under a name that only this program gives."""
    for path in folder.glob(f".*{UNFINISHED}"):
        if REMAINS.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def _before(folder: Path, first: str, files: Iterable[str], own: Sequence[str]) -> list[str]:
    """Files of the result that is there, as they were written.

    Cells are left out, others may be made of them; and so is what lies outside the folder, or
    behind a link.
    """
    if foreign(folder, [first]):
        return []
    names = {
        name
        for name, _ in written_here(folder)
        if name in files or any(_is_like(name, pattern) for pattern in own)
    }
    plain = [
        name
        for name in names
        if not Path(name).anchor
        and ".." not in Path(name).parts
        and Path(name).suffix in ENDINGS
        and (folder / name).is_file()
    ]
    others = set(foreign(folder, plain))
    return [name for name in sorted(plain) if name != first and name not in others]


def _is_like(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern part by part, so that no ``*`` stands for a folder."""
    parts, patterns = name.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _replace(new: Path, old: Path) -> None:
    """One file for another at once; Windows lets nobody replace what a program has open."""
    for left in reversed(range(TRIES)):
        try:
            os.replace(new, old)
            return
        except PermissionError:
            if os.name != "nt" or not left:
                raise
            time.sleep(PAUSE)
