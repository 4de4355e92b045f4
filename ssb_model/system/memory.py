"""Memory that is no longer needed, given back to the system."""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from itertools import count
from typing import Any

EVERY = 3  # calls; each time would cost a tenth of building a model
_CALLS = count(1)


def give_back() -> None:
    """Call it before a model is built: every third time, those that nobody has any more go.

    A built model is tens of megabytes in small objects that refer to one another, which Python
    sees too few of to look for; and what their release frees the C library keeps, where it is not
    told to hand it to the system.
    """
    if next(_CALLS) % EVERY:
        return
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    """The function of glibc that does it; other libraries give back by themselves."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
