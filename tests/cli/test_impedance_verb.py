"""Impedance from Python and from the command line."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError

A, B = "NCM811_LPSCl_Si", "NCM523_LPSCl_InLi"


def test_spectra_at_each_state_and_pressure(capsys, tmp_path):
    arguments = ["--soc", "0.2,0.8", "--pressure", "5,1", "--out", str(tmp_path), "--json", "-"]
    assert main(["impedance", A, *arguments]) == 0
    payload = json.loads(capsys.readouterr().out)
    assert payload["kind"] == "impedance"
    rows = pd.DataFrame(payload["rows"])
    assert {"Frequency [Hz]", "Z_re [Ohm.cm2]", "Z_im [Ohm.cm2]"} <= set(rows)
    assert rows["Frequency [Hz]"].max() == pytest.approx(1e6)
    states = rows[["State of charge", "Stack pressure [MPa]"]].drop_duplicates().to_numpy().tolist()
    assert states == [[0.2, 5], [0.2, 1], [0.8, 5], [0.8, 1]]
    low = [row["Z_re at lowest frequency [Ohm.cm2]"] for row in payload["spectra"]]
    assert low[1] > 1.5 * low[0]
    assert all(row["Worst Kramers-Kronig residual"] < 1e-3 for row in payload["spectra"])
    with xr.open_dataset(tmp_path / "impedance.nc") as data:
        assert data["Z_re [Ohm.cm2]"].shape == (4, 64)
    for ending in ("png", "svg", "csv", "json"):
        assert (tmp_path / f"impedance.{ending}").stat().st_size > 1e3


def test_kramers_kronig_of_every_cell(cell_name):
    spectra = ssb.impedance(cell_name, [0.05, 0.95]).spectra
    assert len(spectra) == 2
    for spectrum in spectra:
        assert spectrum.check().worst < 1e-3


def test_after_a_run_and_after_pressing():
    """Decompressed, the arcs are wider; pressed as when made, they are what they were."""
    cell = ssb.discharge(A, 0.3).cell_after
    low = [-1]
    before, loose, again = (
        ssb.impedance(used, stack_pressure=pressure, frequencies=[1]).spectra[0].impedance["cell"]
        for used, pressure in (
            (cell, 5e6),
            (cell.press(1e6), 1e6),
            (cell.press(1e6).press(500e6), 5e6),
        )
    )
    assert loose[low].real > 1.5 * before[low].real
    assert again[low].real == pytest.approx(before[low].real, rel=0.02)


def test_a_measured_spectrum_beside_it(capsys, tmp_path):
    (spectrum,) = ssb.impedance(B, frequencies=np.geomspace(0.01, 1e6, 50)).spectra
    area = ssb.load_cell(B).design.area * 1e4
    Z = spectrum.impedance["cell"] / area
    table = {"freq/Hz": spectrum.frequency, "Re(Z)/Ohm": Z.real, "-Im(Z)/Ohm": -Z.imag}
    path = tmp_path / "synthetic.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    arguments = ["--data", str(path), "--fit", "1", "--tail", "warburg", "--out", str(tmp_path)]
    assert main(["impedance", B, *arguments]) == 0
    out = capsys.readouterr().out
    assert "synthetic.csv" in out
    assert "Kramers-Kronig residual" in out
    assert "R_s" in out
    assert "0.785 cm2" in out


def test_a_symmetric_cell(capsys):
    assert main(["impedance", B, "--symmetric", "positive", "--soc", "0.3"]) == 0
    assert "R interface pos." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--soc", "1.2"], "between 0 and 1"),
        (["--frequencies", "0,10"], "frequency"),
        (["--frequencies", "1"], "frequency"),
        (["--pressure", "-1"], "positive"),
        (["--data", "nowhere.csv"], "nowhere.csv"),
        (["--fit", "0"], "at least one arc"),
        (["--symmetric", "negative"], "porous composite"),
    ],
)
def test_nonsense_is_one_line(arguments, said, capsys):
    assert main(["impedance", B, *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_used_cell_has_its_own_state_of_charge():
    cell = ssb.discharge(A, 1).cell_after
    with pytest.raises(InputError, match="at_soc"):
        ssb.impedance(cell, soc=0.5)
