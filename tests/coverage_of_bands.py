"""Whether what was measured narrows a band and keeps the truth: cells that are draws themselves.

Each truth is a draw of a cell's declared ranges with a seed of its own. Its slow capacity, with an
error of the measurement, is what was measured; its capacity at another rate is what the band of
``--measured`` must hold, in nine of ten. ``python -m tests.coverage_of_bands`` prints each and how
many; ``--count`` cells, ``--samples`` draws of each.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

import ssb_model as ssb
from ssb_model.cell.cell import Cell
from ssb_model.quantities.registry import band_of
from ssb_model.studies.draws import draws_of

NAME = "Capacity [mA.h.g-1]"
CELL, SLOW, RATE = "NCM811_LPSCl_Si", 0.1, 0.5
ERROR = 3.0  # mAh g-1, one standard deviation
OTHER = 1000  # seeds of truths, apart from those of draws


@dataclass(frozen=True)
class Kept:
    """A truth and the bands of its capacity, with what was measured and without."""

    truth: float
    told: tuple[float, float]
    untold: tuple[float, float]

    @property
    def held(self) -> bool:
        low, high = self.told
        return low <= self.truth <= high

    @property
    def narrower(self) -> float:
        """Width with the measurement over that without."""
        return float(np.diff(self.told)[0] / np.diff(self.untold)[0])


def truths(cell: Cell, count: int) -> list[Cell]:
    """Draws of the cell, each by itself."""
    drawn = draws_of(cell, count, OTHER)
    return [
        cell.with_recipe({name: values[k] for name, values in drawn.items()}, following=False)
        for k in range(count)
    ]


def given(cell: Cell, rate: float) -> float:
    """Capacity from full [mAh g-1]."""
    return ssb.discharge(cell, rate, from_full=True).row[NAME]


def band(cell: Cell, samples: int, measured: str | None = None) -> tuple[float, float]:
    """5 and 95 % of the capacity at the other rate."""
    row = ssb.discharge(
        cell, RATE, from_full=True, samples=samples, seed=0, measured=measured
    ).rows[0]
    low, _, high = (row[name] for name in band_of(NAME))
    return low, high


def kept(count: int, samples: int) -> list[Kept]:
    """What became of each truth; one that gives nothing slowly is no cell anybody measures."""
    cell = ssb.load_cell(CELL).with_options({"mesh": "draft"})
    noise = np.random.default_rng(OTHER).normal(0, ERROR, 2 * count)
    untold, found = band(cell, samples), []
    for truth, error in zip(truths(cell, 2 * count), noise, strict=True):
        slow = given(truth, SLOW)
        if slow < 10 * ERROR:
            continue
        measured = f"Capacity [mAh/g] at {SLOW}C = {slow + error:.1f} +- {ERROR}"
        one = Kept(given(truth, RATE), band(cell, samples, measured), untold)
        print(
            f"{one.truth:6.1f} in {one.told[0]:6.1f} .. {one.told[1]:6.1f}: {one.held}", flush=True
        )
        found.append(one)
        if len(found) == count:
            break
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--samples", type=int, default=64)
    asked = parser.parse_args()
    found = kept(asked.count, asked.samples)
    narrower = np.median([one.narrower for one in found])
    held = sum(one.held for one in found)
    print(f"{held} of {len(found)} truths held; bands {narrower:.2f} as wide as without (median)")


if __name__ == "__main__":
    main()
