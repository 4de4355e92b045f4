"""Cells of the package whose cathode potential is a table of the same curve."""

import re
from pathlib import Path

import numpy as np
import pybamm

import ssb_model as ssb
from ssb_model.parameters.library import cell_path, data_folder

POINTS = 120


def tabled(name: str, folder: Path, points: int = POINTS) -> Path:
    """The file of a cell with its cathode material beside it, tabled."""
    text = cell_path(name).read_text(encoding="utf-8")
    (material,) = re.findall(r'\[positive\][^\[]*?\nactive_material = "(\w+)"', text)
    cell = ssb.load_cell(name)
    low, high = sorted(cell.window.at(at)[1] for at in (0.0, 1.0))
    sto = np.linspace(0.9 * low, min(high + 0.02, 0.9999), points)
    values = cell.parameter_values
    potential = values["Positive electrode OCP [V]"]
    volts = [float(values.evaluate(potential(pybamm.Scalar(x)))) for x in sto]
    np.savetxt(
        folder / "potential.csv",
        np.column_stack([sto, volts]),
        delimiter=",",
        header="x,U",
        comments="",
    )
    lines = (data_folder() / "materials" / f"{material}.toml").read_text(encoding="utf-8")
    line = re.search(r'^"Open-circuit potential \[V\]" = .*$', lines, re.M)[0]
    new = '"Open-circuit potential [V]" = { table = "potential.csv", class = "derived", '
    new += 'source = "the curve of the package, tabled" }'
    (folder / f"{material}.toml").write_text(lines.replace(line, new), encoding="utf-8")
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path
