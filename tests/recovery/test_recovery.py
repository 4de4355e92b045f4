"""What was put into simulated records comes out of them, as surely as is said."""

from dataclasses import replace

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model import SpectrumData, VoltageData
from ssb_model.fitting.descent import descend
from ssb_model.fitting.free import free_parameters
from ssb_model.fitting.problem import Problem
from ssb_model.fitting.uncertainty import TWO_SIDED, deviations

CELL = "NCM811_LPSCl_Si"
D = "Positive particle reference diffusivity [m2.s-1]"
J0 = "Positive electrode reference exchange-current density [A.m-2]"
BONDED = "Positive electrode bonded share after pressing"
KAPPA = "Electrolyte reference conductivity [S.m-1]"
FILM = "Positive electrode film resistance [Ohm.m2]"
TRUTH = {D: 2e-15, J0: 0.3, BONDED: 0.8, KAPPA: 0.15, FILM: 0.2}
PARTICLES = {"positive: Diffusion length [um]": 2.0, "positive: Contact spot radius [um]": 0.05}
VARY = {name: (value / 20, value * 20) for name, value in TRUTH.items()} | {BONDED: (0.3, 1.0)}
PRESSURES = (5e6, 1.5e6)
VOLTS = 1e-3
SHARE = 0.005  # of the modulus of an impedance
SEEDS = 10


def records(cell, rates, pressure):
    """Discharges as the rate test gives them: time, current, voltage."""
    result = ssb.rate_test(cell, rates, stack_pressure=pressure, from_full=True)
    return [
        VoltageData(
            label=f"{run.row['C-rate']:g}C, {pressure / 1e6:g} MPa",
            time=run.data["Time [s]"].values,
            current=1e-3 * run.data["Current [mA]"].values,
            voltage=run.data["Voltage [V]"].values,
            stack_pressure=pressure,
            noise=VOLTS,
        )
        for run in result.runs
    ]


def spectrum(cell, pressure):
    frequencies = np.logspace(6, -3, 28)
    (one,) = ssb.impedance(cell, 0.5, pressure, frequencies=frequencies).spectra
    return SpectrumData(
        label=f"impedance, {pressure / 1e6:g} MPa",
        frequency=one.frequency,
        impedance=1e-4 * one.impedance["cell"],
        stack_pressure=pressure,
        noise=SHARE,
    )


def noisy(data, random):
    """The same measurements with the noise they say they have."""
    if isinstance(data, SpectrumData):
        error = random.normal(size=(2, len(data.frequency)))
        return replace(
            data,
            impedance=data.impedance + SHARE * abs(data.impedance) * (error[0] + 1j * error[1]),
        )
    return replace(data, voltage=data.voltage + random.normal(0, VOLTS, len(data.voltage)))


@pytest.fixture(scope="module")
def exact():
    """A rate test and impedances at two pressures, without noise."""
    cell = ssb.load_cell(CELL).with_recipe(PARTICLES).with_values(TRUTH)
    sets = []
    for pressure in PRESSURES:
        sets += [*records(cell, [0.5], pressure), spectrum(cell, pressure)]
    return sets


def test_five_parameters_as_surely_as_is_said(exact):
    """Repetitions: 95 % intervals hold the truth, and are as wide as the data allow."""
    cell = ssb.load_cell(CELL).with_recipe(PARTICLES)
    problem = Problem.of(cell, exact, free_parameters(cell, VARY))
    true = np.array([one.scaled(TRUTH[one.label]) for one in problem.free])
    without_noise = descend(problem, problem.start)
    unsure = deviations(without_noise.jacobian)
    assert np.abs((without_noise.x - true) / unsure).max() < 0.3
    sharp = [replace(one, charge_error=0.0) if one.kind == "voltage" else one for one in exact]
    ideal = problem.beside(sharp)
    bound = deviations(ideal.stepping(ideal.both(true)[1]).slopes_either_way(true))  # Cramer, Rao
    held, widths = 0, []
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        repeated = problem.beside([noisy(data, random) for data in exact])
        repeated = repeated.renewed(without_noise.x)
        found = descend(repeated, without_noise.x)
        unsure = deviations(found.jacobian)
        held += int(np.sum(np.abs(found.x - true) < TWO_SIDED * unsure))
        widths.append(unsure / bound)
    median = np.median(widths, axis=0)
    print(f"{held} of {5 * SEEDS} intervals hold the truth; widths {median.round(2)}")
    assert held >= 0.88 * 5 * SEEDS
    assert np.all((median > 0.8) & (median < 1.5))


def test_five_parameters_by_the_public_call(exact):
    """From other starts, with intervals from the misfit itself, and a cell file that loads."""
    random = np.random.default_rng(100)
    result = ssb.fit(CELL, [noisy(data, random) for data in exact], VARY)
    assert not result.combinations
    for one in result.estimates:
        assert one.value == pytest.approx(TRUTH[one.label], rel=4 * one.standard_error)
        by_slope, by_misfit = np.ptp(one.interval), np.ptp(one.profile_interval)
        assert by_misfit == pytest.approx(by_slope, rel=0.25)
