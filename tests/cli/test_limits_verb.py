"""Where the voltage is lost, from the command line."""

import json

import pandas as pd
import pytest
import xarray as xr

from ssb_model.cli import main

A = "NCM811_LPSCl_Si"


def test_rows_and_files(capsys, tmp_path):
    arguments = ["--c-rates", "0.2,1", "--pressure", "5,1,0.1", "--out", str(tmp_path)]
    wide = ["--set", "positive: Contact spot radius [um]=0.05"]
    assert main(["limits", A, *arguments, *wide, "--json", "-"]) == 0
    payload = json.loads(capsys.readouterr().out)
    assert payload["kind"] == "limits"
    order = [(row["Stack pressure [MPa]"], row["C-rate"]) for row in payload["rows"]]
    assert order == [(pressure, rate) for pressure in (5, 1, 0.1) for rate in (0.2, 1)]
    first, fast, loose, _, _, never = payload["rows"]
    assert first["Largest"] == "Positive electrode contact spot loss [mV]"
    assert (
        loose["Mean positive electrode contact spot loss [mV]"]
        > 2 * first["Mean positive electrode contact spot loss [mV]"]
    )
    assert fast["Mean loss [mV]"] > first["Mean loss [mV]"]
    assert never["Mean loss [mV]"] is None
    assert "at once" in never["Stopped by"]
    curves = pd.read_csv(tmp_path / "limits.curves.csv")
    assert "Separator loss [mV]" in curves
    with xr.open_dataset(tmp_path / "limits.curves.nc") as data:
        assert data["Positive electrode contact spot loss [mV]"].attrs["units"] == "mV"
    for ending in ("png", "svg"):
        assert (tmp_path / f"limits.{ending}").stat().st_size > 1e4


def test_as_text(capsys):
    assert main(["limits", A, "--from-full"]) == 0
    out = capsys.readouterr().out
    assert "share %" in out
    assert "charge transfer" in out


@pytest.mark.parametrize("arguments", [["--c-rates", "0"], ["--c-rates", "a"]])
def test_nonsense(arguments, capsys):
    try:
        code = main(["limits", A, *arguments])
    except SystemExit as stopped:  # argparse
        code = stopped.code
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err
