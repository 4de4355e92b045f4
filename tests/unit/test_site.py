"""The manual builds as a site: every page is read, every link within it and every name found.

The examples of the gallery are not run here: ``python -m docs.build`` runs them.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ssb_model

CHECKOUT = Path(ssb_model.__file__).resolve().parents[1]
DOCS = CHECKOUT / "docs"
GALLERY = sorted((DOCS / "gallery").glob("plot_*.py"))

pytestmark = pytest.mark.skipif(
    not DOCS.is_dir(), reason="an installed package has no manual around it"
)


def test_it_builds_without_a_warning(tmp_path):
    for module in ("sphinx", "myst_parser", "furo", "sphinx_gallery", "latex2mathml"):
        pytest.importorskip(module, reason="needs the extra 'docs'")
    done = subprocess.run(
        [sys.executable, "-m", "docs.build", "--check", "--home", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    source = tmp_path / "source"
    for name in ("micro_contact", "cover", "transport"):  # functions below what a page says
        page = (source / "theory" / f"{name}.md").read_text(encoding="utf-8")
        assert f"automodule:: ssb_model.laws.{name}" in page
    cell = (source / "theory" / "cell.md").read_text(encoding="utf-8")
    assert "autoclass:: ssb_model.submodels.kinetics.ContactKinetics" in cell
    contents = (source / "index.md").read_text(encoding="utf-8")
    pages = {path.relative_to(source).with_suffix("").as_posix() for path in source.rglob("*.md")}
    named = set(re.findall(r"^[\w/-]+$", contents, re.M))
    howtos = {page for page in pages if page.startswith("howto/")}
    assert howtos <= named


def test_the_gallery_is_large_enough_and_every_example_leaves_a_figure():
    assert len(GALLERY) >= 20
    for path in GALLERY:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        title, line = ast.get_docstring(tree).splitlines()[:2]
        assert set(line) == {"="}, path.name
        assert len(line) >= len(title), path.name
        made = {
            name.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        assert "figure" in made, path.name


def test_every_law_has_a_page_that_says_how_it_was_checked_and_what_it_cannot_do():
    for path in (DOCS / "theory").glob("*.md"):
        if path.stem != "index":
            text = path.read_text(encoding="utf-8")
            assert "## How it was checked" in text, path.name
            assert "## What it cannot do" in text, path.name
            for test in re.findall(r"`(tests/[\w/]+\.py)`", text):
                assert (CHECKOUT / test).is_file(), f"{path.name}: {test}"


def test_what_people_ask_has_its_page():
    """The words of each question stand on its page, or are keywords of it, so that it is found.

    ``python -m docs.search`` asks them in a browser, of the site that was built.
    """
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        from asked import KEYWORDS, QUESTIONS
    finally:
        sys.path.remove(str(DOCS / "_ext"))
    assert len(QUESTIONS) >= 10
    for question, pages in QUESTIONS.items():
        for page in pages.split():
            if page.startswith(("reference/", "gallery/")):
                continue
            said = (DOCS / f"{page}.md").read_text(encoding="utf-8") + KEYWORDS.get(page, "")
            for word in set(re.findall(r"\w+", question)) - {"is", "it", "to", "of", "the", "a"}:
                stem = re.sub(r"(ing|ed|s|e)$", "", word.lower())
                assert stem in said.lower(), f"{question}: '{word}' is not on {page}"
