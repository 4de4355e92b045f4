"""One number out of the tables of a case's runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.errors import InputError, SolveError, nearest
from ssb_model.quantities.registry import alike
from ssb_model.validation.schema import READING, check_kinds

Tables = Mapping[str, pd.DataFrame]
CROSSING = "along at first crossing"
PICKED = {  # of a column
    "first": lambda column: column[0],
    "last": lambda column: column[-1],
    "least": np.nanmin,
    "greatest": np.nanmax,
    "mean": np.nanmean,
}
PICKS = (*PICKED, "along at least", CROSSING)


def check_keys(
    given: Mapping[str, Any], known: Collection[str], place: str, needed: Iterable[str] = ()
) -> None:
    """Refuse a table of a case with a key nobody reads, or without one it needs."""
    for key in given:
        if key not in known:
            raise InputError(f"{place}: unknown key '{key}'. {nearest(key, known)}")
    for key in needed:
        if key not in given:
            raise InputError(f"{place}: '{key}' is missing.")


def check_choice(what: str, given: Any, choices: Iterable[str]) -> None:
    """Refuse a word that is none of those it can be."""
    if given not in choices:
        raise InputError(f"{what} is one of {', '.join(choices)}, not '{given}'.")


@dataclass(frozen=True)
class Reading:
    """``column`` of the table ``run`` in the rows of ``where``.

    One row is left, or ``pick`` says which: "first", "last", "least", "greatest" or "mean" of
    the column; "along at least", the value of the column ``along`` where it is least; "along at
    first crossing", the lowest where it crosses the ``other`` run's. With ``at`` the column is read
    off straight lines between the points along ``along``.
    """

    run: str
    column: str
    where: Mapping[str, Any] = field(default_factory=dict)
    pick: str = ""
    along: str = ""
    at: float | None = None
    other: str = ""

    @classmethod
    def read(cls, given: Any, place: str) -> Reading:
        if not isinstance(given, dict) or not {"run", "column"} <= set(given):
            raise InputError(f'{place}: write {{ run = "...", column = "..." }}.')
        check_keys(given, READING, place)
        check_kinds(given, READING, place)
        reading = cls(**given)
        if reading.pick:
            check_choice(f"{place}: pick", reading.pick, PICKS)
        return reading

    def value(self, tables: Tables) -> float:
        """The number; a table that has none says why."""
        rows = self._rows(tables, self.run)
        if self.pick == CROSSING:
            return self._crossing(rows, self._rows(tables, self.other))
        column = _numbers(rows, self.column)
        if self.at is not None:
            return float(_between(_numbers(rows, self.along), column, self.at))
        if self.pick == "along at least":
            return float(_numbers(rows, self.along)[np.nanargmin(column)])
        if self.pick:
            return float(PICKED[self.pick](column))
        if len(column) != 1:
            raise InputError(
                f"{self}: {len(column)} rows are left, not one: name more columns in 'where', or "
                "'pick' the first or last."
            )
        return float(column[0])

    def _rows(self, tables: Tables, run: str) -> pd.DataFrame:
        rows = tables[run]
        for name, wanted in self.where.items():
            column = rows[_known(rows, name)]
            there = ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in column.unique())
            if isinstance(wanted, str):
                rows = rows[column == wanted]
            else:
                rows = rows[np.isclose(column.to_numpy(float), float(wanted), rtol=1e-6)]
            if rows.empty:
                raise SolveError(f"{self}: no row of that {name}, only {there}")
        return rows

    def _crossing(self, rows: pd.DataFrame, others: pd.DataFrame) -> float:
        """Where the difference to the other run first changes sign."""
        x = _numbers(rows, self.along)
        y, z = _numbers(others, self.along), _numbers(others, self.column)
        inside = (x >= y.min()) & (x <= y.max())
        x = x[inside]
        gap = _numbers(rows, self.column)[inside] - [_between(y, z, one) for one in x]
        order = np.argsort(x)
        x, gap = x[order], gap[order]
        changes = np.flatnonzero(np.sign(gap[1:]) != np.sign(gap[:-1]))
        if not len(changes):
            raise SolveError(f"{self}: the two never cross")
        k = changes[0]
        return float(x[k] - gap[k] * (x[k + 1] - x[k]) / (gap[k + 1] - gap[k]))

    def __str__(self) -> str:
        where = "".join(f", {name} {value}" for name, value in self.where.items())
        return f"{self.column} of {self.run}{where}"


def _known(rows: pd.DataFrame, name: str) -> str:
    name = alike(name, list(rows))
    if name not in rows:
        raise InputError(f"no column '{name}' in this table. {nearest(name, list(rows))}")
    return name


def _numbers(rows: pd.DataFrame, name: str) -> np.ndarray:
    values = rows[_known(rows, name)].to_numpy(float)
    if not np.isfinite(values).any():
        raise SolveError(f"no value of {name}: the analysis could not tell it")
    return values


def _between(x: np.ndarray, y: np.ndarray, at: float) -> float:
    known = np.isfinite(x) & np.isfinite(y)
    order = np.argsort(x[known])
    x, y = x[known][order], y[known][order]
    if not x[0] <= at <= x[-1]:
        raise SolveError(f"nothing was measured at {at:g}: only from {x[0]:.4g} to {x[-1]:.4g}")
    return np.interp(at, x, y)
