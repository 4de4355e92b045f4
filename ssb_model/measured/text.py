"""The text of a measured file, whatever wrote it."""

from __future__ import annotations

from pathlib import Path

from ssb_model.errors import InputError

BINARY = {".mpr", ".nda", ".ndax", ".xlsx", ".xls", ".res", ".parquet", ".mat", ".zip"}
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: str | Path) -> list[tuple[int, str]]:
    """Lines that are not blank, each with its number in the file, counted from 1."""
    numbered = enumerate(_text(Path(path)).splitlines(), start=1)
    lines = [(number, line) for number, line in numbered if line.strip()]
    if not lines:
        raise InputError(f"{path}: the file is empty.")
    return lines


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from None
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
