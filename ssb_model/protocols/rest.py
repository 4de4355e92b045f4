"""Leave a cell alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ssb_model.cell import Cell, load_cell
from ssb_model.errors import SolveError
from ssb_model.parameters.checks import check_positive
from ssb_model.protocols.discharge import bench_for, held_at


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
    rested = bench.run(0.0, *held, after=cell.state, longest=duration)
    if rested.solution is None:
        raise SolveError(f"no rest from this state: {rested.stopped_by}; {rested.detail}.")
    return replace(cell, state=bench.state(rested))
