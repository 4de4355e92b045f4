"""What a process holds that runs many different cells.

``python -m tests.memory_of_cells --count 200`` runs as many of the cells of ``foreign_cells`` in
one process and prints the memory, the file descriptors and the threads it holds meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.foreign_cells import judge

MOST = 600.0  # MB


class Holding(NamedTuple):
    """What a process holds: memory now and at most [MB], file descriptors, threads, objects."""

    megabytes: float
    peak: float
    descriptors: int
    threads: int
    objects: int


def holding() -> Holding:
    """Of this process, its garbage collected."""
    gc.collect()
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    now, peak = (int(told[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return Holding(
        now, peak, len(os.listdir("/proc/self/fd")), int(told["Threads"]), len(gc.get_objects())
    )


def growth(first: int, count: int, every: int) -> Iterator[tuple[int, Holding]]:
    """Cells run so far, and what is held then."""
    for k in range(count):
        judge(first + k)
        if (k + 1) % every == 0:
            yield k + 1, holding()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--every", type=int, default=10)
    options = parser.parse_args(arguments)
    print("cells  MB now  MB at most  descriptors  threads  objects")
    held = []
    for cells, now in growth(options.first, options.count, options.every):
        held.append(now)
        print(
            f"{cells:5d}  {now.megabytes:6.0f}  {now.peak:10.0f}  {now.descriptors:11d}  "
            f"{now.threads:7d}  {now.objects:7d}",
            flush=True,
        )
    flat = len({(each.descriptors, each.threads) for each in held}) == 1
    return 0 if flat and held[-1].peak < MOST else 1


if __name__ == "__main__":
    sys.exit(main())
