"""What a run is, by name: two runs whose names and values agree give the same numbers."""

from __future__ import annotations

import hashlib
import json
from numbers import Real
from typing import Any

import numpy as np
import pybamm

from ssb_model import __version__
from ssb_model.cell.cell import Cell
from ssb_model.extensions import registered, text_digest
from ssb_model.parameters.changes import written
from ssb_model.submodels.contact_laws.law import ContactLaw


def cell_identity(cell: Cell) -> dict[str, Any]:
    """Versions, the cell's name, options, parameters, changes and state as plain data."""
    return {
        "ssb_model": __version__,
        "PyBaMM": pybamm.__version__,
        "cell": cell.name,
        **{f"option {name}": value for name, value in sorted(cell.options.items())},
        **{name: plain(entry.value) for name, entry in cell.entries.items()},
        **_others_laws(cell),
        "changes": written(cell.changes),
        "recipe": cell.recipe,
        "state before": _state(cell),
    }


def _others_laws(cell: Cell) -> dict[str, str]:
    """Laws of contact that are not the package's, by a digest of their text."""
    added = registered(ContactLaw.extension)
    return {
        f"contact law {name}": text_digest(added[name])
        for name in sorted(set(cell.laws.values()))
        if name in added
    }


def numbers(cell: Cell) -> dict[str, float]:
    """The parameters of a cell that are numbers."""
    return {
        name: float(entry.value)
        for name, entry in cell.entries.items()
        if isinstance(entry.value, Real)
    }


def structure(cell: Cell) -> str:
    """What two cells share that differ in numbers alone."""
    functions = {
        name: plain(entry.value)
        for name, entry in cell.entries.items()
        if not isinstance(entry.value, Real)
    }
    shared = [sorted(map(str, cell.options.items())), sorted(functions.items())]
    return hashlib.sha256(json.dumps(shared).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A number as it is, a table by its digest, a function by its name and what it is given."""
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, np.ndarray):
        return _digest(value)
    if hasattr(value, "func"):
        return [plain(value.func), *map(plain, value.args)]
    return getattr(value, "__qualname__", None) or str(value)


def _state(cell: Cell) -> str | None:
    if cell.state is None:
        return None
    solution = cell.state.solution
    return _digest(np.append(solution.y[:, -1], solution.t[-1]))


def _digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.asarray(values, "<f8").tobytes()).hexdigest()[:16]
