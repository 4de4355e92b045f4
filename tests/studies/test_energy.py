"""A cell as a product: its mass and volume by hand, its limits, what is refused."""

import json
from math import ceil, pi, sqrt

import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.laws import packing as law
from ssb_model.quantities.units import split
from ssb_model.studies.packing import Packing, swelling
from ssb_model.studies.packing_numbers import NUMBERS, with_own

A = "NCM811_LPSCl_Si"
PRESSURE, WARM = 5e6, 303.15


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(A)


def packed(cell, pressure=PRESSURE, **how):
    return Packing(**how).of(cell, pressure, WARM)


def mass(of, **named):
    return sum(
        part.mass for part in of.parts if all(getattr(part, k) == v for k, v in named.items())
    )


def test_a_bilayer_is_two_cathodes_on_one_foil_and_many_layers_have_half_a_foil_each():
    assert law.sheets(1) == (1, 1)
    assert law.sheets(2) == (1, 2)
    assert law.sheets(3) == (2, 2)
    assert law.sheets(2000) == (1000, 1001)


def test_the_product_is_what_a_hand_reckons(cell):
    """From weights, sizes and constants alone; a stack of three in plates at 5 MPa, and in gas."""
    of, n = packed(cell, layers=3, holder="plates"), 3
    w, h = 0.015, 0.035  # Chen2024
    loading = 0.193 * 100.1 / 66  # composite, from active material
    separator = cell.design.separator
    dense = 99.9 / 1860 + 0.1 / 2200  # per mass, LPSCl and PTFE
    sep = separator.thickness * (1 - separator.porosity) * 100 / dense
    silicon = cell.design.negative.thickness * 2330
    anode, wide = (w + 2e-3) * (h + 2e-3), (w + 4e-3) * (h + 4e-3)
    foot = (w + 14e-3) * (h + 14e-3)
    bare = n * (w * h * loading + wide * sep + anode * silicon)
    bare += 2 * w * h * 12e-6 * 2700 + 2 * anode * 10e-6 * 8960
    bare += 0.3 * w * 20e-3 * 0.1e-3 * (2700 + 8900) + 2 * foot * 0.18
    thick = n * (cell.design.positive.layer.thickness + separator.thickness)
    thick += n * (cell.design.negative.thickness + swelling(cell))
    thick += 2 * 12e-6 + 2 * 10e-6 + 2 * 113e-6
    assert mass(of, of_holder=False) == pytest.approx(bare, rel=1e-9)
    assert of.thickness == pytest.approx(thick, rel=1e-12)
    short, long = w + 14e-3, h + 14e-3
    bolts = 2 * (1 + ceil(long / short))
    d = sqrt(4 * PRESSURE * w * h / (0.8 * pi * bolts * 290e6))
    span = short + d
    t = max(
        span * sqrt(0.75 * PRESSURE / 140e6),
        (5 * PRESSURE * span**4 / (32 * 200e9 * 1e-3 * span)) ** (1 / 3),
    )
    plate = (short + 4 * d) * (long + 4 * d)
    steel = 7850 * (2 * t * plate + bolts * pi * d**2 / 4 * (thick + 2 * t + 4 * d))
    assert mass(of, of_holder=True) == pytest.approx(steel, rel=1e-9)
    row = of.row(13.0)  # mW h cm-2
    watt_hours = 13.0 * 1e-3 * n * w * h * 1e4
    assert row["Specific energy [W.h.kg-1]"] == pytest.approx(watt_hours / (bare + steel), rel=1e-9)
    litres = plate * (thick + 2 * t) * 1e3
    assert row["Energy density [W.h.L-1]"] == pytest.approx(watt_hours / litres, rel=1e-9)

    gas = packed(cell, layers=3, holder="gas")
    volume = foot * thick / 0.37
    wall = 1.5 * 7850 * PRESSURE * volume / 237e6
    inside = 0.028 * PRESSURE * (volume - foot * thick) / (8.31446261815324 * WARM)
    assert mass(gas, of_holder=True) == pytest.approx(wall + inside, rel=1e-9)


def test_a_plate_holds_what_it_is_made_for():
    """The thickness put back into the beam: neither limit is passed, one of them is met."""
    for pressure in (1e5, 5e6, 5e7):
        t = law.plate_thickness(pressure, 0.06, 200e9, 140e6, 1e-3)
        stress = 0.75 * pressure * (0.06 / t) ** 2
        sag = 5 * pressure * 0.06**4 / (32 * 200e9 * t**3)
        used = max(stress / 140e6, sag / 0.06e-3)
        assert used == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("holder", ["plates", "gas"])
def test_no_pressure_asks_for_no_holder_and_more_for_a_heavier_one(cell, holder):
    none = packed(cell, 0.0, holder=holder)
    assert none.row(10.0) == packed(cell, 0.0).row(10.0)
    weights = [mass(packed(cell, p, holder=holder), of_holder=True) for p in (1e-3, 1e6, 2e6, 9e6)]
    assert weights == sorted(weights)
    assert weights[0] < 1e-3 * weights[1]


def test_many_layers_leave_pouch_and_half_a_foil_each_behind(cell):
    of = packed(cell, layers=4000)
    each = 0.5 * (0.015 * 0.035 * 12e-6 * 2700)
    assert mass(of, name="Positive foils") / 4000 == pytest.approx(each, rel=1e-3)
    assert mass(of, name="Pouch") / mass(of) < 1e-3
    one = packed(cell, layers=1)
    assert one.row(10.0)["Specific energy [W.h.kg-1]"] < of.row(10.0)["Specific energy [W.h.kg-1]"]


def test_own_numbers_replace_the_packages_and_every_number_says_whence():
    for name, entry in NUMBERS.items():
        assert entry.kind in ("measured", "literature", "derived", "assumed")
        assert entry.source
        if entry.range:
            assert entry.range[0] <= entry.value <= entry.range[1], name
    own = with_own({"pouch seal [mm]": 3, "Plate density [g.cm-3]": 2.7})
    assert own["Pouch seal [m]"].value == pytest.approx(3e-3, rel=1e-12)
    assert own["Plate density [kg.m-3]"].value == pytest.approx(2700, rel=1e-12)
    assert own["Pouch seal [m]"].source == "set by the user"
    assert split("Specific energy [W.h.kg-1]")[1] == "W.h.kg-1"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"Pouch": 1}, "Nearest"),
        ({"Pouch seal": 3}, "needs its unit"),
        ({"Pouch seal [MPa]": 3}, "needs its unit"),
        ({"Plate stress [MPa]": 0}, "above 0"),
        ({"Tab length [mm]": -1}, "above 0"),
        ({"Vessel share filled": 1.2}, "at most 1"),
        ({"Pouch seal [mm]": float("nan")}, "Pouch seal"),
    ],
)
def test_what_is_no_number_of_a_stack_is_one_line(own, said):
    with pytest.raises(InputError, match=said) as caught:
        with_own(own)
    assert "\n" not in str(caught.value)


def test_no_thin_wall_holds_a_high_pressure(cell):
    with pytest.raises(InputError, match="take plates"):
        _ = packed(cell, 100e6, holder="gas").parts


def test_energy_in_the_shell(tmp_path, capsys):
    command = ["energy", A, "--rate", "1", "--pressure", "5,20", "--layers", "2", "--holder"]
    command += ["plates", "--price", "LPSCl=100", "--own", "Pouch seal [mm]=3"]
    assert main([*command, "--out", str(tmp_path)]) == 0
    assert "Without a price: NCM811, VGCF" in capsys.readouterr().out
    saved = json.loads((tmp_path / "energy.json").read_text())
    for row in saved["rows"]:
        parts = [one for one in saved["parts"]
                 if one["Stack pressure [MPa]"] == row["Stack pressure [MPa]"]]  # fmt: skip
        grams = sum(one["Mass [g]"] for one in parts)
        assert grams == pytest.approx(row["Mass [g]"], rel=1e-12)
        assert sum(one["Share of mass"] for one in parts) == pytest.approx(1, rel=1e-12)
        given = row["Energy [mW.h.cm-2]"] * 1e-3 * 2 * 5.25
        assert row["Delivered energy [W.h]"] == pytest.approx(given, rel=1e-9)
        assert row["Specific energy [W.h.kg-1]"] == pytest.approx(1e3 * given / grams, rel=1e-9)
        se = sum(one["Mass [g]"] for one in parts if one["Material"] == "LPSCl")
        assert row["Cost per kWh"] == pytest.approx(100 * se / given, rel=1e-9)
    draft = ssb.load_cell(A).on_mesh("draft")
    plain = ssb.discharge(draft, 1.0, stack_pressure=5e6).rows[0]["Energy [mW.h.cm-2]"]
    assert saved["rows"][0]["Energy [mW.h.cm-2]"] == pytest.approx(plain, rel=1e-3)
    assert (tmp_path / "energy.png").is_file()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--holder", "string"], ["--own", "Pouch seal"], ["--price", "gold=3"], ["--layers", "0"],
        ["--area", "-1"], ["--price", "LPSCl=-3"],
    ],
)  # fmt: skip
def test_bad_input_is_one_line(wrong, capsys):
    try:
        code = main(["energy", A, *wrong])
    except SystemExit as exit:
        code = exit.code
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err
