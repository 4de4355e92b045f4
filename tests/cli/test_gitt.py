"""Titrations from Python and from the command line."""

import json

import numpy as np
import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model.analysis.spectrum_check import time_constants
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.laws import circuit

B = "NCM523_LPSCl_InLi"
LONG = {"pulse": 720.0, "rest": 10000.0}  # ten times fewer pulses


@pytest.fixture(scope="module")
def both():
    return ssb.gitt(B, direction="both", **LONG)


def test_pulses_both_ways(both):
    table = both.table
    assert set(table["Direction"]) == {"discharge", "charge"}
    down, up = (table[table["Direction"] == way] for way in ("discharge", "charge"))
    assert down["State of charge"].is_monotonic_decreasing
    assert up["State of charge"].is_monotonic_increasing
    assert 0 <= table["State of charge"].min() < table["State of charge"].max() <= 1.01
    told = table.dropna(subset=["R2 [Ohm.cm2]", "R3 [Ohm.cm2]"])
    assert len(told) > 0.8 * len(table)
    parts = told[["R1 [Ohm.cm2]", "R2 [Ohm.cm2]", "R3 [Ohm.cm2]"]].sum(axis=1)
    assert np.allclose(parts, told["R_total [Ohm.cm2]"])
    assert (told[["R1 [Ohm.cm2]", "R2 [Ohm.cm2]", "R3 [Ohm.cm2]"]] > 0).all(axis=None)
    assert "cut short" in down["Flag"].iloc[-1]


def test_ohmic_and_transfer_are_those_of_the_impedance(both):
    """R1 + R2 is Re Z at the valley that t2 comes from, R1 that of the highest frequencies."""
    (spectrum,) = ssb.impedance(B, 0.5).spectra
    t2 = both.titrations[0].split["t2"]
    Z, f = spectrum.impedance["cell"].real, spectrum.frequency
    at_valley = Z[np.argmin(np.abs(f - 1 / (2 * np.pi * t2)))]
    middle = both.table.iloc[(both.table["State of charge"] - 0.5).abs().argmin()]
    assert middle["R1 [Ohm.cm2]"] + middle["R2 [Ohm.cm2]"] == pytest.approx(at_valley, rel=0.05)
    assert middle["R1 [Ohm.cm2]"] == pytest.approx(Z[0], rel=0.15)


def test_a_measured_record_beside_the_run_in_the_shell(both, tmp_path, capsys):
    """The record is looked at before the run, split at the run's times after it."""
    both.save(tmp_path)
    record = str(tmp_path / "gitt.record.csv")
    how = ["--c-rate", "0.5", "--pulse", "2400", "--rest", "5000", "--t1", "1e-3", "--t2", "3"]
    assert main(["gitt", B, *how, "--data", record]) == 0
    said = capsys.readouterr().out
    assert "gitt.record.csv: " in said
    assert "its pulses are those of --c-rate 0.5 --pulse 720" in said


def test_a_measured_record_is_read_the_same_way(both, tmp_path):
    """The simulated record written down and read again gives the same resistances."""
    both.save(tmp_path)
    again = both.beside(tmp_path / "gitt.record.csv").measured[0].analysis.table
    for name in ("R1 [Ohm.cm2]", "R2 [Ohm.cm2]", "R3 [Ohm.cm2]"):
        pairs = pd.concat([again[name], both.table[name]], axis=1).dropna()
        assert len(pairs) > 0.8 * len(again)
        assert np.allclose(pairs.iloc[:, 0], pairs.iloc[:, 1], rtol=0.02, atol=0.2)
    assert np.allclose(again["State of charge"], both.table["State of charge"], atol=2e-3)


def test_from_the_shell(capsys, tmp_path):
    arguments = ["--pulse", "1440", "--rest", "5000", "--t1", "1e-5", "--t2", "0.1"]
    code = main(["gitt", B, *arguments, "--out", str(tmp_path), "--json", "-"])
    assert code == 0
    payload = json.loads(capsys.readouterr().out)
    assert payload["kind"] == "gitt"
    keys = {"State of charge", "Voltage [V]", "R1 [Ohm.cm2]", "R2 [Ohm.cm2]", "R3 [Ohm.cm2]"}
    assert all(keys <= set(row) for row in payload["rows"])
    assert len(pd.read_csv(tmp_path / "gitt.csv")) == len(payload["rows"])
    for ending in ("png", "svg", "record.nc"):
        assert (tmp_path / f"gitt.{ending}").stat().st_size > 1e4


def test_less_pressure_more_charge_transfer():
    name = "NCM811_LPSCl_Si"
    result = ssb.gitt(name, pulse=720, rest=5000, stack_pressure=[5e6, 1e6])
    tight, loose = (one.analysis.table["R_total [Ohm.cm2]"].iloc[1] for one in result.titrations)
    assert loose > 1.5 * tight
    assert set(result.table["Stack pressure [MPa]"]) == {5, 1}
    assert len(result.crossings) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"rest": 10}, {"pulse": 0}, {"direction": "up"}, {"t1": 1.0, "t2": 0.1}, {"c_rate": -1}],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        ssb.gitt(B, **{**LONG, "t1": 1e-5, "t2": 0.1, **wrong})


def test_a_pulse_too_strong_names_the_cure():
    with pytest.raises(ssb.errors.SolidStateError, match="C-rate"):
        ssb.gitt(B, c_rate=100, t1=1e-5, t2=0.1)


def test_valley_between_arc_and_diffusion():
    f = np.geomspace(1e5, 1e-3, 80)
    omega = 2 * np.pi * f
    Z = 10 + circuit.arc_of_time(omega, 50, 1e-3, 0.9) + circuit.constant_phase(omega, 0.5, 0.5)
    t1, t2 = time_constants(f, Z)
    assert t1 == pytest.approx(1 / (2 * np.pi * 1e5))
    assert 1e-2 < t2 < 1
    with pytest.raises(InputError, match="valley"):
        time_constants(f, 10 + circuit.arc_of_time(omega, 50, 1e-3, 1.0))


def test_a_measured_record_lies_beside(tmp_path, monkeypatch, capsys):
    """The sample titration beside a few pulses of its own cell."""
    monkeypatch.chdir(tmp_path)
    assert main(["samples", "--to", "tried"]) == 0
    words = "gitt tried/cell.toml --c-rate 0.5 --pulse 1800 --rest 900 --t1 10 --t2 60"
    assert main([*words.split(), "--data", "tried/titration_biologic.mpt"]) == 0
    assert "titration_biologic.mpt" in capsys.readouterr().out
