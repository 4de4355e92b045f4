"""The reference of the manual: what the registries hold stands on its pages, in words."""

import base64
import importlib
import inspect
import json
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import ssb_model
import ssb_model.laws
from ssb_model.models.options import own_options
from ssb_model.parameters.catalogue import everything, keys
from ssb_model.parameters.library import data_folder, read_toml
from ssb_model.quantities.names import drawn
from ssb_model.quantities.registry import BAND, registered
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


def test_every_column_is_listed_and_says_what_it_means(pages):
    told = {
        name: row[1]
        for row in rows(pages["quantities.md"])
        for name in (one.partition(" [")[0] for one in re.findall(r"`([^`]+)`", row[0]))
    }
    bands = {f"{one.base} {end}" for one in registered() if drawn(one) for end in BAND}
    for one in registered():
        if one.base not in bands:
            assert len(told[one.base]) > 10, one.base


def test_the_validation_has_its_figures_and_what_misses_first(tmp_path):
    """Of a report of one case that was made by hand, a row of which misses."""
    row = {
        "case": "materials/coverage",
        **{"target": "cover of coarse grains", "use": "check", "measured": 0.5, "model": 0.2},
        **{"unit": "", "error": "-60 %", "tolerance": "20 %", "verdict": "misses", "cause": "why"},
    }
    picture = base64.b64encode(b"PNG").decode()
    (tmp_path / "report.json").write_text(json.dumps({"rows": [row]}))
    (tmp_path / "report.html").write_text(
        '<p class="first">Materials: of 1 predicted rows 0 hold</p><h2 id="materials/coverage">x'
        f'</h2><img alt="Cover &amp; pores" src="data:image/png;base64,{picture}">'
    )
    sys.path.insert(0, str(EXTENSION))
    try:
        made = importlib.import_module("published").published_pages(
            CHECKOUT / "validation", tmp_path
        )
    finally:
        sys.path.remove(str(EXTENSION))
    first, _, rest = made["published.md"].partition("## By case")
    assert "**cover of coarse grains**<br>Why. | 0.5 | 0.2 | -60 % | 20 % |" in first
    assert "| [materials/coverage](published/materials-coverage.md) | 0 of 1 |" in rest
    page = made["published/materials-coverage.md"]
    assert "![Cover & pores](materials-coverage-1.png)" in page
    assert made["published/materials-coverage-1.png"] == b"PNG"
    assert "cover of coarse grains | 0.5 | 0.2 | **misses**" in page


def test_a_cell_of_a_wide_table_says_which_column_it_is_of():
    sys.path.insert(0, str(EXTENSION))
    try:
        labelled = importlib.import_module("narrow").labelled
    finally:
        sys.path.remove(str(EXTENSION))
    heads = "".join(f'<th class="head"><p>{name}</p></th>' for name in ("key", "of", "a&amp;b"))
    table = (
        f'<table class="docutils"><tr>{heads}</tr><tr><td>1</td><td>2</td><td>3</td></tr></table>'
    )
    shown = labelled(table)
    assert '<td data-label="a&amp;b">3</td>' in shown
    assert shown.count("data-label") == 3
    command = '<div class="highlight-none notranslate"><pre>ssb new --one-c 2 -- x-y</pre></div>'
    assert '<span class="flag">--one-c</span> 2 -- x-y<' in labelled(command)
    assert labelled('<span class="pre">--one-c</span>') == '<span class="pre flag">--one-c</span>'


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
