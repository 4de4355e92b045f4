"""A process that answers what pages ask: the newest question of a page first, older ones dropped.

The page's own process never solves anything, so it stays quick; what a file of a visitor's does
to a reader it does in here. A page that starts what takes long gets a process of its own for it,
which it can stop.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ssb_model.errors import SolidStateError, plain
from ssb_model.explorer.store import Store
from ssb_model.explorer.variant import Variant
from ssb_model.parameters.mistakes import CellMistakes
from ssb_model.system.signals import no_more_interrupts

REFUSED, FAILED, DONE = "refused", "failed", "done"  # parts of every answer
ENDED = "the process that solves has ended; ask again"
FAULT = "a fault of this program, not of yours"


@dataclass(frozen=True)
class Asked:
    """A question: who asks, about what, and the number by which its answers are known."""

    who: str  # a later question of the same takes its place
    number: int
    kind: str
    given: dict[str, Any] = field(default_factory=dict)


Told = tuple[str, int, str, Any]  # who, number, part, answer


def answer_all(connection: Connection, folder: Path, stops: bool) -> None:
    """What the process does: answers questions until the page's process is gone."""
    from ssb_model.explorer.answers import Answers

    if not stops:
        no_more_interrupts()
    answers = Answers(folder)
    waiting: dict[str, Asked] = {}
    last = ("", 0)
    while True:
        try:
            _take(connection, waiting, wait=not waiting)
            asked = waiting.pop(next(iter(waiting)))
            last = (asked.who, asked.number)
            for part, answer in _told(answers.of(asked, connection), answers.named):
                connection.send((asked.who, asked.number, part, answer))
                _take(connection, waiting)
                if asked.who in waiting:
                    break
        except KeyboardInterrupt:  # a stop that nothing took up, or that came too late
            connection.send((*last, DONE, None))
        except (EOFError, OSError):
            return


def _take(connection: Connection, waiting: dict[str, Asked], wait: bool = False) -> None:
    """Questions that have come; the last of each page stays."""
    while wait or connection.poll():
        asked = connection.recv()
        waiting.pop(asked.who, None)
        waiting[asked.who] = asked
        wait = False


def _told(
    answers: Iterator[tuple[str, Any]], named: Callable[[str], str]
) -> Iterator[tuple[str, Any]]:
    """Answers, and what went wrong as one more, files ``named`` as visitors know them."""
    try:
        yield from answers
    except CellMistakes as error:
        yield (
            REFUSED,
            {
                "words": named(str(error).splitlines()[0]),
                "mistakes": [named(one) for one in error.mistakes],
            },
        )
    except SolidStateError as error:
        yield REFUSED, {"words": named(plain(str(error))), "mistakes": []}
    except Exception as error:
        traceback.print_exc()
        yield FAILED, {"words": f"{FAULT}: {type(error).__name__}: {plain(str(error))[:200]}"}
    yield DONE, None


class Worker:
    """The process, seen from the page: ``ask`` it, its answers come to ``hear``.

    One whose work ``stops`` hears ``stop`` as Ctrl-C: a fit keeps the best so far.
    """

    def __init__(self, folder: Path, hear: Callable[[Told], None], stops: bool = False):
        self.folder, self.hear, self.stops = folder, hear, stops
        self.numbers = itertools.count(1)
        self.open: dict[str, int] = {}  # questions without the last part of their answer
        self.process: Any = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin it, unless it runs."""
        with self._lock:
            if self.process is not None and self.process.is_alive():
                return
            context = multiprocessing.get_context("spawn")
            self.connection, theirs = context.Pipe()
            self.process = context.Process(
                target=answer_all, args=(theirs, self.folder, self.stops), daemon=True
            )
            self.process.start()
            theirs.close()
            self.open = {}
            heard = (self.connection, self.open)
            threading.Thread(target=self._listen, args=heard, daemon=True).start()

    def ask(self, who: str, kind: str, **given: Any) -> int:
        """Send a question; its number is that of its answers."""
        number = next(self.numbers)
        try:
            self._send(Asked(who, number, kind, given))
        except OSError:  # it ended just now
            self.process.join()
            self._send(Asked(who, number, kind, given))
        return number

    def _send(self, asked: Asked) -> None:
        self.start()
        self.open[asked.who] = asked.number
        self.connection.send(asked)

    def stop(self) -> None:
        """End what it is at: the best so far comes as an answer, where there is Ctrl-C."""
        if self.process is None or not self.process.is_alive():
            return
        if os.name == "posix":
            os.kill(self.process.pid, signal.SIGINT)
        else:
            self.process.terminate()

    def end(self) -> None:
        """It is needed no more."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()
            self.process.join(5)

    def _listen(self, connection: Connection, asked: dict[str, int]) -> None:
        try:
            while True:
                told = connection.recv()
                who, number, part, _ = told
                if part == DONE and asked.get(who) == number:
                    del asked[who]
                self.hear(told)
        except (EOFError, OSError):
            for who, number in list(asked.items()):
                self.hear((who, number, FAILED, {"words": ENDED}))
                self.hear((who, number, DONE, None))


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
