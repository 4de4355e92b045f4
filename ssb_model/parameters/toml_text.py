"""TOML as text: its statements one by one, and values written as it reads them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from ssb_model.errors import InputError

_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|\#[^\n]*|.''', re.DOTALL
)
SECOND = "second"  # table of a layer: another active material, or another size
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def statements(text: str) -> Iterator[tuple[str, str, str]]:
    """Each statement with the line end: the table it stands in or makes, its first key, its text.

    The second material of a layer is a table of its own, "positive.second"; other tables within a
    table count as that one. Table and key are empty of a comment or a blank line between; ``text``
    is valid TOML.
    """
    table = ""
    for part in _split(text):
        parsed = tomllib.loads(part)
        found = next(iter(parsed), "")
        if part.lstrip().startswith("["):
            table = f"{found}.{SECOND}" if SECOND in parsed[found] else found
            yield table, "", part
        else:
            yield (table if found else "", found, part)


def comment(statement: str) -> str:
    """The comment at the end of a statement, none without one."""
    return next((token for token in _TOKEN.findall(statement) if token.startswith("#")), "")


def quoted(text: str) -> str:
    """A text on one line, as TOML reads it back; half a character becomes a question mark."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def value(given: Any, where: str) -> str:
    """A text, a whole number, or a list of them; what else is refused."""
    if isinstance(given, str):
        return quoted(given)
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    if isinstance(given, (tuple, list)):
        return f"[{', '.join(value(part, where) for part in given)}]"
    raise InputError(f"{where}: a cell file holds texts and pairs of them, not {given!r}.")


def _split(text: str) -> Iterator[str]:
    """The text cut after every line end outside strings and brackets."""
    part, depth = [], 0
    for token in _TOKEN.findall(text):
        part.append(token)
        depth += (token in "[{") - (token in "]}")
        if token == "\n" and depth == 0:
            yield "".join(part)
            part = []
    if part:
        yield "".join(part)
