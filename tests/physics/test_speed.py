"""Beside PyBaMM's own model, in one run: the machine's noise cancels."""

import time
from statistics import median

import pybamm

import ssb_model as ssb

REPEATS = 30
GUARD = 1.3  # catches a slow-down; the ratio itself scatters with the solver's step sequence


def test_discharge_beside_pybamm(record_property):
    """1C on one mesh, tolerance and set of parameters, film and spots off."""
    cell = ssb.load_cell("NCM523_LPSCl_Graphite")
    stock = pybamm.lithium_ion.DFN(
        {"interface utilisation": "constant", "contact resistance": "true"}
    )
    plain = {"contact": "constant", "film": "none", "contact spots": "false"}
    simulations = [
        pybamm.Simulation(
            model,
            parameter_values=cell.parameter_values,
            C_rate=1,
            var_pts=stock.default_var_pts,
            submesh_types=stock.default_submesh_types,
        )
        for model in (cell.model(plain), stock)
    ]
    seconds = [[], []]
    for _ in range(REPEATS + 1):  # the first one builds
        for simulation, taken in zip(simulations, seconds, strict=True):
            start = time.perf_counter()
            simulation.solve([0, 5400])
            taken.append(time.perf_counter() - start)
    ours, theirs = (median(taken[1:]) for taken in seconds)
    record_property("ratio", ours / theirs)
    print(f"ours {ours * 1e3:.1f} ms, PyBaMM {theirs * 1e3:.1f} ms, ratio {ours / theirs:.2f}")
    assert ours / theirs < GUARD
