"""What materials come with the package, and where each number of one is from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from ssb_model.errors import CellFileError
from ssb_model.parameters.catalogue import keys
from ssb_model.parameters.entries import read_entries
from ssb_model.parameters.library import read_toml
from ssb_model.parameters.materials import (
    ELECTROLYTE,
    KINDS,
    NEGATIVE_ELECTRODE,
    POSITIVE_ELECTRODE,
    material_file,
    material_kind,
    material_names,
    used_in,
    with_kin,
)
from ssb_model.quantities.units import split
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Listing, text_table

GROUPS = {  # classes of numbers by how much they vouch for
    "Measured or fitted": ("measured", "fitted"),
    "Literature or derived": ("literature", "derived"),
    "Assumed": ("assumed", "setting"),
}
FILES_OF = {  # as what a file of a kind is read
    POSITIVE_ELECTRODE: "active material",
    NEGATIVE_ELECTRODE: "active material",
    ELECTROLYTE: "electrolyte",
}


def materials(
    material: Annotated[
        str | None,
        Option("one of them, or a file of your own; all are listed without", positional=True),
    ] = None,
) -> MaterialList | MaterialNumbers:
    """The materials there are, or every number of one with class, range and source.

    A number that a material takes from the one it is ``like`` counts as that one's.
    """
    if material is not None:
        return MaterialNumbers.of(material_file(material))
    where = used_in()
    rows = [_row(material_file(name), where.get(name, [])) for name in material_names()]
    return MaterialList(sorted(rows, key=lambda row: KINDS.index(row["Kind"])))


def _row(file: Path, cells: list[str]) -> dict[str, Any]:
    table, numbers = read_toml(file), with_kin(file)
    own = [given["class"] for given, stem in numbers.values() if stem == file.stem]
    return {
        "Material": file.stem,
        "Kind": material_kind({key: given for key, (given, _) in numbers.items()}),
        **{words: sum(kind in of for kind in own) for words, of in GROUPS.items()},
        "As another": len(numbers) - len(own),
        "Like": table.get("like", ""),
        "Used in": ", ".join(cells),
        "What it is": table.get("title", ""),
    }


@dataclass(frozen=True, repr=False)
class MaterialList(Listing):
    """A row per material: what it is, how many of its numbers are of which class."""

    kind = "materials"
    title = "The list of materials"

    rows: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The table, and how to go on."""
        heads = [head for head in self.rows[0] if head != "Used in"]
        table = text_table(self.rows, {head: head for head in heads})
        return (
            f"{table}\n\nNumbers by class; 'As another' are those a material takes from the one "
            "it is like.\nNext       ssb materials NCM811 lists every number of one"
        )


@dataclass(frozen=True, repr=False)
class MaterialNumbers(Listing):
    """A row per number of one material."""

    kind = "material"
    title = "A material"

    material: str
    what: str
    rows: list[dict[str, Any]]

    @classmethod
    def of(cls, file: Path) -> MaterialNumbers:
        """Read a file and refuse what a cell would refuse of it."""
        numbers = with_kin(file)
        if not numbers:
            raise CellFileError(f"{file.name}: there is no number in it; see ssb materials NCM811.")
        plain = {key: given for key, (given, _) in numbers.items()}
        read_entries(plain, keys(FILES_OF.get(material_kind(plain), "additive")), file, "")
        rows = [_number(key, given, stem) for key, (given, stem) in numbers.items()]
        return cls(file.stem, read_toml(file).get("title", ""), rows)

    @property
    def text(self) -> str:
        """Title and table."""
        return f"{self.material}: {self.what}\n\n{text_table(self.rows)}"


def _number(key: str, given: dict[str, Any], stem: str) -> dict[str, Any]:
    """A number as its file writes it."""
    name, unit = split(key)
    limits = given.get("range")
    return {
        "Parameter": name,
        "Value": given["value"] if "value" in given else _curve(given),
        "Unit": unit,
        "Class": given["class"],
        "Range": "" if limits is None else f"{limits[0]:g} .. {limits[1]:g}",
        "Said by": stem,
        "Source": "; ".join(filter(None, (given["source"], given.get("note")))),
    }


def _curve(given: dict[str, Any]) -> str:
    """Which curve it is."""
    if "table" in given:
        return Path(given["table"]).name
    return given["law"] if "law" in given else given["pybamm"]["set"]
