"""How the rows that a packaged cell was fitted to tie the numbers of its files together.

From the checkout, ``python -m validation.fitted_rows NCM811_LPSCl_Si`` moves each number by one
deviation up and down within its range and prints the table [fitted] of the cell's file. Estimates
stay as they are: only slopes at the shipped numbers are found. Rows of one quantity were measured
on one batch, and what builds scatter by does not average out over them: together they count as one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import norm

from ssb_model.analysis.draws import from_range
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.parameters.declared import SECTIONS, uncertain
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.units import split
from ssb_model.studies.conditioning import Condition, misses, readings
from ssb_model.studies.many_cells import ManyCells, made
from ssb_model.studies.runs import Settings
from ssb_model.validation.case import Case, cases_folder, read_case
from ssb_model.validation.runs import Runs
from ssb_model.validation.target import Target
from validation.calibration import by_factor, error_of

STEP = 1.0  # deviations of a number off its value, either way
LEAST = 0.1  # errors of a row per deviation of a number, below which it tells nothing of it
HELD = ("Stack pressure [Pa]", "Temperature [K]")
AXES = {"soc": "State of charge", "Temperature [degC]": "Temperature [degC]"}
CAPACITIES = {  # with what a batch scatters by, and the C-rate that ends a hold
    "NCM811_LPSCl_Si": (
        ("Capacity [mAh/g] at 0.1C, 5 MPa = 160 +- 10", None),
        ("Capacity [mAh/g] at 0.1C, 3 MPa = 160 +- 10", None),
        ("Capacity [mAh/g] at 0.1C, 2 MPa = 160 +- 10", None),
        ("Capacity [mAh/g] at 0.2C, 5 MPa = 149.7 +- 10", 0.05),
    ),
}
RESTS = {  # rows of the case, and the numbers they were fitted by or that they hang on as much
    "NCM811_LPSCl_Li": (
        ("charge transfer of the cathode, fine",),
        (
            "NCM811: Reference exchange-current density",
            "NCM811: Film resistance",
            "NCM811: Exchange-current fall when full",
            "NCM811: Contact hardness",
            "LPSCl: Coverage factor",
            "LPSCl: Coverage void exponent",
            "positive: Porosity",
            "positive: Active material diameter",
        ),
    ),
    "NCM523_LPSCl_Graphite": (
        tuple(
            f"{row}, {degrees} degC"
            for row in ("R_m of two cathodes", "alpha of the arc R_m")
            for degrees in (-20, 60)
        ),
        (
            "positive: Film resistance",
            "positive: Film activation energy",
            "positive: Ionic transport efficiency",
        ),
    ),
}


def slopes(misses_of: Callable, known: dict[str, Entry]) -> np.ndarray:
    """Errors of each row (first axis) per deviation of each number, between two ends of it.

    A row without an answer at an end has no slope by that number.
    """
    ends = [
        {name: float(from_range(norm.cdf(end), entry.value, *entry.range))}
        for end in (-STEP, STEP)
        for name, entry in known.items()
    ]
    low, high = np.split(np.asarray(misses_of(ends)), 2)
    return np.nan_to_num((high - low) / (2 * STEP)).T


def of_capacities(cell: Cell, conditions: Sequence[Condition]) -> Callable:
    """What cells with numbers changed miss capacities by, all of them side by side."""
    many = ManyCells(cell)

    def missed(changes: list[dict[str, float]]) -> np.ndarray:
        cells = [made(cell, {name: [v] for name, v in one.items()})[0] for one in changes]
        found = misses(readings(many, conditions, cells), conditions)
        return np.where(np.isfinite(found), found, np.nan)

    return missed


def asked(run: dict[str, Any], targets: Sequence[Target]) -> dict[str, Any]:
    """A run at no more states and temperatures than the rows read."""
    kept = {}
    for key, column in AXES.items():
        read = {one.model.where[column] for one in targets if column in one.model.where}
        if isinstance(run.get(key), list) or (key in run and read):
            kept[key] = sorted(read)
    return {**run, **kept}


def of_rows(case: Case, rows: Sequence[str]) -> Callable:
    """What a case misses its rows by, one after the other; in tolerances."""
    targets = [by_factor(one) for one in case.targets if one.name in rows]
    case = replace(case, runs={name: asked(run, targets) for name, run in case.runs.items()})

    def missed(changes: list[dict[str, float]]) -> list[list[float]]:
        found = []
        for one in changes:
            (name,) = one
            owner = case.words["cell"] if name.partition(": ")[0] in SECTIONS else ""
            runs = Runs(replace(case, changes={owner: one}))
            found.append([error_of(target, target.judged(runs)) for target in targets])
        return found

    return missed


def fitted(name: str) -> tuple[list[str], list[str], np.ndarray]:
    """Rows of a case, the numbers they tell of, and slopes of each row over the numbers."""
    case = read_case(cases_folder() / name, name)
    cell = load_cell(case.words["cell"])
    known = uncertain(cell.design.file, set(cell.laws.values()) - {"constant"})
    if name in CAPACITIES:
        cell = cell.on_mesh("draft")
        held = tuple(
            cell.design.file.cell[key] for key in ("Stack pressure [Pa]", "Temperature [K]")
        )
        rows = [row for row, _ in CAPACITIES[name]]
        conditions = [
            Condition.read(row, held, Settings(cv_until=hold)) for row, hold in CAPACITIES[name]
        ]
        first = slopes(of_capacities(cell, conditions[:1]), known)[0]
        known = {n: e for (n, e), s in zip(known.items(), first, strict=True) if abs(s) > LEAST}
        found = np.vstack([slopes(of_capacities(cell, [one]), known) for one in conditions])
    else:
        rows, numbers = RESTS[name]
        known = {key: entry for key, entry in known.items() if split(key)[0] in numbers}
        found = slopes(of_rows(case, rows), known)
    batch = Counter(map(quantity, rows))
    alike = np.sqrt([batch[quantity(row)] for row in rows])
    return list(rows), [split(n)[0] for n in known], found / alike[:, None]


def quantity(row: str) -> str:
    """What a row is of, by its name before what it was measured at."""
    return row.partition(" at ")[0].partition(",")[0]


def as_toml(rows: Sequence[str], numbers: Sequence[str], slopes: np.ndarray) -> str:
    """The table of a cell's file."""
    lists = [
        ",\n".join(f'    "{row}"' for row in rows),
        ",\n".join(f'    "{number}"' for number in numbers),
        ",\n".join(f"    {[round(float(s), 2) for s in row]}" for row in slopes),
    ]
    each = zip(("rows", "numbers", "slopes"), lists, strict=True)
    return "[fitted]\n" + "".join(f"{key} = [\n{text},\n]\n" for key, text in each)


if __name__ == "__main__":
    print(as_toml(*fitted(sys.argv[1])))
