"""The screen: a line that says how far long work has come, and letters it may not have."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Item = TypeVar("Item")
Hear = Callable[[str, int, int], None]  # what is counted, how many are done, of how many
WIDTH = 30
_HEARD: ContextVar[Hear | None] = ContextVar("_HEARD", default=None)


@contextmanager
def heard_by(hear: Hear) -> Iterator[None]:
    """In here ``hear`` is told how far long work has come, beside the screen."""
    token = _HEARD.set(hear)
    try:
        yield
    finally:
        _HEARD.reset(token)


class Bar:
    """A bar with rate and time left on standard error, where that is a terminal."""

    def __init__(self, total: int, what: str, done: int = 0):
        self.total, self.what = total, what
        self.begun_with = self.done = done
        self.begun = time.monotonic()
        self.longest = 0  # of the lines shown, to cover one with the next
        self.shown = sys.stderr.isatty() and total - done > 1

    def __enter__(self) -> Bar:
        self._tell()
        return self

    def __exit__(self, *_) -> None:
        if self.shown:
            print(file=sys.stderr)

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        self._tell()
        if self.shown:
            bar = ("#" * round(WIDTH * self.done / self.total)).ljust(WIDTH)
            text = f"\r{self.what} [{bar}] {self.done}/{self.total}, {self.speed} "
            self.longest = max(self.longest, len(text))
            print(text.ljust(self.longest), end="", file=sys.stderr, flush=True)

    def under_way(self, count: float) -> None:
        """So many more are as good as done: whoever hears is told, nothing is counted."""
        tell(self.what, int(self.done + count), self.total)

    def _tell(self) -> None:
        tell(self.what, self.done, self.total)

    @property
    def speed(self) -> str:
        """Rate and time left."""
        rate = (self.done - self.begun_with) / max(time.monotonic() - self.begun, 1e-9)
        left = duration((self.total - self.done) / rate)
        pace = f"{rate:.3g}/s" if rate > 1 else f"{duration(1 / rate)} each"
        return f"{pace}, {left} left"


def tell(what: str, done: int, total: int) -> None:
    """Whoever hears, how far long work has come."""
    hear = _HEARD.get()
    if hear is not None:
        hear(what, done, total)


def duration(seconds: float) -> str:
    """ "45 s", "12 min", "3.5 h"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def progress(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with a bar that counts those done with."""
    with Bar(total, what) as bar:
        for item in items:
            yield item
            bar.advance()


def any_letter_is_shown() -> None:
    """What the screen, or the file it is sent to, has no letter for is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
