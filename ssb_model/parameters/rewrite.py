"""Put a fitted number in its place in a file of parameters, all else as it was."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ssb_model.errors import InputError, nearest
from ssb_model.parameters import toml_text
from ssb_model.quantities.units import UNITS, split

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
    base = split(key)[0]
    found = [n for n in places if split(statements[n][1])[0] == base]
    parts = [part for _, _, part in statements]
    written, limits = key, None
    if found:
        written = statements[found[0]][1]
        limits = tomllib.loads(parts[found[0]])[written].get("range")
    line = f"{toml_text.key(written)} = {_entry(written, value, interval, limits, source, note)}\n"
    if found:
        parts[found[0]] = line
    else:
        last = max(n for n in places if parts[n].strip())
        parts.insert(last + 1, line)
    path.write_text("".join(parts), encoding="utf-8", newline="\n")


def _entry(key: str, value: float, interval, limits, source: str, note: str) -> str:
    unit = split(key)[1]
    _, factor, offset = UNITS.get(unit, (unit, 1.0, 0.0))

    def shown(number: float) -> str:
        return repr(float(f"{(number - offset) / factor:.{FIGURES}g}"))

    fields = {"value": shown(value), "class": '"fitted"', "source": toml_text.quoted(source)}
    if limits is not None:
        fields["range"] = repr(limits)
    if interval is not None:
        fields["interval"] = f"[{', '.join(map(shown, interval))}]"
    if note:
        fields["note"] = toml_text.quoted(note)
    return f"{{ {', '.join(f'{name} = {text}' for name, text in fields.items())} }}"
