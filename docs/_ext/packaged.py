"""Pages on the cells, materials and sources that come with the package, read from their files."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from words import code, heading, number, page, table, text

from ssb_model.parameters.library import cell_names, data_folder, read_toml

ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}
FIELD = re.compile(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def cell_pages() -> dict[str, str]:
    """A page for each cell, and one that lists them."""
    found = {name: data_folder() / "cells" / f"{name}.toml" for name in cell_names()}
    rows = []
    pages = {}
    for name, path in found.items():
        data = read_toml(path)
        rows.append(
            [
                f"[{name}](cells/{name}.md)",
                text(data.get("title", "")),
                text(data.get("chemistry", "")),
                cited(data.get("source", ""), "."),
            ]
        )
        pages[f"cells/{name}.md"] = _page(name, data, f"cells/{name}.toml")
    pages["cells.md"] = page(
        heading("Cells that come along"),
        "Every number with its class, its source and, where one is known, its range. "
        "`ssb show NAME` prints what the model makes of it.",
        table(["cell", "title", "chemistry", "source"], rows),
    )
    return pages


def material_pages() -> dict[str, str]:
    """A page for each material, and one that lists them."""
    rows, pages = [], {}
    for path in sorted((data_folder() / "materials").glob("*.toml")):
        data = read_toml(path)
        rows.append(
            [
                f"[{path.stem}](materials/{path.stem}.md)",
                text(data.get("title", "")),
                str(sum(isinstance(one, dict) for one in data.values())),
            ]
        )
        pages[f"materials/{path.stem}.md"] = _page(path.stem, data, f"materials/{path.name}")
    pages["materials.md"] = page(
        heading("Materials that come along"),
        "A cell file names them, and may give any of their numbers itself. The class says how "
        "a number was found: see [the glossary](../glossary.md).",
        table(["material", "title", "numbers"], rows),
    )
    return pages


def _page(name: str, data: dict[str, Any], where: str) -> str:
    words = {key: value for key, value in data.items() if not isinstance(value, dict)}
    own = {key: value for key, value in data.items() if _is_entry(value)}
    sections = {
        key: value for key, value in data.items() if isinstance(value, dict) and key not in own
    }
    out = [heading(name), f"From `parameter_sets/{where}`."]
    if words:
        out.append(
            table(["key", "says"], [[code(key), text(_said(one))] for key, one in words.items()])
        )
    if own:
        out.append(_entries(own))
    for key, value in sections.items():
        plain = {k: v for k, v in value.items() if not _is_entry(v)}
        entries = {k: v for k, v in value.items() if _is_entry(v)}
        out.append(heading(f"`[{key}]`", 2))
        if plain:
            out.append(
                table(["key", "says"], [[code(k), text(_said(v))] for k, v in plain.items()])
            )
        if entries:
            out.append(_entries(entries))
    return page(*out)


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and "class" in value


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _entries(entries: dict[str, dict[str, Any]]) -> str:
    rows = []
    for name, one in entries.items():
        rows.append(
            [
                code(name),
                _value(one),
                _limits(one.get("interval")),
                _limits(one.get("range")),
                text(one["class"]),
                cited(one["source"], "..") + (f"<br>{text(one['note'])}" if "note" in one else ""),
            ]
        )
    return table(["key", "value", "95 % by its data", "range", "class", "source"], rows)


def _limits(limits: list[float] | None) -> str:
    return f"{number(limits[0])} to {number(limits[1])}" if limits else ""


def _value(one: dict[str, Any]) -> str:
    if "value" in one:
        value = one["value"]
        if isinstance(value, dict):
            return ", ".join(f"{text(key)} {number(share)}" for key, share in value.items())
        return number(value)
    if "pybamm" in one:
        return f"PyBaMM {code(one['pybamm']['set'])}, {code(one['pybamm']['parameter'])}"
    way = "law" if "law" in one else "table"
    return f"{way} {code(one[way])}"


def sources() -> dict[str, dict[str, str]]:
    """The fields of every source by its key."""
    path = data_folder() / "sources.bib"
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if head := re.match(r"@\w+\{([^,]+),", line):
            found[head[1].strip()] = dict(FIELD.findall(line))
    return found


def cited(words: str, up: str) -> str:
    """Words with the keys of sources in them as links; ``up`` leads to the reference."""
    known = sources()
    parts = re.split(r"(\b[A-Z]\w+\d{4}\w*\b)", str(words))
    return "".join(
        f"[{part}]({up}/sources.md#{part.lower()})" if part in known else text_kept(part)
        for part in parts
    )


def text_kept(words: str) -> str:
    """Words without markup, blanks at both ends kept."""
    stripped = words.strip()
    if not stripped:
        return words
    begin, end = words.index(stripped[0]), len(words.rstrip())
    return words[:begin] + text(stripped) + words[end:]


def sources_page() -> str:
    """The sources that numbers name."""
    out = [
        heading("Sources"),
        "What the numbers of cells and materials name. Cite them with the "
        "parameter sets you use: `parameter_sets/sources.bib` has them in BibTeX.",
    ]
    for key, fields in sources().items():
        told = [fields[name] for name in ("author", "title", "journal") if name in fields]
        place = " ".join(fields[name] for name in ("volume", "pages") if name in fields)
        told += [place] if place else []
        told += [fields[name] for name in ("year", "note", "doi") if name in fields]
        out += [heading(key, 2), text(_letters(". ".join(told))) + "."]
    return page(*out)


def _letters(words: str) -> str:
    """BibTeX's way of writing letters, read: ``{\\"u}`` is ü."""
    words = re.sub(
        r"\{?\\(.)\{?(\w)\}?\}?", _accented, words.replace("\\ss", "ß").replace("\\&", "&")
    )
    return words.replace("{", "").replace("}", "")


def _accented(found: re.Match[str]) -> str:
    return normalize("NFC", found[2] + ACCENTS[found[1]]) if found[1] in ACCENTS else found[0]
