"""Pieces of Markdown that the generated pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typeset import markdown


def heading(words: str, level: int = 1) -> str:
    """A heading."""
    return f"{'#' * level} {words}"


def page(*parts: str) -> str:
    """Parts of a page, a line empty between."""
    return "\n\n".join(parts) + "\n"


def text(words: str) -> str:
    """Words that hold no markup but ``code``, typeset; a line break is a blank."""
    return markdown(" ".join(str(words).split()))


def code(words: str) -> str:
    """A name as it is typed."""
    return "`" + str(words).replace("|", "\\|") + "`"


def flag(words: str) -> str:
    """An option of the shell, never broken at its hyphens."""
    return f'<span class="flag">{code(words)}</span>'


def sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    words = words.strip()
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""


def number(value: Any) -> str:
    """A number as people read it."""
    return f"{value:g}" if isinstance(value, float | int) else text(value)


def cut(docstring: str | None) -> str:
    """The first paragraph of a docstring."""
    return lines_of((docstring or "").split("\n\n")[0])


def lines_of(docstring: str | None) -> str:
    """All of a docstring as one paragraph."""
    return " ".join((docstring or "").split())


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; columns that say nothing anywhere are left out."""
    kept = [n for n in range(len(heads)) if not rows or any(row[n] for row in rows)]
    lines = [[heads[n] for n in kept], ["---"] * len(kept)]
    lines += [[row[n] for n in kept] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) if rows else "None."
