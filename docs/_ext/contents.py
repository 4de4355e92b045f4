"""The contents of the site: the pages of the manual in the order a reader meets them."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

from asked import front_matter

import ssb_model.laws
import ssb_model.submodels

FIRST = {  # pages in the order of the contents; what a folder holds besides follows by name
    "Start here": ("start", "shell", "python"),
    "To do something": (
        *("howto/lab-book", "howto/own-cell", "howto/neware", "howto/my-impedance"),
        *("howto/my-titration", "howto/measured-data", "howto/discharge", "howto/rate-test"),
        *("howto/limits", "howto/gitt", "howto/impedance", "howto/cycle", "howto/pressure-steps"),
        *(
            "howto/diagnose",
            "howto/min-pressure",
            "howto/pressure-window",
            "howto/holder",
            "howto/uneven",
            "howto/pressure-schedule",
            "howto/energy",
            "howto/layers",
            "howto/design",
            "howto/sweep",
            "howto/*",
            "fitting",
        ),
        "gallery/index",
    ),
    "To understand": (
        *(
            "model",
            "contact",
            "theory/index",
            "scales",
            "limits",
            "validation",
            "reference/published",
            "speed",
        ),
        *("faq", "glossary"),
    ),
    "To look up": (
        *("reference/cell-file", "reference/fit-file", "reference/parameters", "reference/options"),
        *("reference/contact-laws", "reference/quantities", "reference/shell", "reference/api"),
        *("reference/cells", "reference/materials", "reference/makers", "reference/sources"),
        "reference/errors",
    ),
    "The project": ("contributing", "architecture", "cite", "changelog"),
}

SEEN = {  # what the examples call that belong to a page, beside the verb the page is named by
    "howto/min-pressure": "minimum_stack_pressure(",
    "howto/my-impedance": "ssb.impedance(",
    "howto/my-titration": "ssb.gitt(",
    "howto/measured-data": "ssb.read(",
    "howto/neware": "ssb.read(",
    "howto/own-cell": ".with_recipe(",
    "howto/own-law": "ssb.register(",
    "howto/pybamm": "pybamm.Simulation(",
    "fitting": "ssb.fit(",
    "contact": "micro_contact as law",
    "theory/micro_contact": "micro_contact as law",
    "theory/interface": "interface as law",
    "theory/transport": "transport as law",
    "theory/mechanics": '{"stack": stack}',
}
MOST_SEEN = 4  # examples on a page
EXAMPLES = "gallery_sources/plot_*.py"


def laws() -> list[str]:
    """The modules of laws."""
    return sorted(one.name for one in pkgutil.iter_modules(ssb_model.laws.__path__))


def add_contents(source: Path) -> None:
    """Put contents into the first page and the lists of pages, functions below the theory."""
    _add_theory(source / "theory")
    _add_examples(source)
    _add_toctree(source / "theory" / "index.md", [f"{name}" for name in ("cell", *laws())])
    for name in ("cells", "materials", "published"):
        pages = sorted(path.stem for path in (source / "reference" / name).glob("*.md"))
        _add_toctree(source / "reference" / f"{name}.md", [f"{name}/{page}" for page in pages])
    for path in source.rglob("*.md"):
        page = path.relative_to(source).with_suffix("").as_posix()
        path.write_text(front_matter(page) + path.read_text("utf-8"), encoding="utf-8")
    named = {page for pages in FIRST.values() for page in pages}
    for caption, pages in FIRST.items():
        entries: list[str] = []
        for page in pages:
            if page.endswith("/*"):
                folder = source / page.removesuffix("/*")
                found = sorted(f"{folder.name}/{path.stem}" for path in folder.glob("*.md"))
                entries += [each for each in found if each not in named]
            elif page.startswith("gallery/") or (source / f"{page}.md").is_file():
                entries.append(page)
        if caption == "To understand":  # what somebody added beside the pages named here
            loose = {path.stem for path in source.glob("*.md")} - named - {"index"}
            entries += sorted(loose)
        _add_toctree(source / "index.md", entries, caption)


def _add_theory(folder: Path) -> None:
    """Below what a page says of its laws, their functions with what is written in them."""
    folder.mkdir(exist_ok=True)
    for name in laws():
        path = folder / f"{name}.md"
        said = path.read_text(encoding="utf-8") if path.is_file() else f"# {_title(name)}\n"
        module = f"ssb_model.laws.{name}"
        below = (
            "## The functions\n\nAs they are written in the code, each with its source beside it. "
            "Numbers are in SI.\n\n"
            f"```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n   :undoc-members:\n```\n"
        )
        path.write_text(f"{said.rstrip()}\n\n{below}", encoding="utf-8")
    path = folder / "cell.md"
    said = path.read_text(encoding="utf-8")
    path.write_text(f"{said.rstrip()}\n\n{_submodels()}", encoding="utf-8")


def _submodels() -> str:
    """The classes that fill PyBaMM's slots and state an equation, by their docstrings."""
    found = []
    for one in pkgutil.walk_packages(ssb_model.submodels.__path__, "ssb_model.submodels."):
        for name, each in inspect.getmembers(import_module(one.name), inspect.isclass):
            if each.__module__ == one.name and ".. math::" in (each.__doc__ or ""):
                found.append(f".. autoclass:: {one.name}.{name}")
    return (
        "## The equations in the code\n\nWhat states an equation of the cell, one class each, with "
        "its source beside it.\n\n```{eval-rst}\n" + "\n\n".join(found) + "\n```\n"
    )


def _add_examples(source: Path) -> None:
    """Below what a page says, the figures of the gallery's examples that belong to it."""
    examples = {path: path.read_text("utf-8") for path in sorted(source.glob(EXAMPLES))}
    for path in source.rglob("*.md"):
        page = path.relative_to(source).with_suffix("").as_posix()
        calls = SEEN.get(page, f"ssb.{path.stem.replace('-', '_')}(" if "howto" in page else "")
        found = [one for one, text in examples.items() if calls and calls in text]
        if not found:
            continue
        up = "../" * page.count("/")
        shown = [
            f"[![{title}]({up}gallery/images/thumb/sphx_glr_{one.stem}_thumb.png)"
            f"{title}]({up}gallery/{one.stem}.rst)"
            for one in found[:MOST_SEEN]
            if (title := _first_line(examples[one]))
        ]
        block = "\n\n".join(["## Seen in the gallery", "```{container} seen", *shown, "```"])
        words = path.read_text(encoding="utf-8").rstrip()
        path.write_text(f"{words}\n\n{block}\n", encoding="utf-8")


def _first_line(text: str) -> str:
    """The title of an example."""
    return (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _add_toctree(path: Path, entries: list[str], caption: str = "") -> None:
    head = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    block = "\n".join(["```{toctree}", *head, "", *entries, "```"])
    words = path.read_text(encoding="utf-8") if path.is_file() else f"# {_title(path.stem)}\n"
    path.write_text(f"{words.rstrip()}\n\n{block}\n", encoding="utf-8")
