"""Explain data files of Gamry's Framework (.DTA)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import FREQUENCY, Measurand
from ssb_model.measured.maker import Lines, Maker
from ssb_model.measured.sheet import Sheet, split

TABLE = re.compile(r"(Z?CURVE)\d*\tTABLE", re.IGNORECASE)

WORDS = {"T": "Time", "Vf": "Voltage", "Im": "Current"}


class Gamry(Maker):
    """Tables among settings, each with a row of headings and a row of units, indented."""

    name = "Gamry"
    opening = ("EXPLAIN",)
    columns = WORDS

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The last table of impedance, or else of a curve in time, without what follows it."""
        wanted = "ZCURVE" if FREQUENCY in measurands else "CURVE"
        heads = [
            at
            for at, (_, line) in enumerate(lines)
            if (match := TABLE.match(line)) and match[1].upper() == wanted
        ]
        if not heads:
            heads = [at for at, (_, line) in enumerate(lines) if TABLE.match(line)]
        if not heads:
            raise InputError(f"{source}: no table CURVE or ZCURVE; export the file again.")
        below = lines[heads[-1] + 1 :]
        end = next((at for at, (_, line) in enumerate(below) if line[:1] != "\t"), len(below))
        if end < 3:
            raise InputError(f"{source}: the table at line {lines[heads[-1]][0]} holds no rows.")
        (number, names), (_, units), *rows = below[:end]
        pairs = zip(names.split("\t"), units.split("\t"), strict=False)
        head = "\t".join(cls._heading(name.strip(), unit.strip()) for name, unit in pairs)
        return [(number, head), *rows]

    @classmethod
    def table(cls, source: str, body: Lines) -> Sheet:
        """Rows may be shorter or longer than the headings."""
        (headings, *rows), (_, *places) = split(body, "\t")
        return Sheet(source, [one.strip() for one in headings], rows, places, decimal_comma=True)

    @staticmethod
    def _heading(name: str, unit: str) -> str:
        """ "Zreal (ohm)" of the two rows; "V vs. Ref." are volts, "#" nothing."""
        unit = re.sub(r"\s*vs\..*", "", unit)
        if name.casefold() == "zphz":
            unit = "deg"
        return f"{name} ({unit})" if unit and not unit.startswith("#") else name
