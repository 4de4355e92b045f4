"""The verb: a page in the browser, served on this machine alone until Ctrl-C."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import webbrowser
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from ssb_model.errors import InputError
from ssb_model.explorer.store import Store
from ssb_model.explorer.variant import FIRST, Screen, Variant
from ssb_model.explorer.worker import Hub
from ssb_model.parameters.library import cell_names, cell_path, read_toml
from ssb_model.quantities.checks import check_whole
from ssb_model.system.user_files import read_bytes
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Listing

PORT = 8050
LOOPBACK = "127.0.0.1"
MOST_PORTS = 65535


def explore(
    cell: Annotated[
        str | None,
        Option("name of a cell, or path of your own TOML file, to begin with", positional=True),
    ] = None,
    port: Annotated[
        int, Option("of this machine, {default} or the next that is free", metavar="N")
    ] = PORT,
    browser: Annotated[
        bool, Option("only say the address", ("--no-browser",), switch=False)
    ] = True,
) -> Explored:
    """Serve the explorer until Ctrl-C; nothing it is given leaves this machine.

    The page listens on the loopback address alone. Files dropped on it are kept in a folder that
    goes when it ends.
    """
    if find_spec("nicegui") is None:
        raise InputError("the explorer needs NiceGUI: pip install 'ssb-model[explorer]'.")
    check_whole("the port", port, most=MOST_PORTS)
    with tempfile.TemporaryDirectory(prefix="ssb-explorer-") as folder:
        store = Store(Path(folder))
        name = _first(cell, store)
        listening = _listening(port)
        with listening:
            at = listening.getsockname()[1]
            query = Screen(Variant(name), own=_texts(store, name)).address if cell else ""
            address = f"http://{LOOPBACK}:{at}/" + (f"?{query}" if query else "")
            print(f"The explorer is at {address}\nCtrl-C ends it.", flush=True)
            if browser:
                threading.Timer(1.0, webbrowser.open, (address,)).start()
            hub = Hub(Path(folder), name)
            try:
                hub.begin()
                from ssb_model.explorer.server import serve  # takes a second

                serve(listening, hub)
            finally:
                hub.end()
    return Explored([{"Address": address}])


def _first(cell: str | None, store: Store) -> str:
    """The cell to begin with, by the name pages have for it; a file is copied for them."""
    if cell is None or cell in cell_names():
        return cell or FIRST
    path = cell_path(cell)
    read_toml(path)  # a file that is none is refused in the shell
    beside = [one for one in sorted(path.parent.glob("*.toml")) if _needed(one, path)]
    return store.add_cell({one.name: read_bytes(one) for one in [path, *beside]})


def _texts(store: Store, name: str) -> dict[str, dict[str, str]]:
    """The files of a cell that is no packaged one, for an address."""
    texts = store.texts(name)
    return {name: texts} if texts else {}


def _needed(one: Path, cell: Path) -> bool:
    """Whether a file beside a cell's is a material it names."""
    return one != cell and f'"{one.stem}"' in cell.read_text(encoding="utf-8", errors="replace")


def _listening(port: int) -> socket.socket:
    """A socket on the loopback address, at the port or the next that is free."""
    for tried in range(port, min(port + 20, MOST_PORTS + 1)):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it lets another program listen beside
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((LOOPBACK, tried))
            one.listen(64)
        except OSError:
            one.close()
            continue
        return one
    raise InputError(f"no free port from {port} on: name another one with --port.")


@dataclass(frozen=True, repr=False)
class Explored(Listing):
    """Where the page was."""

    kind = "explore"
    title = "An explorer"

    rows: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """That it has ended."""
        return "The explorer has ended; links to it work again when it runs at the same port."
