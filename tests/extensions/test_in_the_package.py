"""What is added to the package itself, and in how few files: done to a copy of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import ssb_model
from tests.extensions.test_contact_law import LAW
from tests.extensions.test_verb import OWN as PILE

PACKAGE = Path(ssb_model.__file__).parent
SETS = PACKAGE.parent / "parameter_sets"
ACME = '''
"""Files of an invented cycler."""

from ssb_model.measured.maker import Maker


class Acme(Maker):
    name = "Acme"
    opening = ("Acme Cycler",)
    columns = {"Zeit": "Time [min]", "Strom": "Current [mA]", "Spannung": "Voltage [mV]"}
    step_types = ("Zustand",)
    charging, discharging = ("laden",), ("entladen",)
'''
RECORD = "Acme Cycler\nZeit;Zustand;Strom;Spannung\n"
RECORD += "0;laden;1,5;3300\n30;laden;1,5;3800\n60;laden;1,5;4200\n"


class Tree:
    """A copy of the package and its data, and how many of its files were touched."""

    def __init__(self, folder: Path):
        self.root, self.touched = folder, []
        skip = shutil.ignore_patterns("__pycache__")
        for source in (PACKAGE, SETS):
            shutil.copytree(source, folder / source.name, ignore=skip)

    def adds(self, name: str, text: str) -> None:
        self.touched.append(name)
        (self.root / name).write_text(text, encoding="utf-8")

    def edits(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.adds(name, text.replace(old, new))

    def runs(self, *commands: list[str]) -> str:
        script = "from ssb_model.cli import main; import sys\n"
        script += "".join(f"assert main({command!r}) == 0\n" for command in commands)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            capture_output=True,
            text=True,
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_a_law_is_one_file_a_cell_its_own_a_column_two_places(tree):
    law = LAW.replace("ssb.register(Power)\n", "").replace("import ssb_model as ssb\n", "")
    tree.adds("ssb_model/submodels/contact_laws/power.py", law)
    material = "parameter_sets/materials/NCM811.toml"
    line = '"Contact power" = { value = 0.15, class = "fitted", source = "a test" }\n'
    tree.adds(material, (tree.root / material).read_text(encoding="utf-8") + line)
    assert len(tree.touched) == 2  # the law, and its line in a material

    cells = "parameter_sets/cells"
    text = (tree.root / cells / "NCM811_LPSCl_Si.toml").read_text(encoding="utf-8")
    tree.adds(f"{cells}/Mine.toml", text)

    before = len(tree.touched)
    tree.edits(
        "ssb_model/quantities/names.py",
        '    Quantity("Mean voltage", ("V",), better="higher"),\n',
        '    Quantity("Mean voltage", ("V",), better="higher"),\n'
        '    Quantity("Median voltage", ("V",), better="higher"),\n',
    )
    tree.edits(
        "ssb_model/verbs/discharge.py",
        '            "Mean voltage [V]": mean,\n',
        '            "Mean voltage [V]": mean,\n'
        '            "Median voltage [V]": float(np.median(voltage)),\n',
    )
    assert len(tree.touched) == before + 2

    how = ["--option", "contact=power", "--option", "mesh=draft", "--c-rate", "0.5"]
    shown = tree.runs(
        ["cells"], ["show", "Mine"], ["discharge", "Mine", *how, "--out", "run", "--json", "-"]
    )
    assert "How contact falls with pressure." in shown
    assert "Mine" in shown.partition("\n\n")[0]
    assert '"Median voltage [V]"' in shown
    curve = pd.read_csv(tree.root / "run" / "discharge.csv")
    assert len(curve) > 10


def test_a_verb_is_two_files_and_a_maker_one(tree):
    own = PILE.replace('ssb.register(Verb("pile", "separators on one another", __name__))\n', "")
    tree.adds("ssb_model/verbs/pile.py", own.replace("from ssb_model.verbs import Verb\n", ""))
    tree.edits(
        "ssb_model/verbs/__init__.py",
        '    Verb("limits", ',
        '    Verb("pile", "separators on one another"),\n    Verb("limits", ',
    )
    assert len(tree.touched) == 2
    tree.adds("ssb_model/measured/makers/acme.py", ACME)
    (tree.root / "measured.csv").write_text(RECORD, encoding="utf-8")
    shown = tree.runs(
        ["pile", "NCM811_LPSCl_Si", "--pressure", "5", "--out", "piled"],
        ["read", "measured.csv"],
    )
    assert "um\n" in shown
    assert "Acme" in shown
    assert (tree.root / "piled" / "pile.csv").is_file()
