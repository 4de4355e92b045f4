"""README and manual: commands and Python run, links and figures are there, nothing is too long."""

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import ssb_model
from ssb_model.cli import main
from ssb_model.models.options import own_options
from ssb_model.parameters.library import cell_names

CHECKOUT = Path(ssb_model.__file__).resolve().parents[1]
PACKAGE = Path(ssb_model.__file__).parent
README, DOCS = CHECKOUT / "README.md", CHECKOUT / "docs"
PAGES = [
    README,
    *(
        path for path in sorted(DOCS.rglob("*.md")) if "distribution" not in path.parts
    ),  # for others
]
BEGINNINGS = (README, DOCS / "index.md", DOCS / "python.md")  # show what a run gave
QUICK = ("cells", "show", "discharge", "limits", "rate-test")  # are run, others asked for help
OF_A_READER = (".csv", ".toml", ".py")  # files that only a reader has

pytestmark = pytest.mark.skipif(
    not README.is_file(), reason="an installed package has no checkout around it"
)


def name_of(page):
    return page.relative_to(CHECKOUT).as_posix()


def commands(page):
    """The words after ``ssb`` of each command in an indented block."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"^    .*\bssb .*$", text, re.M):
        yield shlex.split(line.partition("ssb ")[2], comments=True)


def blocks(page):
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)


@cache
def help_of(verb):
    done = subprocess.run(
        [sys.executable, "-m", "ssb_model", verb, "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0, f"no command {verb}"
    return set(re.findall(r"--[\w-]+", done.stdout))


COMMANDS = {shlex.join(words): words for page in PAGES for words in commands(page)}
RUN = {
    command: words
    for command, words in COMMANDS.items()
    if words[0] in QUICK and not any(word.endswith(OF_A_READER) for word in words)
}


def test_there_are_commands_and_python():
    begin = DOCS / "index.md"
    assert all(list(commands(page)) and blocks(page) for page in (README, begin))
    assert len(RUN) > 8


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one(command):
    verb, *words = COMMANDS[command]
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert options <= help_of(verb)
    if words and not words[0].startswith("-") and verb not in ("validate", "read", "materials"):
        assert words[0] in cell_names() or words[0].endswith(".toml")


@pytest.mark.parametrize("command", RUN)
def test_quick_commands_run(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(RUN[command]) == 0
    assert capsys.readouterr().out
    if "--out" in RUN[command]:
        assert list(tmp_path.glob("*/*.json"))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name_of)
def test_python_runs(page, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "".join(blocks(page))],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout
    if page in BEGINNINGS:
        assert "lower voltage cut-off" in done.stdout


def test_the_manual_names_all_options_and_cells():
    text = (DOCS / "model.md").read_text(encoding="utf-8")
    for name, values in own_options().items():
        for word in (name, *values):
            assert f"`{word}`" in text, word
    changes = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in changes for name in cell_names())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_every_page_is_reached_from_the_first():
    seen, found = set(), {DOCS / "index.md"}
    while found - seen:
        page = (found - seen).pop()
        seen.add(page)
        links = re.findall(r"\]\((?!http)([^)#]+\.md)", page.read_text(encoding="utf-8"))
        found |= {(page.parent / link).resolve() for link in links}
    assert set(PAGES) - {README} <= seen


def test_the_builders_of_rows_are_where_the_manual_says():
    page = (DOCS / "contributing.md").read_text(encoding="utf-8")
    table = page.partition("| built by |")[2].partition("\n\n")[0]
    for cell in table.splitlines()[2:]:
        files = re.findall(r"`(\w+/\w+\.py)`", cell)
        text = "".join((PACKAGE / name).read_text(encoding="utf-8") for name in files)
        for name in re.findall(r"`(?:\w+\.)?(\w+)`", cell.rpartition("|")[0].rpartition("|")[2]):
            assert re.search(rf"\b(def )?{name}\b( = |\()", text), name


def test_the_readme_is_short_and_shows_small_figures():
    text = README.read_text(encoding="utf-8")
    figures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(text.splitlines()) <= 150
    assert len(figures) == 3
    assert all((CHECKOUT / one).stat().st_size < 150_000 for one in figures)


def test_ci_runs_the_readmes_command():
    ci = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert f"    {ci}\n" in README.read_text(encoding="utf-8")
