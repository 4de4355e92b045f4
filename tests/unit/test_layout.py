"""Imports go one way, and importing the package costs next to nothing."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import ssb_model

PACKAGE = Path(ssb_model.__file__).parent
FLOORS = (  # from the ground up: a room may import what lies below it
    "errors",
    "extensions",
    "laws",
    "numerics",
    "quantities",
    "system",
    "submodels",
    "models",
    "parameters",
    "cell",
    "engine",
    "experiments",
    "measured",
    "analysis",
    "figures",
    "studies",
    "fitting",
    "verbs",
    "validation",
    "explorer",
    "cli",
)


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ssb_model."):
            yield node.module.split(".")[1]


def test_imports_go_one_way():
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room in ("__init__", "__main__"):  # the doors: they hand on what lies anywhere
            continue
        for other in set(imported(path)) - {room}:
            below = FLOORS.index(other) < FLOORS.index(room)
            assert below, f"{path.relative_to(PACKAGE)} imports {other} from above"


def test_no_modules_import_each_other_in_a_circle():
    """Whether at the top or within a function."""
    modules = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in PACKAGE.rglob("*.py")
    }
    imports = {}
    for name, path in modules.items():
        found = imports[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        found &= modules.keys() - {name, PACKAGE.name}  # the door hands on what lies anywhere
    TopologicalSorter(imports).prepare()


def test_the_manual_shows_the_floors():
    page = PACKAGE.parent / "docs" / "contributing.md"
    if page.is_file():  # an installed package has no manual
        shown = re.findall(r"^\| (\d+) \| `(\w+)`", page.read_text(encoding="utf-8"), re.M)
        assert shown == [(str(floor), room) for floor, room in enumerate(FLOORS, 1)]


def test_laws_need_no_pybamm():
    for path in (PACKAGE / "laws").glob("*.py"):
        assert "pybamm" not in {
            name.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import)
            for name in node.names
        }


def test_import_is_light():
    script = (
        "import sys, ssb_model;"
        "print([m for m in ('pybamm', 'scipy', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_files_stay_small():
    for path in PACKAGE.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name


def test_units_are_converted_in_one_place():
    """Not by factors in the rooms that make rows, words and figures of numbers in SI."""
    by_hand = re.compile(r"[/*] ?(1e-?[346]|3\.6(e\d)?|3600)\b|\b(1e[346]|3\.6(e\d)?) \*|273\.15")
    shares = {"1e-3 * high", "1e-3 * current", "* 1e-3", "1e3 * modulus"}  # of a value, no units
    rooms = {*FLOORS[FLOORS.index("parameters") :]} - {"explorer"}  # bytes of files there
    for path in (path for room in rooms for path in (PACKAGE / room).rglob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            of_a_share = any(share in line for share in shares) or line.startswith("REST = ")
            assert of_a_share or not by_hand.search(line), f"{path.name}: {line.strip()}"
