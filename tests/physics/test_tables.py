"""A potential that is a table does all that a formula does."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model import CapacityData, SpectrumData, VoltageData
from tests.tabled import tabled

D = "Positive particle reference diffusivity [m2.s-1]"
FREQUENCIES = np.logspace(5, -2, 12)
VERBS = {
    "discharge": lambda cell: ssb.discharge(cell, 0.5),
    "rate test": lambda cell: ssb.rate_test(cell, [0.5]),
    "impedance": lambda cell: ssb.impedance(cell, 0.5, frequencies=FREQUENCIES),
    "gitt": lambda cell: ssb.gitt(cell, pulse=1440, rest=1440, t1=0.01, t2=10),
    "cycle": lambda cell: ssb.cycle(cell, 1),
    "pressure steps": lambda cell: ssb.pressure_steps(cell, [50e6]),
    "limits": lambda cell: ssb.limits(cell),
    "minimum stack pressure": lambda cell: ssb.minimum_stack_pressure(cell, c_rate=0.1),
    "sweep": lambda cell: ssb.sweep(cell, {"stack_pressure": [5e6, 50e6]}),
}


@pytest.fixture(scope="module")
def cell(tmp_path_factory):
    return ssb.load_cell(tabled("NCM523_LPSCl_InLi", tmp_path_factory.mktemp("tabled")))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_runs_a_table(cell, verb):
    result = VERBS[verb](cell)
    assert result.rows
    assert not result.failed


def test_a_table_is_fitted_and_followed(cell):
    """A record, a spectrum and a capacity of the tabled cell give its diffusivity back."""
    (run,) = ssb.rate_test(cell, [1.0], from_full=True).runs
    (one,) = ssb.impedance(cell, 0.5, frequencies=FREQUENCIES).spectra
    record = VoltageData(
        time=run.data["Time [s]"].values,
        current=1e-3 * run.data["Current [mA]"].values,
        voltage=run.data["Voltage [V]"].values,
        noise=1e-3,
    )
    spectrum = SpectrumData(
        frequency=one.frequency, impedance=1e-4 * one.impedance["cell"], noise=0.01
    )
    rate = CapacityData(
        c_rate=[1.0], capacity=[run.row["Capacity [mA.h.g-1]"]], from_full=True, noise=0.01
    )
    truth = cell.parameter_values[D]
    vary = {D: {"start": 3 * truth, "low": truth / 100, "high": truth * 100}}
    (found,) = ssb.fit(cell, [record, spectrum, rate], vary, profile=False).estimates
    assert found.value == pytest.approx(truth, rel=0.05)
