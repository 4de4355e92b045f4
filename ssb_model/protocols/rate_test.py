"""Discharge a cell at one rate after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ssb_model.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.parameters.checks import check_positive, check_pressure
from ssb_model.progress import progress
from ssb_model.protocols.discharge import discharge
from ssb_model.results.discharge import DischargeResult
from ssb_model.results.rate_test import RateTestResult

C_RATES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 0.1)


def rate_test(
    cell: Cell | str | Path,
    c_rates: float | Sequence[float] = C_RATES,
    stack_pressure: float | Sequence[float] | None = None,
    temperature: float | None = None,
    charge_rate: float | None = None,
    repeats: int = 1,
    cv_until: float | None = None,
    activation_pressure: float | None = None,
    activation_rate: float = 0.1,
) -> RateTestResult:
    """Charge and discharge a cell at each rate in turn, one fresh cell a stack pressure [Pa].

    The charge before each discharge runs at the same constant current, or at ``charge_rate``,
    without constant voltage unless ``cv_until`` names the C-rate that ends one. Each rate comes
    ``repeats`` times; the cell goes through all of them in order and remembers. With
    ``activation_pressure`` a first cycle at ``activation_rate`` under that pressure comes
    before, and is no row.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    rates = [check_positive("a C-rate", rate) for rate in np.atleast_1d(c_rates).tolist()]
    if not rates:
        raise InputError("give at least one C-rate.")
    if isinstance(repeats, bool) or not isinstance(repeats, int) or repeats < 1:
        raise InputError(f"each rate comes 1, 2, 3, ... times, not {repeats!r}.")
    if cell.state is not None:
        raise InputError("a rate test starts from a fresh cell: load it by its name.")
    if stack_pressure is None:
        pressures = [None]
    else:
        pressures = [
            check_pressure("the stack pressure", pressure)
            for pressure in np.atleast_1d(stack_pressure).tolist()
        ]
    runs: list[DischargeResult] = []
    stopped = ""
    steps = [(pressure, rate) for pressure in pressures for rate in rates for _ in range(repeats)]
    before = object()
    try:
        for pressure, rate in progress(steps, len(steps), "rate test"):
            if pressure is not before:
                used, before = cell, pressure
                if activation_pressure is not None:
                    used = discharge(used, activation_rate, activation_pressure, temperature)
                    used = used.cell_after
            how = {"charge_rate": charge_rate, "cv_until": cv_until}
            run = discharge(used, rate, pressure, temperature, **how)
            used = run.cell_after
            runs.append(run)
    except KeyboardInterrupt:
        stopped = "stopped by hand"
    return RateTestResult(cell.name, cell.design.file.words["title"], runs, stopped)
