"""Half cells: one electrode of a cell against lithium is the electrode the cell has."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.parameters.half_cell import half_cell_text
from ssb_model.parameters.library import cell_path

FULL = "NCM523_LPSCl_Graphite"
SLOW = {"reference diffusivity [m2.s-1]": 2e-14}  # so that lithium lies unevenly in a layer
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


SILICON = "NCM811_LPSCl_Si"


def potential_of_layer(cell, side, current, branch, seconds=900.0):
    """The same of a dense layer half full, whose collector is across all of its thickness."""
    values = cell.parameter_values.copy()
    for each in {side, "positive"}:
        host = values[f"Maximum concentration in {each} electrode [mol.m-3]"]
        values[f"Initial concentration in {each} electrode [mol.m-3]"] = 0.5 * host
    values[f"Initial {side} hysteresis state"] = branch
    values["Lower voltage cut-off [V]"], values["Upper voltage cut-off [V]"] = -5.0, 10.0
    values["Current function [A]"] = current if side == "negative" else -current
    model, at = cell.model({"mesh": "coarse"}), pybamm.boundary_value
    if side == "negative":
        seen = -model.variables["Lithium metal interface electrolyte potential [V]"]
    else:
        potentials = (f"Positive {name} potential [V]" for name in ("electrode", "electrolyte"))
        solid, ions = (model.variables[name] for name in potentials)
        thickness, sigma = (
            cell.evaluate(f"Positive electrode {name}")
            for name in ("thickness [m]", "active material conductivity [S.m-1]")
        )
        across = current / cell.design.area * thickness / sigma  # is in series, as faces are
        seen = at(solid, "right") - at(ions, "left") + across
    model.variables["Seen [V]"] = seen
    names = ("Seen [V]", f"{side.capitalize()} electrode stoichiometry")
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, seconds])
    at_times = np.linspace(1, seconds, 30)
    return [np.ravel(solution[name](at_times)) for name in names]


@pytest.mark.parametrize(("c_rate", "branch"), [(0.5, -1.0), (-0.5, 1.0)])
def test_half_and_whole_cell_share_a_dense_layer_to_a_millivolt(tmp_path, c_rate, branch):
    """A voids' share, a rough face, hysteresis and diffusion through the depth included."""
    path, with_voids = tmp_path / "half.toml", tmp_path / "whole.toml"
    text, dense = cell_path(SILICON).read_text(encoding="utf-8"), '"Porosity" = { value = 0.0,'
    assert dense in text
    with_voids.write_text(text.replace(dense, dense.replace("0.0", "0.2")), encoding="utf-8")
    ssb.half_cell(str(with_voids), path, "negative", "Li")
    whole, half = ssb.load_cell(with_voids), ssb.load_cell(path)
    slow = {f"{{}} particle {name}": value for name, value in SLOW.items()}
    whole, half = (
        cell.with_values({name.format(side): value for name, value in slow.items()})
        for cell, side in ((whole, "Negative"), (half, "Positive"))
    )
    current = c_rate * whole.design.one_c * whole.design.area
    seen, lithium = potential_of_layer(whole, "negative", current, branch)
    as_half, as_much = potential_of_layer(half, "positive", current, branch)
    assert as_much == pytest.approx(lithium, abs=1e-6)
    assert as_half == pytest.approx(seen, abs=1e-3)
    assert np.ptp(seen) > 0.02


def test_what_form_an_electrode_has_is_said_by_its_file():
    with pytest.raises(InputError, match="the positive electrode of .* is a composite; another"):
        ssb.load_cell(FULL).with_options({"positive electrode": "layer"})


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
        (["NCM811_LPSCl_Li", "x.toml", "--electrode", "negative"], "a foil against a foil"),
        ([FULL, "x.toml", "--counter", "Mg"], "Known: Li, Li-In"),
        ([FULL, "x.txt"], "ends in .toml"),
    ],
)
def test_what_is_no_half_cell_is_refused(tmp_path, monkeypatch, capsys, typed, says):
    monkeypatch.chdir(tmp_path)
    assert main(["half-cell", *typed]) == 2
    assert says in capsys.readouterr().err
    assert not any(tmp_path.iterdir())
