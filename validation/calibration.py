"""Numbers of a cell's files found from the rows of a case that may be fitted to.

The ``calibrate`` scripts of the cases use it: ``python -m validation.NCM811_LPSCl_Si.calibrate``,
from the checkout.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from ssb_model.errors import InputError
from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.quantities.units import split, to_si
from ssb_model.validation.case import Case, rows_as_targets
from ssb_model.validation.runs import Runs
from ssb_model.validation.target import Row, Target, Tolerance

STEP = 0.02  # of a scaled parameter, for slopes
NO_ANSWER = 10.0  # tolerances that a run without an answer counts as missing by
TWO_SIDED = 1.96
NINETY = 2 * 1.645  # deviations between the ends of 90 %
LEAST, HUGE = 1e-9, 1e9  # singular values below which, relative, nothing is told


@dataclass(frozen=True)
class Varied:
    """A free number: its name as ``Cell.with_recipe`` takes it, where it stands, where it starts.

    ``start``, ``low`` and ``high`` are in the unit of the name; it is varied as a logarithm. With
    ``usual``, what it is in other cells, 90 % of which lie between ``low`` and ``high``, it leaves
    that only as far as the rows ask it to.
    """

    name: str
    path: Path
    key: str
    start: float
    low: float
    high: float
    table: str = ""  # of the file; none of a material's
    cell: str = ""  # whose it is, by its name in the case; all cells' if not given
    usual: float | None = None

    def beyond(self, logarithm: float) -> list[float]:
        """How many deviations between cells it is off what is usual; nothing without that."""
        if self.usual is None:
            return []
        spread = np.log(self.high / self.low) / NINETY
        return [(logarithm - np.log(self.usual)) / spread]


@dataclass(frozen=True)
class Calibration:
    """What was found, in the units of the names, and the rows it was found from."""

    varied: Sequence[Varied]
    values: np.ndarray
    intervals: np.ndarray  # of 95 %, if the tolerances were the standard errors of the rows
    rows: list[Row]
    seconds: float

    def write(self, source: str, note: str) -> None:
        """Write the numbers into the files they stand in."""
        for one, value, ends in zip(self.varied, self.values, self.intervals, strict=True):
            unit = split(one.name)[1]
            interval = tuple(float(to_si(float(end), unit)) for end in ends)
            si = float(to_si(float(value), unit))
            write_fitted(one.path, one.key, si, interval, source, note, one.table)

    def __str__(self) -> str:
        lines = [
            f"{one.name} = {value:.4g}  [{low:.4g}, {high:.4g}]"
            for one, value, (low, high) in zip(
                self.varied, self.values, self.intervals, strict=True
            )
        ]
        lines += [
            f"  {row['target']}: measured {row['measured']:.4g}, model {row['model']:.4g} "
            f"{row['unit']}, {row['verdict']}"
            if isinstance(row["model"], float)
            else f"  {row['target']}: {row['verdict']} {row['error']}"
            for row in self.rows
        ]
        return "\n".join([*lines, f"took {self.seconds:.0f} s"])


def calibrate(
    case: Case, varied: Sequence[Varied], wanted: Callable[[Target], bool]
) -> Calibration:
    """Least squares of the rows' errors over their tolerances; rows to check are refused."""
    begun = time.perf_counter()
    start, low, high = np.log([(one.start, one.low, one.high) for one in varied]).T

    def rows_at(x) -> list[tuple[Target, Row]]:
        changes: dict[str, dict[str, float]] = {}
        for one, v in zip(varied, x, strict=True):
            changes.setdefault(one.cell, {})[one.name] = float(np.exp(v))
        runs = Runs(replace(case, changes=changes))
        targets = [*case.targets, *rows_as_targets(case, runs)]
        asked = [one for one in targets if wanted(one)]
        for target in asked:
            if target.use != "fit":
                words = "is there to be checked, nothing is fitted to it"
                raise InputError(f"'{target.name}' {words}.")
            if target.kind == "ordering":
                raise InputError(f"'{target.name}' is an order, which has no error to make least.")
        return [(one, one.judged(runs)) for one in asked]

    def residual(x) -> np.ndarray:
        usual = [off for one, v in zip(varied, x, strict=True) for off in one.beyond(v)]
        return np.array([*(error_of(target, row) for target, row in rows_at(x)), *usual])

    found = least_squares(residual, start, bounds=(low, high), diff_step=STEP, xtol=1e-3, ftol=1e-3)
    half = TWO_SIDED * np.sqrt(np.diag(covariance(found.jac)))
    ends = np.exp(np.clip([found.x - half, found.x + half], low, high)).T
    rows = [row for _, row in rows_at(found.x)]
    return Calibration(varied, np.exp(found.x), ends, rows, time.perf_counter() - begun)


def covariance(jacobian: np.ndarray) -> np.ndarray:
    """The unknowns' covariance for residuals of deviation 1; huge where no row feels them."""
    _, s, V = np.linalg.svd(jacobian, full_matrices=False)
    felt = s > LEAST * max(s.max(), LEAST)
    widths = np.where(felt, 1 / np.where(felt, s, 1), HUGE)
    return (V.T * widths**2) @ V


def write_correlations(name: str, keys: Sequence[str], covariance: np.ndarray) -> None:
    """Write how the errors of numbers found together hang together, beside the parameter sets."""
    path = data_folder() / "correlations.toml"
    groups = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    deviation = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(deviation, deviation)
    groups[name] = {"keys": list(keys), "matrix": matrix.round(2).tolist()}
    lines = ["# Correlations of the errors of numbers that one calibration found together."]
    for name, group in groups.items():
        rows = ",\n".join(f"    {row}" for row in group["matrix"])
        names = ",\n".join(f'    "{key}"' for key in group["keys"])
        lines.append(f"\n[{name}]\nkeys = [\n{names},\n]\nmatrix = [\n{rows},\n]")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def by_factor(target: Target) -> Target:
    """A row whose tolerance of 30 % is a factor 1.3 either way: far off, shares say too little."""
    own = target.tolerance
    if own is None or own.kind != "relative":
        return target
    return replace(target, tolerance=Tolerance(own.text, 1 + own.amount, "factor"))


def error_of(target: Target, row: Row) -> float:
    """The error of a row in units of its tolerance."""
    if not isinstance(row["model"], float):
        return NO_ANSWER
    tolerance: Tolerance = target.tolerance
    model, value = row["model"], target.value
    if tolerance.kind == "factor":
        return float(np.log(max(model, 1e-300) / value) / np.log(tolerance.amount))
    size = tolerance.amount * (abs(value) if tolerance.kind == "relative" else 1.0)
    return (model - value) / size
