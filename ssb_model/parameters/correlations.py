"""Numbers that one calibration found together, and how their errors hang together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from ssb_model.parameters.library import data_folder, read_toml
from ssb_model.quantities.units import split

FILE = "correlations.toml"


def correlated(names: Iterable[str]) -> list[tuple[list[str], np.ndarray]]:
    """Groups of these names, "LPSCl: Ionic percolation tail", with their correlation matrices.

    A group holds numbers of one material; of a group in the file those that are not asked for are
    left out.
    """
    names = list(names)
    found = []
    for owner in dict.fromkeys(name.partition(": ")[0] for name in names):
        at = {split(name.partition(": ")[2])[0]: name for name in names if _of(name, owner)}
        for keys, matrix in _groups():
            places = [k for k, key in enumerate(keys) if key in at]
            if len(places) > 1:
                found.append(([at[keys[k]] for k in places], matrix[np.ix_(places, places)]))
    return found


def _of(name: str, owner: str) -> bool:
    return name.partition(": ")[0] == owner


@cache
def _groups() -> list[tuple[list[str], np.ndarray]]:
    path = data_folder() / FILE
    groups = read_toml(path) if path.is_file() else {}
    return [
        ([split(key)[0] for key in group["keys"]], np.array(group["matrix"], float))
        for group in groups.values()
    ]
