"""Errors a user can act on: each names what is wrong and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = 1000  # letters of a message
CUT = 100  # letters of a word that is looked for among known ones


class SolidStateError(Exception):
    """Base of every error this package raises on purpose; its message is one line."""

    def __init__(self, message: str = ""):
        super().__init__(one_line(message))


class CellFileError(SolidStateError, ValueError):
    """A cell or material file that cannot be used as it stands."""


class RecipeError(CellFileError):
    """A recipe nobody could press."""


class UnknownCellError(SolidStateError, KeyError):
    """No parameter set of that name and no file at that path."""

    def __str__(self) -> str:
        return str(self.args[0])


class InputError(SolidStateError, ValueError):
    """A pressure, rate or temperature outside what the model can mean."""


class SolveError(SolidStateError, RuntimeError):
    """The solver gave up; says where."""


def one_line(message: str) -> str:
    """A message without line breaks and control characters, its middle left out if very long."""
    words = " ".join(plain(message).split())
    if len(words) <= LONGEST:
        return words
    return f"{words[: LONGEST // 2]} ... {words[-LONGEST // 2 :]}"


KEPT = "\n\xa0"  # line breaks, and blanks that hold a number to its unit


def plain(text: str) -> str:
    """A text whose letters are all to be seen: line breaks stay, what steers a terminal goes.

    A byte of a file's name that is no letter is written as its number.
    """
    text = str(text)
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(one if one.isprintable() or one in KEPT else " " for one in text)


def nearest(word: str, known: Iterable[str], count: int = 3) -> str:
    """A sentence naming the known words closest to ``word``."""
    folded = {name.casefold(): name for name in known}
    matches = difflib.get_close_matches(str(word)[:CUT].casefold(), folded, count, cutoff=0.3)
    if not matches:
        return f"Known: {', '.join(sorted(folded.values()))}."
    return f"Nearest: {', '.join(folded[match] for match in matches)}."
