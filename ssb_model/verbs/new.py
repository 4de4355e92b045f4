"""A cell file of one's own, commented, from what is known of the cell."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from ssb_model.cell.cell import load_cell
from ssb_model.cell.overview import recipe_rows
from ssb_model.errors import InputError, SolidStateError
from ssb_model.parameters.new_cell import ASSUMED, QUESTIONS, Known, cell_text
from ssb_model.system.saving import replace_file
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Listing, text_table


def new(
    file: Annotated[Path, Option("where the cell file goes: my_cell.toml", positional=True)],
    composition: Annotated[
        str | None,
        Option(
            "weight percents of the cathode, as NCM811=70,LPSCl=27,VGCF=3", metavar="NAME=PERCENT"
        ),
    ] = None,
    loading: Annotated[
        float | None, Option("of the cathode composite in mg per cm2", metavar="mg/cm2")
    ] = None,
    anode: Annotated[
        str | None, Option("Li, Li-In, Si, graphite, graphite-SiOx or LTO", metavar="NAME")
    ] = None,
    area: Annotated[float | None, Option("of the electrodes in cm2", metavar="cm2")] = None,
    fabrication_pressure: Annotated[
        float | None, Option("it was pressed with, in MPa", ("--pressed",), metavar="MPa")
    ] = None,
    stack_pressure: Annotated[
        float | None, Option("it is held at, in MPa", ("--pressure",), metavar="MPa")
    ] = None,
    temperature: Annotated[float | None, Option("in degrees Celsius", metavar="C")] = None,
    lower: Annotated[float | None, Option("lower cut-off", metavar="V")] = None,
    upper: Annotated[float | None, Option("upper cut-off", metavar="V")] = None,
    against: Annotated[
        str | None,
        Option("what the cut-offs are against: Li, Li-In, or cell", metavar="REFERENCE"),
    ] = None,
    one_c: Annotated[float | None, Option("1C in mAh per cm2", metavar="mAh/cm2")] = None,
    separator: Annotated[float | None, Option("separator in mg per cm2", metavar="mg/cm2")] = None,
    separator_electrolyte: Annotated[
        str | None, Option("of the separator, where it is not the cathode's", metavar="NAME")
    ] = None,
    sizes: Annotated[
        Sequence[float] | None,
        Option("D10, D50 and D90 of the active material in um, by volume", metavar="um,um,um"),
    ] = None,
    title: Annotated[str, Option("of the cell; {default}")] = "a cell of our own",
    source: Annotated[str, Option("of what is said here; {default}")] = "this laboratory",
) -> Made:
    """Write a cell file out of what is known; what is not is assumed, and says so in the file.

    Numbers are in people's units, as in the file. With ``sizes`` the particles of the cathode's
    active material are in two classes of size; without they have one. A file that is there is not
    written over.
    """
    known = Known(
        composition=composition,
        loading=loading,
        anode=anode,
        area=area,
        fabrication_pressure=fabrication_pressure,
        stack_pressure=stack_pressure,
        temperature=temperature,
        lower=lower,
        upper=upper,
        against=against,
        one_c=one_c,
        separator=separator,
        separator_electrolyte=separator_electrolyte,
        sizes=None if sizes is None else tuple(sizes),
    )
    file = Path(file)
    check_free(file)
    assumed = [words for name, words in QUESTIONS.items() if getattr(known, name) is None]
    return Made(str(file), written(file, cell_text(known, title, source)), assumed)


def from_shell(file: Path, **arguments: Any) -> Made:
    """Ask for what was not said, where somebody is there to answer."""
    if "sizes" in arguments:
        arguments["sizes"] = tuple(arguments["sizes"])
    if not arguments and sys.stdin is not None and sys.stdin.isatty():
        check_free(file)
        arguments = _asked()
    return new(file, **arguments)


@dataclass(frozen=True, repr=False)
class Made(Listing):
    """What follows from a cell that was written, and what in it is assumed."""

    kind = "new"
    title = "A cell file"

    file: str
    rows: list[dict[str, Any]]
    assumed: list[str]
    asked: bool = True  # whether any of it could have been said

    @property
    def text(self) -> str:
        """What follows, what to see to, what to do next."""
        told = "; ".join(self.assumed) or "sizes and porosity alone"
        return "\n".join(
            [
                f"Wrote      {self.file}",
                *([f"Assumed    {told}: see each 'assumed' in the file"] if self.asked else []),
                "",
                text_table(self.rows),
                "",
                f"Next       ssb discharge {self.file} --c-rate C/10 --out discharge",
            ]
        )


def written(file: Path, text: str, beside: dict[Path, bytes] | None = None) -> list[dict[str, Any]]:
    """What follows from a cell file, written with what lies beside it; taken back if it fails."""
    try:
        for path, content in {**(beside or {}), file: text.encode()}.items():
            replace_file(path, content)
    except OSError as error:
        raise InputError(f"cannot write to {file} ({error.strerror or error}).") from None
    try:
        return recipe_rows(load_cell(file))
    except SolidStateError:
        file.unlink(missing_ok=True)
        raise


def check_free(file: Path) -> None:
    """Refuse what is no cell file, and to write over a file."""
    if file.suffix != ".toml":
        raise InputError(f"{file}: name a file that ends in .toml.")
    if file.exists():
        raise InputError(f"{file} is there already: take another name.")


def _asked() -> dict[str, Any]:
    """What somebody answers; an empty answer takes what is shown."""
    print("A line each; an empty one takes what stands in brackets.")
    known: dict[str, Any] = {}
    for name, words in QUESTIONS.items():
        answer = input(f"{words} [{ASSUMED[name]}]: ").strip()
        if answer and isinstance(ASSUMED[name], float):
            try:
                known[name] = float(answer.replace(",", "."))
            except ValueError:
                raise InputError(f"'{answer}' is no number: begin again.") from None
        elif answer:
            known[name] = answer
    return known
