"""``ssb new``: a cell file from options or answers that loads, and says what is assumed."""

import io
import tomllib

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.parameters.new_cell import ANODES, composition


@pytest.mark.parametrize("anode", ANODES)
def test_a_file_of_every_negative_electrode_loads(tmp_path, capsys, anode):
    path = tmp_path / "mine.toml"
    typed = ["new", str(path), "--anode", anode, "--composition", "NCM811=70,LPSCl=27,VGCF=3"]
    assert main([*typed, "--loading", "15", "--pressure", "10", "--pressed", "380"]) == 0
    assert "ssb discharge" in capsys.readouterr().out
    cell = ssb.load_cell(path)
    assert cell.entries["Stack pressure [Pa]"].value == 10e6
    assert cell.entries["Stack pressure [Pa]"].kind == "measured"
    assert cell.entries["Ambient temperature [K]"].kind == "assumed"
    assert cell.design.positive.mass_of_active * 100 == pytest.approx(0.7 * 15)
    assert path.read_text(encoding="utf-8").startswith("# A cell for ssb.")


def test_three_sizes_of_a_powder_make_two_classes_with_its_surface(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    assert main(["new", str(path), "--sizes", "2.5,5,10"]) == 0
    cell = ssb.load_cell(path)
    spread = np.log(4) / 2.563
    assert cell.evaluate("Positive particle size spread") == pytest.approx(spread, rel=1e-3)
    by_volume = np.random.default_rng(0).lognormal(np.log(5), spread, 200_000)
    surface = np.mean(1 / by_volume)  # of a volume, over 6
    radius = cell.evaluate("Positive particle radius [m]")
    assert 2e6 * radius == pytest.approx(1 / surface, rel=5e-3)
    capsys.readouterr()
    assert main(["new", str(tmp_path / "no.toml"), "--sizes", "5,3,10"]) == 2
    assert "each above the one before" in capsys.readouterr().err


def test_what_no_option_says_is_asked_for(tmp_path, monkeypatch, capsys):
    answers = ["NCM523:LPSCl 75:25", "28", "Li-In", "", "600", "200", "", ""]
    terminal = io.StringIO("\n".join(answers) + "\n")
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    path = tmp_path / "asked.toml"
    assert main(["new", str(path)]) == 0
    assert "cathode, weight percents [NCM811=70,LPSCl=30]" in capsys.readouterr().out
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    assert file["positive"]["Composition [%]"]["value"] == {"NCM523": 75, "LPSCl": 25}
    assert file["cell"]["Fabrication pressure [MPa]"]["value"] == 600
    assert file["cell"]["against"] == "Li"
    assert ssb.load_cell(path).entries["Upper voltage cut-off [V]"].value == pytest.approx(3.678)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--anode", "tin"], "no negative electrode 'tin'. Nearest: Li-In"),
        (["--composition", "NCM81=70,LPSCl=30"], "material 'NCM81' is not known. Nearest: NCM811"),
        (["--composition", "LPSCl=70,VGCF=30"], "no active material in the cathode. Known: LCO"),
        (["--composition", "NCM811"], "write weight percents as NCM811=70"),
        (["--pressed", "5", "--pressure", "50"], "pressed with 5 MPa and held at 50"),
        (["--anode", "Li-In", "--upper", "4.3"], 'write against = "Li"'),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_file(tmp_path, capsys, options, says):
    path = tmp_path / "mine.toml"
    assert main(["new", str(path), "--temperature", "25", *options]) == 2
    assert says in capsys.readouterr().err
    assert not path.exists()


def test_a_file_that_is_there_stays(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    assert main(["new", str(path), "--anode", "Li"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "mine"


@pytest.mark.parametrize("text", ["A=70,B=30", "A = 0.7, B = 0.3", "A:B 70:30"])
def test_weights_as_people_write_them(text):
    assert composition(text) == pytest.approx({"A": 70, "B": 30})
