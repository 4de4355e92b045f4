"""Measured capacities and conductivities of other laboratories' cells, and the model's, fast.

``predictions({"LPSCl: Coverage factor": 1.2})`` makes every cell with that number, wherever its
material is used, and runs all of them on the draft mesh, cells of one structure side by side on
one built model that later calls use again.

From the checkout: ``python -m validation.laboratories.rows`` prints a table of all rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pybamm

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.saving import structure
from ssb_model.engine.engine import Engine, side_by_side
from ssb_model.errors import CellFileError, InputError, nearest
from ssb_model.experiments.experiment import Experiment, Unsolved, together
from ssb_model.parameters.declared import base, declared
from ssb_model.studies.plan import differing
from ssb_model.studies.runs import RUNS, Settings, Stand
from ssb_model.submodels.transport_efficiency import electrolyte_of

HERE = Path(__file__).parent
MESH = "draft"
FAST = 0.5  # C-rate from which on
DISCHARGE, FIRST_CHARGE = "discharge", "first charge"  # the latter of the cell as made
IONS, ELECTRONS = "ionic conductivity", "electronic conductivity"  # of the composite as pressed
PRISTINE = "Pristine stoichiometry"
GIVEN = "Capacity [mA.h.cm-2]"
CELSIUS = 273.15
S_M = 10.0  # mS cm-1 per S m-1
C_M2 = 1 / 3.6e4  # mAh cm-2 per C m-2
NO_ANSWER = 10.0  # tolerances that a row without an answer counts as missing by


@dataclass(frozen=True)
class Row:
    """One measured number and how it was measured."""

    laboratory: str
    cell: str
    quantity: str
    c_rate: float | None  # of a conductivity none
    charge_rate: float | None  # of the charge before; as the discharge if none
    cv_until: float | None
    pressure_MPa: float
    temperature_degC: float
    measured: float
    unit: str  # "mAh/g", "mAh/cm2" or "mS/cm"
    use: str  # "fit" or "check"
    how: str

    @property
    def tolerance(self) -> float:
        """What repeats scatter by, as a share: more at high rates, a factor 2 of conductivities."""
        return {"conductivity": 1.0, "fast": 0.25, "slow": 0.08}[self.kind]

    @property
    def kind(self) -> str:
        """A conductivity, or a capacity at a slow or a fast rate."""
        if self.c_rate is None:
            return "conductivity"
        return "fast" if self.c_rate >= FAST else "slow"

    @property
    def name(self) -> str:
        """Cell, quantity, rate and pressure in a few words."""
        rate = f" at {self.c_rate:.3g}C" if self.c_rate else ""
        at = f"{self.quantity}{rate}, {self.pressure_MPa:g} MPa, {self.temperature_degC:g} degC"
        return f"{self.cell.rpartition('/')[2]}, {at}"


def read_rows(path: Path = HERE / "rows.csv") -> list[Row]:
    """The rows of the table."""
    table = pd.read_csv(path, comment="#")
    nothing = table.astype(object).where(table.notna(), None)
    return [Row(**one) for one in nothing.to_dict("records")]


def predictions(
    changes: Mapping[str, float], rows: Sequence[Row] | None = None, threads: int | None = None
) -> np.ndarray:
    """What the model gives for each row, in the row's unit; nan where a cell is refused or fails.

    ``changes`` are numbers of materials or sections as ``Cell.with_recipe`` takes them. A cell
    that does not use a material is left as it is, and what a cell's own file says stands.
    """
    return predictions_and_reasons(changes, rows, threads)[0]


def predictions_and_reasons(
    changes: Mapping[str, float], rows: Sequence[Row] | None = None, threads: int | None = None
) -> tuple[np.ndarray, list[str]]:
    """The same, and beside each row why there is no number, or what ended the run."""
    rows = read_rows() if rows is None else rows
    _check_known(changes, rows)
    made_of = {name: _made_or_refused(name, changes) for name in {row.cell for row in rows}}
    return _answers([(row, made_of[row.cell]) for row in rows], threads)


def run_all(pairs: Sequence[tuple[Row, Cell]], threads: int | None = None) -> np.ndarray:
    """What each cell gives for the row beside it, in the row's unit; nan where a run fails."""
    return _answers(pairs, threads)[0]


def _answers(
    pairs: Sequence[tuple[Row, Cell | str]], threads: int | None
) -> tuple[np.ndarray, list[str]]:
    """Numbers and reasons of rows and cells; a word in place of a cell says why there is none."""
    found, reasons = np.full(len(pairs), np.nan), [""] * len(pairs)
    alike: dict[str, list[int]] = {}
    for number, (row, cell) in enumerate(pairs):
        if not isinstance(cell, Cell):
            reasons[number] = f"refused: {cell}"
        elif row.quantity in (IONS, ELECTRONS):
            found[number] = conductivity(row, cell)
        else:
            alike.setdefault(structure(cell), []).append(number)
    for key, numbers in alike.items():
        cells = [pairs[number][1] for number in numbers]
        runs = [_run(*pairs[number]) for number in numbers]
        told = together(_engine(key, cells, threads), runs)
        for number, given in zip(numbers, told, strict=True):
            row, cell = pairs[number]
            areal = None if isinstance(given, Unsolved) else given[GIVEN]
            reasons[number] = str(given) if isinstance(given, Unsolved) else given["Stopped by"]
            if areal is not None:
                if areal and row.quantity == FIRST_CHARGE:
                    areal += _never_returned(cell)
                grams = 0.1 * cell.design.positive.mass_of_active
                found[number] = areal / (grams if row.unit == "mAh/g" else 1.0)
    return found, reasons


def conductivity(row: Row, cell: Cell) -> float:
    """Of the composite by its laws [mS cm-1]: of electrons as made, full of lithium."""
    values, T = cell.parameter_values, pybamm.Scalar(row.temperature_degC + CELSIUS)
    if row.quantity == IONS:
        own = cell.model_options.has_own_electrolyte("positive")
        electrolyte = electrolyte_of("Positive electrode", own)
        electrolyte = values.evaluate(values[f"{electrolyte} conductivity [S.m-1]"](0.0, T))
        return S_M * electrolyte * cell.evaluate("Positive electrode ionic transport efficiency")
    law = values["Positive electrode conductivity [S.m-1]"]
    full, half = (float(values.evaluate(law(pybamm.Scalar(x), T))) for x in (1.0, 0.5))
    return S_M * cell.evaluate("Positive electrode effective conductivity [S.m-1]") * full / half


def _never_returned(cell: Cell) -> float:
    """What a first charge takes from the pristine oxide and later ones do not find [mAh cm-2].

    A first charge and a later one at the same rate end at the same lithium content.
    """
    left = cell.design.file.positive[PRISTINE] - cell.window.positive_empty
    return left * cell.design.positive.connected_capacity * C_M2


def made(name: str, changes: Mapping[str, float]) -> Cell:
    """A cell by its file's name, on the draft mesh, with the changes that concern it."""
    cell = _loaded(name)
    known = _changeable(name)
    own = {what: value for what, value in changes.items() if base(what) in known}
    return cell.with_recipe(own) if own else cell


def _made_or_refused(name: str, changes: Mapping[str, float]) -> Cell | str:
    try:
        return made(name, changes)
    except CellFileError as error:  # a recipe that the model says cannot be
        return str(error)


def _check_known(changes: Mapping[str, float], rows: Sequence[Row]) -> None:
    """Refuse a name that no cell knows."""
    cells = {row.cell for row in rows if _loads(row.cell)}
    known = {name for cell in cells for name in declared(_loaded(cell).design.file)}
    for name in changes:
        if base(name) not in {base(one) for one in known}:
            raise InputError(f"no cell of these rows has '{name}'. {nearest(name, known)}")


@cache
def _loaded(name: str) -> Cell:
    return load_cell(HERE / f"{name}.toml").on_mesh(MESH)


def _loads(name: str) -> bool:
    try:
        return bool(_loaded(name))
    except CellFileError:
        return False


@cache
def _changeable(name: str) -> set[str]:
    """Numbers of a cell's sections and materials that its file does not itself change."""
    file = _loaded(name).design.file
    return {base(one) for one in declared(file)} - {base(one) for one in file.changes}


def _run(row: Row, cell: Cell) -> Experiment[dict]:
    held = (row.pressure_MPa * 1e6, row.temperature_degC + CELSIUS)
    run = RUNS["charge" if row.quantity == FIRST_CHARGE else "discharge"]
    return run(Stand(cell, row.c_rate, *held), Settings(row.charge_rate, cv_until=row.cv_until))


_ENGINES: dict[tuple[str, int | None], tuple[Engine, set[str]]] = {}


def _engine(key: str, cells: Sequence[Cell], threads: int | None) -> Engine:
    """A model of cells of one structure, all numbers they differ in its inputs; built once.

    It is built anew where cells differ in a number that was alike before.
    """
    engine, names = _ENGINES.get((key, threads), (None, set()))
    base = cells[0] if engine is None else engine.cell
    wanted = names | set(differing(base, cells))
    if engine is None or wanted != names:
        engine = side_by_side(base, wanted, threads=threads)
        _ENGINES[key, threads] = (engine, wanted)
    return engine


def misses(found: np.ndarray, rows: Sequence[Row]) -> np.ndarray:
    """The errors of predictions over the rows' tolerances, for a sum of squares.

    A capacity misses by its difference, a conductivity by its logarithm. To leave a laboratory
    out, take the rows of the others.
    """
    measured = np.array([row.measured for row in rows])
    tolerance = np.array([row.tolerance for row in rows])
    conducting = np.array([row.unit == "mS/cm" for row in rows])
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log(found / measured) / np.log1p(tolerance)
    error = np.where(conducting, logarithm, (found - measured) / (tolerance * measured))
    return np.clip(np.nan_to_num(error, nan=NO_ANSWER), -NO_ANSWER, NO_ANSWER)


def table(changes: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Measured and predicted, row by row."""
    rows = read_rows()
    found, reasons = predictions_and_reasons(changes or {}, rows)
    return pd.DataFrame(
        {
            "laboratory": [row.laboratory for row in rows],
            "row": [row.name for row in rows],
            "use": [row.use for row in rows],
            "measured": [row.measured for row in rows],
            "model": found.round(3),
            "tolerances": misses(found, rows).round(1),
            "error %": [
                round(100 * (one / row.measured - 1), 1)
                for one, row in zip(found, rows, strict=True)
            ],
            "ended by": reasons,
        }
    )


if __name__ == "__main__":
    print(table().to_string(index=False))
