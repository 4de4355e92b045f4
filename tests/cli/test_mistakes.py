"""Mistakes on the command line: one line that names them, code 2, and nothing written."""

import pytest

from ssb_model.cli import main

CELL = "NCM811_LPSCl_Si"
FILM = "Positive electrode film resistance [Ohm.m2]"
NUMBER = "quantity=positive_capacitance_uF_cm2,value=310"
POROSITY = "positive: Porosity"
FIT = ["fit", CELL, "--data", NUMBER, "--vary", FILM]
OVER = ["sweep", CELL, "--over"]

MISTAKES = [
    (["discharge", CELL, "--c-rate", "nan"], "C-rate must be a number"),
    (["discharge", CELL, "--c-rate", "inf"], "C-rate must be a number"),
    (["discharge", CELL, "--pressure", "nan"], "stack pressure must be a number"),
    (["discharge", CELL, "--temperature", "nan"], "temperature must be a number"),
    (["discharge", CELL, "--grain-size", "1e9"], "mind the unit"),
    (["discharge", CELL, "--stiffness", "1"], "no stiffness"),
    (["discharge", CELL, "--set", f"{FILM}=1", "--set", f"{FILM}=2"], "given twice"),
    (["discharge", CELL, "--option", "stack=rigid", "--stack", "spring"], "given twice"),
    (["discharge", CELL, "--set", "Stack pressure function [Pa]=1e6"], "'Stack pressure [Pa]'"),
    (["discharge", CELL, "--from-full", "--cv-until", "0.05"], "no charge before"),
    (["discharge", CELL, "--out", ""], "no name of a file or folder"),
    (["discharge", CELL, "--out", "a\0b"], "no name of a file or folder"),
    (["discharge", CELL, "--json", ""], "no name of a file or folder"),
    (["discharge", CELL, "--json", "/nowhere/x.json"], "cannot write"),
    (["discharge", CELL, "--profile", "nothing.csv"], "cannot read nothing.csv"),
    (["discharge", CELL, "--data", "."], "cannot read"),
    (["discharge", "a" * 5000], "no cell named"),
    (["show", "a\nb"], "no cell named 'a b'"),
    (["show", "~nobody/cell.toml"], "no cell named"),
    (["show", "/dev/zero"], "no cell named"),
    (["rate-test", CELL, "--c-rates", ","], "numbers with commas"),
    (["rate-test", CELL, "--pressure", "5,5"], "comes once"),
    (["rate-test", CELL, "--repeats", "0"], "each rate comes"),
    (["rate-test", CELL, "--repeats", "99999999"], "at most"),
    (["rate-test", CELL, "--rest", "nan"], "the rest must be a number"),
    (["rate-test", CELL, "--from-full", "--rest", "3"], "leave them out"),
    (["gitt", CELL, "--t1", "nan"], "t1 must be a number"),
    (["gitt", CELL, "--t2", "-1"], "t2 must be a positive"),
    (["gitt", CELL, "--t1", "5", "--t2", "1"], "t1 comes before t2"),
    (["gitt", CELL, "--t1", "100"], "within a pulse"),
    (["gitt", CELL, "--rest", "1"], "too short"),
    (["gitt", CELL, "--data", "nothing.csv"], "cannot read nothing.csv"),
    (["impedance", CELL, "--soc", "1.5"], "between 0 and 1"),
    (["impedance", CELL, "--frequencies", "1,inf"], "frequency must be a number"),
    (["impedance", CELL, "--per-decade", "1000000000"], "at most"),
    (["impedance", CELL, "--fit", "0"], "at least one arc"),
    (["impedance", CELL, "--fit", "99"], "more than a spectrum tells"),
    (["impedance", CELL, "--fit", "2", "--tail", "nonsense"], "no tail"),
    (["impedance", CELL, "--symmetric", "positive", "--soc", "0.2,0.5"], "one state of charge"),
    (["limits", CELL, "--cv-until", "nan"], "cv_until must be a number"),
    (["limits", CELL, "--pressure", "5,nan"], "stack pressure must be a number"),
    (["cycle", CELL, "--pressure", "5,nan"], "stack pressure must be a number"),
    (["cycle", CELL, "--cycles", "0"], "number of cycles is"),
    (["cycle", CELL, "--cycles", "9" * 30], "at most"),
    (["cycle", CELL, "--no-cv", "--cv-until", "0.02"], "not allowed with"),
    (["cycle", CELL, "--fresh"], "no journal to start anew"),
    (["pressure-steps", CELL, "--steps", "5,nan"], "pressure step must be a number"),
    (["pressure-steps", CELL, "--cycles-before", "-1"], "cycles before is"),
    (["min-pressure", CELL, "--keep", "1"], "below 1"),
    (["min-pressure", CELL, "--keep", "0.9", "--limit", "100"], "not allowed with"),
    (["min-pressure", CELL, "--limit", "-5"], "limit must be a positive"),
    (["min-pressure", CELL, "--cycles", "50"], "--cycles is of no use"),
    (["min-pressure", CELL, "--from-full", "--charge-rate", "1"], "--charge-rate is of no use"),
    (["min-pressure", CELL, "--between", "5,1"], "lower one first"),
    (["min-pressure", CELL, "--samples", "4", "--seed", "-1"], "a seed is"),
    (["min-pressure", CELL, "--samples", "99999999999"], "at most"),
    (["min-pressure", CELL, "--seed", "3"], "--seed is of draws"),
    (["min-pressure", CELL, "--fresh"], "--fresh starts draws anew"),
    ([*OVER, "pressure=1,nan"], "must be a number"),
    ([*OVER, "pressure=1:inf:4"], "write a range"),
    ([*OVER, "pressure=1:2:99999999999"], "write a range"),
    ([*OVER, "pressure=1,1"], "a value twice"),
    ([*OVER, "pressure=1,2", "--over", "stack-pressure=3"], "something twice"),
    ([*OVER, f"{POROSITY}=0.05,0.1", "--over", f"{POROSITY} [%]=7"], "vary the same"),
    (
        [*OVER, "grain-size=1,2", "--over", "Separator solid electrolyte grain size [m]=1e-6"],
        "vary the same",
    ),
    ([*OVER, "pressure=1,2", "--pressure", "3"], "--pressure is varied"),
    ([*OVER, f"{FILM}=1,2", "--set", f"{FILM}=3"], "is varied by --over"),
    ([*OVER, "pressure=1,2", "--cycles", "7"], "--cycles is of no use"),
    ([*OVER, "pressure=1,2", "--workers", "0"], "number of workers"),
    ([*OVER, "pressure=1:2:9000", "--over", "c-rate=1:2:9000"], "more than 1000000 points"),
    ([*OVER, "option contact=nonsense"], "contact"),
    ([*OVER, "nothing=1,2"], "nothing to vary"),
    ([*FIT, "--vary", FILM], "given twice"),
    ([*FIT, "--vary", f"{POROSITY}=5..1"], "not below"),
    (
        ["fit", CELL, "--data", NUMBER, "--vary", POROSITY, "--vary", "Positive : porosity"],
        "vary the same",
    ),
    (["fit", CELL, "--data", f"{NUMBER},noise=nan", "--vary", FILM], "noise must be a number"),
    (["fit", CELL, "--data", "nothing.csv", "--vary", FILM], "cannot read nothing.csv"),
    (["fit", CELL, "--data", "/dev/zero", "--vary", FILM], "a pipe or a device"),
    ([*FIT, "--starts", "99999999999"], "starts must be"),
    ([*FIT, "--seed", "-1"], "seed must be"),
    (["validate", "../x", "--cases", "{folder}"], "no case.toml"),
    (["validate", "--cases", "nothing"], "no folder 'nothing'"),
    (["validate", "--cases", ""], "no name of a file or folder"),
    (["cells", "--json", "."], "cannot write"),
]


@pytest.mark.parametrize(("arguments", "complaint"), MISTAKES)
def test_a_mistake_is_one_line_and_leaves_nothing(
    arguments, complaint, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    arguments = [one.replace("{folder}", str(tmp_path)) for one in arguments]
    if not {"--out", "--fresh", "show", "cells"} & set(arguments):
        arguments += ["--out", "made/here"]
    try:
        code = main(arguments)
    except SystemExit as stopped:
        code = stopped.code
    written = capsys.readouterr()
    assert code == 2
    assert written.out == ""
    assert written.err.startswith("ssb: ")
    assert written.err.count("\n") == 1
    assert complaint in written.err
    assert list(tmp_path.iterdir()) == []
