"""A command that is stopped by hand or by the system: one word, and what is kept."""

from __future__ import annotations

import _thread
import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ssb_model.system.signals import BY_HAND, STOPPING

USUAL = (signal.SIG_DFL, signal.default_int_handler)  # else somebody wants it otherwise, as nohup


@contextmanager
def stopped_alike() -> Iterator[list[int]]:
    """A polite end by the system, or of the terminal, stops a run as Ctrl-C does.

    Gives the signals heard: a library may make another error of one.
    """
    heard: list[int] = []

    def stop(number, frame) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            if signal.getsignal(number) in USUAL:
                before[number] = signal.signal(number, stop)
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
        yield heard
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


def say_stopped(options: argparse.Namespace) -> int:
    """Of a run that has nothing to show; gives the exit code."""
    with suppress(OSError):
        print(f"ssb: {BY_HAND}; {how_to_go_on(options) or 'nothing was saved'}.", file=sys.stderr)
    return 130


def say_system(error: OSError) -> int:
    """What the system refused, most often to show more on the screen; gives the exit code."""
    what = f"{error.filename}" if error.filename else "cannot write to the screen"
    with suppress(OSError):
        print(f"ssb: {what} ({error.strerror or error}).", file=sys.stderr)
    leave_screen()
    return 2


def no_more_interrupts() -> None:
    """The process ends now: one more Ctrl-C would only break its last words."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def leave_screen() -> None:
    """What is still to be shown is not: Python would try once more, and complain, as it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def how_to_go_on(options: argparse.Namespace) -> str:
    """Where the run keeps a journal; nothing where it does not."""
    out: Path | None = getattr(options, "out", None)
    if out is None or not any(out.glob(f"{verb_of(options)}*.sqlite")):
        return ""
    fresh = " without --fresh" if getattr(options, "fresh", False) else ""
    return f"what is done is kept in {out}, the same command{fresh} goes on from there"


def verb_of(options: argparse.Namespace) -> str:
    """ "rate_test" of ``ssb rate-test``."""
    return options.run.__name__.strip("_")
