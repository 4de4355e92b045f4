"""The text of a measured file, whatever wrote it."""

from __future__ import annotations

from pathlib import Path

from ssb_model.errors import InputError
from ssb_model.system.user_files import read_bytes

BINARY = {".mpr", ".nda", ".ndax", ".xlsx", ".xls", ".res", ".parquet", ".mat", ".zip"}
MOST_LINES = 1_000_000
LONGEST_LINE = 100_000  # letters
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: str | Path) -> list[tuple[int, str]]:
    """Lines that are not blank, each with its number in the file, counted from 1."""
    written = _text(Path(path)).splitlines()
    if len(written) > MOST_LINES:
        raise InputError(f"{path}: more than {MOST_LINES} lines: thin it out or cut it up.")
    for number, line in enumerate(written, start=1):
        if len(line) > LONGEST_LINE:
            raise InputError(f"{path}: line {number} is too long for a table: write rows as lines.")
    lines = [(number, line) for number, line in enumerate(written, start=1) if line.strip()]
    if not lines:
        raise InputError(f"{path}: the file is empty.")
    return lines


def _text(path: Path) -> str:
    data = read_bytes(path)
    if data.startswith(UTF16):
        return data.decode("utf-16", errors="replace")
    if path.suffix.lower() in BINARY or b"\0" in data[:4096]:
        raise InputError(
            f"{path}: a binary file; export it as text (.mpt from EC-Lab, .csv from BTSDA or a "
            "spreadsheet)."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
