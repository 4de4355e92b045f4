"""Where the voltage is lost, from the command line."""

import json

import pandas as pd
import pytest
import xarray as xr

from ssb_model.cli import main

A = "NCM811_LPSCl_Si"


def test_rows_and_files(capsys, tmp_path):
    arguments = ["--c-rates", "0.2,1", "--pressure", "5,0.5", "--out", str(tmp_path)]
    assert main(["limits", A, *arguments, "--json", "-"]) == 0
    payload = json.loads(capsys.readouterr().out)
    assert payload["kind"] == "limits"
    order = [(row["stack_pressure_MPa"], row["c_rate"]) for row in payload["rows"]]
    assert order == [(5, 0.2), (5, 1), (0.5, 0.2), (0.5, 1)]
    first, fast, loose, never = payload["rows"]
    assert first["largest"] == "film"
    assert loose["mean_film_mV"] > 2 * first["mean_film_mV"]
    assert fast["mean_loss_mV"] > first["mean_loss_mV"]
    assert never["mean_loss_mV"] is None
    assert "at once" in never["stopped_by"]
    curves = pd.read_csv(tmp_path / "limits.curves.csv")
    assert "separator [mV]" in curves
    with xr.open_dataset(tmp_path / "limits.curves.nc") as data:
        assert data["film"].attrs["units"] == "mV"
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
