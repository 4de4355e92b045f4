"""What stops a run from outside, and processes that leave Ctrl-C to the one that began them.

Ctrl-C stays Ctrl-C, and the system stops as a hand does.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

BY_HAND = "stopped by hand"
STOPPING = [  # not all of them everywhere
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]
USUAL = (signal.SIG_DFL, signal.default_int_handler)  # else somebody wants it otherwise, as nohup


@contextmanager
def stop_is_heard() -> Iterator[None]:
    """A stop by hand in here leaves as KeyboardInterrupt, once whatever caught it is done.

    In the middle of a call CasADi says that its arguments are of the wrong type, which reads as
    a run that fails.
    """
    heard: list[int] = []

    def listening(handler):
        if not callable(handler):
            return None

        def listen(number, frame):
            heard.append(number)
            handler(number, frame)

        return listen

    try:
        with _handled(STOPPING, listening):
            yield
    except Exception as error:
        if heard:
            raise KeyboardInterrupt from error
        raise
    if heard:
        raise KeyboardInterrupt


@contextmanager
def stopped_alike() -> Iterator[list[int]]:
    """A polite end by the system, or of the terminal, stops a run as Ctrl-C does.

    Gives the signals heard: a library may make another error of one.
    """
    heard: list[int] = []

    def stop(number, frame) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    hook = sys.unraisablehook

    def again(lost) -> None:
        """Ctrl-C where Python can only ignore it, as in a finaliser, comes once more."""
        if lost.exc_type is not KeyboardInterrupt:
            hook(lost)
            return
        timer = threading.Timer(0.01, _thread.interrupt_main)
        timer.daemon = True
        timer.start()

    sys.unraisablehook = again
    try:
        with _handled(STOPPING, lambda handler: stop if handler in USUAL else None):
            yield heard
    finally:
        sys.unraisablehook = hook


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Ctrl-C waits, and a process begun meanwhile leaves it to this one from the first.

    The latter only where signals can be blocked: a process begun on Windows hears Ctrl-C until it
    ignores it itself.
    """
    if hasattr(signal, "pthread_sigmask"):
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return
    heard: list[int] = []
    with _handled([signal.SIGINT], lambda _: lambda number, frame: heard.append(number)):
        yield
    if heard:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes; what they are still at when the block ends is wanted by nobody."""
    import multiprocessing  # the shell's help needs neither
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)
    try:
        yield executor
    except BaseException:
        for process in list(executor._processes.values()):
            process.terminate()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def no_more_interrupts() -> None:
    """The process ends now, or leaves Ctrl-C to the one that began it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _begin() -> None:
    """A worker leaves Ctrl-C to the process that started it, and ends with that."""
    no_more_interrupts()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    multiprocessing.parent_process().join()
    os._exit(1)


@contextmanager
def _handled(
    numbers: Iterable[int], new: Callable[[Any], Callable[[int, Any], None] | None]
) -> Iterator[None]:
    """Signals handled by ``new`` of their handlers, none for one that stays; as before after it."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in numbers:
            handler = new(signal.getsignal(number))
            if handler is not None:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
