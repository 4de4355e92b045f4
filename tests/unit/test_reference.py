"""The reference of the manual: what the registries hold stands on its pages, in words."""

import importlib
import inspect
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import ssb_model
import ssb_model.laws
from ssb_model.models.options import own_options
from ssb_model.parameters.catalogue import everything, keys
from ssb_model.parameters.found import data_folder, read_toml
from ssb_model.quantities.registry import registered
from ssb_model.verbs import VERBS

CHECKOUT = Path(ssb_model.__file__).resolve().parents[1]
EXTENSION = CHECKOUT / "docs" / "_ext"

pytestmark = pytest.mark.skipif(
    not EXTENSION.is_dir(), reason="an installed package has no manual around it"
)


@pytest.fixture(scope="module")
def pages():
    sys.path.insert(0, str(EXTENSION))
    try:
        return importlib.import_module("reference").pages()
    finally:
        sys.path.remove(str(EXTENSION))


def named(page):
    """What stands on a page as a name, in backquotes."""
    return {one.replace("\\|", "|") for one in re.findall(r"`([^`]+)`", page)}


def rows(page):
    """The cells of the tables of a page."""
    return [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]


def test_every_key_of_a_file_has_words_and_a_place(pages):
    page = pages["cell-file.md"]
    places = {of for one in everything() for of in one.of}
    for of in places:
        assert set(keys(of)) <= named(page), of
    told = {row[0].partition("<br>")[0].strip("`"): row for row in rows(page)}
    for one in everything():
        if one.of:
            assert len(told[one.name][1]) > 10, one.name


def test_every_word_of_a_cell_file_and_every_key_of_a_fit_file_is_told(pages):
    from ssb_model.fitting.data.data_set import kinds
    from ssb_model.fitting.fit_file import KNOWN
    from ssb_model.fitting.free import SPEC
    from ssb_model.parameters.cell_file import CELL_TABLES, CELL_WORDS

    told = {row[0].strip("`"): row[-1] for row in rows(pages["cell-file.md"]) if len(row) == 2}
    for word in (*CELL_WORDS, *(f"[{table}]" for table in CELL_TABLES)):
        assert len(told[word]) > 10, word
    told = {row[0].strip("`"): row[-1] for row in rows(pages["fit-file.md"])}
    taken = {key for kind in kinds().values() for way in kind.ways for key in way.takes}
    for key in {*KNOWN, *SPEC, *taken} - {"data"}:
        assert len(told[key]) > 10, key


def test_every_parameter_of_the_model_is_listed(pages):
    patterns = {name for one in everything() for name in one.patterns}
    assert patterns <= named(pages["parameters.md"])


def test_every_option_and_choice_is_listed(pages):
    there = named(pages["options.md"])
    for option, choices in own_options().items():
        assert {option, *choices} <= there


def test_every_column_is_listed(pages):
    there = named(pages["quantities.md"])
    assert {one.name for one in registered()} <= there


def test_every_verb_and_flag_is_listed_and_told(pages, capsys):
    from ssb_model.cli import main

    parts = dict(
        re.findall(r"^## `ssb ([\w-]+)`\n(.*?)(?=^## |\Z)", pages["shell.md"], re.M | re.S)
    )
    assert parts.keys() == VERBS.keys()
    for verb, part in parts.items():
        with pytest.raises(SystemExit):
            main([verb, "--help"])
        flags = set(re.findall(r"^  (--[\w-]+)", capsys.readouterr().out, re.M))
        assert "--json" in flags, verb
        assert flags <= named(part), verb


def test_every_public_name_is_shown_and_has_a_docstring(pages):
    for name in ssb_model.__all__:
        one = getattr(ssb_model, name)
        assert inspect.getdoc(one), name
        assert f":: {one.__module__}.{one.__qualname__}\n" in pages["api.md"], name


def test_every_law_says_what_it_is():
    """The site shows each function of the laws by its docstring, below what a page says."""
    for found in pkgutil.iter_modules(ssb_model.laws.__path__):
        module = importlib.import_module(f"ssb_model.laws.{found.name}")
        assert module.__doc__, found.name
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and not name.startswith("_"):
                assert inspect.getdoc(one), f"{found.name}.{name}"


def test_every_cell_material_and_source_has_a_page(pages):
    for kind in ("cells", "materials"):
        for path in (data_folder() / kind).glob("*.toml"):
            page = pages[f"{kind}/{path.stem}.md"]
            entries = [one for one in read_toml(path).values() if isinstance(one, dict)]
            numbers = sum(
                "class" in one
                for part in entries
                for one in (part, *part.values())
                if isinstance(one, dict)
            )
            assert len(re.findall(r"\| (\w+) \| [^|]*\|$", page, re.M)) >= numbers, path.stem
    keys_ = re.findall(r"^@\w+\{(\w+),", (data_folder() / "sources.bib").read_text("utf-8"), re.M)
    assert all(f"## {key}\n" in pages["sources.md"] for key in keys_)


def test_a_docstring_is_typeset_and_no_letter_is_markup():
    sys.path.insert(0, str(EXTENSION))
    try:
        rst = importlib.import_module("typeset").rst
    finally:
        sys.path.remove(str(EXTENSION))
    assert rst("D = L**2/tau [m2 s-1]") == r"D = L\ :sup:`2`\ /τ [m\ :sup:`2`\  s\ :sup:`−1`\ ]"
    assert rst("theta_max of ``x**2``, a*b") == r"θ\ :sub:`max`\  of ``x**2``, a\*b"
