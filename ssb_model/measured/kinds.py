"""What a measured file holds, told by its headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.measured import capacities, record, resistances, spectrum
from ssb_model.measured.headings import FREQUENCY, Found, matches
from ssb_model.measured.maker import MeasuredFile, cells, maker_of, opened
from ssb_model.measured.sheet import PREAMBLE, Sheet

KINDS = [resistances.KIND, record.KIND, spectrum.KIND, capacities.KIND]  # most particular first


def kind_of(path: str | Path | MeasuredFile) -> str:
    """ "record", "spectrum", "capacities" or "resistances", whichever the headings name."""
    file = opened(path)
    if file.is_json:
        return spectrum.KIND.name
    if file.opener is not None:
        return file.opener.holds or _by_opener(file)
    lines = [(number, line) for number, line in file.lines if not line.lstrip().startswith("#")]
    tried = []
    for at, (_, line) in enumerate(lines[:PREAMBLE]):
        headings = cells(line)
        names = file.names(headings, maker_of(headings))
        tried.append(names)
        kinds = [kind.name for kind in KINDS if not kind.lacking(names)]
        if len(kinds) == 1:
            return kinds[0]
        if kinds:
            return _one_of(kinds, file.table_at(lines[at:])[0])
    return _refuse(file, tried)


def _by_opener(file: MeasuredFile) -> str:
    """The kind a file holds that is known by how it opens."""
    bodies = {kind.name: file.body(kind.measurands) for kind in KINDS}
    heads = {kind: file.names(cells(body[0][1]), file.opener) for kind, body in bodies.items()}
    kinds = [kind.name for kind in KINDS if not kind.lacking(heads[kind.name])]
    if kinds:
        return _one_of(kinds, file.table_at(bodies[kinds[0]])[0])
    return _refuse(file, list(heads.values()))


def _one_of(kinds: list[str], sheet: Sheet) -> str:
    """The first that fits; between record and spectrum, what most rows are."""
    if not {"record", "spectrum"} <= set(kinds) or kinds[0] == "resistances":
        return kinds[0]
    index, name = next(
        (index, name) for index, name in enumerate(sheet.names) if matches(name, FREQUENCY)
    )
    swept = sheet.numbers(Found(index, name, "frequency", "Hz"), needed=False) > 0
    return "spectrum" if np.mean(swept) > 0.5 else "record"


def _refuse(file: MeasuredFile, tried: Sequence[Sequence[str]]) -> str:
    """Say which kinds there are, and what the nearest of them lacks."""
    near = [
        (len(kind.needed), f" Here '{kind.name}' lacks a column of {lacking[0]}.")
        for names in tried
        for kind in KINDS
        if len(lacking := kind.lacking(names)) == 1
    ]
    words = "; ".join(f"{kind.name}: '{kind.example}'" for kind in KINDS)
    hint = max(near, default=(0, ""))[1]
    if tried and not any(re.search(r"[^\W\d_eE]", name) for name in tried[0]):
        hint = " Here the first line holds numbers: write one above it that names the columns."
    if Path(file).suffix.lower() == ".toml":
        raise InputError(f"{file}: no measured data but TOML: 'ssb show {file}' reads a cell.")
    raise InputError(f"{file}: the headings name no kind of data. Known are {words}.{hint}")
