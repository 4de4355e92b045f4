"""The graphite half cells repeat some numbers of other files: they must stay the same."""

from __future__ import annotations

import tomllib
from pathlib import Path

CASE = Path(__file__).parents[2] / "validation" / "graphite_half_cell"


def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_both_cells_have_the_one_fitted_diffusivity():
    key = "Reference diffusivity [m2.s-1]"
    first, second = (_read(CASE / f"{name}.toml")["positive"][key] for name in ("Gr40", "Gr80"))
    assert first == second
    assert first["class"] == "fitted"


def test_targets_are_the_rates_the_fit_reads():
    lines = (CASE / "rates.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if line[0].isdigit()]
    targets = [one for one in _read(CASE / "case.toml")["target"] if one["use"] != "report"]
    for column, cell in ((1, "Gr40"), (2, "Gr80")):
        of_cell = [one["value"] for one in targets if one["model"]["run"] == cell]
        assert of_cell == [float(row[column]) for row in rows]
