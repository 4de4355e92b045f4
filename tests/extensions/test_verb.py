"""A verb of one's own: one file outside the package, in the shell as any other."""

import json
import os

import pytest

from ssb_model.cli import main

OWN = """
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import ssb_model as ssb
from ssb_model.verbs import Verb
from ssb_model.verbs.options import Option, StackPressure
from ssb_model.verbs.result import Result

TIMES = 2.0


def pile(
    cell: ssb.Cell,
    times: Annotated[float, Option("cells on one another, {default}")] = TIMES,
    stack_pressure: StackPressure = None,
) -> Pile:
    thickness = 1e6 * times * cell.evaluate("Separator thickness [m]")
    return Pile(cell, [{"thickness_um": thickness, "Stack pressure [MPa]": stack_pressure / 1e6}])


@dataclass(frozen=True, repr=False)
class Pile(Result):
    kind = "pile"

    cell: ssb.Cell
    rows: list

    @property
    def text(self) -> str:
        return f"{self.title}: {self.rows[0]['thickness_um']:g} um"

    def plot(self):
        from matplotlib.figure import Figure

        return Figure()


ssb.register(Verb("pile", "separators on one another", __name__))
"""


def test_a_verb_of_one_s_own_is_one_file(tmp_path, capsys):
    file = tmp_path / "piles.py"
    file.write_text(OWN)
    own = ["pile", "--with", str(file)]
    with pytest.raises(SystemExit):
        main([*own, "--help"])
    assert "cells on one another, 2" in capsys.readouterr().out
    command = [*own, "NCM811_LPSCl_Si", "--pressure", "5", "--out", str(tmp_path / "out")]
    assert main(command) == 0
    assert "um\n" in capsys.readouterr().out
    assert os.environ["SSB_MODEL_WITH"].split(os.pathsep) == [str(file)]
    assert (
        (tmp_path / "out" / "pile.csv").read_text().startswith("thickness_um,Stack pressure [MPa]")
    )
    payload = json.loads((tmp_path / "out" / "pile.json").read_text())
    assert payload["rows"][0]["Stack pressure [MPa]"] == 5


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Option(", "Optoin(", "pile, times: name 'Optoin' is not defined"),
        ("= TIMES,", "= LATER,", "name 'LATER' is not defined"),
        ("def pile", "def heap", "has no function 'pile'"),
    ],
)
def test_a_verb_of_one_s_own_that_cannot_be_read_is_one_line(old, new, complaint, tmp_path, capsys):
    file = tmp_path / "wrong.py"
    file.write_text(OWN.replace(old, new))
    assert main(["pile", "--with", str(file), "A"]) == 2
    err = capsys.readouterr().err
    assert complaint in err
    assert err.count("\n") == 1


def test_a_file_that_cannot_be_used_is_one_line(tmp_path, capsys):
    for verb in ("pile", "discharge"):
        assert main([verb, "NCM811_LPSCl_Si", "--with", str(tmp_path / "none.py")]) == 2
        assert "none.py" in capsys.readouterr().err
