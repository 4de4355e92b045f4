"""A map of the pressure over a cell, as a scanned pressure paper or a sensor gives it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.quantities.units import to_si
from ssb_model.system.user_files import read_bytes

PATCHES = 5  # of equal area, from the least pressed on
LEAST = 1e4  # Pa; what presses less hardly touches
SEPARATORS = re.compile(r"[;,\s]+")


def read_map(path: str | Path) -> list[float]:
    """Mean pressures [Pa] of patches of equal area, out of a grid of numbers in MPa."""
    text = read_bytes(path).decode("utf-8-sig", "replace")
    values = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part for part in SEPARATORS.split(line.strip()) if part]
        if not parts or parts[0].startswith("#"):
            continue
        try:
            values += [float(part) for part in parts]
        except ValueError:
            raise InputError(
                f"{path}, line {number}: a map is a grid of pressures in MPa, numbers alone; write "
                "words after a '#'."
            ) from None
    found = np.array(values)
    found = np.sort(to_si(1.0, "MPa") * found[np.isfinite(found)])
    if len(found) < PATCHES or found[0] < 0:
        raise InputError(f"{path}: a map has {PATCHES} pressures or more, none below 0.")
    if found[-1] < LEAST:
        raise InputError(f"{path}: nothing presses anywhere: a map is in MPa.")
    return [float(max(part.mean(), LEAST)) for part in np.array_split(found, PATCHES)]
