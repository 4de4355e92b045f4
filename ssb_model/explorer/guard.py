"""What reaches the page: requests of this machine's browser, from the page itself, and not large.

A page of somebody else's, open in the same browser, can send requests to any port of this
machine; names that lead here ("localhost.evil.example") and foreign origins are refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from ssb_model.explorer.store import LARGEST

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
