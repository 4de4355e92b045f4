"""Result files of Basytec's test systems."""

from __future__ import annotations

from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import Measurand
from ssb_model.measured.maker import Lines, Maker

WORDS = {
    "~Time": "Test Time",
    "Ah": "Capacity",
    "Cyc-Count": "Cycle",
    "Line": "Step",
    "Temp": "Temperature",
}


class Basytec(Maker):
    """Headings on the last line that begins with a tilde; charge positive."""

    name = "Basytec"
    opening = ("~Resultfile from Basytec", "~Resultfile")
    columns = WORDS
    holds = "record"
    positive_on = "charge"
    step_types = ("Command",)
    charging, discharging = ("charge",), ("discharge",)

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """From the last line with a tilde on."""
        heads = [at for at, (_, line) in enumerate(lines) if line.startswith("~")]
        if "\t" not in lines[heads[-1]][1] and ";" not in lines[heads[-1]][1]:
            raise InputError(f"{source}: no table below the header; export the file again.")
        return lines[heads[-1] :]
