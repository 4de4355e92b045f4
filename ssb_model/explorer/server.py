"""The server behind the page."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI, Request
from nicegui import app, ui

from ssb_model.explorer.page import Page
from ssb_model.explorer.store import guarded
from ssb_model.explorer.worker import Hub

GRACE = 2  # s that open pages have when the server ends


def serve(listening: socket.socket, hub: Hub) -> None:
    """Answer pages on a socket until Ctrl-C."""

    @ui.page("/", title="ssb explorer", favicon="🔋")
    def page(request: Request) -> None:
        Page(hub, request.url.query)

    app.on_startup(hub.serve)
    outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    ui.run_with(outer, language="en-US", show_welcome_message=False, reconnect_timeout=10)
    logging.getLogger("nicegui").setLevel(logging.ERROR)
    config = uvicorn.Config(
        guarded(outer, listening.getsockname()[1]),
        log_level="error",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        h11_max_incomplete_event_size=200_000,  # a link may hold a cell
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
