"""The validation as pages: what misses first, then a page for each case with figures and rows.

What the model says of published numbers stands there once ``ssb validate`` has made a report.
Without one the pages say what was published, what it counts as, and the cause where a row is
known to miss.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any

from packaged import cited
from words import code, heading, page, sentence, table, text

from ssb_model.parameters.library import read_toml
from ssb_model.validation.report import number
from ssb_model.validation.target import HOLDS, MISSES, NO_ANSWER, USES

PLACE = re.compile(r"\{[^{}]*\}")  # for a number of the table
OF_REPORT = re.compile(
    r'<h2 id="([^"]+)"|<img alt="([^"]*)" src="data:image/png;base64,([^"]+)"|class="first">([^<]+)'
)
HEADS = ["row", "published", "model", "verdict", "tolerance", "counts as", "cause or note"]
COUNTED = (HOLDS, MISSES, NO_ANSWER)
NOT_MADE = (
    "No report was at hand when these pages were built, so the numbers of the model are not here: "
    "`python -m docs.build` without `--short` makes one, as `ssb validate` does."
)
READ = (
    "*May be fitted to* means that a calibration may have used the number, *predicted* that none "
    "did. *Reported only* is in no count. Tolerances were declared in the case before it was run. "
    "What stands out, and how numbers were found, is on the page [Validation](../validation.md); "
    "what was compared with nothing is among [the limits](../limits.md#not-validated-against)."
)
Row = dict[str, Any]


def published_pages(cases: Path, report: Path | None = None) -> dict[str, str | bytes]:
    """Pages and figures by the name of their file; ``cases`` is the folder ``validation``."""
    rows: list[Row] = []
    first: list[str] = []
    figures: dict[str, list[tuple[str, bytes]]] = {}
    if report is not None and (report / "report.json").is_file():
        rows = json.loads((report / "report.json").read_text("utf-8"))["rows"]
        first, figures = _drawn((report / "report.html").read_text("utf-8"))
    made: dict[str, str | bytes] = {}
    listed = []
    for path in sorted(cases.rglob("case.toml")):
        name = path.parent.relative_to(cases).as_posix()
        file = name.replace("/", "-")
        told = [one for one in rows if one["case"] == name]
        shown = figures.get(name, [])
        for k, (_, picture) in enumerate(shown, start=1):
            made[f"published/{file}-{k}.png"] = picture
        titles = [title for title, _ in shown]
        made[f"published/{file}.md"] = _case(name, read_toml(path), told, titles)
        listed.append([f"[{text(name)}](published/{file}.md)", *_counts(told), str(len(titles))])
    parts = [heading("Validation, row by row: what misses first")]
    parts += ["\n".join(f"- {text(one)}" for one in first)] if first else []
    parts += [READ, *([] if rows else [NOT_MADE])]
    heads = ["case, row and cause", "published", "model", "error", "tolerance"]
    for use, title in (("check", "Predicted, and missed"), ("fit", "May be fitted to, and missed")):
        of_use = [one for one in rows if one["use"] == use]
        missed = [one for one in of_use if one["verdict"] in (MISSES, NO_ANSWER)]
        if missed:
            body = [[_at(one), *_numbers(one), *_judged(one)] for one in missed]
            parts += [heading(title, 2), table(heads, body)]
    parts += [
        heading("By case", 2),
        "Every case with its figures and all its rows, those that miss first.",
        table(["case", "predicted, hold", "may be fitted to, hold", "figures"], listed),
    ]
    made["published.md"] = page(*parts)
    return made


def _drawn(report: str) -> tuple[list[str], dict[str, list[tuple[str, bytes]]]]:
    """The counts at the top of a report, and its figures with their titles by case."""
    first: list[str] = []
    figures: dict[str, list[tuple[str, bytes]]] = {}
    case = ""
    for found in OF_REPORT.finditer(report):
        case = found[1] or case
        if found[3]:
            figures.setdefault(case, []).append((unescape(found[2]), base64.b64decode(found[3])))
        elif found[4]:
            first.append(unescape(found[4]))
    return first, figures


def _counts(rows: list[Row]) -> list[str]:
    said = []
    for use in ("check", "fit"):
        verdicts = [one["verdict"] for one in rows if one["use"] == use]
        total = sum(one in COUNTED for one in verdicts)
        said.append(f"{verdicts.count(HOLDS)} of {total}" if total else "")
    return said


def _at(one: Row) -> str:
    """A row by its case, which is a link, its name and why it misses."""
    file = one["case"].replace("/", "-")
    why = f"<br>{text(sentence(one['cause']))}" if one.get("cause") else ""
    return f"[{text(one['case'])}](published/{file}.md): **{text(one['target'])}**{why}"


def _numbers(one: Row) -> list[str]:
    unit = f" {text(one['unit'])}" if one.get("unit") else ""
    return [
        f"{number(value)}{unit}" if isinstance(value, float | int) else text(value or "")
        for value in (one["measured"], one.get("model"))
    ]


def _judged(one: Row) -> list[str]:
    return [text(one.get("error") or ""), text(one.get("tolerance", ""))]


def _case(name: str, data: Row, told: list[Row], figures: list[str]) -> str:
    """A page on one case: what it is, its figures, its rows."""
    model = {one["target"]: one for one in told}
    declared = data.get("target", [])
    rows = [_row(one, model.pop(one["name"], None)) for one in declared]
    rows += [
        _row({**one, "name": key, "value": one["measured"]}, one) for key, one in model.items()
    ]
    rows.sort(key=lambda row: row[0])  # stable: misses first, else as in the file
    file = name.replace("/", "-")
    drawn = [f"![{text(title)}]({file}-{k}.png)" for k, title in enumerate(figures, start=1)]
    title = data.get("title", name)
    return page(
        heading(text(title)),
        f"Case {code(name)}, measured by {cited(data.get('source', ''), '..')}; "
        f"`ssb validate {name}` runs it.",
        *([text(data["note"])] if "note" in data else []),
        *([heading("Figures", 2), *drawn] if drawn else []),
        *([heading("Rows", 2), table(HEADS, [row[1:] for row in rows])] if rows else []),
        *([] if model else _series(data.get("series", []))),
        "[All cases](../published.md)",
    )


def _row(one: Row, told: Row | None) -> list[Any]:
    unit = f" {text(one['unit'])}" if one.get("unit") else ""
    said = verdict = ""
    if told is not None:
        said, verdict = _numbers(told)[1], told.get("verdict", "")
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
        f"**{text(verdict)}**" if verdict and misses else text(verdict),
        text(one.get("tolerance", "")),
        text(USES.get(one.get("use", ""), "")),
        text(" ".join(sentence(one[key]) for key in ("cause", "note") if one.get(key))),
    ]


def _series(found: Iterable[Row]) -> list[str]:
    """Series compare a column of a measured table, point by point."""
    lines = [
        f"- Each row of a table: {text(PLACE.sub('…', one.get('name', '')))}, within "
        f"{text(one.get('tolerance', 'no tolerance'))}, {text(USES.get(one.get('use', ''), ''))}."
        for one in found
    ]
    return ["\n".join(lines)] if lines else []
