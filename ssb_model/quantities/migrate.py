"""Files of an earlier version with the names of now: ``python -m ssb_model.quantities.migrate``.

Cases (``case.toml``), fit files and CSV tables are rewritten in place, all else in them as it was;
each name that changed is said once.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from ssb_model.quantities.registry import current, ending

COLUMNS = "column|along|by|x|y|output|quantity"  # keys of TOML files that name columns
PLACES = "where|from|below"  # keys of tables whose keys are columns
QUOTED = r'"[^"]*"'
Said = dict[str, str]  # old name: new name


def migrated(path: Path, text: str) -> tuple[str, Said]:
    """The text of a file with the names of now, and what changed."""
    return _table(text) if path.suffix == ".csv" else _toml(text)


def main(names: list[str]) -> int:
    """Rewrite files in place; says what changed."""
    for path in map(Path, names):
        if path.suffix not in (".csv", ".toml"):
            print(f"{path}: neither .csv nor .toml, left as it is")
            continue
        before = path.read_text(encoding="utf-8")
        after, said = migrated(path, before)
        if after == before:
            print(f"{path}: nothing to change")
            continue
        path.write_text(after, encoding="utf-8", newline="")
        print(f"{path}:")
        print("\n".join(f"  {old} -> {new}" for old, new in said.items()))
    return 0


def _table(text: str) -> tuple[str, Said]:
    """A table whose first line that is no comment holds the headings."""
    said: Said = {}
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith("#") or not line.strip():
            continue
        end = line[len(line.rstrip("\r\n")) :]
        headings = [_now(one, said) for one in next(csv.reader([line.rstrip("\r\n")]))]
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(headings)
        lines[number] = (written.getvalue() if said else line.rstrip("\r\n")) + end
        break
    return "".join(lines), said


def _toml(text: str) -> tuple[str, Said]:
    said: Said = {}
    of_laws = _of_laws(text)
    blocks = re.split(r"(?m)^(?=\[)", text)
    kept = []
    for block in blocks:
        named = re.match(r"\[runs\.([^\].]+)", block) or re.search(r'(?m)^run = "([^".]+)', block)
        kept.append(block if named and named[1] in of_laws else _lines(block, of_laws, said))
    return "".join(kept), said


def _of_laws(text: str) -> set[str]:
    """Runs of a case that lay a law beside a table, whose columns are the table's own."""
    runs = tomllib.loads(text).get("runs", {})
    return {name for name, run in runs.items() if run.get("protocol") == "closure"}


def _lines(block: str, of_laws: set[str], said: Said) -> str:
    lines = block.splitlines(keepends=True)
    return "".join(
        line if set(re.findall(r'\brun = "([^".]+)', line)) & of_laws else _line(line, said)
        for line in lines
    )


def _line(line: str, said: Said) -> str:
    def key(match: re.Match) -> str:
        return match[1] + _key(match[2], said) + match[3]

    def columns(match: re.Match) -> str:
        return match[1] + re.sub(QUOTED, lambda one: f'"{_now(one[0][1:-1], said)}"', match[2])

    def places(match: re.Match) -> str:
        keys = re.sub(r"((?:^|,)\s*)(\w+)(\s*=)", _keys(said), match[2])
        return f"{match[1]}{{{keys}}}"

    if re.match(r"\s*#", line):
        return line
    line = re.sub(r"^(\s*)(\w+)(\s*=)", key, line)
    line = re.sub(rf"(\b(?:{COLUMNS})\s*=\s*)({QUOTED}|\[[^\]]*\])", columns, line)
    return re.sub(rf"(\b(?:{PLACES})\s*=\s*)\{{([^{{}}]*)\}}", places, line)


def _keys(said: Said) -> Callable[[re.Match], str]:
    """Of a table whose keys are columns."""
    return lambda match: match[1] + _bare(_now(match[2], said)) + match[3]


def _key(name: str, said: Said) -> str:
    """A key at the beginning of a line: changed where it has a unit."""
    return name if ending(name)[0] == name else _bare(_now(name, said))


def _now(name: str, said: Said) -> str:
    now = current(name)
    if now != name:
        said[name] = now
    return now


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else f'"{name}"'


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
