"""``ssb fit``: a spectrum with known parameters in, the parameters, files and a cell out."""

import json

import numpy as np
import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import SolveError
from ssb_model.fitting import descent
from ssb_model.fitting.problem import Problem

A = "NCM811_LPSCl_Si"
FILM = "Positive electrode film resistance [Ohm.m2]"
KAPPA = "Electrolyte reference conductivity [S.m-1]"
CEILING = "Positive electrode coverage ceiling"
NUMBER = "quantity=positive_capacitance_uF_cm2,value=310"
QUICK = [A, "--data", NUMBER, "--vary", CEILING, "--no-profile"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A spectrum at 3 MPa with a film of 0.005 Ohm m2."""
    path = tmp_path_factory.mktemp("measured") / "eis.csv"
    cell = ssb.load_cell(A).with_values({FILM: 5e-3})
    frequencies = np.logspace(5, -2, 12)
    (spectrum,) = ssb.impedance(cell, 0.5, 3e6, frequencies=frequencies).spectra
    Z = spectrum.impedance["cell"]
    columns = {"Z_re [Ohm cm2]": Z.real, "Z_im [Ohm cm2]": Z.imag}
    pd.DataFrame({"Frequency [Hz]": spectrum.frequency, **columns}).to_csv(path, index=False)
    return path


def test_a_spectrum_by_options(measured, capsys, tmp_path):
    command = ["fit", A, "--data", f"{measured},pressure=3,soc=0.5,noise=1"]
    command += ["--vary", f"{FILM}=5e-4..5e-2", "--vary", KAPPA, "--set", f"{FILM}=0.015"]
    out, file = tmp_path / "new" / "folder", tmp_path / "fit.json"
    assert main([*command, "--out", str(out), "--json", str(file)]) == 0
    told = json.loads(file.read_text())
    saved = json.loads((out / "fit.json").read_text())
    own = ("files", "hashes", "seal")  # of the folder, or of the file alone
    assert all(saved[key] == value for key, value in told.items() if key not in own)
    film, kappa = told["estimates"]
    assert film["parameter"] == FILM
    assert film["value"] == pytest.approx(5e-3, rel=0.005)
    assert film["start"] == 0.015
    assert kappa["value"] == pytest.approx(0.2, rel=0.005)
    assert film["profile_low_95"] < 5e-3 < film["profile_high_95"]
    assert told["data"][0]["Stack pressure [MPa]"] == 3
    text = capsys.readouterr().out
    assert "Positive film resistance [Ohm cm2]" in text
    assert "about" not in text
    assert f"Wrote {out}" in text
    fitted = ssb.load_cell(out / f"{A}_fitted.toml").entries[FILM]
    assert fitted.kind == "fitted"
    assert fitted.value == pytest.approx(film["value"], rel=1e-6)
    assert "eis.csv" in fitted.source
    for name in ("fit.csv", "data_1.csv", "fit.png", "profiles.svg", "correlation.svg"):
        assert (out / name).stat().st_size > 100


def test_what_is_left_out_is_predicted(measured, capsys):
    """The same spectrum left out of a fit to another number tells how well the fit foresees it."""
    data = ["--data", NUMBER, "--data", f"{measured},pressure=3,left_out=true,noise=1"]
    assert main(["fit", A, *data, "--vary", CEILING, "--no-profile"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "eis.csv, left out: predicted to" in text
    assert "1 points" in text.split("Misfit")[1].split("Compared")[0]
    assert main(["fit", A, "--data", f"{measured},left_out=true", "--vary", CEILING]) == 2
    assert "leave at least one to fit" in capsys.readouterr().err


def test_the_same_by_a_file(measured, capsys, tmp_path):
    """Options of the command go over the file's."""
    lines = [
        f'cell = "{A}"',
        "profile = true",
        "[vary]",
        f'"{FILM}" = {{ low = 5e-4, high = 5e-2, start = 0.0125 }}',
        "[[data]]",
        f"file = '{measured}'",
        "noise = 1",
    ]
    file = tmp_path / "fit.toml"
    file.write_text("\n".join(lines))
    assert main(["fit", str(file), "--pressure", "3", "--no-profile", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["estimates"][0]["value"] == pytest.approx(5e-3, rel=0.005)
    assert told["estimates"][0]["start"] == 0.0125
    assert told["profiles"] == {}
    assert told["data"][0]["Stack pressure [MPa]"] == 3


def test_pressure_and_temperature_of_data_that_name_none(capsys):
    command = ["fit", *QUICK, "--data", f"{NUMBER},pressure=2", "--pressure", "7"]
    assert main([*command, "--temperature", "45", "--json", "-"]) == 0
    bare, named = json.loads(capsys.readouterr().out)["data"]
    assert bare["Stack pressure [MPa]"] == 7
    assert named["Stack pressure [MPa]"] == 2
    assert bare["Temperature [degC]"] == named["Temperature [degC]"] == pytest.approx(45)


def test_stopped_by_hand_keeps_the_best(monkeypatch, capsys, tmp_path):
    both, calls = Problem.both, []

    def interrupted(self, x):
        calls.append(x)
        if len(calls) == 2:  # within the first search, after its start
            raise KeyboardInterrupt
        return both(self, x)

    monkeypatch.setattr(Problem, "both", interrupted)
    assert main(["fit", *QUICK, "--out", str(tmp_path)]) == 130
    said = capsys.readouterr()
    assert "Stopped    stopped by hand" in said.out
    assert said.err.startswith(f"ssb: stopped by hand; what was done is in {tmp_path}")
    assert said.err.count("\n") == 1
    assert ssb.load_cell(tmp_path / f"{A}_fitted.toml").entries[CEILING].kind == "fitted"


def test_a_search_that_does_not_finish(monkeypatch, capsys):
    monkeypatch.setattr(descent, "MOST", 2)
    monkeypatch.setattr(descent, "ENOUGH", -np.inf)
    assert main(["fit", *QUICK]) == 1
    assert "not finished after" in capsys.readouterr().out


def test_a_start_that_does_not_solve(monkeypatch, capsys):
    def fit(*_, **__):
        raise SolveError("no solution at the start.")

    monkeypatch.setattr("ssb_model.verbs.fit.fit", fit)
    assert main(["fit", *QUICK]) == 1
    assert capsys.readouterr().err == "ssb: no solution at the start.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([A, "--vary", CEILING], "--data FILE"),
        ([A, "--data", NUMBER], "--vary"),
        ([A, "--data", "nowhere.csv", "--vary", CEILING], "nowhere.csv"),
        ([A, "--data", f"{NUMBER},presure=5", "--vary", CEILING], "Nearest: Stack pressure [MPa]"),
        ([A, "--data", f"{NUMBER},soc=half", "--vary", CEILING], "soc must be a number"),
        ([A, "--data", f"{NUMBER},soc", "--vary", CEILING], "key=value"),
        ([A, "--data", f"{NUMBER},soc=1,soc=0", "--vary", CEILING], "soc is given twice"),
        ([A, "--data", NUMBER, "--vary", f"{CEILING}=0.1-1"], "=0.01..2"),
        ([A, "--data", NUMBER, "--vary", "Positive electrode cieling"], CEILING),
        ([*QUICK, "--engine", "scypi"], "scipy"),
        ([*QUICK, "--method", "CMAES"], "pybop"),
        ([*QUICK, "--starts", "0"], "starts must be 1 or more"),
        (["NCM811_LPSCl_Sn", *QUICK[1:]], A),
        (["nowhere.toml", *QUICK[1:]], "no file at that path"),
    ],
)
def test_mistakes_are_one_line(arguments, said, capsys):
    assert main(["fit", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
