"""Pressure steps, holders and profiles from the command line."""

import json

import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.quantities.names import LAYERS
from ssb_model.verbs import pressure_steps as module

A = "NCM811_LPSCl_Si"


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_pressure_steps(capsys, tmp_path):
    arguments = ("pressure-steps", A, "--steps", "5,1,500,5", "--cycles-before", "3")
    code, out, _ = run(capsys, *arguments, "--out", str(tmp_path), "--json", "-")
    assert code == 0
    payload = json.loads(out)
    assert payload["kind"] == "pressure-steps"
    assert payload["conditions"]["Cycles before"] == 3
    assert payload["conditions"]["stopped"] == ""
    rows = payload["rows"]
    assert [row["Stack pressure [MPa]"] for row in rows] == [5, 1, 500, 5]
    for key in (
        "Separator ionic resistance [Ohm.cm2]",
        "Positive electrode interface resistance [Ohm.cm2]",
        "Negative electrode interface resistance [Ohm.cm2]",
    ):
        values = [row[key] for row in rows]
        assert values[1] > values[0] > values[2]
    for row in rows:
        for place in ("separator", "positive", "negative"):
            assert 0 <= row[f"{LAYERS[place]} loosened share"] < 1
            held = row["Stack pressure [MPa]"] + 0.05  # what adhesion adds
            assert row[f"{LAYERS[place]} effective pressure [MPa]"] <= held * (1 + 1e-9)
        assert row["Discharge capacity [mA.h.g-1]"] > 100
        assert row["Charge before"] == "CC at 0.1C, no CV"
    assert len(pd.read_csv(tmp_path / "pressure_steps.csv")) == 4
    assert len(pd.read_csv(tmp_path / "cycles.csv")) == 3
    assert (tmp_path / "pressure_steps.png").stat().st_size > 1e4


def test_pressure_steps_as_text(capsys):
    code, out, _ = run(capsys, "pressure-steps", "NCM811_LPSCl_Li", "--steps", "30,10")
    assert code == 0
    assert "R separator" in out
    assert "Ohm cm2" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--steps", "5,x"), "write numbers with commas"),
        (("--steps", "5,0"), "must be a positive number"),
        (("--steps", "5", "--cycles-before", "-1"), "number of cycles before"),
        (("--steps", "5", "--cycle-rate", "0"), "the cycle rate"),
        (("--steps", "5", "--stiffness", "1"), "no stiffness"),
    ],
)
def test_mistakes_name_the_cure(capsys, arguments, complaint):
    try:
        code = main(["pressure-steps", A, *arguments])
    except SystemExit as stop:  # argparse
        code = stop.code
    assert code == 2
    assert complaint in capsys.readouterr().err


def test_stopped_by_hand_keeps_what_is_done(monkeypatch):
    real, seen = module.experiment.stages, []

    def interrupted(engine, programme):
        for cycle in real(engine, programme):
            yield cycle
            seen.append(cycle)
            if len(seen) == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(module.experiment, "stages", interrupted)
    result = ssb.pressure_steps(A, [5e6], cycles_before=5)
    assert len(result.cycles) == 2
    assert result.conditions["stopped"] == "stopped by hand"


def test_a_cell_that_has_run_is_refused_where_a_fresh_one_is_meant():
    used = ssb.discharge(A, 0.5).cell_after
    for attempt in (
        lambda: ssb.pressure_steps(used, [5e6]),
        lambda: used.at_soc(0.5),
        lambda: used.with_values({"Positive electrode contact hardness [Pa]": 1e8}),
        lambda: ssb.discharge(used, 0.5, from_full=True),
    ):
        with pytest.raises(InputError):
            attempt()


@pytest.mark.parametrize("stack", ["spring", "rigid"])
def test_discharge_shows_pressure_and_thickness(capsys, tmp_path, stack):
    arguments = ("discharge", A, "--stack", stack, "--stiffness", "0.5", "--c-rate", "0.3")
    code, out, _ = run(capsys, *arguments, "--out", str(tmp_path))
    assert code == 0
    assert "MPa over charge and discharge" in out
    assert "um over the discharge" in out
    curve = pd.read_csv(tmp_path / "discharge.csv")
    assert curve["Stack pressure [MPa]"].is_monotonic_decreasing
    grown = curve["Cell thickness change [um]"].iloc[-1]
    fell = curve["Stack pressure [MPa]"].iloc[-1] - curve["Stack pressure [MPa]"].iloc[0]
    assert fell == pytest.approx(0.5 * grown, rel=1e-3)


def test_a_profile_from_a_file(capsys, tmp_path):
    file = tmp_path / "profile.csv"
    file.write_text("h,MPa\n0,5\n2,5\n2.1,1\n9,1\n")
    code, out, _ = run(
        capsys, "discharge", A, "--c-rate", "0.3", "--profile", str(file), "--json", "-"
    )
    row = json.loads(out)["rows"][0]
    assert code == 0
    assert row["Highest stack pressure [MPa]"] == pytest.approx(5)
    assert row["Lowest stack pressure [MPa]"] == pytest.approx(1)
    file.write_text("h,MPa\n0,5\n0,1\n")
    code, _, err = run(capsys, "discharge", A, "--profile", str(file))
    assert code == 2
    assert "times of a profile start at 0 and rise" in err


def test_plating_margin_of_graphite(capsys):
    margins = []
    for rate in ("0.02", "0.1"):
        _, out, _ = run(
            capsys, "discharge", "NCM523_LPSCl_Graphite", "--c-rate", rate, "--json", "-"
        )
        row = json.loads(out)["rows"][0]
        assert row["Plating margin during"] == "charge"
        assert row["Plating margin depth [um]"] < 5  # next to the separator
        margins.append(row["Plating margin [mV]"])
    assert margins[1] < margins[0]


def test_choices_of_the_model(capsys):
    capacities = []
    for law in ("memory", "plastic"):
        _, out, _ = run(
            capsys,
            "discharge",
            "NCM811_LPSCl_Li",
            "--c-rate",
            "0.2",
            "--option",
            f"contact={law}",
            "--json",
            "-",
        )
        capacities.append(json.loads(out)["rows"][0]["Capacity [mA.h.g-1]"])
    assert capacities[1] < 0.95 * capacities[0]  # as if pressed at 30 MPa only
    for wrong in ("contact=plastik", "kontact=plastic", "plastic", "negative electrode=layer"):
        code, _, err = run(capsys, "discharge", "NCM811_LPSCl_Li", "--option", wrong)
        assert code == 2
        assert len(err.splitlines()) == 1
