"""A measured impedance spectrum: frequencies and complex impedance, per cell or per area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured.headings import (
    ANGLE,
    FREQUENCY,
    IMAG,
    MODULUS,
    NEGATIVE,
    REAL,
    Found,
    Kind,
    Measurand,
    canonical,
    matches,
    missing,
)
from ssb_model.measured.maker import MeasuredFile, opened
from ssb_model.measured.sheet import Sheet, json_sheet

UNNAMED = {"frequency": "Hz", "real part": "Ohm", "imaginary part": "Ohm", "modulus": "Ohm"}
FEWEST = 3
IN_JSON = (
    "no spectrum in JSON, an object whose 'rows' each have 'Frequency [Hz]', 'Z_re [Ohm.cm2]' and "
    "'Z_im [Ohm.cm2]'"
)
LARGEST, HIGHEST = 1e12, 1e12  # Ohm or Ohm m2, Hz: more is no measurement
MOSTLY = 2 / 3  # share of points above which a sign or an order is taken to be meant


@dataclass(frozen=True)
class Spectrum:
    """Impedance as it stands in the file's order, capacitive arcs with a negative imaginary part.

    ``impedance_Ohm`` of the whole cell, or ``impedance_Ohm_m2`` where the file gives it per area;
    the other one is None.
    """

    source: str
    frequency_Hz: np.ndarray
    impedance_Ohm: np.ndarray | None
    impedance_Ohm_m2: np.ndarray | None
    notes: tuple[str, ...] = ()
    kind: str = "CSV"  # or the maker's name
    headings: Mapping[str, str] = field(default_factory=dict)  # of the file, by quantity

    @property
    def per_area(self) -> bool:
        """Whether the impedance is per area [Ohm m2]."""
        return self.impedance_Ohm is None


def read_spectrum(path: str | Path | MeasuredFile, sweep: int | None = None) -> Spectrum:
    """A spectrum out of a CSV file, a BioLogic .mpt file or JSON with ``rows``.

    ``sweep`` counts from 1 and chooses where a file holds several sweeps of frequency.
    """
    sheet, kind = _sheet(opened(path))
    notes: list[str] = []
    frequency = _column(sheet, FREQUENCY, notes)
    if frequency is None:
        raise missing(sheet.source, FREQUENCY, sheet.headings)
    hertz = sheet.si(frequency, FREQUENCY)
    if (hertz <= 0).any():
        row = sheet.places[int(np.argmax(hertz <= 0))]
        raise InputError(f"{path}: {sheet.place} {row}: a frequency is positive; remove the row.")
    impedance, unit = _impedance(sheet, notes)
    chosen = _sweep(sheet.source, hertz, sweep)
    hertz, impedance = hertz[chosen], impedance[chosen]
    if len(hertz) < FEWEST:
        raise InputError(f"{path}: {len(hertz)} points; a spectrum has {FEWEST} or more.")
    if np.mean(impedance.real < 0) > MOSTLY:
        raise InputError(
            f"{path}: the real part is negative at most frequencies; look whether the columns of "
            "real and imaginary part are swapped."
        )
    size = np.abs(impedance)
    if not ((size > 0) & (size < LARGEST)).all() or not (hertz < HIGHEST).all():
        row = sheet.places[int(np.flatnonzero(chosen)[np.argmax((size <= 0) | (size >= LARGEST))])]
        raise InputError(
            f"{path}: {sheet.place} {row}: impedances lie between 0 and {LARGEST:g} {unit}, "
            f"frequencies below {HIGHEST:g} Hz: mend the row or the unit."
        )
    whole, areal = (impedance, None) if unit == "Ohm" else (None, impedance)
    headings = {"frequency": frequency.heading} | _parts(sheet)
    return Spectrum(str(path), hertz, whole, areal, tuple(notes), kind, headings)


NEEDED = (FREQUENCY,), (REAL, IMAG, MODULUS)
KIND = Kind("spectrum", NEEDED, "Frequency [Hz], Z_re [Ohm], Z_im [Ohm]", read_spectrum)


def _sheet(file: MeasuredFile) -> tuple[Sheet, str]:
    """The rows of impedance, without those recorded in time between them, and whose they are."""
    if file.is_json:
        text = "\n".join(line for _, line in file.lines)
        return json_sheet(str(file), text, IN_JSON), "JSON"
    sheet, maker = file.table((FREQUENCY, REAL, IMAG))
    hertz = maker.frequency(sheet)
    return sheet if hertz is None else sheet.without(hertz == 0), maker.name


def _parts(sheet: Sheet) -> dict[str, str]:
    """The headings of the parts of the impedance, or of modulus and phase, by what they are."""
    for pair in ((REAL, IMAG), (MODULUS, ANGLE)):
        found = [_column(sheet, one, []) for one in pair]
        if None not in found:
            return {
                one.word: column.heading for one, column in zip(pair, found, strict=True) if column
            }
    return {}


def _column(sheet: Sheet, measurand: Measurand, notes: list[str]) -> Found | None:
    """The column of a measurand; Hz and Ohm are taken for granted, with a note."""
    named = [matches(name, measurand) for name in sheet.names]
    taken = UNNAMED.get(measurand.word)
    if taken is None or any(match and match[1] for match in named):
        return sheet.find(measurand)
    for index, match in enumerate(named):
        if match:
            notes.append(f"column '{sheet.headings[index]}' names no unit: taken as {taken}")
            return Found(index, sheet.headings[index], match[0], taken)
    return None


def _impedance(sheet: Sheet, notes: list[str]) -> tuple[np.ndarray, str]:
    """Complex impedance and the unit kept, from real and imaginary part or modulus and phase."""
    for first, second in ((REAL, IMAG), (MODULUS, ANGLE)):
        columns = _column(sheet, first, notes), _column(sheet, second, notes)
        if None in columns:
            continue
        one, other = columns
        x, y = sheet.si(one, first), sheet.si(other, second)
        unit = first.units[one.unit][0]
        if second is IMAG and second.units[other.unit][0] != unit:
            raise InputError(
                f"{sheet.source}: '{one.heading}' and '{other.heading}' are not both per area or "
                "both of the cell; give them one unit."
            )
        y = _signed(y, other, notes)
        return (x + 1j * y if second is IMAG else x * np.exp(1j * y)), unit
    real = _column(sheet, REAL, [])
    raise missing(sheet.source, REAL if real is None else IMAG, sheet.headings)


def _signed(values: np.ndarray, column: Found, notes: list[str]) -> np.ndarray:
    """Imaginary part or phase, negative along capacitive arcs."""
    share = np.mean(values > 0)
    if canonical(column.name).startswith(tuple(sign.strip() for sign in NEGATIVE)):
        if np.mean(values < 0) > MOSTLY:
            notes.append(f"'{column.heading}' says inductive at most frequencies; left as named")
        return 0.0 - values
    if share > MOSTLY:
        notes.append(
            f"'{column.heading}' is positive at {100 * share:.0f} % of the points: taken as its "
            "negative, so that arcs are capacitive"
        )
        return 0.0 - values
    return values


def _sweep(source: str, hertz: np.ndarray, sweep: int | None) -> np.ndarray:
    """Rows of the sweep asked for; without one the file holds a single sweep."""
    steps = np.sign(np.diff(hertz))
    moving = steps[steps != 0]
    way = moving[0] if len(moving) else 1.0
    number = np.append(0, np.cumsum(steps == -way)) + 1
    if sweep is None and number[-1] > 1:
        raise InputError(
            f"{source}: the frequency turns back {number[-1] - 1} times, so {number[-1]} sweeps "
            f"stand in one file; give sweep=1 to {number[-1]} (ssb read FILE --sweep 1)."
        )
    if sweep is not None and not 1 <= sweep <= number[-1]:
        raise InputError(f"{source}: no sweep {sweep}; the file holds {number[-1]}.")
    return number == (sweep or 1)
