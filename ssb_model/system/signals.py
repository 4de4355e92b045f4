"""Ctrl-C stays Ctrl-C, whatever a library makes of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BY_HAND = "stopped by hand"
STOPPING = [  # not all of them everywhere
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def stop_is_heard() -> Iterator[None]:
    """A stop by hand in here leaves as KeyboardInterrupt, once whatever caught it is done.

    In the middle of a call CasADi says that its arguments are of the wrong type, which reads as
    a run that fails.
    """
    heard: list[int] = []
    before = {}

    def listening(handler):
        def listen(number, frame):
            heard.append(number)
            handler(number, frame)

        return listen

    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            handler = signal.getsignal(number)
            if callable(handler):
                before[number] = signal.signal(number, listening(handler))
    try:
        yield
    except Exception as error:
        if heard:
            raise KeyboardInterrupt from error
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if heard:
        raise KeyboardInterrupt
