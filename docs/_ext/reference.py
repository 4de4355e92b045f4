"""The reference, made of the registries: a page can neither lag behind the code nor leave out.

``write(folder)`` is all that is needed: Markdown pages, one a registry, some files of cells and
materials besides. Nothing is solved, and nothing but the package and its files is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from called import api_page, errors_page, makers_page, shell_page
from fit_files import fit_file_page
from meanings import meaning
from packaged import cell_pages, material_pages, sources_page
from published import published_pages
from words import code, cut, heading, number, page, table, text

from ssb_model.models.options import AGEING, ALLOWED, PER_ELECTRODE, own_options
from ssb_model.parameters.against import KEY
from ssb_model.parameters.catalogue import everything, keys, needed, record
from ssb_model.parameters.cell_file import CELL_TABLES, CELL_WORDS, HELD, OF_EVERY_CELL
from ssb_model.quantities.declared import Declared
from ssb_model.quantities.names import drawn
from ssb_model.quantities.registry import BAND, registered
from ssb_model.quantities.units import alike, split
from ssb_model.submodels.contact_laws.law import contact_laws

CASES = Path(__file__).resolve().parents[2] / "validation"
KINDS = {  # what may give a number, in the order of the page, and how it is called
    "cell": "the section `[cell]`",
    "composite": 'a layer with `form = "composite"`',
    "separator": "the section `[separator]`",
    "layer": 'a negative electrode with `form = "layer"`',
    "foil": 'a negative electrode with `form = "foil"`',
    "active material": "the file of an active material",
    "electrolyte": "the file of an electrolyte",
    "additive": "the file of an additive",
    "second active material": "`[positive.second]` or `[negative.second]`, beside the keys of an "
    "active material",
}
WORDS = {
    "title": "What figures and tables call the cell.",
    "chemistry": r"Positive, electrolyte, negative: `NCM811 \| LPSCl \| Si`.",
    "source": "The paper or the laboratory the cell is from, a key of the sources or plain words.",
    "held": f"How the cell is held: {', '.join(f'`{one}`' for one in HELD)}.",
    "against": "Under `[cell]`: what the cut-offs are against, where that is not the cell's own "
    'negative electrode: `"Li"` or `"Li-In"`.',
    "unusual": "Why a cell is meant as it is although a check would refuse it.",
}
TABLES = {
    "options": "Choices of the model that this cell makes, see [the options](options.md).",
    "changes": "Parameters of the model that are set after all else, in the form of any number.",
    "ageing": "Choices that cycling switches on: "
    + ", ".join(f"`{one}`" for one in sorted(AGEING))
    + ".",
    "fitted": "What the rows that the cell was fitted to leave of its numbers together: `rows` by "
    "name, `numbers` that they feel, and `slopes`, standard errors of a row per standard "
    "deviation of a number within its range. Draws keep to it.",
}


def pages(report: Path | None = None) -> dict[str, str | bytes]:
    """Every page of the reference by the name of its file, figures of the validation too."""
    return {
        "cell-file.md": cell_file_page(),
        "fit-file.md": fit_file_page(),
        "parameters.md": parameters_page(),
        "options.md": options_page(),
        "contact-laws.md": contact_laws_page(),
        "quantities.md": quantities_page(),
        "shell.md": shell_page(),
        "api.md": api_page(),
        "makers.md": makers_page(),
        "errors.md": errors_page(),
        "sources.md": sources_page(),
        **published_pages(CASES, report),
        **cell_pages(),
        **material_pages(),
    }


def write(folder: Path, report: Path | None = None) -> list[Path]:
    """Write the pages into a folder; ``report`` is what ``ssb validate`` made, if it did."""
    paths = []
    for name, words in pages(report).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(words if isinstance(words, bytes) else words.encode())
        paths.append(path)
    return paths


def cell_file_page() -> str:
    """Every key that the file of a cell or of a material may hold."""
    out = [
        heading("Keys of cell and material files"),
        "A cell is a TOML file with the sections `[cell]`, `[positive]`, `[separator]` and "
        "`[negative]`. It names its materials, each a file of its own. A key of a material may "
        "stand in the cell file, too, and is then that cell's own.",
        'A number says where it is from: `"Porosity" = { value = 0.12, class = "assumed", '
        'source = "...", range = [0.05, 0.17] }`. The names below are in SI; a file may use any '
        "unit of the same kind, as `[um]` for `[m]`. *Needed* means that a file without it is "
        "refused.",
        heading("Words at the top of a cell file", 2),
        table(["key", "meaning"], [[code(one), WORDS.get(one, "")] for one in (*CELL_WORDS, KEY)]),
        heading("Tables a cell file may do without", 2),
        table(
            ["table", "meaning"], [[code(f"[{one}]"), TABLES.get(one, "")] for one in CELL_TABLES]
        ),
    ]
    for of, called in KINDS.items():
        asked = set(needed(of)) | (set(OF_EVERY_CELL) if of == "cell" else set())
        out += [heading(f"In {called}", 2), _keys_table(map(record, keys(of)), asked)]
    return page(*out)


def _keys_table(records: Iterable[Declared], asked: set[str]) -> str:
    rows = []
    for one in records:
        units = alike(split(one.name)[1])
        more = " May be a law or a table." if one.function else ""
        rows.append(
            [
                code(one.name) + ("<br>*needed*" if one.name in asked else ""),
                text(one.description) + more,
                text(one.allowed.words) + (f"<br>in {', '.join(units[:6])}" if units else ""),
                _default(one),
            ]
        )
    return table(["key", "meaning", "allowed", "if left out"], rows)


def _default(one: Declared) -> str:
    if one.default is None:
        return ""
    value, kind, source, limits = one.default
    range_ = f", range {number(limits[0])} to {number(limits[1])}" if limits else ""
    return f"{number(value)}, *{kind}*{range_}: {text(source)}"


def parameters_page() -> str:
    """Every parameter of the model."""
    rows = []
    for one in everything():
        said = [text(one.description), text(one.allowed.words), _read(one)]
        rows += [[code(name), *said] for name in one.patterns]
    return page(
        heading("Parameters of the model"),
        "What `ssb show` lists and `--set` and `cell.with_values` change, in SI. `*` stands "
        "for *Positive* and *Negative*. A parameter that is *of the recipe* hangs together "
        "with others: change the number of the recipe that it follows from.",
        table(["parameter", "meaning", "allowed", "read"], rows),
    )


def _read(one: Declared) -> str:
    """When the model reads a parameter."""
    if one.unused:
        return f"never: {text(one.unused)}"
    said = ["of the recipe"] if one.recipe else []
    for reading in one.reads or ():
        choices = (
            f"{code(option)} is {' or '.join(map(code, values))}"
            for option, values in reading.options.items()
        )
        said.append("where " + " and ".join(choices))
    if one.through:
        said.append("through " + ", ".join(code(_placed(name)) for name in one.through))
    return "; ".join(said) or "always"


def _placed(name: str) -> str:
    return name.replace("{place}", "*").replace("{electrode}", "* electrode").replace("{side}", "*")


def options_page() -> str:
    """The choices of the model, its own and those of PyBaMM it takes."""
    own = [
        [
            code(name),
            "<br>".join(code(value) for value in values),
            "yes" if name in PER_ELECTRODE else "",
            "yes" if name in AGEING else "",
            "<br>".join(code(one) for one in _turned_on(name)),
        ]
        for name, values in own_options().items()
    ]
    theirs = [
        [code(name), "<br>".join(code(str(one)) for one in allowed), text(cure)]
        for name, (allowed, cure) in ALLOWED.items()
    ]
    return page(
        heading("Options of the model"),
        "What a choice means is on the page [What the model holds](../model.md). The first is "
        "the default. In the shell: `--option NAME=CHOICE`; in Python: "
        '`cell.with_options({"name": "choice"})`.',
        table(
            ["option", "choices", "pair of electrodes", "ages a cell", "numbers it reads"],
            own,
        ),
        heading("Options of PyBaMM", 2),
        "All others of PyBaMM are taken as they are. These can mean only what is listed:",
        table(["option", "taken", "in place of the others"], theirs),
    )


def _turned_on(option: str) -> list[str]:
    names = dict.fromkeys(
        one.name for one in everything() for reading in one.reads or () if option in reading.options
    )
    return list(names)


def contact_laws_page() -> str:
    """Each contact law with its constants."""
    out = [
        heading("Contact laws"),
        "The choices of the option `contact`. How they work is on the page "
        "[Contact and pressure](../contact.md), their functions are in "
        "[the theory](../theory/micro_contact.md).",
    ]
    for name, law in contact_laws().items():
        rows = [
            [
                code(one.symbol),
                code(one.name),
                text(one.description),
                text(one.allowed.words),
                _default(one),
            ]
            for one in law.constants
        ]
        out += [
            heading(f"`{name}`", 2),
            text(cut(type(law).__doc__)),
            table(["symbol", "constant", "meaning", "allowed", "if left out"], rows),
        ]
    return page(*out)


def quantities_page() -> str:
    """Every column that a table or a file can have."""
    every = registered()
    bands = {f"{one.base} {end}" for one in every if drawn(one) for end in BAND}
    rows = [
        [
            "<br>".join(code(f"{one.base} [{of}]" if of != "1" else one.base) for of in one.units),
            text(meaning(one))
            + (" Higher is better." if one.better == "higher" else "")
            + (" Lower is better." if one.better == "lower" else ""),
            code(one.variable) if one.variable else "",
        ]
        for one in every
        if one.base not in bands
    ]
    return page(
        heading("Columns and quantities"),
        "The columns of tables, curves and files: what each means, in which units it comes. Names "
        "of earlier versions are understood, with a warning. Where a variable is named it is read "
        "from the model.",
        "With `--samples` every number that draws of the cell spread has three columns more: "
        '`"Capacity low [mA.h.g-1]"`, `"Capacity median [mA.h.g-1]"` and '
        '`"Capacity high [mA.h.g-1]"`, 5, 50 and 95 % of the draws.',
        table(["column", "meaning", "variable of the model"], rows),
    )
