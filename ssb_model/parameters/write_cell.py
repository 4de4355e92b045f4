"""A cell file once more, with another title and with numbers and choices set after all else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ssb_model.parameters import toml_text
from ssb_model.parameters.cell_file import read_cell_file
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.file_changes import options_of
from ssb_model.parameters.library import read_entries
from ssb_model.parameters.schema import CELL_TABLES
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import named, si_unit, split


def cell_file_text(
    cell_path: Path, title: str, options: dict[str, Any], changes: dict[str, Entry]
) -> str:
    """The text of a cell file with a title, options and changes; what it has of both stays.

    What is given here wins over what the file set. Values and ranges of ``changes`` are in SI.
    """
    file = read_cell_file(cell_path)
    names = [si_name(name) for name in file.changes]
    set_before = read_entries(file.changes, names, file.path, "[changes] ")
    tables = _tables({**options_of(file), **options}, _merged(set_before, changes))
    read_entries(
        tomllib.loads(tables).get("changes", {}),
        map(si_name, [*set_before, *changes]),
        file.path,
        "[changes] ",
    )
    return f"{_without_tables(file.path, title).rstrip()}\n{tables}"


def si_name(name: str) -> str:
    """A parameter's name with its unit in SI."""
    base, unit = split(name)
    return named(base, si_unit(unit))


def _without_tables(path: Path, title: str) -> str:
    """The file under another title, without its options and changes; comments stay."""
    titled, kept = False, []
    for table, key, text in toml_text.statements(path.read_text(encoding="utf-8-sig")):
        if (table or key) in CELL_TABLES:
            continue
        if not table and key == "title":
            titled = True
            text = f"title = {toml_text.quoted(title)}  {toml_text.comment(text)}".rstrip() + "\n"
        kept.append(text)
    first = [] if titled else [f"title = {toml_text.quoted(title)}\n"]
    return "".join([*first, *kept])


def _merged(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> dict[str, Entry]:
    """Entries by SI name, the later one where a name is in both."""
    by_base = {_base(name): (name, entry) for name, entry in before.items()}
    by_base |= {_base(name): (si_name(name), entry) for name, entry in after.items()}
    return dict(by_base.values())


def _base(name: str) -> str:
    owner, colon, key = split(name)[0].casefold().rpartition(":")
    return f"{owner.strip()}{colon}{key.strip()}"


def _tables(options: Mapping[str, Any], changes: Mapping[str, Entry]) -> str:
    text = ""
    if options:
        text += _table("options", ((n, toml_text.value(v, f"'{n}'")) for n, v in options.items()))
    if changes:
        text += _table("changes", ((n, _entry(n, entry)) for n, entry in changes.items()))
    return text


def _table(name: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"{toml_text.key(key)} = {value}" for key, value in rows]
    return "\n".join(["", f"[{name}]", *lines, ""])


def _entry(name: str, entry: Entry) -> str:
    """One number with all that is known of it, on one line."""
    fields = {
        "value": repr(check_number(f"'{name}'", entry.value)),
        "class": toml_text.quoted(entry.kind),
        "source": toml_text.quoted(entry.source),
    }
    if entry.range is not None:
        limits = [check_number(f"a limit of '{name}'", limit) for limit in entry.range]
        fields["range"] = repr(limits)
    if entry.interval is not None:
        limits = [check_number(f"a limit of '{name}'", limit) for limit in entry.interval]
        fields["interval"] = repr(limits)
    if entry.note:
        fields["note"] = toml_text.quoted(entry.note)
    return f"{{ {', '.join(f'{key} = {value}' for key, value in fields.items())} }}"
