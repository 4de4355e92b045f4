"""How the rows that a cell was fitted to tie its numbers together: the table [fitted] of its file.

``rows`` names them, ``numbers`` those that move them, "NCM811: Reference diffusivity", and
``slopes`` says how much: errors of a row per standard deviation of a number within its declared
range. An error is the standard one of a capacity, and the tolerance of the case of other rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ssb_model.errors import CellFileError
from ssb_model.parameters.declared import base
from ssb_model.parameters.section import CellFile

KEYS = ("rows", "numbers", "slopes")


def fitted_rows(file: CellFile, names: Iterable[str]) -> tuple[list[str], np.ndarray] | None:
    """The numbers by their full names, those of ``names`` with units, and the slopes of the rows.

    A number that is not among ``names`` keeps the name of the file: set by hand, or of a material
    that is no more in the cell, it is still what the rows left uncertain when they were fitted.
    """
    if not file.fitted:
        return None
    numbers, slopes = _read(file.fitted, f"{file.path.name}, [fitted]")
    known = {base(name): name for name in names}
    return [known.get(base(number), number) for number in numbers], slopes


def _read(table: dict[str, Any], where: str) -> tuple[list[str], np.ndarray]:
    if table.keys() != set(KEYS):
        raise CellFileError(f"{where}: it holds {', '.join(KEYS)} and nothing else.")
    rows, numbers = (table[key] for key in KEYS[:2])
    for key in KEYS[:2]:
        one = table[key]
        if not (isinstance(one, list) and one and all(isinstance(word, str) for word in one)):
            raise CellFileError(f"{where} {key}: write a list of names in quotes.")
    if len({base(number) for number in numbers}) < len(numbers):
        raise CellFileError(f"{where} numbers: name each once.")
    try:
        slopes = np.array(table["slopes"], float)
    except (TypeError, ValueError):
        slopes = np.empty(0)
    if slopes.shape != (len(rows), len(numbers)) or not np.isfinite(slopes).all():
        raise CellFileError(
            f"{where} slopes: for each of {len(rows)} rows write a list of {len(numbers)} numbers."
        )
    return numbers, slopes
