"""What all open pages share: the files dropped, and the process that follows their sliders.

A page that starts what takes long gets a process of its own for it, which it can stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ssb_model.explorer.store import Store
from ssb_model.explorer.variant import Variant
from ssb_model.explorer.worker import Told, Worker

Hear = Callable[[int, str, Any], None]


class Hub:
    """Worker and store; an answer goes to whoever listens under the name it was asked by."""

    def __init__(self, folder: Path, first: str):
        self.store = Store(folder)
        self.first = first
        self.quick = Worker(folder, self._hear)
        self.long: list[Worker] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self.listeners: dict[str, Hear] = {}

    def begin(self) -> None:
        """The first cell is made ready before anybody asks, while the server still begins."""
        self.quick.ask("begin", "screen", variants=[Variant(self.first)], measured=None)

    def serve(self) -> None:
        """From here on answers go to pages: called in the loop of the server."""
        self.loop = asyncio.get_running_loop()

    def listen(self, who: str, hear: Hear) -> None:
        """Answers to ``who`` go to ``hear``, in the loop of the server."""
        self.listeners[who] = hear

    def forget(self, who: str) -> None:
        """A page is gone."""
        self.listeners.pop(who, None)

    def end(self) -> None:
        """All processes end."""
        for worker in (self.quick, *self.long):
            worker.end()

    def worker_that_stops(self) -> Worker:
        """One more process, for what takes long; it begins when it is asked."""
        self.long.append(Worker(self.store.folder, self._hear, stops=True))
        return self.long[-1]

    def _hear(self, told: Told) -> None:
        """In the thread that listens to a process."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._deliver, told)

    def _deliver(self, told: Told) -> None:
        who, number, part, answer = told
        if who in self.listeners:
            self.listeners[who](number, part, answer)
