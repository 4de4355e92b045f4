"""Files that visitors drop: kept in a folder of this run alone, by a digest, within limits."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from ssb_model.errors import InputError
from ssb_model.explorer.variant import OWN
from ssb_model.parameters.cell_file import SECTIONS
from ssb_model.parameters.library import LARGEST as LARGEST_TOML
from ssb_model.parameters.library import cell_names

LARGEST = 20_000_000  # bytes of a measured file
MOST_FILES = 10  # of a cell
_NAME = re.compile(r"[\w .()+-]{1,80}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{16}/[\w .()+-]{1,80}", re.ASCII)


class Store:
    """The folder, and what was dropped into it."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add_cell(self, files: Mapping[str, bytes]) -> str:
        """A cell file and what lies beside it; the name by which pages know the cell."""
        if len(files) > MOST_FILES:
            raise InputError(f"a cell of {len(files)} files: drop {MOST_FILES} at most.")
        for name, content in files.items():
            if len(content) > LARGEST_TOML:
                most = f"{LARGEST_TOML / 1e3:g} kB"
                raise InputError(f"{name}: larger than {most}, the most that is read of it.")
        cells = [name for name, content in files.items() if _is_cell(name, content)]
        if len(cells) != 1:
            raise InputError(
                f"{len(cells)} of {', '.join(files)} are cells, with sections [cell], [positive], "
                "[separator] and [negative]: drop one, with the materials it needs beside it."
            )
        return f"{OWN}{self._keep(files)}/{Path(_plain(cells[0])).stem}"

    def add_measured(self, name: str, content: bytes) -> str:
        """A measured file; the key by which pages know it."""
        if len(content) > LARGEST:
            raise InputError(
                f"{name}: larger than {LARGEST / 1e6:g} MB, the most that a page takes: thin it "
                "out, or use the shell."
            )
        return f"{self._keep({name: content})}/{_plain(name)}"

    def measured(self, key: str) -> Path:
        """Where a measured file lies."""
        path = self.folder / key
        if not _KEY.fullmatch(key) or not path.is_file():
            raise InputError(
                "the measured file of this address is not here any more: drop it again."
            )
        return path

    def check_cell(self, name: str) -> str:
        """A packaged cell or one that was dropped; no other path is looked at."""
        if name in cell_names():
            return name
        key = name.removeprefix(OWN)
        known = name.startswith(OWN) and _KEY.fullmatch(key)
        if known and (self.folder / f"{key}.toml").is_file():
            return name
        if name.startswith(OWN):
            raise InputError("the cell of this address is not here any more: drop its file again.")
        raise InputError(f"no cell named '{name[:80]}'. Known: {', '.join(cell_names())}.")

    def texts(self, name: str) -> dict[str, str]:
        """The files of a cell that was dropped, for an address; none of a packaged one."""
        if not name.startswith(OWN):
            return {}
        folder = self.folder / name.removeprefix(OWN).partition("/")[0]
        return {
            path.name: path.read_bytes().decode(errors="replace")  # line ends as they are
            for path in sorted(folder.iterdir())
        }

    def _keep(self, files: Mapping[str, bytes]) -> str:
        digest = hashlib.sha256()
        for name, content in sorted(files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        key = digest.hexdigest()[:16]
        folder = self.folder / key
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / _plain(name)).write_bytes(content)
        return key


def _plain(name: str) -> str:
    """A file's name without a path, in letters every system has."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last, flags=re.ASCII).strip(". ")[-80:]
    if not _NAME.fullmatch(plain):
        raise InputError(f"'{name[:80]}' is no name of a file.")
    return plain


def _is_cell(name: str, content: bytes) -> bool:
    """Whether a file has sections of a cell; one that is no TOML is one if it ends so and alone."""
    if not name.lower().endswith(".toml"):
        return False
    try:
        return bool(tomllib.loads(content.decode("utf-8-sig")).keys() & set(SECTIONS))
    except (ValueError, RecursionError):  # its reader says what is wrong
        return any(f"[{section}]".encode() in content for section in SECTIONS)
