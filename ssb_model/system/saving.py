"""Results as files: each of them whole, and those of one result together."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import fcntl
except ImportError:  # not on Windows: two that save into one folder at once must not be
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

UNFINISHED = ".unfinished"


def save_result(
    folder: str | Path, name: str, payload: dict[str, Any], files: dict[str, bytes]
) -> list[Path]:
    """Write ``name``.json and the files beside it, whose names it lists; gives the paths.

    All is written to a hidden neighbour first: a disk that is full leaves the folder as it was.
    Then what the JSON there listed goes and the new files come, the JSON first: killed between,
    a folder holds files of one result alone, and the JSON names those that miss.
    """
    folder, first = Path(folder), f"{name}.json"
    whole = {first: json_bytes({**payload, "files": [first, *files]}), **files}
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1) as beside:  # Ctrl-C comes before or after, never between
        beside.submit(_exchange, folder, whole).result()
    return [folder / one for one in whole]


def replace_file(path: str | Path, content: bytes) -> None:
    """Write one file, whole or not at all; a device or a pipe as it comes."""
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    check_replaceable(path)
    neighbour = path.with_name(f".{uuid.uuid4().hex}{UNFINISHED}")
    try:
        neighbour.write_bytes(content)
        os.replace(neighbour, path)
    finally:
        neighbour.unlink(missing_ok=True)


def check_replaceable(path: Path) -> None:
    """An error where a file may not be, or is not to be written over."""
    if path.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(path))
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(13, os.strerror(13), str(path))


def json_bytes(payload: dict[str, Any]) -> bytes:
    """Plain data as JSON, each number with all its digits."""
    return (json.dumps(payload, indent=2) + "\n").encode()


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV, each number with all its digits."""
    return frame.to_csv(index=False, lineterminator="\n").encode(errors="backslashreplace")


def netcdf_bytes(data: xr.Dataset) -> bytes:
    """Arrays as netCDF."""
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


def _exchange(folder: Path, files: dict[str, bytes]) -> None:
    """The result that is there for a new one."""
    first = next(iter(files))
    with _alone(folder):
        unfinished = folder / UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)  # of a run that was killed
        try:
            for name, content in files.items():
                check_replaceable(folder / name)
                for place in (folder / name, unfinished / name):
                    place.parent.mkdir(parents=True, exist_ok=True)
                (unfinished / name).write_bytes(content)
            for name in _listed(folder / first):
                (folder / name).unlink(missing_ok=True)
            for name in files:
                os.replace(unfinished / name, folder / name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _listed(path: Path) -> list[str]:
    """Other files of the result whose JSON this is; cells are left out, others may be made of them.

    None where it is something else.
    """
    try:
        names = json.loads(path.read_bytes())["files"]
        inside = [name for name in names if not Path(name).is_absolute() and ".." not in name]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in inside if name != path.name and not name.endswith(".toml")]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One saves into a folder at a time; who is killed lets go."""
    if fcntl is None:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
