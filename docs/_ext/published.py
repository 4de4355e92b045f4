"""The page on published numbers: every row of every case, misses first.

What the model says of them stands there once ``ssb validate`` has made a report; without one the
page says what was published, what it counts as, and the cause where a row is known to miss.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaged import cited
from words import code, heading, number, page, sentence, table, text

from ssb_model.parameters.found import read_toml
from ssb_model.validation.target import MISSES, NO_ANSWER, USES

PLACE = re.compile(r"\{[^{}]*\}")  # for a number of the table
MADE = "The numbers of the model are those of the last `ssb validate` before this page was built."
NOT_MADE = (
    "No report was at hand when this page was built: run `ssb validate`, which takes some minutes "
    "and writes `validation/report/`, and build again, to have the numbers of the model here."
)


def published_page(cases: Path, report: Path | None = None) -> str:
    """Every row that a case declares; ``cases`` is the folder ``validation``."""
    report = report or cases / "report" / "report.json"
    known = json.loads(report.read_text("utf-8"))["rows"] if report.is_file() else []
    model = {(one["case"], one["target"]): one for one in known}
    parts = [
        heading("Published numbers, row by row"),
        "What cases compare the model with. *May be fitted to* means that a calibration may have "
        "used the number, *predicted* that none did. Rows that miss, or declare why they may, come "
        "first. What stands out is on the page [Validation](../validation.md).",
        MADE if known else NOT_MADE,
    ]
    for path in sorted(cases.rglob("case.toml")):
        name = path.parent.relative_to(cases).as_posix()
        data = read_toml(path)
        declared = data.get("target", [])
        rows = [_row(one, model.pop((name, one["name"]), None)) for one in declared]
        tabled = [(key, one) for key, one in model.items() if key[0] == name]
        rows += [
            _row({**one, "name": key[1], "value": one["measured"]}, one) for key, one in tabled
        ]
        rows.sort(key=lambda row: row[0])  # stable: misses first, else as in the file
        head = ["row", "published", "model", "", "tolerance", "counts as", "cause or note"]
        parts += [
            heading(code(name), 2),
            f"{text(data.get('title', ''))} ({cited(data.get('source', ''), '.')}).",
            *([text(data["note"])] if "note" in data else []),
            *([table(head, [row[1:] for row in rows])] if rows else []),
            *([] if tabled else _series(data.get("series", []))),
        ]
    return page(*parts)


def _row(one: dict[str, Any], told: dict[str, Any] | None) -> list[Any]:
    unit = f" {text(one['unit'])}" if one.get("unit") else ""
    said = verdict = ""
    if told is not None:
        found = told.get("model")
        said = f"{number(found)}{unit}" if isinstance(found, float | int) else text(found or "")
        verdict = text(told.get("verdict", ""))
    misses = (
        verdict in (MISSES, NO_ANSWER)
        if told is not None
        else "cause" in one and one.get("use") != "report"
    )
    bound = f"{one['bound']} " if "bound" in one else ""
    value = one.get("value", "")
    return [
        not misses,
        text(one["name"]),
        text(value) if isinstance(value, str) else f"{bound}{number(value)}{unit}",
        said,
        f"**{verdict}**" if verdict and misses else verdict,
        text(one.get("tolerance", "")),
        text(USES.get(one.get("use", ""), "")),
        text(" ".join(sentence(one[key]) for key in ("cause", "note") if one.get(key))),
    ]


def _series(found: Iterable[dict[str, Any]]) -> list[str]:
    """Series compare a column of a measured table, point by point."""
    lines = [
        f"- Each row of a table: {text(PLACE.sub('…', one.get('name', '')))}, within "
        f"{text(one.get('tolerance', 'no tolerance'))}, {text(USES.get(one.get('use', ''), ''))}."
        for one in found
    ]
    return ["\n".join(lines)] if lines else []
