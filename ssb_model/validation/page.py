"""The report as one HTML page that holds its figures."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape

from ssb_model.validation import wording
from ssb_model.validation.figures import figures_of
from ssb_model.validation.result import Judged, ValidationResult
from ssb_model.validation.target import HOLDS, REPORTED, Row

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; }
h2 { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-size: 13px; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #e4e4e4;
  vertical-align: top; }
th { border-bottom: 2px solid #999; }
tr.miss td { color: #b00020; }
tr.remark td { border-bottom: 1px solid #e4e4e4; color: #555; padding-top: 0; }
tr.told td { border-bottom: none; }
.first { font-size: 18px; font-weight: 600; }
img { max-width: 100%; }
"""


def page(result: ValidationResult) -> str:
    """The whole report."""
    parts = ["<h1>The model beside published measurements</h1>"]
    words = wording.first_words(result)
    counts = len(result.kinds)
    parts += [f'<p class="first">{escape(first)}</p>' for first in words[:counts]]
    parts += map(_paragraph, words[counts:])
    parts.append(_paragraph(wording.INTRODUCTION))
    if result.summary:
        heads = list(result.summary[0])
        cells = [[row[head] for head in heads] for row in result.summary]
        links = [f'<a href="#{escape(line[0])}">{escape(line[0])}</a>' for line in cells]
        body = (
            f"<tr><td>{link}</td>{_cells(line[1:])}</tr>"
            for link, line in zip(links, cells, strict=True)
        )
        parts.append(_table(heads, body))
    for judged in result.judged:
        parts += _case(judged)
    title = "The model beside published measurements"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _case(judged: Judged) -> list[str]:
    case = judged.case
    parts = [f'<h2 id="{escape(case.name)}">{escape(case.title)}</h2>']
    parts.append(_paragraph(f"Case {case.name}. {case.words['note']}"))
    for run, why in judged.failed.items():
        parts.append(_paragraph(f"The run '{run}' gave nothing: {why}"))
    for title, rows in wording.sections(judged):
        parts.append(f"<h3>{escape(title)}</h3>")
        parts.append(_table(wording.HEADS, (_row(row) for row in rows)))
    for name, figure in figures_of(judged):
        parts.append(
            f'<p><img alt="{escape(name)}" src="data:image/png;base64,{_png(figure)}"></p>'
        )
    parts.append("<h3>Runs</h3>")
    body = (f"<tr>{_cells(cells)}</tr>" for cells in wording.run_cells(judged))
    parts.append(_table(wording.RUN_HEADS, body))
    if judged.fitted:
        parts.append("<h3>Fitted numbers, SI</h3>")
        body = (f"<tr>{_cells(wording.fitted_cells(row))}</tr>" for row in judged.fitted)
        parts.append(_table(wording.FITTED_HEADS, body))
    return parts


def _row(row: Row) -> str:
    miss = "" if row["verdict"] in (HOLDS, REPORTED) else "miss"
    remark = wording.remark(row)
    kinds = " ".join(kind for kind in (miss, "told" if remark else "") if kind)
    text = f'<tr class="{kinds}">{_cells(wording.cells_of_row(row))}</tr>'
    if remark:
        text += f'<tr class="remark"><td colspan="{len(wording.HEADS)}">{escape(remark)}</td></tr>'
    return text


def _table(heads: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    return f"<table><tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>"


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _png(figure) -> str:
    """The picture as text, without the date or version that would make two reports differ."""
    held = io.BytesIO()
    figure.savefig(held, format="png", dpi=110, metadata={"Software": None})
    return base64.b64encode(held.getvalue()).decode("ascii")
