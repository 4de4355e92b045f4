"""Resistances read off a titration, over the state of charge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured.headings import (
    OHMS,
    RESISTANCES,
    SHARES,
    SOC,
    UNCERTAINTIES,
    Found,
    Kind,
    missing,
)
from ssb_model.measured.maker import MeasuredFile, opened
from ssb_model.measured.sheet import Sheet

PERCENT = 1.5  # largest number without a unit that may be a share
BEYOND = 0.02  # by which a state of charge counted from charge may leave 0 to 1
MOST = {  # unit kept: (most, in words); of a laboratory cell
    "Ohm": (1e6, "1 MOhm"),
    "Ohm.m2": (100.0, "1 MOhm cm2"),
}


@dataclass(frozen=True)
class Resistances:
    """Contact R1, charge transfer R2 and diffusion R3 in a file's order; NaN where blank.

    In Ohm m2 if ``per_area``, else in Ohm of the cell, as are their errors (None where the file has
    none). ``soc`` lies between 0 and 1; ``lines`` are the file's lines of the rows.
    """

    source: str
    soc: np.ndarray
    R1: np.ndarray
    R2: np.ndarray
    R3: np.ndarray
    per_area: bool
    lines: np.ndarray
    R1_error: np.ndarray | None = None
    R2_error: np.ndarray | None = None
    R3_error: np.ndarray | None = None
    stack_pressure_Pa: np.ndarray | None = None
    temperature_K: np.ndarray | None = None
    notes: tuple[str, ...] = ()


def read_resistances(path: str | Path | MeasuredFile) -> Resistances:
    """Resistances out of a CSV file, one's own or the table of a titration."""
    sheet, _ = opened(path).table((SOC, *RESISTANCES.values()))
    if not any(sheet.find(measurand) for measurand in RESISTANCES.values()):
        raise missing(sheet.source, RESISTANCES["R1"], sheet.headings)
    notes: list[str] = []
    sheet = _filled(sheet, notes)
    found = [sheet.find(q) for q in (*RESISTANCES.values(), *UNCERTAINTIES.values())]
    per_area = _per_area(sheet, [column for column in found if column])
    values = [_ohms(sheet, column) for column in found[:3]]
    errors = [_errors(sheet, column, notes) for column in found[3:]]
    return Resistances(
        sheet.source,
        _soc(sheet, notes),
        *(np.full(len(sheet.rows), np.nan) if one is None else one for one in values),
        per_area,
        np.array(sheet.places),
        *errors,
        *sheet.held(notes),
        tuple(notes),
    )


NEEDED = (SOC,), tuple(RESISTANCES.values())
EXAMPLE = "SOC [%], R1 [Ohm cm2], R2 [Ohm cm2], R3 [Ohm cm2]"
KIND = Kind("resistances", NEEDED, EXAMPLE, read_resistances)


def _filled(sheet: Sheet, notes: list[str]) -> Sheet:
    """The sheet without rows that hold no resistance."""
    columns = [column for q in RESISTANCES.values() if (column := sheet.find(q))]
    blank = np.all([_blank(sheet, column) for column in columns], axis=0)
    if blank.all():
        raise InputError(f"{sheet.source}: no row holds a resistance; fill R1, R2 or R3.")
    if blank.any():
        notes.append(f"{blank.sum()} rows without a resistance left out")
    return sheet.without(blank)


def _blank(sheet: Sheet, column: Found) -> np.ndarray:
    return sheet.column(column.index).str.casefold().isin(["", "nan"]).to_numpy()


def _per_area(sheet: Sheet, columns: list[Found]) -> bool:
    """Whether all columns are per area; refuses some of each."""
    units = [OHMS[column.unit][0] for column in columns]
    other = next((k for k, unit in enumerate(units) if unit != units[0]), None)
    if other is not None:
        raise InputError(
            f"{sheet.source}: '{columns[0].heading}' and '{columns[other].heading}' are not both "
            "per area or both of the cell; give them one unit."
        )
    return units[0] == "Ohm.m2"


def _ohms(sheet: Sheet, column: Found | None, what: str = "a resistance") -> np.ndarray | None:
    """Numbers that are not below zero, NaN where the file has none."""
    if column is None:
        return None
    kept, factor, _ = OHMS[column.unit]
    values = sheet.numbers(column, needed=False) * factor
    blank = _blank(sheet, column)
    refuse = partial(sheet.refuse, column.heading)
    refuse(~blank & ~np.isfinite(values), "no number", "mend it or leave it blank")
    refuse(values < 0, f"{what} is not below zero", "leave blank what could not be told")
    most, words = MOST[kept]
    refuse(values > most, f"more than {words}", "mind the unit in the heading")
    return values


def _errors(sheet: Sheet, column: Found | None, notes: list[str]) -> np.ndarray | None:
    """Standard deviations; one of zero is not known."""
    values = _ohms(sheet, column, "an error")
    if values is not None and (values == 0).any():
        notes.append(f"column '{column.heading}': {(values == 0).sum()} errors of zero not used")
        values = np.where(values == 0, np.nan, values)
    return values


def _soc(sheet: Sheet, notes: list[str]) -> np.ndarray:
    """State of charge as a share; numbers well above one are percent."""
    column = sheet.needed(SOC)
    numbers = sheet.numbers(column)
    if column.unit != "%" and numbers.max() > PERCENT:
        notes.append(f"column '{column.heading}' holds numbers up to {numbers.max():g}: taken as %")
        soc = numbers / 100
    else:
        soc = numbers * SHARES[column.unit][1]
    if column.unit == "%" and 0 < numbers.max() <= 1:
        raise InputError(
            f"{sheet.source}: column '{column.heading}' holds no number above 1, which looks like "
            "a share; name it as 'SOC'."
        )
    outside = (soc < -BEYOND) | (soc > 1 + BEYOND)
    wrong = "a state of charge lies between 0 and 1 (100 %)"
    sheet.refuse(column.heading, outside, wrong, "mind the unit or remove the row")
    return np.clip(soc, 0.0, 1.0)
