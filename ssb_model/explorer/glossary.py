"""Words of the page explained as the manual's glossary explains them: one list for both."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_BEGINS = re.compile(r"(?:^|[;.]\s+)(?=\*)")  # of a term, or of several that mean the same
_TERM = re.compile(r"\*([^*]+)\*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
SHOWN = (  # on the page, in the order in which a visitor meets them
    *("1C", "stack pressure", "fabrication pressure", "utilisation", "N/P"),
    *("contact fraction", "cover", "particle diffusion", "uneven through depth", "contact spots"),
    *("charge transfer", "film", "ions in the composite", "electrons in the composite"),
    *("separator", "layer faces", "negative electrode"),
    *("variant", "pin", "draw", "band", "seed"),
)


@cache
def meanings() -> dict[str, str]:
    """What each term means; in the installed package the list lies beside this file."""
    here = Path(__file__).resolve()
    places = (here.with_name("glossary.md"), here.parents[2] / "docs" / "glossary.md")
    text = next((one.read_text(encoding="utf-8") for one in places if one.is_file()), "")
    found: dict[str, str] = {}
    for bullet in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
        words = " ".join(_LINK.sub(r"\1", bullet.partition("\n\n")[0]).split())
        for piece in _BEGINS.split(words):
            head, colon, meaning = piece.partition(": ")
            if colon:
                said = _TERM.sub(r"\1", meaning).rstrip(".")
                found |= dict.fromkeys(_TERM.findall(head), said)
    return found


def meaning(term: str) -> str:
    """ "Contact fraction: share of the particles' surface ...", nothing of a word not listed."""
    said = meanings().get(term, "")
    return f"{term[:1].upper()}{term[1:]}: {said}." if said else ""


def explained(*terms: str) -> str:
    """Several of them, a line each."""
    return "\n".join(filter(None, map(meaning, terms)))


def listed(terms: Iterable[str]) -> str:
    """Terms and what they mean, as a list of a page."""
    known = [(term, meanings().get(term)) for term in terms]
    rows = [
        f"<dt>{html.escape(term)}</dt><dd>{html.escape(said)}.</dd>" for term, said in known if said
    ]
    return f'<dl class="words note">{"".join(rows)}</dl>'
