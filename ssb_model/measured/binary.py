"""Files that are no text, as lines of text: workbooks, and binaries a reader is installed for."""

from __future__ import annotations

import csv
import datetime
import importlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.quantities.units import convert
from ssb_model.system.user_files import read_bytes

WORKBOOKS = (".xlsx", ".xlsm")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # how an .xls begins; text and HTML are named so too
OURS = 'pip install "ssb-model[readers]"'
READERS = {  # ending: module that reads it, what installs it, what its maker exports as text
    ".nda": ("NewareNDA", OURS, ".csv from BTSDA"),
    ".ndax": ("NewareNDA", OURS, ".csv from BTSDA"),
    ".parquet": ("pyarrow", "pip install pyarrow", ".csv"),
    ".mpr": ("galvani", "pip install galvani", ".mpt from EC-Lab"),
}
MDB, TABLE = "mdb-export", "Channel_Normal_Table"  # of mdbtools; of an Arbin .res
LONGEST = 600  # s that a program of others may take
MOST_ROWS = 1_000_000
UNPACKED = 1_000_000_000  # bytes of a workbook's parts together
HEAD = 100  # rows of a sheet among which its headings are looked for
EC_LAB = "EC-Lab ASCII FILE"  # as its text begins
Lines = list[tuple[int, str]]


def is_workbook(path: str | Path) -> bool:
    """Whether a path ends as a workbook or as a binary that a reader is known for."""
    ending = Path(path).suffix.lower()
    if ending == ".xls":
        return read_bytes(path).startswith(OLD_WORKBOOK)
    return ending in (*WORKBOOKS, *READERS, ".res")


def workbook_lines(path: str | Path, worth: Callable[[str], int]) -> Lines:
    """Rows as lines with tabs, numbered from 1: of the sheet whose headings are ``worth`` most.

    Sheets under the same headings follow one another, as Arbin writes them.
    """
    ending = Path(path).suffix.lower()
    data = read_bytes(path)
    if ending in READERS:
        return _by_reader(Path(path), ending)
    if ending == ".res":
        return _by_mdbtools(Path(path))
    sheets = [sheet for sheet in _sheets(path, data) if sheet]
    best, found = 0, []
    for lines in sheets:
        at, value = max(
            ((at, worth(line)) for at, (_, line) in enumerate(lines[:HEAD])),
            key=lambda pair: (pair[1], -pair[0]),
        )
        if value > best:
            best, found = value, list(lines)
            head = lines[at][1]
        elif found and value == best and lines[at][1] == head:
            found += lines[at + 1 :]
    if not found:
        raise InputError(
            f"{path}: no sheet of this workbook has headings of measured data, as 'Time [s], "
            "Voltage [V], Current [mA]'."
        )
    return found


def _sheets(path: str | Path, data: bytes) -> Iterable[Lines]:
    if data.startswith(OLD_WORKBOOK):
        xlrd = _installed("xlrd", path, "pip install xlrd", ".csv or .xlsx")
        try:
            book = xlrd.open_workbook(file_contents=data)
            yield from (_lines(map(sheet.row_values, range(sheet.nrows)), path) for sheet in book)
        except Exception as error:  # whatever a reader of others raises
            raise InputError(f"{path}: xlrd cannot read it ({error}): save it as .xlsx.") from None
        return
    openpyxl = _installed("openpyxl", path, OURS, ".csv")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise InputError(f"{path}: a workbook too large to read: save it as CSV.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
            yield _lines(sheet.iter_rows(values_only=True), path)
    except InputError:
        raise
    except Exception:  # whatever is raised over bytes that are none of a workbook
        raise InputError(
            f"{path}: a binary file; export it as text (.csv from a spreadsheet): it is no "
            "workbook, as its name says."
        ) from None


def _lines(rows: Iterable[tuple[Any, ...]], path: str | Path) -> Lines:
    lines = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise InputError(f"{path}: more than {MOST_ROWS} rows: thin it out or cut it up.")
        cells = [_cell(value) for value in row]
        if any(cells):
            lines.append((number, "\t".join(cells)))
    return lines


def _cell(value: Any) -> str:
    """A cell as a cycler would write it as text."""
    if value is None:
        return ""
    if isinstance(value, datetime.timedelta):
        seconds = value.total_seconds()
        minutes = int(seconds // 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds % 60:06.3f}"
    if isinstance(value, float):
        return repr(value)
    return " ".join(str(value).split())


def _by_reader(path: Path, ending: str) -> Lines:
    module, install, export = READERS[ending]
    reader = _installed(module, path, install, export)
    try:
        if module == "galvani":
            return _of_biologic(reader.BioLogic.MPRfile(io.BytesIO(read_bytes(path))).data, path)
        table = pd.read_parquet(path) if module == "pyarrow" else reader.read(str(path))
    except Exception as error:  # whatever a reader of others raises
        raise InputError(f"{path}: {module} cannot read it ({error}): export {export}.") from None
    table = table.rename(columns=OF_NDA)
    return _lines([tuple(table.columns), *table.itertuples(index=False, name=None)], path)


def _of_biologic(rows: np.ndarray, path: Path) -> Lines:
    """The rows of an .mpr; where it keeps no current, as of GCPL, what its charge makes of it.

    EC-Lab's own text has the same: the charge since the row before, over the time.
    """
    names, columns = list(rows.dtype.names or ()), [rows[name] for name in rows.dtype.names or ()]
    if not {"I/mA", "<I>/mA", "I/A"} & set(names) and {"time/s", "(Q-Qo)/mA.h"} <= set(names):
        passed = np.diff(rows["(Q-Qo)/mA.h"], prepend=rows["(Q-Qo)/mA.h"][:1])
        moments = np.diff(rows["time/s"], prepend=rows["time/s"][:1])
        flow = np.full(len(rows), np.nan)
        np.divide(convert(passed, "mA.h", "mA.s"), moments, out=flow, where=moments > 0)
        flow = pd.Series(flow).bfill().fillna(0.0).to_numpy()  # a step's first row: as its next
        names, columns = [*names, "<I>/mA"], [*columns, flow]
    table = [names, *zip(*(column.tolist() for column in columns), strict=True)]
    return [(0, EC_LAB), *_lines(table, path)]


def _by_mdbtools(path: Path) -> Lines:
    """The records of an Arbin .res, in the order of their numbers."""
    program = shutil.which(MDB)
    if program is None:
        raise InputError(
            f"{path}: a binary file; export it as text (.csv from MITS Pro), or install mdbtools."
        )
    try:
        done = subprocess.run(
            [program, str(path.resolve()), TABLE], capture_output=True, timeout=LONGEST
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(f"{path}: {MDB} cannot read it ({error}): export .csv.") from None
    table = list(csv.reader(done.stdout.decode(errors="replace").splitlines()))
    head, rows = (table[0], table[1:]) if table else ([], [])
    if done.returncode or "Data_Point" not in head or not rows:
        raise InputError(f"{path}: {MDB} finds no {TABLE} in it: export .csv from MITS Pro.")
    at = head.index("Data_Point")
    rows.sort(key=lambda row: int(row[at]) if row[at:] and row[at].isdigit() else 0)
    return _lines([tuple(head), *map(tuple, rows)], path)


OF_NDA = {  # columns of NewareNDA, whose times are of the step and in seconds
    "Index": "DataPoint",
    "Cycle": "Cycle Index",
    "Step": "Step Index",
    "Status": "Step Type",
    "Time": "Time(s)",
    "Voltage": "Voltage(V)",
    "T1": "Temperature(degC)",
}


def _installed(module: str, path: str | Path, install: str, export: str) -> Any:
    """A reader that is an extra."""
    try:
        if module == "galvani":
            importlib.import_module("galvani.BioLogic")
        return importlib.import_module(module)
    except ImportError:
        raise InputError(
            f"{path}: a binary file; export it as text ({export}), or {install}."
        ) from None
