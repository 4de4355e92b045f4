"""Beside PyBaMM's own model, in one run: the machine's noise cancels."""

import time
from statistics import median

import pybamm

import ssb_model as ssb

REPEATS = 15
MEMORY_GUARD = 1.7  # a number every point hangs on costs three to nine times, noise a third
GUARD = 1.3  # catches a slow-down; the ratio itself scatters with the solver's step sequence


def medians(simulations, seconds):
    """Median seconds of a solve, the simulations taking turns; the first round builds."""
    taken = [[] for _ in simulations]
    for _ in range(REPEATS + 1):
        for simulation, times in zip(simulations, taken, strict=True):
            start = time.perf_counter()
            simulation.solve([0, seconds])
            times.append(time.perf_counter() - start)
    return [median(times[1:]) for times in taken]


def test_discharge_beside_pybamm():
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
    ours, theirs = medians(simulations, 5400)
    print(f"ours {ours * 1e3:.1f} ms, PyBaMM {theirs * 1e3:.1f} ms, ratio {ours / theirs:.2f}")
    assert ours / theirs < GUARD


def test_memory_and_stack_beside_constant_contact(cell_name):
    """A warm 1C discharge with states of contact and a breathing stack, default mesh."""
    cell = ssb.load_cell(cell_name)
    options = ({"contact": "constant"}, {}, {"stack": "rigid"})
    simulations = [
        pybamm.Simulation(
            cell.model(choice),
            parameter_values=cell.parameter_values,
            C_rate=1,
            solver=pybamm.IDAKLUSolver(),
        )
        for choice in options
    ]
    constant, memory, rigid = medians(simulations, 5400)
    print(f"{cell_name}: memory {memory / constant:.2f}, with a frame {rigid / constant:.2f}")
    assert memory / constant < MEMORY_GUARD
    assert rigid / constant < MEMORY_GUARD
