"""A kind of data of one's own, a class in a file outside the package: all of a fit knows it."""

import json

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.extensions import load_extension
from ssb_model.fitting.data import data_set
from ssb_model.fitting.fit_file import read_fit_file

A = "NCM811_LPSCl_Si"
FILM = "Positive electrode film resistance [Ohm.m2]"
FILE = '''
from dataclasses import dataclass, replace

import numpy as np

import ssb_model as ssb
from ssb_model.engine.reading import charge_passed, read_last
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import Candidate, Key, RunData, Way

ENERGY = "Discharge energy [W.h]"


@ssb.register
@dataclass(frozen=True, kw_only=True)
class MeanVoltageData(RunData):
    """Mean voltage [V] of a discharge at a C-rate, from rest at 100 %."""

    c_rate: float
    voltage: float

    kind = "mean voltage"
    unit = "V"
    usual_noise = 1e-3
    noise_unit = ("mV", 1e-3)
    keys = (Key("Mean voltage [V]", field="voltage"),)
    ways = (Way("mean voltage", ("Mean voltage [V]", "c_rate"), needed=("c_rate",)),)

    def measured(self, cell):
        return np.array([self.voltage])

    def sigma(self, cell):
        return np.array([self.deviation])

    def seen(self, predicted):
        return replace(self, voltage=float(predicted[0]))

    def runs(self, engine, cell):
        return [self._discharge(cell)]

    def _discharge(self, cell):
        segment = yield self.at(cell, 1.0).flow(self.c_rate)
        if not segment.sound:
            raise Unsolved(f"{self.name}: {segment.detail}")
        energy = read_last(segment.solution, [ENERGY])[ENERGY]
        return energy * 3600 / charge_passed(segment.solution)

    @classmethod
    def suggested(cls, cell, held, own):
        shell = cls(c_rate=2.0, voltage=1.0, noise=1e-5, **held)
        return [Candidate("mean voltage at 2C", lambda seen: seen, shell)] if own else []
'''


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The class in a file; what it adds is known for as long as a test lasts."""
    monkeypatch.setattr(data_set, "_KINDS", data_set.kinds())
    path = tmp_path / "mean_voltage.py"
    path.write_text(FILE)
    return path


@pytest.fixture
def kind(file):
    load_extension(file)
    return data_set.kind_named("mean voltage")


@pytest.fixture(scope="module")
def measured():
    """Mean voltages of a rate test with a film of 0.005 Ohm m2, by C-rate."""
    cell = ssb.load_cell(A).with_values({FILM: 5e-3})
    runs = ssb.rate_test(cell, [0.3, 1.0], stack_pressure=5e6, from_full=True).runs
    return {run.row["C-rate"]: run.row["Mean voltage [V]"] for run in runs}


def test_it_is_fitted_told_suggested_and_drawn(kind, measured):
    data = [kind(c_rate=c, voltage=v, stack_pressure=5e6) for c, v in measured.items()]
    found = ssb.fit(A, data, {FILM: {"low": 5e-4, "high": 2e-2, "start": 0.015}}, suggest=True)
    (film,) = found.estimates
    assert film.value == pytest.approx(5e-3, rel=0.02)
    assert [one.kind for one in found.sets] == ["mean voltage"] * 2
    table = found.sets[0].table
    assert list(table.columns) == ["name", "unit", "value", "model", "sigma"]
    assert table["model"][0] == pytest.approx(measured[0.3], abs=2e-3)
    assert found.sets[0].misfit[2] == 1
    told = [row["told"] for row in found.suggestions]
    assert any(words.startswith("mean voltage at 2C (with 0.01 mV)") for words in told)
    figure = found.plot()
    assert [axes.get_xlabel() for axes in figure.axes[::2]] == ["Value / measured value"] * 2


def test_fit_files_and_the_shell_know_its_keys(file, measured, tmp_path, capsys):
    data = [f"--data=mean_voltage_V={v},c_rate={c}" for c, v in measured.items()]
    own = ["fit", A, "--with", str(file), "--vary", f"{FILM}=5e-4..2e-2"]
    assert main([*own, *data, "--pressure", "5", "--no-profile", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["estimates"][0]["value"] == pytest.approx(5e-3, rel=0.02)
    assert main([*own, "--data", "mean_voltage_V=3.6"]) == 2
    assert "mean voltage: c_rate must be given" in capsys.readouterr().err
    assert main([*own, "--data", "mean_voltage_V=3.6,c_rate=1,soc=1"]) == 2
    assert "mean voltage: no use for 'soc'" in capsys.readouterr().err
    rows = [f"[[data]]\nmean_voltage_V = {v}\nc_rate = {c}\nnoise = 2" for c, v in measured.items()]
    head = f'cell = "{A}"\n[vary]\n"{FILM}" = {{ low = 5e-4, high = 2e-2 }}\n'
    fit = tmp_path / "fit.toml"
    fit.write_text(head + "\n".join(rows))
    first, second = read_fit_file(fit).data
    assert (first.voltage, first.c_rate, first.noise) == (measured[0.3], 0.3, pytest.approx(2e-3))
    assert isinstance(second, data_set.kind_named("mean voltage"))


def test_a_kind_that_exists_keeps_its_name(kind):
    with pytest.raises(InputError, match="a kind of data 'voltage' exists already"):

        class Other(data_set.DataSet):
            kind = "voltage"

            def measured(self, cell):
                return np.zeros(1)

    assert data_set.kind_named("voltage").__name__ == "VoltageData"
    with pytest.raises(InputError, match="Nearest: mean voltage"):
        data_set.kind_named("mean voltag")
