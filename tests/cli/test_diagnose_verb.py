"""Contact or chemistry, from the command line and in Python."""

import json
from html import unescape

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.laws import circuit
from ssb_model.quantities.registry import find
from ssb_model.verbs.result import Result

A = "NCM811_LPSCl_Si"
KANG = ["--resistance", "65.2,170.4", "--magnitude", "50.9,26.4", "--exponent", "0.64,0.65"]
KANG += ["--series", "46,45.4", "--cycles", "100,200"]
SI = {
    "resistance": [65.2e-4, 170.4e-4],
    "magnitude": [50.9e-2, 26.4e-2],
    "exponent": [0.64, 0.65],
    "series": [46e-4, 45.4e-4],
    "cycles": [100, 200],
}
CSV = """# numbers of a paper
cycle,R_int [Ohm cm2],CPE magnitude [uF/cm2],CPE exponent,R_s [Ohm cm2],Slow capacity [mAh/g]
100,65.2,50.9,0.64,46,
200,170.4,26.4,0.65,45.4,
"""


@pytest.fixture(scope="module")
def kang():
    return ssb.diagnose(**SI)


def test_the_contract(kang, tmp_path):
    named = ssb.diagnose(A, **SI)
    assert isinstance(named, Result)
    assert named.cell.name == A
    assert kang.cell is None
    assert not kang.failed
    assert isinstance(kang.table, pd.DataFrame)
    assert isinstance(kang.data, xr.Dataset)
    assert isinstance(kang.plot(), Figure)
    assert kang.payload["kind"] == kang.kind == "diagnose"
    assert len(repr(kang)) < 100
    assert kang.save(tmp_path)[0].name == "diagnose.json"
    assert all(find(name) for name in kang.rows[0])
    with pytest.raises(InputError, match="nothing measured lies beside"):
        kang.beside("file.csv")


def test_the_shell_shows_what_python_does(kang, capsys, tmp_path):
    assert main(["diagnose", *KANG]) == 0
    shown = capsys.readouterr().out
    assert shown == f"{kang}\n"
    assert kang.text in unescape(kang._repr_html_())
    assert "cycle 100 to cycle 200: R x2.61; C x0.497 (Brug), x0.701 (Hsu-Mansfeld)" in shown
    assert main(["diagnose", A, *KANG, "--out", str(tmp_path), "--json", "-"]) == 0
    payload = json.loads(capsys.readouterr().out)
    pd.testing.assert_frame_equal(pd.DataFrame(payload["rows"]), kang.table, rtol=1e-3)
    assert payload["further"][0]["Measurement"] == "slow capacity"
    table = pd.read_csv(tmp_path / "diagnose.csv")
    assert list(table["Part"][:4]) == ["contact", "interphase", "material", "area"]
    for ending in ("png", "svg"):
        assert (tmp_path / f"diagnose.{ending}").stat().st_size > 1e4


def test_a_table_gives_the_same(kang, tmp_path):
    (tmp_path / "mine.csv").write_text(CSV)
    table = ssb.diagnose(table=tmp_path / "mine.csv").table
    pd.testing.assert_frame_equal(table, kang.table, rtol=1e-3)
    rows = [
        {"Cycle": 1, "Interface resistance [Ohm.cm2]": 10, "Slow capacity [mA.h.g-1]": 180},
        {"Cycle": 50, "Interface resistance [Ohm.cm2]": 20, "Slow capacity [mA.h.g-1]": None},
        {"Cycle": 99, "Interface resistance [Ohm.cm2]": 30, "Slow capacity [mA.h.g-1]": 150},
    ]
    (tmp_path / "mine.json").write_text(json.dumps({"rows": rows}))
    found = ssb.diagnose(table=tmp_path / "mine.json").found
    assert [one.change.capacity is None for one in found] == [True, False]
    assert np.exp(found[1].change.resistance) == pytest.approx(3)


def spectrum(path, R, Q):
    f = np.logspace(6, -2, 57)
    omega = 2 * np.pi * f
    Z = 10 + circuit.arc(omega, 15, 1e-6, 0.9) + circuit.arc(omega, R, Q, 0.9)
    Z = Z + circuit.constant_phase(omega, 0.5, 0.5)
    heading = "Frequency [Hz],Z_re [Ohm],Z_im [Ohm]"
    np.savetxt(
        path, np.column_stack([f, Z.real, Z.imag]), delimiter=",", header=heading, comments=""
    )
    return str(path)


def test_spectra_are_read_for_the_arc_that_changed(tmp_path, capsys):
    """Half the area: R twice, Q half; the other arc stays as it is."""
    before = spectrum(tmp_path / "before.csv", 100, 2e-4)
    after = spectrum(tmp_path / "after.csv", 200, 1e-4)
    files = ["--spectrum", before, "--spectrum", after]
    assert main(["diagnose", *files, "--capacity", "180,180"]) == 0
    shown = capsys.readouterr().out
    assert "arc 2 of 2" in shown
    assert "Contact lost" in shown
    found = ssb.diagnose(spectra=[before, after], capacity=[180, 180]).found[0]
    assert found.change.resistance == pytest.approx(np.log(2), abs=0.02)
    assert found.share["contact"] > 0.85
    other = ssb.diagnose(spectra=[before, after], arc=1).found[0]
    assert other.change.resistance == pytest.approx(0, abs=0.05)


def test_two_pressures_at_one_age(capsys):
    numbers = ["--resistance", "10,20", "--cycles", "5,5", "--pressure", "50,5"]
    assert main(["diagnose", *numbers]) == 0
    shown = capsys.readouterr().out
    assert "cycle 5, 50 MPa to cycle 5, 5 MPa" in shown
    assert "area lost, contact or material" in shown.casefold()


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ([], "in one way"),
        (["--resistance", "10"], "two states"),
        (["--resistance", "10,-20"], "positive"),
        (["--resistance", "10,20", "--capacitance", "3"], "1 numbers for 2 states"),
        (["--resistance", "10,20", "--magnitude", "3,2"], "give exponent"),
        (["--resistance", "10,20", "--magnitude", "3,2", "--exponent", "0.9,1.2"], "0 and 1"),
        (["--resistance", "10,20", "--table", "x.csv"], "x.csv"),
        (["--resistance", "10,20", "--other-capacitance", "5"], "one that was read"),
        (["--resistance", "10,20", "--capacitance", "9,8", "--other-capacitance", "9"], "a part"),
        (["--resistance", "10,20", "--error", "0"], "positive"),
        (["--spectrum", "nowhere.csv", "--spectrum", "nowhere.csv"], "nowhere.csv"),
        (["no_such_cell", "--resistance", "10,20"], "no_such_cell"),
    ],
)
def test_mistakes_are_named_in_one_line(arguments, wrong, capsys):
    assert main(["diagnose", *arguments]) == 2
    said = capsys.readouterr().err
    assert wrong in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("cycle,R [Ohm]\n1,10\n2,0\n", "above zero"),
        ("cycle,R [Ohm],C [uF/cm2]\n1,10,1\n2,20,1\n", "one kind of unit"),
        ("cycle,C [uF]\n1,10\n2,20\n", "no column of resistance"),
        ("cycle,R [Ohm]\n1,10\n2,\n", "blank"),
    ],
)
def test_mistakes_of_a_table(text, wrong, tmp_path):
    (tmp_path / "mine.csv").write_text(text)
    with pytest.raises(InputError, match=wrong):
        ssb.diagnose(table=tmp_path / "mine.csv")
