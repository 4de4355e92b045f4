"""The wheel carries its data and entry points; the source, manual and cases too."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import ssb_model
from ssb_model.parameters.library import cell_names

CHECKOUT = Path(ssb_model.__file__).resolve().parents[1]
README = CHECKOUT / "README.md"

pytestmark = pytest.mark.skipif(
    not README.is_file(), reason="an installed package has no checkout around it"
)


def python(*arguments, **keywords):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True, **keywords
    )


def test_wheel(tmp_path):
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(CHECKOUT)]
    python(*build)
    wheel = next(tmp_path.glob("*.whl"))
    home = tmp_path / "home"
    python("-m", "pip", "install", "-q", "--no-deps", "--target", str(home), str(wheel))
    script = (
        "import ssb_model, pybamm; from ssb_model.parameters.library import data_folder;"
        "print(ssb_model.__file__, data_folder(), sep='\\n');"
        "print(len(pybamm.ParameterValues('NCM523_LPSCl_InLi').keys()) > 100);"
        "print(pybamm.Model('SolidStateDFN').name)"
    )
    # away from the checkout, the wheel first on the path
    lines = python("-c", f"import sys; sys.path.insert(0, {str(home)!r}); {script}", cwd=tmp_path)
    module, folder, found, name = lines.stdout.split("\n")[:4]
    assert module.startswith(str(home))
    assert folder == str(home / "ssb_model" / "parameter_sets")
    assert (found, name) == ("True", "Solid-state DFN model")


def test_the_source_carries_manual_and_cases_and_the_wheel_does_not(tmp_path):
    for kind in ("--sdist", "--wheel"):
        python("-m", "build", kind, "--no-isolation", "--outdir", str(tmp_path), str(CHECKOUT))
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert {"docs/index.md", "docs/figures/limits.png", "validation/closures.py"} <= names
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        rooms = {name.partition("/")[0] for name in wheel.namelist()}
        assert "ssb_model/samples/titration_biologic.mpt" in wheel.namelist()
        assert "ssb_model/py.typed" in wheel.namelist()
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"ssb_model"}


def test_a_cell_is_its_file_alone(tmp_path):
    """Another file in ``parameter_sets`` is another parameter set of PyBaMM's."""
    from ssb_model.cell import pybamm_sets

    tree = tmp_path / "tree"
    for name in ("ssb_model", "parameter_sets"):
        shutil.copytree(CHECKOUT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "docs").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "docs/glossary.md"):
        shutil.copy(CHECKOUT / name, tree / name)
    cells = tree / "parameter_sets" / "cells"
    shutil.copy(cells / "NCM811_LPSCl_Li.toml", cells / "Mine.toml")
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(tree))
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith("entry_points.txt"))
        points = wheel.read(name).decode()
        assert "ssb_model/explorer/glossary.md" in wheel.namelist()
    for cell in (*cell_names(), "Mine"):
        assert f"{cell} = ssb_model.cell.pybamm_sets:{cell}" in points
    assert "SolidStateDFN = ssb_model.models:SolidStateDFN" in points
    assert pybamm_sets.NCM811_LPSCl_Li()["Upper voltage cut-off [V]"] == pytest.approx(4.3, abs=0.3)


def test_the_conda_recipe_asks_for_what_the_package_asks_for():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    recipe = (CHECKOUT / "docs" / "distribution" / "conda" / "recipe.yaml").read_text("utf-8")
    asked = (
        recipe.partition("  run:")[2]
        .partition("tests:")[0]
        .replace("matplotlib-base", "matplotlib")
    )
    for each in project["dependencies"]:
        name, needs = re.match(r"([\w-]+)(.*)", each).groups()
        assert f"- {name} {needs}\n" in asked, each
    assert f'python_min: "{project["requires-python"].removeprefix(">=")}"' in recipe
    for text in (recipe, (CHECKOUT / "CITATION.cff").read_text("utf-8")):
        assert re.search(rf'version: "?{re.escape(ssb_model.__version__)}"?\n', text)
