"""Runs of many steps side by side: the next step of each goes to the solver in one list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ssb_model.engine.rack import Rack
from ssb_model.fitting.data_set import Run, Unsolved


def together(rack: Rack, runs: Sequence[Run]) -> list[np.ndarray | Unsolved]:
    """What each run ends with, or why it has no end."""
    ends: list[np.ndarray | Unsolved | None] = [None] * len(runs)
    waiting = {}

    def advance(k: int, step) -> None:
        try:
            waiting[k] = step()
        except StopIteration as end:
            ends[k] = end.value
        except Unsolved as why:
            ends[k] = why

    for k, run in enumerate(runs):
        advance(k, lambda run=run: next(run))
    while waiting:
        asked, waiting = waiting, {}
        for (k, _), segment in zip(asked.items(), rack.run(list(asked.values())), strict=True):
            advance(k, lambda k=k, segment=segment: runs[k].send(segment))
    return ends
