"""A line on the terminal that says how far long work has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
WIDTH = 30


def progress(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with a bar on standard error where that is a terminal."""
    shown = sys.stderr.isatty() and total > 1
    begun = time.monotonic()
    try:
        for done, item in enumerate(items, start=1):
            if shown:
                left = (time.monotonic() - begun) / done * (total - done)
                bar = ("#" * round(WIDTH * done / total)).ljust(WIDTH)
                text = f"\r{what} [{bar}] {done}/{total}, {left:.0f} s left "
                print(text, end="", file=sys.stderr, flush=True)
            yield item
    finally:
        if shown:
            print(file=sys.stderr)
