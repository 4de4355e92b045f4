"""The sample data that come with the package: simulated, one file per kind, and their cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from ssb_model.errors import InputError
from ssb_model.system.saving import replace_file
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Listing, text_table

FILES = {  # name: kind, whose layout, what it is
    "cell.toml": ("cell", "ssb new", "NCM811 and LPSCl against Li-In, cut-offs against Li"),
    "rate_test_neware.csv": ("record", "Neware", "charges at C/10, discharges at C/10 to 1C"),
    "titration_biologic.mpt": ("record", "BioLogic", "pulses of 20 min, rests of an hour, 10 s"),
    "pressure.bdf.csv": ("record", "BDF", "a cycle in a rigid frame, with its stack pressure"),
    "spectrum.csv": ("spectrum", "CSV", "half charged, at rest, 1 MHz to 1 mHz"),
    "capacities.csv": ("capacities", "CSV", "a rate test as a table, at two stack pressures"),
}


def folder() -> Path:
    """Where they lie."""
    return Path(__file__).resolve().parents[1] / "samples"


def samples(
    to: Annotated[
        Path | None, Option("copy them there, over none that is there", metavar="FOLDER")
    ] = None,
) -> SampleList:
    """What sample data there are, all simulated; copied to a folder where one is named."""
    place = folder() if to is None else Path(to)
    if to is not None:
        there = [name for name in FILES if (place / name).exists()]
        if there:
            raise InputError(f"{place / there[0]} is there already: take another folder.")
        try:
            place.mkdir(parents=True, exist_ok=True)
            for name in FILES:
                replace_file(place / name, (folder() / name).read_bytes())
        except OSError as error:
            raise InputError(f"cannot write to {place} ({error.strerror or error}).") from None
    rows = [
        {"File": str(place / name), "Kind": kind, "As of": maker, "What it is": words}
        for name, (kind, maker, words) in FILES.items()
    ]
    return SampleList(rows)


@dataclass(frozen=True, repr=False)
class SampleList(Listing):
    """A row per file."""

    kind = "samples"
    title = "The sample data"

    rows: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The table, and that nothing of it was measured."""
        return (
            f"{text_table(self.rows)}\n\nAll of them are simulated, with noise: none is measured."
        )
