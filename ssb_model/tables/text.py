"""Rows as aligned text."""

from __future__ import annotations

import shutil
import textwrap
from typing import Any


def text_table(rows: list[dict[str, Any]]) -> str:
    """Rows under their keys, columns as wide as needed, the last one folded to the terminal."""
    heads = list(rows[0])
    cells = [[_text(row[head]) for head in heads] for row in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    room = max(shutil.get_terminal_size((120, 24)).columns - sum(widths[:-1]) - 2 * len(heads), 30)
    lines = []
    rules = ["-" * width for width in [*widths[:-1], min(widths[-1], room)]]
    for line in [heads, rules, *cells]:
        left = "  ".join(part.ljust(width) for part, width in zip(line[:-1], widths, strict=False))
        folded = textwrap.wrap(line[-1], room) or [""]
        lines.append(f"{left}  {folded[0]}".rstrip())
        lines += [" " * (len(left) + 2) + rest for rest in folded[1:]]
    return "\n".join(lines)


def _text(value: Any) -> str:
    if value is None or value != value:  # not a number
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
