"""Text written by BioLogic's EC-Lab and BT-Lab (.mpt), or exported without what stands above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import Measurand
from ssb_model.measured.maker import Lines, Maker

DATA = re.compile(r"(time/s|freq/Hz)(\t|$)")

AVERAGED = re.compile(r"<([^<>/\t]+)/([^<>/\t]+)>")  # "<Ewe/V>" of some versions


class BioLogic(Maker):
    """Columns by tabs, below as many header lines as the file says."""

    name = "BioLogic"
    opening = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
    known_by = (("ox/red", "Ns changes", "counter inc.", "control/V/mA", "half cycle"),)
    positive_on = "charge"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The lines from the headings on, as the file counts them."""
        said = lines[1][1] if len(lines) > 1 else ""
        count = re.match(r"Nb header lines\s*:\s*(\d{1,9})", said)
        if count:
            body = [(number, line) for number, line in lines if number >= int(count[1])]
        else:
            start = (at for at, (_, line) in enumerate(lines) if DATA.search(line))
            body = list(lines[next(start, len(lines)) :])
        if not body or "\t" not in body[0][1]:
            raise InputError(
                f"{source}: no table below the header; export the file from EC-Lab again."
            )
        body = [(number, line.replace('"', "")) for number, line in body]
        (number, head), *rows = body
        return [(number, AVERAGED.sub(r"<\1>/\2", head)), *rows]
