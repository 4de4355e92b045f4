"""Data of Novonix's high-precision chargers."""

from __future__ import annotations

from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import Measurand
from ssb_model.measured.maker import Lines, Maker


class Novonix(Maker):
    """Summary and protocol in brackets above the table; hours; charge positive."""

    name = "Novonix"
    opening = ("[Summary]",)
    known_by = (("Run Time (h)",), ("Potential (V)",), ("Step position", "dVdt (V/h)"))
    positive_on = "charge"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """Below the line [Data]."""
        start = next((at for at, (_, line) in enumerate(lines) if line.startswith("[Data]")), None)
        if start is None or start + 1 >= len(lines):
            raise InputError(f"{source}: no line [Data] with a table below it; export it again.")
        return lines[start + 1 :]
