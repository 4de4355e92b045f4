"""Imports go one way, and importing the package costs next to nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import ssb_model

PACKAGE = Path(ssb_model.__file__).parent
MAY_IMPORT = {
    "errors": set(),
    "user_files": {"errors"},
    "laws": {"errors"},
    "submodels": {"laws", "errors"},
    "numerics": set(),
    "models": {"numerics", "submodels", "errors"},
    "parameters": {"laws", "errors", "user_files"},
    "cell_numbers": {"laws", "parameters"},
    "cell": {"cell_numbers", "parameters", "models", "state", "laws", "errors"},
    "cell_saving": {"cell", "parameters", "results", "errors"},
    "outcome": set(),
    "progress": set(),
    "pool": set(),
    "plotting": {"analysis"},
    "state": {"laws", "submodels"},
    "holding": {"cell", "parameters", "submodels", "errors"},
    "results": {
        "analysis",
        "plotting",
        "holding",
        "measured",
        "parameters",
        "cell",
        "outcome",
        "reading",
        "state",
        "errors",
    },
    "stopping": set(),
    "endings": {"cell", "numerics", "outcome"},
    "simulate": {"cell", "endings", "errors", "numerics", "outcome", "state", "stopping"},
    "reading": set(),
    "rack": {"cell", "endings", "identity", "numerics", "outcome", "reading", "simulate"},
    "studies": {
        "analysis",
        "cell",
        "errors",
        "identity",
        "models",
        "outcome",
        "parameters",
        "point_journal",
        "pool",
        "progress",
        "protocols",
        "rack",
        "results",
        "simulate",
        "stopping",
        "numerics",
    },
    "remesh": {"numerics", "reading", "simulate", "state"},
    "linearised": {"laws"},
    "small_signal": {
        "cell",
        "numerics",
        "reading",
        "remesh",
        "simulate",
        "state",
        "laws",
        "linearised",
        "errors",
    },
    "spectrum_rack": {
        "cell",
        "errors",
        "identity",
        "linearised",
        "numerics",
        "rack",
        "simulate",
        "small_signal",
    },
    "fitting": {
        "analysis",
        "cell",
        "cell_saving",
        "errors",
        "identity",
        "measured",
        "models",
        "outcome",
        "parameters",
        "progress",
        "protocols",
        "rack",
        "results",
        "simulate",
        "spectrum_rack",
        "stopping",
        "studies",
        "user_files",
    },
    "measured": {"errors", "user_files"},
    "journal": {"journal_file", "errors"},
    "journal_file": {"errors"},
    "point_journal": {"journal_file", "errors"},
    "identity": {"cell", "parameters"},
    "protocols": {
        "analysis",
        "cell",
        "identity",
        "journal",
        "simulate",
        "small_signal",
        "state",
        "results",
        "outcome",
        "parameters",
        "progress",
        "errors",
        "stopping",
    },
    "analysis": {"laws", "errors"},
    "overview": {"cell", "parameters", "laws", "errors"},
    "tables": {"results"},
    "pybamm_sets": {"cell"},
    "cli": {
        "analysis",
        "measured",
        "studies",
        "cell",
        "fitting",
        "holding",
        "parameters",
        "protocols",
        "results",
        "overview",
        "stopping",
        "tables",
        "validation",
        "errors",
    },
    "validation": {
        "analysis",
        "cell",
        "errors",
        "laws",
        "parameters",
        "plotting",
        "pool",
        "progress",
        "protocols",
        "results",
        "tables",
        "user_files",
    },
    "__main__": {"cli"},
    "__init__": {
        "cell",
        "fitting",
        "measured",
        "models",
        "protocols",
        "analysis",
        "studies",
        "validation",
    },
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ssb_model."):
            yield node.module.split(".")[1]


def test_imports_go_one_way():
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for other in set(imported(path)) - {room}:
            assert other in MAY_IMPORT[room], f"{path.relative_to(PACKAGE)} imports {other}"


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
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name
