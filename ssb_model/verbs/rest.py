"""Leave a cell alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at
from ssb_model.quantities.checks import check_positive
from ssb_model.verbs.discharge import bench_for


def rest(
    cell: Cell | str | Path,
    duration: float,
    stack_pressure: float | None = None,
    temperature: float | None = None,
) -> Cell:
    """The cell after ``duration`` seconds without current, under a stack pressure [Pa].

    A fresh cell rests at 0 %, one that has run where it is. Pressure and temperature are the
    cell's own by default.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    check_positive("the duration of a rest", duration)
    bench = bench_for(cell)
    held = held_at(cell, stack_pressure, temperature)
    return replace(cell, state=bench.rested(cell.state, duration, *held))
