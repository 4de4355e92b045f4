"""Where in a file a mistake is: the line a reader's message is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_WHERE = re.compile(r"^(?P<file>[^,:]+\.toml)(?:, (?:\[(?P<table>[^\]]+)\] ?)?(?P<key>[^:]*))?")
_LINE = re.compile(r"\bline (\d+)\b")


class Place(NamedTuple):
    """A mistake, with the file's line it is about and what stands there, where that is known."""

    words: str
    file: str = ""
    line: int = 0
    text: str = ""


def place_of(mistake: str, files: Mapping[str, str]) -> Place:
    """The line that a message such as "mine.toml, [positive] Porosity: ..." is about."""
    where = _WHERE.match(mistake)
    if where is None or where["file"] not in files:
        return Place(mistake)
    lines = files[where["file"]].splitlines()
    said = _LINE.search(mistake)
    number = int(said[1]) if said else _found(lines, where["table"], where["key"])
    if not 0 < number <= len(lines):
        return Place(mistake, where["file"])
    return Place(mistake, where["file"], number, lines[number - 1].strip())


def _found(lines: list[str], table: str | None, key: str | None) -> int:
    """Of the key's line, or of its table's where the key is missing; 0 if neither is there."""
    inside, at_table = table is None, 0
    wanted = re.sub(r" \[.*", "", (key or "").strip()).casefold()
    for number, line in enumerate(lines, start=1):
        head = re.match(r"\s*\[([^\[\]]+)\]", line)
        if head:
            inside = table is not None and head[1].strip() == table
            at_table = at_table or (number if inside else 0)
        written = line.partition("=")[0].strip().strip("\"'").casefold()
        if inside and wanted and re.sub(r" \[.*", "", written) == wanted:
            return number
    return at_table
