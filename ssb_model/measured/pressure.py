"""A stack pressure that was measured: over time, as a profile of a cell, or over its area."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured import direction
from ssb_model.measured.headings import CURRENT, OTHERS, STAMP, TIME, VOLTAGE, matches
from ssb_model.measured.maker import MeasuredFile, cells, maker_of, opened
from ssb_model.measured.record import current_column, read_record
from ssb_model.measured.sheet import RANGES, read_lines
from ssb_model.quantities.units import convert, in_unit, known, said, si_unit, to_si
from ssb_model.system.user_files import read_bytes

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell


PRESSURE = OTHERS["Stack pressure"]
APPLIED = OTHERS["Applied pressure"]
STRAY = 3.0  # standard deviations of the noise that the profile may lie beside a row
LEAST = 1e-3  # of the mean pressure, what it may lie beside a row without noise
LARGEST = 1e-2  # of the mean pressure, what it may lie beside a row with noise
FEW = 50  # rows below which none is left out that does not lie on a line
MOST = 400  # points of a profile
MAD = 1.4826  # standard deviations in a median absolute deviation
FEWEST = 2
SPELT = {"hour": "h", "hours": "h", "minutes": "min", "second": "s", "seconds": "s", "sec": "s"}
EXCHANGED = {"pressure", "stress"}, {"time"}  # words that are not of the first, the second column
PROFILE = (("time", "h"), ("stack pressure", "MPa"))  # columns, and units where none is stated


@dataclass(frozen=True)
class MeasuredPressure:
    """Points of a profile: time [s] since it starts, pressure [Pa], and what was made of it."""

    source: str
    times: np.ndarray
    pressures: np.ndarray
    note: str


def under_file(cell: Cell, path: str | Path) -> Cell:
    """A cell under a pressure out of a measured file, or out of one in hours and MPa."""
    file = opened(path)
    if not holds_pressure(file):
        return cell.with_pressure_profile(*read_profile(path))
    measured = read_pressure(file)
    print(f"Pressure   {path}: {measured.note}", file=sys.stderr)
    return cell.with_pressure_profile(measured.times.tolist(), measured.pressures.tolist())


def holds_pressure(path: str | Path | MeasuredFile) -> bool:
    """Whether the headings of a file name time and pressure, each with its unit."""
    file = opened(path)
    if file.is_json:
        return False
    for _, line in file.lines[:100]:
        heads = cells(line)
        names = file.names(heads, file.opener or maker_of(heads))
        found = [
            any((match := matches(name, one)) and match[1] in one.units for name in names)
            for one in (TIME, PRESSURE, APPLIED)
        ]
        if found[0] and (found[1] or found[2]):
            return True
    return False


def read_pressure(path: str | Path | MeasuredFile) -> MeasuredPressure:
    """The pressure of a record, from where it first charges, or else from its first row on.

    What was measured wins over what was applied. Rows whose pressure lies on a straight line
    between others, within the noise, are left out: a solver stops at each point.
    """
    file = opened(path)
    time, pressure, note = _columns(file)
    if len(time) < FEWEST:
        raise InputError(f"{file}: {len(time)} pressures; a profile has {FEWEST} or more.")
    steps = np.diff(pressure)
    noise = MAD * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2)
    mean = float(np.mean(pressure))
    stray = float(np.clip(STRAY * noise, LEAST * mean, LARGEST * mean))
    if len(time) < FEW:  # written by hand: every point is meant
        stray = 0.0
    kept = _corners(time, pressure, stray)
    while len(kept) > MOST:
        stray = 1.5 * max(stray, LEAST * mean)
        kept = _corners(time, pressure, stray)
    told = (
        f"{len(kept)} points of {len(time)} rows, within {said(stray, 'MPa', '.2g')} of "
        f"each; {in_unit(pressure.min(), 'MPa'):.4g} to {said(pressure.max(), 'MPa', '.4g')}{note}"
    )
    return MeasuredPressure(str(file), time[kept], pressure[kept], told)


def _columns(file: MeasuredFile) -> tuple[np.ndarray, np.ndarray, str]:
    """Time [s] from the start, pressure [Pa], and a word on where that is."""
    sheet, _ = file.table((TIME, VOLTAGE, CURRENT, PRESSURE, APPLIED))
    if sheet.find(CURRENT) is not None and sheet.find(VOLTAGE) is not None:
        record = read_record(file)
        column = next(
            (f"{one} pressure [Pa]" for one in ("Stack", "Applied")
             if f"{one} pressure [Pa]" in record.table), None,
        )  # fmt: skip
        if column is None:
            raise InputError(f"{file}: no column of pressure, named as '{PRESSURE.example}'.")
        time, pressure = (record.table[name].to_numpy(float) for name in ("Time [s]", column))
        ways = direction.ways(record.table[current_column(record.table)].to_numpy())
        start = int(np.argmax(ways < 0)) if (ways < 0).any() else 0
        note = f"; from the first charge on, {time[start]:g} s into the record" if start else ""
    else:
        found = sheet.find(PRESSURE) or sheet.needed(APPLIED)
        measurand = PRESSURE if found.name in PRESSURE.names else APPLIED
        clocks, dates = sheet.clocks(), sheet.dates()
        column = sheet.find(TIME, [*clocks, *dates]) or sheet.needed(STAMP, dates)
        if column.index in dates:
            time = sheet.since_first(column)
        else:
            time = sheet.seconds(column) if column.index in clocks else sheet.si(column, TIME)
        pressure, start, note = sheet.si(found, measurand), 0, ""
    good = np.isfinite(pressure) & (np.arange(len(time)) >= start)
    low, high, words = RANGES["Stack pressure"]
    if not good.any() or (pressure[good] <= low).any() or (pressure[good] > high).any():
        raise InputError(f"{file}: a stack pressure lies {words}, above 0: mind the unit.")
    time, pressure = time[good] - time[good][0], pressure[good]
    rises = np.append(True, np.diff(time) > 0)
    if (np.diff(time) < 0).any():
        raise InputError(f"{file}: time falls: give one test a file.")
    return time[rises], pressure[rises], note


def _corners(time: np.ndarray, values: np.ndarray, stray: float) -> np.ndarray:
    """Rows between which all others lie within ``stray`` of a straight line (Douglas-Peucker)."""
    kept = {0, len(time) - 1}
    open_spans = [(0, len(time) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        inside = slice(first + 1, last)
        line = np.interp(time[inside], time[[first, last]], values[[first, last]])
        away = np.abs(values[inside] - line)
        worst = int(np.argmax(away))
        if away[worst] > stray:
            middle = first + 1 + worst
            kept.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return np.array(sorted(kept))


def read_profile(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Times [s] and pressures [Pa] of a CSV file under a line of names.

    Time comes first; hours and MPa unless the names say otherwise ("s,Pa", "Time [min]").
    """
    (_, first), *lines = read_lines(path)
    if not any(letter.isalpha() for letter in first):
        raise InputError(f"{path}: the first line names the columns, as 'h,MPa'.")
    rows = [row for _, row in lines if row.partition("#")[0].strip()]
    try:
        columns = np.loadtxt(rows or ["nothing"], delimiter=",", ndmin=2).T
        if len(columns) != len(PROFILE):
            raise ValueError
    except ValueError:
        raise InputError(
            f"{path}: no table of two columns, time in h and stack pressure in MPa, under a line "
            "of names."
        ) from None
    heads = [*first.partition("#")[0].split(","), "", ""]
    units = [
        _unit_of(str(path), head, kind, of)
        for head, (kind, of) in zip(heads, PROFILE, strict=False)
    ]
    with np.errstate(over="ignore"):  # what has no end is refused as a number
        times, pressures = (
            convert(column, of, si_unit(of)) for column, of in zip(columns, units, strict=True)
        )
    return times, pressures


def _unit_of(path: str, head: str, kind: str, usual: str) -> str:
    """The unit that a heading states, or the usual one; another kind's is refused."""
    words = [word for word in re.split(r"[^\w.^·⁻¹²°%-]+|_", head.strip()) if word]
    words = [SPELT.get(word.casefold(), word) for word in words]
    stated = [word for word in words if known(word) and word != "1"]
    if kind == "time" and EXCHANGED[0] & {word.casefold() for word in words}:
        stated = ["MPa"]
    elif kind != "time" and EXCHANGED[1] & {word.casefold() for word in words}:
        stated = ["h"]
    if not stated:
        return usual
    if si_unit(stated[-1]) != si_unit(usual):
        raise InputError(
            f"{path}: '{head.strip()}' stands over the {kind}: a profile has time first and stack "
            "pressure second, in h and MPa or as their names say ('s,Pa')."
        )
    return stated[-1]


PATCHES = 5  # of equal area, from the least pressed on
LEAST_PRESSED = 1e4  # Pa; what presses less hardly touches
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
MOST_PIXELS = 1_000_000  # of a picture that are looked at
SEPARATORS = re.compile(r"[;,\s]+")


def read_map(path: str | Path, scale: Sequence[float] | None = None) -> list[float]:
    """Mean pressures [Pa] of patches of equal area, out of a grid of numbers in MPa or a picture.

    A picture is of pressure paper, cut to the cell; ``scale`` has the pressures of white paper and
    of the fullest colour there can be [Pa], with the colour taken as linear between them.
    """
    if str(path).lower().endswith(PICTURES):
        found = _picture(path, scale)
    elif scale is not None:
        raise InputError("a grid of numbers has its pressures: leave out the scale of a picture.")
    else:
        found = _grid(path)
    found = np.sort(found[np.isfinite(found)])
    if len(found) < PATCHES or found[0] < 0:
        raise InputError(f"{path}: a map has {PATCHES} pressures or more, none below 0.")
    if found[-1] < LEAST_PRESSED:
        raise InputError(f"{path}: nothing presses anywhere: a map is in MPa.")
    return [float(max(part.mean(), LEAST_PRESSED)) for part in np.array_split(found, PATCHES)]


def _picture(path: str | Path, scale: Sequence[float] | None) -> np.ndarray:
    """Pressures of the pixels, by how much green the colour has taken from white."""
    if scale is None or len(scale) != 2 or not 0 <= scale[0] < scale[1]:
        raise InputError(
            "a picture of pressure paper needs two pressures, that of white and that of full "
            "colour: --map-scale 0.5,10."
        )
    from matplotlib.image import imread

    try:
        pixels = imread(BytesIO(read_bytes(path)), format=Path(path).suffix[1:].lower())
    except (OSError, ValueError, SyntaxError):
        raise InputError(f"{path} is no picture that can be read: save it as PNG.") from None
    most = 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
    green = pixels if pixels.ndim == 2 else pixels[..., min(1, pixels.shape[-1] - 1)]
    every = max(1, int(np.sqrt(green.size / MOST_PIXELS)))
    colour = 1 - green[::every, ::every].ravel().astype(float) / most
    return scale[0] + colour * (scale[1] - scale[0])


def _grid(path: str | Path) -> np.ndarray:
    """The numbers of a text file [Pa]."""
    text = read_bytes(path).decode("utf-8-sig", "replace")
    values = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part for part in SEPARATORS.split(line.strip()) if part]
        if not parts or parts[0].startswith("#"):
            continue
        try:
            values += [float(part) for part in parts]
        except ValueError:
            raise InputError(
                f"{path}, line {number}: a map is a grid of pressures in MPa, numbers alone; write "
                "words after a '#'."
            ) from None
    return to_si(1.0, "MPa") * np.array(values)
