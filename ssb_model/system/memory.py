"""Memory that is no longer needed, given back to the system."""

from __future__ import annotations

import ctypes
import gc
import os
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

EVERY = 3  # calls; each time would cost a tenth of building a model
LARGE = 400e6  # bytes held, from which on it is also done as they grow
GROWN = 30e6  # bytes more than were left the last time: about a model
_CALLS = count(1)
_left = 0.0  # bytes, after the last time


def give_back() -> None:
    """Call it before a model is built: those that nobody has any more go.

    Every third time, and where the process is large also once it has grown by a model: what it
    holds for good is looked through in vain. A built model is tens of megabytes in small objects
    that refer to one another, which Python sees too few of to look for; and what their release
    frees the C library keeps, where it is not told to hand it to the system.
    """
    global _left
    if next(_CALLS) % EVERY and held() < max(LARGE, _left + GROWN):
        return
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)
    _left = held()


def held() -> float:
    """Bytes of memory that this process holds now; none where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return float(int(pages) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError, AttributeError):
        return 0.0


@cache
def _trim() -> Any:
    """The function of glibc that does it; other libraries give back by themselves."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
