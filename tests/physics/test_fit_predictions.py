"""Predictions of a fit are those of the protocols, and its slopes are their differences."""

import time

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model import CapacityData, SpectrumData, VoltageData
from ssb_model.fitting.free import free_parameters
from ssb_model.fitting.problem import Problem

D = "Positive particle reference diffusivity [m2.s-1]"
J0 = "Positive electrode reference exchange-current density [A.m-2]"
BONDED = "Positive electrode bonded share after pressing"
KAPPA = "Electrolyte reference conductivity [S.m-1]"
FILM = "Positive electrode film resistance [Ohm.m2]"
LAYER = "Positive electrode double-layer capacity [F.m-2]"
EXPONENT = "Positive electrode double-layer exponent"
PRESSURE = 5e6
FREQUENCIES = np.logspace(5, -2, 15)


def of_a_run(run, **more):
    return VoltageData(
        time=run.data["Time [s]"].values,
        current=1e-3 * run.data["Current [mA]"].values,
        voltage=run.data["Voltage [V]"].values,
        stack_pressure=PRESSURE,
        **more,
    )


@pytest.mark.parametrize("name", ["NCM811_LPSCl_Si", "NCM523_LPSCl_InLi"])
def test_predictions_are_those_of_the_protocols(name):
    """Renewed at a point, runs and spectra there are those of the meshes of the protocols."""
    cell = ssb.load_cell(name)
    full = ssb.rate_test(cell, [0.5], stack_pressure=PRESSURE, from_full=True).runs[0]
    charged = ssb.rate_test(cell, [0.5], stack_pressure=PRESSURE).runs[0]
    (spectrum,) = ssb.impedance(cell, 0.4, PRESSURE, frequencies=FREQUENCIES).spectra
    rates = [0.2, 1.0]
    chain = ssb.rate_test(cell, rates, stack_pressure=PRESSURE)
    capacities = [run.row["Capacity [mA.h.g-1]"] for run in chain.runs]
    data = [
        of_a_run(full),
        of_a_run(charged, charge_rate=0.5),
        CapacityData(c_rate=rates, capacity=capacities, stack_pressure=PRESSURE),
        SpectrumData(
            frequency=spectrum.frequency,
            impedance=1e-4 * spectrum.impedance["cell"],
            soc=0.4,
            stack_pressure=PRESSURE,
        ),
    ]
    problem = Problem.of(cell, data, free_parameters(cell, [D]))
    problem = problem.renewed(problem.start)
    (told,) = problem.predictions([problem.start])
    volts, after_charge, per_gram, parts = (
        predicted - one.measured(cell) for predicted, one in zip(told, data, strict=True)
    )
    assert np.abs(volts).max() < 1e-3  # PyBaMM's own tolerance, mostly in the last steep volts
    assert np.median(np.abs(volts)) < 1e-4
    assert np.median(np.abs(after_charge)) < 3e-4
    assert np.abs(per_gram).max() < 0.05
    modulus = 1e-4 * np.abs(np.tile(spectrum.impedance["cell"], 2))
    assert np.abs(parts / modulus).max() < 1e-4


def test_slopes_of_runs_are_central_differences():
    """With a film about as resistive as the reaction: none at all has no other side."""
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_values({FILM: 3e-3})
    run = ssb.rate_test(cell, [0.5], stack_pressure=PRESSURE, from_full=True).runs[0]
    problem = Problem.of(cell, [of_a_run(run)], free_parameters(cell, [D, J0, BONDED, KAPPA, FILM]))
    _, slopes = problem.both(problem.start)
    for k, column in enumerate(slopes.T):
        step = 0.02 * np.eye(5)[k]
        high, low = problem.residuals_of([problem.start + step, problem.start - step])
        missed = column - (high - low) / 0.04
        # the last rows lie on the cliff, which is not straight over a step
        assert np.linalg.norm(missed[:-40]) < 0.03 * np.linalg.norm(column[:-40])


@pytest.mark.parametrize(
    "vary",
    [
        [D, J0, FILM, LAYER, EXPONENT],
        [KAPPA, BONDED, "positive: Porosity", "LPSCl: Density [kg.m-3]"],
        ["grain_size", "Positive particle radius [m]"],
    ],
    ids=["interface", "recipe", "sizes"],
)
@pytest.mark.parametrize("name", ["NCM811_LPSCl_Si", "NCM523_LPSCl_InLi"])
def test_slopes_of_spectra_are_central_differences(name, vary):
    """With arcs that are flattened, and a film that has a capacity."""
    cell = ssb.load_cell(name).with_values(
        {EXPONENT: 0.9, "Positive electrode film capacity [F.m-2]": 0.01, FILM: 0.1}
    )
    flat = np.ones(len(FREQUENCIES))
    data = SpectrumData(frequency=FREQUENCIES, impedance=flat, stack_pressure=PRESSURE)
    problem = Problem.of(cell, [data], free_parameters(cell, vary))
    start = problem.inside(problem.start)
    _, slopes = problem.both(start)
    for k, column in enumerate(slopes.T):
        step = 1e-2 * np.eye(len(vary))[k]
        high, low = problem.residuals_of([start + step, start - step])
        assert np.linalg.norm(column - (high - low) / 2e-2) < 1.5e-2 * np.linalg.norm(column)


def test_slopes_cost_no_more_than_their_solves():
    """Five parameters: at most six solves' time, by differences of runs and exactly of spectra."""
    cell = ssb.load_cell("NCM811_LPSCl_Si")
    run = ssb.rate_test(cell, [0.5], stack_pressure=PRESSURE, from_full=True).runs[0]
    frequencies = np.logspace(6, -3, 60)
    flat = np.ones(60)
    spectrum = SpectrumData(frequency=frequencies, impedance=flat, stack_pressure=PRESSURE)
    for data in (of_a_run(run), spectrum):
        free = free_parameters(cell, [D, J0, BONDED, KAPPA, FILM])
        problem = Problem.of(cell, [data], free)
        problem.both(problem.start)
        ratios = []
        for k in range(7):
            x = problem.start + 1e-3 * (k + 1)
            begun = time.perf_counter()
            problem.residuals_of([x])
            once = time.perf_counter()
            problem.both(x)
            ratios.append((time.perf_counter() - once) / (once - begun))
        print(f"{data.kind}: slopes and solve take {np.median(ratios):.2f} solves")
        assert np.median(ratios) < 7  # the solve and six for its slopes
