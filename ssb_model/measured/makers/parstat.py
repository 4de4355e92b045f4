"""VersaStudio (Princeton Applied Research): its text, and its .par with segments in tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ssb_model.errors import InputError
from ssb_model.measured.headings import Measurand
from ssb_model.measured.maker import Lines, Maker

SEGMENT = re.compile(r"<Segment\d+>")


class Parstat(Maker):
    """Frequency is zero in the rows in time."""

    name = "Parstat"
    known_by = (("|Vac| (V)",), ("Frequency (Hz)",), ("Zre (ohms)",))
    swept = "Frequency (Hz)"


class VersaStudio(Maker):
    """Segments of rows, each below a line that defines its columns."""

    name = "VersaStudio"
    opening = ("<Application>", "<StartUp>")
    columns: ClassVar[Mapping[str, str]] = {"Z Real": "Z_re [Ohm]", "Z Imag": "Z_im [Ohm]"}
    positive_on = "charge"
    swept = "Frequency(Hz)"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The rows of all segments of the same columns as the last."""
        parts: dict[str, Lines] = {}
        inside, head = False, ""
        for number, line in lines:
            text = line.strip()
            if SEGMENT.fullmatch(text) or text.startswith("</"):
                inside, head = not text.startswith("</"), ""
            elif inside and text.startswith("Definition="):
                head = re.sub(r",\s*", ",", text.removeprefix("Definition="))
                parts.setdefault(head, [(number, head)])
            elif head and re.match(r"[-\d.]", text):
                parts[head].append((number, text))
        found = [part for part in parts.values() if len(part) > 1]
        if not found:
            raise InputError(f"{source}: no segment with rows; export it from VersaStudio as text.")
        return found[-1]
