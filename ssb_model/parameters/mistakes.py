"""All that is wrong with a file, told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ssb_model.errors import CellFileError, SolidStateError

MOST = 30  # mistakes that are listed


class CellMistakes(CellFileError):
    """A file with several mistakes, each of which is a line of the message."""

    def __init__(self, name: str, mistakes: list[str]):
        super().__init__(f"{name}: {len(mistakes)} mistakes")
        self.mistakes = tuple(mistakes)
        shown = [f"  {number}. {text}" for number, text in enumerate(mistakes[:MOST], start=1)]
        more = [f"  and {len(mistakes) - MOST} more"] if len(mistakes) > MOST else []
        self._text = "\n".join([f"{name}: {len(mistakes)} mistakes.", *shown, *more])

    def __str__(self) -> str:
        return self._text


@dataclass
class Mistakes:
    """What was refused so far while a file is read on."""

    found: list[SolidStateError] = field(default_factory=list)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Keeps what is refused in here for the end."""
        try:
            yield
        except SolidStateError as error:
            self.found.append(error)

    def within(self, where: str) -> bool:
        """Whether something was refused there, as "[positive]"."""
        return any(where in str(error) for error in self.found)

    def refuse(self, name: str) -> None:
        """Raise the only mistake as it is, or all of them as one."""
        texts = list(dict.fromkeys(str(error) for error in self.found))
        if len(texts) == 1:
            raise self.found[0]
        if texts:
            raise CellMistakes(name, texts)
