"""The wheel carries its data and entry points; the README's words are true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ssb_model
from ssb_model.models.options import OWN_OPTIONS
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


def test_readme_examples_run(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 2
    out = python("-c", "".join(blocks), cwd=tmp_path).stdout
    assert "lower voltage cut-off" in out


def test_readme_names_all_options_and_cells():
    text = README.read_text(encoding="utf-8")
    for name, values in OWN_OPTIONS.items():
        for word in (name, *values):
            assert f"`{word}`" in text, word
    changes = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in changes for name in cell_names())


def test_ci_runs_the_readmes_command():
    ci = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert f"    {ci}\n" in README.read_text(encoding="utf-8")
