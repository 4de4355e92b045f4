"""Half cells: one electrode of a cell against lithium is the electrode the cell has."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.parameters.half_cell import half_cell_text
from ssb_model.parameters.library import cell_path

FULL = "NCM523_LPSCl_Graphite"
SIDES = {"positive": ("right", "left"), "negative": ("left", "right")}  # collector, separator


def potential(cell, side, lithium, current, seconds=1800.0):
    """Of an electrode's collector against the electrolyte at its separator, under a current [V].

    ``lithium`` is its content at the start, a positive ``current`` [A] takes some out of it.
    """
    model, values = cell.model({"mesh": "coarse"}), cell.parameter_values.copy()
    host = values[f"Maximum concentration in {side} electrode [mol.m-3]"]
    values[f"Initial concentration in {side} electrode [mol.m-3]"] = lithium * host
    values["Lower voltage cut-off [V]"], values["Upper voltage cut-off [V]"] = -5.0, 10.0
    values["Current function [A]"] = current if side == "negative" else -current
    collector, separator = SIDES[side]
    Side = side.capitalize()
    model.variables["Seen [V]"] = pybamm.boundary_value(
        model.variables[f"{Side} electrode potential [V]"], collector
    ) - pybamm.boundary_value(model.variables[f"{Side} electrolyte potential [V]"], separator)
    simulation = pybamm.Simulation(model, parameter_values=values)
    return simulation.solve([0, seconds])["Seen [V]"](np.linspace(1, seconds, 30))


@pytest.mark.parametrize(("side", "counter"), [("positive", "Li"), ("negative", "Li-In")])
def test_half_and_whole_cell_share_one_electrode_to_a_millivolt(tmp_path, side, counter):
    path = tmp_path / "half.toml"
    ssb.half_cell(FULL, path, side, counter)
    whole, half = ssb.load_cell(FULL), ssb.load_cell(path)
    current = 0.2 * whole.design.one_c * whole.design.area
    out = current if side == "positive" else -current
    seen = potential(whole, side, 0.6, out)
    assert potential(half, "positive", 0.6, out) == pytest.approx(seen, abs=1e-3)
    assert np.ptp(seen) > 5e-3


def test_it_runs_between_cut_offs_against_lithium(tmp_path, capsys):
    path = tmp_path / "half.toml"
    typed = ["half-cell", FULL, str(path), "--electrode", "negative", "--counter", "Li-In"]
    assert main(typed) == 0
    assert f"ssb discharge {path}" in capsys.readouterr().out
    cell = ssb.load_cell(path).with_options({"mesh": "draft"})
    assert cell.evaluate("Upper voltage cut-off [V]") < 0.6  # 1.09 against lithium
    given = ssb.discharge(cell, 0.05).row
    assert given["Stopped by"] == "lower voltage cut-off"
    assert 250 < given["Capacity [mA.h.g-1]"] < 372


def test_choices_and_changes_go_with_their_electrode():
    text = cell_path(FULL).read_text(encoding="utf-8") + (
        '\n[options]\nfilm = ["none", "constant"]\nmesh = "coarse"\n\n[changes]\n'
        '"negative: Porosity" = { value = 0.2, class = "setting", source = "here" }\n'
        '"positive: Porosity" = { value = 0.1, class = "setting", source = "here" }\n'
        '"Negative electrode roughness" = { value = 1, class = "setting", source = "here" }\n'
    )
    found = half_cell_text(text, "negative", "Li", (0.02, 1.0), "graphite | LPSCl | Li")
    assert 'film = "none"' in found
    assert 'mesh = "coarse"' in found
    assert '"positive: Porosity" = { value = 0.2' in found
    assert 'value = 0.1, class = "setting"' not in found
    assert '"Positive electrode roughness"' in found
    assert "ageing" not in found


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["NCM811_LPSCl_Si", "x.toml", "--electrode", "negative"], "only composites stand"),
        ([FULL, "x.toml", "--counter", "Mg"], "Known: Li, Li-In"),
        ([FULL, "x.txt"], "ends in .toml"),
    ],
)
def test_what_is_no_half_cell_is_refused(tmp_path, monkeypatch, capsys, typed, says):
    monkeypatch.chdir(tmp_path)
    assert main(["half-cell", *typed]) == 2
    assert says in capsys.readouterr().err
    assert not any(tmp_path.iterdir())
