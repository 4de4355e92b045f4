"""A stack pressure that changes in time, from numbers or from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.parameters import functions
from ssb_model.parameters.library import LARGEST
from ssb_model.quantities.checks import check_number, check_pressure, check_several
from ssb_model.system.user_files import read_bytes


def pressure_profile(times: Sequence[float], pressures: Sequence[float]) -> Callable:
    """Stack pressure [Pa] as a function of time [s] since the run began."""
    times = tuple(check_number("a time of the profile", t) for t in check_several("times", times))
    pressures = tuple(
        float(check_pressure("a pressure of the profile", p))
        for p in check_several("pressures", pressures)
    )
    if len(times) != len(pressures) or len(times) < 2:
        raise InputError(
            f"a profile is two or more times and as many pressures, not {len(times)} and "
            f"{len(pressures)}."
        )
    if times[0] != 0 or any(b <= a for a, b in pairwise(times)):
        raise InputError(
            "the times of a profile start at 0 and rise; a jump takes two times a moment apart."
        )
    return partial(functions.pressure_between, times, pressures)


def read_profile(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Times [s] and pressures [Pa] of a CSV file in hours and MPa under a line of names."""
    lines = read_bytes(path, LARGEST).decode("utf-8-sig", errors="replace").splitlines()
    first, *rows = lines or [""]
    if not any(letter.isalpha() for letter in first):
        raise InputError(f"{path}: the first line names the columns, as 'h,MPa'.")
    rows = [row for row in rows if row.partition("#")[0].strip()]
    try:
        hours, megapascals = np.loadtxt(rows or ["nothing"], delimiter=",", ndmin=2).T
    except ValueError:
        raise InputError(
            f"{path}: no table of two columns, time in h and stack pressure in MPa, under a line "
            "of names."
        ) from None
    return hours * 3600, megapascals * 1e6
