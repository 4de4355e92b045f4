"""Draws of a verb's cell: what the verbs that draw have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import charge_at
from ssb_model.errors import InputError
from ssb_model.studies.bands import Told, check_draws
from ssb_model.studies.conditioning import Condition
from ssb_model.studies.runs import Settings

VOLTAGES = 121  # of an axis from cut-off to cut-off


def checked_conditions(
    cell: Cell,
    samples: int,
    seed: int,
    measured: str | Sequence[str] | None,
    held: tuple[float, float],
    settings: Settings,
    from_full: bool = False,
) -> list[Condition]:
    """What was measured, read; refused before anything is run."""
    check_draws(cell, samples, measured, seed)
    given = [measured] if isinstance(measured, str) else list(measured or ())
    if from_full and any(text.strip().startswith("Charge") for text in given):
        raise InputError("from rest at 100 % there is no charge to have measured: leave it out.")
    return [Condition.read(text, held, settings, from_full) for text in given]


def voltages(cell: Cell) -> np.ndarray:
    """From the lower cut-off to the upper [V]."""
    low, high = (cell.evaluate(f"{end} voltage cut-off [V]") for end in ("Lower", "Upper"))
    return np.linspace(low, high, VOLTAGES)


def kept(run: Any, axis: np.ndarray, row: dict[str, Any] | None = None) -> Told:
    """Of a discharge or a charge its row, and its capacity [mAh/g] at each voltage.

    ``row`` is what else is told of the run, if there is more.
    """
    passed = charge_at(axis, run.data, run.row["Direction"] == "discharge")
    return Told(dict(row or run.row), passed / run.cell.design.positive.grams)
