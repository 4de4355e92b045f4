"""Cell and material files written anew: a title, numbers and choices, all else as it was."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.parameters import toml_text
from ssb_model.parameters.cell_file import REWRITTEN, read_cell_file
from ssb_model.parameters.declared import base, options_of
from ssb_model.parameters.entries import read_entries
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import known, named, si_unit, split, unit
from ssb_model.system.marks import without_seal


def cell_file_text(
    cell_path: Path, title: str, options: dict[str, Any], changes: dict[str, Entry]
) -> str:
    """The text of a cell file with a title, options and changes; what it has of both stays.

    What is given here wins over what the file set. Values and ranges of ``changes`` are in SI. A
    fit has ranges of its own: what the file's own rows tell within the ranges of before goes.
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
    fitted = any(entry.kind == "fitted" for entry in changes.values())
    left_out = (*REWRITTEN, "fitted") if fitted else REWRITTEN
    return f"{_without_tables(file.path, title, left_out).rstrip()}\n{tables}"


def si_name(name: str) -> str:
    """A parameter's name with its unit in SI."""
    plain, unit = split(name)
    return named(plain, si_unit(unit))


def _without_tables(path: Path, title: str, left_out: tuple[str, ...]) -> str:
    """The file under another title, without these tables; comments stay."""
    titled, kept = False, []
    whole = without_seal(path.read_text(encoding="utf-8-sig"))
    for table, key, text in toml_text.statements(whole):
        if (table or key) in left_out:
            continue
        if not table and key == "title":
            titled = True
            text = f"title = {toml_text.quoted(title)}  {toml_text.comment(text)}".rstrip() + "\n"
        kept.append(text)
    first = [] if titled else [f"title = {toml_text.quoted(title)}\n"]
    return "".join([*first, *kept])


def _merged(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> dict[str, Entry]:
    """Entries by SI name, the later one where a name is in both."""
    by_base = {base(name): (name, entry) for name, entry in before.items()}
    by_base |= {base(name): (si_name(name), entry) for name, entry in after.items()}
    return dict(by_base.values())


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

    def limits(given: Iterable[float] | None) -> str | None:
        return given and repr([check_number(f"a limit of '{name}'", limit) for limit in given])

    return _inline(
        value=_number_or_mixture(name, entry.value),
        kind=entry.kind,
        source=entry.source,
        range=limits(entry.range),
        interval=limits(entry.interval),
        note=entry.note,
    )


def _number_or_mixture(name: str, value: Any) -> str:
    if not isinstance(value, Mapping):
        return repr(check_number(f"'{name}'", value))
    shares = (f"{toml_text.key(solid)} = {share!r}" for solid, share in value.items())
    return f"{{ {', '.join(shares)} }}"


def _inline(
    value: str, kind: str, source: str, range: str | None, interval: str | None, note: str
) -> str:
    """An entry as TOML has it on one line."""
    fields = {
        "value": value,
        "class": toml_text.quoted(kind),
        "source": toml_text.quoted(source),
        "range": range,
        "interval": interval,
        "note": note and toml_text.quoted(note),
    }
    return f"{{ {', '.join(f'{key} = {text}' for key, text in fields.items() if text)} }}"


FIGURES = 4  # of a fitted number; what is written is what runs


def write_fitted(
    path: Path,
    key: str,
    value: float,
    interval: tuple[float, float] | None,
    source: str,
    note: str,
    table: str = "",
) -> None:
    """Rewrite one entry of a material (or of a section of a cell file) as fitted.

    ``value`` and ``interval`` are in SI; the file keeps the unit it is written in, and its range.
    A key that is not there yet comes at the end of its table.
    """
    text = path.read_text(encoding="utf-8")
    statements = list(toml_text.statements(text))
    if table and not any(of == table for of, _, _ in statements):
        tables = {of for of, _, _ in statements if of}
        raise InputError(f"{path.name}: no section [{table}]. {nearest(table, tables)}")
    places = [n for n, (of, _, _) in enumerate(statements) if of == table]
    found = [n for n in places if split(statements[n][1])[0] == split(key)[0]]
    parts = [part for _, _, part in statements]
    written, limits = key, None
    if found:
        written = statements[found[0]][1]
        limits = tomllib.loads(parts[found[0]])[written].get("range")
    line = f"{toml_text.key(written)} = {_fitted(written, value, interval, limits, source, note)}\n"
    if found:
        parts[found[0]] = line
    else:
        last = max(n for n in places if parts[n].strip())
        parts.insert(last + 1, line)
    path.write_text("".join(parts), encoding="utf-8", newline="\n")


def _fitted(key: str, value: float, interval, limits, source: str, note: str) -> str:
    written = split(key)[1]
    of = unit(written if known(written) else "1")

    def shown(number: float) -> str:
        return repr(float(f"{(number - of.offset) / of.factor:.{FIGURES}g}"))

    return _inline(
        value=shown(value),
        kind="fitted",
        source=source,
        range=None if limits is None else repr(limits),
        interval=interval and f"[{', '.join(map(shown, interval))}]",
        note=note,
    )
