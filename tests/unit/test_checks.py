"""Any number of a cell file replaced by nonsense is refused in one line, never with a traceback."""

import copy
import math
import tomllib

import pytest

import ssb_model as ssb
from ssb_model.errors import SolidStateError
from ssb_model.parameters.library import data_folder

NONSENSE = [0, -1, 1e9, "x", [], True, math.inf, {"a": 1}]


def toml(value):
    """Enough TOML to write a cell back."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{k}" = {toml(v)}' for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    return repr(value)


def write(path, cell):
    lines = [f'"{k}" = {toml(v)}' for k, v in cell.items() if not isinstance(v, dict)]
    for section, table in cell.items():
        if isinstance(table, dict):
            lines.append(f"[{section}]")
            lines += [f'"{k}" = {toml(v)}' for k, v in table.items()]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("section", ["cell", "positive", "separator", "negative"])
def test_nonsense(cell_name, section, tmp_path):
    text = (data_folder() / "cells" / f"{cell_name}.toml").read_text(encoding="utf-8")
    original = tomllib.loads(text)
    path = tmp_path / "mine.toml"
    refused = 0
    for key in original[section]:
        for value in NONSENSE:
            cell = copy.deepcopy(original)
            entry = cell[section][key]
            if isinstance(entry, dict) and "value" in entry:
                entry["value"] = value
            else:
                cell[section][key] = value
            write(path, cell)
            try:
                loaded = ssb.load_cell(path)
                for name in loaded.entries:
                    loaded.describe(name)
            except SolidStateError as error:
                refused += 1
                first, *each = str(error).splitlines()  # one line, or one for each mistake
                assert first.endswith(f"{len(each)} mistakes.") if each else first
    assert refused > len(original[section])
