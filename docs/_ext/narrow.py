"""Pages on a phone: a row of a table can stand as a block, and commands break between words."""

from __future__ import annotations

import re
from html import escape, unescape

TABLE = re.compile(r'<table class="docutils.*?</table>', re.S)
HEAD = re.compile(r"<th[^>]*>(.*?)</th>", re.S)
ROW = re.compile(r"<tr\b.*?</tr>", re.S)
CELL = re.compile(r"<td\b")
TAG = re.compile(r"<[^>]+>")
COMMANDS = re.compile(r'<div class="highlight-none.*?</pre>', re.S)
FLAG = re.compile(r"(?<![\w-])--\w[\w-]*")
FEWEST = 3  # columns; two fit beside each other


def labelled(body: str) -> str:
    """The same page; cells of wide tables have their headings, options do not break at hyphens."""
    body = COMMANDS.sub(lambda found: FLAG.sub(r'<span class="flag">\g<0></span>', found[0]), body)
    body = body.replace('<span class="pre">--', '<span class="pre flag">--')
    return TABLE.sub(lambda found: _table(found[0]), body)


def _table(table: str) -> str:
    heads = [" ".join(unescape(TAG.sub("", one)).split()) for one in HEAD.findall(table)]
    if len(heads) < FEWEST:
        return table

    def row(found: re.Match[str]) -> str:
        left = iter(heads)
        return CELL.sub(lambda _: f'<td data-label="{escape(next(left, ""))}"', found[0])

    return ROW.sub(row, table).replace('class="docutils', 'class="wide docutils', 1)


def _page(app, pagename, templatename, context, doctree):
    if doctree is not None and "body" in context:
        context["body"] = labelled(context["body"])


def setup(app):
    """Take every page before it is written."""
    app.connect("html-page-context", _page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
