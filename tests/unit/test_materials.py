"""The materials that come along: listed, sourced, each in a cell that loads with what it holds."""

import json

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.engine.engine import Engine
from ssb_model.errors import CellFileError
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters.materials import (
    ELECTROLYTE,
    POSITIVE_ELECTRODE,
    material_names,
    materials_of,
)
from ssb_model.parameters.new_cell import Known, cell_text
from ssb_model.parameters.potentials import at, potential
from tests.runs import run, save_cell

FIRST_CHARGE = {  # mAh/g to 4.3 V against Li, what layered oxides of these names give
    "NCM811": (210, 240), "NCM811_bare": (210, 240), "NCM811_coated": (210, 240),
    "NCM83": (210, 250), "NCM90": (210, 260),
    "NCM622": (185, 205), "NCM523": (165, 205), "NCM111": (160, 200), "NCA": (180, 230),
    "LCO": (150, 180),
}  # fmt: skip


def made(folder, composition, upper=4.3):
    path = folder / "cell.toml"
    known = Known(composition=composition, upper=upper, against="Li")
    path.write_text(cell_text(known, "a cell", "this test"), encoding="utf-8")
    return ssb.load_cell(path)


@pytest.mark.parametrize("name", FIRST_CHARGE)
def test_every_oxide_gives_the_first_charge_its_name_promises(tmp_path, name):
    cell = made(tmp_path, f"{name}=70,LPSCl=30")
    charge = cell.window.first_charge / cell.design.positive.mass_of_active / 3600
    connected = cell.design.positive.utilisation
    low, high = FIRST_CHARGE[name]
    assert low < charge / connected < high
    curve = potential(cell.design.file.positive.entry("Open-circuit potential [V]"))
    volts = [at(curve, x) for x in np.linspace(cell.window.positive_full, 0.97, 60)]
    assert np.all(np.diff(volts) < 2e-3)  # falls as lithium goes in, but for what a fit wobbles


def test_no_oxide_is_left_out():
    assert set(FIRST_CHARGE) == set(materials_of(POSITIVE_ELECTRODE))


def test_every_electrolyte_is_as_conductive_as_its_file_says(tmp_path):
    for name in materials_of(ELECTROLYTE):
        cell = made(tmp_path, f"NCM811=70,{name}=30")
        se = cell.design.file.separator.electrolyte
        assert cell.entries["Electrolyte reference conductivity [S.m-1]"].value == pytest.approx(
            se["Reference conductivity [S.m-1]"].value
        )
        assert 1.5e3 < se["Density [kg.m-3]"].value < 2.3e3


def test_the_list_says_what_each_is_and_where_it_is_used():
    rows = {row["Material"]: row for row in ssb.materials().rows}
    assert set(rows) == set(material_names())
    assert rows["NCM111"]["Like"] == "NCM523"
    assert rows["NCM111"]["As another"] > 15
    assert "NCM811_LPSCl_Si" in rows["LPSCl"]["Used in"]
    assert {row["Kind"] for row in rows.values()} == {
        "positive electrode", "negative electrode", "electrolyte", "carbon", "binder",
    }  # fmt: skip
    assert "ssb materials NCM811" in str(ssb.materials())


def test_every_number_of_one_with_the_file_that_says_it(capsys):
    assert main(["materials", "NCM111", "--json", "-"]) == 0
    rows = {row["Parameter"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert rows["Conductivity slope"]["Said by"] == "NCM111"
    assert rows["Conductivity slope"]["Class"] == "fitted"
    assert rows["Layer modulus"]["Said by"] == "NCM523"
    assert rows["Density"]["Range"] == "4.65 .. 4.78"


def test_one_of_my_own_starts_from_the_nearest(tmp_path, capsys):
    path = tmp_path / "NCM70.toml"
    density = '"Density [g.cm-3]" = { value = 4.76, class = "measured", source = "mine" }'
    path.write_text(f'title = "Mine"\nlike = "NCM811"\n{density}\n', encoding="utf-8")
    rows = {row["Parameter"]: row for row in ssb.materials(path).rows}
    assert (rows["Density"]["Said by"], rows["Density"]["Value"]) == ("NCM70", 4.76)
    assert rows["Volume change"]["Said by"] == "NCM811"
    path.write_text(f'like = "NCM811"\n{density.replace("Density", "Densitty")}\n')
    assert main(["materials", str(path)]) == 2
    assert "Nearest: Density" in capsys.readouterr().err


def test_one_that_is_not_there_is_named_with_the_nearest(capsys):
    assert main(["materials", "LPSC"]) == 2
    assert "material 'LPSC' is not known. Nearest: LPSCl" in capsys.readouterr().err
    with pytest.raises(CellFileError, match="not known"):
        ssb.materials("NCM911")


@pytest.mark.parametrize(("anode", "low", "high"), [("LTO", 1.9, 2.5)])
def test_new_anodes_run_at_their_voltage(tmp_path, anode, low, high):
    path = tmp_path / "cell.toml"
    known = Known(composition="NCM622=70,LPSCl=27,C65=3", anode=anode)
    path.write_text(cell_text(known, "a cell", "this test"), encoding="utf-8")
    result = ssb.discharge(path, c_rate=0.1)
    voltage = result.data["Voltage [V]"].values
    assert low < float(np.median(voltage)) < high
    assert result.rows[0]["Capacity [mA.h.g-1]"] > 100


def test_graphite_without_electrolyte_inside_is_filled_by_its_own_diffusion(tmp_path):
    """Steadily filled through one face, a slab has i L / (3 F c D) more at the face than in all."""
    text = cell_text(Known(anode="Si", loading=15.0, stack_pressure=20.0), "dry", "this test")
    path = tmp_path / "dry.toml"
    path.write_text(text.replace('"silicon"', '"graphite"'), encoding="utf-8")
    D, density = 1e-12, 2.0  # m2 s-1, A m-2
    cell = ssb.load_cell(path).with_recipe({"graphite: Reference diffusivity [m2.s-1]": D})
    assert cell.entries["Negative particle diffusivity ratio lithiated to empty"].value == 1
    layer = cell.design.negative
    settled = 2 * layer.thickness**2 / D
    solution = run(Engine(cell.at_soc(0.3)), -density, 20e6, 298.15, longest=settled).solution
    face, mean = (
        float(solution[f"Negative electrode {name}stoichiometry"].entries.ravel()[-1])
        for name in ("surface ", "")
    )
    steeper = density * layer.thickness / (3 * FARADAY * layer.c_max * D)
    assert face - mean == pytest.approx(steeper, rel=0.02)
    assert face - mean > 1e-3


def test_a_cell_is_saved_with_what_its_materials_are_like(tmp_path):
    """A material beside the cell, like another beside it: both lie beside the copy."""
    (tmp_path / "base.toml").write_text('like = "NCM811"\n', encoding="utf-8")
    (tmp_path / "mine.toml").write_text('like = "base"\n', encoding="utf-8")
    path = tmp_path / "cell.toml"
    text = cell_text(Known(), "a cell", "this test").replace("NCM811", "mine")
    path.write_text(text, encoding="utf-8")
    cell = ssb.load_cell(path)
    again = tmp_path / "elsewhere" / "again.toml"
    written = save_cell(cell, again, {})
    assert {one.name for one in written} == {"again.toml", "mine.toml", "base.toml"}
    assert ssb.load_cell(again).window == cell.window
