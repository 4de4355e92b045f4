"""What reaches the page, within limits: files that are dropped, requests of this machine's browser.

Files are kept in a folder of this run alone, by a digest. A page of somebody else's, open in the
same browser, can send requests to any port of this machine; names that lead here
("localhost.evil.example") and foreign origins are refused.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

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


_WHERE = re.compile(r"^(?P<file>[^,:]+\.toml)(?:, (?:\[(?P<table>[^\]]+)\] ?)?(?P<key>[^:]*))?")
_LINE = re.compile(r"\bline (\d+)\b")


class Place(NamedTuple):
    """A mistake, with the file's line it is about and what stands there, where that is known."""

    words: str
    file: str = ""
    line: int = 0
    text: str = ""


def place_of(mistake: str, files: Mapping[str, str]) -> Place:
    """The line that a message such as "mine.toml, [positive] Porosity: ..." is about."""
    where = _WHERE.match(mistake)
    if where is None or where["file"] not in files:
        return Place(mistake)
    lines = files[where["file"]].splitlines()
    said = _LINE.search(mistake)
    number = int(said[1]) if said else _found(lines, where["table"], where["key"])
    if not 0 < number <= len(lines):
        return Place(mistake, where["file"])
    return Place(mistake, where["file"], number, lines[number - 1].strip())


def _found(lines: list[str], table: str | None, key: str | None) -> int:
    """Of the key's line, or of its table's where the key is missing; 0 if neither is there."""
    inside, at_table = table is None, 0
    wanted = re.sub(r" \[.*", "", (key or "").strip()).casefold()
    for number, line in enumerate(lines, start=1):
        head = re.match(r"\s*\[([^\[\]]+)\]", line)
        if head:
            inside = table is not None and head[1].strip() == table
            at_table = at_table or (number if inside else 0)
        written = line.partition("=")[0].strip().strip("\"'").casefold()
        if inside and wanted and re.sub(r" \[.*", "", written) == wanted:
            return number
    return at_table


HOSTS = ("127.0.0.1", "localhost", "[::1]")
ROOM = 100_000  # bytes of a form around the file it brings
App = Callable[[dict[str, Any], Callable, Callable], Awaitable[None]]


def refusal(headers: dict[str, str], method: str, port: int) -> tuple[int, str] | None:
    """The status and the words with which a request is turned away, if it is."""
    known = {f"{host}:{port}" for host in HOSTS}
    if headers.get("host", "") not in known:
        return 403, "this page is for this machine alone: open it at 127.0.0.1"
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc not in known:
        return 403, "this page answers no other page"
    if method == "POST":
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return 411, "an upload says how long it is"
        if int(length) > LARGEST + ROOM:
            return 413, f"larger than {LARGEST / 1e6:g} MB, the most that a page takes"
    return None


def guarded(app: App, port: int) -> App:
    """The app behind these checks."""

    async def checked(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]
        }
        turned_away = refusal(headers, scope.get("method", "GET"), port)
        if turned_away is None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, words = turned_away
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": status, "headers": head})
            await send({"type": "http.response.body", "body": f"{words}.\n".encode()})

    return checked
