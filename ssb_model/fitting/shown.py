"""How a fit comes along, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np

from ssb_model.fitting.descent import Watch
from ssb_model.fitting.free import Free

WIDEST = 110


class Shown:
    """A line on standard error with the misfit and the parameters, where that is a terminal."""

    def __init__(self, free: Sequence[Free], watch: Watch | None = None):
        self.free, self.watch = free, watch
        self.points, self.least = 0, np.inf
        self.begun = time.monotonic()
        self.on = sys.stderr.isatty()

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_) -> None:
        if self.on and self.points:
            print(file=sys.stderr)

    def __call__(self, chi2: float, x: np.ndarray) -> None:
        self.points += 1
        if self.watch is not None:
            self.watch(chi2, x)
        if chi2 < self.least:
            self.least = chi2
            values = (f"{one.value(at):.4g}" for one, at in zip(self.free, x, strict=True))
            self.say(f"misfit {chi2:.5g} at {', '.join(values)}")

    def say(self, what: str) -> None:
        if self.on:
            passed = time.monotonic() - self.begun
            line = f"\rfit, {passed:.0f} s, point {self.points}: {what}"[:WIDEST]
            print(line.ljust(WIDEST), end="", file=sys.stderr, flush=True)
