"""Spectra of Scribner's ZPlot and ZView (.z), which Solartron's analysers are run with."""

from __future__ import annotations

from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import Measurand
from ssb_model.measured.maker import Lines, Maker


class ZView(Maker):
    """Headings in quotes or among comments, by blanks; rows by commas or tabs."""

    name = "ZView"
    opening = ("ZPLOT", '"ZPlot', '"Z60W', "Z60W", '"ZView', "ZView")
    holds = "spectrum"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """Headings as the rows are parted, then the rows."""
        heads = [
            at
            for at, (_, line) in enumerate(lines)
            if "Freq" in line and ("Z'" in line or "(a)" in line)
        ]
        if not heads:
            raise InputError(f"{source}: no line of headings as 'Freq(Hz) ... Z'(a) Z''(b)'.")
        number, line = lines[heads[-1]]
        rows = [one for one in lines[heads[-1] + 1 :] if one[1].strip()[:1] in "+-.0123456789"]
        if not rows:
            raise InputError(f"{source}: no rows below the headings at line {number}.")
        mark = "\t" if "\t" in rows[0][1] else ","
        names = line.replace('"', " ").replace("Freq (", "Freq(").split()
        return [(number, mark.join(names)), *rows]
